"""The words of a softmax: shift, powers of e, their sum, the shares of it, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from tinynet_tui.engine.expression_reading import letters, operations_in, written
from tinynet_tui.engine.expressions import Apply, Name, apply, subtract
from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.softmax import SoftmaxPlace, softmaxes_in
from tinynet_tui.teaching.backward import reasons, tried
from tinynet_tui.teaching.chain import unread
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.step_in_moment import Explanation, StepInMoment


def softmax_words(about: StepInMoment) -> Explanation | None:
    """The words for a step that gives or differentiates a quantity of a softmax; None for any other step."""
    words_at = {"value": _value, "local": _local, "gradient": _gradient}.get(about.step.role)
    if words_at is None:
        return None
    return next(filter(None, (words_at(about, place) for place in softmaxes_in(about.model))), None)


def _value(about: StepInMoment, place: SoftmaxPlace) -> Explanation | None:
    name = about.step.name
    if name == place.shift:
        words = (
            f"{symbol(name)} is subtracted from each z, so that no e^z overflows. "
            f"It cancels in e / {symbol(place.total)}."
        )
        # In a lesson of formulas max is a function like any other.
        is_constant = "largest" in operations_in(about.step.expression)
        constant = f"So {symbol(name)} counts as a constant: the way back does not go through it."
        return Explanation("the largest of the sums", (words, constant) if is_constant else (words,))
    if name in place.exponentials:
        z = symbol(place.sums[place.exponentials.index(name)])
        above = f"{symbol(name)} is above 0 whatever {z} is: the first half of making a probability of {z}."
        if about.value == 0:
            above = f"{symbol(name)} is above 0 whatever {z} is, but 64 bits round this one to 0."
        return Explanation(f"e to the power {z}", (above, *_of_largest(about, place)))
    if name == place.total:
        parts = f"{symbol(place.outputs[0])} to {symbol(place.outputs[-1])} will be parts of {symbol(name)}"
        return Explanation("what all share", (f"{parts}, so that all of them add up to 1.",))
    if name in place.outputs:
        power = symbol(place.exponentials[place.outputs.index(name)])
        is_class = place.outputs == about.model.predictions and about.loss is not None
        what = "the probability given to this class" if is_class else "a number from 0 to 1"
        is_too_large = not isfinite(about.known(place.total))
        if about.value == 0:
            because = f"{symbol(place.total)} is inf" if is_too_large else "64 bits round it to 0"
            what = f"above 0, but {because}"
        together = "All of them add up to 1: what one gains, the others lose."
        return Explanation(
            f"{symbol(name)}, the share of {power}",
            (f"{power} as a part of {symbol(place.total)}: {what}.", *(() if is_too_large else (together,))),
        )
    return None


def lost_words(about: StepInMoment, lost: Apply) -> Iterator[str]:
    """What is to be done where formulas of a softmax, which are worked out as they stand, come to inf.

    lost: the operation that does, with finite numbers in it.
    """
    formulas = about.model.formulas
    for place in softmaxes_in(about.model):
        if about.step.name in place.exponentials and place.shift is None:
            first, last = symbol(place.sums[0]), symbol(place.sums[-1])
            yield "Formulas are worked out as they stand."
            yield f"Take the largest of {first} to {last} from each: the shares stay, no power is above 1."
        match lost:
            case Apply("ln", (Name(output),)) if output in place.outputs:
                power = formulas[place.exponentials[place.outputs.index(output)]]
                if isfinite(about.known(place.total)) and isinstance(power, Apply):
                    safe = letters(subtract(apply("ln", Name(place.total)), power.arguments[0]))
                    yield f"{symbol(output)} is above 0, but 64 bits round it to 0."
                    yield f"Write {safe} for −ln({symbol(output)}): it is the same, and divides nothing."


def _of_largest(about: StepInMoment, place: SoftmaxPlace) -> Iterator[str]:
    if place.shift is not None and about.value == 1.0:
        yield "Of the largest sum it is e⁰ = 1; all others are between 0 and 1."


def _local(about: StepInMoment, place: SoftmaxPlace) -> Explanation | None:
    top, bottom, slope = symbol(about.top), symbol(about.bottom), about.text(about.value)
    title = f"how {top} follows {bottom}"
    if about.top in place.exponentials and about.bottom in place.sums:
        words = f"The derivative of e^u is e^u itself: where {top} is {slope}, the slope is {slope}."
        return Explanation(title, (words, *reasons(about), *tried(about)))
    if about.top in place.outputs and about.bottom == place.total:
        power = symbol(place.exponentials[place.outputs.index(about.top)])
        words = f"A larger {bottom} makes every share smaller, {top} too."
        return Explanation(
            title,
            (
                words,
                *tried(about),
                f"It is the quotient rule: ({power} / {bottom})′ by {bottom} is −{power} / {bottom}².",
                *reasons(about),
            ),
        )
    if about.top in place.outputs and about.bottom in place.exponentials:
        total = symbol(place.total)
        words = f"With {total} held still, {top} grows by 1 / {total} for each 1 of {bottom}."
        return Explanation(title, (words, *tried(about)))
    return None


def _gradient(about: StepInMoment, place: SoftmaxPlace) -> Explanation | None:
    bottom = about.bottom
    title = f"how L changes with {symbol(bottom)}"
    total, dead = symbol(place.total), unread(about.moment.program)
    if bottom == place.total:
        read = [output for output in place.outputs if f"dL/d{output}" not in dead]
        words = f"{len(read)} ways lead on from {total}, one through each share: their products add up."
        if len(read) == 1:
            words = (
                f"One way leads on from {total} to L: through {symbol(read[0])}, the only share that L reads."
            )
        elif len(read) < len(place.outputs):
            words = f"{len(read)} ways lead on from {total} to L, one through each share that L reads."
        if about.step.takes_stable_form:
            without = f"that is y / {total}, with no ŷ to divide by."
            words = f"Each way is y / ŷ · e / {total}². As ŷ is e / {total}, {without}"
        return Explanation(
            title, (words, f"Through {total} each share feels all others: the off-diagonal of softmax.")
        )
    if bottom in place.exponentials:
        share = place.outputs[place.exponentials.index(bottom)]
        output = symbol(share)
        if f"dL/d{share}" in dead:
            alone = f"One way leads on from {symbol(bottom)} to L: through {total}. L does not read {output}."
            return Explanation(
                title, (alone, f"But a larger {total} makes the shares that it reads smaller.")
            )
        ways = f"Two ways lead on from {symbol(bottom)}: {output}, and {total}, which all share."
        return Explanation(title, (ways, f"The way through {total} is the one that is often forgotten."))
    if bottom in place.sums and len(about.paths) == 1:
        return Explanation(title, tuple(_collapse(about, place)))
    return None


def _collapse(about: StepInMoment, place: SoftmaxPlace) -> Iterator[str]:
    """At a sum: what all of it comes to with cross-entropy, in letters and in numbers."""
    z = symbol(about.bottom)
    number = place.sums.index(about.bottom)
    output, model = place.outputs[number], about.model
    loss = about.loss
    if loss is None or loss.logarithm is None or place.outputs != model.predictions:
        yield f"One way leads on from {z}: through its own power of e, whose slope is that power."
        return
    target, targets = model.targets[number], sum(y for _, y in about.pairs)
    by_name = {output: about.known(output), target: about.known(target)}
    short, digits = subtract(Name(output), Name(target)), about.digits
    if abs(targets - 1.0) > _ROUNDING:
        yield f"All of it collapses to ŷ · Σy − y: the targets add up to {about.text(targets)}, not to 1."
        return
    came = equation(short, lambda name: by_name[name.name], about.value, digits)
    numbers = written(short, "plain", lambda name: came.number(by_name[name.name]))
    yield f"All of it collapses to ŷ − y: {letters(short)} {came.reads} {numbers} {came.sign} {came.value}."
    yield "Softmax and cross-entropy are made for each other: frameworks compute just this difference."


_ROUNDING = 1e-9
"""Targets that differ by less from adding up to 1 do so."""
