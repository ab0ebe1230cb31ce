"""The digits that a formula is shown with: as many as it takes, and no more."""

from __future__ import annotations

import pytest

from tinynet_tui.engine.expressions import Name, apply
from tinynet_tui.teaching.equation import equation

_SQUARE = apply("square", apply("subtract", Name("yhat"), Name("y")))


@pytest.mark.parametrize(
    ("yhat", "digits", "shown", "sign", "value"),
    [
        (2.4254, 5, "2.4254", "≈", "0.1810"),  # (2.425 − 2)² would be 0.1806
        (2.5, 4, "2.5", "=", "0.25"),
        (2.42542, 5, "2.4254", "≈", "0.1810"),
        (3.999, 4, "3.999", "≈", "3.996"),
    ],
)
def test_a_calculator_comes_to_the_value(yhat: float, digits: int, shown: str, sign: str, value: str) -> None:
    """But for a unit of its last digit: a square of a small difference loses digits."""
    read = {"yhat": yhat, "y": 2.0}
    came = equation(_SQUARE, lambda name: read[name.name], (yhat - 2) ** 2, 4)
    assert (came.digits, came.number(yhat), came.sign, came.value) == (digits, shown, sign, value)
