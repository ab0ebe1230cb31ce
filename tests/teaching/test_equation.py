"""The digits that a formula is shown with: as many as it takes, and no more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import exp
from random import Random

import pytest

from tinynet_tui.engine.expressions import Name, Number, apply
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.step_line import aligned_pieces, step_line

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


def test_a_calculator_divides_by_0_only_where_the_step_does() -> None:
    """(1 − y) / (1 − ŷ) at σ(20): 1 − 1.000 would be 0, and 0 / 0 counts as 0."""
    share = apply(
        "xdivy", apply("subtract", Number(1), Name("y")), apply("subtract", Number(1), Name("yhat"))
    )
    read = {"yhat": 1 / (1 + exp(-20)), "y": 1.0}
    came = equation(share, lambda name: read[name.name], 0.0, 4)
    assert float(came.number(read["yhat"])) < 1
    saturated = {"yhat": 1.0, "y": 1.0}
    assert equation(share, lambda name: saturated[name.name], 0.0, 4).number(1.0) == "1"


@pytest.mark.parametrize("digits", [2, 3, 4, 8])
def test_a_result_is_given_to_the_last_digit_that_is_shown(digits: int) -> None:
    """One of 237958 is shown to the point whatever the digits: house prices in full, not in thousands."""
    chance = Random(digits)
    line = apply("add", apply("multiply", Name("w"), Name("x")), Name("b"))
    for _ in range(50):
        read = {name: round(chance.uniform(-1, 1) * 10 ** chance.uniform(0, 5), 3) for name in "wxb"}
        value = read["w"] * read["x"] + read["b"]
        came = equation(line, lambda name: read[name.name], value, digits)  # noqa: B023
        w, x, b = (Fraction(came.number(read[name]).replace("−", "-")) for name in "wxb")
        shown = Decimal(came.value.replace("−", "-"))
        last = Fraction(Decimal(1).scaleb(int(shown.as_tuple().exponent)))
        assert abs(w * x + b - Fraction(shown)) <= 2 * last, (read, came)


def test_the_minus_of_the_letters_stands_before_0_too() -> None:
    """A target of 0 in −y / ŷ: in the line, and part by part in the panel."""
    session = start(shipped_lesson("softmax-3"))
    number = program_of(session).number("dL/dyhat1")
    assert number is not None
    now = moment(replace(session, step=number))
    line = step_line(now)
    assert (line.letters, line.numbers) == ("−y₁ / ŷ₁", "−0 / 0.6652")
    assert "".join(piece.text for piece, _ in aligned_pieces(now, line)) == "−y₁ / ŷ₁"
    assert "".join(piece.text for _, piece in aligned_pieces(now, line)) == "−0 / 0.6652"
    other = program_of(session).number("dL/dyhat2")
    assert other is not None
    assert step_line(moment(replace(session, step=other))).numbers == "−1 / 0.2447"
