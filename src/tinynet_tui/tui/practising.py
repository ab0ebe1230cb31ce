"""Practice on the screen: the stepper, which asks one step of one network after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import randrange
from time import time
from typing import Any

from msgspec.structs import replace as replaced

from tinynet_tui.drawing.listing import Choice
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.practice.course import SHIPPED_COURSES, parts, shipped_course, short_progress
from tinynet_tui.practice.drill import (
    SEEDS,
    Drill,
    after_it,
    before_it,
    begun,
    done,
    due_again,
    left,
    next_exercise,
    progress,
)
from tinynet_tui.practice.record import PracticeAnswer, Record
from tinynet_tui.practice.report import BY_KIND, progress_lines
from tinynet_tui.prediction.question import feedback
from tinynet_tui.session.commands import BY_NAME, Command, Entry, command_table, page_row
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PANELS, Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.page import bindings
from tinynet_tui.tui.permissions import OPEN, Permissions
from tinynet_tui.tui.stepper import StepperPage

_KEPT = (
    *(*PANELS, "next", "back", "level", "tally", "select-next", "select-previous", "inspect", "precision"),
    *("view", "read", "copy", "screenshot", "mouse", "help", "palette", "redraw", "quit", "suspend"),
)
"""The commands of the stepper that change nothing of an exercise."""
_TABLE: tuple[Entry[Session], ...] = (
    *(BY_NAME[name] for name in _KEPT),
    *command_table(
        page_row("leave-practice", ("escape",), "leave", "Leave practice; what you have answered is kept.")
    ).values(),
)


class PracticePage(StepperPage, inherit_bindings=False):
    """Asks the exercises of a drill, one after another; → goes on to the next one."""

    BINDINGS = bindings(_TABLE)
    TABLE = _TABLE
    HELP = "Practice: every key"

    def __init__(self, stepper: Stepper, drill: Drill, record: Record) -> None:
        super().__init__(stepper)
        self.drill = drill
        self._record = record
        self.own["leave-practice"] = self._leave_practice
        self.own["tally"] = self._list_progress

    def change(self, name: str, argument: Any = None) -> None:
        """Have a command of the session done; at the end of an exercise → asks the next one."""
        here = self._stepper.session
        if name == "next" and self.drill.is_over:
            self.drill = next_exercise(self.drill, time())
            self._stepper.show(self.asking(replace(self.drill.session, panel=here.panel)))
            return
        was_over, known = self.drill.is_over, len(self.drill.answers)
        here = replace(here, lesson=self.drill.session.lesson)
        self.drill = done(replace(self.drill, session=here), Command(name, argument), time())
        self._keep(known)
        there = self.asking(self.drill.session)
        if self.drill.is_over and not there.notice and (words := after_it(self.drill)):
            # It stands in the place of the verdict, and of the keys beside that.
            goes_on = f"{self.look.keys.of('next')} next"
            verdict = () if was_over else feedback(moment(there))[:1]
            there = replace(there, notice=" ".join((*verdict, words, goes_on)))
        self._stepper.show(there)

    def _keep(self, known: int) -> None:
        """Keep the answer that the drill has beyond a number of them, if it has one."""
        if len(self.drill.answers) > known:
            self._record.keep(self.drill.answers[-1])
            self._stepper.has_practised(self.drill.answers[-1])
            self._stepper.last_words = "\n".join(progress(self.drill))

    def on_unmount(self) -> None:
        """Keep what was tried in vain, however practice ends."""
        known = len(self.drill.answers)
        self.drill = left(self.drill, time())
        self._keep(known)

    def asking(self, session: Session) -> Session:
        """A session of the drill's as it is shown: how far the course is stands in the title."""
        lesson = replaced(session.lesson, title=short_progress(self.drill.course, self.drill.answers))
        is_asking = session.stage == "asking" and not session.notice
        return replace(session, lesson=lesson, notice=before_it(self.drill) if is_asking else session.notice)

    def _list_progress(self) -> None:
        """List the parts of the course and the kinds of steps, each with how far it is."""
        course, answers = self.drill.course, self.drill.answers
        goals = zip(course.goals, parts(course, answers), strict=True)
        rows = [
            Choice("", goal.title, f"{count} of {needed} right", "", True) for goal, (count, needed) in goals
        ]
        kinds = (line.split("  ", 1) for line in progress_lines(answers, time())) if answers else ()
        if answers:
            rows.append(Choice("", *BY_KIND, "", True))
        rows += [Choice("", kind, how.strip(), "", True) for kind, how in kinds]
        self.choose(f"{course.title}: {short_progress(course, answers)} at once", rows, self.action_do)

    def _leave_practice(self) -> None:
        """Clear what was typed; else go back to the stepper that it was begun from, or out of the app."""
        if self.clears_typed():
            return
        if self._stepper.page_before is None:
            self.terminal.quit()
        else:
            self.leave()


def course_choices(answers: tuple[PracticeAnswer, ...]) -> Iterator[Choice[int | str]]:
    """The rows of a list of the shipped courses, each with how far it is; they give its name."""
    for name in SHIPPED_COURSES:
        course = shipped_course(name)
        how_far = f"{short_progress(course, answers)}. {due_again(course, answers, time())}".rstrip()
        about = f"Practice, steps to work out by hand. {course.about} {how_far}"
        yield Choice("", f"Practice, {course.title}: {how_far}", about, name)


def opened_practice(stepper: Stepper, course: str) -> PracticePage:
    """The page of a shipped course, at the first exercise for this learner."""
    record = stepper.practice_record()
    drill = begun(shipped_course(course), randrange(SEEDS), record.answers, time())
    return PracticePage(stepper, drill, record)


class Practiser(Stepper):
    """The stepper that opens with practice, and ends with it."""

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        *,
        drill: Drill,
        record: Record,
        permissions: Permissions = OPEN,
        **stepper: Any,
    ) -> None:
        # The place in an exercise is none to go back to: the record is what is kept.
        super().__init__(
            session, look, theme, None, permissions=permissions._replace(keeps_position=False), **stepper
        )
        self.page = page = PracticePage(self, drill, record.saying(self.say_with_next))
        self.session = page.asking(session)
