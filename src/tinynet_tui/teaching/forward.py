"""The words of the forward pass and the loss; and of any step that comes to inf or nan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf, isfinite, isinf, isnan

from tinynet_tui.engine.expression_reading import letter, terms_of, written
from tinynet_tui.engine.expression_reading import value as value_of
from tinynet_tui.engine.expressions import Apply, Expr, Name, names_in
from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.rules.loss_rows import Logarithm
from tinynet_tui.rules.losses import compared_pairs
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.of_softmax import lost_words
from tinynet_tui.teaching.step_in_moment import StepInMoment

_LISTED = 12
"""Cells of the names in a title: beside more of them there is no room for it."""


def value_words(about: StepInMoment) -> tuple[str, Iterable[str]]:
    """What a quantity is to its block, and how it comes about."""
    at, name = about.activated, symbol(about.step.name)
    if at is not None:
        title = at.function.doing.format(neuron=about.block, z=symbol(at.z))
        return title, at.function.value_words(about.neuron_at(at))
    if not about.reads:
        constant = f"{name} is a constant of the formulas: training does not change it."
        return f"{name} is given", (constant,)
    if isinstance(about.step.expression, Name):
        same = f"{name} is {symbol(about.step.expression.name)}"
        return same, (f"{same}, and nothing else.",)
    if _is_a_neuron_s_sum(about):
        return f"{about.block} sums its inputs", _sum_sentences(about)
    read = listed(about.reads)
    short = read if len(read) <= _LISTED else f"{len(about.reads)} numbers"
    return f"{name} from {short}", (f"{name} is worked out from {read}.",)


def _sum_sentences(about: StepInMoment) -> Iterator[str]:
    bias = ", and the bias on top" * about.has_bias(about.step.name)
    used = next((found for found in activated_in(about.model) if found.z == about.step.name), None)
    yield f"Each input times its weight{bias}: the weighted sum{' z' if used else ''}."
    if used is not None:
        output = symbol(used.name)
        yield f"z is the sum before the activation function, which turns it into the activation {output}."


def _is_a_neuron_s_sum(about: StepInMoment) -> bool:
    """Whether it is the weighted sum of a block that bears the name of a neuron, or of no other."""
    is_sum = is_weighted_sum(about.step.expression, about.model.parameter_names)
    return is_sum and (about.step.of.kind == "pre_activation" or not about.model.forward.level_titles)


def is_weighted_sum(expression: Expr, parameters: tuple[str, ...]) -> bool:
    """Whether every term is a parameter, alone or times a quantity that is none."""
    return all(_is_weighted(term, parameters) for term in terms_of(expression))


def _is_weighted(term: Expr, parameters: tuple[str, ...]) -> bool:
    match term:
        case Name(name):
            return name in parameters
        case Apply("multiply", (Name(weight), Name(source))):
            return weight in parameters and source not in parameters
    return False


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: e₁, e₂ and e₃."""
    *others, last = map(symbol, names)
    return f"{', '.join(others)} and {last}" if others else last


def loss_title(about: StepInMoment) -> str:
    """What the loss says."""
    if about.loss is not None:
        return about.loss.words.measure or "how far ŷ is from y"
    match compared_pairs(about.model):
        case [(output, goal)]:
            return f"how far {symbol(output)} is from {symbol(goal)}"
    return "what training makes smaller"


def loss_sentences(about: StepInMoment) -> Iterator[str]:
    """How far off the prediction is, and by which convention."""
    if about.is_error_zero:
        yield "The prediction is exactly on target: no error, so nothing to learn from this sample."
    elif len(about.pairs) == 1:
        ((prediction, target),) = about.pairs
        error = difference(prediction, target)
        side = "above" if error > 0 else "below"
        (output, goal), by = map(symbol, compared_pairs(about.model)[0]), abs(error)
        yield f"{output} is {about.text(by)} {side} the target {goal}. Training makes the loss smaller."
        if _is_shut_at_the_output(about):
            yield "The output ReLU is shut: ŷ is 0, and small changes of the weights do not change L."
    if about.step.takes_stable_form:
        yield "64 bits round a ŷ to 0, or nearly so, and lose its logarithm. But −ln(ŷ) is ln(S) + (m − z)."
        yield "That loses nothing, and so PyTorch's cross_entropy takes softmax and logarithm together."
    if about.limits:
        yield "The term 0 · ln(0) counts as 0: x · ln(x) goes to 0 as x does."
    if about.loss is not None:
        yield about.loss.convention(len(about.model.predictions))
    elif len(about.pairs) != 1:
        yield f"L is worked out from {listed(about.reads)}. Training makes it smaller."


