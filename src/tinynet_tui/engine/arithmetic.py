"""The arithmetic of the operations: in floating point, and in exact fractions.

Floating point follows IEEE 754: nothing here raises; what overflows is inf, what has no value is nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from math import isqrt, prod


def total(*terms: float) -> float:
    """A sum, rounded term by term."""
    # Not the built-in: from Python 3.12 it adds floats with a correction that a loop of + has not.
    result = terms[0]
    for term in terms[1:]:
        result += term
    return result


def product(*factors: float) -> float:
    """A product, rounded factor by factor."""
    result = factors[0]
    for factor in factors[1:]:
        result *= factor
    return result


def quotient(top: float, bottom: float) -> float:
    """top / bottom, which is inf or nan where bottom is 0."""
    if bottom:
        return top / bottom
    if math.isnan(top) or top == 0.0 or math.isnan(bottom):
        return math.nan
    return math.copysign(math.inf, top) * math.copysign(1.0, bottom)


def power(base: float, exponent: float) -> float:
    """A power; inf where that overflows or is one of 0 below, nan where there is none."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.copysign(math.inf, base) if exponent % 2.0 == 1.0 else math.inf
    except ValueError:
        return math.inf if base == 0.0 else math.nan


def root(value: float) -> float:
    """The square root, nan below 0."""
    return math.sqrt(value) if value >= 0.0 else math.nan


def exponential(value: float) -> float:
    """e to the power of a value; inf where that overflows."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def logarithm(value: float) -> float:
    """The natural logarithm: -inf of 0, nan below."""
    if value > 0.0:
        return math.log(value)
    return -math.inf if value == 0.0 else math.nan


def xlogy(x: float, y: float) -> float:
    """x * ln(y), but 0 where x is 0: 0 * ln(0) counts as 0, the limit of x * ln(x)."""
    if x == 0.0 and y >= 0.0:
        return 0.0
    if y > 0.0:
        return x * math.log(y)
    return x * -math.inf if y == 0.0 else math.nan


def xdivy(x: float, y: float) -> float:
    """x / y, but 0 where x is 0: 0 / 0 counts as 0, as it comes from a term that is not there."""
    if x == 0.0:
        return math.nan if math.isnan(y) else 0.0
    if y:
        return x / y
    return math.nan if math.isnan(x) else math.copysign(math.inf, x) * math.copysign(1.0, y)


PRECISE_BELOW = 1e290
"""Of target / prediction: where it is larger, the prediction is as small as e^-708, and has lost digits."""


def is_precise(ratio: float) -> bool:
    """Whether a prediction has all its digits, by target / prediction."""
    return ratio < PRECISE_BELOW


# Its limit is written out, because scripts print this function as it stands.
def precise_or(value: float, ratio: float, otherwise: float) -> float:
    """A value, or the same worked out otherwise where the prediction that it reads has lost digits."""
    return value if ratio < 1e290 else otherwise


def sine(value: float) -> float:
    """The sine; nan of infinity."""
    return math.sin(value) if math.isfinite(value) else math.nan


def cosine(value: float) -> float:
    """The cosine; nan of infinity."""
    return math.cos(value) if math.isfinite(value) else math.nan


def sign(value: float) -> float:
    """1 above 0, -1 below, 0 at 0: the slope of the absolute value; nan passes."""
    return 1.0 if value > 0.0 else -1.0 if value < 0.0 else 0.0 if value == 0.0 else value


def larger(left: float, right: float) -> float:
    """The larger of two; nan passes."""
    return left if left >= right or math.isnan(left) else right


def smaller(left: float, right: float) -> float:
    """The smaller of two; nan passes."""
    return left if left <= right or math.isnan(left) else right


def above(left: float, right: float) -> float:
    """1 where the left one is the larger, 0 where it is the smaller, ½ where they are equal; nan passes."""
    if math.isnan(left) or math.isnan(right):
        return math.nan
    return 1.0 if left > right else 0.0 if left < right else 0.5


def are_zero(x: float, y: float) -> bool:
    """Whether both are 0."""
    return x == 0.0 and y == 0.0


_LARGEST_POWER = 64
"""A larger one is not worked out: no number that is shown has that many digits."""
_MOST_BITS = 4096
"""Above and below the line. What is longer is no number that is shown, and takes long to work with."""


def fraction(text: str) -> Fraction | None:
    """The very number that a text says, such as 0.1 or −1.5e-3; None of inf and nan."""
    try:
        return Fraction(text.replace("−", "-"))
    except ValueError:
        return None


def is_long(number: Fraction) -> bool:
    """Whether a fraction has more digits than are worked with."""
    return max(number.numerator.bit_length(), number.denominator.bit_length()) > _MOST_BITS


def exact_total(*terms: Fraction) -> Fraction | None:
    """A sum; None where it is one of very many digits: of many fractions it may have all of theirs."""
    result = Fraction(0)
    for term in terms:
        result += term
        if is_long(result):
            return None
    return result


def exact_product(*factors: Fraction) -> Fraction:
    """A product."""
    return prod(factors, start=Fraction(1))


def exact_quotient(top: Fraction, bottom: Fraction) -> Fraction | None:
    """top / bottom; None by 0."""
    return top / bottom if bottom else None


def exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    """A power; None where it is no fraction, or one of very many digits."""
    is_worked_out = exponent.denominator == 1 and abs(exponent) <= _LARGEST_POWER
    return Fraction(base ** int(exponent)) if is_worked_out and (base or exponent >= 0) else None


def exact_root(value: Fraction) -> Fraction | None:
    """The square root, where it is a fraction."""
    if value < 0:
        return None
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return root if root * root == value else None


def exact_xlogy(factor: Fraction, value: Fraction) -> Fraction | None:
    """factor * ln(value), where it is a fraction: 0."""
    is_nothing = (factor == 0 and value >= 0) or value == 1
    return Fraction(0) if is_nothing else None


def only_at(place: int, result: Fraction) -> Callable[[Fraction], Fraction | None]:
    """A function whose value is a fraction at one place alone."""
    return lambda value: result if value == place else None
