"""What scripts share: their title, their numbers, the batches of their updates, a parameter's place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from textwrap import indent

from tinynet_tui.engine.model import Model, Rows, Setup, batch_setup, hyperparameters_of
from tinynet_tui.networks.dense import DenseParameter, Network, parameters_of
from tinynet_tui.networks.layers import layer_sizes
from tinynet_tui.rules.optimisers import optimiser_of

WIDTH = 110
"""Columns: a longer line is folded where it can be."""


def title(model: Model, first: int, updates: int) -> str:
    """What a script does: Update 1 of a 2-2-1 network by gradient descent."""
    what = f"Update {first}" if updates == 1 else f"Updates {first} to {first + updates - 1}"
    shape = "-".join(map(str, layer_sizes(model)))
    of = f"a {shape} network" if shape else model.title
    return f"{what} of {of} by {optimiser_of(model).title}"


def literal(number: float) -> str:
    """A number as Python reads it back, to the last bit."""
    return repr(number) if isfinite(number) else f"{'-' if number < 0 else ''}math.{repr(number).strip('-')}"


def literals(setup: Setup) -> dict[str, str]:
    """The hyperparameters by their names in formulas, each as Python reads it back."""
    return {name: literal(value) for name, value in hyperparameters_of(setup).items()}


def row_literal(numbers: Iterable[float]) -> str:
    """Numbers as a list."""
    return f"[{', '.join(map(literal, numbers))}]"


def rows_in(before: str, rows: Rows, after: str) -> list[str]:
    """A list of rows between two texts, on one line where there is room for it."""
    texts = [row_literal(row) for row in rows]
    line = f"{before}[{', '.join(texts)}]{after}"
    return [line] if len(line) <= WIDTH else [f"{before}[", *(f"    {text}," for text in texts), f"]{after}"]


def indented(lines: Iterable[str]) -> list[str]:
    """Lines moved to the right by one level; empty ones stay empty."""
    return [indent(line, "    ") for line in lines]


@dataclass(frozen=True, slots=True)
class Batches:
    """The samples that a framework's script has as the tensors x and y, and those of each update."""

    inputs: Rows
    targets: Rows
    size: int | None
    """Samples per update, where there are several batches; None: all of them, each time."""

    def lines(self, begin: str, end: str) -> Iterator[str]:
        """The lines that make x and y, each between two texts, and cut them into batches."""
        yield from rows_in(f"x = {begin}", self.inputs, end)
        yield from rows_in(f"y = {begin}", self.targets, end)
        if self.size is not None:
            where = f"i : i + {self.size}"
            yield f"batches = [(x[{where}], y[{where}]) for i in range(0, len(x), {self.size})]"

    @property
    def chosen(self) -> Iterator[str]:
        """The line that finds the batch of update t."""
        if self.size is not None:
            yield "x, y = batches[(t - 1) % len(batches)]"


def batches_of(setup: Setup, updates: int) -> Batches:
    """The samples of the first updates."""
    if updates > 1 and setup.batch < len(setup.inputs):
        return Batches(setup.inputs, setup.targets, setup.batch)
    first = batch_setup(setup, 1)
    return Batches(first.inputs, first.targets, None)


def repeated(body: list[str], updates: int, chosen: Iterable[str], t: str = "t") -> Iterator[str]:
    """The lines of an update, in a loop where there are several."""
    if updates == 1:
        yield from body
        return
    yield f"for {t} in range(1, {updates + 1}):"
    yield from indented((f'print("update", {t})', *chosen, *body))


GRADIENT = "dL/d"
"""Begins the name of a gradient."""


def parameter_of(network: Network, name: str) -> DenseParameter | None:
    """The parameter that a name is, or is the gradient or the optimiser state of; None for any other name."""
    own = name.removeprefix(GRADIENT) if name.startswith(GRADIENT) else name.rpartition("_")[2]
    return _by_name(network).get(own)


@lru_cache(maxsize=32)
def _by_name(network: Network) -> dict[str, DenseParameter]:
    return {parameter.name: parameter for parameter in parameters_of(network)}


def index_of(*numbers: int | None) -> str:
    """An index from 0, of numbers from 1; None is left out."""
    return f"[{', '.join(str(number - 1) for number in numbers if number is not None)}]"
