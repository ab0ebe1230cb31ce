"""The leader's app: the stepper, and a class that sees what it shows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.driver import Driver

from tinynet_tui.classroom.asking import (
    ANSWER_COLUMNS,
    answer_rows,
    asked_again,
    asking_at,
    can_ask,
    has_numbers_of,
    is_at,
    is_coming_given,
    is_past,
    kind_at,
    mark_of,
    question_at,
    was_shown,
    with_other_numbers,
)
from tinynet_tui.classroom.directory import Claimed
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.joining import CLASS_CODE
from tinynet_tui.classroom.kept_room import kept_place
from tinynet_tui.classroom.last_row import fitting, leading, with_last_row
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.recording import Recorder
from tinynet_tui.classroom.results import Results
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import (
    AskedAgain,
    AskedAlone,
    Closed,
    Event,
    Gathered,
    GivenBack,
    Lent,
    Passed,
    Pinned,
    QuestionLeft,
    Revealed,
    TeacherBack,
)
from tinynet_tui.classroom.shared_screens import Own
from tinynet_tui.drawing.big_letters import BigLine
from tinynet_tui.drawing.listing import Choice
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.handouts.records import csv_line
from tinynet_tui.session.commands import COMMANDS, LEADER_COMMANDS, Command, after, in_force, key_of
from tinynet_tui.session.history import is_large
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.cover_page import CoverPage
from tinynet_tui.tui.files import write_new
from tinynet_tui.tui.in_class import ClassStepper
from tinynet_tui.tui.page import Page, bindings
from tinynet_tui.tui.stepper import StepperPage

if TYPE_CHECKING:
    from tinynet_tui.classroom.broadcast import Broadcast

_SWITCH = 0.0005
"""Seconds after which another thread gets its turn."""
PINNED_FOR = 300
"""Seconds for which followers are kept with the class."""

_ASK = next(entry for entry in LEADER_COMMANDS if entry.name == "ask")
_AFTER_CLOSED: tuple[Choice[Event], ...] = (
    Choice(
        "", "ask again", "After they have talked with each other; nothing is shown between.", AskedAgain()
    ),
    Choice("", "show the answers", "How many were right, without names.", Revealed()),
)
_AFTER_PAST = (
    _AFTER_CLOSED[1],
    Choice[Event](
        "", "ask for the coming step", "The answers so far are kept for the table.", QuestionLeft()
    ),
)


class LeaderPage(StepperPage):
    """The stepper's page for whoever leads a class."""

    BINDINGS = bindings(LEADER_COMMANDS)
    TABLE = (
        *(
            e._replace(about="Leave: end the class, or leave it waiting.") if e.name == "quit" else e
            for e in COMMANDS
        ),
        *LEADER_COMMANDS,
    )
    ABOUT_END = "Followers are told, and can step on by themselves."
    """What the end of the class is to those in it."""
    WHO_WAITS = "Followers wait"
    """What becomes of them where it is left waiting."""

    def __init__(self, leader: Stepper) -> None:
        assert isinstance(leader, Leader)
        super().__init__(leader)
        self._leader = leader
        self._before_others: Session | None = None
        """Where the class was before it was asked with other numbers."""
        self.own |= {
            "gather": self._gather,
            "join-line": self._show_join_line,
            "lend": self._choose_person,
            "ask": self._ask_class,
        }

    def _gather(self) -> None:
        self._leader.hub.happen(Gathered())
        self.say("Everyone follows.")

    def _show_join_line(self) -> None:
        line, *notes = self._leader.join_lines()
        code = next((note.removeprefix(CLASS_CODE) for note in notes if note.startswith(CLASS_CODE)), "")
        shown = BigLine("How to join", line, tuple(notes), code)
        self.app.push_screen(CoverPage(shown, self.colours, self.look, "is showing how to join"))

    def _ask_class(self) -> None:
        """Go on with the question: ask, close, ask again or show the answers, ask with other numbers, end."""
        hub, session = self._leader.hub, self._leader.session
        asking = hub.room.asking
        if asking is None and not can_ask(session):
            self.say(f"This update has no step to come: {key_of('next')} goes on to the next one.")
        elif asking is None and is_coming_given(session):
            self.say(f"The coming step is given in the lesson: {key_of('next')} first, then ask.")
        elif asking is None and was_shown(hub.room, session):
            self.say(f"This answer was shown: {key_of('next')} first, or {key_of('random')}, then ask.")
        elif asking is None:
            self._before_others = None
            hub.happen(*asking_at(hub.room, session))
        elif asking.stage == "open":
            hub.happen(Closed())
        elif asking.stage == "revealed":
            about = "The same question of a random start, each alone."
            others = Choice("", "ask with other numbers", about, self._ask_others)
            end = Choice("", "end the question", "The class goes on.", self._leave_question)
            again = Choice("", "show the answers again", "As before, without names.", self._show_results)
            self.choose("The question", [*([] if asking.round.alone else [others]), end, again], _do)
        elif len(asking.rounds) == 1:
            choices = _AFTER_PAST if asking.stage == "past" else _AFTER_CLOSED
            self.choose("The question", choices, self._go_on_closed)
        else:
            self._go_on_closed(Revealed())

    def _go_on_closed(self, event: Event) -> None:
        """Ask once more, where it was asked; show everyone what was answered; or ask for the coming step."""
        hub, session = self._leader.hub, self._leader.session
        asking = hub.room.asking
        is_elsewhere = asking is not None and not is_at(asking.round.place, session)
        if isinstance(event, AskedAgain) and is_elsewhere and self._leader.is_refused():
            return
        hub.happen(event)
        asking = hub.room.asking
        if asking is None:
            self._ask_class()
        elif asking.stage == "open" and is_elsewhere:
            self._leader.show(asked_again(asking.round.place, session))
        elif asking.stage == "revealed":
            self._show_results()

    def _show_results(self) -> None:
        if (asking := self._leader.hub.room.asking) is not None:
            self.app.push_screen(CoverPage(Results(asking), self.colours, self.look), self._left_results)

    def _left_results(self, key: str | None) -> None:
        if key in in_force(_ASK).keys:
            self._ask_class()

    def _ask_others(self) -> None:
        """Ask the same of other numbers, which the class goes to."""
        asking = self._leader.hub.room.asking
        if asking is None or self._leader.is_refused():
            return
        self._before_others = self._leader.session
        others = with_other_numbers(decoded(asking.rounds[0].place))
        place = sent_place(others)
        self._leader.hub.happen(AskedAlone(place, question_at(place), kind_at(place), mark_of(others)))
        self._leader.show(others)

    def _leave_question(self) -> None:
        """Go on with the class, where it was before other numbers were asked for."""
        self._leader.hub.happen(QuestionLeft())
        before, self._before_others = self._before_others, None
        if before is not None:
            self._leader.show(replace(before, notice=""))

    def _choose_person(self) -> None:
        choices = list(self._on_people())
        if choices:
            self.choose("The lead, and who is kept with the class", choices, _do)
        else:
            self.say("Nobody follows yet.")

    def _keep(self, seconds: float, name: str | None = None) -> None:
        """Keep a follower with the class for a time from now on, or everyone."""
        self._leader.hub.happen(Pinned(self._leader.hub.now + seconds, name))

    def _on_people(self) -> Iterator[Choice[Callable[[], None]]]:
        """What can be done with the lead and with the followers who are here."""
        room, happen = self._leader.hub.room, self._leader.hub.happen
        minutes = PINNED_FOR // 60
        if room.lent_to is not None:
            about = f"{self.look.named(room.lent_to)} has it."
            yield Choice("", "take the lead back", about, partial(happen, GivenBack(room.teacher)))
        count, _ = room.pinned(self._leader.hub.now)
        if count:
            about = "Nobody is kept with the class."
            yield Choice("", "let everyone step alone again", about, partial(self._keep, 0.0))
        if room.here:
            what = "keep everyone for longer" if count == len(room.here) else "keep everyone with the class"
            about = f"Nobody steps by themselves for {minutes} minutes from now on."
            yield Choice("", what, about, partial(self._keep, PINNED_FOR))
        for person in room.here:
            if person.name == room.lent_to:
                continue
            name = self.look.named(person.name)
            about = f"{name}'s steps are the class's until the lead is given or taken back."
            yield Choice("", f"lend the lead to {name}", about, partial(happen, Lent(person.name)))
            if person.seconds_pinned(self._leader.hub.now):
                about, what, seconds = f"{name} is kept.", f"let {name} step alone again", 0
            else:
                about = f"{name} cannot step alone for {minutes} minutes."
                what, seconds = f"keep {name} with the class", PINNED_FOR
            yield Choice("", what, about, partial(self._keep, seconds, person.name))

    def ask_end(self) -> None:
        """Leave; where somebody follows, ask what becomes of the class."""
        room = self._leader.hub.room
        if not room.people and not self._has_answers:
            self._leader.leave(ends=True)
            return
        self.choose("Leave the class", self.ways_to_leave(), _do)

    @property
    def _has_answers(self) -> bool:
        """Whether anybody has answered anything."""
        return any(True for _ in answer_rows(self._leader.hub.room))

    def ways_to_leave(self) -> list[Choice[Callable[[], None]]]:
        """What may become of the class."""
        waits = f"{self.WHO_WAITS}; {self._leader.going_on} again to go on."
        choices: list[Choice[Callable[[], None]]] = [
            Choice("", "end it", self.ABOUT_END, self._end),
            Choice("", "leave it waiting", waits, lambda: self._leader.leave(ends=False)),
        ]
        if self._has_answers:
            about = "A file of all answers, with names: a row for each person and question."
            choices.insert(1, Choice("", "end it, and write the answers", about, self._write_and_end))
        return choices

    def _end(self) -> None:
        self._leader.leave(ends=True)

    def _write_and_end(self) -> None:
        """End the class, if its answers could be written."""
        room = self._leader.hub.room
        lines = (csv_line(ANSWER_COLUMNS), *map(csv_line, answer_rows(room)))
        try:
            path = write_new(Path(), f"{room.name}-answers", ".csv", "".join(f"{line}\n" for line in lines))
        except OSError as error:
            self.say(f"The answers could not be written here: {error.strerror}. The class goes on.")
        else:
            self._leader.last_words = f"The answers are in {path}."
            self._end()


