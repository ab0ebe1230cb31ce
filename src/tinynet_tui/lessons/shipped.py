"""The lessons that come with the program, in the order in which they teach."""

import os
import tomllib
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.lessons.documents import lesson_of
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

_FOLDER = os.path.join(os.path.dirname(__file__), "builtin")


class ShippedLesson(NamedTuple):
    """A lesson and the name that opens it."""

    name: str
    lesson: Lesson


def shipped_lessons() -> tuple[ShippedLesson, ...]:
    """Every shipped lesson, in teaching order."""
    return tuple(ShippedLesson(name, shipped_lesson(name)) for name in SHIPPED_NAMES)


@lru_cache
def shipped_lesson(name: str) -> Lesson:
    """The shipped lesson of a name. It is not looked for faults: a test reads each as a person's own.

    Raises: KeyError when there is none.
    """
    lesson = lesson_of(tomllib.loads(shipped_text(name)))
    if lesson.data.file is None:
        return lesson
    from tinynet_tui.lessons.samples import with_file  # which most lessons do without

    return with_file(lesson, name, _FOLDER)


def shipped_text(name: str) -> str:
    """The file of a shipped lesson.

    Raises: KeyError when there is none.
    """
    if name not in SHIPPED_NAMES:
        raise KeyError(name)
    with open(os.path.join(_FOLDER, f"{name}.toml"), encoding="utf-8") as file:
        return file.read()
