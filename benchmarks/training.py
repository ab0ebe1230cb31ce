"""How fast networks are trained, against the same by hand, micrograd and PyTorch."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from math import isclose
from typing import NamedTuple

from benchmarks.figures import (
    Figure,
    another_training,
    at_least,
    at_most,
    missing_peer,
    seconds,
    side_by_side,
)
from benchmarks.peers.by_hand import trained_by_hand
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments.many_starts import many_starts
from tinynet_tui.experiments.parallel_training import has_numpy
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of
from tinynet_tui.networks.initial import random_parameters

_ROUNDS = 15
_UPDATES = 50_000
"""Of our own loop and the one by hand, in each round."""
_SLOW_UPDATES = 500
"""Of the libraries."""
_WEIGHTS_UPDATED = 256_000
"""So many times one weight is updated in each round, whatever the size of the network."""
_COMPARED = 50
"""Updates whose losses have to be the same on both sides."""


class Library(NamedTuple):
    """A library that may be installed, and trains the same network."""

    name: str
    package: str
    """What is imported; the peer written with it is named after it."""
    asked: float
    """So many times as fast we have to be."""


NETWORKS = ((4,) * 6, (16, 16, 16), (16,) * 4, (16,) * 6)
"""Layers of networks with more and more weights; the last is as large as a lesson can have."""

STARTED = (((2, 2, 1), 0.1), ((2, 16, 16, 1), 0.4))
"""Layers of networks that are trained from many random starts, and the seconds that they may take."""

LIBRARIES = (Library("micrograd", "micrograd", 30.0), Library("PyTorch eager", "torch", 1.0))


def training_figures() -> Iterator[Figure]:
    """The figures of training, as they are measured."""
    setup = setup_of(shipped_lesson("lecture"))
    yield _against_by_hand(setup)
    for library in LIBRARIES:
        yield against_library(library, setup)
    yield from _against_the_number_of_weights()
    yield from _many_starts()


def _ours(setup: Setup, updates: int) -> array[float]:
    """The loss before each of so many updates."""
    losses = array("d")
    trained(setup, first_point(setup), updates, losses)
    return losses


def trains_the_same(setup: Setup, peer: Callable[[int], Sequence[float]]) -> bool:
    """Whether a peer comes to our losses, but for their last digits."""
    ours, theirs = _ours(setup, _COMPARED), peer(_COMPARED)
    return len(ours) == len(theirs) and all(map(partial(isclose, rel_tol=1e-9), ours, theirs))


def _against_by_hand(setup: Setup) -> Figure:
    (x1, x2), ((y,),) = setup.inputs[0], setup.targets
    by_hand = partial(trained_by_hand, setup.parameters, x1, x2, y, setup.hyperparameters.learning_rate)
    if not trains_the_same(setup, lambda updates: by_hand(updates)[1]):
        return another_training("training, speed", "by hand in Python")
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
    if not trains_the_same(setup, peer):
        return another_training("training, speed", library.name)
    ratio, theirs, ours = side_by_side(
        lambda: seconds(lambda: peer(_SLOW_UPDATES)) / _SLOW_UPDATES,
        lambda: seconds(lambda: _ours(setup, _UPDATES)) / _UPDATES,
        _ROUNDS,
    )
    beside = f"{library.name}: {ours * 1e9:.0f} ns an update to its {theirs * 1e6:.0f} µs"
    return at_least("training, speed", ratio, library.asked, "×", beside)


def _against_the_number_of_weights() -> Iterator[Figure]:
    """An update of larger networks, per weight, to one of the smallest."""
    small, *larger = map(network_of, NETWORKS)
    for setup in larger:
        ratio, ours, _ = side_by_side(
            partial(_seconds_per_weight, setup), partial(_seconds_per_weight, small), _ROUNDS
        )
        beside = f"{weights_of(setup):,} weights to {weights_of(small):,}: {ours * 1e9:.0f} ns for each"
        yield at_most("an update, per weight", ratio, 1.5, "×", beside)


def _many_starts() -> Iterator[Figure]:
    """200 random starts of 200 updates each, as an experiment has them."""
    way = "with numpy" if has_numpy() else "without numpy"
    for layers, asked in STARTED:
        setup = network_of(layers)
        least = min(seconds(partial(many_starts, setup, "he")) for _ in range(_ROUNDS))
        yield at_most("200 starts × 200 updates", least, asked, "s", f"{'-'.join(map(str, layers))}, {way}")


def _seconds_per_weight(setup: Setup) -> float:
    updates = _WEIGHTS_UPDATED // weights_of(setup)
    return seconds(lambda: _ours(setup, updates)) / updates / weights_of(setup)


def network_of(layers: tuple[int, ...]) -> Setup:
    """A network of such layers, and one sample."""
    hidden: tuple[str] = ("relu",)
    network = Network(layers, (*hidden * (len(layers) - 2), "linear"), loss="squared_error")
    parameters = random_parameters(dense_model(network), "he", 1, 0.5)
    sample = ((0.5,) * layers[0],), ((0.5,) * layers[-1],)
    return Setup(dense_model(network), parameters, *sample, Hyperparameters(1e-4), 1)


def weights_of(setup: Setup) -> int:
    """How many weights it has, biases not counted."""
    return sum(parameter.is_weight for parameter in parameters_of(dense_network(setup.model)))
