"""The words of the backward pass."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import activation_name
from tinynet_tui.teaching.forward import ACTIVATION_TITLES, dead_words
from tinynet_tui.teaching.step_in_moment import StepInMoment


def local_title(about: StepInMoment) -> str:
    """What a local derivative asks."""
    top, bottom = symbol(about.top), symbol(about.bottom)
    match about.step.of.kind:
        case "pre_activation" if about.activation == "relu":
            return f"does the gate of {about.neuron} let the error through?"
        case "pre_activation":
            return f"the slope of {ACTIVATION_TITLES[about.activation]} at {bottom}"
        case "activation":
            return f"how {top} changes with {bottom}: by the weight between"
        case "bias":
            return f"how {top} changes with its bias"
        case _:
            return f"how {top} changes with {bottom}: by what it multiplies"


def local_sentences(about: StepInMoment) -> Iterator[str]:
    """Why a local derivative is what it is."""
    match about.step.of.kind:
        case "pre_activation":
            yield from _slope(about)
        case "activation":
            weight = symbol(about.reads[0])
            bottom = symbol(about.bottom)
            yield f"It is {weight}: the edge that carried {bottom} forward carries the error back."
            yield f"It is the old {weight}: nothing changes before every gradient is known."
        case "bias":
            yield f"A bias is a weight on a constant 1, so {symbol(about.top)} changes as much as it does."
        case _:
            source = symbol(about.reads[0])
            bottom = symbol(about.bottom)
            yield f"{bottom} multiplies {source} = {about.text(about.value)}: that is the slope."
            if about.value == 0:
                yield f"{source} is 0, so for this sample {bottom} has no effect at all."


def _slope(about: StepInMoment) -> Iterator[str]:
    z, value = about.known(about.z), about.number(about.z)
    sign = symbol(about.z)
    match about.activation:
        case "relu" if z > 0:
            yield f"{sign} = {value} > 0: the gate is open, the derivative of ReLU is 1."
        case "relu" if z == 0:
            yield f"{sign} is exactly 0: the derivative is taken as 0, as PyTorch and TensorFlow do."
        case "relu" if z < 0:
            yield f"{sign} = {value} < 0: the gate is shut, {about.neuron} is dead {dead_words(about)}."
            yield "No error passes it, so nothing in front of it learns from this sample."
        case "leaky_relu":
            yield "Leaky ReLU never shuts: its slope is 1 above 0 and α below."
        case "sigmoid" if about.value == 0:
            yield f"σ′ is never exactly 0: {symbol(about.z)} = {value} is so far out that σ is rounded."
        case "tanh" if about.value == 0:
            yield f"tanh′ is never exactly 0: {symbol(about.z)} = {value} is so far out that tanh is rounded."
        case "sigmoid":
            yield "σ′ = σ · (1 − σ) is at most ¼, so the error shrinks at every sigmoid it passes."
        case "tanh":
            yield "tanh′ = 1 − tanh² is 1 at 0 and smaller everywhere else."
        case "linear":
            yield "A linear neuron has slope 1: the error passes unchanged."


def gradient_title(about: StepInMoment) -> str:
    """What a gradient is of."""
    bottom = symbol(about.bottom)
    match about.step.of.kind:
        case "weight" | "bias" if about.step.sample is None:
            return f"the gradient of {bottom}, complete"
        case "weight" | "bias":
            return f"the gradient of {bottom}"
        case "pre_activation":
            return f"the error of {about.neuron}, at its sum {bottom}"
        case _ if about.step.of.layer == about.moment.network.depth:
            return f"how the loss changes with {bottom}"
        case _:
            return f"the error travels back to {about.neuron}"


def gradient_sentences(about: StepInMoment) -> Iterator[str]:
    """Where a gradient comes from, and what its sign means."""
    match about.step.of.kind:
        case "weight" | "bias" if about.step.sample is None:
            yield from _joined(about)
        case "weight" | "bias":
            yield from _parameter_gradient(about)
        case "pre_activation":
            yield from _pre_activation_error(about)
        case _ if about.step.of.layer == about.moment.network.depth:
            yield from _output_error(about)
        case _:
            yield from _paths(about)


def _output_error(about: StepInMoment) -> Iterator[str]:
    network = about.moment.network
    if about.value == 0:
        yield "The error is 0: this output is on target, and no gradient will come from it."
    elif about.limits:
        yield "The term 0 / 0 counts as 0: it comes from 0 · ln(0), which is no part of the loss."
    elif network.loss == "binary_cross_entropy":
        yield "It grows without bound as the probability of the true answer goes to 0."
    else:
        high = "too large" if about.value > 0 else "too small"
        yield f"ŷ − y, not y − ŷ: its sign says that the prediction is {high}."
    match network.loss:
        case "squared_error":
            yield "The 2 comes from the square: the derivative of u² is 2 · u."
        case "half_squared_error":
            yield "The ½ and the 2 of the square cancel: that is what the ½ is for."
        case "mean_squared_error":
            yield "The 2 comes from the square; the mean divides by the number of outputs."


def _pre_activation_error(about: StepInMoment) -> Iterator[str]:
    slope = about.number(f"d{_activation_of(about)}/d{about.z}")
    error = about.known(f"dL/d{_activation_of(about)}")
    if about.value == 0 and error != 0 and _is_output_on_target(about):
        yield "It is ŷ − y = 0 in the end: this output is on target."
    elif about.value == 0 and error != 0:
        stop = "the gate is shut" if about.activation == "relu" else "the slope is 0"
        yield f"The error {about.text(error)} stops here: {stop} (not: nothing left to learn)."
    elif about.value == 0:
        yield "The error is 0 here: nothing comes in from behind to be passed on."
    else:
        yield f"The error at the activation, times the slope {slope} of the activation function."
    yield f"Every parameter of {about.neuron} will use this number."


def _is_output_on_target(about: StepInMoment) -> bool:
    """Whether a neuron is an output whose prediction is exactly its target."""
    layer, neuron = about.place
    if layer != about.moment.network.depth:
        return False
    prediction, target = about.pairs[neuron - 1]
    return prediction == target


def _activation_of(about: StepInMoment) -> str:
    """The name of the activation that a step's product goes through: h1 in ∂L/∂h₁ · ∂h₁/∂z₁."""
    return about.reads[0].split("/")[1][1:]


