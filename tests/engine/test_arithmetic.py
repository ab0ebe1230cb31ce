"""Expressions in exact fractions: every operation has its row, and nothing is rounded."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.engine.arithmetic import fraction
from tinynet_tui.engine.expression_reading import exactly
from tinynet_tui.engine.expressions import Expr, Name, Number, apply
from tinynet_tui.engine.operations import OPERATIONS

W, X = Name("w"), Name("x")


def worked_out(expression: Expr, **values: str) -> Fraction | None:
    """An expression with the values of its names, as they are written."""
    return exactly(expression, lambda name: fraction(values[name.name]))


def test_decimals_are_what_they_say() -> None:
    """0.4 · 0.5 + 0.7 is 0.9, and 0.1 + 0.2 is 0.3: in binary neither is."""
    assert worked_out(apply("add", apply("multiply", W, X), Number(0.7)), w="0.4", x="0.5") == Fraction(9, 10)
    assert worked_out(apply("add", W, X), w="0.1", x="0.2") == Fraction(3, 10)
    assert worked_out(apply("multiply", apply("divide", Number(1.0), W), W), w="3") == 1
    assert worked_out(apply("negative", W), w="−1.5e-3") == Fraction(3, 2000)


@pytest.mark.parametrize(
    ("operation", "value", "result"),
    [
        ("root", "0.25", Fraction(1, 2)), ("root", "2", None), ("root", "−1", None),
        ("sigmoid", "0", Fraction(1, 2)), ("sigmoid", "1", None), ("tanh", "0", 0), ("tanh", "0.5", None),
        ("ln", "1", 0), ("ln", "2", None), ("ln", "0", None), ("exp", "0", 1), ("exp", "1", None),
        ("relu", "−0.5", 0), ("relu", "0.5", Fraction(1, 2)),
        ("relu_slope", "0", 0), ("relu_slope", "0.1", 1),
    ],
)  # fmt: skip
def test_functions_that_are_fractions_now_and_then(
    operation: str, value: str, result: Fraction | int | None
) -> None:
    """By hand."""
    assert worked_out(apply(operation, W), w=value) == result


def test_what_is_not_known_is_none() -> None:
    """A number that is not finite, a quotient by 0, a power of no whole number."""
    assert worked_out(apply("add", W, X), w="inf", x="1") is None
    assert worked_out(apply("divide", W, X), w="1", x="0") is None
    assert worked_out(apply("power", W, X), w="2", x="0.5") is None
    assert worked_out(apply("power", W, X), w="0.9", x="1000000") is None
    assert worked_out(apply("power", W, X), w="0.9", x="2") == Fraction(81, 100)


def test_what_has_very_many_digits_is_not_worked_out() -> None:
    """A power of a power of a power; a sum of many fractions without a denominator in common."""
    power: Expr = W
    for _ in range(3):
        power = apply("power", power, Number(64.0))
    assert worked_out(power, w="0.3") is None
    numbers = [10.0**15 + by for by in range(1, 400, 2)]
    parts = [apply("divide", Number(1.0), Number(number)) for number in numbers]
    assert worked_out(apply("add", *parts)) is None
    assert worked_out(apply("add", *parts[:1], *parts[:1])) == Fraction(2, 10**15 + 1)


@given(st.sampled_from(sorted(OPERATIONS)), st.integers(-40, 40), st.integers(1, 40))
def test_the_rows_are_those_of_floats(operation: str, first: int, second: int) -> None:
    """Where there is a fraction, the value in floating point is near it."""
    several = ("add", "subtract", "multiply", "divide", "share", "power", "xlogy", "xdivy", "to_power",
               "larger", "smaller", "above", "largest")  # fmt: skip
    places = 2 if operation in several or operation.startswith(("leaky", "elu", "huber")) else 1
    places = 3 if operation == "precise_or" else places
    numbers = (first / 8, second / 8, first / 8)[:places]
    came = OPERATIONS[operation].exact(*map(Fraction, numbers))
    if came is not None:
        assert isclose(OPERATIONS[operation].value(*numbers), came, rel_tol=1e-12, abs_tol=1e-12)
