"""How a prediction is read and judged: against what a step comes to, and what the numbers on screen give."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import inf, isfinite, isnan, nan
from typing import Literal

from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import Expr, Name, names_in
from tinynet_tui.engine.steps import batch_loss
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import Level, Result
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.numbers import as_read, cell, cell_width, equals, exponent_of, number, shown

AnswerVerdict = Literal["right", "rounded", "wrong"]
"""What a number is worth: as precise as a screen shows it, rounded further than that, or wrong."""


def result(moment: Moment, level: Level, text: str) -> Result:
    """What a prediction of a moment's step is worth; the moment is that after the step.

    Right is the number itself, rounded no further than the screen rounds it, and also what comes out of the
    numbers that the screen shows.

    Raises: ValueError when the text cannot be read, or says too little to be judged.
    """
    answer, came = prediction(text, level), expected_at(moment)
    if level == "sign":
        return "right" if came.has_sign_of(answer) else "wrong"
    judged = came.verdict(answer, text)
    if judged == "rounded":
        raise ValueError("right so far: one more digit")
    return judged


def verdict(moment: Moment, text: str) -> AnswerVerdict:
    """What a number on paper is worth, beside the value of a moment's step.

    Raises: ValueError when the text is no number.
    """
    return _on_paper(expected_at(moment), text)


def _on_paper(came: Expected, text: str) -> AnswerVerdict:
    answer = prediction(text, "number")
    judged = came.verdict(answer, text)
    return "rounded" if judged == "right" and not came.is_exact(answer) else judged


def verdict_of_loss_before(moment: Moment, text: str) -> AnswerVerdict:
    """What a number on paper is worth, beside the loss of a batch before the update: no step gives that."""
    program = moment.program
    first = program.number_at(None, 0)  # it reads what forward and loss have made
    loss = batch_loss(program.model, program.samples)
    came = expected(loss, lambda name: moment.trace.value_of(first, name), moment.session.digits)
    return _on_paper(came, text)


def is_rounded_to_one_digit(moment: Moment, text: str) -> bool:
    """Whether a number on paper is the value of a moment's step, but rounded to a single digit."""
    return expected_at(moment).digits_rounded_to(prediction(text, "number"), text) == 1


def expected_at(moment: Moment) -> Expected:
    """What a moment's step comes to."""
    step, number = moment.step, moment.session.step
    assert step is not None, "something was asked"
    return expected(step.expression, lambda name: moment.trace.value_of(number, name), moment.session.digits)


LONGEST = 40
"""Characters: no number needs more."""

_SIGNS = {
    "+": 1.0, "plus": 1.0, "positive": 1.0,
    "-": -1.0, "−": -1.0, "minus": -1.0, "negative": -1.0,
    "zero": 0.0,
}  # fmt: skip
_NAME = re.compile(r"([^\d=+−.-][^=]*)?[=≈]\s*")
"""What may stand before an answer: z₁ =."""
_NOT_FINITE = {"inf": inf, "+inf": inf, "-inf": -inf, "−inf": -inf, "nan": nan}
"""What a run that has diverged is made of."""


def prediction(text: str, level: Level) -> float:
    """The number that was predicted; at the level of signs one that has the sign: +, −, 0, or any number.

    Raises: ValueError with a sentence that says what is wrong.

    Example:
        >>> prediction("−3/2", "number"), prediction("+", "sign"), prediction("0", "sign")
        (-1.5, 1.0, 0.0)
    """
    plain = without_name(text)
    if not plain:
        raise ValueError("write +, − or 0" if level == "sign" else "write a number, such as 0.5 or −3/2")
    if len(plain) > LONGEST:
        raise ValueError(f"that is longer than {LONGEST} characters")
    if level == "sign" and plain.lower() in _SIGNS:
        return _SIGNS[plain.lower()]
    if plain.lower() in _NOT_FINITE:
        return _NOT_FINITE[plain.lower()]
    try:
        return number(plain)
    except ValueError as error:
        if level == "sign":
            raise ValueError("write +, − or 0") from None
        raise ValueError(str(error)) from None


def without_name(text: str) -> str:
    """The number alone, as it was written, of an answer such as z₁ = 0.5."""
    plain = text.strip()
    name = _NAME.match(plain)
    return plain[name.end() :] if name else plain


