"""The verb trace: every step of the first updates."""

from __future__ import annotations

from collections.abc import Sequence

from tinynet_tui.cli.lesson_argument import named_lesson
from tinynet_tui.cli.output import data_writer, text_writer, write_lines
from tinynet_tui.cli.parser import Parser
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.lessons.schema import setup_of

_EXAMPLES = (
    "tinynet-tui trace",
    "tinynet-tui trace mazur --updates 3 > mazur.txt",
    "tinynet-tui trace lecture --format json | head -1",
    "tinynet-tui trace --format python > by_hand.py && python by_hand.py",
    "tinynet-tui trace - < my-lesson.toml",
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("trace", "Print every step of a lesson's first updates.", _EXAMPLES)
    parser.add_lesson()
    parser.add_updates(1)
    parser.add_format({name: format.about for name, format in FORMATS.items()})
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Print the trace that a command line asks for."""
    arguments = parser().read(words)
    setup = setup_of(named_lesson(arguments.lesson))
    format = FORMATS[arguments.format]
    writer = data_writer if format.is_data else text_writer
    write_lines(format.lines(setup, arguments.updates, writer(arguments.ascii)))
    return 0
