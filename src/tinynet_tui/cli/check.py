"""The verb check: an update's gradients against differences of the loss, and against other frameworks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tinynet_tui.cli.faults import FAILED
from tinynet_tui.cli.output import data_in_ascii, text_writer, write_lines
from tinynet_tui.cli.parser import Parser, count, named_lesson
from tinynet_tui.cli.progress import progress
from tinynet_tui.frameworks.check_report import json_lines, text_lines
from tinynet_tui.frameworks.gradient_check import CheckResult, checks
from tinynet_tui.lessons.setup import setup_of

FORMATS = {
    "text": "a table of the greatest differences",
    "json": "JSON Lines, one object for each judge",
}
"""By the name that --format takes: what each is."""

_EXAMPLES = (
    "tinynet-tui check",
    "tinynet-tui check xor --time-limit 10",
    "tinynet-tui check mazur --format json",
    "tinynet-tui check - < my-lesson.toml",
)
_TIME_LIMIT = 60


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "check",
        "Check a lesson's first update: every gradient against differences of the loss,\n"
        "and gradients and new parameters against PyTorch, Keras and JAX, where they are\n"
        "installed. Exit status 1: there is a difference that rounding does not explain,\n"
        "or a framework that is installed gives no answer.",
        _EXAMPLES,
    )
    parser.add_lesson()
    parser.add_argument(
        "--time-limit",
        type=count(1, 86_400),
        default=_TIME_LIMIT,
        metavar="SECONDS",
        help=f"seconds for each judge (default: {_TIME_LIMIT})",
    )
    parser.add_format(FORMATS)
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Check the lesson that a command line names."""
    arguments = parser().read(words)
    lesson = named_lesson(arguments.lesson)
    setup = setup_of(lesson)
    seen = list[CheckResult]()
    found = _kept(checks(setup, arguments.time_limit, progress), seen)
    if arguments.format == "json":
        write_lines(json_lines(found, ascii=data_in_ascii(arguments.ascii)))
    else:
        lines = text_lines(lesson.title, len(setup.parameters), found)
        write_lines(map(text_writer(arguments.ascii), lines))
    return FAILED if any(result.status in ("differs", "no answer") for result in seen) else 0


def _kept(found: Iterable[CheckResult], seen: list[CheckResult]) -> Iterator[CheckResult]:
    """The same results; each is kept in `seen`, too."""
    for result in found:
        seen.append(result)
        yield result
