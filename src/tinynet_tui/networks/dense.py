"""Dense networks: their shape, the names and places of what is in them, and the models made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tinynet_tui.engine.expressions import Expr, Name, add, apply
from tinynet_tui.engine.forward import Assignment, Block, Forward, Subject
from tinynet_tui.engine.forward import Parameter as ModelParameter
from tinynet_tui.engine.model import Model, Reduction
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Rule, hyperparameters
from tinynet_tui.rules.losses import LOSSES, SQUARED_ERROR
from tinynet_tui.rules.optimisers import GRADIENT_DESCENT, OPTIMISERS

Weights = tuple[tuple[tuple[float, ...], ...], ...]
"""weights[layer][neuron][input], layer 0 being the first after the inputs."""
Biases = tuple[tuple[float, ...], ...]
"""biases[layer][neuron]."""
Numbering = Literal["source", "target"]


@dataclass(frozen=True, slots=True)
class Network:
    """The shape of a dense network and the rules it is trained by: no number that training could change."""

    layers: tuple[int, ...]
    """Neurons per layer, the inputs first: (2, 2, 1)."""
    activations: tuple[str, ...]
    """The name of one per layer after the inputs."""
    loss: str = SQUARED_ERROR.name
    reduction: Reduction = "mean"
    optimizer: str = GRADIENT_DESCENT.name
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

    @property
    def subject(self) -> Subject:
        """It as what a step is about."""
        return Subject("weight" if self.is_weight else "bias", self.layer, self.neuron, self.input)


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


def pre_activation_name(network: Network, layer: int, neuron: int) -> str:
    """z1, z2, … through the layers after the inputs."""
    return f"z{sum(network.layers[1:layer]) + neuron}"


def activation_name(network: Network, layer: int, neuron: int) -> str:
    """x1, … of the inputs (layer 0), h1, h2, … through the hidden layers, yhat or yhat1, … of the outputs."""
    if layer == 0:
        return f"x{neuron}"
    if layer < network.depth:
        return f"h{sum(network.layers[1:layer]) + neuron}"
    return "yhat" if network.layers[-1] == 1 else f"yhat{neuron}"


def slope_name(network: Network, layer: int, neuron: int) -> str:
    """dh1/dz1, …: the derivative of a neuron's activation function."""
    a, z = activation_name(network, layer, neuron), pre_activation_name(network, layer, neuron)
    return f"d{a}/d{z}"


def neuron_title(network: Network, layer: int, neuron: int) -> str:
    """node 1, node 2, … through the hidden layers, out or out 1, out 2, … of the outputs."""
    if layer < network.depth:
        return f"node {sum(network.layers[1:layer]) + neuron}"
    return "out" if network.layers[-1] == 1 else f"out {neuron}"


def target_name(network: Network, neuron: int) -> str:
    """y, or y1, y2, … with several outputs."""
    return "y" if network.layers[-1] == 1 else f"y{neuron}"


def _layer_names(network: Network, layer: int) -> tuple[str, ...]:
    """The names of a layer's activations; of layer 0, the inputs."""
    return tuple(activation_name(network, layer, k) for k in range(1, network.layers[layer] + 1))


def parameters_into(network: Network, layer: int, neuron: int) -> tuple[Parameter, ...]:
    """The weights of a neuron in the order of its inputs, then its bias."""
    return _parameters_by_neuron(network)[layer, neuron]


@lru_cache(maxsize=32)
def _parameters_by_neuron(network: Network) -> dict[tuple[int, int], tuple[Parameter, ...]]:
    by_neuron: dict[tuple[int, int], list[Parameter]] = {}
    for parameter in parameters_of(network):
        by_neuron.setdefault((parameter.layer, parameter.neuron), []).append(parameter)
    return {
        place: tuple(sorted(parameters, key=lambda p: (p.input is None, p.input)))
        for place, parameters in by_neuron.items()
    }


@lru_cache(maxsize=32)
def dense_model(network: Network) -> Model:
    """The model of a dense network: a level for each layer, a block for each neuron."""
    levels = (
        tuple(_neuron(network, layer, neuron) for neuron in range(1, network.layers[layer] + 1))
        for layer in range(1, network.depth + 1)
    )
    parameters = (
        ModelParameter(
            p.name, p.subject, p.is_weight or network.train_biases, p.is_weight and network.regularized
        )
        for p in parameters_of(network)
    )
    predictions = _layer_names(network, network.depth)
    targets = tuple(target_name(network, k) for k in range(1, network.layers[-1] + 1))
    loss = LOSSES[network.loss].formula(tuple(map(Name, predictions)), tuple(map(Name, targets)))
    return Model(
        source=network,
        title=_title(network),
        forward=Forward(tuple(levels), loss, tuple(parameters)),
        loss=network.loss,
        inputs=_layer_names(network, 0),
        targets=targets,
        predictions=predictions,
        reduction=network.reduction,
        optimizer=OPTIMISERS[network.optimizer],
        hyperparameters=_hyperparameters(network),
    )


def _title(network: Network) -> str:
    """The shape of a network and its activation functions: 2-2-1 ReLU."""
    shape = "-".join(map(str, network.layers))
    activations = dict.fromkeys(ACTIVATIONS[name].title for name in network.activations)
    return f"{shape} {'/'.join(activations) if len(activations) <= 2 else 'mixed'}"


def _hyperparameters(network: Network) -> tuple[tuple[str, float], ...]:
    """Those of its activations and its optimiser, by name, each with its default."""
    activations = [ACTIVATIONS[name] for name in network.activations]
    rules: list[Rule] = [*activations, OPTIMISERS[network.optimizer]]
    own = ((number.name, number.default) for number in hyperparameters(rules))
    return (("eta", 0.01), *own, *((("lambda", 0.0),) if network.regularized else ()))


def _neuron(network: Network, layer: int, neuron: int) -> Block:
    """A neuron's sum and its activation."""
    z, a = pre_activation_name(network, layer, neuron), activation_name(network, layer, neuron)
    activation = ACTIVATIONS[network.activations[layer - 1]].formula(Name(z))
    return Block(
        (
            Assignment(z, _weighted_sum(network, layer, neuron), Subject("pre_activation", layer, neuron)),
            Assignment(a, activation, Subject("activation", layer, neuron)),
        ),
        neuron_title(network, layer, neuron),
    )


def _weighted_sum(network: Network, layer: int, neuron: int) -> Expr:
    """A neuron's pre-activation: w₁ · x₁ + w₂ · x₂ + b₁."""
    return add(
        *(
            Name(p.name)
            if p.input is None
            else apply("multiply", Name(p.name), Name(activation_name(network, layer - 1, p.input)))
            for p in parameters_into(network, layer, neuron)
        )
    )


def dense_network(model: Model) -> Network:
    """The dense network that a model was made of.

    Raises: TypeError where it was made of something else.
    """
    if not isinstance(model.source, Network):
        raise TypeError("the model is no dense network")
    return model.source
