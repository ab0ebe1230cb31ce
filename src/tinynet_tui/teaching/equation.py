"""A formula in the digits that it is shown with, and what it comes to: = where that is so in these digits."""

from collections.abc import Callable, Iterable
from math import isfinite
from typing import NamedTuple

from tinynet_tui.engine.arithmetic import fraction
from tinynet_tui.engine.expression_reading import ALL_DIGITS, exactly, limits
from tinynet_tui.engine.expression_reading import value as worked_out
from tinynet_tui.engine.expressions import Expr, Name, names_in
from tinynet_tui.teaching.numbers import as_read, equals, exponent_of, last_place, shown, without_last_zeros


class Equation(NamedTuple):
    """The signs of letters = numbers = value, and that value."""

    digits: int
    """Significant digits of the numbers: as many as it takes for a calculator to come to the value."""
    reads: str
    """Between letters and numbers: = where every number that is read is all there, else ≈."""
    sign: str
    """Between numbers and value: = where the shown numbers, worked out exactly, are the value, else ≈."""
    value: str
    """As it is shown."""
    whole: str
    """Between letters and value: = where nothing has been rounded on the way, else ≈."""

    def number(self, number: float) -> str:
        """A number of the formula as it is shown."""
        return shown(number, self.digits)


def equation(expression: Expr, value_of: Callable[[Name], float], value: float, digits: int) -> Equation:
    """The equation of an expression and its value, which is shown with `digits` significant digits."""
    numbers = [value_of(name) for name in names_in(expression)]
    text, whole = shown(value, digits), equals(value, digits)
    if not all(map(isfinite, (value, *numbers))):
        return Equation(digits, sign_before(numbers, digits), "=", text, whole)
    needed = _digits_needed(expression, value_of, value, digits)
    reads = sign_before(numbers, needed)
    if exactly(expression, lambda name: fraction(shown(value_of(name), needed))) != fraction(text):
        return Equation(needed, reads, "≈", text, whole)
    if reads == "≈":
        return Equation(needed, reads, "=", text, whole)
    # Nothing has been rounded: its zeros would say no more.
    return Equation(needed, reads, "=", without_last_zeros(text), "=")


def sign_before(numbers: Iterable[float | None], digits: int) -> str:
    """= before numbers that are all there, ≈ where one is rounded; one that is not known says nothing."""
    return "=" if all(number is None or equals(number, digits) == "=" for number in numbers) else "≈"


def _digits_needed(expression: Expr, value_of: Callable[[Name], float], value: float, digits: int) -> int:
    """How many digits a formula's numbers need to give its value, but for a unit of its last digit.

    A square of a small difference, or a product of many factors, loses digits that its numbers have not; and
    who divides by 1 − 1.000 divides by 0.
    """
    # A value of 0 has no last digit: then the numbers have to give 0. Of one like 237958 all digits
    # before the point are shown, more than are asked for.
    asked_for = float(f"1e{exponent_of(value) - digits + 1}")
    unit = min(asked_for, last_place(shown(value, digits))) if value else 0.0
    enough = (
        more
        for more in range(digits, ALL_DIGITS + 1)
        if abs(worked_out(expression, _as_shown(value_of, more)) - value) <= unit
        and set(limits(expression, _as_shown(value_of, more))) <= set(limits(expression, value_of))
    )
    return next(enough, digits)


def _as_shown(value_of: Callable[[Name], float], digits: int) -> Callable[[Name], float]:
    """The numbers that whoever has a calculator types into it."""
    return lambda name: as_read(shown(value_of(name), digits))
