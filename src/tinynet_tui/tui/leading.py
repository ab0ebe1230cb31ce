"""The leader's app: the stepper, and a class that sees what it shows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.driver import Driver

from tinynet_tui.classroom.class_question import has_numbers_of, is_at, is_past
from tinynet_tui.classroom.directory import Claimed
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.kept_room import kept_place
from tinynet_tui.classroom.last_row import counts, fitting, leading, led, with_last_row
from tinynet_tui.classroom.recording import Recorder
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import Closed, Passed, QuestionLeft, TeacherBack
from tinynet_tui.classroom.shared_screens import Own
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.changes import taken_back
from tinynet_tui.session.commands import Command, after, place_of_key
from tinynet_tui.session.history import is_large
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.tui.in_class import ClassStepper
from tinynet_tui.tui.leader_page import LeaderPage
from tinynet_tui.tui.page import Page

if TYPE_CHECKING:
    from tinynet_tui.classroom.broadcast import Broadcast

_SWITCH = 0.0005
"""Seconds after which another thread gets its turn."""
_RECORDED_EVERY = 5.0
"""Seconds between two entries in the file while the class stays where it is."""


class Leader(ClassStepper):
    """Walks a class through training."""

    PAGE = LeaderPage

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        *,
        room: Room,
        claimed: Claimed,
        join_lines: Callable[[], Sequence[str]],
        recorder: Recorder | None = None,
        broadcast: Broadcast | None = None,
        **stepper: Any,
    ) -> None:
        session = replace(session, leads=True)
        self.hub = Hub(replace(room, place=kept_place(session)), session, self._room_changed)
        self._claimed = claimed
        self._recorder = recorder
        self._broadcast = broadcast
        """The same class for followers elsewhere."""
        self._before_loan: Session | None = None
        """While the lead is lent: where the teacher was, and what is theirs."""
        self.hub.screens.foresee, self.hub.say = self._foresee, self._tell
        self._foreseen: tuple[Session | None, Picture] = None, Picture(0, 0, ())
        """The next step, and what it looks like here."""
        self._row: object = None
        """What the last row says of the class, and what covers the step there."""
        self.join_lines = join_lines
        """The line that students type now, and the notes on it."""
        super().__init__(session, look, theme, state, **stepper)

    async def on_load(self) -> None:
        """Let followers in."""
        # The thread that writes the leader's own frame must not wait for its turn while the class is served.
        sys.setswitchinterval(_SWITCH)
        await self.hub.open(self._claimed)
        if self._broadcast is not None:
            self._broadcast.open(self.hub, self.say)
        self._record(self.session)
        self.set_interval(_RECORDED_EVERY, lambda: self._record(self.session))

    def _arrive(self, session: Session) -> None:
        super()._arrive(session)
        if self.hub.screens.is_prompt(session):
            self.has_drawn()  # else after the leader's own screen
        self._record(session)
        self._follow_question(session)

    def _follow_question(self, session: Session) -> None:
        """Close or end the question, where what is shown is not what is asked for any more."""
        asking = self.hub.room.asking
        if asking is None or is_at(asking.round.place, session):
            return
        if not has_numbers_of(asking.round.place, session):
            self.hub.happen(QuestionLeft())
            self.say("The question is over: these are other numbers.")
        elif asking.stage in ("open", "closed") and is_past(asking.round.place, session):
            self.hub.happen(Passed())
            self.say(f"The question is closed: {self.look.keys.of('ask')} shows the answers.")
        elif asking.stage == "open":
            self.hub.happen(Closed())

    def has_drawn(self) -> None:
        """Have the class see what the leader sees, once it is computed; not while somebody else leads."""
        if self.hub.room.lent_to is not None:
            self.hub.show(self.hub.session, cover=self.hub.shown.cover, aside=self.hub.led_aside)
            return
        if not self._is_computed():
            return
        page = self.screen
        assert isinstance(page, Page), "every screen is one"
        self.hub.show(self.session, self._costs, page.cover, page.aside)

    def _record(self, session: Session) -> None:
        """Write a place to the file; where that cannot be done, say so, once."""
        if self._recorder is not None:
            try:
                self._recorder.record(session)
            except OSError as error:
                self._recorder = None
                self.hub.become(replace(self.hub.room, record=""))
                self.say(f"The class is not recorded any more ({error.strerror}).")

    def _foresee(self) -> None:
        """Draw the next step before its key: what the class is sent first does not delay it then."""
        there = after(self.session, Command("next"))
        if not is_large(there):
            self._foreseen = there, screen(moment(there), *self.size, self.look)

    def picture(self, width: int, height: int) -> Picture:
        """The session, with the class in the last row, where nothing else is to be said."""
        there, drawn = self._foreseen
        is_as_foreseen = there == self.session and drawn[:2] == (width, height) and self._costs is None
        if not is_as_foreseen:
            drawn = super().picture(width, height)
        if self.hub.room.lent_to is not None and (cover := self.hub.shown.cover) is not None:
            drawn = cover.picture(width, height, self.look)
        if self.session.notice or (self.session.stage != "off" and self.hub.room.asks is None):
            return drawn
        trouble = (self._broadcast.trouble,) if self._broadcast is not None else ()
        unkept = ("this class is not saved",) if self.hub.why_not_kept else ()
        the_class = leading(self.hub.room, self.hub.now, self.hub.led_aside)
        return with_last_row(drawn, (*trouble, *unkept, *self.autoplaying, *the_class), self.look)

    def row_end(self, page: Page[Any]) -> str:
        """How the class is, and whether it sees the page: where its row has no room."""
        if page is self.page and (page.prompt is None or self.hub.room.asks is not None):
            return ""
        if page.cover is not None and (leader := self.hub.room.lent_to) is not None:
            back = f"Esc, then {place_of_key('lend')}"
            own = ("only you see this", "yours alone"), (f"{back} takes the lead back", back)
            return self.look.named(fitting((f"{leader} leads", *own), page.drawn.width // 2, self.look))
        seen = (("everyone sees this", "all see this"),) if page.cover is not None else led(self.hub.room)
        parts = *seen, *counts(self.hub.room, self.hub.now)[:2]
        return self.look.named(fitting(parts, page.drawn.width // 2, self.look))

    def quit(self) -> None:
        """Ask what becomes of the class, if there is one."""
        assert isinstance(self.page, LeaderPage)
        self.page.ask_end()

    def on_unmount(self) -> None:
        """Keep the room, however the app ends."""
        self.hub.keep()
        if self.hub.why_not_kept:
            self.last_words = f"The class could not be saved as it was ({self.hub.why_not_kept})."
        elif not self.hub.room.has_ended:
            self.last_words = self._waits

    def stopping(self) -> None:
        """Have everyone know that their leader is away: a shell has the terminal."""
        super().stopping()
        self.hub.stop()
        if self._broadcast is not None:
            self._broadcast.stop()

    @on(Driver.SignalResume)
    def go_on(self) -> None:
        """Lead on."""
        self.hub.happen(TeacherBack())

    @property
    def going_on(self) -> str:
        """What goes on with the class, as it is typed."""
        return f"lead {self.hub.room.name}"

    @property
    def here(self) -> str:
        """Where the machine is that files are written on, for whoever leads."""
        return "here"

    @property
    def _waits(self) -> str:
        """What is said last where the class is left as it is, be it by a signal."""
        return f"The class waits: tinynet-tui {self.going_on} goes on with it."

    def leave(self, ends: bool) -> None:
        """Quit, with the end of the class or without it."""
        words = "The class is over."
        if self._broadcast is not None:
            self._broadcast.close(words if ends else "")
        if ends:
            self.hub.close(words)
            self.last_words = f"{words} {self.last_words}".strip()
        else:
            self.last_words = self._waits
        self.exit()

    def show(self, session: Session, by_itself: bool = False) -> None:
        """Go somewhere with the class, unless somebody else leads it for now."""
        if not self.is_refused():
            super().show(session, by_itself)

    def is_refused(self) -> bool:
        """Whether somebody else leads for now, which is then said."""
        if self.hub.room.lent_to is not None:
            self.say(f"{self.hub.room.lent_to} leads: {self.look.keys.of('lend')} takes the lead back.")
        return self.hub.room.lent_to is not None

    def _room_changed(self, room: Room) -> None:
        """Show what has changed; where somebody else leads, what they show."""
        here, there = self.session, self.hub.session
        if room.lent_to is not None and self._before_loan is None:
            self._before_loan = here
        elif room.lent_to is None and self._before_loan is not None:
            before, self._before_loan = self._before_loan, None
            choice = Own(panel=before.panel, view=before.view, digits=before.digits)
            super().show(taken_back(before, choice.applied(here)), by_itself=True)
        if room.lent_to is not None and replace(here.seen, answers=there.answers) != there:
            # What the teacher has predicted is of the same numbers, or of none that are shown.
            is_same = (here.lesson, here.edits, here.seed) == (there.lesson, there.edits, there.seed)
            super().show(replace(there, answers=here.answers if is_same else ()), by_itself=True)
        now = leading(room, self.hub.now, self.hub.led_aside), self.hub.shown.cover
        row, self._row = self._row, now
        if self._row != row:
            self.draw_pages()
