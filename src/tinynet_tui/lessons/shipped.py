"""The lessons that come with the program, in the order in which they teach."""

import os
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Lesson

SHIPPED_NAMES = (
    "first",
    "linear",
    "lecture",
    "lecture-row-2",
    "two-outputs",
    "mazur",
    "dead-relu",
    "dead-output",
    "twins",
    "large-weights",
    "xor",
    "deep-sigmoid",
    "softmax-3",
    "softmax-misprint",
    "points",
    "expression",
    "valley",
    "curved-valley",
    "convolution",
    "recurrent",
    "rms-norm",
    "attention",
    "gpt-block",
)
"""The names of the shipped lessons, in teaching order."""


class ShippedLesson(NamedTuple):
    """A lesson and the name that opens it."""

    name: str
    lesson: Lesson


def shipped_lessons() -> tuple[ShippedLesson, ...]:
    """Every shipped lesson, in teaching order."""
    return tuple(ShippedLesson(name, shipped_lesson(name)) for name in SHIPPED_NAMES)


@lru_cache
def shipped_lesson(name: str) -> Lesson:
    """The shipped lesson of a name.

    Raises: KeyError when there is none.
    """
    folder = os.path.join(os.path.dirname(__file__), "builtin")
    return parse_lesson(shipped_text(name), f"{name}.toml", folder=folder)


def shipped_text(name: str) -> str:
    """The file of a shipped lesson.

    Raises: KeyError when there is none.
    """
    if name not in SHIPPED_NAMES:
        raise KeyError(name)
    with open(os.path.join(os.path.dirname(__file__), "builtin", f"{name}.toml"), encoding="utf-8") as file:
        return file.read()
