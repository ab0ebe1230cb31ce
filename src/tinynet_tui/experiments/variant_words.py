"""The words for an update done wrong: what the mistake is, why it is one, what the judge says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite, isnan

from tinynet_tui.engine.expression_reading import ALL_DIGITS, written
from tinynet_tui.engine.expressions import Name, names_in
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.experiments.wrong_updates import Judgement, WrongUpdate
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.sample_or_batch import joined, letter_in
from tinynet_tui.teaching.step_line import quantity


@dataclass(frozen=True, slots=True)
class FormulaLine:
    """A step in letters and, as far as it is known, in numbers."""

    letters: str
    """∂L/∂w₁ = ∂L/∂z₁ · ∂z₁/∂w₁"""
    numbers: str
    """Such as " = 2 · 0.3333"; empty where they say no more than the result."""
    result: str
    """Such as " ≈ 0.6667"; empty where it is not known yet, or is what stands in letters."""
    result_alone: str
    """The same where the numbers are left out."""


def right_line(wrong: WrongUpdate, place: int, digits: int, known: bool) -> FormulaLine:
    """What the right program has where the wrong one has the step at a place."""
    trace, step = wrong.right, wrong.step(place)
    number = trace.program.number_of(step.name, step.sample)
    value = trace.value(number) if known else None
    step = trace.program.step(number)
    in_letters = letter_in(trace.program, step.sample)
    return _line(
        quantity(trace.program, step), step, in_letters, partial(trace.value_of, number), value, digits
    )


def wrong_line(wrong: WrongUpdate, place: int, digits: int, known: bool) -> FormulaLine:
    """The step at a place; a parameter that it reads after its update is a new one. Where it is that alone,
    its numbers are those of the update."""
    program, step = wrong.right.program, wrong.step(place)
    letter = letter_in(program, step.sample)

    def in_letters(name: Name) -> str:
        return ("new " if wrong.is_new(place, name) else "") + letter(name)

    value = wrong.values[place] if known else None
    line = _line(quantity(program, step), step, in_letters, partial(wrong.value_of, place), value, digits)
    match step.expression:
        case Name(name) if known and wrong.is_new(place, step.expression):
            at = wrong.places[name, None]
            own = _line("", wrong.step(at), letter, partial(wrong.value_of, at), wrong.values[at], digits)
            return replace(line, numbers=own.numbers, result=own.result)
    return line


def _line(
    name: str,
    step: Step,
    in_letters: Callable[[Name], str],
    value_of: Callable[[Name], float],
    value: float | None,
    digits: int,
) -> FormulaLine:
    right_side = written(step.expression, "plain", in_letters)
    line = f"{name} {step.assigns} {right_side}"
    if value is None:
        return FormulaLine(line, "", "", "")
    came = equation(step.expression, value_of, value, digits)
    numbers = written(step.expression, "plain", lambda name: came.number(value_of(name)))
    if numbers in (came.value, right_side):
        result = f" {came.whole} {came.value}" if came.value != right_side else ""
        return FormulaLine(line, "", result, result)
    return FormulaLine(
        line, f" {came.reads} {numbers}", f" {came.sign} {came.value}", f" {came.whole} {came.value}"
    )


def numeric_text(judgement: Judgement, digits: int) -> str:
    """What the judge says, and where that matters, how far off it may be."""
    size = max(abs(judgement.numeric), abs(judgement.right), abs(judgement.wrong), 1e-6)
    off = f" ± {shown(judgement.uncertainty, 2)}" if judgement.uncertainty > size / 1000 else ""
    return shown(judgement.numeric, digits) + off


def verdict_words(judgement: Judgement) -> str:
    """Which of the two gradients differences of the loss confirm."""
    return {"right": "the right one", "same": "no difference", "open": "cannot tell"}[judgement.verdict]


def why(wrong: WrongUpdate, judgement: Judgement) -> str:
    """Why the wrong rule is wrong; or, where it makes no difference to a parameter's gradient, why not."""
    if not (isfinite(judgement.right) and isfinite(judgement.numeric)):
        return "There is inf or nan here: nothing can be judged."
    if judgement.verdict == "same":
        return _why_the_same(wrong, judgement)
    if judgement.verdict == "open":
        return "Too close to call: a ReLU opens or shuts here, or digits are lost."
    return WRONG_WAYS[wrong.variant].why(wrong.right.setup.model)


