"""The verb trace: every step of the first updates."""

from __future__ import annotations

from collections.abc import Sequence

from tinynet_tui.cli.lesson_argument import named_lesson
from tinynet_tui.cli.output import data_writer, text_writer, write_lines
from tinynet_tui.cli.parser import Parser, count, student_name
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.session.session import DIGITS

_EXAMPLES = (
    "tinynet-tui trace",
    "tinynet-tui trace mazur --updates 3 > mazur.txt",
    "tinynet-tui trace lecture --format json | head -1",
    "tinynet-tui trace --format python > by_hand.py && python by_hand.py",
    "tinynet-tui trace xor --format latex > xor.tex && pdflatex xor",
    'tinynet-tui trace --format html --blank --name "Ada Lovelace" > ada.html',
    "tinynet-tui trace - < my-lesson.toml",
)

_FOR_PAPER = ", ".join(name for name, format in FORMATS.items() if format.is_for_paper)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("trace", "Print every step of a lesson's first updates.", _EXAMPLES)
    parser.add_lesson()
    parser.add_updates(1)
    parser.add_format({name: format.about for name, format in FORMATS.items()})
    blanks = parser.add_mutually_exclusive_group()
    blanks.add_argument(
        "--blank",
        action="store_const",
        const=1,
        dest="blank_every",
        help=f"leave every result out: a worksheet ({_FOR_PAPER})",
    )
    blanks.add_argument(
        "--blank-every",
        type=count(1),
        dest="blank_every",
        metavar="N",
        help="leave out the result of every N-th step; the numbering stays",
    )
    parser.add_argument("--name", type=student_name, metavar="NAME", help="put a student's name on it")
    parser.add_decimals()
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Print the trace that a command line asks for."""
    own = parser()
    arguments = own.read(words)
    format = FORMATS[arguments.format]
    asked = {
        "--blank and --blank-every": arguments.blank_every,
        "--name": arguments.name,
    }
    for option, value in asked.items():
        if value is not None and not format.is_for_paper:
            own.error(f"{option}: {arguments.format} is not for paper; the formats that are: {_FOR_PAPER}")
    if arguments.decimals is not None and not format.is_for_paper:
        own.error(f"--decimals: {arguments.format} has every number in full; it is for {_FOR_PAPER}")
    lesson = named_lesson(arguments.lesson)
    sheet = Sheet(
        lesson, arguments.updates, arguments.blank_every, arguments.name or "", arguments.decimals or DIGITS
    )
    writer = data_writer if format.is_data else text_writer
    write_lines(format.lines(sheet, writer(arguments.ascii)))
    return 0
