"""Dense networks: their shape, the names and places of what is in them, and the models made of them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from tinynet_tui.engine.expressions import Expr, Name, add, apply
from tinynet_tui.engine.forward import Assignment, Block, Forward, Parameter, Subject
from tinynet_tui.engine.model import Model, Named, Reduction
from tinynet_tui.networks.layers import Biases, Weights
from tinynet_tui.rules import softmax
from tinynet_tui.rules.activation_rows import Activation
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.class_losses import CROSS_ENTROPY
from tinynet_tui.rules.distance_losses import SQUARED_ERROR
from tinynet_tui.rules.hyperparameters import Rule, defaults
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimiser_rows import USUAL, Optimiser, Variation
from tinynet_tui.rules.optimisers import GRADIENT_DESCENT, optimiser

Numbering = Literal["source", "target"]


class Network(NamedTuple):
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
    bias: tuple[bool, ...] = ()
    """Whether each layer after the inputs has biases; empty where all have."""
    frozen: tuple[str, ...] = ()
    """Parameters that stay as they are, by name, beside biases that are not trained."""
    decays_biases: bool = False
    """Whether L2 counts the biases too."""
    shrinks: bool = False
    """Whether l1·Σ|w| is part of the loss."""
    variation: Variation = USUAL
    """Which form of its optimiser it is trained by."""

    @property
    def depth(self) -> int:
        """How many layers of neurons follow the inputs."""
        return len(self.layers) - 1

    @property
    def layer_numbers(self) -> range:
        """The numbers of these layers, from 1."""
        return range(1, len(self.layers))

    def has_bias(self, layer: int) -> bool:
        """Whether the neurons of a layer (from 1) have biases."""
        return not self.bias or self.bias[layer - 1]

    @property
    def has_softmax(self) -> bool:
        """Whether its outputs are a softmax of their sums."""
        return self.activations[-1] == softmax.SOFTMAX.name

    @property
    def rule(self) -> Optimiser:
        """The row of its optimiser, in the form that it is trained by."""
        return optimiser(self.optimizer, self.variation)

    def trains(self, parameter: "DenseParameter") -> bool:
        """Whether updates change a parameter."""
        return (parameter.is_weight or self.train_biases) and parameter.name not in self.frozen


class DenseParameter(NamedTuple):
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


@lru_cache(maxsize=32)
def parameters_of(network: Network) -> tuple[DenseParameter, ...]:
    """Every parameter of a network in the order of its numbers: w1, w2, …, then b1, b2, …"""
    weights = (
        DenseParameter(f"w{number}", layer, neuron, source)
        for number, (layer, neuron, source) in enumerate(_weight_places(network), start=1)
    )
    places = (
        (layer, neuron) for layer in network.layer_numbers for neuron in range(1, network.layers[layer] + 1)
    )
    # A bias has the number of its neuron's sum: where a layer has none, the later ones are called the same.
    biases = (
        DenseParameter(f"b{number}", layer, neuron, None)
        for number, (layer, neuron) in enumerate(places, start=1)
        if network.has_bias(layer)
    )
    return (*weights, *biases)


def _weight_places(network: Network) -> Iterator[tuple[int, int, int]]:
    """(layer, neuron, input) of w1, w2, … as the network numbers them."""
    for layer in network.layer_numbers:
        sources = range(1, network.layers[layer - 1] + 1)
        targets = range(1, network.layers[layer] + 1)
        if network.numbering == "source":
            yield from ((layer, target, source) for source in sources for target in targets)
        else:
            yield from ((layer, target, source) for target in targets for source in sources)


def flat_parameters(network: Network, weights: Weights[float], biases: Biases[float]) -> tuple[float, ...]:
    """The parameters as one tuple, in the order of their numbers."""
    return tuple(
        float(weights[p.layer - 1][p.neuron - 1][p.input - 1])
        if p.input is not None
        else float(biases[p.layer - 1][p.neuron - 1])
        for p in parameters_of(network)
    )


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


def parameters_into(network: Network, layer: int, neuron: int) -> tuple[DenseParameter, ...]:
    """The weights of a neuron in the order of its inputs, then its bias, if it has one."""
    return tuple(_parameters_by_neuron(network)[layer, neuron])


@lru_cache(maxsize=32)
def _parameters_by_neuron(network: Network) -> dict[tuple[int, int], list[DenseParameter]]:
    # However weights are numbered, those of a neuron come in the order of its inputs.
    by_neuron: dict[tuple[int, int], list[DenseParameter]] = {}
    for parameter in parameters_of(network):
        by_neuron.setdefault((parameter.layer, parameter.neuron), []).append(parameter)
    return by_neuron


@lru_cache(maxsize=32)
def dense_model(network: Network) -> Model:
    """The model of a dense network: a level for each layer, a block for each neuron."""
    levels = [
        tuple(_neuron(network, layer, neuron) for neuron in range(1, network.layers[layer] + 1))
        for layer in network.layer_numbers
    ]
    if network.has_softmax:
        levels += _softmax_levels(network)
    parameters = (
        Parameter(
            p.name,
            Subject("weight" if p.is_weight else "bias", p.layer, p.neuron, p.input),
            is_trained=network.trains(p),
            penalties=_penalties(network, p),
        )
        for p in parameters_of(network)
    )
    predictions = _layer_names(network, network.depth)
    targets = tuple(target_name(network, k) for k in range(1, network.layers[-1] + 1))
    loss = LOSSES[network.loss].formula(tuple(map(Name, predictions)), tuple(map(Name, targets)))
    sums = [pre_activation_name(network, network.depth, k) for k in range(1, network.layers[-1] + 1)]
    is_fused = network.has_softmax and network.loss == CROSS_ENTROPY.name
    stable_forms = softmax.fused(sums, predictions, targets) if is_fused else ()
    rules: list[Rule] = [
        *(ACTIVATIONS[name] for name in network.activations),
        LOSSES[network.loss],
        network.rule,
    ]
    return Model(
        source=network,
        title=_title(network),
        facts=tuple(_facts(network)),
        with_optimiser=lambda name: dense_model(network._replace(optimizer=name, variation=USUAL)),
        forward=Forward(tuple(levels), loss, tuple(parameters), stable_forms=stable_forms),
        loss=network.loss,
        inputs=_layer_names(network, 0),
        targets=targets,
        predictions=predictions,
        reduction=network.reduction,
        optimiser=network.rule,
        hyperparameters=defaults(rules, network.regularized, network.shrinks, network.variation.counts_on),
    )


def _title(network: Network) -> str:
    """The shape of a network and its activation functions: 2-2-1 ReLU."""
    shape = "-".join(map(str, network.layers))
    activations = dict.fromkeys(ACTIVATIONS[name].title for name in network.activations)
    return f"{shape} {'/'.join(activations) if len(activations) <= 2 else 'mixed'}"


def _facts(network: Network) -> Iterator[tuple[str, str]]:
    yield "Network", _sizes_in_words(network)
    for name in dict.fromkeys(network.activations):
        if convention := ACTIVATIONS[name].convention:
            yield ACTIVATIONS[name].title, convention


def _sizes_in_words(network: Network) -> str:
    """2 inputs, 2 hidden neurons (ReLU), 1 output (ReLU)."""
    kinds = ["input", *["hidden neuron"] * (network.depth - 1), "output"]
    rules = ["", *(f" ({ACTIVATIONS[name].title})" for name in network.activations)]
    return ", ".join(
        f"{width} {kind if width == 1 else f'{kind}s'}{rule}"
        for width, kind, rule in zip(network.layers, kinds, rules, strict=True)
    )


def _penalties(network: Network, parameter: DenseParameter) -> tuple[str, ...]:
    """The regularisation that counts a parameter."""
    counts = {
        "L2": network.regularized and (parameter.is_weight or network.decays_biases),
        "L1": network.shrinks and parameter.is_weight,
    }
    return tuple(name for name, is_counted in counts.items() if is_counted)


def _neuron(network: Network, layer: int, neuron: int) -> Block:
    """A neuron's sum and its activation; the sum alone where a softmax takes the whole layer."""
    z, a = pre_activation_name(network, layer, neuron), activation_name(network, layer, neuron)
    total = Assignment(z, _weighted_sum(network, layer, neuron), Subject("pre_activation", layer, neuron))
    title, rule = neuron_title(network, layer, neuron), ACTIVATIONS[network.activations[layer - 1]]
    if not isinstance(rule, Activation):
        return Block((total,), title)
    return Block((total, Assignment(a, rule.formula(Name(z)), Subject("activation", layer, neuron))), title)


