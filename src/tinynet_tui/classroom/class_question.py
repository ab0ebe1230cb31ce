"""Asking a class for the coming step: what is asked, how answers are judged, the same with other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from tinynet_tui.classroom.message_contents import numbers_of, sent_place
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import AnswerSeen, Asked, BrokeAway, Event
from tinynet_tui.classroom.rounds import AWAITED, Round
from tinynet_tui.networks.initial import is_alive
from tinynet_tui.prediction.judgement import verdict
from tinynet_tui.prediction.kinds import kind_of
from tinynet_tui.prediction.mistakes import mistake, mistakes
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.history import initial_setup, program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import decoded
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.step_in_moment import StepInMoment

_TRIES = 50
"""Random starts among which one is looked for."""
_NUMBER = re.compile(r"[=≈]? ?[−+-]?\d\S*")
"""In the words for a mistake."""


def can_ask(session: Session) -> bool:
    """Whether a step is still to come in this update."""
    return session.step < len(program_of(session))


def is_coming_given(session: Session) -> bool:
    """Whether the coming step is a constant of the lesson, which nobody has to work out."""
    return program_of(session).step(session.step + 1).is_given


@lru_cache(maxsize=8)
def _asked_at(place: bytes) -> Session:
    """Where something is asked: looked at for every step while it is."""
    return decoded(place)


def is_at(place: bytes, session: Session) -> bool:
    """Whether a session is at a place, however it shows it."""
    there = _asked_at(place)
    return has_numbers_of(place, session) and (there.update, there.step) == (session.update, session.step)


def has_numbers_of(place: bytes, session: Session) -> bool:
    """Whether a session works with the lesson and the numbers of a place."""
    there = _asked_at(place)
    return (there.lesson, there.edits, there.seed) == (session.lesson, session.edits, session.seed)


def mark_of(session: Session) -> str:
    """The same for the same question with the same numbers, however they are shown."""
    return f"{numbers_of(session)} {session.update}.{session.step}"


def was_shown(room: Room, session: Session) -> bool:
    """Whether the class has been shown the answer to what would be asked at a place."""
    over = (asking for asking in room.asked if asking.stage in ("past", "revealed"))
    return mark_of(session) in (one.mark for asking in over for one in asking.rounds)


def is_past(place: bytes, session: Session) -> bool:
    """Whether a session with the numbers of a place is beyond it, so that what is asked there was shown."""
    there = _asked_at(place)
    return (session.update, session.step) > (there.update, there.step)


OTHER_NUMBERS = "*"
"""Stands behind the place of whoever works by themselves with other numbers than the class."""


def stepping(room: Room, name: str, at: str) -> Iterator[Event]:
    """What a follower's step by themselves is to a room: beyond what is asked, they have seen it."""
    yield BrokeAway(name, at)
    asking = room.asking
    if asking is not None and asking.stage in AWAITED and _is_beyond(at, asking.round.place):
        yield AnswerSeen(name)


def asking_at(room: Room, session: Session) -> Iterator[Event]:
    """What asking for the coming step of a place is to a room: who is beyond it by themselves sees it."""
    place = sent_place(session)
    yield Asked(place, question_at(place), kind_at(place), mark_of(session))
    yield from (AnswerSeen(person.name) for person in room.here if _is_beyond(person.at, place))


def _is_beyond(at: str, place: bytes) -> bool:
    """Whether "2.18" is after a place; where it is of other numbers, it is not."""
    update, _, step = at.partition(".")
    there = _asked_at(place)
    return update.isdecimal() and step.isdecimal() and (int(update), int(step)) > (there.update, there.step)


def asked_again(place: bytes, session: Session) -> Session:
    """A session with the numbers of a place, gone there."""
    there = _asked_at(place)
    return after(session, Command("goto", (there.update, there.step)))


ANSWER_COLUMNS = (
    *("question", "asked", "name", "round 1", "result 1", "round 2", "result 2", "alone", "result alone"),
)
"""Of the table of all answers."""


