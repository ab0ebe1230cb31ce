"""The lessons to choose from: those that are shipped, and the files of the working directory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from functools import partial
from itertools import chain
from time import monotonic

from tinynet_tui.drawing.listing import Choice, FoundRows
from tinynet_tui.lessons.reading import LessonFault, files_here, files_in, lesson_file
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.terminal.background import in_background

_AT_ONCE = 0.05
"""Seconds of looking before what was found is shown."""
PATIENCE = 2.0
"""Seconds that are waited for one file: a disk or a network that hangs must not keep the others away."""

LessonChoice = Choice[Lesson | str]
"""A lesson, or what is said of a file that is none."""


def shipped_choices() -> list[LessonChoice]:
    """The shipped lessons."""
    return [Choice("", item.name, item.lesson.about, item.lesson) for item in shipped_lessons()]


async def file_choices(folders: Sequence[str] = ()) -> AsyncIterator[FoundRows[Lesson | str]]:
    """The files of the working directory and of some folders that are meant as lessons, as they are read."""
    left = deque(await in_background(lambda: [*files_here(), *chain.from_iterable(map(files_in, folders))]))
    while left:
        names, found = left, dict[str, LessonChoice]()
        try:
            async with asyncio.timeout(PATIENCE):
                await in_background(partial(_find, names, found))
        except TimeoutError:
            left = deque(names)  # the one before is in the hands of a thread that may yet wake up
        yield list(found.values()), bool(left)


def _find(left: deque[str], found: dict[str, LessonChoice]) -> None:
    """Read one file after another for a short time, at least one."""
    until = monotonic() + _AT_ONCE
    while left:
        name = left.popleft()
        found[name] = _slow_file(name)
        choice = _file_choice(name)
        if choice is None:
            del found[name]
        else:
            found[name] = choice
        if monotonic() >= until:
            return


def _file_choice(name: str) -> LessonChoice | None:
    """A file to choose, with what it says of itself or what is wrong with it; None if it is no lesson."""
    try:
        lesson = lesson_file(name)
    except LessonFault as fault:
        words = fault.lines[0]
        return Choice("", name, f"Cannot be opened: {words.removeprefix(f'{name}: ')}", words)
    return Choice("", name, lesson.about or lesson.title, lesson) if lesson else None


def _slow_file(name: str) -> LessonChoice:
    """What is shown of a file that does not come."""
    words = f"{name} takes long to read: is its disk or network still there?"
    return Choice("", name, words, words)
