"""The words of the backward pass."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.forward import Block
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import written
from tinynet_tui.teaching.chain import products_of
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.of_samples import joined
from tinynet_tui.teaching.step_in_moment import StepInMoment

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
        case "weight":
            source = symbol(about.reads[0])
            if about.value == 0:
                yield f"{source} is 0, so for this sample {bottom} has no effect at all."
            yield f"{top} contains {bottom} · {source}: if {bottom} grows by 1, {top} changes by {value}."
        case _:
            yield f"A small change of {bottom} changes {top} by {value} times as much."


def gradient_title(about: StepInMoment) -> str:
    """What a gradient is of."""
    bottom = symbol(about.bottom)
    if not about.is_of_parameter:
        return f"how L changes with {bottom}"
    if about.step.sample is not None:
        return f"the gradient of {bottom}"
    many = len(about.moment.program.samples) > 1
    return f"∂L/∂{bottom} of the batch" if many else f"the gradient of {bottom}, with L2"


def gradient_sentences(about: StepInMoment) -> Iterator[str]:
    """Where a gradient comes from, and what its sign means."""
    if about.is_of_parameter:
        yield from _joined(about) if about.step.sample is None else _parameter_gradient(about)
    elif about.step.of.kind == "pre_activation":
        yield from _pre_activation_gradient(about)
    elif about.bottom in about.moment.model.predictions:
        yield from _output_gradient(about)
    else:
        yield from _paths(about)


def _output_gradient(about: StepInMoment) -> Iterator[str]:
    if about.loss is None:
        yield f"The loss reads {symbol(about.bottom)}: its derivative is where the way back begins."
        return
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
    slope = about.known(_slope(about.block))
    arrived, at = about.known(f"dL/d{about.output}"), symbol(about.output)
    function = about.activation.noun
    if about.value != 0:
        yield f"The gradient at {at}, times the slope {about.text(slope)} of {function}: the chain rule."
    elif about.is_output_on_target:
        yield "It is ŷ − y = 0 in the end: this output is on target."
    elif arrived == 0:
        yield f"The gradient at {at} is 0: nothing arrives here that could be passed on."
    else:
        stop = f"{function} has slope {about.text(slope)}" if slope == 0 else "both are tiny"
        yield f"The gradient {about.text(arrived)} at {at} stops here, because {stop}."
        yield _STUCK
    yield f"Every weight into {about.neuron}, and its bias, will use this number."


def _paths(about: StepInMoment) -> Iterator[str]:
    """How a gradient comes back from what reads its quantity: for a neuron, along the weights behind it."""
    products, bottom = len(about.reads) // 2, symbol(about.bottom)
    match about.step.of.kind, products:
        case "activation", 1:
            yield f"{about.multiplied} carried {bottom} forward. Now it carries the gradient back."
            yield f"One path leads from {bottom} to the loss, so there is one product and no sum."
        case "activation", _:
            yield f"{products} paths lead from {bottom} to the loss: one product for each, and their sum."
            yield f"Each weight is the old one: {_OLD}."
        case _, 1:
            yield f"{bottom} is read in one place, so there is one product and no sum."
        case _:
            yield f"{bottom} is read in {products} places: one product for each, and their sum."


def _parameter_gradient(about: StepInMoment) -> Iterator[str]:
    bottom, kind = symbol(about.bottom), about.step.of.kind
    if about.value > 0:
        yield f"Positive: a larger {bottom} would raise the loss{_consequence(about, 'lower', '↓')}."
    elif about.value < 0:
        yield f"Negative: a larger {bottom} would lower the loss{_consequence(about, 'raise', '↑')}."
    elif kind in ("weight", "bias"):
        yield from _why_zero(about)
    else:
        yield f"0: a small change of {bottom} does not change the loss of this sample."
    if kind == "bias":
        yield f"{bottom} has the local derivative 1, so its gradient is the one at {symbol(about.z)}."
        if not about.parameter.is_trained:
            yield f"The biases are frozen in this lesson: {bottom} will not be updated."
    elif kind == "weight" and about.value:
        at = symbol(about.z)
        yield f"The gradient at {at}, times {about.multiplied}, the input that {bottom} multiplies."


def _consequence(about: StepInMoment, verb: str, arrow: str) -> str:
    """What a gradient makes of its parameter, where it alone decides."""
    if not about.parameter.is_trained:
        return ""
    if len(about.moment.program.samples) > 1:
        return " of this sample"
    if not about.optimiser.is_plain or about.moment.model.is_decayed:
        return ""
    return f"; the update will {verb} {symbol(about.bottom)} {arrow}"


_STUCK = "Stuck, not done: the prediction is still off target."
"""What tells a gradient of 0 that something stops from one that nothing is left for."""


def _why_zero(about: StepInMoment) -> Iterator[str]:
    """Why the gradient of a weight or a bias is 0 for a sample."""
    if about.is_error_zero:
        yield "0, because the error ŷ − y is 0: the prediction is on target."
    elif about.known(f"dL/d{about.z}") != 0:
        source = about.multiplied
        yield f"0, because {source} is 0: for this sample {symbol(about.bottom)} has no effect at all."
    elif about.is_output_on_target:
        yield "0, because this output is on target: its error ŷ − y is 0."
    else:
        yield f"0, because {_obstacle(about)}."
        yield _STUCK


def _obstacle(about: StepInMoment) -> str:
    """What keeps the gradient from the sum of a neuron."""
    if about.known(_slope(about.block)) == 0:
        return f"{about.activation.noun} has slope 0 at {symbol(about.z)}: no gradient gets through"
    if about.own_pair is not None:
        return "the numbers are too small for 64 bits"
    products = products_of(about.moment.program, f"dL/d{about.output}")
    arriving = [(about.known(gradient), about.known(weight)) for gradient, weight in products]
    if not any(weight for _, weight in arriving):
        return f"the weights from {about.neuron} to the next layer are 0: no gradient comes back"
    if any(gradient * weight for gradient, weight in arriving):
        return f"what comes back to {about.neuron} along its paths adds up to 0"
    if any(about.known(_slope(block)) == 0 for block in _later_blocks(about)):
        return f"a slope of 0 nearer to the loss lets no gradient through to {about.neuron}"
    return f"no gradient comes back to {about.neuron}"


def _later_blocks(about: StepInMoment) -> Iterator[Block]:
    """The blocks of the levels after the block of a step."""
    levels = about.moment.model.forward.levels
    own = next(number for number, level in enumerate(levels) if about.block in level)
    return (block for level in levels[own + 1 :] for block in level)


def _slope(block: Block) -> str:
    """The name of the derivative of a neuron's activation function: dh1/dz1."""
    z, output = block.assignments
    return f"d{output.name}/d{z.name}"


def _joined(about: StepInMoment) -> Iterator[str]:
    count = len(about.moment.program.samples)
    if count > 1:
        reduction = about.moment.model.reduction
        yield f"The {reduction} of its gradients for {count} samples: they share one update."
        yield from _joined_loss(about)
    if about.parameter.is_decayed:
        yield "L2 adds λ times the weight itself, which pulls every weight towards 0."


_MOST_LOSSES = 4
"""Those of more samples are not written out."""


def _joined_loss(about: StepInMoment) -> Iterator[str]:
    """At the first step of the whole batch: the loss at the top of the screen, from those of the samples."""
    moment = about.moment
    trace, program = moment.trace, moment.program
    if program.place(moment.session.step)[1] != 0:
        return
    name = joined("L", moment.model, len(program.samples))
    if moment.model.is_decayed or len(program.samples) > _MOST_LOSSES:
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