def _softmax_levels(network: Network) -> list[tuple[Block, ...]]:
    """The shift, the powers of e, their sum, and the share that each has of it."""
    layer, numbers = network.depth, range(1, network.layers[-1] + 1)
    sums = [pre_activation_name(network, layer, number) for number in numbers]

    def block(named: Named, of: Subject, title: str, is_constant: bool = False) -> Block:
        return Block((Assignment(*named, of, is_constant),), title)

    def of_output(named: Named, number: int) -> Block:
        of = Subject("quantity", layer, number, name=named[0])
        is_share = named[0] == activation_name(network, layer, number)
        place = Subject("activation", layer, number) if is_share else of
        return block(named, place, neuron_title(network, layer, number))

    shares = [(number, activation_name(network, layer, number)) for number in numbers]
    return [
        (block(softmax.shift(sums), Subject("quantity", name=softmax.SHIFT), "the shift", is_constant=True),),
        tuple(of_output(softmax.exponential(n, z), n) for n, z in zip(numbers, sums, strict=True)),
        (block(softmax.total(len(sums)), Subject("quantity", name=softmax.TOTAL), "the sum"),),
        tuple(of_output(softmax.share(number, output), number) for number, output in shares),
    ]


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


def is_dense(model: Model) -> bool:
    """Whether a model was made of a dense network, which has a diagram and scripts of its own."""
    return isinstance(model.source, Network)


def dense_network(model: Model) -> Network:
    """The dense network that a model was made of, for that diagram and those scripts.

    Raises: TypeError where it was made of something else.
    """
    if not isinstance(model.source, Network):
        raise TypeError("the model is no dense network")
    return model.source
