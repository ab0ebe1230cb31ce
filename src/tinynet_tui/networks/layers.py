"""Parameters by their places in layers: told by what each is, so for any model. Formulas have no places."""

from collections.abc import Sequence
from typing import TypeVar

from tinynet_tui.engine.model import Model

T = TypeVar("T")


def layer_sizes(model: Model) -> tuple[int, ...]:
    """How many inputs there are, then how many neurons in each layer: (2, 2, 1); () where there are none."""
    weights, _ = nested_parameters(model, model.parameters)
    return (len(model.inputs), *map(len, weights)) if weights else ()


def nested_parameters(
    model: Model, values: Sequence[T]
) -> tuple[tuple[tuple[tuple[T, ...], ...], ...], tuple[tuple[T, ...], ...]]:
    """(weights[layer][neuron][input], biases[layer][neuron]) of what stands in the order of the parameters.

    The biases of a layer without them are (); both are () where there are no layers.
    """
    # However weights are numbered, those of a neuron come in the order of its inputs.
    weights: dict[int | None, dict[int | None, list[T]]] = {}
    biases: dict[int | None, list[T]] = {}
    for of, value in zip((parameter.of for parameter in model.parameters), values, strict=True):
        if of.kind == "weight":
            weights.setdefault(of.layer, {}).setdefault(of.neuron, []).append(value)
            biases.setdefault(of.layer, [])
        elif of.kind == "bias":
            biases[of.layer].append(value)
    rows = (tuple(map(tuple, neurons.values())) for neurons in weights.values())
    return tuple(rows), tuple(map(tuple, biases.values()))
