"""The experiment sensitivity: what every parameter does to the loss and to the output, or one of them."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from tinynet_tui.cli.experiment.common import add_format, computed, write_result
from tinynet_tui.cli.lesson_argument import named_lesson, page_title
from tinynet_tui.cli.output import say
from tinynet_tui.cli.parser import Parser, any_number, parameter_name
from tinynet_tui.drawing.experiment_pages import influences_page, slice_page
from tinynet_tui.experiments.sensitivity import DEFAULT_NUDGE, influences, loss_slice, nudge
from tinynet_tui.handouts import experiment_csv, experiment_jsonl
from tinynet_tui.lessons.schema import Lesson, setup_of

_EXAMPLES = (
    "tinynet-tui experiment sensitivity",
    "tinynet-tui experiment sensitivity --parameter w5 --by 0.1",
    "tinynet-tui experiment sensitivity mazur --format csv",
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "experiment sensitivity",
        "Show what each parameter does to loss and output, or the loss along one.",
        _EXAMPLES,
    )
    parser.add_lesson()
    parser.add_argument(
        "--parameter", type=parameter_name, metavar="NAME", help="the loss along this one, such as w5"
    )
    parser.add_argument(
        "--by",
        type=any_number,
        metavar="NUMBER",
        help=f"how far to nudge it (default: {DEFAULT_NUDGE})",
    )
    add_format(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Write what parameters do, or the one that a command line names."""
    its_parser = parser()
    arguments = its_parser.read(words)
    if arguments.by is not None and arguments.parameter is None:
        say("--by has no effect without --parameter.")
    elif arguments.by is not None and arguments.format == "csv":
        say("--by has no effect with --format csv, which has only the loss along the parameter.")
    lesson = named_lesson(arguments.lesson)
    (_all if arguments.parameter is None else _one)(its_parser, arguments, lesson)
    return 0


def _all(its_parser: Parser, arguments: Namespace, lesson: Lesson) -> None:
    found = computed(its_parser, lambda watch: influences(setup_of(lesson), watch))
    write_result(
        arguments,
        lambda: experiment_csv.influence_lines(found),
        lambda: experiment_jsonl.influence_lines(found),
        lambda ascii: influences_page(page_title(lesson), found, ascii),
    )


def _one(its_parser: Parser, arguments: Namespace, lesson: Lesson) -> None:
    setup, by = setup_of(lesson), DEFAULT_NUDGE if arguments.by is None else arguments.by
    along = computed(its_parser, lambda _watch: loss_slice(setup, arguments.parameter))
    nudged = nudge(setup, arguments.parameter, by)
    write_result(
        arguments,
        lambda: experiment_csv.slice_lines(along),
        lambda: experiment_jsonl.slice_lines(along, nudged),
        lambda ascii: slice_page(page_title(lesson), along, nudged, ascii),
    )
