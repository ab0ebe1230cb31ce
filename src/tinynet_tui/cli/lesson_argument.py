"""The lesson that a command line names."""

from __future__ import annotations

import sys

from tinynet_tui.cli.faults import Fault
from tinynet_tui.lessons.reading import LessonFault, open_lesson
from tinynet_tui.lessons.schema import Lesson, setup_of


def named_lesson(name: str) -> Lesson:
    """The lesson of a shipped name, of a path, or of standard input.

    Raises: Fault with one line for each thing that is wrong with it.
    """
    if name == "-" and (sys.stdin is None or sys.stdin.closed):
        raise Fault("standard input is closed: there is no lesson to read from it")
    try:
        return open_lesson(name)
    except LessonFault as fault:
        raise Fault(*fault.lines) from fault
    except OSError as error:
        raise Fault(f"{name}: it cannot be read ({error.strerror})") from error


def page_title(lesson: Lesson) -> str:
    """The title of a page about all samples of a lesson."""
    from tinynet_tui.teaching.of_samples import titled  # only pages need it

    return titled(lesson.title, setup_of(lesson))
