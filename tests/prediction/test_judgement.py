"""Right and wrong, by numbers from outside: the lecture worked out by hand, and Mazur's printed ones."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, tanh

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.prediction.asked import at, lesson
from tests.session.random_lessons import places
from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.expressions import Number
from tinynet_tui.prediction.judgement import expected, result
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PRECISIONS, Level, Session
from tinynet_tui.teaching.numbers import shown

BY_HAND = {
    "z1": "1.5", "h1": "3/2", "h2": "0.5", "yhat": "2.5", "L": "1/4", "dL/dyhat": "1",
    "dL/dw5": "1.5", "dL/dw6": "0.5", "dL/db3": "1", "dL/dw3": "0", "w1": "0.99", "w2": "0.49", "w3": "1",
    "w4": "−0.5", "w5": "0.985", "w6": "0.995", "b1": "0.49", "b2": "−0.01", "b3": "0.49",
    "check": "0.18096516",
}  # fmt: skip
"""The lecture's update, worked out by hand."""

MAZUR = {
    "z1": "0.3775", "h1": "0.593269992", "h2": "0.596884378", "z3": "1.105905967", "yhat1": "0.75136507",
    "yhat2": "0.772928465", "L": "0.298371109", "dL/dyhat1": "0.74136507", "dyhat1/dz3": "0.186815602",
    "dL/dz3": "0.138498562", "dL/dw5": "0.082167041", "w5": "0.35891648", "w6": "0.408666186",
    "w7": "0.511301270", "w8": "0.561370121", "dL/dh1": "0.036350306", "dh1/dz1": "0.241300709",
    "dL/dw1": "0.000438568", "w1": "0.149780716", "w2": "0.19956143", "w3": "0.24975114", "w4": "0.29950229",
}  # fmt: skip
"""As Matt Mazur prints them in "A Step by Step Backpropagation Example" (2015)."""


@pytest.mark.parametrize("name", BY_HAND)
@pytest.mark.parametrize("digits", PRECISIONS)
def test_the_lecture_by_hand_is_right(name: str, digits: int) -> None:
    """At every precision, for these numbers are exact."""
    told = at(lesson("lecture"), name, digits)
    assert result(told, "number", BY_HAND[name]) == "right"
    assert result(told, "diagram", BY_HAND[name]) == "right"
    assert result(told, "sign", BY_HAND[name]) == "right"


@pytest.mark.parametrize("name", MAZUR)
@pytest.mark.parametrize("digits", [2, 4, 8])
def test_mazurs_numbers_are_right(name: str, digits: int) -> None:
    """With all that he prints, and rounded to what is shown; further rounded they are not."""
    told, printed = at(lesson("mazur"), name, digits), float(MAZUR[name])
    assert result(told, "number", MAZUR[name]) == "right"
    if digits < 8 and abs(printed) >= 0.001:
        assert result(told, "number", f"{printed:.{max(digits, 4)}f}") == "right"


def test_rounding_is_forgiven_as_far_as_the_screen_rounds() -> None:
    """0.18096516 is shown as 0.1810 with four digits and as 0.18 with two."""
    session = lesson("lecture")
    assert result(at(session, "check", 4), "number", "0.181") == "right"
    assert result(at(session, "check", 2), "number", "0.18") == "right"
    assert result(at(session, "check", 2), "number", "0.19") == "wrong"
    assert result(at(session, "check", 8), "number", "0.18096516") == "right"


@pytest.mark.parametrize(("digits", "text"), [(4, "0.18"), (8, "0.181")])
def test_what_is_rounded_further_is_asked_for_again(digits: int, text: str) -> None:
    """It is right so far, and not counted as wrong."""
    with pytest.raises(ValueError, match=r"^right so far: one more digit$"):
        result(at(lesson("lecture"), "check", digits), "number", text)


@pytest.mark.parametrize("text", ["-0.10", "−0.10", "h1 = -0.10", "-0.100", "-0.1e0"])
def test_the_zeros_of_a_number_that_was_rounded_up_count(text: str) -> None:
    """tanh(−0.1002) is −0.09987: −0.10 has two digits, and −0.1 has one."""
    came = expected(Number(tanh(-0.1002)), lambda _: 0.0, 4)
    assert came.verdict(-0.1, text) == ("wrong" if text.endswith("e0") else "rounded")