def _is_shut_at_the_output(about: StepInMoment) -> bool:
    """Whether the one output is a gate with a sum below 0."""
    output = about.model.predictions[0]
    gates = (at for at in activated_in(about.model) if at.name == output and at.function.is_gate)
    return any(at.is_neuron and about.known(at.z) < 0 for at in gates)


def not_finite_sentences(about: StepInMoment) -> Iterator[str]:
    """Why a step's value is inf or nan."""
    value = about.text(about.value)
    read = {name: about.read(name) for name in names_in(about.step.expression)}
    source = next((name for name, number in read.items() if not isfinite(number)), None)
    if source is None and (logarithm := _logarithm(about)):
        yield from _saturated(about, value, logarithm)
    elif source is None:
        lost = _lost(about.step.expression, about)
        because = f"It is {value}: {_why_lost(about, lost)}."
        yield f"{because} Training has diverged." if about.step.role == "update" else because
        if lost:
            yield from lost_words(about, lost)
    elif isinf(read[source]) and 0 in read.values():
        yield f"It is {value}: {about.text(read[source])} · 0 has no value."
        if (logarithm := _logarithm(about)) and about.activated is not None:
            at = symbol(about.bottom)
            yield f"With exact numbers ∂L/∂{at} is {_exact(about)}: {logarithm.slope} would cancel the inf."
            yield f"{logarithm.together}, and gets that number."
    else:
        because = f"It is {value}, because {letter(source)} is {about.text(read[source])}"
        # Where σ is saturated nothing has diverged; that is so only where a parameter was inf or nan before.
        yield f"{because}: training has diverged." if about.has_diverged else f"{because}."


def _lost(expression: Expr, about: StepInMoment) -> Apply | None:
    """The first operation in an expression that has no finite value, of numbers that all are finite."""
    if not isinstance(expression, Apply) or isfinite(value_of(expression, about.read)):
        return None
    inside = (_lost(argument, about) for argument in expression.arguments)
    return next(filter(None, inside), expression)


def _why_lost(about: StepInMoment, lost: Apply | None) -> str:
    """What an operation without a finite value comes to: too large a number, or none for what it is given."""
    values = [value_of(argument, about.read) for argument in lost.arguments] if lost else []
    found = value_of(lost, about.read) if lost else inf
    if lost is None or not (isnan(found) or (0 in values and lost.operation in _AT_ZERO)):
        return "the number is too large for 64 bits"
    text = written(lost, "plain", lambda name: about.text(about.read(name)))
    return f"{text} has no value" if isnan(found) else f"{text} is {about.text(found)}"


_AT_ZERO = ("ln", "divide", "power", "to_power")
"""The operations that may be inf because a number in them is 0."""


def _logarithm(about: StepInMoment) -> Logarithm | None:
    """That of the loss, where the step is the loss or the way back from it through an output; else None."""
    if about.loss is None:
        return None
    is_on_the_way = about.step.role == "gradient" and about.parameter is None and about.output is not None
    return about.loss.logarithm if about.step.role == "loss" or is_on_the_way else None


def _saturated(about: StepInMoment, value: str, logarithm: Logarithm) -> Iterator[str]:
    """The loss, and its derivative, where a prediction is rounded to the answer that the target rules out."""
    pairs = [(p, y) for p, y in about.pairs if p in (0.0, 1.0) and p != y]
    if about.step.role == "gradient" and about.output is not None:
        pairs = [about.output]
    prediction, target = map(about.text, pairs[0])
    yield f"It is {value}: {logarithm.activation} is rounded to exactly {prediction}, the target is {target}."
    if about.step.role == "loss":
        yield f"Then ln(0) = −inf is part of the loss. {logarithm.separate}"
    else:
        yield "Then the derivative of ln(0) is part of the gradient: a division by 0."


def _exact(about: StepInMoment) -> str:
    """What the gradient at the sum of an output's σ is: ŷ − y, shared by the outputs."""
    assert about.output is not None, "it is at an output"
    prediction, target = about.output
    outputs = len(about.pairs)
    exact = about.text((prediction - target) / outputs)
    return f"ŷ − y = {exact}" if outputs == 1 else f"(ŷ − y) / {outputs} = {exact}"
