"""What is trained: the shape of a dense network, and every number a training run starts from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

Weights = tuple[tuple[tuple[float, ...], ...], ...]
"""weights[layer][neuron][input], layer 0 being the first after the inputs."""
Biases = tuple[tuple[float, ...], ...]
"""biases[layer][neuron]."""
Rows = tuple[tuple[float, ...], ...]
"""One row per sample."""

Reduction = Literal["mean", "sum"]
Numbering = Literal["source", "target"]


@dataclass(frozen=True, slots=True)
class Network:
    """The shape of a dense network and the rules it is trained by: no number that training could change."""

    layers: tuple[int, ...]
    """Neurons per layer, the inputs first: (2, 2, 1)."""
    activations: tuple[str, ...]
    """The name of one per layer after the inputs."""
    loss: str = "squared_error"
    reduction: Reduction = "mean"
    optimizer: str = "gradient_descent"
    numbering: Numbering = "target"
    """Whether w1, w2, … are counted by the neuron they leave (source) or the neuron they enter (target)."""
    train_biases: bool = True
    regularized: bool = False
    """Whether ½·l2·Σw² is part of the loss."""

    @property
    def depth(self) -> int:
        """How many layers of neurons follow the inputs."""
        return len(self.layers) - 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """One weight or bias: where it sits and what it is called."""

    name: str
    """"w5", "b3"."""
    layer: int
    """From 1, the first layer after the inputs."""
    neuron: int
    """From 1, in its layer: the neuron that it enters."""
    input: int | None
    """From 1: the neuron of the layer before that a weight leaves; None for a bias."""

    @property
    def is_weight(self) -> bool:
        """Whether this is a weight, not a bias."""
        return self.input is not None


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """The numbers that steer training and that training does not change."""

    learning_rate: float = 0.01
    l2: float = 0.0
    of_rules: tuple[tuple[str, float], ...] = ()
    """Those that activations and optimisers have of their own, by their names in formulas; one that is not
    among them has its default."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that one training run starts from."""

    network: Network
    parameters: tuple[float, ...]
    """In the order of `parameters_of(network)`: w1, w2, …, then b1, b2, …"""
    inputs: Rows
    """Shape: samples × layers[0]."""
    targets: Rows
    """Shape: samples × layers[-1]."""
    hyperparameters: Hyperparameters
    batch: int
    """Samples per update, in the order of the data; an epoch's last batch may be short."""


@lru_cache(maxsize=32)
def parameters_of(network: Network) -> tuple[Parameter, ...]:
    """Every parameter of a network in the order of its numbers: w1, w2, …, then b1, b2, …"""
    weights = (
        Parameter(f"w{number}", layer, neuron, source)
        for number, (layer, neuron, source) in enumerate(_weight_places(network), start=1)
    )
    places = (
        (layer, neuron)
        for layer in range(1, network.depth + 1)
        for neuron in range(1, network.layers[layer] + 1)
    )
    biases = (
        Parameter(f"b{number}", layer, neuron, None) for number, (layer, neuron) in enumerate(places, start=1)
    )
    return (*weights, *biases)


def _weight_places(network: Network) -> Iterator[tuple[int, int, int]]:
    """(layer, neuron, input) of w1, w2, … as the network numbers them."""
    for layer in range(1, network.depth + 1):
        sources = range(1, network.layers[layer - 1] + 1)
        targets = range(1, network.layers[layer] + 1)
        if network.numbering == "source":
            yield from ((layer, target, source) for source in sources for target in targets)
        else:
            yield from ((layer, target, source) for target in targets for source in sources)


def flat_parameters(network: Network, weights: Weights, biases: Biases) -> tuple[float, ...]:
    """The parameters as one tuple, in the order of their numbers."""
    return tuple(
        float(weights[p.layer - 1][p.neuron - 1][p.input - 1])
        if p.input is not None
        else float(biases[p.layer - 1][p.neuron - 1])
        for p in parameters_of(network)
    )


def nested_parameters(network: Network, values: tuple[float, ...]) -> tuple[Weights, Biases]:
    """The reverse of `flat_parameters`: (weights, biases)."""
    by_place = {
        (p.layer, p.neuron, p.input): value for p, value in zip(parameters_of(network), values, strict=True)
    }
    layers = range(1, network.depth + 1)
    weights = tuple(
        tuple(
            tuple(by_place[layer, neuron, source] for source in range(1, network.layers[layer - 1] + 1))
            for neuron in range(1, network.layers[layer] + 1)
        )
        for layer in layers
    )
    biases = tuple(
        tuple(by_place[layer, neuron, None] for neuron in range(1, network.layers[layer] + 1))
        for layer in layers
    )
    return weights, biases


def batch_samples(samples: int, batch: int, update: int) -> range:
    """The samples (from 0) that an update (from 1) uses: batches follow each other as the data has them."""
    batches = -(-samples // batch)
    first = (update - 1) % batches * batch
    return range(first, min(first + batch, samples))


def batch_setup(setup: Setup, update: int) -> Setup:
    """A setup with the samples of one update (from 1) alone, all of them in its batch."""
    samples = batch_samples(len(setup.inputs), setup.batch, update)
    batch = slice(samples.start, samples.stop)
    return replace(setup, inputs=setup.inputs[batch], targets=setup.targets[batch], batch=len(samples))
