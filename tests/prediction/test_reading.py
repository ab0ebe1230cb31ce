"""What is typed as a prediction."""

from __future__ import annotations

import re
from math import inf, isnan

import pytest

from tinynet_tui.prediction.judgement import prediction
from tinynet_tui.session.session import Level

READ: list[tuple[Level, str, float]] = [
    ("number", "1.5", 1.5),
    ("number", "3/2", 1.5),
    ("number", "−3/2", -1.5),
    ("number", "-3/2", -1.5),
    ("number", "3/−2", -1.5),
    ("number", " +.5 ", 0.5),
    ("number", "1e-3", 0.001),
    ("number", "inf", inf),
    ("number", "−inf", -inf),
    ("diagram", "−0", 0.0),
    ("sign", "+", 1.0),
    ("sign", "-", -1.0),
    ("sign", " − ", -1.0),
    ("sign", "0", 0.0),
    ("sign", "-0.25", -0.25),
    ("sign", "1/3", 1 / 3),
    ("sign", "plus", 1.0),
    ("sign", "Negative", -1.0),
    ("sign", "zero", 0.0),
    ("number", "½", 0.5),
    ("number", "−⅓", -1 / 3),
    ("number", "= 1.5", 1.5),
    ("number", "z₁ = −1.5", -1.5),
    ("number", "dL/dw5 = 3/2", 1.5),
    ("sign", "w₅≈+", 1.0),
]


@pytest.mark.parametrize(("level", "text", "number"), READ)
def test_answers_that_can_be_read(level: Level, text: str, number: float) -> None:
    """Signs, numbers and fractions, with either minus; a sign is taken from a number, too."""
    assert prediction(text, level) == number


def test_what_has_no_value_can_be_foretold() -> None:
    """A run that has diverged is made of nan, at every level."""
    assert isnan(prediction("nan", "number"))
    assert isnan(prediction("nan", "sign"))


REFUSED: list[tuple[Level, str, str]] = [
    ("sign", "", "write +, − or 0"),
    ("sign", "++", "write +, − or 0"),
    ("sign", "none", "write +, − or 0"),
    ("sign", "=", "write +, − or 0"),
    ("number", "z₁ =", "write a number, such as 0.5 or −3/2"),
    ("number", "1 = 2", "“1 = 2” is not a number, such as 0.5 or −1/3"),
    ("number", "1½", "“1½” is not a number, such as 0.5 or −1/3"),
    ("number", "٣/2", "“٣/2” is not a number, such as 0.5 or −1/3"),
    ("number", "1_5", "“1_5” is not a number, such as 0.5 or −1/3"),
    ("number", "", "write a number, such as 0.5 or −3/2"),
    ("number", "+", "“+” is not a number, such as 0.5 or −1/3"),
    ("number", "0,5", "“0,5” is not a number: write a point, as in 1.5"),
    ("number", "1,000.5", "“1,000.5” is not a number: write a point, as in 1.5"),
    ("number", "1/0", "nothing can be divided by 0"),
    ("number", "1/inf", "it has to be a finite number"),
    ("number", "inf/2", "it has to be a finite number"),
    ("number", "1/nan", "it has to be a finite number"),
    ("number", "1e999", "it has to be a finite number"),
    ("number", "w1", "“w1” is not a number, such as 0.5 or −1/3"),
    ("diagram", "1 1/2", "“1 1/2” is not a number, such as 0.5 or −1/3"),
    ("number", "1" * 41, "that is longer than 40 characters"),
]


@pytest.mark.parametrize(("level", "text", "why"), REFUSED)
def test_answers_that_cannot_be_read(level: Level, text: str, why: str) -> None:
    """Each is turned down with one sentence that says what to write; none is counted as wrong."""
    with pytest.raises(ValueError, match=f"^{re.escape(why)}$"):
        prediction(text, level)
