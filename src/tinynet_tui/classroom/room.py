"""A room: who is in a class, who leads, the place that they share, and what is asked there.

It is one frozen value, and `after(room, event)` is the only way it changes. It knows no socket and no clock:
events bring the time with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from operator import attrgetter
from typing import Literal, NamedTuple, assert_never

from tinynet_tui.classroom.room_events import (
    Answered,
    AnswerSeen,
    Asked,
    BrokeAway,
    Ended,
    Event,
    Gathered,
    GivenBack,
    HandMoved,
    Joined,
    Lent,
    Lost,
    Moved,
    OfQuestion,
    Pinned,
    Practised,
    TeacherBack,
    WindowChanged,
)
from tinynet_tui.classroom.rounds import Asking, Round, asking_after

Doing = Literal["following", "by themselves", "away"]
"""What a follower does; away: their connection is gone, and they have not come back yet."""
_NAME = attrgetter("name")
_STOOD_AT: dict[str, int] = {}
"""Where people were found, by their names: a place to look first. What it has changes no answer: it is held
against the people at each look."""
_MOST_KNOWN = 50_000
_MOST_PEOPLE = 1_000
"""Followers who are remembered when they are away: beyond that, one is forgotten for each who comes."""


@dataclass(frozen=True, slots=True)
class Person:
    """A follower, present or away: whoever has joined is remembered until the class ends."""

    name: str
    doing: Doing = "following"
    at: str = ""
    """Where they are when by themselves: "2.18"."""
    hand: int | None = None
    """When they raised their hand, counted through the class; None while it is down."""
    is_too_small: bool = False
    """Whether their window is too small for the screen."""
    has_tried: bool = False
    """Whether they have stepped by themselves, so that there is something to go back to."""
    pinned_until: float | None = None
    """Until when they cannot step by themselves, in seconds of the room's clock."""
    key: str = ""
    """By which a follower on another machine or over SSH is known again; "" for whoever has shown none."""

    def seconds_pinned(self, now: float) -> int:
        """How long they still cannot step by themselves; 0 for whoever can."""
        return 0 if self.pinned_until is None else max(ceil(self.pinned_until - now), 0)


class Via(NamedTuple):
    """A broker as a command line names it."""

    url: str
    code: str = ""
    """Of the students."""
    code_file: str = ""
    """What has the teacher's code; "" where their environment does."""