def moved_otherwise(wrong: WrongUpdate, place: int) -> str:
    """What to know of a new parameter that the step at a place reads, where it is not what the right update
    makes of it; else empty."""
    after = dict(zip(wrong.right.setup.model.parameter_names, wrong.right.parameters_after, strict=True))
    for name in names_in(wrong.step(place).expression):
        if wrong.is_new(place, name) and wrong.value_of(place, name) != after[name.name]:
            return f"This new {symbol(name.name)} comes of a gradient that was wrong already."
    return ""


_MOST_LINES = 2
"""Steps that are wrong in the same way, of which each is written out."""


def wrong_as_well(wrong: WrongUpdate, places: tuple[int, ...], digits: int) -> str:
    """The steps at other places that are wrong in the same way: without them nobody could work out what
    comes of it; else empty."""
    if len(places) > _MOST_LINES:
        return f"{len(places):,} more steps on the way are wrong in the same way."
    lines = [wrong_line(wrong, place, digits, known=True) for place in places]
    told = " and ".join(f"{line.letters}{line.result_alone}" for line in lines)
    return f"In the same way {told}." if told else ""


def _why_the_same(wrong: WrongUpdate, judgement: Judgement) -> str:
    variant, gradient = WRONG_WAYS[wrong.variant], symbol(f"dL/d{judgement.name}")
    noun = wrong.right.setup.model.noun
    if never := variant.never(wrong.right.setup.model):
        return never
    names = wrong.right.setup.model.parameter_names
    differs = next((name for name in names if wrong.gradient(name) != wrong.right.gradient(name)), None)
    elsewhere = f" At {symbol(differs)} there is one." if differs else ""
    if judgement.right == 0:
        return f"No difference here: {gradient} is 0 either way.{elsewhere}"
    if variant.same:
        return f"{variant.same}{elsewhere}"
    place = wrong.rule(judgement.name, wrong.right.program.samples[0])
    if place is None:
        return f"No difference: from L to {symbol(judgement.name)} there is no other {noun}.{elsewhere}"
    step = wrong.step(place)
    if wrong.values[place] != wrong.right.value(wrong.right.program.number_of(step.name, step.sample)):
        return f"No difference here: what has changed on the way adds up to the same gradient.{elsewhere}"
    return f"No difference here: the {noun}s on the way have not moved.{elsewhere}"


def loss_words(wrong: WrongUpdate, digits: int) -> str:
    """The loss after the right update and after the wrong one, and whether it gives the mistake away."""
    before, right, after = wrong.right.loss_before, wrong.right.loss_after, wrong.loss_after
    loss = joined("L", wrong.right.setup.model, len(wrong.right.program.samples))
    if right == after or (isnan(right) and isnan(after)):
        return f"{loss} after the update is {shown(right, digits)} either way."
    texts = told_apart(right, after, digits)
    return f"{loss} after: right {texts[0]}, wrong {texts[1]}. {what_the_loss_shows(before, right, after)}"


def what_the_loss_shows(before: float, right: float, after: float) -> str:
    """Whether the loss of a single step tells the wrong update from the right one."""
    if not isfinite(right):
        return "The right one is not finite." if isfinite(after) else "Neither is finite."
    if not isfinite(after):
        return "The wrong one is not finite."
    if after < right:
        return "Lower: one step proves nothing."
    if after > before:
        return "Both rise, which proves nothing." if right > before else "The wrong way makes it rise."
    return "Higher: one step proves nothing."


def told_apart(left: float, right: float, digits: int) -> tuple[str, str]:
    """Two numbers with as many digits, or with more where these do not show that they differ."""
    needed = digits_apart(left, right, digits)
    return shown(left, needed), shown(right, needed)


def digits_apart(left: float, right: float, digits: int) -> int:
    """This number of digits, or as many more as it takes to show that two numbers differ."""
    more = range(digits, ALL_DIGITS)
    apart = (d for d in more if left == right or shown(left, d) != shown(right, d))
    return next(apart, ALL_DIGITS)
