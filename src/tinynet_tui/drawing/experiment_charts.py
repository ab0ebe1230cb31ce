"""The charts of an experiment, of every kind, in the room that they have."""

from __future__ import annotations

from collections.abc import Sequence

from tinynet_tui.drawing.chart import chart_picture
from tinynet_tui.drawing.look import Look, sign_role
from tinynet_tui.drawing.loss_chart import loss_chart
from tinynet_tui.drawing.picture import Picture, wrap
from tinynet_tui.experiments.experiment_rows import Words
from tinynet_tui.teaching.charts import (
    AnyChart,
    BarChart,
    BarColumn,
    Chart,
    LossChart,
    UprightLine,
    bar_text,
    longest_size,
)
from tinynet_tui.teaching.numbers import cell

LEAST_CHART = 8
"""Rows that a chart has, whatever there is to say below it."""

_BESIDE, _AXIS = 30, 8
"""Cells without which no chart stands beside the losses, and those of its numbers."""
_BETWEEN = 2
"""Cells between two charts side by side."""
_NAME, _NUMBER = 6, 8
"""Cells of a name and its mark, and of a number."""


def charts_picture(charts: Sequence[AnyChart | str], width: int, height: int, look: Look) -> Picture:
    """The charts in exactly width × height cells: one alone, or two axes side by side."""
    match charts:
        case [LossChart() as losses, Chart() as beside]:
            return _with_beside(losses, beside, width, height, look)
    if len(charts) > 1:
        canvas, apart = look.canvas(width, height), (width + _BETWEEN) // len(charts)
        for place, chart in enumerate(charts):
            canvas.blit(charts_picture([chart], apart - _BETWEEN, height, look), place * apart, 0)
        return canvas.picture()
    match charts[0]:
        case Chart() as chart:
            return chart_picture(chart, width, height, look.ascii)
        case LossChart(curves, logarithmic, heading, cursor):
            rules = [] if cursor is None else [UprightLine(cursor, "dim")]
            return loss_chart(curves, width, height, look.ascii, logarithmic, rules, heading=heading)
        case BarChart() as bars:
            return _bars_picture(bars, width, height, look)
        case str() as words:
            return words_picture([words], width, height, look)


def _with_beside(losses: LossChart, beside: Chart, width: int, height: int, look: Look) -> Picture:
    """Loss curves, and where both have room, another chart beside them."""
    room = min(max(2 * height + _AXIS, _BESIDE), width * 2 // 5)
    if room < _BESIDE:
        return charts_picture([losses], width, height, look)
    canvas = look.canvas(width, height)
    canvas.blit(charts_picture([losses], width - room - 1, height, look), 0, 0)
    canvas.blit(chart_picture(beside, room, height, look.ascii), width - room, 0)
    return canvas.picture()


def _bars_picture(chart: BarChart, width: int, height: int, look: Look) -> Picture:
    """The columns of bars from left to right."""
    canvas = look.canvas(width, height)
    apart = width // len(chart.columns)
    for place, column in enumerate(chart.columns):
        is_last = place == len(chart.columns) - 1
        room = width - place * apart - 1 if is_last else apart - 2
        canvas.blit(_column_picture(column, chart, room, height, look), place * apart + 1, 0)
    return canvas.picture()


def _column_picture(column: BarColumn, chart: BarChart, width: int, height: int, look: Look) -> Picture:
    """Bars in order, as many as have room, the chosen one among them."""
    canvas, rows, values = look.canvas(width, height), height - 1, column.values
    canvas.text(0, 0, look.say(column.title), "dim")
    in_view = min(rows - (len(values) > rows), len(values))
    place = [name for name, _ in values].index(chart.chosen)
    top = max(0, min(place - in_view // 2, len(values) - in_view))
    longest = longest_size(value for _, value in values)
    for y, (name, value) in enumerate(values[top : top + in_view], start=1):
        style, x = "strong" if name == chart.chosen else "", _NAME + _NUMBER + 1
        canvas.text(0, y, "▸" if style else "", style)
        canvas.text(1, y, look.symbol(name), style)
        canvas.text(_NAME, y, look.say(cell(value, _NUMBER, 4)), style or sign_role(value))
        canvas.text(x, y, bar_text(abs(value) / longest, width - x), sign_role(value))
        canvas.mark(f"choice:{chart.choices.index(name)}", 0, y, width)
    if in_view < len(values):
        canvas.text(1, rows, look.say(f"{top + 1} to {top + in_view} of {len(values)}"), "dim")
    return canvas.picture()


def words_picture(paragraphs: Sequence[Words | str], width: int, most: int, look: Look) -> Picture:
    """The paragraphs in order, each whole; the last ones are left out where there are too few rows."""
    lines: list[tuple[str, str]] = []
    for words in paragraphs:
        text, style = (words, "") if isinstance(words, str) else (words.text, words.style)
        wrapped = wrap(look.say(text), width - 2)
        if len(lines) + len(wrapped) <= most:
            lines += [(line, style) for line in wrapped]
    canvas = look.canvas(width, len(lines))
    for row, (line, style) in enumerate(lines):
        canvas.text(1, row, line, style)
    return canvas.picture()


def stacked(upper: Picture, lower: Picture, height: int, look: Look) -> Picture:
    """One picture above another, the lower one at the bottom."""
    canvas = look.canvas(upper.width, height)
    canvas.blit(upper, 0, 0)
    canvas.blit(lower, 0, height - lower.height)
    return canvas.picture()
