"""The verb train: many updates, as a summary or as a table of every one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace

from tinynet_tui.cli.output import say, text_in_ascii, write_lines
from tinynet_tui.cli.parser import Parser, count, learning_rate, named_lesson
from tinynet_tui.cli.progress import progress, progress_of_output
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.long_work import Watch
from tinynet_tui.lessons.setup import setup_of

_EXAMPLES = (
    "tinynet-tui train",
    "tinynet-tui train lecture --updates 25 --learning-rate 0.005 0.01 0.1 0.25",
    "tinynet-tui train xor --updates 5000 --format csv --every 100 > xor.csv",
    "tinynet-tui train - --format json < my-lesson.toml",
)
FORMATS = {
    "text": "a summary and a chart that fit one screen",
    "csv": "a table, one row for each update",
    "json": "JSON Lines, one object for each update",
}
"""By the name that --format takes: what each is."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("train", "Train a lesson's network, and say what became of its loss.", _EXAMPLES)
    parser.add_lesson()
    parser.add_updates(100, least=0)
    parser.add_argument(
        "--learning-rate",
        type=learning_rate,
        nargs="+",
        metavar="RATE",
        help="one run with each of these (default: the lesson's own)",
    )
    parser.add_format(FORMATS)
    parser.add_argument(
        "--every",
        type=count(1),
        metavar="K",
        help="json and csv print update 0, every K-th, and the last (default: 1)",
    )
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Train as a command line asks for, and print what it wants to see."""
    arguments = parser().read(words)
    if arguments.format == "text" and arguments.every is not None:
        say("--every has no effect on text, which is a summary of all updates.")
    lesson = named_lesson(arguments.lesson)
    setup = setup_of(lesson)
    # One that is named twice is taken once.
    rates = tuple(dict.fromkeys(arguments.learning_rate or (setup.hyperparameters.learning_rate,)))
    if arguments.format == "text":  # all of it comes at the end
        with progress() as watch:
            page = _page(arguments, lesson.title, setup, rates, watch)
        write_lines(page)
        return 0
    from tinynet_tui.handouts.training_table import csv_lines, json_lines

    numbers = setup.hyperparameters
    setups = [replace(setup, hyperparameters=numbers._replace(learning_rate=rate)) for rate in rates]
    lines = {"csv": csv_lines, "json": json_lines}[arguments.format]
    with progress_of_output() as (watch, while_read):
        write_lines(while_read(lines(setups, arguments.updates, arguments.every or 1, watch)))
    return 0


def _page(arguments: Namespace, title: str, setup: Setup, rates: Sequence[float], watch: Watch) -> list[str]:
    from tinynet_tui.drawing.printed_pages import printed_picture
    from tinynet_tui.experiments.learning_rates import training_printed
    from tinynet_tui.teaching.sample_or_batch import titled

    printed = training_printed(titled(title, setup), setup, rates, arguments.updates, watch)
    return printed_picture(printed, text_in_ascii(arguments.ascii)).text().splitlines()
