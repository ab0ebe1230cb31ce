"""How a prediction is judged: right or wrong, and which mistake it shows, if it shows just one."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

from tinynet_tui.prediction.mistakes import mistakes
from tinynet_tui.prediction.outcome import Outcome, outcome
from tinynet_tui.prediction.reading import prediction
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Level, Result
from tinynet_tui.teaching.step_in_moment import StepInMoment


def result(moment: Moment, level: Level, text: str) -> Result:
    """What a prediction of a moment's step is worth; the moment is that after the step.

    Right is the number itself, rounded no further than the screen rounds it, and also what comes out of the
    numbers that the screen shows.

    Raises: ValueError when the text cannot be read, or says too little to be judged.
    """
    step = moment.step
    assert step is not None, "something was asked"
    answer = prediction(text, level)
    number = moment.session.step
    came = outcome(step.expression, lambda name: moment.trace.value_of(number, name), moment.session.digits)
    is_right = came.has_sign_of(answer) if level == "sign" else came.includes(answer)
    if level != "sign" and not is_right and _is_right_so_far(came, answer):
        raise ValueError("right so far: one more digit")
    return "right" if is_right else "wrong"


def _is_right_so_far(came: Outcome, answer: float) -> bool:
    """Whether an answer is the exact value, rounded further than the screen does, but to two digits or more.

    Of a single one there is no telling what was meant: 1 for 0.985 may be the old value.
    """
    exact = came.values[0]
    if not (isfinite(answer) and isfinite(exact)):
        return False
    _, digits, exponent = Decimal(repr(answer)).normalize().as_tuple()
    assert isinstance(exponent, int), "a finite number has an exponent"
    half_a_unit = float(f"0.5e{exponent}")
    return len(digits) > 1 and exponent < 0 and abs(answer - exact) <= half_a_unit


def mistake(moment: Moment, level: Level, text: str) -> str | None:
    """The sentence about the mistake that a wrong prediction shows; None where it may be another or none.

    The wrong sign is what a learner sees first: it is named where the number is right otherwise.

    A sign alone tells only one: that something was let through where nothing passes.
    """
    step = moment.step
    assert step is not None, "something was asked"
    answer = prediction(text, level)
    made = mistakes(StepInMoment(moment, step), moment.session.digits)
    if level == "sign":
        is_nothing = moment.trace.value(moment.session.step) == 0.0
        made = tuple(m for m in made if m.is_gate and is_nothing and m.outcome.has_sign_of(answer))
    else:
        made = tuple(m for m in made if m.outcome.includes(answer))
    is_plain = len(made) == 1 or (made and made[0].comes_first)
    return made[0].words if is_plain else None
