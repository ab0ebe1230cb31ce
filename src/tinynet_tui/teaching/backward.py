"""The words of the backward pass."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import written
from tinynet_tui.networks.dense import activation_name
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.of_samples import joined
from tinynet_tui.teaching.step_in_moment import StepInMoment
from tinynet_tui.teaching.zero_gradient import STUCK, why_zero

_OLD = "no parameter changes before every gradient is known"


def local_title(about: StepInMoment) -> str:
    """What a local derivative asks."""
    top, bottom = symbol(about.top), symbol(about.bottom)
    match about.step.of.kind:
        case "pre_activation" if about.activation.is_gate:
            return f"is {about.neuron}'s {about.activation.title} open?"
        case "pre_activation":
            return f"the slope of {top} at {bottom}"
        case _:
            return f"how {top} changes with {bottom}"


def local_sentences(about: StepInMoment) -> Iterator[str]:
    """Why a local derivative is what it is."""
    top, bottom, value = symbol(about.top), symbol(about.bottom), about.text(about.value)
    match about.step.of.kind:
        case "pre_activation":
            yield from about.activation.slope_words(about.neuron_at)
        case "activation":
            weight = symbol(about.reads[0])
            yield f"{top} contains {weight} · {bottom}: if {bottom} grows by 1, {top} changes by {value}."
            yield f"The old {weight} counts: {_OLD}."
        case "bias":
            yield f"{top} contains + {bottom}: if {bottom} grows by 1, so does {top}."
            yield "A bias acts like a weight on an input that is always 1."
        case _:
            source = symbol(about.reads[0])
            if about.value == 0:
                yield f"{source} is 0, so for this sample {bottom} has no effect at all."
            yield f"{top} contains {bottom} · {source}: if {bottom} grows by 1, {top} changes by {value}."


def gradient_title(about: StepInMoment) -> str:
    """What a gradient is of."""
    bottom = symbol(about.bottom)
    match about.step.of.kind:
        case "weight" | "bias" if about.step.sample is None and len(about.moment.program.samples) > 1:
            return f"∂L/∂{bottom} of the batch"
        case "weight" | "bias" if about.step.sample is None:
            return f"the gradient of {bottom}, with L2"
        case "weight" | "bias":
            return f"the gradient of {bottom}"
        case _:
            return f"how L changes with {bottom}"


def gradient_sentences(about: StepInMoment) -> Iterator[str]:
    """Where a gradient comes from, and what its sign means."""
    match about.step.of.kind:
        case "weight" | "bias" if about.step.sample is None:
            yield from _joined(about)
        case "weight" | "bias":
            yield from _parameter_gradient(about)
        case "pre_activation":
            yield from _pre_activation_gradient(about)
        case _ if about.step.of.layer == about.moment.network.depth:
            yield from _output_gradient(about)
        case _:
            yield from _paths(about)


def _output_gradient(about: StepInMoment) -> Iterator[str]:
    sign, size = ("positive", "large") if about.value > 0 else ("negative", "small")
    if about.value == 0:
        yield "The error ŷ − y is 0: this output is on target, and no gradient will come from it."
    elif about.limits:
        yield "The term 0 / 0 counts as 0: it comes from 0 · ln(0), which is no part of the loss."
    else:
        yield from (words.format(sign=sign, size=size) for words in about.loss.sign_words)
    if about.loss.constant_words:
        yield about.loss.constant_words


def _pre_activation_gradient(about: StepInMoment) -> Iterator[str]:
    name = activation_name(about.moment.network, *about.place)
    slope = about.number(f"d{name}/d{about.z}")
    arrived, at = about.known(f"dL/d{name}"), symbol(name)
    function = about.activation.noun
    if about.value != 0:
        yield f"The gradient at {at}, times the slope {slope} of {function}: the chain rule."
    elif about.is_output_on_target:
        yield "It is ŷ − y = 0 in the end: this output is on target."
    elif arrived == 0:
        yield f"The gradient at {at} is 0: nothing arrives here that could be passed on."
    else:
        stop = f"{function} has slope {slope}" if about.known(f"d{name}/d{about.z}") == 0 else "both are tiny"
        yield f"The gradient {about.text(arrived)} at {at} stops here, because {stop}."
        yield STUCK
    yield f"Every weight into {about.neuron}, and its bias, will use this number."


def _paths(about: StepInMoment) -> Iterator[str]:
    paths = len(about.reads) // 2
    bottom = symbol(about.bottom)
    if paths == 1:
        weight = _weight_back(about)
        yield f"{weight} carried {bottom} forward. Now it carries the gradient back."
        yield f"One path leads from {bottom} to the loss, so there is one product and no sum."
    else:
        yield f"{paths} paths lead from {bottom} to the loss: one product for each, and their sum."
        yield f"Each weight is the old one: {_OLD}."


def _weight_back(about: StepInMoment) -> str:
    """The weight that a single path back goes through."""
    local = about.reads[1]
    number = about.moment.program.number(local, about.step.sample)
    assert number is not None, "a product's factors are steps"
    return symbol(about.moment.trace.reads(number)[0])


def _parameter_gradient(about: StepInMoment) -> Iterator[str]:
    bottom = symbol(about.bottom)
    if about.value > 0:
        yield f"Positive: a larger {bottom} would raise the loss{_consequence(about, 'lower', '↓')}."
    elif about.value < 0:
        yield f"Negative: a larger {bottom} would lower the loss{_consequence(about, 'raise', '↑')}."
    else:
        yield from why_zero(about)
    if about.step.of.kind == "bias":
        yield f"{bottom} has the local derivative 1, so its gradient is the one at {symbol(about.z)}."
        if not about.moment.network.train_biases:
            yield f"The biases are frozen in this lesson: {bottom} will not be updated."
    elif about.value:
        yield f"The gradient at {symbol(about.z)}, times {about.source}, the input that {bottom} multiplies."


def _consequence(about: StepInMoment, verb: str, arrow: str) -> str:
    """What a gradient makes of its parameter, where it alone decides."""
    network = about.moment.network
    bottom = symbol(about.bottom)
    if about.step.of.kind == "bias" and not network.train_biases:
        return ""
    if len(about.moment.program.samples) > 1:
        return " of this sample"
    if not about.optimiser.is_plain or network.regularized:
        return ""
    return f"; the update will {verb} {bottom} {arrow}"


def _joined(about: StepInMoment) -> Iterator[str]:
    count = len(about.moment.program.samples)
    if count > 1:
        word = "mean" if about.moment.network.reduction == "mean" else "sum"
        yield f"The {word} of its gradients for {count} samples: they share one update."
        yield from _joined_loss(about)
    if about.moment.network.regularized and about.step.of.kind == "weight":
        yield "L2 adds λ times the weight itself, which pulls every weight towards 0."


_MOST_LOSSES = 4
"""Those of more samples are not written out."""


def _joined_loss(about: StepInMoment) -> Iterator[str]:
    """At the first step of the whole batch: the loss at the top of the screen, from those of the samples."""
    moment = about.moment
    trace, program = moment.trace, moment.program
    if program.place(moment.session.step)[1] != 0:
        return
    name = joined("L", moment.network, len(program.samples))
    if moment.network.regularized or len(program.samples) > _MOST_LOSSES:
        yield f"{name} {about.equals(trace.loss_before)}: the losses of all samples are joined, too."
        return
    position = program.sample_position("L")
    assert position is not None, "every sample has a loss"
    losses = dict(zip(program.samples, (row[position] for row in trace.sample_values), strict=True))
    # The check joins the new losses in the same way.
    expression = program.closing_steps[-1].expression
    came = equation(
        expression, lambda read: losses[read.sample or 1], trace.loss_before, moment.session.digits
    )
    numbers = written(expression, "plain", lambda read: came.number(losses[read.sample or 1]))
    yield f"{name} {came.reads} {numbers} {came.sign} {came.value}."
