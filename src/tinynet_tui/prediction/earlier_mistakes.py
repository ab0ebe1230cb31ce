"""The mistake at an earlier step that a wrong answer follows from: for one who writes down results alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from tinynet_tui.engine.expressions import Number
from tinynet_tui.prediction.judgement import expected, prediction
from tinynet_tui.prediction.mistakes import (
    WRONG_SIGN,
    Mistake,
    factor_too_much,
    made_of,
    missing_factor,
    mistakes,
    one_or_two,
    slip_in_sum,
)
from tinynet_tui.prediction.own_numbers import steps_behind, value_from
from tinynet_tui.session.moment import Moment, moment_in
from tinynet_tui.teaching.step_in_moment import StepInMoment
from tinynet_tui.teaching.step_line import quantity

_FARTHEST = 200
"""Steps that are looked at behind a wrong answer: all of a usual network's."""


class EarlierMistake(NamedTuple):
    """A mistake at an earlier step, or at every output."""

    values: dict[int, float]
    """What these steps come to by it, by number."""
    words: str
    """Where it was made, and what it is; or which of two."""


def mistakes_on_the_way(about: StepInMoment, digits: int) -> tuple[Mistake, ...]:
    """The mistakes of a step that later ones may follow from. Not a value with the wrong sign: whoever
    writes that down sees it; but a part of a sum with it."""
    made = mistakes(about, digits)
    if about.step.role != "value":
        return made
    return (*(m for m in made if m.words != WRONG_SIGN), *made_of(about, digits, slip_in_sum))


def lost_factors(about: StepInMoment, digits: int) -> tuple[Mistake, ...]:
    """Those of the mistakes at ∂L/∂ŷ that lose a factor, 2 or ½; none at another step."""
    is_at_output = about.step.role == "gradient" and about.bottom in about.model.predictions
    return made_of(about, digits, missing_factor, factor_too_much) if is_at_output else ()


def mistake_before(
    moment: Moment,
    text: str,
    written: Mapping[int, float],
    made_at: Callable[[StepInMoment, int], tuple[Mistake, ...]],
) -> EarlierMistake | None:
    """The mistake at an earlier step that gives an answer, or which of two, the earliest first; None where it
    may be any of more, or none.

    A factor 2 forgotten at ∂L/∂ŷ halves every gradient. Whoever forgets it forgets it at each of several
    outputs.

    written: the values of steps that were written down, by number: no mistake is looked for there.
    made_at: the mistakes of a step that are looked at.
    """
    answer, number, trace = prediction(text, "number"), moment.session.step, moment.trace
    behind = steps_behind(moment.program, number, written)
    outputs = {f"dL/d{name}" for name in moment.model.predictions}
    alone, at_outputs = list[tuple[str, dict[int, float]]](), dict[str, dict[int, float]]()
    for before in (step for step in behind[:_FARTHEST] if step not in written):
        there = moment_in(replace(moment.session, step=before), trace)
        assert there.step is not None, "it has a number"
        for made in made_at(StepInMoment(there, there.step), moment.session.digits):
            alone.append((made.words, {before: made.expected.exact}))
            if there.step.name in outputs:
                at_outputs.setdefault(made.words, {})[before] = made.expected.exact
    found = dict[str, EarlierMistake]()
    for words, values in (*((words, at) for words, at in at_outputs.items() if len(at) > 1), *alone):
        came = value_from(trace, number, {**written, **values}, behind)
        if came != trace.value(number) and comes_to(moment, came, answer):
            # One step alone before all outputs, and the earliest such: later ones have it from there.
            found[words] = EarlierMistake(values, f"already at {_steps(moment, values)}: {words}")
    in_order = sorted(found.values(), key=lambda earlier: min(earlier.values))
    told = one_or_two([earlier.words for earlier in in_order])
    return None if told is None else in_order[0]._replace(words=told)


def _steps(moment: Moment, numbers: Iterable[int]) -> str:
    """A step as it is named in a sentence, or the first of several: step 1.8, ∂L/∂ŷ₁, and 1 more like it."""
    first, *others = sorted(numbers)
    name = quantity(moment.program, moment.program.step(first))
    more = f", and {len(others)} more like it" if others else ""
    return f"step {moment.session.update}.{first}, {name}{more}"


def comes_to(moment: Moment, came: float, answer: float) -> bool:
    """Whether an answer is a number that a moment's step comes to otherwise, perhaps rounded."""
    numbers = partial(moment.trace.value_of, moment.session.step)
    return expected(Number(came), numbers, moment.session.digits).verdict(answer) != "wrong"
