"""The verb train: many updates, as a summary or as a table of every one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace

from tinynet_tui.cli.output import say, text_in_ascii, write_lines
from tinynet_tui.cli.parser import Parser, count, learning_rate, named_lesson
from tinynet_tui.cli.progress import progress, progress_of_output
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.watch import Watch
from tinynet_tui.lessons.schema import Lesson
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
    setups = _setups(setup_of(lesson), arguments.learning_rate)
    if arguments.format == "text":  # all of it comes at the end
        with progress() as watch:
            page = _page(arguments, lesson, setups, watch)
        write_lines(page)
        return 0
    from tinynet_tui.handouts.training_table import csv_lines, json_lines

    lines = {"csv": csv_lines, "json": json_lines}[arguments.format]
    with progress_of_output() as (watch, while_read):
        write_lines(while_read(lines(setups, arguments.updates, arguments.every or 1, watch)))
    return 0


def _page(arguments: Namespace, lesson: Lesson, setups: Sequence[Setup], watch: Watch) -> list[str]:
    from tinynet_tui.drawing.printed_pages import training_page
    from tinynet_tui.teaching.sample_or_batch import titled

    title, ascii = titled(lesson.title, setup_of(lesson)), text_in_ascii(arguments.ascii)
    return training_page(title, setups, arguments.updates, ascii, watch).text().splitlines()


def _setups(setup: Setup, rates: Sequence[float] | None) -> list[Setup]:
    """The setup with each learning rate in turn, each once."""
    return [
        replace(setup, hyperparameters=setup.hyperparameters._replace(learning_rate=rate))
        for rate in dict.fromkeys(rates or (setup.hyperparameters.learning_rate,))
    ]
