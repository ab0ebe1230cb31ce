"""The steps of one update, written for any network in the order in which a learner is shown them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tinynet_tui.engine import formulas
from tinynet_tui.engine.chain_rule import backward
from tinynet_tui.engine.expressions import Expr, Name, add, apply
from tinynet_tui.engine.forward import Assignment, Block, Forward, Kind, Subject
from tinynet_tui.engine.forward import Parameter as Trained
from tinynet_tui.engine.network import Network, Parameter, parameters_of
from tinynet_tui.engine.walks import derivative
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS

Phase = Literal["given", "forward", "loss", "backward", "update", "check"]
PHASES: tuple[Phase, ...] = ("given", "forward", "loss", "backward", "update", "check")

Role = Literal["value", "loss", "local", "gradient", "state", "update", "check"]


@dataclass(frozen=True, slots=True)
class Step:
    """One assignment: a quantity and the expression that gives it."""

    name: str
    phase: Phase
    role: Role
    of: Subject
    expression: Expr
    sample: int | None = None
    """From 1, in the data; None where the step belongs to the whole batch, or to any sample."""

    @property
    def assigns(self) -> str:
        """The sign between its quantity and its formula: ← where it replaces what it reads, else =."""
        return "←" if self.role in ("update", "state") else "="

    @property
    def quantity(self) -> str:
        """The name of what it assigns, as it is called on screen: the check's is the loss."""
        return "L" if self.role == "check" else self.name


LOSS = Subject("loss")


def parameter_subject(parameter: Parameter) -> Subject:
    """A parameter as the subject of a step."""
    kind: Kind = "weight" if parameter.is_weight else "bias"
    return Subject(kind, parameter.layer, parameter.neuron, parameter.input)


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


def weighted_sum(network: Network, layer: int, neuron: int) -> Expr:
    """A neuron's pre-activation: w₁ · x₁ + w₂ · x₂ + b₁."""
    return add(
        *(
            Name(p.name)
            if p.input is None
            else apply("multiply", Name(p.name), Name(activation_name(network, layer - 1, p.input)))
            for p in parameters_into(network, layer, neuron)
        )
    )


def loss_expression(network: Network) -> Expr:
    """One sample's loss by its predictions and targets."""
    outputs = range(1, network.layers[-1] + 1)
    return LOSSES[network.loss].formula(
        tuple(Name(activation_name(network, network.depth, k)) for k in outputs),
        tuple(Name(target_name(network, k)) for k in outputs),
    )


@lru_cache(maxsize=32)
def forward_pass(network: Network) -> Forward:
    """The forward pass of a dense network: a level for each layer, a block for each neuron."""
    levels = (
        tuple(_neuron(network, layer, neuron) for neuron in range(1, network.layers[layer] + 1))
        for layer in range(1, network.depth + 1)
    )
    parameters = (Trained(p.name, parameter_subject(p)) for p in parameters_of(network))
    return Forward(tuple(levels), loss_expression(network), tuple(parameters))


def _neuron(network: Network, layer: int, neuron: int) -> Block:
    """A neuron's sum and its activation."""
    z = pre_activation_name(network, layer, neuron)
    activation = ACTIVATIONS[network.activations[layer - 1]].formula(Name(z))
    return Block(
        (
            Assignment(z, weighted_sum(network, layer, neuron), Subject("pre_activation", layer, neuron)),
            Assignment(
                activation_name(network, layer, neuron), activation, Subject("activation", layer, neuron)
            ),
        )
    )


@lru_cache(maxsize=32)
def sample_steps(network: Network) -> tuple[Step, ...]:
    """Forward, loss and backward for one sample."""
    return (*_forward(network), _loss(network), *_backward(network))


def _forward(network: Network) -> Iterator[Step]:
    for line in forward_pass(network).assignments:
        yield Step(line.name, "forward", "value", line.of, line.expression)


def _loss(network: Network) -> Step:
    return Step("L", "loss", "loss", LOSS, loss_expression(network))


def _backward(network: Network) -> Iterator[Step]:
    for found in backward(forward_pass(network)):
        yield Step(found.name, "backward", found.role, found.of, found.expression)


def closing_steps(network: Network, samples: tuple[int, ...]) -> tuple[Step, ...]:
    """Gradients joined over the samples of a batch, optimizer state, updates and the check."""
    return (*_joined_gradients(network, samples), *_updates(network), _check(network, samples))


def _joined_gradients(network: Network, samples: tuple[int, ...]) -> Iterator[Step]:
    for parameter in parameters_of(network):
        penalized = network.regularized and parameter.is_weight
        if len(samples) == 1 and not penalized:
            continue
        name = f"dL/d{parameter.name}"
        expression = _over_samples(network, name, samples)
        if penalized:
            own_penalty = derivative(formulas.penalty((Name(parameter.name),)), parameter.name)
            expression = add(expression, own_penalty)
        yield Step(name, "backward", "gradient", parameter_subject(parameter), expression)


def _over_samples(network: Network, name: str, samples: tuple[int, ...]) -> Expr:
    return formulas.joined(tuple(Name(name, sample) for sample in samples), network.reduction)


def _updates(network: Network) -> Iterator[Step]:
    for parameter in trained_parameters(network):
        subject = parameter_subject(parameter)
        states, direction = OPTIMISERS[network.optimizer].direction(parameter.name)
        for name, expression in states:
            yield Step(name, "update", "state", subject, expression)
        update = formulas.descent(Name(parameter.name), direction)
        yield Step(parameter.name, "update", "update", subject, update)


@lru_cache(maxsize=32)
def trained_parameters(network: Network) -> tuple[Parameter, ...]:
    """The parameters that an update changes."""
    return tuple(p for p in parameters_of(network) if p.is_weight or network.train_biases)


@lru_cache(maxsize=32)
def state_names(network: Network) -> tuple[str, ...]:
    """The optimizer's own quantities, all 0 at the start of training."""
    rule = OPTIMISERS[network.optimizer]
    names = (rule.direction(p.name)[0] for p in trained_parameters(network))
    return tuple(name for states in names for name, _ in states)


def _check(network: Network, samples: tuple[int, ...]) -> Step:
    """The loss of the batch once more: its names mean their values after the update."""
    alone = len(samples) == 1
    expression = loss_expression(network) if alone else _over_samples(network, "L", samples)
    return Step("check", "check", "check", LOSS, add(expression, weight_penalty(network)))


def batch_loss(network: Network, samples: tuple[int, ...]) -> Expr:
    """The loss of a batch from those of its samples, L2 included."""
    return add(_over_samples(network, "L", samples), weight_penalty(network))


@lru_cache(maxsize=32)
def weight_penalty(network: Network) -> Expr:
    """½ · λ · Σ w², or 0 without L2."""
    if not network.regularized:
        return add()
    return formulas.penalty(tuple(Name(p.name) for p in parameters_of(network) if p.is_weight))
