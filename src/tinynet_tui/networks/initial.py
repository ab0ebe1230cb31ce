"""Initial weights: the usual recipes, each from a seed, and whether a network can learn from them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.forward import Subject
from tinynet_tui.engine.model import Model, Setup
from tinynet_tui.engine.python_code import constants, sample_block
from tinynet_tui.engine.steps import sample_positions, sample_steps
from tinynet_tui.networks.layers import layer_sizes

if TYPE_CHECKING:
    from random import Random

Initializer = Literal["uniform", "he", "xavier", "zeros", "same"]

DRAWS: dict[Initializer, Callable[[Random, int, int, float], float]] = {
    # (chance, inputs of the layer, outputs of the layer, value) -> one weight
    "uniform": lambda chance, _inputs, _outputs, value: chance.uniform(-value, value),
    "he": lambda chance, inputs, _outputs, _value: chance.gauss(0.0, (2 / inputs) ** 0.5),
    "xavier": lambda chance, inputs, outputs, _value: (
        (6 / (inputs + outputs)) ** 0.5 * chance.uniform(-1.0, 1.0)
    ),
    "zeros": lambda _chance, _inputs, _outputs, _value: 0.0,
    "same": lambda _chance, _inputs, _outputs, value: value,
}


def random_parameters(model: Model, initializer: Initializer, seed: int, value: float) -> tuple[float, ...]:
    """Parameters drawn by a recipe, all biases 0; the same seed gives the same numbers.

    uniform: between −value and value. he: normal, deviation √(2 / inputs) (He et al. 2015). xavier: uniform
    within √(6 / (inputs + outputs)) (Glorot and Bengio 2010). zeros: 0. same: value. In formulas both are 1.
    """
    from random import Random  # costs time at start, and few lessons need it

    chance, draw, sizes = Random(seed), DRAWS[initializer], layer_sizes(model)

    def drawn(of: Subject) -> float:
        inputs, outputs = (1, 1) if of.layer is None else sizes[of.layer - 1 : of.layer + 1]
        return 0.0 if of.kind == "bias" else draw(chance, inputs, outputs, value)

    return tuple(drawn(parameter.of) for parameter in model.parameters)


NOT_ALIVE = "no gradient gets back to the first parameters"
"""What is wrong with a start that is not alive."""


@lru_cache(maxsize=8)
def levels_reached(setup: Setup) -> frozenset[int]:
    """The levels (from 1) that have a quantity which reads a parameter, and that a gradient gets back to for
    any sample."""
    model = setup.model
    positions = sample_positions(model)
    places = {positions[f"dL/d{name}"]: level for name, level in _levels_reading_parameters(model).items()}
    block, fixed = sample_block(model), constants(setup)
    reached: set[int] = set()
    for sample in zip(setup.inputs, setup.targets, strict=True):
        row = block(setup.parameters, fixed, *sample)
        reached |= {level for position, level in places.items() if row[position] != 0.0}
        if reached.issuperset(places.values()):
            break
    return frozenset(reached)


def is_alive(setup: Setup) -> bool:
    """Whether a gradient gets back to the first level that has parameters: else nothing is learned there."""
    first = min(_levels_reading_parameters(setup.model).values(), default=None)
    return first is None or first in levels_reached(setup)


def _levels_reading_parameters(model: Model) -> dict[str, int]:
    """The level (from 1) of each quantity that reads a parameter."""
    parameters = set(model.parameter_names)
    return {
        line.name: number
        for number, level in enumerate(model.forward.levels, start=1)
        for block in level
        for line in block.assignments
        if any(name.name in parameters for name in names_in(line.expression))
    }


_MOST_TRIES = 64
_MOST_STEPS = 500_000
"""Steps that looking for a seed may take: about 50 ms."""


def tries(setup: Setup) -> int:
    """How many seeds are tried for a start that is alive: 64, fewer where an update has very many steps."""
    steps = len(sample_steps(setup.model)) * len(setup.inputs)
    return max(1, min(_MOST_TRIES, _MOST_STEPS // steps))
