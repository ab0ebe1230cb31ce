"""The words of the forward pass and the loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tinynet_tui.engine.names import symbol
from tinynet_tui.networks.dense import Network, activation_name, pre_activation_name
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.step_in_moment import StepInMoment


def value_title(about: StepInMoment) -> str:
    """What a neuron does."""
    if about.step.of.kind == "pre_activation":
        return f"{about.neuron} sums its inputs"
    if about.activation == "linear":
        return f"{about.neuron} passes its sum on"
    return f"{about.neuron}: {ACTIVATION_NOUNS[about.activation]} of {symbol(about.z)}"


ACTIVATION_TITLES = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "linear": "linear",
}
"""The activation functions as they are called on screen."""
ACTIVATION_NOUNS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "sigmoid": "the sigmoid",
    "tanh": "tanh",
    "linear": "the linear activation",
}
"""The activation functions as they are called within a sentence."""


def network_title(network: Network) -> str:
    """The shape of a network and its activation functions.

    Example:
        >>> network_title(Network((2, 2, 1), ("relu", "relu")))
        '2-2-1 ReLU'
    """
    shape = "-".join(map(str, network.layers))
    activations = dict.fromkeys(ACTIVATION_TITLES[name] for name in network.activations)
    return f"{shape} {'/'.join(activations) if len(activations) <= 2 else 'mixed'}"


def value_sentences(about: StepInMoment) -> Iterator[str]:
    """How a sum or an activation comes about."""
    if about.step.of.kind == "pre_activation":
        yield "Each input times its weight, and the bias on top: the weighted sum z."
        output = symbol(activation_name(about.moment.network, *about.place))
        yield f"z is the sum before the activation function, which turns it into the activation {output}."
        return
    z, value = about.known(about.z), about.number(about.z)
    sign, equals, result = symbol(about.z), about.equals(z), about.text(about.value)
    match about.activation:
        case "relu" if z > 0:
            yield f"ReLU passes a positive sum on as it is: {value}."
        case "relu" if z == 0:
            yield f"{sign} is exactly 0, so ReLU gives 0; its derivative there is taken as 0."
        case "relu" if z < 0:
            dead = f"{about.neuron} is dead {dead_words(about)}"
            yield f"{sign} {equals} is negative, so ReLU gives 0: {dead}."
        case "leaky_relu" if z < 0:
            yield f"{sign} {equals} is negative: leaky ReLU passes on only a small part, α of it."
        case "leaky_relu":
            yield f"Leaky ReLU passes on a sum that is not negative as it is: {value}."
        case "sigmoid" if about.value in (0, 1):
            yield f"σ is never exactly {result}: this one is so near that 64 bits round it to {result}."
        case "sigmoid":
            yield "The sigmoid σ(z) = 1 / (1 + e^−z) squeezes any sum into the range from 0 to 1."
        case "tanh" if about.value in (-1, 1):
            yield f"tanh is never exactly {result}: this one is so near that 64 bits round it to {result}."
        case "tanh":
            yield "tanh squeezes any sum into the range from −1 to 1."
        case "linear":
            yield "A linear neuron passes its sum on unchanged."


def dead_words(about: StepInMoment) -> str:
    """How dead a neuron is: for this sample, or for all."""
    dead = about.moment.dead(*about.place)
    if dead == "for all samples" and len(about.moment.setup.inputs) == 1:
        return "for the only sample there is"
    return dead or "for this sample"


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
    return network.activations[-1] == "relu" and sum_below_0


def loss_convention(network: Network) -> str:
    """Which of the losses that go by similar names a network has."""
    return _LOSS_SENTENCES[network.loss](network.layers[-1])


_LOSS_SENTENCES: dict[str, Callable[[int], str]] = {
    "squared_error": lambda outputs: (
        "The squared error has no ½; for one sample and one output it is the MSE too."
        if outputs == 1
        else "The squared errors of the outputs are added up, without a ½."
    ),
    "half_squared_error": lambda _outputs: (
        "The ½ is there to cancel the 2 of the derivative: it makes every gradient half as large."
    ),
    "mean_squared_error": lambda _outputs: (
        "The mean of the squared errors of the outputs, without a ½, as in PyTorch and Keras."
    ),
    "binary_cross_entropy": lambda _outputs: (
        "Cross-entropy: the smaller the probability given to the true answer, the larger the loss."
    ),
}
