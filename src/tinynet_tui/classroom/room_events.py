"""What can happen in a room; `room` has what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Joined:
    """A follower is there: new, or back under their name."""

    name: str
    key: str = ""
    forgets: bool = False
    """Whether what they have tried before is kept nowhere."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A connection is gone; the teacher's too."""

    name: str


@dataclass(frozen=True, slots=True)
class TeacherBack:
    """The teacher's connection is there again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The leader is at another place."""

    by: str
    place: bytes


@dataclass(frozen=True, slots=True)
class BrokeAway:
    """A follower steps by themselves, and is now at a step."""

    name: str
    at: str


@dataclass(frozen=True, slots=True)
class HandMoved:
    """A follower raises their hand, or takes it down."""

    name: str
    raised: bool


@dataclass(frozen=True, slots=True)
class WindowChanged:
    """A follower's window is too small for the screen, or is not any more."""

    name: str
    is_too_small: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """The teacher has everyone follow again."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """The teacher keeps one follower, or all, from stepping by themselves until a time."""

    until: float
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Lent:
    """The teacher lends the lead to a follower who is present."""

    to: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The lead is the teacher's again: given back by whoever has it, or taken back by the teacher."""

    by: str


@dataclass(frozen=True, slots=True)
class _Question:
    """The coming step is asked for."""

    place: bytes
    question: str = ""
    """The same in words."""
    kind: str = ""
    """Of the coming step."""
    mark: str = ""
    """The same for the same question with the same numbers."""


@dataclass(frozen=True, slots=True)
class Asked(_Question):
    """The leader asks the class."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A follower answers the question that is open; a later answer takes the place of an earlier one."""

    name: str
    round: int
    """Of the rounds of the question, from 0: an answer that is late belongs to none."""
    text: str
    result: str


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """A follower has gone past the step that is asked for, by themselves."""

    name: str


@dataclass(frozen=True, slots=True)
class Closed:
    """No more answers are taken in this round."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The step that was asked for is done: it is not asked for again."""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """The same question once more, after talk."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """The answers of the first round are shown beside those of the second."""


@dataclass(frozen=True, slots=True)
class AskedAlone(_Question):
    """One more question of the same kind with other numbers, answered without talking."""


@dataclass(frozen=True, slots=True)
class QuestionLeft:
    """The question is over."""


@dataclass(frozen=True, slots=True)
class Practised:
    """Somebody who steps alone has worked out a step in practice."""

    kind: str
    """Of the step."""
    is_right: bool
    """At once."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The class is over."""


OfQuestion = (
    Asked | Answered | AnswerSeen | Closed | Passed | AskedAgain | Revealed | AskedAlone | QuestionLeft
)
"""What changes what is asked."""
Event = (
    Joined | Lost | TeacherBack | Moved | BrokeAway | HandMoved | WindowChanged | Gathered | Pinned | Lent
    | GivenBack | OfQuestion | Practised | Ended
)  # fmt: skip