@dataclass(frozen=True)
class Room:
    """A class at one moment. It has no slots, so that it can keep who is here once that is known."""

    name: str
    teacher: str
    who: str = "me"
    """Who may join, as the leader has said it."""
    place: bytes = b""
    """What everyone sees, as it is sent; see `place`."""
    number: int = 0
    """How often the place has changed: receivers keep the newest."""
    lent_to: str | None = None
    """The follower who leads for now, if the lead is lent."""
    teacher_is_away: bool = False
    people: tuple[Person, ...] = ()
    """In the order of joining."""
    unnamed: int = 0
    """How many more are present, of whom only the leader's machine knows who they are."""
    hands_raised: int = 0
    """How often a hand was raised since the class began."""
    gathered: int = 0
    """How often everyone was gathered since the class began."""
    lendings: int = 0
    """How often the lead was lent since the class began."""
    asking: Asking | None = None
    asked: tuple[Asking, ...] = ()
    """The questions that are over, in their order."""
    has_ended: bool = False
    record: str = ""
    """The file that the class is recorded in, if it is."""
    code: str | None = None
    """What lets students in over SSH, "" where keys alone do; None while the class was never open to them."""
    via: Via | None = None
    """How those elsewhere come, if any do."""
    pinned_until: float | None = None
    """Until when everyone is kept, whoever comes later too."""
    practised: tuple[tuple[str, int, int], ...] = ()
    """(kind of step, how many were right at once, how many were answered) in practice, by all of them."""

    @property
    def leader(self) -> str:
        """The one person whose steps everyone follows."""
        return self.lent_to or self.teacher

    @property
    def asks(self) -> Asking | None:
        """What everyone is told of a question; nothing once the class has gone on from it."""
        return self.asking if self.asking is not None and self.asking.stage != "past" else None

    @cached_property
    def here(self) -> tuple[Person, ...]:
        """The followers who are present."""
        return tuple(person for person in self.people if person.doing != "away")

    @property
    def count(self) -> int:
        """How many followers are present."""
        return len(self.here) + self.unnamed

    @property
    def asked_count(self) -> int:
        """How many have answered, or can: not the one who leads, nor those who have seen the answer."""
        last = self.asking.round if self.asking is not None else Round(b"", alone=False)
        able = {person.name for person in self.here} - {self.leader, *last.seen_by}
        return len(able.union(answer.person for answer in last.counted)) + self.unnamed

    def person(self, name: str) -> Person | None:
        """The follower of a name, present or away."""
        place = _place_of(self.people, name)
        return None if place is None else self.people[place]

    def belongs_to_another(self, name: str, key: str) -> bool:
        """Whether somebody has come in under a name, whatever its case, with another key than this."""
        folded = name.casefold()
        return any(one.key not in ("", key) and one.name.casefold() == folded for one in self.people)

    def hands(self) -> tuple[Person, ...]:
        """Those who have raised their hand, the first on top."""
        raised = [person for person in self.here if person.hand is not None]
        return tuple(sorted(raised, key=lambda person: person.hand or 0))

    def is_hand_up(self, name: str) -> bool:
        """Whether a follower asks for help."""
        person = self.person(name)
        return person is not None and person.hand is not None

    def seconds_pinned(self, name: str, now: float) -> int:
        """How long a follower still cannot step by themselves; 0 for whoever can."""
        person = self.person(name)
        return person.seconds_pinned(now) if person is not None else 0

    def pinned(self, now: float) -> tuple[int, int]:
        """(how many cannot step by themselves, for how many seconds at most)."""
        left = [seconds for person in self.here if (seconds := person.seconds_pinned(now))]
        return len(left), max(left, default=0)


def after(room: Room, event: Event) -> Room:
    """The room after something has happened; what makes no sense in it changes nothing."""
    if room.has_ended:
        return room
    if isinstance(event, OfQuestion):
        return _after_of_question(room, event)
    match event:
        case Joined(name, key, forgets):
            return _joined(room, name, key, forgets)
        case Lost(name):
            return _lost(room, name)
        case Practised(kind, is_right):
            counts = {one: (right, all_) for one, right, all_ in room.practised}
            right, answered = counts.get(kind, (0, 0))
            counts[kind] = right + is_right, answered + 1
            return replace(room, practised=tuple((one, *both) for one, both in counts.items()))
        case TeacherBack():
            return replace(room, teacher_is_away=False)
        case Moved(by, place):
            return replace(room, place=place, number=room.number + 1) if by == room.leader else room
        case BrokeAway(name, at):
            return room if name == room.leader else _changed(room, name, lambda p: _stepping(p, at))
        case HandMoved(name, raised):
            return _hand_moved(room, name, raised)
        case WindowChanged(name, is_too_small):
            return _changed(room, name, lambda p: replace(p, is_too_small=is_too_small))
        case Gathered():
            return replace(_changed(room, None, _following), gathered=room.gathered + 1)
        case Pinned(until, None):
            pinned = tuple(replace(person, pinned_until=until) for person in room.people)
            return _changed(replace(room, people=pinned, pinned_until=until), None, _following)
        case Pinned(until, name):
            return _changed(room, name, lambda p: replace(_following(p), pinned_until=until))
        case Lent(to):
            return _lent(room, to)
        case GivenBack(by):
            return replace(room, lent_to=None) if by in (room.lent_to, room.teacher) else room
        case Ended():
            return replace(_with_asking(room, None), has_ended=True)
        case _:
            assert_never(event)


def _after_of_question(room: Room, event: OfQuestion) -> Room:
    """The room after what changes a question; nobody answers who leads, or is not there."""
    if isinstance(event, Answered | AnswerSeen):
        person = room.person(event.name)
        is_away = person is not None and person.doing == "away"
        if person is None or (isinstance(event, Answered) and (is_away or person.name == room.leader)):
            return room
    return _with_asking(room, asking_after(room.asking, event), begins=isinstance(event, Asked))


