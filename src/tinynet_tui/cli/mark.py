"""The verb mark: what answers on paper are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tinynet_tui.cli.faults import FAILED, Fault
from tinynet_tui.cli.file_or_input import bytes_of
from tinynet_tui.cli.output import say, text_writer, write_lines
from tinynet_tui.cli.parser import DEFAULT_LESSON, Parser, named_lesson
from tinynet_tui.lessons.faults import printable
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.prediction.marking import Mark, marks, paper_answers, worksheet_title
from tinynet_tui.session.commands import start

_EXAMPLES = (
    "tinynet-tui trace --format markdown --blank > worksheet.md",
    "tinynet-tui mark worksheet.md",
    "tinynet-tui mark answers.txt mazur",
    'echo "dL/dw5 = 1.5" | tinynet-tui mark -',
)
_ABOUT = """Mark answers on paper: a Markdown worksheet that was filled in, or lines such as
dL/dw5 = 1.5, with names as in a trace; a parameter's own name is its new value.
A rounded answer needs two significant digits. Of the first wrong one the likely
mistake is named. The exit status is 1 where something is wrong."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("mark", _ABOUT, _EXAMPLES)
    parser.add_argument("file", metavar="FILE", help="the answers; - for standard input")
    parser.add_lesson(default=None)
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Mark what a command line names."""
    own = parser()
    arguments = own.read(words)
    if arguments.file == arguments.lesson == "-":
        own.error("FILE and LESSON cannot both come from standard input")
    source = "standard input" if arguments.file == "-" else arguments.file
    text = _text(arguments.file, source)
    lesson = named_lesson(arguments.lesson) if arguments.lesson else _lesson_of(worksheet_title(text))
    if (title := worksheet_title(text)) and title != lesson.title:
        say(f"The worksheet is of “{title}”; it is marked as “{lesson.title}”.")
    session = start(lesson)
    answers = paper_answers(session, text, source)
    counts = Counter[str]()
    written = text_writer(arguments.ascii)
    write_lines(written(_counted(mark, counts)) for mark in marks(session, answers))
    summary = " The summary at its end is not marked." if title else ""
    say(
        ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("right", "rounded", "wrong")) + f".{summary}"
    )
    return FAILED if counts["wrong"] else 0


def _lesson_of(title: str) -> Lesson:
    """The shipped lesson of a title, or else the one that opens where none is named."""
    if title:
        for row in shipped_lessons():
            if row.lesson.title == title:
                return row.lesson
    return named_lesson(DEFAULT_LESSON)


def _counted(mark: Mark, counts: Counter[str]) -> str:
    counts[mark.verdict] += 1
    return mark.line


def _text(file: str, source: str) -> str:
    """The text of the answers. Raises: Fault when it cannot be read, or is too large."""
    raw = bytes_of(file, source)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Fault(f"{printable(source)}: line {line}: not UTF-8; must be saved as UTF-8") from None
