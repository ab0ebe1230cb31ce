"""The verb experiment: many trainings side by side, as charts and words or as data."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from tinynet_tui.cli.faults import PROGRAM
from tinynet_tui.cli.output import say, text_in_ascii, write_lines
from tinynet_tui.cli.parser import Parser, Word, named_lesson, quoted
from tinynet_tui.cli.progress import progress
from tinynet_tui.drawing.printed_pages import printed_picture
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments import table
from tinynet_tui.experiments.experiment_rows import Experiment, Flag, Inputs, Topic
from tinynet_tui.handouts.records import csv_line, json_line
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.teaching.sample_or_batch import titled

FORMATS = {
    "text": "a table, words and a chart that fit one screen",
    "csv": "a table in full precision",
    "json": "JSON Lines in full precision",
}
"""By the name that --format takes: what each is."""

_EXAMPLES = (
    "tinynet-tui experiment rates",
    "tinynet-tui experiment rates xor --learning-rate 0.1 1 10 --updates 1000",
    "tinynet-tui experiment init --starts 200 --recipe he",
    "tinynet-tui experiment dead dead-relu --parameter b1",
    "tinynet-tui experiment sensitivity --parameter w5 --by 0.1",
)


def topics() -> dict[str, Topic]:
    """The topics by the word that the command line has for each."""
    return {row.topic.verb: row.topic for row in table.EXPERIMENTS}


def parser() -> Parser:
    """The parser of the words up to the topic."""
    parser = Parser("experiment", "Try one thing after another on a lesson's network.", _EXAMPLES)
    parser.usage = f"{PROGRAM} experiment EXPERIMENT [LESSON] [options]"
    width = max(map(len, topics()))
    rows = (f"  {name:{width}}  {topic.about}" for name, topic in topics().items())
    parser.epilog = "\n".join(("experiments, each with its own --help:", *rows, "", str(parser.epilog)))
    return parser


def topic_parser(topic: Topic) -> Parser:
    """The parser of the words after a topic: what its experiments ask for, and how the result is written."""
    parser = Parser(f"experiment {topic.verb}", topic.description, topic.examples)
    parser.add_lesson()
    for flag in _flags(topic).values():
        if flag.read is None:
            parser.add_argument(flag.name, action="store_const", const=True, help=flag.help)
        else:
            nargs, metavar = "+" if flag.several else None, flag.metavar
            parser.add_argument(flag.name, type=Word(flag.read), nargs=nargs, metavar=metavar, help=flag.help)
    if any(not row.scale.why_fixed for row in _experiments(topic)):
        scale = parser.add_mutually_exclusive_group()
        for name in ("linear", "logarithmic"):
            scale.add_argument(
                f"--{name}", action="store_const", const=True, help=f"draw losses on a {name} scale"
            )
    parser.add_format(FORMATS)
    parser.add_ascii()
    return parser


def run(words: Sequence[str]) -> int:
    """Do the experiment that a command line names."""
    name, *rest = words or ("",)
    if name in topics():
        return _run(topics()[name], rest)
    if name in ("-h", "--help"):
        parser().read(["--help"])
    names = ", ".join(topics())
    wrong = f"{quoted(name)} is not an experiment: " if name else ""
    raise Refusal(
        f"{wrong}name one of {names}",
        f"`{PROGRAM} experiment --help` shows how it is used.",
    )


def _run(topic: Topic, words: Sequence[str]) -> int:
    its_parser = topic_parser(topic)
    arguments = its_parser.read(words)
    row = _asked_for(topic, arguments)
    for idle in row.special.idle:
        if _given(arguments, idle.flag) is not None and arguments.format in (idle.formats or FORMATS):
            say(f"{idle.flag} {idle.why}")
    lesson = named_lesson(arguments.lesson)
    try:
        with progress() as watch:
            result = row.compute(_inputs(row, setup_of(lesson), arguments), watch)
    except ValueError as error:
        its_parser.error(str(error))
    match arguments.format:
        case "csv":
            write_lines(map(csv_line, row.columns(result)))
        case "json":
            write_lines(map(json_line, row.objects(result)))
        case "text":
            printed = row.printed(result, titled(lesson.title, setup_of(lesson)), _logarithmic(arguments))
            ascii = text_in_ascii(arguments.ascii)
            write_lines(printed_picture(printed, ascii).text().splitlines())
    return 0


def _experiments(topic: Topic) -> list[Experiment[Any]]:
    return [row for row in table.EXPERIMENTS if row.topic.verb == topic.verb]


def _flags(topic: Topic) -> dict[str, Flag]:
    """The flags of a topic's experiments; of one that several have, the last has the help."""
    flags = [topic.choice.flag]
    for row in _experiments(topic):
        flags += [*(option.flag for option in row.options), row.asked_by]
    return {flag.name: flag for flag in flags if flag is not None}


def _asked_for(topic: Topic, arguments: Namespace) -> Experiment[Any]:
    """The experiment whose flag is given, or else the one that needs none."""
    rows = _experiments(topic)
    by_flag = [row for row in rows if row.asked_by and _given(arguments, row.asked_by.name) is not None]
    return next(iter(by_flag), next(row for row in rows if row.asked_by is None))


def _given(arguments: Namespace, flag: str) -> Any:
    """What is given with a flag; None: nothing."""
    return getattr(arguments, flag.removeprefix("--").replace("-", "_"), None)


def _inputs(row: Experiment[Any], setup: Setup, arguments: Namespace) -> Inputs:
    """What an experiment is done with; what is not given has its default."""
    values = {
        option.name: _given(arguments, option.flag.name) for option in row.options if option.flag is not None
    }
    given = tuple(
        (name, tuple(dict.fromkeys(value)) if isinstance(value, list) else value)
        for name, value in values.items()
        if value is not None
    )
    choice, nothing_chosen = row.topic.choice, Inputs(row.name, setup, given, "")
    chosen = _given(arguments, choice.flag.name) if choice.flag is not None else None
    if chosen is None and row.computes_choice:
        names = choice.names(nothing_chosen)
        chosen = names[choice.first(names, "")] if names else ""
    return Inputs(row.name, setup, given, chosen or "")


def _logarithmic(arguments: Namespace) -> bool | None:
    """Whether losses are to be on a logarithmic scale; None leaves it to them."""
    return False if _given(arguments, "--linear") else _given(arguments, "--logarithmic") or None
