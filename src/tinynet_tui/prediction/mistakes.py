"""Mistakes that are made again and again: what each would give at a step, from the step's own expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tinynet_tui.engine.expression_reading import substituted
from tinynet_tui.engine.expressions import (
    ONE,
    ZERO,
    Apply,
    Expr,
    Name,
    Number,
    add,
    apply,
    names_in,
    negative,
)
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step
from tinynet_tui.prediction.judgement import Expected, expected, prediction
from tinynet_tui.rules.activations import Activated, activated_in
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Level
from tinynet_tui.teaching.chain import products
from tinynet_tui.teaching.step_in_moment import StepInMoment

WRONG_SIGN = "The number is right, but its sign is wrong."


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way to go wrong at a step."""

    words: str
    """What was done wrong, in one sentence."""
    expression: Expr
    """What is worked out then."""
    expected: Expected
    """What comes of it."""
    comes_first: bool = False
    """Whether it is named also where another one gives the same."""
    is_gate: bool = False
    """Whether it lets something through that the activation function stops."""


def mistake(moment: Moment, level: Level, text: str) -> str | None:
    """What mistake a wrong prediction shows, or which of two; None where it may be any of more, or none.

    The wrong sign is what a learner sees first: it is named where the number is right otherwise.

    A sign alone tells only one: that something was let through where nothing passes.
    """
    step = moment.step
    assert step is not None, "something was asked"
    answer = prediction(text, level)
    about = StepInMoment(moment, step)
    made = mistakes(about, moment.session.digits)
    if level == "sign":
        is_nothing = moment.trace.value(moment.session.step) == 0.0
        made = tuple(m for m in made if m.is_gate and is_nothing and m.expected.has_sign_of(answer))
    else:
        made = tuple(m for m in made if m.expected.includes(answer)) or tuple(
            m
            for m in made_of(about, moment.session.digits, _taken_for_another, slip_in_sum)
            if m.expected.includes(answer)
        )
    words = [made[0].words] if made and made[0].comes_first else [*dict.fromkeys(m.words for m in made)]
    return one_or_two(words)


_MOST_NAMED = 2
"""Mistakes that give the same: of more, none is named."""
OR = " Or: "
"""Between two of them."""


def one_or_two(words: Sequence[str]) -> str | None:
    """The sentences of mistakes that give the same as one text; None where there are none, or too many."""
    return OR.join(words) if 0 < len(words) <= _MOST_NAMED else None


def mistakes(about: StepInMoment, digits: int) -> tuple[Mistake, ...]:
    """The mistakes that can be made at a step and that give another value, not only a rounded one."""
    return made_of(
        about, digits, _wrong_sign, _wrong_update, _sum_for_mean, missing_factor, factor_too_much,
        _missing_rate, _updated_weight, _forgotten_gate, _sum_for_activation, _forgotten_bias,
        _forgotten_part, _forgotten_path, _added_factors, _itself, _shut_or_open,
    )  # fmt: skip


def made_of(
    about: StepInMoment, digits: int, *kinds: Callable[[StepInMoment, int], Iterator[Mistake]]
) -> tuple[Mistake, ...]:
    """The mistakes of some kinds, as `mistakes` has them of the usual ones."""
    right = expected(about.step.expression, _numbers(about.moment), digits)
    found = (mistake for kind in kinds for mistake in kind(about, digits))
    return tuple(mistake for mistake in found if right.verdict(mistake.expected.exact) == "wrong")


def _numbers(moment: Moment) -> Callable[[Name], float]:
    number = moment.session.step
    return lambda name: moment.trace.value_of(number, name)


def _mistake(about: StepInMoment, digits: int, words: str, expression: Expr) -> Mistake:
    return Mistake(words, expression, expected(expression, _numbers(about.moment), digits))


