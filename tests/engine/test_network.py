"""Parameters: their numbering, their order, and the recipes for initial ones."""

from __future__ import annotations

import math
from statistics import fmean, pstdev

import pytest
from hypothesis import given

from tests.engine.setups import networks
from tinynet_tui.engine.model import batch_samples
from tinynet_tui.networks.dense import Network, dense_model, flat_parameters, parameters_of
from tinynet_tui.networks.initial import random_parameters
from tinynet_tui.networks.layers import nested_parameters

WEIGHTS = (((11.0, 12.0), (21.0, 22.0), (31.0, 32.0)), ((91.0, 92.0, 93.0),))
"""weights[layer][neuron][input]: the first digit is the neuron, the second the input."""
BIASES = ((1.0, 2.0, 3.0), (9.0,))


def test_numbering_by_source() -> None:
    """w1, w2, w3 leave input 1."""
    network = Network((2, 3, 1), ("relu", "relu"), numbering="source")
    flat = flat_parameters(network, WEIGHTS, BIASES)
    assert flat == (11, 21, 31, 12, 22, 32, 91, 92, 93, 1, 2, 3, 9)


def test_numbering_by_target() -> None:
    """w1, w2 enter neuron 1."""
    network = Network((2, 3, 1), ("relu", "relu"), numbering="target")
    flat = flat_parameters(network, WEIGHTS, BIASES)
    assert flat == (11, 12, 21, 22, 31, 32, 91, 92, 93, 1, 2, 3, 9)


@given(networks())
def test_flat_and_nested_are_each_other_s_reverse(network: Network) -> None:
    """In every network each parameter has one place and one name."""
    values = tuple(float(n) for n in range(len(parameters_of(network))))
    weights, biases = nested_parameters(dense_model(network), values)
    assert flat_parameters(network, weights, biases) == values
    assert [len(layer) for layer in weights] == list(network.layers[1:]) == [len(row) for row in biases]
    names = [p.name for p in parameters_of(network)]
    count = sum(a * b for a, b in zip(network.layers, network.layers[1:], strict=False))
    assert names[:count] == [f"w{n}" for n in range(1, count + 1)]
    assert names[count:] == [f"b{n}" for n in range(1, sum(network.layers[1:]) + 1)]


@pytest.mark.parametrize(
    ("samples", "batch", "update", "expected"),
    [
        (1, 1, 1, [0]),
        (1, 1, 1_000_000, [0]),
        (5, 5, 3, [0, 1, 2, 3, 4]),
        (5, 2, 3, [4]),
        (5, 2, 4, [0, 1]),
        (4, 1, 6, [1]),
    ],
)
def test_batches(samples: int, batch: int, update: int, expected: list[int]) -> None:
    """In the order of the data; an epoch's last may be short, the next begins anew."""
    assert list(batch_samples(samples, batch, update)) == expected


def test_initial_parameters_are_the_seed_s() -> None:
    """The same seed gives the same numbers, another one others; biases are 0."""
    network = Network((3, 4, 2), ("tanh", "tanh"))
    for recipe in ("uniform", "he", "xavier"):
        first = random_parameters(dense_model(network), recipe, 1, 0.5)
        assert first == random_parameters(dense_model(network), recipe, 1, 0.5)
        assert first != random_parameters(dense_model(network), recipe, 2, 0.5)
        assert first[20:] == (0.0,) * 6
        assert len(set(first[:20])) == 20


def test_initial_spread() -> None:
    """Uniform within ±value, He with deviation √(2/n), Xavier uniform within √(6/(n + m))."""
    network = Network((16,) * 6, ("relu",) * 5)
    count = 5 * 256
    uniform = random_parameters(dense_model(network), "uniform", 3, 0.5)[:count]
    assert max(map(abs, uniform)) <= 0.5
    assert pstdev(uniform) == pytest.approx(0.5 / math.sqrt(3), rel=0.1)
    he = random_parameters(dense_model(network), "he", 3, 0.5)[:count]
    assert pstdev(he) == pytest.approx(math.sqrt(2 / 16), rel=0.1)
    xavier = random_parameters(dense_model(network), "xavier", 3, 0.5)[:count]
    assert max(map(abs, xavier)) <= math.sqrt(6 / 32)
    assert pstdev(xavier) == pytest.approx(math.sqrt(6 / 32 / 3), rel=0.1)
    for drawn in (uniform, he, xavier):
        assert abs(fmean(drawn)) < 0.03


def test_initial_spread_knows_its_layer() -> None:
    """The recipes look at the layer of each weight: inputs for He, inputs and outputs for Xavier."""
    network = Network((1, 16, 16, 2), ("relu",) * 3)
    he = random_parameters(dense_model(network), "he", 5, 0.0)
    assert pstdev(he[:16]) > 2 * pstdev(he[16 : 16 + 256])
    xavier = random_parameters(dense_model(network), "xavier", 5, 0.0)
    assert math.sqrt(6 / 32) < max(map(abs, xavier[:16])) <= math.sqrt(6 / 17)
    assert (
        max(map(abs, xavier[16:272]))
        <= math.sqrt(6 / 32)
        < max(map(abs, xavier[272:304]))
        <= math.sqrt(6 / 18)
    )


def test_initial_constants() -> None:
    """Zeros, and all the same."""
    network = Network((2, 2, 1), ("relu", "relu"))
    assert random_parameters(dense_model(network), "zeros", 1, 0.5) == (0.0,) * 9
    assert random_parameters(dense_model(network), "same", 1, 0.5) == (0.5,) * 6 + (0.0,) * 3
