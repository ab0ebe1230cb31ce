"""The scales of a chart."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tinynet_tui.drawing.scale import (
    AxisScale,
    inner_scale,
    linear_scale,
    logarithmic_scale,
    update_scale,
)
from tinynet_tui.teaching.charts import axis_number


def _texts(scale: AxisScale) -> list[str]:
    return [text for _, text in scale.marks]


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (0.0, 0.25, 1, ["0", "0.25"]),
        (0.1, 0.25, 3, ["0", "0.1", "0.2", "0.3"]),
        (0.0, 36.0, 4, ["0", "10", "20", "30", "40"]),
        (36.0, 36.0, 2, ["0", "20", "40"]),
        (0.66, 0.6931, 2, ["0.66", "0.68", "0.7"]),
        (0.0, 0.0, 2, ["0", "0.5", "1"]),
        (-1.0, 3.0, 4, ["-1", "0", "1", "2", "3"]),
        (-2.0, -2.0, 1, ["-2", "0"]),
        (-0.5, 0.25, 1, ["-0.5", "0.5"]),
        (0.0, 3e-5, 3, ["0", "1e-5", "2e-5", "3e-5"]),
        (0.0, 5e-324, 1, ["0", "1"]),
        (0.0, 1e308, 2, ["0", "5e+307", "1e+308"]),
        (0.0, 1.7e308, 2, ["0", "1.7e+308"]),
        (-3.0, 1.0, 1, ["-3", "3"]),
    ],
)
def test_linear_marks(low: float, high: float, most: int, texts: list[str]) -> None:
    """Round numbers around the range, from 0 unless that would be too flat to see."""
    assert _texts(linear_scale(low, high, most)) == texts


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (0.02, 5.0, 5, ["0.01", "0.1", "1", "10"]),
        (1e-13, 0.25, 5, ["1e-12", "1e-9", "1e-6", "0.001", "1"]),
        (1e-13, 0.25, 1, ["1e-13", "1"]),
        (1.6e-13, 0.25, 3, ["1e-12", "1e-8", "1e-4", "1"]),
        (0.3, 0.3, 3, ["0.1", "0.2", "0.5", "1"]),
        (0.3, 0.3, 2, ["0.1", "0.3", "1"]),
        (0.3, 0.3, 1, ["0.1", "1"]),
        (1.0, 1.0, 3, ["1", "2", "5", "10"]),
        (0.02, 0.9, 4, ["0.01", "0.03", "0.1", "0.3", "1"]),
        (2e-9, 3e-8, 6, ["1e-9", "2e-9", "5e-9", "1e-8", "2e-8", "5e-8", "1e-7"]),
        (5e-324, 1.7e308, 4, ["1e-200", "1", "1e+200"]),
    ],
)
def test_logarithmic_marks(low: float, high: float, most: int, texts: list[str]) -> None:
    """Powers of ten, and where there is room round numbers between them, at their places."""
    assert _texts(logarithmic_scale(low, high, most)) == texts


def test_marks_between_powers_of_ten_stand_at_their_values() -> None:
    """2 is log 2 of the way from 1 to 10."""
    places = {text: place for place, text in logarithmic_scale(1.0, 10.0, 3).marks}
    assert places == pytest.approx({"1": 0.0, "2": math.log10(2), "5": math.log10(5), "10": 1.0})


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (-5.0, 5.0, 10, ["-5", "-4", "-3", "-2", "-1", "0", "1", "2", "3", "4", "5"]),
        (-0.63, 1.37, 5, ["-0.5", "0", "0.5", "1"]),
        (9.0, 11.0, 4, ["9", "9.5", "10", "10.5", "11"]),
        (3.0, 3.0, 2, ["2", "3", "4"]),
        (1e300, 1e300, 2, ["0", "5e+299", "1e+300"]),
    ],
)
def test_inner_marks(low: float, high: float, most: int, texts: list[str]) -> None:
    """Round numbers between the ends, which are those of the range."""
    assert _texts(inner_scale(low, high, most)) == texts


@pytest.mark.parametrize(
    ("first", "last", "width", "texts"),
    [
        (0, 100, 60, ["0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "100"]),
        (0, 25, 30, ["0", "5", "10", "15", "20", "25"]),
        (0, 1_000_000, 40, ["0", "500,000", "1,000,000"]),
        (0, 1, 60, ["0", "1"]),
        (7, 7, 60, ["7"]),
        (95, 112, 30, ["95", "100", "105", "110"]),
    ],
)
def test_update_marks(first: int, last: int, width: int, texts: list[str]) -> None:
    """Whole round numbers, as many as have room."""
    assert _texts(update_scale(first, last, width)) == texts


_losses = st.floats(-1e308, 1e308)


@given(_losses, _losses, st.integers(-1, 20))
def test_linear_scales_hold_their_range(one: float, other: float, most: int) -> None:
    """However odd it is; marks ascend from end to end, and there are not too many."""
    scale = linear_scale(min(one, other), max(one, other), most)
    _assert_sound(scale, min(one, other), max(one, other))
    assert 2 <= len(scale.marks) <= max(most, 1) + 1


@given(_losses, _losses, st.integers(-1, 20))
@example(-9.999999999999513e307, -9.99999999999951e307, 2)
@example(0.0, 5e-324, 2)
def test_inner_scales_are_their_range(one: float, other: float, most: int) -> None:
    """However odd it is; a single value has room on both sides."""
    low, high = min(one, other), max(one, other)
    scale = inner_scale(low, high, most)
    _assert_sound(scale, low, high)
    assert len(scale.marks) <= max(most, 2) + 1


@given(st.floats(5e-324, 1.7e308), st.floats(5e-324, 1.7e308), st.integers(-1, 20))
def test_logarithmic_scales_hold_their_range(one: float, other: float, most: int) -> None:
    """However wide it is."""
    _assert_sound(logarithmic_scale(min(one, other), max(one, other), most), min(one, other), max(one, other))


def _assert_sound(scale: AxisScale, low: float, high: float) -> None:
    assert -1e-6 <= scale.along(low) <= scale.along(high) <= 1 + 1e-6
    places = [place for place, _ in scale.marks]
    assert places == sorted(set(places))
    assert all(0 <= place <= 1 for place in places)
    assert math.isfinite(scale.low)
    assert scale.low < scale.high


def test_zero_is_below_a_logarithmic_scale() -> None:
    """As far as can be."""
    assert logarithmic_scale(0.1, 10, 2).along(0.0) == -math.inf


def test_numbers_are_short() -> None:
    """No zeros that say nothing, and no trace of how they were computed."""
    assert [axis_number(n) for n in (0.1 + 0.2, 20.0, 2.5e-5, 1e6, 123456.0, 0.0)] == [
        "0.3", "20", "2.5e-5", "1e+6", "123456", "0",
    ]  # fmt: skip
