"""The verb experiment: many trainings side by side, as charts and words or as data."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import cast

from tinynet_tui.cli import Verb
from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.parser import Parser, quoted

EXPERIMENTS = {
    "rates": "learning rates side by side, or the rate finder",
    "init": "initial weights side by side, or many random starts",
    "dead": "the bias of a ReLU neuron swept, and the cliff where it dies",
    "sensitivity": "what each parameter does to the loss and to the output",
}
"""By name what each is about; each is a module of this package with a function `run`."""

_EXAMPLES = (
    "tinynet-tui experiment rates",
    "tinynet-tui experiment rates xor --learning-rate 0.1 1 10 --updates 1000",
    "tinynet-tui experiment init --starts 200 --recipe he",
    "tinynet-tui experiment dead dead-relu --parameter b1",
    "tinynet-tui experiment sensitivity --parameter w5 --by 0.1",
)


def parser() -> Parser:
    """The parser of the words up to the experiment's name."""
    parser = Parser("experiment", "Try one thing after another on a lesson's network.", _EXAMPLES)
    parser.usage = f"{PROGRAM} experiment EXPERIMENT [LESSON] [options]"
    width = max(map(len, EXPERIMENTS))
    rows = (f"  {name:{width}}  {about}" for name, about in EXPERIMENTS.items())
    parser.epilog = "\n".join(("experiments, each with its own --help:", *rows, "", str(parser.epilog)))
    return parser


def run(words: Sequence[str]) -> int:
    """Do the experiment that a command line names."""
    name, *rest = words or ("",)
    if name in EXPERIMENTS:
        return cast(Verb, import_module(f"{__name__}.{name}")).run(rest)
    if name in ("-h", "--help"):
        parser().read(["--help"])
    names = ", ".join(EXPERIMENTS)
    wrong = f"{quoted(name)} is not an experiment: " if name else ""
    raise Fault(
        f"{PROGRAM} experiment: {wrong}name one of {names}",
        f"`{PROGRAM} experiment --help` shows how it is used.",
    )
