"""A formula in the digits that it is shown with, and what it comes to: = where that is so in these digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from tinynet_tui.engine.exact import exactly, fraction
from tinynet_tui.engine.expressions import Expr, Name, names_in
from tinynet_tui.teaching.numbers import equals, shown, without_last_zeros


@dataclass(frozen=True, slots=True)
class Equation:
    """The signs of letters = numbers = value, and that value."""

    reads: str
    """Between letters and numbers: = where every number that is read is all there, else ≈."""
    sign: str
    """Between numbers and value: = where the shown numbers, worked out exactly, are the value, else ≈."""
    value: str
    """As it is shown."""
    whole: str
    """Between letters and value: = where nothing has been rounded on the way, else ≈."""


def equation(expression: Expr, value_of: Callable[[Name], float], value: float, digits: int) -> Equation:
    """The equation of an expression and its value, each number shown with `digits` significant digits."""
    numbers = [value_of(name) for name in names_in(expression)]
    reads = "=" if all(equals(number, digits) == "=" for number in numbers) else "≈"
    text, whole = shown(value, digits), equals(value, digits)
    if not all(map(isfinite, (value, *numbers))):
        return Equation(reads, "=", text, whole)
    if exactly(expression, lambda name: fraction(shown(value_of(name), digits))) != fraction(text):
        return Equation(reads, "≈", text, whole)
    if reads == "≈":
        return Equation(reads, "=", text, whole)
    # Nothing has been rounded: its zeros would say no more.
    return Equation(reads, "=", without_last_zeros(text), "=")