_LEAST_OF_DOUBTFUL = 3
"""Significant digits of a rounded answer that may be another number."""
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_NOISE = 1e-15
"""Of the largest number in a sum: what is smaller may come from its rounding alone."""
_EXACT = 1e-9
"""Of a value: what is no farther from it was worked out in full."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The value of an expression, and what it comes to with its operands rounded as they are shown."""

    values: tuple[float, ...]
    """The first is the exact one."""
    margin: float
    """Half a unit of the last digit shown: how far off an answer may be by rounding."""
    noise: float
    """A value no larger than this may as well be 0."""
    operands: tuple[float, ...]
    """What it is worked out from."""

    @property
    def exact(self) -> float:
        """What it comes to without any rounding."""
        return self.values[0]

    def includes(self, answer: float) -> bool:
        """Whether an answer is one of the values, but for its rounding.

        However small the exact value is, its sign counts.
        """
        exact = self.exact
        if not (isfinite(answer) and isfinite(exact)):
            return answer == exact or (isnan(answer) and isnan(exact))
        is_near = any(value - self.margin <= answer <= value + self.margin for value in self.values)
        return is_near and (self.has_sign_of(answer) or exact == 0.0)

    def is_exact(self, answer: float) -> bool:
        """Whether an answer that is included is the exact value, but for the noise of its last bits."""
        exact = self.exact
        if not (isfinite(answer) and isfinite(exact)):
            return True
        return abs(answer - exact) <= max(self.noise, _EXACT * abs(exact))

    def verdict(self, answer: float, text: str = "") -> AnswerVerdict:
        """What an answer is worth, as it was written; rounded is one of two digits or more.

        Of a single one there is no telling what was meant: 1 for 0.985 may be the old value.
        """
        if self.includes(answer):
            return "right"
        return "rounded" if self.digits_rounded_to(answer, text) > 1 else "wrong"

    def digits_rounded_to(self, answer: float, text: str) -> int:
        """To how many significant digits an answer is the exact value, rounded; 0 where it is not.

        text: as it was written, since the zeros at its end count: 0.200 has three.
        """
        exact = self.exact
        if not (answer and isfinite(answer) and isfinite(exact)):
            return 0
        plain = without_name(text).replace("−", "-")
        written = Decimal(plain) if _DECIMAL.fullmatch(plain) else Decimal(repr(answer)).normalize()
        exponent = written.as_tuple().exponent
        assert isinstance(exponent, int), "a finite number has an exponent"
        # An exact half may go either way, and is not one to the last of its bits.
        is_rounded = abs(answer - exact) <= float(f"0.5e{exponent}") + _EXACT * abs(exact)
        digits = exponent_of(exact) - exponent + 1 if is_rounded and exact else 0
        if abs(exact) < float(f"1e{written.adjusted()}") and answer not in self.operands:
            digits += is_rounded  # 0.10 for 0.0997 has two; 1.0 for 0.985 may be the old value
        # What it is worked out from, or a whole number, may be meant itself: −1.0 for −1.006, 10 for 10.02.
        is_doubtful = exponent >= 0 or answer in self.operands
        return 0 if is_doubtful and digits < _LEAST_OF_DOUBTFUL else max(digits, 0)

    def has_sign_of(self, answer: float) -> bool:
        """Whether the sign of an answer is that of the exact value, or 0 where that may be 0 as well."""
        exact = self.exact
        if isnan(answer) or isnan(exact):
            return isnan(answer) and isnan(exact)
        return _sign(answer) == _sign(exact) or (answer == 0.0 and abs(exact) <= self.noise)


def expected(expression: Expr, value_of: Callable[[Name], float], digits: int) -> Expected:
    """What an expression comes to where numbers are shown with `digits` digits."""
    needed = equation(expression, value_of, value(expression, value_of), digits).digits
    texts: tuple[Callable[[float], str], ...] = (
        repr,
        lambda exact: shown(exact, digits),
        lambda exact: shown(exact, needed),
        lambda exact: _cell(exact, digits),
    )
    values = tuple(value(expression, _through(text_of, value_of)) for text_of in texts)
    operands = [value_of(name) for name in names_in(expression)]
    noise = _NOISE * max((abs(number) for number in (values[0], *operands) if isfinite(number)), default=0.0)
    rounding = max(_half_a_unit(_cell(values[0], digits)), _rounding(values[0], digits))
    return Expected(values, rounding + noise, noise, tuple(operands))


def _through(text_of: Callable[[float], str], value_of: Callable[[Name], float]) -> Callable[[Name], float]:
    """The values of names as they are read off some text of them."""
    return lambda name: as_read(text_of(value_of(name)))


def _cell(exact: float, digits: int) -> str:
    """A number as the diagram and the table show it."""
    return cell(exact, cell_width(digits), digits)


def _half_a_unit(text: str) -> float:
    """Half a unit of the last digit of a number that is written."""
    if not text.strip("+− ")[:1].isdigit():
        return 0.0  # inf or nan
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(f"0.5e{int(exponent or 0) - decimals}")


def _rounding(exact: float, digits: int) -> float:
    """Half a unit of the last of `digits` significant digits; 0 where a number has no more than these."""
    if equals(exact, digits) == "=":
        return 0.0
    return float(f"0.5e{exponent_of(exact) - digits + 1}")


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
