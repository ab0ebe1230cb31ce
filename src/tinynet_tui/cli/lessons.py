"""The verb lessons: the shipped lessons, as a list or one as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinynet_tui.cli.output import text_writer, write_lines
from tinynet_tui.cli.parser import Parser, one_of
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lessons, shipped_text

_EXAMPLES = (
    "tinynet-tui lessons",
    "tinynet-tui lessons --show lecture > my-lesson.toml",
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("lessons", "List the shipped lessons, or print one as a file to start from.", _EXAMPLES)
    parser.add_argument("--show", type=one_of(SHIPPED_NAMES), metavar="NAME", help="print this lesson's file")
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Print the list or the file that a command line asks for."""
    arguments = parser().read(words)
    if arguments.show:
        # A lesson file is UTF-8 wherever it is written.
        write_lines(shipped_text(arguments.show).splitlines())
    else:
        written = text_writer(arguments.ascii) or str
        write_lines(map(written, _listing()))
    return 0


def _listing() -> Iterator[str]:
    lessons = shipped_lessons()
    rows = [(row.name, _kind(row.lesson), row.lesson.title) for row in lessons]
    name_width, layers_width = (max(map(len, column)) for column in list(zip(*rows, strict=True))[:2])
    return (f"{name:{name_width}}  {layers:{layers_width}}  {title}" for name, layers, title in rows)


def _kind(lesson: Lesson) -> str:
    """The layers of a network: 2-2-1."""
    return "-".join(map(str, lesson.network.layers)) if lesson.program is None else "formulas"
