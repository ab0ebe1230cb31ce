"""The chart: round numbers on both axes, and between them lines, bars, spots and upright rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite

from msgspec import Struct

from tinynet_tui.drawing.chart_ground import draw_ground
from tinynet_tui.drawing.picture import Canvas, Picture, to_ascii
from tinynet_tui.drawing.scale import (
    AxisScale,
    PlotArea,
    inner_scale,
    linear_scale,
    logarithmic_scale,
    update_scale,
)
from tinynet_tui.teaching.charts import (
    Axis,
    Bar,
    Bins,
    Chart,
    ChartLine,
    ChartSign,
    Updates,
    UprightLine,
    axis_number,
)

LEAST_WIDTH, LEAST_HEIGHT = 20, 2
"""Cells without which no chart is drawn."""

_HEADED = 6
"""Rows from which there is a heading."""
_NAMED = 8
"""Rows from which upright rules have their labels."""
_APART = 4
"""Cells from point to point, on the average, from which points can be marked."""
_RULED = 5
"""Rows from which there is a line under the curves."""
_EIGHTHS = " ▁▂▃▄▅▆▇"


def _up(axis: Axis, rows: int) -> AxisScale:
    """The scale of an upright axis: between round numbers around its range."""
    most = max(1, (rows - 1) // 2) if rows < 12 else (rows - 1) // 3
    return (logarithmic_scale if axis.logarithmic else linear_scale)(axis.low, axis.high, most)


def _across(axis: Axis | Updates | Bins, columns: int) -> AxisScale:
    """The scale of a level axis: from end to end of its range, with round numbers between."""
    match axis:
        case Updates(first, last):
            return update_scale(first, last, columns)
        case Bins(edges):
            last = len(edges) - 1
            return AxisScale(
                0, last, tuple((place / last, axis_number(edge)) for place, edge in enumerate(edges))
            )
        case Axis(low, high, logarithmic):
            scale = logarithmic_scale if logarithmic else inner_scale
            return scale(low, high, max(1, columns // 9))


def chart_picture(chart: Chart, width: int, height: int, ascii: bool = False) -> Picture:
    """A chart in exactly width × height cells; without room for one, nothing."""
    canvas = Canvas(width, height, ascii)
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return canvas.picture()
    frame = _frame(chart, width, height)
    curves = [_curve(line, frame) for line in chart.lines]
    _draw_axes(canvas, frame, chart.heading)
    if chart.ground is not None:
        draw_ground(canvas, chart.ground, frame)
    _draw_rules(canvas, frame, chart.rules)
    for bar in chart.bars:
        _draw_bar(canvas, frame, bar)
    for curve in curves:
        curve.draw(canvas)
    _draw_letters(canvas, frame, [curve for curve in curves if curve.line.letter])
    _draw_labels(canvas, frame, [curve for curve in curves if curve.line.label])
    for spot in chart.spots:
        _draw_spot(canvas, frame, spot)
    return canvas.picture()


def _frame(chart: Chart, width: int, height: int) -> PlotArea:
    headed, ruled = height >= _HEADED, height >= _RULED
    named = height >= _NAMED and any(rule.label for rule in chart.rules)
    rows = height - headed - named - ruled - 1
    up = _up(chart.y, rows)
    gutter = max(len(text) for _, text in up.marks) + 2
    labels = [len(line.label) for line in chart.lines if line.label]
    # Two cells more for an arrow, where there may be one.
    beside = max(labels) + 1 + 2 * (len(chart.lines) > 1) if labels else 0
    columns = width - gutter - beside
    return PlotArea(gutter, headed + named, columns, rows, _across(chart.x, columns), up, headed, ruled)


def _draw_axes(canvas: Canvas, frame: PlotArea, heading: str) -> None:
    if frame.headed:
        canvas.text(0, 0, _fitting(heading, canvas), "dim")
    for row in range(frame.y, frame.bottom):
        canvas.text(frame.x - 1, row, "│", "dim")
    for along, text in frame.up.marks:
        row = frame.row(along)
        canvas.text(frame.x - 2 - len(text), row, text, "dim")
        canvas.text(frame.x - 1, row, "┤", "dim")
    if frame.ruled:
        canvas.text(frame.x - 1, frame.bottom, "╰" + "─" * frame.width, "dim")
    free = 0
    for along, text in frame.across.marks:
        column = frame.column(along)
        start = min(max(column - len(text) // 2, 0), canvas.width - len(text))
        if start >= free:
            free = canvas.text(start, frame.bottom + frame.ruled, text, "dim") + 1
            if frame.ruled:
                canvas.text(column, frame.bottom, "┬", "dim")


def _fitting(heading: str, canvas: Canvas) -> str:
    """As many parts of a heading as fit."""
    text = to_ascii(heading) if canvas.ascii else heading
    while len(text) > canvas.width and ";" in text:
        text = text.rpartition(";")[0]
    return text


def _draw_rules(canvas: Canvas, frame: PlotArea, rules: Sequence[UprightLine]) -> None:
    """Draw the rules, and their labels in the row above the curves, as many as have room there."""
    free = 0
    for rule in sorted(rules, key=lambda rule: rule.x):
        if not frame.holds(rule.x):
            continue
        dot, _ = frame.dot(rule.x, 0.0)
        canvas.dot_line(dot, frame.y * 4, dot, frame.bottom * 4 - 1, rule.style, weight=0)
        start = min(max(dot // 2 - len(rule.label) // 2, free, frame.x), canvas.width - len(rule.label))
        if rule.label and start >= free and frame.y > frame.headed:
            free = canvas.text(start, frame.y - 1, rule.label, rule.style) + 2


def _draw_bar(canvas: Canvas, frame: PlotArea, bar: Bar) -> None:
    """Draw a bar, to an eighth of a row; where two cells have room, with a gap to the next one."""
    ends = (min(max(frame.across.along(end), 0.0), 1.0) for end in (bar.left, bar.right))
    left, right = map(frame.column, ends)
    width = max(right - left - (right - left > 2), 1)
    eighths = round(min(max(frame.up.along(bar.top), 0), 1) * frame.height * 8)
    if bar.top > frame.up.low:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    canvas.fill(left, frame.bottom - whole, width, whole, "█", bar.style)
    if rest:
        canvas.fill(left, frame.bottom - whole - 1, width, 1, _EIGHTHS[rest], bar.style)
    top = frame.bottom - whole - bool(rest) - 1
    canvas.text(left + max(width - len(bar.label), 0) // 2, max(top, frame.y), bar.label, bar.style)


def _draw_spot(canvas: Canvas, frame: PlotArea, spot: ChartSign) -> None:
    if spot.y == spot.y and frame.holds(spot.x):
        across, down = frame.dot(spot.x, spot.y)
        canvas.text(across // 2, frame.within(down) // 4, spot.sign, spot.style)


class _Curve(Struct, frozen=True):
    """A line as the dots that it passes through."""

    line: ChartLine
    dots: tuple[tuple[int, int], ...]
    """From left to right; empty where no point has a place. Rows may be one beyond the edge."""
    frame: PlotArea

    def draw(self, canvas: Canvas) -> None:
        """Draw it, and mark the end of one that stops."""
        for (x0, y0), (x1, y1) in self._visible():
            canvas.dot_line(x0, self.frame.within(y0), x1, self.frame.within(y1), self.line.style)
        if self.line.marks_points and len(self.dots) * _APART <= self.frame.width:
            for x, y in self.dots:
                canvas.text(x // 2, self.frame.within(y) // 4, "●", self.line.style)
        if self.dots and (self.line.stops or len(self.dots) == 1):
            sign = "✗" if self.line.stops else "●"
            canvas.text(self.dots[-1][0] // 2, self.end // 4, sign, self.line.style)

    def _visible(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Its pieces, without those beyond the edges."""
        return (
            (one, other)
            for one, other in pairwise(self.dots)
            if one[1] == self.frame.within(one[1]) or other[1] == self.frame.within(other[1])
        )

    @property
    def end(self) -> int:
        """The row of dots in which it ends, that of the nearest edge where that is beyond."""
        return self.frame.within(self.dots[-1][1] if self.dots else 0)

    @property
    def leaves(self) -> str:
        """An arrow to where it ends, if that is beyond an edge."""
        beyond = self.dots[-1][1] - self.end if self.dots else 0
        return "↓" if beyond > 0 else "↑" if beyond < 0 else ""

    def row_at(self, column: int) -> int | None:
        """The row in which it passes through the middle of a column, if it does."""
        middle = column * 2 + 1
        for (x0, y0), (x1, y1) in self._visible():
            if x0 <= middle <= x1:
                part = (middle - x0) / (x1 - x0) if x1 > x0 else 0
                return self.frame.within(round(y0 + part * (y1 - y0))) // 4
        return None


