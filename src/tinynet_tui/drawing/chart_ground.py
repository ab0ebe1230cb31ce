"""The ground of a chart: a function of both axes in shades, or by its level lines."""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache
from itertools import pairwise
from math import isfinite

from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.drawing.scale import AxisScale, PlotArea
from tinynet_tui.teaching.charts import SHADES, Ground

_IN_ASCII = " .:*#"
_PARTS = 9
"""Of the plane, between level lines."""

Values = tuple[tuple[float, ...], ...]
"""Rows, from the top."""


def draw_ground(canvas: Canvas, ground: Ground, frame: PlotArea) -> None:
    """Draw a function of both axes in the frame of a chart."""
    if ground.middle is None:
        _draw_levels(canvas, ground, frame)
    else:
        _draw_shades(canvas, ground, ground.middle, frame)


@lru_cache(maxsize=8)
def _values(ground: Ground, frame: PlotArea, columns: int, rows: int) -> Values:
    """The function at the middle of each of columns × rows parts."""
    xs = [_at(frame.across, (column + 0.5) / columns) for column in range(columns)]
    ys = [_at(frame.up, 1 - (row + 0.5) / rows) for row in range(rows)]
    value = ground.value
    return tuple(tuple([value(x, y) for x in xs]) for y in ys)


def _at(scale: AxisScale, along: float) -> float:
    """The value at a place on a linear axis."""
    return scale.low + (scale.high - scale.low) * along


def _draw_shades(canvas: Canvas, ground: Ground, middle: float, frame: PlotArea) -> None:
    values = _values(ground, frame, frame.width, frame.height)
    finite = [value for row in values for value in row if isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    signs = _IN_ASCII if canvas.ascii else SHADES
    for y, row in enumerate(values, start=frame.y):
        for x, value in enumerate(row, start=frame.x):
            if not isfinite(value):
                canvas.text(x, y, "?", "dim")
                continue
            # Where all is the same, half way.
            share = (value - low) / (high - low) if high > low else 0.5
            sign = signs[min(int(share * len(signs)), len(signs) - 1)]
            canvas.text(x, y, sign, "edge.positive" if value >= middle else "edge.negative")


def _draw_levels(canvas: Canvas, ground: Ground, frame: PlotArea) -> None:
    """Dots along the level lines; in ASCII the parts between them in shades."""
    if canvas.ascii:
        bands = _bands(ground, frame, frame.width, frame.height, len(_IN_ASCII))
        for y, row in enumerate(bands, start=frame.y):
            canvas.text(frame.x, y, "".join("?" if band < 0 else _IN_ASCII[band] for band in row), "dim")
        return
    for x, y in _on_lines(ground, frame):
        dot = frame.x * 2 + x, frame.y * 4 + y
        canvas.dot_line(*dot, *dot, "dim")


@lru_cache(maxsize=8)
def _on_lines(ground: Ground, frame: PlotArea) -> list[tuple[int, int]]:
    """The dots at which the function crosses a level to the right or below."""
    bands = _bands(ground, frame, frame.width * 2, frame.height * 4, _PARTS)
    return [
        (x, y)
        for y, (row, below) in enumerate(pairwise(bands))
        for x, (band, beside) in enumerate(pairwise(row))
        if band != beside or band != below[x]
    ]


def _bands(ground: Ground, frame: PlotArea, columns: int, rows: int, parts: int) -> list[list[int]]:
    """Between which levels the function is, from 0, in rows from the top; −1 where it is not finite.

    The levels cut the plane in parts of the same size.
    """
    values = _values(ground, frame, columns, rows)
    finite = sorted(value for row in values for value in row if isfinite(value))
    levels = [finite[len(finite) * part // parts] for part in range(1, parts)] if finite else []
    return [[bisect(levels, value) if isfinite(value) else -1 for value in row] for row in values]
