"""The words of the forward pass and the loss."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.names import symbol
from tinynet_tui.networks.dense import Network, activation_name, pre_activation_name
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.step_in_moment import StepInMoment


def value_title(about: StepInMoment) -> str:
    """What a neuron does."""
    if about.step.of.kind == "pre_activation":
        return f"{about.neuron} sums its inputs"
    return about.activation.doing.format(neuron=about.neuron, z=symbol(about.z))


def network_title(network: Network) -> str:
    """The shape of a network and its activation functions.

    Example:
        >>> network_title(Network((2, 2, 1), ("relu", "relu")))
        '2-2-1 ReLU'
    """
    shape = "-".join(map(str, network.layers))
    activations = dict.fromkeys(ACTIVATIONS[name].title for name in network.activations)
    return f"{shape} {'/'.join(activations) if len(activations) <= 2 else 'mixed'}"


def value_sentences(about: StepInMoment) -> Iterator[str]:
    """How a sum or an activation comes about."""
    if about.step.of.kind == "pre_activation":
        yield "Each input times its weight, and the bias on top: the weighted sum z."
        output = symbol(activation_name(about.moment.network, *about.place))
        yield f"z is the sum before the activation function, which turns it into the activation {output}."
        return
    yield from about.activation.value_words(about.neuron_at)


def loss_sentences(about: StepInMoment) -> Iterator[str]:
    """How far off the prediction is, and by which convention."""
    outputs = about.moment.network.layers[-1]
    if about.is_error_zero:
        yield "The prediction is exactly on target: no error, so nothing to learn from this sample."
    elif outputs == 1:
        error = difference(about.known("yhat"), about.known("y"))
        side = "above" if error > 0 else "below"
        yield f"ŷ is {about.text(abs(error))} {side} the target y. Training makes the loss smaller."
        if _is_shut_at_the_output(about):
            yield "The output ReLU is shut: ŷ is 0, and small changes of the weights do not change L."
    if about.limits:
        yield "The term 0 · ln(0) counts as 0: x · ln(x) goes to 0 as x does."
    yield loss_convention(about.moment.network)


def _is_shut_at_the_output(about: StepInMoment) -> bool:
    """Whether the one output is a ReLU with a sum below 0."""
    network = about.moment.network
    sum_below_0 = about.known(pre_activation_name(network, network.depth, 1)) < 0
    return ACTIVATIONS[network.activations[-1]].is_gate and sum_below_0


def loss_convention(network: Network) -> str:
    """Which of the losses that go by similar names a network has."""
    return LOSSES[network.loss].convention(network.layers[-1])
