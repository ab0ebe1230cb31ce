"""The chart of loss curves."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.setups import LECTURE
from tests.goldens import assert_golden
from tinynet_tui.drawing.loss_chart import loss_chart
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.handouts.training_table import training_rows
from tinynet_tui.teaching.charts import Curve

ROW_2 = replace(LECTURE, inputs=((2.0, 1.0),), targets=((6.0,),))


def _run(rate: float, updates: int, setup: Setup = LECTURE, label: str | None = None) -> Curve:
    setup = replace(setup, hyperparameters=Hyperparameters(learning_rate=rate))
    losses = [loss for _, (loss, *_) in training_rows(setup, updates, 1)]
    return Curve(f"{rate:g}" if label is None else label, range(updates + 1), losses)


def _curve(*losses: float, label: str = "") -> Curve:
    return Curve(label, range(len(losses)), losses)


RATES = (0.005, 0.01, 0.1, 0.25)
CASES = {
    "the lecture, 100 updates": [_run(0.01, 100, label="")],
    "the lecture, 5 updates": [_run(0.01, 5, label="")],
    "the lecture, four learning rates": [_run(rate, 25) for rate in RATES],
    "its second row, four learning rates": [_run(rate, 25, ROW_2) for rate in RATES],
    "stuck": [_curve(*[36.0] * 101)],
    "slow": [_curve(*(0.6931 - 0.0005 * update for update in range(50)))],
    "diverging": [_curve(0.25, 3.0, 40.0, 1e5, 1e20, 1e200, math.inf, math.nan)],
    "diverging beside one that does not": [
        _curve(0.25, 3.0, 40.0, 1e5, 1e20, 1e200, math.inf, label="0.5"),
        _curve(0.25, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, label="0.1"),
    ],
    "down to 0": [_curve(4.0, 1.0, 0.0, 0.0)],
    "not trained": [_curve(0.25)],
    "never finite": [_curve(math.nan, math.nan)],
    "nothing": [],
}
SIZES = [(60, 4), (60, 10), (80, 12), (120, 20)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("ascii", [False, True])
def test_as_drawn(width: int, height: int, ascii: bool) -> None:
    """From the smallest place it has to the largest."""
    parts = [f"{name}\n{loss_chart(curves, width, height, ascii).text()}\n" for name, curves in CASES.items()]
    assert_golden(f"loss-chart-{width}x{height}{'-ascii' if ascii else ''}.txt", "\n".join(parts))


_losses = st.lists(st.floats() | st.floats(0, 1) | st.just(0.0), max_size=60)
_curves = st.lists(st.builds(lambda losses: _curve(*losses, label="0.01"), _losses), max_size=60)


@given(
    _curves, st.integers(-2, 130), st.integers(-2, 30), st.booleans(), st.sampled_from([None, True, False])
)
def test_anything_can_be_drawn_at_any_size(
    curves: list[Curve], width: int, height: int, ascii: bool, logarithmic: bool | None
) -> None:
    """The picture is as large as was asked for, and every role in it is known."""
    picture = loss_chart(curves, width, height, ascii, logarithmic)
    assert (picture.width, picture.height) == (max(width, 0), max(height, 0))
    assert not ascii or picture.text().isascii()
    for row in picture.rows:
        for run in row:
            theme_of("none").style(run.style)


def _marks(picture: Picture) -> set[str]:
    """What is written left of the axis."""
    return {line.split("┤")[0].strip() for line in picture.text().splitlines() if "┤" in line}


def test_a_wide_range_above_0_has_a_logarithmic_scale() -> None:
    """More than two powers of ten; a caller may have it otherwise."""
    wide, narrow, to_zero = _curve(1.0, 0.009), _curve(1.0, 0.011), _curve(1.0, 0.009, 0.0)
    drawn = {
        name: "logarithmic" in loss_chart([curve], 60, 10, logarithmic=asked).text()
        for name, curve, asked in (
            ("wide", wide, None),
            ("narrow", narrow, None),
            ("to zero", to_zero, None),
            ("wide, asked", wide, False),
            ("narrow, asked", narrow, True),
            ("to zero, asked", to_zero, True),
        )
    }
    assert drawn == {
        "wide": True,
        "narrow": False,
        "to zero": False,
        "wide, asked": False,
        "narrow, asked": True,
        "to zero, asked": True,
    }


def test_marks_stand_at_their_values() -> None:
    """A level curve at 20 of 40 runs in the row of the mark 20."""
    picture = loss_chart([_curve(40.0, 20.0, 20.0, 20.0)], 60, 10)
    assert _marks(picture) >= {"0", "20", "40"}
    (row,) = (line for line in picture.text().splitlines() if line.startswith("20"))
    assert not set(row[-20:]) & set(" \u2800")


def test_every_curve_is_told_apart_without_colour() -> None:
    """By its letter on the curve and with its label at the end."""
    text = loss_chart(CASES["the lecture, four learning rates"], 80, 12).text()
    for letter, rate in zip("abcd", RATES, strict=True):
        assert f" {letter} {rate:g}" in text
        assert text.count(letter) > 1


def test_a_curve_that_stops_says_where() -> None:
    """inf at update 6; and nan from the start where it has no point at all."""
    assert "inf at 6" in loss_chart(CASES["diverging"], 60, 10).text()
    assert loss_chart(CASES["never finite"], 60, 10).text().rstrip() == "The loss is nan from the start."
    both = loss_chart([_curve(math.nan, label="9"), _curve(1.0, 0.5, label="0.1")], 60, 10).text()
    assert "a 9 nan at 0" in both
    assert "b 0.1" in both


def test_a_single_peak_among_a_million_updates_is_seen() -> None:
    """Thinning keeps the highest loss of every column."""
    losses = [1.0] * 1_000_001
    losses[123_456] = 8.0
    rows = loss_chart([_curve(*losses)], 80, 12).text().splitlines()
    (top,) = (row for row in rows if row.startswith("8 "))
    assert set(top[3:].strip()) <= {chr(0x2800 + dots) for dots in range(1, 256)}
    assert len(top[3:].strip()) == 1
