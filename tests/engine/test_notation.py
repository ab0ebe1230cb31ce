"""The reader of formulas, on formulas worked out by hand."""

from __future__ import annotations

import math

import pytest

from tests.engine.notation import evaluated


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 · 1 + 0.5", 1.5),
        ("2 − 3 − 4", -5.0),
        ("12 / 2 · 3", 18.0),
        ("12 / (2 · 3)", 2.0),
        ("−2 · 3 + 1", -5.0),
        ("−3²", -9.0),
        ("(−3)²", 9.0),
        ("2 · (2.5 − 2)²", 0.5),
        ("1e-08 + 0", 1e-8),
        ("1 − 0.5^3", 0.875),
        ("√(16) + ln(1)", 4.0),
        ("σ(0) · ReLU(−2) + ReLU′(2)", 1.0),
        ("LReLU(−2, 0.5) + LReLU′(−2, 0.25)", -0.75),
        ("1 / 0", math.inf),
    ],
)
def test_formulas(text: str, value: float) -> None:
    """Signs bind as they do on paper."""
    assert evaluated(text) == value


def test_letters() -> None:
    """The longest letter wins, and a derivative is one letter."""
    symbols = {"w₁": 2.0, "w₁₂": 3.0, "∂L/∂w₁": 5.0, "m(w₁)": 7.0, "L⁽²⁾": 11.0}
    assert evaluated("w₁₂ · w₁ + ∂L/∂w₁ · m(w₁) − L⁽²⁾", symbols) == 30.0


@pytest.mark.parametrize("text", ["1 +", "(1", "1 2", "2 · −1", "a", "1 + −1", ")", ""])
def test_what_is_no_formula(text: str) -> None:
    """Nothing is guessed: two signs in a row, letters that are not given, brackets left open."""
    with pytest.raises(ValueError, match=r".+"):
        evaluated(text)
