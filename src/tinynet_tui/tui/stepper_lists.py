"""The rows of the stepper's lists: lessons, stops of a tour, keys and words, predictions to look at again."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import partial
from itertools import chain
from time import monotonic
from typing import Any

from tinynet_tui.drawing.listing import Choice, FoundRows, key_choices
from tinynet_tui.drawing.look import Look
from tinynet_tui.lessons.reading import LessonFault, files_here, files_in, lesson_file
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.prediction.tally import by_kind, to_look_at_again
from tinynet_tui.session.commands import Entry, start
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Session, Touring
from tinynet_tui.teaching.glossary import glossary
from tinynet_tui.teaching.tour import filled
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


def stop_choices(touring: Touring, here: Moment, look: Look) -> list[Choice[int | str]]:
    """The stops of a tour with what they ask, those that are done ticked."""
    rows, tick = list[Choice[int | str]](), look.say("✓")
    for n, (stop, lesson) in enumerate(zip(touring.tour.stops, touring.tour.lessons, strict=True)):
        there = here if lesson == here.session.lesson else moment(start(lesson))
        words = filled(stop.ask, there, look.keys)
        mark = tick if n in touring.ticked else " " * len(tick)
        rows.append(Choice(f"{mark} {n + 1}", words, words, n))
    return rows


def key_and_word_choices(
    table: Iterable[Entry[Any]], practises: bool, here: Moment, look: Look
) -> list[Choice[str]]:
    """Every key of a table, practice where there is some, and what words and signs mean at a step."""
    about = "List the courses of practice: steps to work out by hand, with hints."
    words = (
        Choice(entry.signs, entry.word, entry.meaning, "", is_heading=True, is_word=True)
        for entry in glossary(here, look.keys)
    )
    practice = [Choice("", "practice", about, "practise")] if practises else []
    held = ("next",) if here.session.stage == "asking" else ()  # it would give the answer away
    return [*key_choices(table, look.keys, held), *practice, *words]


def prediction_choices(session: Session) -> list[Choice[str]]:
    """How predictions went by kind of step, and the steps to look at again, which are places."""
    kinds = (Choice("", kind, how, "", is_heading=True) for kind, how in by_kind(session))
    again = (
        Choice(
            step.place, step.name, f"{step.why[0].upper()}{step.why[1:]}. Enter asks it again.", step.place
        )
        for step in to_look_at_again(session)
    )
    return [*kinds, *again]
