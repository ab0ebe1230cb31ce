"""What an update costs at this size: in the loop used here, in plain Python and in each framework.

As a program, `python -m tinynet_tui.frameworks.costs`, it reads a lesson and prints cost after cost.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from textwrap import indent
from time import perf_counter
from typing import TextIO

from tinynet_tui.engine.model import Model, Setup
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.frameworks.own_process import hold_on_to
from tinynet_tui.handouts import keras, python, pytorch
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of

_LONG_ENOUGH = 0.2
"""Seconds: so long have updates to take together before the time of one is told."""
_ROUNDS = 3

_HANDOUTS = {"plain Python step by step": python.lines, "PyTorch": pytorch.lines, "Keras": keras.lines}
"""Whose scripts do an update where."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an update costs somewhere."""

    place: str
    """"plain Python step by step", "PyTorch"."""
    seconds: float | None
    """None where it could not be measured."""
    fault: str = ""
    """Why it could not, such as how to install what is missing."""


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of an update, as far as they are measured."""

    model: Model
    samples: int
    """In the data."""
    batch: int
    """How many of them at a time."""
    found: tuple[Cost, ...] = ()
    has_ended: bool = False
    """No more will come: everything is measured, it took too long, or it was stopped."""

    def fits(self, setup: Setup) -> bool:
        """Whether these are the costs of a setup's updates: they depend on its size, not on its numbers."""
        return (self.model, self.samples, self.batch) == (setup.model, len(setup.inputs), setup.batch)


def costs(setup: Setup) -> Iterator[Cost]:
    """The cost of an update in each place, measured when it is asked for."""
    start = first_point(setup)
    yield Cost("the loop used here", _seconds_per_update(lambda updates: trained(setup, start, updates)))
    yield from (_cost(place, setup) for place in _HANDOUTS)


def _cost(place: str, setup: Setup) -> Cost:
    needed = next((framework for framework in FRAMEWORKS if framework.name == place), None)
    if needed is not None and not needed.is_installed:
        return Cost(place, None, f"not installed: {needed.install}")
    lines = _HANDOUTS[place]
    try:
        seconds = _seconds_per_update(lambda updates: silent("\n".join(lines(setup, updates)))())
    except Exception as error:  # whatever a framework does, the others are still told
        return Cost(place, None, f"failed: {type(error).__name__}")
    return Cost(place, seconds)


def _seconds_per_update(train: Callable[[int], object]) -> float:
    """The least of some rounds, without what is done once for any number of updates."""

    def seconds(updates: int) -> float:
        begin = perf_counter()
        train(updates)
        return perf_counter() - begin

    seconds(2)  # whatever is loaded or compiled only once
    updates = 10
    while (together := seconds(updates) - seconds(2)) < _LONG_ENOUGH:
        updates *= 4
    rounds = (seconds(updates) - seconds(2) for _ in range(_ROUNDS - 1))
    return min(together, *rounds) / (updates - 2)


def silent(source: str) -> Callable[[], object]:
    """A script as a function, without what it prints: that would take longer than its work."""
    quiet = _WithoutPrinting().visit(ast.parse(source))
    scope: dict[str, Callable[[], object]] = {}
    body = indent(ast.unparse(quiet), "    ")
    exec(compile(f"def script():\n{body}", "<a handout>", "exec"), scope)
    return scope["script"]


class _WithoutPrinting(ast.NodeTransformer):
    """Puts nothing in the place of a print(…) that is a line of its own, and of a loop that only prints."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """A statement that is an expression: pass for one that prints."""
        match node.value:
            case ast.Call(func=ast.Name("print")):
                return ast.Pass()
        return node

    def visit_For(self, node: ast.For) -> ast.stmt:
        """A loop: pass for one in which nothing is left."""
        self.generic_visit(node)
        return ast.Pass() if all(isinstance(line, ast.Pass) for line in node.body) else node


def main(lesson: str, out: TextIO) -> None:
    """Write each cost of a lesson's updates as a line of JSON when it is measured."""
    for cost in costs(setup_of(parse_lesson(lesson, "the lesson", is_kept=True))):
        print(json.dumps(asdict(cost)), file=out, flush=True)


if __name__ == "__main__":
    for lifeline in sys.argv[1:]:
        hold_on_to(int(lifeline))
    # Whatever a framework prints goes to standard error, not among the lines of JSON.
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    main(sys.stdin.read(), told)
