"""What there is to choose from in a list: the keys, and the lessons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tinynet_tui.lessons.reading import LessonFault, files_here, lesson_file
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.prediction.tally import by_kind, to_look_at_again
from tinynet_tui.session.commands import Entry, key_sign
from tinynet_tui.session.session import Session
from tinynet_tui.tui.lazy_rows import LazyRows
from tinynet_tui.tui.screens.choice import Choice

if TYPE_CHECKING:
    from tinynet_tui.experiments.page_keys import Key


def key_choices(entries: Sequence[Entry | Key], ascii: bool) -> list[Choice[str]]:
    """The rows of a table that have keys."""
    return [
        Choice(" ".join(key_sign(key, ascii) for key in entry.keys), entry.title, entry.about, entry.name)
        for entry in entries
        if entry.keys
    ]


def tally_choices(session: Session) -> list[Choice[str]]:
    """How the predictions went by kind of step, and the steps to look at again, by their places."""
    again = (
        Choice(
            step.place, step.name, f"{step.why[0].upper()}{step.why[1:]}. Enter asks it again.", step.place
        )
        for step in to_look_at_again(session)
    )
    return [*(Choice("", kind, how, "", is_heading=True) for kind, how in by_kind(session)), *again]


def lesson_choices() -> list[Choice[Lesson | str]]:
    """The shipped lessons."""
    return [Choice("", item.name, item.lesson.about, item.lesson) for item in shipped_lessons()]


def lesson_files() -> LazyRows[Choice[Lesson | str]]:
    """The files of the working directory that are meant as lessons, each read when there is room for it."""
    return LazyRows(files_here, _lesson_file, _slow_file)


def _lesson_file(name: str) -> Choice[Lesson | str] | None:
    """A file to choose, with what it says of itself or what is wrong with it; None if it is no lesson."""
    try:
        lesson = lesson_file(name)
    except LessonFault as fault:
        words = fault.lines[0]
        return Choice("", name, f"Cannot be opened: {words.removeprefix(f'{name}: ')}", words)
    return Choice("", name, lesson.about or lesson.title, lesson) if lesson else None


def _slow_file(name: str) -> Choice[Lesson | str]:
    """What is shown of a file that does not come."""
    words = f"{name} takes long to read: is its disk or network still there?"
    return Choice("", name, words, words)
