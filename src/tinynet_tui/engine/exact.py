"""What an expression comes to in exact fractions, where it comes to one."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from tinynet_tui.engine.expressions import Apply, Expr, Name, Number

_LARGEST_POWER = 64
"""A larger one is not worked out: no number that is shown has that many digits."""


def exactly(expr: Expr, value_of: Callable[[Name], Fraction | None]) -> Fraction | None:
    """The value of an expression, nothing rounded; None where it is no fraction, or none that is known."""
    match expr:
        case Number(constant):
            return fraction(repr(constant))
        case Name():
            return value_of(expr)
        case Apply(operation, arguments):
            worked_out = [exactly(argument, value_of) for argument in arguments]
            known = [argument for argument in worked_out if argument is not None]
            return EXACT[operation](*known) if len(known) == len(worked_out) else None


def fraction(text: str) -> Fraction | None:
    """The very number that a text says, such as 0.1 or −1.5e-3; None of inf and nan."""
    try:
        return Fraction(text.replace("−", "-"))
    except ValueError:
        return None


def _product(*factors: Fraction) -> Fraction:
    product = Fraction(1)
    for factor in factors:
        product *= factor
    return product


def _quotient(top: Fraction, bottom: Fraction) -> Fraction | None:
    return top / bottom if bottom else None


def _power(base: Fraction, exponent: Fraction) -> Fraction | None:
    is_worked_out = exponent.denominator == 1 and abs(exponent) <= _LARGEST_POWER
    return Fraction(base ** int(exponent)) if is_worked_out and (base or exponent >= 0) else None


def _root(value: Fraction) -> Fraction | None:
    if value < 0:
        return None
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return root if root * root == value else None


def _times_logarithm(factor: Fraction, value: Fraction) -> Fraction | None:
    is_nothing = (factor == 0 and value >= 0) or value == 1
    return Fraction(0) if is_nothing else None


def _only_at(place: int, result: Fraction) -> Callable[[Fraction], Fraction | None]:
    """A function whose value is a fraction at one place alone."""
    return lambda value: result if value == place else None


EXACT: dict[str, Callable[..., Fraction | None]] = {
    "add": lambda *terms: sum(terms, Fraction(0)),
    "subtract": lambda left, right: left - right,
    "multiply": _product,
    "divide": _quotient,
    "share": _quotient,
    "negative": lambda value: -value,
    "square": lambda value: value * value,
    "power": _power,
    "root": _root,
    "exp": _only_at(0, Fraction(1)),
    "ln": _only_at(1, Fraction(0)),
    "xlogy": _times_logarithm,
    "xdivy": lambda top, bottom: top and _quotient(top, bottom),
    "relu": lambda z: max(z, Fraction(0)),
    "relu_slope": lambda z: Fraction(z > 0),
    "leaky_relu": lambda z, slope: z if z > 0 else slope * z,
    "leaky_relu_slope": lambda z, slope: Fraction(1) if z > 0 else slope,
    "sigmoid": _only_at(0, Fraction(1, 2)),
    "tanh": _only_at(0, Fraction(0)),
}
"""Each operation of `operations.OPERATIONS` on fractions; None where the result is none."""