def _curve(line: ChartLine, frame: PlotArea) -> _Curve:
    dots = [frame.dot(x, y) for x, y in line.points if isfinite(x) and isfinite(y) and frame.holds(x)]
    distinct = [dot for place, dot in enumerate(dots) if place == 0 or dot != dots[place - 1]]
    return _Curve(line, tuple(distinct), frame)


def _draw_letters(canvas: Canvas, frame: PlotArea, curves: Sequence[_Curve]) -> None:
    """Write each curve's letter on it here and there, each in columns of its own."""
    apart = max(2, frame.width // (3 * max(len(curves), 1)))
    for place, column in enumerate(range(frame.x + apart // 2, frame.x + frame.width, apart)):
        curve = curves[place % len(curves)] if curves else None
        row = curve.row_at(column) if curve else None
        if curve and row is not None:
            canvas.text(column, row, curve.line.letter, curve.line.style)


def _draw_labels(canvas: Canvas, frame: PlotArea, curves: Sequence[_Curve]) -> None:
    """Write each curve's label beside its end, or as near as there is a free row."""
    x = frame.x + frame.width + 1
    for index, row in _rows_beside(frame, curves):
        line = curves[index].line
        arrow = curves[index].leaves if len(curves) > 1 else ""
        canvas.text(x, row, f"{line.label} {arrow}".rstrip(), line.style)


def _rows_beside(frame: PlotArea, curves: Sequence[_Curve]) -> Iterator[tuple[int, int]]:
    """(curve, row of its label), from the top; curves that find no row have none."""
    top = frame.y
    ends = sorted((curve.end, index) for index, curve in enumerate(curves))
    shown = ends[: frame.height]
    for place, (dot, index) in enumerate(shown):
        row = min(max(dot // 4, top), frame.bottom - (len(shown) - place))
        yield index, row
        top = row + 1
