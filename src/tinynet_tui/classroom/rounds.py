"""A question to a class: the rounds in which it is answered, and what events make of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Literal, assert_never

from tinynet_tui.classroom.room_events import (
    Answered,
    AnswerSeen,
    Asked,
    AskedAgain,
    AskedAlone,
    Closed,
    OfQuestion,
    Passed,
    QuestionLeft,
    Revealed,
)

Stage = Literal["open", "closed", "past", "revealed"]
"""Of a question; past: the class has gone on from it, and its answers can still be shown."""
AWAITED: tuple[Stage, ...] = ("open", "closed")
"""The stages in which nobody may know the answer: after talk it can be asked once more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person answered in one round."""

    person: str
    text: str
    result: str
    """"right", or the words for the mistake that it shows; "" for a wrong one that shows none."""


@dataclass(frozen=True, slots=True)
class Round:
    """One time that a question is answered by the class."""

    place: bytes
    """Where it is asked: the coming step is what is asked for."""
    alone: bool
    """Whether it is the last one: other numbers, answered without talking."""
    answers: tuple[Answer, ...] = ()
    """At most one of each person, in the order of the first time they answered."""
    told: tuple[int, tuple[tuple[str, int], ...]] | None = None
    """(how many answers there are, how many of each result), where the answers of others are not known."""
    mark: str = ""
    """The same for the same question with the same numbers."""
    question: str = ""
    """What is asked, in words; once a question is over, this and the kind stand for the place."""
    kind: str = ""
    """Of the step that is asked for; "" where it is of none, as the loss is."""
    seen_by: tuple[str, ...] = ()
    """Those who have gone past the step by themselves while it was asked: they answer no more."""
    left: tuple[str, ...] = ()
    """Those who have gone while it was asked: their answers are kept, and not counted."""

    @property
    def counted(self) -> tuple[Answer, ...]:
        """The answers of those who are there, or were as it was closed."""
        return tuple(answer for answer in self.answers if answer.person not in self.left)

    def answer_of(self, name: str) -> Answer | None:
        """What somebody has answered."""
        return next((answer for answer in self.answers if answer.person == name), None)

    @property
    def answered(self) -> int:
        """How many have answered."""
        return len(self.counted) if self.told is None else self.told[0]

    @property
    def right(self) -> int:
        """How many of the answers are right."""
        return self.counts().get("right", 0)

    def counts(self) -> dict[str, int]:
        """How many answers there are of each result, the right ones first."""
        if self.told is not None:
            return dict(self.told[1])
        results = (answer.result for answer in self.counted)
        return dict(Counter(sorted(results, key=lambda result: result != "right")))


@dataclass(frozen=True, slots=True)
class Asking:
    """A question to the class: at most two rounds of it, and one with other numbers."""

    rounds: tuple[Round, ...]
    stage: Stage = "open"

    @property
    def round(self) -> Round:
        """The round that goes on, or was the last."""
        return self.rounds[-1]

    @property
    def over(self) -> Asking:
        """The same once it is over: its places, each with the whole lesson, are needed no more."""
        return Asking(
            tuple(replace(one, place=b"") if one.question else one for one in self.rounds), self.stage
        )

    def with_answers_of(self, name: str) -> Asking:
        """The same where the answers of somebody who is there again count."""
        rounds = (replace(one, left=tuple(who for who in one.left if who != name)) for one in self.rounds)
        return replace(self, rounds=tuple(rounds))

    def without_answer_of(self, name: str) -> Asking:
        """The same without the open answer of somebody who leaves: nobody answers under many names."""
        has_answered = self.stage == "open" and self.round.answer_of(name) is not None
        return self.with_round(left=(*self.round.left, name)) if has_answered else self

    def with_round(self, **changes: Any) -> Asking:
        """The same with something else in the last round."""
        return replace(self, rounds=(*self.rounds[:-1], replace(self.round, **changes)))


def asking_after(asking: Asking | None, event: OfQuestion) -> Asking | None:
    """What is asked after an event; one that comes too late or too early changes nothing."""
    if isinstance(event, Asked):
        return Asking((_begun(event, alone=False),))
    if asking is None or isinstance(event, QuestionLeft):
        return None
    last = asking.round
    match event:
        case Answered(name, number, text, result):
            is_late = asking.stage != "open" or number != len(asking.rounds) - 1 or name in last.seen_by
            answers = {one.person: one for one in last.answers} | {name: Answer(name, text, result)}
            return asking if is_late else asking.with_round(answers=tuple(answers.values()))
        case AnswerSeen(name):
            is_late = asking.stage not in AWAITED or name in last.seen_by
            return asking if is_late else asking.with_round(seen_by=(*last.seen_by, name))
        case Closed():
            return replace(asking, stage="closed") if asking.stage == "open" else asking
        case Passed():
            return asking if asking.stage == "revealed" else replace(asking, stage="past")
        case AskedAgain():
            is_time = asking.stage == "closed" and len(asking.rounds) == 1
            return Asking((*asking.rounds, replace(last, answers=(), left=()))) if is_time else asking
        case Revealed():
            return replace(asking, stage="revealed") if asking.stage in ("closed", "past") else asking
        case AskedAlone():
            is_time = asking.stage == "revealed" and not last.alone
            return Asking((*asking.rounds, _begun(event, alone=True))) if is_time else asking
        case _:
            assert_never(event)


def _begun(event: Asked | AskedAlone, alone: bool) -> Round:
    """A round that nobody has answered yet."""
    return Round(event.place, alone, mark=event.mark, question=event.question, kind=event.kind)
