"""The numbers that a program of formulas starts from: those given, by name, and those drawn by a recipe."""

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from random import Random
from typing import NamedTuple

from tinynet_tui.networks.formula_expressions import Indices, base_and_indices, indexed
from tinynet_tui.networks.formula_reading import read_text
from tinynet_tui.networks.initial import DRAWS, Initializer

Numbers = float | tuple["Numbers", ...]
"""A number, or numbers in lists in each other: wq[1] is the first of a list."""


class Recipe(NamedTuple):
    """How the numbers of some names are drawn."""

    names: str
    """A name, or a pattern such as w* for all names that formulas read and nothing gives."""
    initializer: Initializer
    shape: Indices | None
    """How many numbers, in lists; None: as many as the formulas read."""
    value: float
    seed: int


def flat(name: str, numbers: Numbers, before: Indices = ()) -> Iterator[tuple[str, float]]:
    """The numbers of a name, each with its indices, which count from 1."""
    if not isinstance(numbers, tuple):
        yield indexed(name, before), numbers
        return
    for number, inner in enumerate(numbers, start=1):
        yield from flat(name, inner, (*before, number))


def nested(name: str, numbers: Numbers, values: Mapping[str, float], before: Indices = ()) -> Numbers:
    """The same lists with other numbers in them, by their names."""
    if not isinstance(numbers, tuple):
        return values[indexed(name, before)]
    return tuple(nested(name, inner, values, (*before, k)) for k, inner in enumerate(numbers, start=1))


def unknown_names(forward: str, loss: str, known: frozenset[str]) -> dict[str, list[Indices]]:
    """What the formulas read and neither assign nor know: the indices that each name is read with."""
    text = read_text(forward, loss)
    there = {base_and_indices(line.name)[0] for line in text.lines} | known
    unknown: dict[str, dict[Indices, None]] = {}
    for line in (*text.lines, text.loss):
        for read in line.reads:
            base, indices = base_and_indices(read.name)
            if base not in there:
                unknown.setdefault(base, {})[indices] = None
    return {base: list(found) for base, found in unknown.items()}


def names_drawn(
    forward: str, loss: str, known: frozenset[str], recipes: tuple[Recipe, ...]
) -> list[tuple[str, Recipe, Indices]]:
    """(name, recipe, shape) of each name that a recipe draws numbers for; of two recipes the first."""
    unknown = unknown_names(forward, loss, known)
    drawn: dict[str, tuple[str, Recipe, Indices]] = {}
    for recipe in recipes:
        matching = [name for name in unknown if fnmatchcase(name, recipe.names)]
        if not matching and "*" not in recipe.names and recipe.names not in known:
            matching = [recipe.names]
        for name in matching:
            shape = _box(unknown.get(name, [])) if recipe.shape is None else recipe.shape
            drawn.setdefault(name, (name, recipe, shape))
    return list(drawn.values())


def _box(indices: list[Indices]) -> Indices:
    """The least shape that has all of some indices."""
    longest = max(map(len, indices), default=0)
    return tuple(max(i[k] for i in indices if len(i) > k) for k in range(longest))


def drawn(
    forward: str, loss: str, known: frozenset[str], recipes: tuple[Recipe, ...]
) -> Iterator[tuple[str, Numbers]]:
    """The numbers that recipes draw, by name; each recipe's are in one row from its seed."""
    chances: dict[str, Random] = {}
    for name, recipe, shape in names_drawn(forward, loss, known, recipes):
        chance = chances.setdefault(recipe.names, Random(recipe.seed))
        inputs = shape[-1] if shape else 1
        outputs = shape[-2] if len(shape) > 1 else 1
        draw = partial(DRAWS[recipe.initializer], chance, inputs, outputs, recipe.value)
        yield name, _filled(shape, draw)


def _filled(shape: Indices, draw: Callable[[], float]) -> Numbers:
    if not shape:
        return draw()
    return tuple(_filled(shape[1:], draw) for _ in range(shape[0]))
