"""What the experiments have in common on the command line: options, and the way a result is written."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable
from typing import TypeVar

from tinynet_tui.cli.output import text_writer, write_lines
from tinynet_tui.cli.parser import Parser
from tinynet_tui.cli.progress import progress
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.experiments.watch import Watch

FORMATS = {
    "text": "a table, words and a chart that fit one screen",
    "csv": "a table in full precision",
    "json": "JSON Lines in full precision",
}
"""By the name that --format takes: what each is."""

_Result = TypeVar("_Result")


def add_scale(parser: Parser) -> None:
    """Take --linear and --logarithmic; neither leaves it to the losses."""
    scale = parser.add_mutually_exclusive_group()
    scale.add_argument(
        "--linear",
        dest="logarithmic",
        action="store_false",
        default=None,
        help="draw losses on a linear scale",
    )
    scale.add_argument(
        "--logarithmic", action="store_true", default=None, help="draw losses on a logarithmic scale"
    )


def add_format(parser: Parser) -> None:
    """Take --format, and --ascii or --no-ascii."""
    parser.add_format(FORMATS)
    parser.add_ascii()


def computed(parser: Parser, compute: Callable[[Watch], _Result]) -> _Result:
    """What is computed, with its progress on standard error where it takes long.

    Raises: Fault with the sentence of a ValueError.
    """
    try:
        with progress() as watch:
            return compute(watch)
    except ValueError as error:
        parser.error(str(error))


def write_result(
    arguments: Namespace,
    csv: Callable[[], Iterable[str]],
    json: Callable[[], Iterable[str]],
    page: Callable[[bool], Picture],
) -> None:
    """Write a result in the format that is asked for; the page is told whether it has to be ASCII."""
    match arguments.format:
        case "csv":
            write_lines(csv())
        case "json":
            write_lines(json())
        case _:
            write_lines(page(text_writer(arguments.ascii) is not None).text().splitlines())