def _with_asking(room: Room, asking: Asking | None, begins: bool = False) -> Room:
    """The room with what is asked now; a question that is over, or gives way to one that begins, is kept."""
    is_over = room.asking is not None and (asking is None or begins)
    asked = (*room.asked, room.asking.over) if room.asking is not None and is_over else room.asked
    return replace(room, asking=asking, asked=asked)


def _joined(room: Room, name: str, key: str, forgets: bool) -> Room:
    if name == room.teacher:
        return room
    room = replace(room, asking=room.asking and room.asking.with_answers_of(name))
    place = _place_of(room.people, name)
    if place is None:
        new = Person(name, key=key, pinned_until=_pin_of(room, name))
        return replace(room, people=(*_remembered(room.people), new))
    back = replace(_following(room.people[place]), key=key)
    if forgets:
        back = replace(back, has_tried=False)
    return replace(room, people=_with(room.people, place, back))


def _pin_of(room: Room, name: str) -> float | None:
    """Until when somebody new is kept: with everyone, or as whoever has left, but for capitals."""
    pins = [room.pinned_until] + [
        person.pinned_until
        for person in room.people
        if person.pinned_until and person.doing == "away" and person.name.casefold() == name.casefold()
    ]
    return max(filter(None, pins), default=None)


def _remembered(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Those who are remembered when one more comes; the answers of others are kept all the same.

    A name that somebody came to with a key belongs to that key. So names without a key are forgotten first,
    then one of the key that has most: nobody frees another's name by coming under many.
    """
    if len(people) < _MOST_PEOPLE:
        return people
    away = [person for person in people if person.doing == "away"]
    names = Counter(person.key for person in away if person.key)
    forgotten = max(away, key=lambda person: names[person.key] or _MOST_PEOPLE, default=None)
    return tuple(person for person in people if person is not forgotten)


def _lost(room: Room, name: str) -> Room:
    """The lead comes back to the teacher when whoever has it is lost."""
    if name == room.teacher:
        return replace(room, teacher_is_away=True)
    lent_to = None if room.lent_to == name else room.lent_to
    asking = room.asking and room.asking.without_answer_of(name)
    away = _changed(room, name, lambda p: replace(p, doing="away"))
    return replace(away, lent_to=lent_to, asking=asking)


def _lent(room: Room, to: str) -> Room:
    person = room.person(to)
    if person is None or person.doing == "away":
        return room
    room = _changed(room, to, lambda p: replace(_following(p), pinned_until=None))
    return replace(room, lent_to=to, lendings=room.lendings + 1)


def _hand_moved(room: Room, name: str, raised: bool) -> Room:
    number = room.hands_raised + 1

    def moved(person: Person) -> Person:
        if raised == (person.hand is not None):
            return person
        return replace(person, hand=number if raised else None)

    after_it = _changed(room, name, moved)
    return after_it if after_it == room or not raised else replace(after_it, hands_raised=number)


def _following(person: Person) -> Person:
    return replace(person, doing="following", at="")


def _stepping(person: Person, at: str) -> Person:
    return replace(person, doing="by themselves", at=at, has_tried=True)


def _changed(room: Room, name: str | None, change: Callable[[Person], Person]) -> Room:
    """The room with a follower changed, or all of them: those who are present."""
    if name is None:
        changed = (change(person) if person.doing != "away" else person for person in room.people)
        return replace(room, people=tuple(changed))
    place = _place_of(room.people, name)
    if place is None or room.people[place].doing == "away":
        return room
    return replace(room, people=_with(room.people, place, change(room.people[place])))


def _place_of(people: Sequence[Person], name: str) -> int | None:
    """Where a person of a name stands among thousands: mostly where one of that name stood before."""
    known = _STOOD_AT.get(name)
    if known is not None and known < len(people) and people[known].name == name:
        return known
    names = list(map(_NAME, people))
    if name not in names:
        return None
    if len(_STOOD_AT) > _MOST_KNOWN:
        _STOOD_AT.clear()
    _STOOD_AT[name] = place = names.index(name)
    return place


def _with(people: tuple[Person, ...], place: int, person: Person) -> tuple[Person, ...]:
    """The same with another one at a place."""
    return (*people[:place], person, *people[place + 1 :])
