"""The chart that all experiments are drawn with."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.cells import cell_of
from tests.goldens import assert_golden
from tinynet_tui.drawing.chart import chart_picture
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.teaching.charts import Axis, Bar, Bins, Chart, ChartLine, ChartSign, Updates, UprightLine

CASES = {
    "a parabola, its tangent, a spot and the cursor": Chart(
        "the loss along w; now and a tangent",
        Axis(-1, 2),
        Axis(0, 3),
        [
            ChartLine([(x / 20, 0.1 + (x / 20 - 0.3) ** 2) for x in range(-20, 41)], "phase.loss"),
            ChartLine([(0.4, -0.2), (2.0, 2.0)], "phase.update", "t", "t tangent"),
        ],
        [UprightLine(0.0, "dim", "cursor")],
        spots=[ChartSign(1.0, 0.59, "●", "strong"), ChartSign(1.5, math.inf, "✗", "negative")],
    ),
    "a cliff, on a logarithmic scale both ways": Chart(
        "final loss",
        Axis(1e-3, 1, logarithmic=True),
        Axis(1e-6, 1, logarithmic=True),
        [ChartLine([(0.001, 0.9), (0.01, 1e-3), (0.1, 1e-6), (0.2, math.inf), (1, math.nan)], "phase.loss")],
        [
            UprightLine(0.2, "negative", "cliff"),
            UprightLine(0.21, "negative", "another"),
            UprightLine(7.0, "dim", "outside"),
        ],
    ),
    "a histogram": Chart(
        "how many",
        Bins([0.0, 0.01, 0.1, 1.0, 10.0]),
        Axis(0, 100),
        bars=[
            Bar(place, place + 1, count, "positive", f"{count}" if count else "")
            for place, count in enumerate((100, 1, 0, 53))
        ],
    ),
}
SIZES = [(40, 6), (60, 12), (90, 20)]


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("ascii", [False, True])
def test_as_drawn(width: int, height: int, ascii: bool) -> None:
    """Lines, rules, spots and bars, at several sizes."""
    parts = [
        f"{name}\n{chart_picture(chart, width, height, ascii).text()}\n" for name, chart in CASES.items()
    ]
    assert_golden(f"chart-{width}x{height}{'-ascii' if ascii else ''}.txt", "\n".join(parts))


_numbers = st.floats() | st.floats(-5, 5) | st.sampled_from((0.0, 1e300, -1e300, 5e-324))
_finite = st.floats(-1e308, 1e308)


@st.composite
def _charts(draw: st.DrawFn) -> Chart:
    low, high = sorted((draw(_finite), draw(_finite)))
    above, top = sorted((draw(st.floats(5e-324, 1e308)), draw(st.floats(5e-324, 1e308))))
    axes: tuple[Axis | Updates | Bins, ...] = (
        Axis(low, high),
        Axis(above, top, True),
        Updates(0, 25),
        Bins([low, *range(3), high]),
    )
    across = draw(st.sampled_from(axes))
    up = draw(st.sampled_from((Axis(low, high), Axis(above, top, True))))
    points = draw(st.lists(st.tuples(_numbers, _numbers), max_size=20))
    return Chart(
        "a heading; with a second part",
        across,
        up,
        [
            ChartLine(points, "phase.loss", "a", draw(st.sampled_from(("", "a 0.1")))),
            ChartLine(points[::-1], "dim"),
        ],
        [UprightLine(x, "dim", draw(st.sampled_from(("", "a label")))) for x, _ in points[:3]],
        [Bar(x, y, y, "positive", "7") for x, y in points if math.isfinite(x) and math.isfinite(y)],
        [ChartSign(x, y, "●", "strong") for x, y in points],
    )


@given(_charts(), st.integers(-2, 130), st.integers(-2, 40), st.booleans())
def test_anything_can_be_drawn_at_any_size(chart: Chart, width: int, height: int, ascii: bool) -> None:
    """The picture is as large as was asked for, and every role in it is known."""
    picture = chart_picture(chart, width, height, ascii)
    assert (picture.width, picture.height) == (max(width, 0), max(height, 0))
    assert not ascii or picture.text().isascii()
    for row in picture.rows:
        for run in row:
            theme_of("none").style(run.style)


def _drawn(name: str) -> Picture:
    return chart_picture(CASES[name], 60, 12)


def _column(picture: Picture, text: str) -> tuple[int, int]:
    """(row, column) of the first place where a text stands."""
    return next((y, row.index(text)) for y, row in enumerate(picture.text().splitlines()) if text in row)


def test_marks_of_both_axes_stand_at_their_values() -> None:
    """The spot at (1, 0.59) is above the mark 1 and between the marks 0 and 1."""
    picture = _drawn("a parabola, its tangent, a spot and the cursor")
    row, column = _column(picture, "●")
    axis = picture.text().splitlines()[-1]
    assert abs(axis.index(" 1 ") + 1 - column) <= 1
    assert _column(picture, "1 ┤")[0] < row < _column(picture, "0 ┤")[0]


def test_what_is_not_finite_stands_at_the_edge() -> None:
    """inf at the upper one; nan has no place."""
    picture = _drawn("a parabola, its tangent, a spot and the cursor")
    top = next(y for y, row in enumerate(picture.text().splitlines()) if "┤" in row or "│" in row)
    assert _column(picture, "✗")[0] == top
    assert (
        "●"
        not in chart_picture(
            Chart("", Axis(0, 1), Axis(0, 1), spots=[ChartSign(0.5, math.nan, "●", "")]), 40, 10
        ).text()
    )


def test_labels_of_rules_never_overlap_and_stay_by_the_rule() -> None:
    """One that has no room by its rule is moved to the right, and one outside has none."""
    text = _drawn("a cliff, on a logarithmic scale both ways").text()
    assert "cliff  another" in text
    assert "outside" not in text


def test_bars_are_as_high_as_their_numbers() -> None:
    """100 of 100 fills all rows, 53 about half of them, 1 is seen, 0 is not."""
    picture = chart_picture(CASES["a histogram"], 60, 23, ascii=False)
    rows = picture.text().splitlines()
    axis = next(y for y, row in enumerate(rows) if row.strip().startswith("╰"))
    heights = {}
    for place, edge in enumerate(("0.01", "0.1", "1", "10")):
        column = 5 + 55 * place // 4 + 6
        heights[edge] = sum(cell_of(picture, column, y).text in "█▁▂▃▄▅▆▇" for y in range(1, axis))
    full = axis - 1
    assert heights["0.01"] >= full - 1
    assert abs(heights["10"] - 0.53 * full) <= 1
    assert heights["0.1"] == 1
    assert heights["1"] == 0


def test_a_heading_leaves_out_what_has_no_room() -> None:
    """Its last parts, whole."""
    chart = Chart("one two; three four; five", Axis(0, 1), Axis(0, 1))
    for width, heading in (
        (60, "one two; three four; five"),
        (24, "one two; three four"),
        (20, "one two; three four"),
    ):
        assert chart_picture(chart, width, 10).text().splitlines()[0] == heading