def answer_rows(room: Room) -> Iterator[tuple[str, ...]]:
    """All answers of a class: a row for each question and person, with what each round's answer showed."""
    asked = (*room.asked, *([room.asking] if room.asking is not None else []))
    for number, asking in enumerate(asked, start=1):
        together = [one for one in asking.rounds if not one.alone]
        alone = next((one for one in asking.rounds if one.alone), None)
        names = dict.fromkeys(answer.person for one in asking.rounds for answer in one.answers)
        first = asking.rounds[0]
        for name in names:
            answers = (_answered(one, name) for one in (*together, None, None)[:2])
            yield (
                *(str(number), first.question or question_at(first.place), name),
                *(part for answer in answers for part in answer),
                *_answered(alone, name),
            )


def _answered(one: Round | None, name: str) -> tuple[str, str]:
    """(what somebody answered in a round, what it showed); both empty where they did not."""
    given = one.answer_of(name) if one is not None else None
    return ("", "") if given is None else (given.text, given.result or "wrong")


@lru_cache(maxsize=8)
def _question(place: bytes) -> Question:
    asked = question(replace(_asked_at(place), stage="asking", level="number"))
    assert asked is not None, "a session that asks has a question"
    return asked


def question_at(place: bytes) -> str:
    """What is asked at a place: the formula of the coming step, to be completed."""
    return _question(place).formula


def kind_at(place: bytes) -> str:
    """The kind of the coming step, as in practice; "" for the loss and the check, which have none."""
    answer = _question(place).answer
    return kind_of(answer.program, answer.program.step(answer.session.step)) or ""


def right_at(place: bytes) -> str:
    """The right answer, as it is shown."""
    asked = _question(place)
    value = asked.answer.trace.value(asked.answer.session.step)
    return shown(value, asked.answer.session.digits)


def label_at(place: bytes) -> str:
    """What stands before the field that is typed into."""
    return _question(place).label


@lru_cache(maxsize=1024)
def judged(place: bytes, text: str) -> str:
    """What an answer is worth: "right", the words for the mistake that it shows, or "" for another wrong one.

    One that is rounded further than on screen is right: to ask for another digit of it would say so.

    Raises: ValueError when the text cannot be read.
    """
    asked = _question(place)
    if verdict(asked.answer, text) != "wrong":
        return "right"
    return mistake(asked.answer, asked.level, text) or ""


def with_other_numbers(session: Session) -> Session:
    """The same step of a random start that is alive, which tells the same mistakes from the right answer
    where it can be; an answer of 0 or 1, which is plain without computing, only where that was one before.
    """
    told, was_plain = _told_apart(session)
    best, most = session, (False, -1)
    for there in islice(_other_starts(session), _TRIES):
        also_told, is_plain = _told_apart(there)
        worth = is_alive(moment(there).setup) and is_plain <= was_plain, len(told & also_told)
        if worth > most:
            best, most = there, worth
        if most == (True, len(told)):
            break
    shown = {name: getattr(session, name) for name in ("panel", "view", "digits")}
    return replace(best, notice="", before_edit=None, **shown)


def _other_starts(session: Session) -> Iterator[Session]:
    """A step of one random start after another.

    What a random start has 0, as biases, keeps what it has in the lesson: who forgets it is to be found out.
    """
    given = initial_setup(replace(session, seed=None)).parameters
    found = session
    while True:
        found = after(found, Command("random"))
        setup = initial_setup(found)
        for name, old, new in zip(setup.model.parameter_names, given, setup.parameters, strict=True):
            if old and not new:
                found = after(found, Command("edit", Edit(1, name, old)))
        yield after(found, Command("goto", (1, session.step)))


def _told_apart(session: Session) -> tuple[frozenset[str], bool]:
    """(the mistakes that give another value than the right one at the coming step, without their numbers;
    whether that value is 0 or 1).
    """
    coming = question(replace(session, stage="asking", level="number"))
    assert coming is not None, "a session that asks has a question"
    assert coming.answer.step is not None, "a question is about a step"
    made = mistakes(StepInMoment(coming.answer, coming.answer.step), session.digits)
    value = coming.answer.trace.value(session.step + 1)
    return frozenset(_NUMBER.sub("", one.words) for one in made), value in (0.0, 1.0)
