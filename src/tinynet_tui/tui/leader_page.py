"""The page of whoever leads a class: the stepper's, and what can be done with the class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from operator import call
from pathlib import Path
from typing import TYPE_CHECKING

from tinynet_tui.classroom.class_question import (
    ANSWER_COLUMNS,
    answer_rows,
    asked_again,
    asking_at,
    can_ask,
    is_at,
    is_coming_given,
    kind_at,
    mark_of,
    question_at,
    was_shown,
    with_other_numbers,
)
from tinynet_tui.classroom.joining import CLASS_CODE
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.results import Results
from tinynet_tui.classroom.room_events import (
    AskedAgain,
    AskedAlone,
    Closed,
    Event,
    Gathered,
    GivenBack,
    Lent,
    Pinned,
    QuestionLeft,
    Revealed,
)
from tinynet_tui.drawing.big_letters import BigLine
from tinynet_tui.drawing.listing import Choice
from tinynet_tui.handouts.records import csv_line
from tinynet_tui.safety.whole_files import opened_privately
from tinynet_tui.session.commands import COMMANDS, LEADER_COMMANDS
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.session.session import Session
from tinynet_tui.tui.cover_page import CoverPage
from tinynet_tui.tui.files import write_new
from tinynet_tui.tui.page import bindings
from tinynet_tui.tui.stepper import StepperPage

if TYPE_CHECKING:
    from tinynet_tui.tui.leading import Leader

_PINNED_FOR = 300
"""Seconds for which followers are kept with the class."""

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

    def __init__(self, leader: Leader) -> None:
        super().__init__(leader)
        self._leader, self._hub = leader, leader.hub
        self._before_others: Session | None = None
        """Where the class was before it was asked with other numbers."""
        self.own |= {
            "gather": self._gather,
            "join-line": self._show_join_line,
            "lend": self._choose_person,
            "ask": self._ask_class,
        }

    def _gather(self) -> None:
        self._hub.happen(Gathered())
        self.say("Everyone follows.")

    def _show_join_line(self) -> None:
        line, *notes = self._leader.join_lines()
        code = next((note.removeprefix(CLASS_CODE) for note in notes if note.startswith(CLASS_CODE)), "")
        shown = BigLine("How to join", line, tuple(notes), code)
        self.app.push_screen(CoverPage(shown, self.colours, self.look, "is showing how to join"))

    def _ask_class(self) -> None:
        """Go on with the question: ask, close, ask again or show the answers, ask with other numbers, end."""
        self.say("")  # what was said before is not to hide what is asked
        hub, session, asking = self._hub, self._session, self._hub.room.asking
        on, start = map(self.look.keys.of, ("next", "random"))
        if asking is None and not can_ask(session):
            self.say(f"This update has no step to come: {on} goes on to the next one.")
        elif asking is None and is_coming_given(session):
            self.say(f"The coming step is given in the lesson: {on} first, then ask.")
        elif asking is None and was_shown(hub.room, session):
            self.say(f"This answer was shown: {on} first, or {start}, then ask.")
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
            self.choose("The question", [*([] if asking.round.alone else [others]), end, again], call)
        elif len(asking.rounds) == 1:
            choices = _AFTER_PAST if asking.stage == "past" else _AFTER_CLOSED
            self.choose("The question", choices, self._go_on_closed)
        else:
            self._go_on_closed(Revealed())

    def _go_on_closed(self, event: Event) -> None:
        """Ask once more, where it was asked; show everyone what was answered; or ask for the coming step."""
        asking = self._hub.room.asking
        is_elsewhere = asking is not None and not is_at(asking.round.place, self._session)
        if isinstance(event, AskedAgain) and is_elsewhere and self._leader.is_refused():
            return
        self._hub.happen(event)
        asking = self._hub.room.asking
        if asking is None:
            self._ask_class()
        elif asking.stage == "open" and is_elsewhere:
            self._leader.show(asked_again(asking.round.place, self._session))
        elif asking.stage == "revealed":
            self._show_results()

    def _show_results(self) -> None:
        if (asking := self._hub.room.asking) is not None:
            self.app.push_screen(CoverPage(Results(asking), self.colours, self.look), self._left_results)

    def _left_results(self, key: str | None) -> None:
        if key in self.look.keys.row("ask").keys:
            self._ask_class()

    def _ask_others(self) -> None:
        """Ask the same of other numbers, which the class goes to."""
        asking = self._hub.room.asking
        if asking is None or self._leader.is_refused():
            return
        self._before_others = self._session
        others = with_other_numbers(decoded(asking.rounds[0].place))
        place = sent_place(others)
        self._hub.happen(AskedAlone(place, question_at(place), kind_at(place), mark_of(others)))
        self._leader.show(others)

    def _leave_question(self) -> None:
        """Go on with the class, where it was before other numbers were asked for."""
        self._hub.happen(QuestionLeft())
        before, self._before_others = self._before_others, None
        if before is not None:
            self._leader.show(replace(before, notice=""))

    def _choose_person(self) -> None:
        choices = list(self._on_people())
        if choices:
            self.choose("The lead, and who is kept with the class", choices, call)
        else:
            self.say("Nobody follows yet.")

    def _keep(self, seconds: float, name: str | None = None) -> None:
        """Keep a follower with the class for a time from now on, or everyone."""
        self._hub.happen(Pinned(self._hub.now + seconds, name))

    def _on_people(self) -> Iterator[Choice[Callable[[], None]]]:
        """What can be done with the lead and with the followers who are here."""
        room, happen, now = self._hub.room, self._hub.happen, self._hub.now
        minutes = _PINNED_FOR // 60
        if room.lent_to is not None:
            about = f"{self.look.named(room.lent_to)} has it."
            yield Choice("", "take the lead back", about, partial(happen, GivenBack(room.teacher)))
        count, _ = room.pinned(now)
        if count:
            about = "Nobody is kept with the class."
            yield Choice("", "let everyone step alone again", about, partial(self._keep, 0.0))
        if room.here:
            what = "keep everyone for longer" if count == len(room.here) else "keep everyone with the class"
            about = f"Nobody steps by themselves for {minutes} minutes from now on."
            yield Choice("", what, about, partial(self._keep, _PINNED_FOR))
        for person in room.here:
            if person.name == room.lent_to:
                continue
            name = self.look.named(person.name)
            about = f"{name}'s steps are the class's until the lead is given or taken back."
            yield Choice("", f"lend the lead to {name}", about, partial(happen, Lent(person.name)))
            if person.seconds_pinned(now):
                about, what, seconds = f"{name} is kept.", f"let {name} step alone again", 0
            else:
                about = f"{name} cannot step alone for {minutes} minutes."
                what, seconds = f"keep {name} with the class", _PINNED_FOR
            yield Choice("", what, about, partial(self._keep, seconds, person.name))

    def ask_end(self) -> None:
        """Leave; where somebody follows, ask what becomes of the class."""
        if self._hub.room.people or self._has_answers:
            self.choose("Leave the class", self.ways_to_leave(), call)
        else:
            self._end()

    @property
    def _has_answers(self) -> bool:
        """Whether anybody has answered anything."""
        return any(True for _ in answer_rows(self._hub.room))

    def ways_to_leave(self) -> list[Choice[Callable[[], None]]]:
        """What may become of the class."""
        waits = f"{self.WHO_WAITS}; {self._leader.going_on} again to go on."
        choices: list[Choice[Callable[[], None]]] = [
            Choice("", "end it", self.ABOUT_END, self._end),
            Choice("", "leave it waiting", waits, self._wait),
        ]
        if self._has_answers:
            about = "A file of all answers, with names: a row for each person and question."
            choices.insert(1, Choice("", "end it, and write the answers", about, self._write_and_end))
        return choices

    def _end(self) -> None:
        self._leader.leave(ends=True)

    def _wait(self) -> None:
        """Leave the class waiting, if it can be kept."""
        self._hub.keep()
        if self._hub.why_not_kept:
            self.say(f"Not saved {self._leader.here}: {self._hub.why_not_kept}. The class goes on.")
        else:
            self._leader.leave(ends=False)

    def _write_and_end(self) -> None:
        """End the class, if its answers could be written."""
        room, here = self._hub.room, self._leader.here
        lines = (csv_line(ANSWER_COLUMNS), *map(csv_line, answer_rows(room)))
        text = "".join(f"{line}\n" for line in lines)
        try:
            path = write_new(Path.cwd(), f"{room.name}-answers", ".csv", text, opened_privately)
        except OSError as error:
            self.say(f"Not written {here}: {error.strerror}. The class goes on.")
        else:
            self._leader.last_words = f"The answers are {here}, in {path}."
            self._end()
