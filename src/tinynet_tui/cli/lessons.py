"""The verb lessons: the shipped lessons, as a list or one as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tinynet_tui.cli.output import say, text_writer, write_lines
from tinynet_tui.cli.parser import Parser, one_of
from tinynet_tui.cli.progress import progress
from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.experiments.long_work import point_after
from tinynet_tui.lessons.expecting import Outcome, outcomes
from tinynet_tui.lessons.reading import LessonFault, open_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lessons, shipped_text
from tinynet_tui.safety.foreign_text import printable

_EXAMPLES = (
    "tinynet-tui lessons",
    "tinynet-tui lessons --show lecture > my-lesson.toml",
    "tinynet-tui lessons --check my-lesson.toml",
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("lessons", "List the shipped lessons, or print one as a file to start from.", _EXAMPLES)
    parser.add_argument("--show", type=one_of(SHIPPED_NAMES), metavar="NAME", help="print this lesson's file")
    parser.add_argument(
        "--check",
        nargs="+",
        metavar="FILE",
        help="read these lessons, and compare each [[expect]] with its step",
    )
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Print the list or the file that a command line asks for."""
    arguments = parser().read(words)
    if arguments.check:
        return _check(arguments.check, text_writer(arguments.ascii))
    if arguments.show:
        # A lesson file is UTF-8 wherever it is written.
        write_lines(shipped_text(arguments.show).splitlines())
    else:
        written = text_writer(arguments.ascii)
        write_lines(map(written, _listing()))
    return 0


def _check(names: Sequence[str], written: Callable[[str], str]) -> int:
    """Say of each lesson whether it can be used and gives what it expects; the exit status."""
    status = 0
    for name in names:
        try:
            lesson = open_lesson(name)
        except LessonFault as fault:
            say(*fault.lines)
            status = 2
            continue
        with progress() as watch:
            found = list(outcomes(lesson, partial(point_after, watch=watch)))
        missed = [outcome for outcome in found if not outcome.is_met]
        shown_name = printable(name)
        write_lines(map(written, (f"{shown_name}: {line}" for line in _outcome_lines(found, missed))))
        status = status or bool(missed)
    return int(status)


def _outcome_lines(found: Sequence[Outcome], missed: Sequence[Outcome]) -> Iterator[str]:
    for outcome in missed:
        expected, value = outcome.expected, outcome.value
        at = f"{expected.step} in update {expected.update}"
        came = "is no step there" if value is None else f"is {number_text(value)}"
        yield f"{outcome.place}: {at} {came}, expected {number_text(expected.value)}"
    count = len(found)
    if not count:
        yield "can be used; it expects nothing"
    elif not missed:
        yield f"as expected at {count} step{'s' if count > 1 else ''}"
    else:
        yield f"as expected at {count - len(missed)} of {count} steps"


def _listing() -> Iterator[str]:
    lessons = shipped_lessons()
    rows = [(row.name, _kind(row.lesson), row.lesson.title) for row in lessons]
    name_width, layers_width = (max(map(len, column)) for column in list(zip(*rows, strict=True))[:2])
    return (f"{name:{name_width}}  {layers:{layers_width}}  {title}" for name, layers, title in rows)


def _kind(lesson: Lesson) -> str:
    """The layers of a network: 2-2-1."""
    return "-".join(map(str, lesson.network.layers)) if lesson.program is None else "formulas"
