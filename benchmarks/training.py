"""How fast networks are trained, against the same by hand, micrograd and PyTorch."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from benchmarks.figures import Figure, at_least, at_most, missing_peer, seconds, side_by_side
from benchmarks.peers.by_hand import trained_by_hand
from tinynet_tui.engine.initial import initial_parameters
from tinynet_tui.engine.network import Hyperparameters, Network, Setup, parameters_of
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.lessons.schema import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson

_ROUNDS = 15
_UPDATES = 50_000
"""Of our own loop and the one by hand, in each round."""
_SLOW_UPDATES = 500
"""Of the libraries."""


class Library(NamedTuple):
    """A library that may be installed, and trains the same network."""

    name: str
    package: str
    """What is imported; the peer written with it is named after it."""
    asked: float
    """So many times as fast we have to be."""


LIBRARIES = (Library("micrograd", "micrograd", 30.0), Library("PyTorch eager", "torch", 1.0))


def training_figures() -> Iterator[Figure]:
    """The figures of training, as they are measured."""
    setup = setup_of(shipped_lesson("lecture"))
    yield _against_by_hand(setup)
    for library in LIBRARIES:
        yield against_library(library, setup)
    yield _against_the_number_of_weights()


def _ours(setup: Setup, updates: int) -> None:
    trained(setup, first_point(setup), updates, array("d"))


def _against_by_hand(setup: Setup) -> Figure:
    (x1, x2), ((y,),) = setup.inputs[0], setup.targets
    by_hand = partial(trained_by_hand, setup.parameters, x1, x2, y, setup.hyperparameters.learning_rate)
    ratio, hand, ours = side_by_side(
        lambda: seconds(lambda: by_hand(_UPDATES)), lambda: seconds(lambda: _ours(setup, _UPDATES)), _ROUNDS
    )
    beside = (
        f"by hand in Python: {ours / _UPDATES * 1e9:.0f} ns an update to its {hand / _UPDATES * 1e9:.0f} ns"
    )
    return at_least("training, speed", ratio, 0.9, "×", beside)


def against_library(library: Library, setup: Setup) -> Figure:
    """Our speed to that of a library, or that it is not installed."""
    if find_spec(library.package) is None:
        return missing_peer("training, speed", library.asked, "×", library.name)
    peer = partial(import_module(f"benchmarks.peers.{library.package}_training").trained, setup)
    peer(10)
    ratio, theirs, ours = side_by_side(
        lambda: seconds(lambda: peer(_SLOW_UPDATES)) / _SLOW_UPDATES,
        lambda: seconds(lambda: _ours(setup, _UPDATES)) / _UPDATES,
        _ROUNDS,
    )
    beside = f"{library.name}: {ours * 1e9:.0f} ns an update to its {theirs * 1e6:.0f} µs"
    return at_least("training, speed", ratio, library.asked, "×", beside)


def _against_the_number_of_weights() -> Figure:
    """An update of the largest network of the schema, per weight, to one of a sixteenth as many."""
    small, large = _square_network(4), _square_network(16)
    for setup in (small, large):
        _ours(setup, 1)
    ratio, ours, _ = side_by_side(
        lambda: seconds(lambda: _ours(large, 200)) / 200 / _weights(large),
        lambda: seconds(lambda: _ours(small, 3_200)) / 3_200 / _weights(small),
        _ROUNDS,
    )
    beside = f"{_weights(large):,} weights to {_weights(small):,}: {ours * 1e9:.0f} ns for each"
    return at_most("an update, per weight", ratio, 1.5, "×", beside)


def _square_network(neurons: int) -> Setup:
    """Six layers of so many neurons each, and one sample."""
    network = Network((neurons,) * 6, ("relu",) * 4 + ("linear",), loss="squared_error")
    parameters = initial_parameters(network, "he", 1, 0.5)
    return Setup(network, parameters, ((0.5,) * neurons,), ((0.5,) * neurons,), Hyperparameters(1e-4), 1)


def _weights(setup: Setup) -> int:
    return sum(parameter.is_weight for parameter in parameters_of(setup.network))
