"""Where frameworks keep a quantity."""

from __future__ import annotations

import doctest
import re
from functools import reduce
from operator import getitem
from typing import Any

import pytest

from tests.engine.setups import LECTURE
from tinynet_tui.handouts import jax, keras, pytorch
from tinynet_tui.networks.dense import (
    Network,
    Numbering,
    dense_model,
    dense_network,
    parameters_of,
)
from tinynet_tui.networks.layers import nested_parameters

NETWORK = dense_network(LECTURE.model)._replace(numbering="target")


@pytest.mark.parametrize(
    ("name", "in_pytorch", "in_keras", "in_jax"),
    [
        ("w2", "layer1.weight[0, 1]", "layer1.kernel[1, 0]", "weights[0][0, 1]"),
        ("w5", "layer2.weight[0, 0]", "layer2.kernel[0, 0]", "weights[1][0, 0]"),
        ("b1", "layer1.bias[0]", "layer1.bias[0]", "biases[0][0]"),
        ("dL/dw2", "layer1.weight.grad[0, 1]", "gradients[0][1, 0]", "gradients[0][0][0, 1]"),
        ("dL/dw6", "layer2.weight.grad[0, 1]", "gradients[2][1, 0]", "gradients[0][1][0, 1]"),
        ("dL/db2", "layer1.bias.grad[1]", "gradients[1][1]", "gradients[1][0][1]"),
        ("z1", None, None, None),
        ("dL/dz1", None, None, None),
        ("dz1/dw2", None, None, None),
        ("v_w2", None, None, None),
        ("check", None, None, None),
    ],
)
def test_parameters_and_their_gradients_have_a_place(
    name: str, in_pytorch: str | None, in_keras: str | None, in_jax: str | None
) -> None:
    """Weights are at [neuron, input], but Keras's kernels at [input, neuron]; nothing else is kept."""
    assert pytorch.attribute(dense_model(NETWORK), name) == in_pytorch
    assert keras.attribute(dense_model(NETWORK), name) == in_keras
    assert jax.attribute(dense_model(NETWORK), name) == in_jax


@pytest.mark.parametrize(
    ("optimizer", "name", "in_pytorch", "in_keras"),
    [
        ("momentum", "v_w2", 'optimizer.state[layer1.weight]["momentum_buffer"][0, 1]', None),
        ("rmsprop", "s_w2", 'optimizer.state[layer1.weight]["square_avg"][0, 1]', "s[0][1, 0]"),
        ("adam", "m_b1", 'optimizer.state[layer1.bias]["exp_avg"][0]', "m[1][0]"),
        ("adam", "v_b1", 'optimizer.state[layer1.bias]["exp_avg_sq"][0]', "v[1][0]"),
        ("adam", "v_w6", 'optimizer.state[layer2.weight]["exp_avg_sq"][0, 1]', "v[2][1, 0]"),
    ],
)
def test_where_the_optimizer_s_state_is(
    optimizer: str, name: str, in_pytorch: str, in_keras: str | None
) -> None:
    """PyTorch's momentum is ours; Keras's velocity has the learning rate in it, and is another number."""
    model = dense_model(NETWORK._replace(optimizer=optimizer))
    assert pytorch.attribute(model, name) == in_pytorch
    assert keras.attribute(model, name) == in_keras


@pytest.mark.parametrize("numbering", ["source", "target"])
def test_places_are_those_of_the_lesson_s_lists(numbering: Numbering) -> None:
    """PyTorch's are weights[layer][neuron][input] and biases[layer][neuron]; Keras's kernel is transposed."""
    model = dense_model(network := Network((3, 2, 4), ("relu", "relu"), numbering=numbering))
    numbers = tuple(float(n) for n in range(len(parameters_of(network))))
    weights, biases = nested_parameters(dense_model(network), numbers)
    for parameter, number in zip(parameters_of(network), numbers, strict=True):
        layer, index = _layer_and_index(pytorch.attribute(model, parameter.name))
        lists: Any = weights[layer] if parameter.is_weight else biases[layer]
        assert reduce(getitem, index, lists) == number
        assert _layer_and_index(keras.attribute(model, parameter.name)) == (layer, index[::-1])


def _layer_and_index(attribute: str | None) -> tuple[int, list[int]]:
    """The layer and the index, from 0, in layer1.weight[0, 1]."""
    match = re.fullmatch(r"layer(\d+)\.\w+\[(.+)\]", attribute or "")
    assert match is not None
    return int(match[1]) - 1, [int(number) for number in match[2].split(", ")]


def test_the_examples_are_true() -> None:
    """Those of the docstrings."""
    assert all(doctest.testmod(module).failed == 0 for module in (pytorch, keras, jax))
