"""Asking a class for the coming step: what is asked, how answers are judged, the same with other numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from tinynet_tui.classroom.room import Room
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.mistakes import mistake
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.history import program_of
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import decoded

_TRIES = 50
"""Random starts among which one is looked for whose answer is not plain without any computing."""


def can_ask(session: Session) -> bool:
    """Whether a step is still to come in this update."""
    return session.step < len(program_of(session))


ANSWER_COLUMNS = ("question", "asked", "round", "name", "answer", "result")
"""Of the table of all answers."""


def answer_rows(room: Room) -> Iterator[tuple[str, ...]]:
    """All answers of a class, question by question and round by round; for each one what it showed."""
    asked = (*room.asked, *([room.asking] if room.asking is not None else []))
    for number, asking in enumerate(asked, start=1):
        for one in asking.rounds:
            which = "alone" if one.alone else str(asking.rounds.index(one) + 1)
            for answer in one.answers:
                result = answer.result or "wrong"
                yield (
                    str(number),
                    one.question or question_at(one.place),
                    which,
                    answer.person,
                    answer.text,
                    result,
                )


@lru_cache(maxsize=8)
def _question(place: bytes) -> Question:
    asked = question(replace(decoded(place), stage="asking", level="number"))
    assert asked is not None, "a session that asks has a question"
    return asked


def question_at(place: bytes) -> str:
    """What is asked at a place: the formula of the coming step, to be completed."""
    return _question(place).formula


def label_at(place: bytes) -> str:
    """What stands before the field that is typed into."""
    return _question(place).label


@lru_cache(maxsize=1024)
def judged(place: bytes, text: str) -> str:
    """What an answer is worth: "right", the words for the mistake that it shows, or "" for another wrong one.

    Raises: ValueError when the text cannot be read, or says too little to be judged.
    """
    asked = _question(place)
    if result(asked.answer, asked.level, text) == "right":
        return "right"
    return mistake(asked.answer, asked.level, text) or ""


def with_other_numbers(session: Session) -> Session:
    """The same step of a random start; where it can be, one whose answer is neither 0 nor 1."""
    found = session
    for _ in range(_TRIES):
        found = after(found, Command("random"))
        there = after(found, Command("goto", (1, session.step)))
        coming = question(replace(there, stage="asking", level="number"))
        assert coming is not None, "a session that asks has a question"
        if coming.answer.trace.value(session.step + 1) not in (0.0, 1.0):
            break
    return replace(there, notice="", panel=session.panel, view=session.view, digits=session.digits)
