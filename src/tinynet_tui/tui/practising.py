"""Practice on the screen: the stepper, which asks one step of one network after another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import time
from typing import Any

from msgspec.structs import replace as replaced

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.practice.drill import (
    Drill,
    after_it,
    before_it,
    done,
    next_exercise,
    progress,
    short_progress,
)
from tinynet_tui.practice.record import Record
from tinynet_tui.session.commands import BY_NAME, Command, Entry, command_table
from tinynet_tui.session.session import PANELS, Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.page import bindings
from tinynet_tui.tui.reach import OPEN, Reach
from tinynet_tui.tui.stepper import StepperPage

_KEPT = (
    *(*PANELS, "next", "back", "level", "tally", "select-next", "select-previous", "inspect", "precision"),
    *("view", "read", "copy", "screenshot", "mouse", "help", "palette", "redraw", "quit", "suspend"),
)
"""The commands of the stepper that change nothing of an exercise."""
_TABLE: tuple[Entry[Session], ...] = (
    *(BY_NAME[name] for name in _KEPT),
    *command_table(
        Entry("leave-practice", ("escape",), "leave", "Leave practice; what you have answered is kept.")
    ).values(),
)


class PracticePage(StepperPage, inherit_bindings=False):
    """Asks the step of an exercise; → goes on to the next one."""

    BINDINGS = bindings(_TABLE)
    TABLE = _TABLE
    HELP = "Practice: every key"

    def __init__(self, practiser: Stepper) -> None:
        super().__init__(practiser)
        self.own["leave-practice"] = self.own["quit"]
        self.own["tally"] = self._say_progress

    def _say_progress(self) -> None:
        assert isinstance(self._stepper, Practiser)
        self.say(progress(self._stepper.drill))


class Practiser(Stepper):
    """Asks the exercises of a drill, one after another."""

    PAGE = PracticePage

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        *,
        drill: Drill,
        record: Record,
        reach: Reach = OPEN,
        **stepper: Any,
    ) -> None:
        self.drill = drill
        self._record = record
        # The place in an exercise is none to go back to: the record is what is kept.
        own = reach._replace(keeps_position=False)
        super().__init__(self._asking(session), look, theme, None, reach=own, **stepper)

    def command(self, name: str, argument: Any = None) -> None:
        """Have a command of the session done; at the end of an exercise → asks the next one."""
        if name == "next" and self.drill.is_over:
            self.drill = next_exercise(self.drill, time())
            self.show(self._asking(replace(self.drill.session, panel=self.session.panel)))
            return
        was_over, known = self.drill.is_over, len(self.drill.answers)
        here = replace(self.session, lesson=self.drill.session.lesson)
        self.drill = done(replace(self.drill, session=here), Command(name, argument), time())
        if len(self.drill.answers) > known:
            self._record.keep(self.drill.answers[-1])
            self.last_words = progress(self.drill)
        there = self._asking(self.drill.session)
        self.show(replace(there, notice=there.notice or after_it(self.drill)) if was_over else there)

    def _asking(self, session: Session) -> Session:
        """A session of the drill's as it is shown: how far the course is stands in the title."""
        lesson = replaced(session.lesson, title=short_progress(self.drill))
        is_asking = session.stage == "asking" and not session.notice
        return replace(session, lesson=lesson, notice=before_it(self.drill) if is_asking else session.notice)
