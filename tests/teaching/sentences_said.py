"""Lessons made for a sentence, and all that is said at a step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec.structs import replace as replaced

from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.teaching.sentences import explanation


def said(session: Session, name: str, sample: int | None = None) -> str:
    """All that is said at the step of a name."""
    number = program_of(session).number(name, sample)
    assert number is not None
    return " ".join(explanation(moment(replace(session, step=number))).sentences)


def lecture(**values: float) -> Session:
    """The lecture with some numbers changed at its first update."""
    session = start(LECTURE)
    for name, value in values.items():
        sample = 1 if name[0] in "xy" else None
        session = after(session, Command("edit", Edit(1, name, value, sample)))
    return session


def with_network(lesson: Lesson, **changes: Any) -> Lesson:
    """A lesson with another [network]."""
    return replaced(lesson, network=replaced(lesson.network, **changes))


def with_training(lesson: Lesson, **changes: Any) -> Lesson:
    """A lesson with another [training]."""
    return replaced(lesson, training=replaced(lesson.training, **changes))


def xor_like() -> Lesson:
    """The lecture with a sigmoid output and cross-entropy, and all weights and biases 0."""
    zeros = replaced(
        LECTURE.network,
        activations=("relu", "sigmoid"),
        weights=None,
        biases=None,
        init="zeros",
    )
    lesson = with_training(replaced(LECTURE, network=zeros), loss="binary_cross_entropy")
    return replaced(lesson, data=replaced(LECTURE.data, targets=((0,),)))
