"""The words of the forward pass and the loss; and of any step that comes to inf or nan."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isinf

from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import letter
from tinynet_tui.rules.activations import activation_of
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.step_in_moment import StepInMoment


def value_title(about: StepInMoment) -> str:
    """What a neuron does, or that a quantity is computed."""
    match about.step.of.kind:
        case "pre_activation":
            return f"{about.neuron} sums its inputs"
        case "activation":
            return about.activation.doing.format(neuron=about.neuron, z=symbol(about.z))
        case _:
            return f"{symbol(about.step.name)} is computed"


def value_sentences(about: StepInMoment) -> Iterator[str]:
    """How a sum, an activation or another quantity comes about."""
    match about.step.of.kind:
        case "pre_activation":
            yield "Each input times its weight, and the bias on top: the weighted sum z."
            output = symbol(about.output)
            yield f"z is the sum before the activation function, which turns it into the activation {output}."
        case "activation":
            yield from about.activation.value_words(about.neuron_at)
        case _:
            read = ", ".join(map(symbol, about.reads))
            yield f"{symbol(about.step.name)} depends on {read}." if read else "It is a constant."


def loss_title(about: StepInMoment) -> str:
    """What a loss is."""
    return "how far ŷ is from y" if about.pairs else "what training makes smaller"


def loss_sentences(about: StepInMoment) -> Iterator[str]:
    """How far off the prediction is, and by which convention."""
    if about.pairs and about.is_error_zero:
        yield "The prediction is exactly on target: no error, so nothing to learn from this sample."
    elif len(about.pairs) == 1:
        [(prediction, target)] = about.pairs
        error = difference(prediction, target)
        side = "above" if error > 0 else "below"
        yield f"ŷ is {about.text(abs(error))} {side} the target y. Training makes the loss smaller."
        if _is_shut_at_the_output(about):
            yield "The output ReLU is shut: ŷ is 0, and small changes of the weights do not change L."
    if about.limits:
        yield "The term 0 · ln(0) counts as 0: x · ln(x) goes to 0 as x does."
    if about.loss is not None:
        yield about.loss.convention(len(about.pairs))
    elif len(about.pairs) != 1:
        yield "The smaller the loss, the better: training makes it smaller."


def _is_shut_at_the_output(about: StepInMoment) -> bool:
    """Whether the one output is a ReLU with a sum below 0."""
    last = about.moment.model.forward.blocks[-1]
    activation = activation_of(last)
    return activation is not None and activation.is_gate and about.known(last.assignments[0].name) < 0


def not_finite_sentences(about: StepInMoment) -> Iterator[str]:
    """Why a step's value is inf or nan."""
    value = about.text(about.value)
    read = {name: about.read(name) for name in names_in(about.step.expression)}
    source = next((name for name, number in read.items() if not isfinite(number)), None)
    if source is None and _is_cross_entropy(about):
        yield from _saturated(about, value)
    elif source is None:
        because = f"It is {value}: the number is too large for 64 bits."
        yield f"{because} Training has diverged." if about.step.role == "update" else because
    elif isinf(read[source]) and 0 in read.values():
        yield f"It is {value}: {about.text(read[source])} · 0 has no value."
        if _is_cross_entropy(about):
            yield f"With exact numbers ∂L/∂{symbol(about.z)} is {_exact(about)}: σ′ would cancel the inf."
            yield "PyTorch's BCEWithLogitsLoss takes σ and the loss together, and gets that number."
    else:
        because = f"It is {value}, because {letter(source)} is {about.text(read[source])}"
        # Where σ is saturated nothing has diverged; that is so only where a parameter was inf or nan before.
        yield f"{because}: training has diverged." if about.has_diverged else f"{because}."


def _is_cross_entropy(about: StepInMoment) -> bool:
    """Whether the step is the loss of cross-entropy, or the way back from it through the σ of an output."""
    is_on_the_way = about.step.role == "loss" or (
        about.step.role == "gradient"
        and about.step.of.kind in ("activation", "pre_activation")
        and about.own_pair is not None
    )
    return about.loss is not None and about.loss.has_logarithm and is_on_the_way


def _saturated(about: StepInMoment, value: str) -> Iterator[str]:
    """The loss, and its derivative, where σ is rounded to the answer that the target rules out."""
    saturated = next((pair for pair in about.pairs if pair[0] in (0.0, 1.0) and pair[0] != pair[1]), None)
    pair = about.own_pair if about.step.role == "gradient" else saturated
    assert pair is not None, "a prediction is rounded"
    prediction, target = map(about.text, pair)
    yield f"It is {value}: σ is rounded to exactly {prediction}, the target is {target}."
    if about.step.role == "loss":
        yield "Then ln(0) = −inf is part of the loss. PyTorch's BCELoss stops at 100 instead."
    else:
        yield "Then the derivative of ln(0) is part of the gradient: a division by 0."


def _exact(about: StepInMoment) -> str:
    """What the gradient at the sum of an output's σ is: ŷ − y, shared by the outputs."""
    assert about.own_pair is not None, "the step is on the way back from an output"
    prediction, target = about.own_pair
    outputs = len(about.pairs)
    exact = about.text((prediction - target) / outputs)
    return f"ŷ − y = {exact}" if outputs == 1 else f"(ŷ − y) / {outputs} = {exact}"
