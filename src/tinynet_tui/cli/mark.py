"""The verb mark: what answers on paper are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from shlex import quote
from typing import get_args

from tinynet_tui.cli import VERBS
from tinynet_tui.cli.faults import FAILED, PROGRAM, Fault
from tinynet_tui.cli.file_or_input import bytes_of, source_of
from tinynet_tui.cli.output import WIDTH, say, text_writer, write_lines
from tinynet_tui.cli.parser import DEFAULT_LESSON, Parser, named_lesson
from tinynet_tui.drawing.signs import wrap
from tinynet_tui.handouts.markdown import SUMMARY
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.prediction.judgement import AnswerVerdict
from tinynet_tui.prediction.marking import Mark, marks, paper_answers, worksheet_title
from tinynet_tui.safety.foreign_text import printable
from tinynet_tui.session.commands import start

_EXAMPLES = (
    "tinynet-tui trace --format markdown --blank > worksheet.md",
    "tinynet-tui mark worksheet.md",
    "tinynet-tui mark answers.txt mazur",
    'echo "dL/dw5 = 1.5" | tinynet-tui mark -',
)
_ABOUT = """Mark answers on paper: a Markdown worksheet that was filled in, or lines such as
dL/dw5 = 1.5, with names as in a trace; a parameter's own name is its new value.
A rounded answer needs two significant digits. Of a wrong one the likely mistake
is named, or the wrong answer that it follows from. The exit status is 1 where
something is wrong, 2 where an answer cannot be read; the others are marked."""


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
    source = source_of(arguments.file)
    text = _text(arguments.file, source)
    title = worksheet_title(text)
    name = _lesson_called(title) if arguments.lesson is None else arguments.lesson
    lesson = named_lesson(name)
    session = start(lesson)
    paper = paper_answers(session, text)
    marked = list(marks(session, paper.answers, _opening(name)))
    written = text_writer(arguments.ascii)
    write_lines(written(mark.line) for mark in marked)
    if paper.faults:
        say(*LessonFault(source, paper.faults).lines)
    if title and title != lesson.title:  # said before all marks, it would be gone from a small screen
        say(f"The worksheet is of “{title}”; it is marked as “{lesson.title}”.")
    if marked:
        say(*map(written, _closing(marked, paper.blanks, has_summary=SUMMARY in text)))
    wrong = any(mark.verdict == "wrong" for mark in marked)
    return LessonFault.status if paper.faults else FAILED if wrong else 0


def _closing(marked: Sequence[Mark], blanks: int, has_summary: bool) -> Iterator[str]:
    """How many are right, which are wrong, and the first once more: from a small screen it is gone."""
    counts = Counter(mark.verdict for mark in marked)
    line = ", ".join(f"{counts[verdict]} {verdict}" for verdict in get_args(AnswerVerdict))
    line += f", {blanks} left blank" if blanks else ""
    summary = " The summary at its end is not marked." if has_summary else ""
    wrong = [mark for mark in marked if mark.verdict == "wrong"]
    if not wrong:
        yield f"{line}.{summary}"
        return
    times, first = Counter(mark.answer.name for mark in wrong), [mark.answer for mark in wrong[:_NAMED]]
    names = [f"{found.name} = {found.text}" if times[found.name] > 1 else found.name for found in first]
    more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
    yield from wrap(f"{line}: {', '.join(names)}{more}.{summary}", WIDTH)
    yield f"The first: {wrong[0].line}"


_NAMED = 8
"""Wrong answers that are named at the end."""


def _opening(lesson: str) -> str:
    """The command that opens a lesson; of one that is called like a verb or an option, as a path."""
    is_path = lesson in VERBS or (lesson.startswith("-") and lesson != "-")
    return f"{PROGRAM} {quote(f'./{lesson}' if is_path else lesson)}"


def _lesson_called(title: str) -> str:
    """The name of the shipped lesson of a title, or else of the one that opens where none is named."""
    rows = shipped_lessons() if title else ()  # which are read and checked one by one
    return next((row.name for row in rows if title == row.lesson.title), DEFAULT_LESSON)


def _text(file: str, source: str) -> str:
    """The text of the answers. Raises: Fault when it cannot be read, or is too large."""
    raw = bytes_of(file)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Fault(f"{printable(source)}: line {line}: not UTF-8; must be saved as UTF-8") from None
