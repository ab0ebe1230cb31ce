"""Initial weights: the usual recipes, each from a seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from tinynet_tui.engine.network import Network, parameters_of

if TYPE_CHECKING:
    from random import Random

Initializer = Literal["uniform", "he", "xavier", "zeros", "same"]

_DRAWS: dict[Initializer, Callable[[Random, int, int, float], float]] = {
    # (chance, inputs of the layer, outputs of the layer, value) -> one weight
    "uniform": lambda chance, _inputs, _outputs, value: chance.uniform(-value, value),
    "he": lambda chance, inputs, _outputs, _value: chance.gauss(0.0, (2 / inputs) ** 0.5),
    "xavier": lambda chance, inputs, outputs, _value: (
        (6 / (inputs + outputs)) ** 0.5 * chance.uniform(-1.0, 1.0)
    ),
    "zeros": lambda _chance, _inputs, _outputs, _value: 0.0,
    "same": lambda _chance, _inputs, _outputs, value: value,
}


def initial_parameters(
    network: Network, initializer: Initializer, seed: int, value: float
) -> tuple[float, ...]:
    """Weights drawn by a recipe, all biases 0; the same seed gives the same numbers.

    uniform: between −value and value. he: normal, deviation √(2 / inputs) (He et al. 2015). xavier: uniform
    within √(6 / (inputs + outputs)) (Glorot and Bengio 2010). zeros: 0. same: value.
    """
    from random import Random  # costs time at start, and few lessons need it

    chance = Random(seed)
    draw = _DRAWS[initializer]
    return tuple(
        draw(chance, network.layers[p.layer - 1], network.layers[p.layer], value) if p.is_weight else 0.0
        for p in parameters_of(network)
    )
