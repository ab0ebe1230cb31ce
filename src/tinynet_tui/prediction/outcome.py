"""What an expression comes to, as exactly as it can be known from the numbers on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, isnan

from tinynet_tui.engine.expressions import Expr, Name, names_in
from tinynet_tui.engine.walks import value
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.numbers import cell, cell_width, equals, shown

_NOISE = 1e-15
"""Of the largest number in a sum: what is smaller may come from its rounding alone."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value of an expression, and what it comes to with its operands rounded as they are shown."""

    values: tuple[float, ...]
    """The first is the exact one."""
    margin: float
    """Half a unit of the last digit shown: so far may an answer be rounded."""
    noise: float
    """What is no larger may as well be 0."""

    def includes(self, answer: float) -> bool:
        """Whether an answer is one of the values, but for its rounding.

        However small the exact value is, its sign counts.
        """
        exact = self.values[0]
        if not (isfinite(answer) and isfinite(exact)):
            return answer == exact or (isnan(answer) and isnan(exact))
        is_near = any(value - self.margin <= answer <= value + self.margin for value in self.values)
        return is_near and (self.has_sign_of(answer) or exact == 0.0)

    def has_sign_of(self, answer: float) -> bool:
        """Whether the sign of an answer is that of the exact value, or 0 where that may be 0 as well."""
        exact = self.values[0]
        if isnan(answer) or isnan(exact):
            return isnan(answer) and isnan(exact)
        return _sign(answer) == _sign(exact) or (answer == 0.0 and abs(exact) <= self.noise)


def outcome(expression: Expr, value_of: Callable[[Name], float], digits: int) -> Outcome:
    """The outcome of an expression where numbers are shown with `digits` digits."""
    needed = equation(expression, value_of, value(expression, value_of), digits).digits
    readings: tuple[Callable[[float], float], ...] = (
        float,
        lambda exact: _read(shown(exact, digits)),
        lambda exact: _read(shown(exact, needed)),
        lambda exact: _read(_cell(exact, digits)),
    )
    values = tuple(value(expression, _through(reading, value_of)) for reading in readings)
    operands = [value_of(name) for name in names_in(expression)]
    noise = _NOISE * max((abs(number) for number in (values[0], *operands) if isfinite(number)), default=0.0)
    rounding = max(_half_a_unit(_cell(values[0], digits)), _rounding(values[0], digits))
    return Outcome(values, rounding + noise, noise)


def _through(reading: Callable[[float], float], value_of: Callable[[Name], float]) -> Callable[[Name], float]:
    return lambda name: reading(value_of(name))


def _cell(exact: float, digits: int) -> str:
    """A number as the diagram and the table show it."""
    return cell(exact, cell_width(digits), digits)


def _read(text: str) -> float:
    return float(text.replace("−", "-"))


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
    return float(f"0.5e{int(f'{exact:e}'.partition('e')[2]) - digits + 1}")


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)
