"""The words of the backward pass."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tinynet_tui.engine.expression_reading import value as worked_out
from tinynet_tui.engine.expression_reading import written
from tinynet_tui.engine.expressions import ONE, Apply, Expr, Name, Number
from tinynet_tui.engine.forward import Parameter
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.rules.activations import Activated, activated_in
from tinynet_tui.session.session import FIRST_NUDGE
from tinynet_tui.teaching.chain import path_count, products
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.nudge import following, leaves_loss, reads_of
from tinynet_tui.teaching.numbers import difference, signed
from tinynet_tui.teaching.sample_or_batch import joined
from tinynet_tui.teaching.step_in_moment import StepInMoment

_OLD = "no parameter changes before every gradient is known"


_SHORT = 6
"""Characters of two names, beside which a title has room for a longer word."""


def local_title(about: StepInMoment) -> str:
    """What a local derivative asks."""
    at, top, bottom = about.slope_of, symbol(about.top), symbol(about.bottom)
    if at is None:
        verb = "changes with" if len(about.top + about.bottom) <= _SHORT else "follows"
        return f"how {top} {verb} {bottom}"
    if at.function.is_gate:
        return f"is {about.block}'s {at.function.title} open?"
    return f"the slope of {top} at {bottom}"


def local_sentences(about: StepInMoment) -> Iterator[str]:
    """Why a local derivative is what it is."""
    at, top, bottom, value = about.slope_of, symbol(about.top), symbol(about.bottom), about.text(about.value)
    # A factor of 0 that moves along is 0 at this point alone.
    top_and_bottom, moved = (about.top, about.bottom), following(about.model, about.bottom)
    held = _held(about, moved)
    match about.step.expression:
        case _ if at is not None:
            yield from at.function.slope_words(about.neuron_at(at))
            if not at.function.is_gate and about.step.expression != ONE and _is_first_slope(about, at):
                yield from reasons(about)
                yield from tried(about)
        case Name(weight) if weight in about.model.parameter_names and about.parameter is None:
            yield f"{top} contains {symbol(weight)} · {bottom}: {_grows(about, value, held)}"
            yield f"The old {symbol(weight)} counts: {_OLD}."
        case Number(1.0):
            yield f"{top} contains + {bottom}: if {bottom} grows by 1{held}, so does {top}."
            if about.parameter is not None and about.parameter.of.kind == "bias":
                yield "A bias acts like a weight on an input that is always 1."
        case Name(source) if source not in (top_and_bottom if about.value else moved):
            if about.value == 0 and len(products(about.moment.program, f"dL/d{about.bottom}")) > 1:
                yield f"{symbol(source)} is 0, so {bottom} has no effect on {top}."
            elif about.value == 0:
                yield f"{symbol(source)} is 0, so {_here(about)}{bottom} has no effect at all."
            yield f"{top} contains {bottom} · {symbol(source)}: {_grows(about, value, held)}"
        case _ if edge := about.edge_in(about.top):
            yield f"{edge}: there is no one slope there. It is taken as {value}, as PyTorch does."
        case _:
            changes = _CHANGES.get(about.value, f"changes by {value} times as much")
            yield f"If {bottom} grows a little{held}, {top} {changes}."
            yield from reasons(about)


def reasons(about: StepInMoment) -> Iterator[str]:
    """Why a derivative is what it is: the reason of each operation, at the first step that derives by it and
    does not come to 0, if there is one."""
    program, sample = about.moment.program, about.moment.program.samples[0]
    if about.step.sample != sample:
        return
    for operation in dict.fromkeys(_derived(program, about.step)):
        steps = _derived_by(program)[operation]
        moving = (name for name in steps if about.moment.trace.value(program.number_of(name, sample)))
        if about.step.name == next(moving, steps[0]) and OPERATIONS[operation].reason:
            yield OPERATIONS[operation].reason


_DEEPEST = 5
"""Operations within each other, of those that a derivative is looked for in."""
_MOST_BESIDE = 200
"""Parts of a formula on each of these levels: of a longer sum only the first are looked at."""


def _derived(program: Program, step: Step) -> Iterator[str]:
    """The operations that a derivative is one of, the outer ones first."""
    top, bottom = step.name[1:].split("/d", 1)
    level: list[tuple[Expr, tuple[str, ...]]] = [(program.sample_step_of(top).expression, ())]
    for _ in range(_DEEPEST):
        deeper = list[tuple[Expr, tuple[str, ...]]]()
        for expression, around in level:
            if isinstance(expression, Apply):
                inside = (*around, expression.operation)
                if Name(bottom) in expression.arguments:
                    yield from inside
                deeper += [(argument, inside) for argument in expression.arguments]
        level = deeper[:_MOST_BESIDE]


@lru_cache(maxsize=32)
def _derived_by(program: Program) -> dict[str, list[str]]:
    """The steps of the backward pass that derive by each operation, in their order."""
    found = dict[str, list[str]]()
    for step in program.sample_steps:
        if step.role in ("local", "gradient") and not products(program, step.name):
            for operation in dict.fromkeys(_derived(program, step)):
                found.setdefault(operation, []).append(step.name)
    return found


def _is_first_slope(about: StepInMoment, at: Activated) -> bool:
    """Whether the backward pass comes to no slope of the same function before."""
    alike = [each for each in activated_in(about.model) if each.function.name == at.function.name]
    program = about.moment.program
    places = [program.sample_position(f"d{each.name}/d{each.z}") for each in alike]
    is_first = program.sample_position(about.step.name) == min(filter(None, places), default=None)
    return is_first and about.step.sample == program.samples[0]


_CHANGES = {0.0: "barely changes", 1.0: "changes by the same amount"}
"""What is said of a quantity with such a derivative."""


def tried(about: StepInMoment) -> Iterator[str]:
    """What comes of a small change of what a quantity reads, worked out with its formula alone."""
    formulas = about.model.formulas
    before, by = about.known(about.bottom), FIRST_NUDGE
    came = difference(
        worked_out(formulas[about.top], lambda at: about.known(at.name) + by * (at.name == about.bottom)),
        about.known(about.top),
    )
    if came and abs(before) < _LARGE:
        ends = f"{symbol(about.bottom)} {about.text(before)} → {about.text(before + by)}"
        change, ratio = signed(came, about.digits), about.text(came / by)
        yield f"Try it, all else as it is: {ends} gives {symbol(about.top)} {change}, {ratio} times as much."


_LARGE = 10
"""Numbers from this size on do not show the change by a hundredth in the digits of a sentence."""


def _here(about: StepInMoment) -> str:
    """For which sample something is so, where there is data."""
    return "for this sample " if about.model.inputs or about.model.targets else ""


def _grows(about: StepInMoment, value: str, held: str) -> str:
    """What comes of it where a quantity is a factor, so that its derivative is the same everywhere."""
    return f"if {symbol(about.bottom)} grows by 1{held}, {symbol(about.top)} changes by {value}."


def _held(about: StepInMoment, moved: frozenset[str]) -> str:
    """What has to stay as it is though it moves with a quantity, as where a weight is read in several places.

    moved: all that depends on the quantity, it among them.
    """
    beside = [name for name in reads_of(about.model, about.top) if name in moved and name != about.bottom]
    if not beside:
        return ""
    return f" and {symbol(beside[0]) if len(beside) == 1 else 'all else'} stays as it is"


def gradient_title(about: StepInMoment) -> str:
    """What a gradient is of."""
    bottom = symbol(about.bottom)
    if about.parameter is None:
        return f"how L changes with {bottom}"
    if about.step.sample is not None:
        return f"the gradient of {bottom}"
    several = len(about.moment.program.samples) > 1
    penalties = " and ".join(about.model.penalties)
    return f"∂L/∂{bottom} of the batch" if several else f"the gradient of {bottom}, with {penalties}"


def gradient_sentences(about: StepInMoment) -> Iterator[str]:
    """Where a gradient comes from, and what its sign means."""
    if about.parameter is not None:
        sentences = _joined if about.step.sample is None else _parameter_gradient
        yield from sentences(about, about.parameter)
    elif about.activated is not None and about.only_reader == about.activated.name:
        yield from _sum_gradient(about, about.activated)
    elif not about.paths:
        yield from _output_gradient(about)
    else:
        yield from _paths(about)
    if not about.paths:
        yield from reasons(about)


def _output_gradient(about: StepInMoment) -> Iterator[str]:
    """Where the loss reads a quantity itself."""
    sign, size, would = ("positive", "large", "raise") if about.value > 0 else ("negative", "small", "lower")
    if about.loss is None and (edge := about.edge_in("L")):
        yield f"{edge}: the gradient is taken as {about.text(about.value)}, as PyTorch does."
    elif about.value == 0 and about.loss and about.loss.words.flat and not about.is_output_on_target:
        yield about.loss.words.flat
    elif about.value == 0 and about.output is not None:
        yield f"The error {about.error} is 0: this output is on target, and no gradient will come from it."
    elif about.limits:
        yield "The term 0 / 0 counts as 0: it comes from 0 · ln(0), which is no part of the loss."
    elif about.loss is not None:
        yield from (words.format(sign=sign, size=size, would=would) for words in about.loss.sign_words)
    elif about.value != 0:
        yield f"It is {sign}: a larger {symbol(about.bottom)} would {would} the loss."
    else:
        yield f"It is 0: {_unmoved(about)}."
    if about.loss is not None and about.loss.words.constant:
        yield about.loss.words.constant


def _sum_gradient(about: StepInMoment, at: Activated) -> Iterator[str]:
    """At the sum that an activation function is applied to."""
    local = f"d{at.name}/d{at.z}"
    slope, arrived, name = about.text(about.known(local)), about.known(f"dL/d{at.name}"), symbol(at.name)
    function = at.function.noun
    if about.value != 0:
        yield f"The gradient at {name}, times the slope {slope} of {function}: the chain rule."
    elif about.is_output_on_target:
        yield f"0, because this output is on target: its error {about.error} is 0."
    elif arrived == 0:
        yield f"The gradient at {name} is 0: nothing arrives here that could be passed on."
    else:
        stop = f"{function} has slope {slope}" if about.known(local) == 0 else "both are tiny"
        yield f"The gradient {about.text(arrived)} at {name} stops here, because {stop}."
        if at.is_neuron:
            yield _STUCK
    if not at.is_neuron:
        yield f"All that {symbol(at.z)} is worked out from will use this number."
        return
    bias = ", and its bias," * about.has_bias(at.z)
    yield f"Every weight into {about.block}{bias} will use this number."


def _paths(about: StepInMoment) -> Iterator[str]:
    bottom, count = symbol(about.bottom), len(about.paths)
    locals_ = [about.local(local) for _, local in about.paths]
    names = [read.name for read in locals_ if isinstance(read, Name)]
    weights = [name for name in names if name in about.model.parameter_names]
    if count == 1:
        for weight in weights:
            yield f"{symbol(weight)} carried {bottom} forward. Now it carries the gradient back."
        if path_count(about.moment.program, about.step.name) == 1:
            yield f"One path leads from {bottom} to the loss, so there is one product and no sum."
        else:
            reader = symbol(about.only_reader or "")
            yield f"Only {reader} reads {bottom}, so there is one product and no sum."
        return
    are_old = f" All {about.model.noun}s are still old." if len(weights) == count else ""
    if path_count(about.moment.program, about.step.name) == count:
        yield f"{count} paths lead from {bottom} to L: their products add up.{are_old}"
    else:
        yield f"{bottom} is read in {count} places: one product for each, and their sum.{are_old}"


def _parameter_gradient(about: StepInMoment, parameter: Parameter) -> Iterator[str]:
    bottom = symbol(about.bottom)
    of_sample = " of this sample" if len(about.moment.program.samples) > 1 else ""
    if about.value > 0:
        then = _consequence(about, parameter, "lower", "↓")
        yield f"Positive: a larger {bottom} would raise the loss{of_sample}{then}."
    elif about.value < 0:
        then = _consequence(about, parameter, "raise", "↑")
        yield f"Negative: a larger {bottom} would lower the loss{of_sample}{then}."
    else:
        yield from _why_zero(about)
    if len(about.paths) > 1:
        yield f"{bottom} is read in {len(about.paths)} places: one product for each, and their sum."
    elif about.only_reader and about.source == "1":
        at = symbol(about.only_reader)
        yield f"{bottom} moves {at} just as far: its gradient is the one at {at}."
    if not parameter.is_trained:
        yield f"{_who_is_frozen(about, parameter)} frozen in this lesson: {bottom} will not be updated."
    elif about.only_reader and about.source != "1" and about.value:
        factor = f"The gradient at {symbol(about.only_reader)}, times {about.source}"
        if parameter.of.kind == "weight":
            yield f"{factor}, the input that {bottom} multiplies."
        elif isinstance(about.local(about.paths[0][1]), Name):
            yield f"{factor}, which {bottom} multiplies."
        else:
            yield f"{factor}: the chain rule."


def _who_is_frozen(about: StepInMoment, parameter: Parameter) -> str:
    """The subject of the sentence: the biases are, where all of them are."""
    is_bias = parameter.of.kind == "bias"
    alike = [other for other in about.model.parameters if other.of.kind == parameter.of.kind]
    return "The biases are" if is_bias and not any(other.is_trained for other in alike) else "It is"


def _consequence(about: StepInMoment, parameter: Parameter, verb: str, arrow: str) -> str:
    """What a gradient makes of its parameter; nothing where it does not decide alone."""
    is_alone = len(about.moment.program.samples) == 1 and not about.model.penalties
    if not (is_alone and parameter.is_trained and about.optimiser.is_plain):
        return ""
    return f"; the update will {verb} {symbol(about.bottom)} {arrow}"


_STUCK = "Stuck, not done: the prediction is still off target."
"""What tells a gradient of 0 that something stops from one that nothing is left for."""


def _why_zero(about: StepInMoment) -> Iterator[str]:
    """The sentences for the gradient of a parameter that is 0 for a sample."""
    reader = about.only_reader
    if about.is_error_zero:
        yield f"0, because the error {about.error} is 0: the prediction is on target."
    elif edge := about.edge_in(reader or "L"):
        yield f"0 by convention: {edge}."
    elif reader is None:
        yield f"0: {_unmoved(about)}."
    elif about.known(f"dL/d{reader}") == 0 and about.step.of.kind == "parameter":
        yield f"0, because the gradient at {symbol(reader)} is 0: nothing arrives there to be passed on."
    elif about.known(f"dL/d{reader}") != 0:
        factor = about.local(about.paths[0][1])
        is_factor = isinstance(factor, Name) and factor.name not in following(about.model, about.bottom)
        at_all = f"{_here(about)}{symbol(about.bottom)} has no effect at all"
        yield f"0, because {about.source} is 0: {at_all if is_factor else _unmoved(about)}."
    elif about.is_output_on_target:
        yield f"0, because this output is on target: its error {about.error} is 0."
    elif _is_loss_flat(about):
        yield "0, because the loss is flat here: it asks for no change."
    else:
        yield f"0, because {_obstacle(about, reader)}."
        if about.pairs:
            yield _STUCK


def _unmoved(about: StepInMoment) -> str:
    """What a gradient of 0 says: of this point alone, unless the nudge to both sides finds the same loss."""
    bottom = symbol(about.bottom)
    if leaves_loss(about.moment, about.bottom):
        return f"a small change of {bottom} does not change the loss"
    return f"for a very small change of {bottom}, the loss barely changes"


def _is_loss_flat(about: StepInMoment) -> bool:
    """Whether the loss does not change with the output that a parameter belongs to, or with any."""
    at, outputs = about.activated, about.model.predictions
    of = (at.name,) if at is not None and at.name in outputs else outputs
    return bool(of) and not any(about.known(f"dL/d{output}") for output in of)


def _obstacle(about: StepInMoment, reader: str) -> str:
    """What keeps the gradient from the quantity that reads a parameter."""
    at = about.activated
    if at is not None and _slope_at(about, at) == 0:
        return f"{at.function.noun} has slope 0 at {symbol(at.z)}: no gradient gets through"
    paths = products(about.moment.program, f"dL/d{at.name if at is not None else reader}")
    if not paths:
        return "the numbers are too small for 64 bits"
    arriving, factors = ([about.known(name) for name in names] for names in zip(*paths, strict=True))
    if not any(factors):
        if all(isinstance(about.local(local), Name) for _, local in paths):
            return f"the weights behind {about.block} are 0: no gradient comes back"
        return f"the local derivatives behind {about.block} are 0: no gradient comes back"
    if any(g * w for g, w in zip(arriving, factors, strict=True)):
        return f"what comes back to {about.block} along its paths adds up to 0"
    if any(_slope_at(about, later) == 0 for later in _later(about)):
        return f"a slope of 0 nearer to the loss lets no gradient through to {about.block}"
    return f"no gradient comes back to {about.block}"


def _later(about: StepInMoment) -> Iterator[Activated]:
    """The activations in later levels than that of the step."""
    levels = about.model.forward.level_of_block
    own = levels[about.step.block or 0]
    return (found for found in activated_in(about.model) if levels[found.block] > own)


def _slope_at(about: StepInMoment, at: Activated) -> float:
    return about.known(f"d{at.name}/d{at.z}")


def _joined(about: StepInMoment, parameter: Parameter) -> Iterator[str]:
    count = len(about.moment.program.samples)
    if count > 1:
        whose = f"The {about.model.reduction} of its gradients for {count} samples"
        yield f"{whose}: they share the nudge and the update."
        yield from _joined_loss(about)
    noun = "weight" if parameter.of.kind == "weight" else "parameter"
    if "L2" in parameter.penalties:
        yield f"L2 adds λ times the {noun} itself, which pulls every {noun} towards 0."
    if "L1" in parameter.penalties:
        yield f"L1 adds λ₁ times the sign of the {noun}: it pulls small {noun}s to 0 as hard as large ones."


_MOST_LOSSES = 4
"""Those of more samples are not written out."""


def _joined_loss(about: StepInMoment) -> Iterator[str]:
    """At the first step of the whole batch: the loss at the top of the screen, from those of the samples."""
    moment = about.moment
    trace, program = moment.trace, moment.program
    if program.place(moment.session.step)[1] != 0:
        return
    name = joined("L", moment.model, len(program.samples))
    if moment.model.penalties or len(program.samples) > _MOST_LOSSES:
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
