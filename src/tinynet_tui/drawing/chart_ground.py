"""The ground of a chart: a function of both axes in shades, or by its level lines."""

from __future__ import annotations

from bisect import bisect
from functools import lru_cache
from itertools import pairwise
from math import isfinite

from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.drawing.scale import AxisScale
from tinynet_tui.teaching.charts import SHADES, Ground

_IN_ASCII = " .:*#"
_PARTS = 9
"""Of the plane, between level lines."""

Cells = tuple[int, int, int, int]
"""The left column, the upper row, the width and the height of a part of a canvas."""
Values = tuple[tuple[float, ...], ...]
"""Rows, from the top."""


def draw_ground(canvas: Canvas, ground: Ground, cells: Cells, across: AxisScale, up: AxisScale) -> None:
    """Draw a function of both axes in a part of a canvas."""
    if ground.middle is None:
        _draw_levels(canvas, ground, cells, across, up)
    else:
        _draw_shades(canvas, ground, ground.middle, cells, across, up)


@lru_cache(maxsize=8)
def _values(ground: Ground, across: AxisScale, up: AxisScale, columns: int, rows: int) -> Values:
    """The function at the middle of each of columns × rows parts."""
    xs = [_at(across, (column + 0.5) / columns) for column in range(columns)]
    ys = [_at(up, 1 - (row + 0.5) / rows) for row in range(rows)]
    value = ground.value
    return tuple(tuple([value(x, y) for x in xs]) for y in ys)


def _at(scale: AxisScale, along: float) -> float:
    """The value at a place on a linear axis."""
    return scale.low + (scale.high - scale.low) * along


def _draw_shades(
    canvas: Canvas, ground: Ground, middle: float, cells: Cells, across: AxisScale, up: AxisScale
) -> None:
    left, top, width, height = cells
    values = _values(ground, across, up, width, height)
    finite = [value for row in values for value in row if isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=0.0)
    signs = _IN_ASCII if canvas.ascii else SHADES
    for y, row in enumerate(values, start=top):
        for x, value in enumerate(row, start=left):
            if not isfinite(value):
                canvas.text(x, y, "?", "dim")
                continue
            # Where all is the same, half way.
            share = (value - low) / (high - low) if high > low else 0.5
            sign = signs[min(int(share * len(signs)), len(signs) - 1)]
            canvas.text(x, y, sign, "edge.positive" if value >= middle else "edge.negative")


def _draw_levels(canvas: Canvas, ground: Ground, cells: Cells, across: AxisScale, up: AxisScale) -> None:
    """Dots along the level lines; in ASCII the parts between them in shades."""
    left, top, width, height = cells
    if canvas.ascii:
        for y, row in enumerate(_bands(ground, across, up, width, height, len(_IN_ASCII)), start=top):
            canvas.text(left, y, "".join("?" if band < 0 else _IN_ASCII[band] for band in row), "dim")
        return
    for x, y in _on_lines(ground, across, up, width, height):
        dot = left * 2 + x, top * 4 + y
        canvas.dot_line(*dot, *dot, "dim")


@lru_cache(maxsize=8)
def _on_lines(
    ground: Ground, across: AxisScale, up: AxisScale, width: int, height: int
) -> list[tuple[int, int]]:
    """The dots at which the function crosses a level to the right or below."""
    bands = _bands(ground, across, up, width * 2, height * 4, _PARTS)
    return [
        (x, y)
        for y, (row, below) in enumerate(pairwise(bands))
        for x, (band, beside) in enumerate(pairwise(row))
        if band != beside or band != below[x]
    ]


def _bands(
    ground: Ground, across: AxisScale, up: AxisScale, columns: int, rows: int, parts: int
) -> list[list[int]]:
    """Between which levels the function is, from 0, in rows from the top; −1 where it is not finite.

    The levels cut the plane in parts of the same size.
    """
    values = _values(ground, across, up, columns, rows)
    finite = sorted(value for row in values for value in row if isfinite(value))
    levels = [finite[len(finite) * part // parts] for part in range(1, parts)] if finite else []
    return [[bisect(levels, value) if isfinite(value) else -1 for value in row] for row in values]
