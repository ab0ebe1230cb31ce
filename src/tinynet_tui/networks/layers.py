"""Parameters arranged by layer, neuron and input, as their subjects say; formulas have no layers."""

from collections.abc import Sequence
from typing import TypeVar

from tinynet_tui.engine.model import Model

T = TypeVar("T")
Weights = tuple[tuple[tuple[T, ...], ...], ...]
"""weights[layer][neuron][input], layer 0 being the first after the inputs."""
Biases = tuple[tuple[T, ...], ...]
"""biases[layer][neuron]; of a layer without biases nothing."""


def layer_sizes(model: Model) -> tuple[int, ...]:
    """How many inputs there are, then how many neurons in each layer: (2, 2, 1); () where there are none."""
    weights, _ = nested_parameters(model, model.parameters)
    return (len(model.inputs), *map(len, weights)) if weights else ()


def nested_parameters(model: Model, values: Sequence[T]) -> tuple[Weights[T], Biases[T]]:
    """What stands in the order of the parameters, by layers; both are () where there are none."""
    # However weights are numbered, those of a neuron come in the order of its inputs.
    weights: dict[int | None, dict[int | None, list[T]]] = {}
    biases: dict[int | None, list[T]] = {}
    for of, value in zip((parameter.of for parameter in model.parameters), values, strict=True):
        if of.kind == "weight":
            weights.setdefault(of.layer, {}).setdefault(of.neuron, []).append(value)
        elif of.kind == "bias":
            biases.setdefault(of.layer, []).append(value)
    rows = (tuple(map(tuple, neurons.values())) for neurons in weights.values())
    return tuple(rows), tuple(tuple(biases.get(layer, ())) for layer in weights)
