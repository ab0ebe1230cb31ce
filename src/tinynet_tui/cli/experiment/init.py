"""The experiment init: the same network from other initial weights, or from many random ones."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from tinynet_tui.cli.experiment.common import add_format, add_scale, computed, write_result
from tinynet_tui.cli.lesson_argument import named_lesson, page_title
from tinynet_tui.cli.output import say
from tinynet_tui.cli.parser import Parser, count, one_of, positive
from tinynet_tui.drawing.experiment_pages import many_starts_page, starts_page
from tinynet_tui.experiments.initial_values import (
    DEFAULT_SEED,
    DEFAULT_UPDATES,
    LAST_SEED,
    RECIPES,
    start_runs,
)
from tinynet_tui.experiments.many_starts import (
    DEFAULT_RECIPE,
    DEFAULT_STARTS,
    DEFAULT_THRESHOLD,
    FIRST_SEED,
    MOST_STARTS,
    many_starts,
)
from tinynet_tui.experiments.many_starts import DEFAULT_UPDATES as MANY_UPDATES
from tinynet_tui.handouts import experiment_csv, experiment_jsonl
from tinynet_tui.lessons.schema import Lesson, setup_of

_EXAMPLES = (
    "tinynet-tui experiment init",
    "tinynet-tui experiment init xor --seed 7 --updates 1000",
    "tinynet-tui experiment init --recipe he --format json",
    f"tinynet-tui experiment init --starts {DEFAULT_STARTS} --recipe {DEFAULT_RECIPE} --threshold 0.001",
)


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser(
        "experiment init",
        "Train a lesson's network from other weights: what became of its neurons.",
        _EXAMPLES,
    )
    parser.add_lesson()
    parser.add_argument(
        "--recipe",
        type=one_of(tuple(RECIPES)),
        metavar="NAME",
        help=f"one of {', '.join(RECIPES)} (default: each; for --starts {DEFAULT_RECIPE})",
    )
    parser.add_argument(
        "--seed",
        type=count(0, LAST_SEED),
        metavar="S",
        help=f"seed of the random weights ({DEFAULT_SEED}), or of the first start ({FIRST_SEED})",
    )
    parser.add_argument(
        "--updates",
        type=count(1),
        metavar="N",
        help=f"number of updates (default: {DEFAULT_UPDATES}; for --starts {MANY_UPDATES})",
    )
    parser.add_argument(
        "--starts",
        type=count(1, MOST_STARTS),
        metavar="N",
        help="number of starts from one recipe, each with the next seed, such as 200",
    )
    parser.add_argument(
        "--threshold",
        type=positive,
        metavar="LOSS",
        help=f"with --starts: count losses below it (default: {DEFAULT_THRESHOLD})",
    )
    add_scale(parser)
    add_format(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Train as a command line asks for, and write what became of it."""
    its_parser = parser()
    arguments = its_parser.read(words)
    if arguments.threshold is not None and arguments.starts is None:
        say("--threshold has no effect without --starts.")
    if arguments.logarithmic is not None and arguments.starts is not None:
        scale = "--logarithmic" if arguments.logarithmic else "--linear"
        say(f"{scale} has no effect with --starts: the bins of its chart are fixed.")
    lesson = named_lesson(arguments.lesson)
    (_one_of_each if arguments.starts is None else _many)(its_parser, arguments, lesson)
    return 0


def _one_of_each(its_parser: Parser, arguments: Namespace, lesson: Lesson) -> None:
    recipes = (arguments.recipe,) if arguments.recipe else tuple(RECIPES)
    updates = arguments.updates or DEFAULT_UPDATES
    seed = DEFAULT_SEED if arguments.seed is None else arguments.seed
    runs = computed(its_parser, lambda watch: start_runs(setup_of(lesson), seed, updates, watch, recipes))
    write_result(
        arguments,
        lambda: experiment_csv.start_lines(runs),
        lambda: experiment_jsonl.start_lines(runs),
        lambda ascii: starts_page(page_title(lesson), runs, ascii, arguments.logarithmic),
    )


def _many(its_parser: Parser, arguments: Namespace, lesson: Lesson) -> None:
    starts = computed(
        its_parser,
        lambda watch: many_starts(
            setup_of(lesson),
            arguments.recipe or DEFAULT_RECIPE,
            arguments.threshold or DEFAULT_THRESHOLD,
            watch,
            arguments.starts,
            arguments.updates or MANY_UPDATES,
            FIRST_SEED if arguments.seed is None else arguments.seed,
        ),
    )
    write_result(
        arguments,
        lambda: experiment_csv.many_starts_lines(starts),
        lambda: experiment_jsonl.many_starts_lines(starts),
        lambda ascii: many_starts_page(page_title(lesson), starts, ascii),
    )
