"""The experiment rates: the same network with several learning rates, or with many."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from tinynet_tui.cli.experiment.common import add_format, add_scale, computed, write_result
from tinynet_tui.cli.lesson_argument import named_lesson, page_title
from tinynet_tui.cli.output import say
from tinynet_tui.cli.parser import Parser, learning_rate
from tinynet_tui.drawing.experiment_pages import rate_finder_page, rates_page
from tinynet_tui.experiments.learning_rates import (
    DEFAULT_RATES,
    DEFAULT_UPDATES,
    MOST_RATES,
    default_rates,
    rate_runs,
)
from tinynet_tui.experiments.rate_finder import HIGHEST, LOWEST, STEPS, rate_sweep
from tinynet_tui.handouts import experiment_csv, experiment_jsonl
from tinynet_tui.lessons.schema import Lesson, setup_of

_EXAMPLES = (
    "tinynet-tui experiment rates",
    "tinynet-tui experiment rates lecture-row-2 --updates 50 --logarithmic",
    "tinynet-tui experiment rates xor --learning-rate 0.1 1 10 --format csv",
    "tinynet-tui experiment rates --find",
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "experiment rates",
        "Train a lesson's network with several learning rates, and say what each run did.",
        _EXAMPLES,
    )
    parser.add_lesson()
    rates = " ".join(f"{rate:g}" for rate in DEFAULT_RATES)
    parser.add_argument(
        "--learning-rate",
        type=learning_rate,
        nargs="+",
        metavar="RATE",
        help=f"one run with each of these, at most {MOST_RATES} (default: {rates} and the lesson's own)",
    )
    parser.add_updates(DEFAULT_UPDATES)
    parser.add_argument(
        "--find",
        action="store_true",
        help=f"the rate finder: {STEPS} learning rates from {LOWEST:g} to {HIGHEST:g}, "
        "and the loss at the end of each",
    )
    add_scale(parser)
    add_format(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Train as a command line asks for, and write what became of it."""
    its_parser = parser()
    arguments = its_parser.read(words)
    if arguments.find and arguments.learning_rate:
        say(f"--learning-rate has no effect with --find, which tries {STEPS} of its own.")
    lesson = named_lesson(arguments.lesson)
    (_find if arguments.find else _run)(its_parser, arguments, lesson)
    return 0


def _run(its_parser: Parser, arguments: Namespace, lesson: Lesson) -> None:
    rates = tuple(dict.fromkeys(arguments.learning_rate or default_rates(setup_of(lesson))))
    runs = computed(its_parser, lambda watch: rate_runs(setup_of(lesson), rates, arguments.updates, watch))
    write_result(
        arguments,
        lambda: experiment_csv.rate_lines(runs),
        lambda: experiment_jsonl.rate_lines(runs),
        lambda ascii: rates_page(page_title(lesson), runs, ascii, arguments.logarithmic),
    )


def _find(its_parser: Parser, arguments: Namespace, lesson: Lesson) -> None:
    sweep = computed(its_parser, lambda watch: rate_sweep(setup_of(lesson), arguments.updates, watch))
    write_result(
        arguments,
        lambda: experiment_csv.rate_sweep_lines(sweep),
        lambda: experiment_jsonl.rate_sweep_lines(sweep),
        lambda ascii: rate_finder_page(page_title(lesson), sweep, ascii, arguments.logarithmic),
    )