def _do(chosen: Callable[[], None]) -> None:
    chosen()


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
        self._choice: Own | None = None
        """While the lead is lent: how the teacher has chosen to see the class."""
        self.hub.foresee = self._foresee
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

    def _arrive(self, session: Session) -> None:
        super()._arrive(session)
        if self.hub.is_prompt(session):
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
            self.say(f"The question is closed: {key_of('ask')} shows the answers.")
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
        is_free = not self.session.notice and self.session.stage == "off"
        if not is_free and self.hub.room.asks is None:
            return drawn
        trouble = (self._broadcast.trouble,) if self._broadcast is not None else ()
        return with_last_row(
            drawn,
            (*trouble, *self.autoplaying, *leading(self.hub.room, self.hub.now, self.hub.led_aside)),
            self.look,
        )

    def row_end(self, page: Page[Any]) -> str:
        """How the class is, and whether it sees the page: where its row has no room."""
        if page is self.page and (page.prompt is None or self.hub.room.asks is not None):
            return ""
        if page.cover is not None and (leader := self.hub.room.lent_to) is not None:
            back = f"Esc, then {key_of('lend')}"
            own = ("only you see this", "yours alone"), (f"{back} takes the lead back", back)
            return self.look.named(fitting((f"{leader} leads", *own), page.drawn.width // 2, self.look))
        seen = ("everyone sees this", "all see this") if page.cover is not None else ""
        first, *others = leading(replace(self.hub.room, asking=None), self.hub.now)
        parts = (seen, *others[:2]) if seen else (first, *others[:2])
        return self.look.named(fitting(parts, page.drawn.width // 2, self.look))

    def quit(self) -> None:
        """Ask what becomes of the class, if there is one."""
        assert isinstance(self.page, LeaderPage)
        self.page.ask_end()

    def on_unmount(self) -> None:
        """Keep the room, however the app ends."""
        self.hub.keep()

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

    def leave(self, ends: bool) -> None:
        """Quit, with the end of the class or without it."""
        words = "The class is over."
        if self._broadcast is not None:
            self._broadcast.close(words if ends else "")
        if ends:
            self.hub.close(words)
            self.last_words = f"{words} {self.last_words}".strip()
        else:
            self.last_words = f"The class waits: tinynet-tui {self.going_on} goes on with it."
        self.exit()

    def show(self, session: Session, by_itself: bool = False) -> None:
        """Go somewhere with the class, unless somebody else leads it for now."""
        if not self.is_refused():
            super().show(session, by_itself)

    def is_refused(self) -> bool:
        """Whether somebody else leads for now, which is then said."""
        if self.hub.room.lent_to is not None:
            self.say(f"{self.hub.room.lent_to} leads: {key_of('lend')} takes the lead back.")
        return self.hub.room.lent_to is not None

    def _room_changed(self, room: Room) -> None:
        """Show what has changed; where somebody else leads, what they show."""
        here, there = self.session, self.hub.session
        if room.lent_to is not None and self._choice is None:
            self._choice = Own(panel=here.panel, view=here.view, digits=here.digits)
        elif room.lent_to is None and self._choice is not None:
            choice, self._choice = self._choice, None
            super().show(choice.applied(here), by_itself=True)
        if room.lent_to is not None and replace(here.seen, answers=there.answers) != there:
            # What the teacher has predicted is of the same numbers, or of none that are shown.
            is_same = (here.lesson, here.edits, here.seed) == (there.lesson, there.edits, there.seed)
            super().show(replace(there, answers=here.answers if is_same else ()), by_itself=True)
        now = leading(room, self.hub.now, self.hub.led_aside), self.hub.shown.cover
        row, self._row = self._row, now
        if self._row != row and self.screen_stack:
            for page in {self.page, self._page}:
                page.draw()