def _paths(about: StepInMoment) -> Iterator[str]:
    paths = len(about.reads) // 2
    bottom = symbol(about.bottom)
    if paths == 1:
        weight = _weight_back(about)
        yield f"The edge {weight} that carried {bottom} forward carries the error back."
        yield f"One path leads from {bottom} to the loss, so there is one product and no sum."
    else:
        yield f"{paths} paths lead from {bottom} to the loss; what comes back along them adds up."
        yield "Each weight is the old one: nothing changes before every gradient is known."


def _weight_back(about: StepInMoment) -> str:
    """The weight that a single path back goes through."""
    local = about.reads[1]
    number = about.moment.program.number(local, about.step.sample)
    assert number is not None, "a product's factors are steps"
    return symbol(about.moment.trace.reads(number)[0])


def _parameter_gradient(about: StepInMoment) -> Iterator[str]:
    bottom = symbol(about.bottom)
    error = about.known(f"dL/d{about.z}")
    if about.value > 0:
        yield f"Positive: a larger {bottom} would raise the loss{_consequence(about, 'lower', '↓')}."
    elif about.value < 0:
        yield f"Negative: a larger {bottom} would lower the loss{_consequence(about, 'raise', '↑')}."
    elif error != 0:
        yield f"0, because the input on this edge is 0: {bottom} had no part in this error."
    elif about.is_error_zero:
        yield "0, because the error is 0: the prediction is on target."
    elif about.step.of.layer == about.moment.network.depth and _own_error(about) == 0:
        yield "0, because this output is on target: its error is 0."
    elif about.is_a_gate_shut:
        yield "0, because a shut gate lets no error through: stuck for this sample, not done."
    else:
        yield f"0, because no error comes back to {about.neuron}: the weights behind it are 0."
    if about.step.of.kind == "bias":
        yield f"A bias sits on a constant 1, so its gradient is just the error of {about.neuron}."
        if not about.moment.network.train_biases:
            yield f"The biases are frozen in this lesson: {bottom} will not be updated."
    elif about.value:
        yield f"The error of {about.neuron}, times the input that came in along {bottom}."


def _consequence(about: StepInMoment, verb: str, arrow: str) -> str:
    """What a gradient makes of its parameter, where it alone decides."""
    network = about.moment.network
    bottom = symbol(about.bottom)
    if about.step.of.kind == "bias" and not network.train_biases:
        return ""
    if len(about.moment.program.samples) > 1:
        return " of this sample"
    if network.optimizer != "gradient_descent" or network.regularized:
        return ""
    return f"; the update will {verb} {bottom} {arrow}"


def _own_error(about: StepInMoment) -> float:
    """The error of an output neuron at its activation."""
    return about.known(f"dL/d{activation_name(about.moment.network, *about.place)}")


def _joined(about: StepInMoment) -> Iterator[str]:
    count = len(about.moment.program.samples)
    if count > 1:
        word = "mean" if about.moment.network.reduction == "mean" else "sum"
        yield f"The {word} of its gradients for {count} samples: they share one update."
    if about.moment.network.regularized and about.step.of.kind == "weight":
        yield "L2 adds λ times the weight itself, which pulls every weight towards 0."