@pytest.mark.parametrize(("name", "text"), [("check", "0.2"), ("check", "0.17"), ("w5", "1"), ("w5", "1.0")])
def test_one_digit_says_too_little_to_be_right_so_far(name: str, text: str) -> None:
    """1 for 0.985 is the old value; 0.17 is no rounding of 0.18096516."""
    assert result(at(lesson("lecture"), name), "number", text) == "wrong"


def test_what_comes_out_of_the_shown_numbers_is_right() -> None:
    """Mazur's ∂L/∂h₁ from four digits: 0.1385 · 0.4 − 0.0381 · 0.5 = 0.03635, of which 0.0363 is a rounding
    though the number itself, 0.0363503…, is nearer to 0.0364."""
    told = at(lesson("mazur"), "dL/dh1")
    assert result(told, "number", "0.0363") == "right"
    assert result(told, "number", "0.0364") == "right"
    assert result(told, "number", "0.0362") == "wrong"
    assert result(told, "number", "0.0365") == "wrong"


def test_what_lies_between_two_right_numbers_is_wrong() -> None:
    """1.004 · 100 − 100 is 0.4; from w₁ as shown with two digits, 1.0, it is 0: there is no third way."""
    told = at(lesson("lecture", w1=1.004, x1=100, b1=-100, w3=0), "z1", 2)
    answers = ("0.4", "0.40", "0.401", "0.3", "0.2", "0.1", "0.39", "0.41")
    assert [result(told, "number", answer) for answer in answers] == ["right"] * 3 + ["wrong"] * 5


def test_a_sum_that_is_not_quite_zero_may_be_called_zero() -> None:
    """0.1 · 1 + 0.2 · 1 − 0.3 is 5.6e-17 in double precision, and 0 by hand."""
    session = lesson("lecture", w1=0.1, w3=0.2, x2=1, b1=-0.3)
    told = at(session, "z1")
    assert 0 < told.trace.value(told.session.step) < 1e-16
    assert result(told, "number", "0") == "right"
    assert result(told, "sign", "0") == "right"
    assert result(told, "sign", "+") == "right"
    assert result(told, "sign", "-") == "wrong"


def test_a_small_number_is_not_zero() -> None:
    """A gradient of 0.00002 is shown as one, so 0 is wrong, and so is twice as much."""
    told = at(lesson("lecture", y=2.49999), "dL/dyhat")
    assert result(told, "number", "0.00002") == "right"
    assert result(told, "number", "2e-5") == "right"
    assert result(told, "number", "0") == "wrong"
    assert result(told, "number", "0.00004") == "wrong"
    assert result(told, "sign", "0") == "wrong"


SIGNS: list[tuple[str, str]] = [("w4", "-"), ("w5", "+"), ("dL/dw3", "0"), ("b2", "−"), ("check", "+")]


@pytest.mark.parametrize(("name", "sign"), SIGNS)
def test_signs(name: str, sign: str) -> None:
    """Of the three only one is right."""
    told = at(lesson("lecture"), name)
    for other in ("+", "-", "0"):
        assert (result(told, "sign", other) == "right") == (other == sign.replace("−", "-"))


def test_inf_and_nan() -> None:
    """1e300 squared is inf; its gradient then goes on as it is, and inf − inf is nan."""
    told = at(lesson("lecture", w5=1e300), "L")
    assert result(told, "number", "inf") == "right"
    assert result(told, "number", "1e308") == "wrong"
    assert result(told, "sign", "+") == "right"
    nothing = at(replace(lesson("lecture", w5=1e300), update=3), "L")
    assert nothing.trace.value(nothing.session.step) != nothing.trace.value(nothing.session.step)
    assert result(nothing, "number", "nan") == "right"
    assert result(nothing, "number", "0") == "wrong"
    assert result(nothing, "sign", "nan") == "right"
    assert result(nothing, "sign", "0") == "wrong"


@given(places(), st.sampled_from(PRECISIONS), st.sampled_from(("sign", "number")))
@examples(50)
def test_the_number_itself_is_right(session: Session, digits: int, level: Level) -> None:
    """For every step of every lesson, in full and as it is shown; its opposite is not, but for 0."""
    told = moment(replace(session, digits=digits))
    if told.step is None:
        return
    value = told.trace.value(session.step)
    full, seen = number_text(value), shown(value, digits)
    assert result(told, level, full) == "right"
    if isfinite(value):
        assert result(told, level, seen) == "right"
    if isfinite(value) and abs(value) > 1e-3:
        assert result(told, level, number_text(-value)) == "wrong"