def _sum_for_mean(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    match about.step:
        case Step(role="gradient", sample=None, expression=Apply("share", (total, Number(samples)))):
            words = f"That is the sum of the samples' gradients: their mean is this divided by {samples:g}."
            yield _mistake(about, digits, words, total)


def _wrong_sign(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    yield replace(_mistake(about, digits, WRONG_SIGN, negative(about.step.expression)), comes_first=True)


def _wrong_update(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    match about.step:
        case Step(role="update", name=name, expression=Apply("subtract", (old, change))):
            words = "The step was added: an update subtracts it."
            yield _mistake(about, digits, words, apply("add", old, change))
            yield _mistake(
                about, digits, "That is the old value: its step is still to be subtracted.", Name(name)
            )
            alone = _mistake(about, digits, "That is the step alone: subtract it from the old value.", change)
            if alone.expected.exact != 0.0:
                yield alone


_FACTORS = {2.0: "2", 0.5: "½"}
"""The constants that get lost, as they are called."""


def missing_factor(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    """A constant factor that is left out."""
    expression = about.step.expression
    for factor, name in _FACTORS.items():
        without = _without(expression, Number(factor))
        if without != expression:
            yield _mistake(about, digits, f"The factor {name} is missing.", without)


def _without(expression: Expr, factor: Number) -> Expr:
    """An expression without a constant factor in its products."""
    match expression:
        case Apply("multiply", (first, *rest)) if first == factor and rest:
            return apply("multiply", *rest) if len(rest) > 1 else rest[0]
        case Apply(operation, arguments):
            return Apply(operation, tuple(_without(argument, factor) for argument in arguments))
        case _:
            return expression


def factor_too_much(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    """The 2 of a square that is kept, where the ½ of the loss makes 1 of it."""
    is_at_output = about.step.role == "gradient" and about.bottom in about.model.predictions
    if is_at_output and about.loss is not None and about.loss.lost_constant.is_half:
        words = "The factor ½ is missing: with the 2 of the square it makes 1."
        yield _mistake(about, digits, words, about.loss.lost_constant.without(about.step.expression))


def _missing_rate(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    if about.step.role == "update":
        words = "The learning rate η is missing."
        yield _mistake(about, digits, words, substituted(about.step.expression, {Name("eta"): ONE}))


def _updated_weight(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    step, trace = about.step, about.moment.trace
    if step.phase != "backward" or about.parameter is not None:
        return
    # What is read on the way back: parameters by their names, or by those of the steps that are just these.
    sample_steps = trace.program.sample_steps
    locals_: dict[Expr, Expr] = {Name(s.name): s.expression for s in sample_steps if s.role == "local"}
    expression = substituted(step.expression, locals_)
    updated = dict(zip(about.model.parameter_names, trace.parameters_after, strict=True))
    read = _numbers(about.moment)
    words = f"That uses the updated {about.model.noun}: the gradient goes back through the old one."
    came = expected(expression, lambda name: updated.get(name.name, read(name)), digits)
    yield Mistake(words, expression, came)


def _forgotten_gate(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    at = about.slope_of if about.step.role == "local" else about.activated
    ungated = None if at is None else _ungated(about.step, at)
    if at is None or ungated is None:
        return
    z, function = symbol(at.z), at.function.noun
    if at.function.is_gate:
        value = about.equals(about.known(at.z))
        words = f"{function} is forgotten: {z} {value} is not above 0, so it lets nothing through."
    elif about.step.role == "value":
        words = f"The activation function is forgotten: {z} still has to go through {function}."
    else:
        words = f"The slope of the activation function, {function}, is forgotten."
    yield replace(_mistake(about, digits, words, ungated), is_gate=True)


def _sum_for_activation(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    """What a sum comes to where it reads z, which a shut ReLU does not hand on, in place of h."""
    for at in activated_in(about.model) if about.step.role == "value" else ():
        if at.function.is_gate and Name(at.name) in names_in(about.step.expression):
            words = f"That reads {symbol(at.z)} in place of {symbol(at.name)}, which is 0: ReLU is shut."
            with_sum = substituted(about.step.expression, {Name(at.name): Name(at.z)})
            yield _mistake(about, digits, words, with_sum)


def _forgotten_bias(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    match about.step:
        case Step(role="value", expression=Apply("add", terms)):
            parameters = {Name(name) for name in about.model.parameter_names}
            for term in terms:
                if isinstance(term, Name) and term in parameters:
                    rest = [other for other in terms if other != term]
                    words = f"{symbol(term.name)} is forgotten: it is added to the sum."
                    yield _mistake(about, digits, words, apply("add", *rest) if len(rest) > 1 else rest[0])


def _forgotten_part(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    match about.step:
        case Step(role="loss", expression=Apply("add", parts)):
            for part in parts:
                yield _mistake(about, digits, "That is one part of L alone: L adds all of them.", part)
            mean = apply("divide", about.step.expression, Number(float(len(parts))))
            yield _mistake(about, digits, "That is the mean of the parts: here L is their sum.", mean)
            if errors := _squared(parts):
                words = "The errors were added first: each is squared, then the squares are added."
                yield _mistake(about, digits, words, apply("square", apply("add", *errors)))


def _squared(parts: tuple[Expr, ...]) -> list[Expr]:
    """What parts of a loss square, if each of them squares something; else nothing."""
    squares = [part for part in parts if isinstance(part, Apply) and part.operation == "square"]
    return [error for square in squares for error in square.arguments] if len(squares) == len(parts) else []


def _forgotten_path(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    if about.step.role != "gradient":
        return
    found = products(about.moment.program, about.step.name)
    paths = [apply("multiply", Name(gradient), Name(local)) for gradient, local in found]
    if len(paths) > 1:
        for path in paths:
            words = "That is one path alone: the products of all paths are added up."
            yield _mistake(about, digits, words, path)
        words = "The paths were multiplied: their products are added up."
        yield _mistake(about, digits, words, apply("multiply", *paths))


def _added_factors(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    match about.step:
        case Step(role="gradient", expression=Apply("multiply", (Name() as gradient, Name() as local))):
            words = "These were added: changes along a path multiply."
            if 0.0 not in map(_numbers(about.moment), (gradient, local)):  # who adds 0 may mean anything
                yield _mistake(about, digits, words, apply("add", gradient, local))


def _itself(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    """A quantity taken for the slope by it: alone, or as a factor of its gradient."""
    match about.step:
        case Step(role="local", expression=(Name() | Number()) as slope) if about.slope_of is None:
            bottom = symbol(about.bottom)
            so = (
                "it is only added, so the slope is 1"
                if slope == ONE
                else "the slope is what it is multiplied with"
            )
            yield _mistake(about, digits, f"That is {bottom} itself: {so}.", Name(about.bottom))
        case Step(role="gradient", expression=Apply("multiply", (Name() as gradient, Name(local)))):
            if about.parameter is not None and isinstance(about.local(local), Name | Number):
                words = f"That multiplies by {symbol(about.bottom)} itself, not by the slope {symbol(local)}."
                yield _mistake(about, digits, words, apply("multiply", gradient, Name(about.bottom)))


def _taken_for_another(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    """A neighbour's number in place of the step's own: ∂z₃/∂h₁ for ∂z₃/∂h₂, w₂ for w₃. As there are many of
    them, they are looked at only where no other mistake gives the answer."""
    match about.step:
        case Step(role="loss", expression=Apply("negative", (Apply("add", (*parts,)),))):
            chances = [apply("multiply", *part.arguments) for part in parts
                       if isinstance(part, Apply) and part.operation == "xlogy"]  # fmt: skip
            if chances and len(chances) == len(parts):
                words = "That is the probability itself: L is −ln of it."
                yield _mistake(about, digits, words, apply("add", *chances))
        case Step(role="local", name=name):
            if (at := about.slope_of) is not None:
                words = f"That is {symbol(at.name)} itself: its slope is asked."
                yield _mistake(about, digits, words, Name(at.name))
            for other, slope in _slopes_beside(about, name):
                yield _mistake(about, digits, f"That is {symbol(other)}, the slope by another.", slope)
        case Step(role="gradient", expression=Apply("multiply", (Name() as gradient, Name(local)))):
            for alone, missing in ((gradient, Name(local)), (Name(local), gradient)):
                words = f"That is {symbol(alone.name)} alone: it is multiplied by {symbol(missing.name)}."
                yield _mistake(about, digits, words, alone)
            for other, slope in (beside for beside in _slopes_beside(about, local) if beside[1] != ONE):
                words = f"That multiplies by {symbol(other)} in place of {symbol(local)}."
                yield _mistake(about, digits, words, apply("multiply", gradient, slope))
        case Step(role="value", expression=Apply("add") as total):
            beside = _parameters_beside(about)
            for own in (read for read in names_in(total) if read in beside):
                for taken in (one for one in beside if one.name[0] == own.name[0] and one != own):
                    words = f"That takes {symbol(taken.name)} for {symbol(own.name)}."
                    yield _mistake(about, digits, words, substituted(total, {own: taken}))


def slip_in_sum(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    """A part of a sum with the other sign; errors that are added as they are, not squared."""
    match about.step:
        case Step(role="loss", expression=Apply("add" | "square") as loss):
            if errors := _squared(loss.arguments if loss.operation == "add" else (loss,)):
                whole = add(*(apply("absolute", error) for error in errors))
                yield _mistake(about, digits, "The error is not squared.", whole)
        case Step(role="value" | "gradient", expression=Apply("add", terms)):
            for place, term in enumerate(terms):
                before, after = terms[:place], terms[place + 1 :]
                slip = apply("add", *before, negative(term), *after)
                yield _mistake(about, digits, "One part of the sum has the wrong sign.", slip)
                if isinstance(term, Apply) and about.step.role == "value":  # a bias, a path have own words
                    rest = (*before, *after)
                    left_out = apply("add", *rest) if len(rest) > 1 else rest[0]
                    yield _mistake(about, digits, "One part of the sum is left out.", left_out)


def _parameters_beside(about: StepInMoment) -> list[Name]:
    """The parameters that a sum and the other sums of its level read; none where they are many: one of many
    comes near any answer.
    """
    levels, block = about.model.forward.level_of_block, about.step.block
    parameters = {Name(name) for name in about.model.parameter_names}
    found = {
        read: None
        for step in about.moment.program.sample_steps
        if step.role == "value" and step.block is not None and block is not None
        if levels[step.block] == levels[block]
        for read in names_in(step.expression)
        if read in parameters
    }
    return list(found) if len(found) <= _MOST_BESIDE else []


_MOST_BESIDE = 16
"""Parameters of which one may be taken for another."""


def _slopes_beside(about: StepInMoment, local: str) -> Iterator[tuple[str, Number]]:
    """(name, value) of the other local derivatives of what one is a derivative of."""
    program, top = about.moment.program, local.partition("/d")[0]
    for step in program.sample_steps:
        if step.role == "local" and step.name != local and step.name.startswith(f"{top}/d"):
            number = program.number_of(step.name, about.step.sample)
            yield step.name, Number(about.moment.trace.value(number))


def _shut_or_open(about: StepInMoment, digits: int) -> Iterator[Mistake]:
    """An open gate taken for a shut one; a shut one that takes the sign away alone."""
    at = about.slope_of if about.step.role == "local" else about.activated
    if at is None or not at.function.is_gate or about.step.role not in ("value", "local"):
        return
    z, function = about.known(at.z), at.function.noun
    if z > 0:
        does = "has the slope 1" if about.step.role == "local" else "hands it on"
        words = f"{symbol(at.z)} {about.equals(z)} is above 0: {function} {does}."
        yield _mistake(about, digits, words, ZERO)
    elif about.step.role == "value":
        words = f"{function} does not take the sign away: of what is below 0 it makes 0."
        yield _mistake(about, digits, words, negative(Name(at.z)))


def slips(expression: Expr) -> Iterator[Expr]:
    """An expression with one thing in it left out, with another sign, or added in place of multiplied."""
    match expression:
        case Apply("add" | "subtract" | "multiply" as operation, arguments):
            if operation == "multiply":
                yield apply("add", *arguments)
            for place, argument in enumerate(arguments):
                before, after = arguments[:place], arguments[place + 1 :]
                rest = (*before, *after)
                yield Apply(operation, rest) if len(rest) > 1 else rest[0]
                if operation == "subtract" and place == 0:
                    yield negative(rest[0])
                for other in (negative(argument), *slips(argument)):
                    yield Apply(operation, (*before, other, *after))


def _ungated(step: Step, at: Activated) -> Expr | None:
    """A step's expression as if there were no activation function; None where it has no part in it.

    A gate may also have been forgotten one step back, where the gradient of a parameter begins.
    """
    match step:
        case Step(role="value", expression=Apply()):
            return Name(at.z)
        case Step(role="local"):
            return ONE
        case Step(role="gradient", expression=Apply("multiply", (reaching, local))):
            if reaching == Name(f"dL/d{at.name}"):
                return reaching
            is_at_gate = reaching == Name(f"dL/d{at.z}") and at.function.is_gate
            return apply("multiply", Name(f"dL/d{at.name}"), local) if is_at_gate else None
    return None
