"""The chart of loss curves, at any size from a few rows on."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from tinynet_tui.drawing.chart import LEAST_HEIGHT, LEAST_WIDTH, chart_picture
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.teaching.charts import (
    LETTERS,
    Axis,
    Chart,
    ChartLine,
    Curve,
    Updates,
    UprightLine,
    curve_style,
    loss_range,
    thinned,
)

_WIDE_RANGE = 100.0
"""From two powers of ten on, a scale is logarithmic by itself."""


def curve_letter(index: int, curves: int) -> str:
    """What a curve is marked with, where there are several."""
    return LETTERS[index % len(LETTERS)] if curves > 1 else ""


def loss_chart(
    curves: Sequence[Curve],
    width: int,
    height: int,
    ascii: bool = False,
    logarithmic: bool | None = None,
    rules: Sequence[UprightLine] = (),
    heading: str = "loss after each update",
    now: str = "",
) -> Picture:
    """Curves over the updates, with round numbers on both axes, in exactly width × height cells.

    Several curves bear letters, a, b, c, …, and their labels at their ends, with an arrow where they have
    left the picture. A curve stops where its loss is not finite, and says so. Without `logarithmic`, the
    scale is logarithmic where the losses span more than two powers of ten and are all above 0; on one that is
    asked for, a loss of 0 is below the picture. Of one curve alone, the points are marked where they are few,
    and `now` stands at its end.
    """
    # Text signs show one point per cell; dots show two.
    thin = tuple(thinned(curve, width if ascii else 2 * width) for curve in curves)
    finite = [loss for curve in thin for loss in curve.losses if isfinite(loss)]
    if not finite or width < LEAST_WIDTH or height < LEAST_HEIGHT:
        canvas = Canvas(width, height, ascii)
        canvas.text(0, 0, _in_words(thin, finite), "dim")
        return canvas.picture()
    if logarithmic is None:
        logarithmic = min(finite) > 0 and max(finite) / _WIDE_RANGE > min(finite)
    firsts = [curve.losses[0] for curve in thin if curve.losses] if len(thin) > 1 else []
    ends = [update for curve in thin for update in (*curve.updates[:1], *curve.updates[-1:])]
    if logarithmic:
        first, mark, others = heading.partition(";")
        heading = f"{first}, logarithmic{mark}{others}"
    letters = [curve_letter(index, len(thin)) for index in range(len(thin))]
    labels = _labels(thin, letters, width // 3, now)
    chart = Chart(
        heading,
        Updates(min(ends), max(ends)),
        Axis(*loss_range(finite, firsts, logarithmic), logarithmic),
        [
            ChartLine(
                list(zip(curve.updates, curve.losses, strict=True)),
                curve_style(index),
                letters[index],
                labels[index],
                stops=bool(_stop(curve)),
                marks_points=len(thin) == 1,
            )
            for index, curve in enumerate(thin)
        ],
        rules,
    )
    return chart_picture(chart, width, height, ascii)


def _in_words(curves: Sequence[Curve], finite: Sequence[float]) -> str:
    """What stands in place of a chart that cannot be drawn."""
    if finite:
        return f"loss {finite[-1]:.4g}"
    beginnings = [curve.losses[0] for curve in curves if curve.losses]
    return f"The loss is {beginnings[0]} from the start." if beginnings else "No loss yet."


def _labels(curves: Sequence[Curve], letters: list[str], widest: int, now: str) -> list[str]:
    """What stands at the end of each curve; its letter alone where `widest` cells are too few for all.

    now: what stands at that of one curve alone.
    """
    if len(curves) == 1:
        full = [_stop(curves[0]) or now]
        return full if len(full[0]) <= widest else letters
    for named in (True, False):
        parts = ((x, c.label * named, _stop(c)) for x, c in zip(letters, curves, strict=True))
        full = [" ".join(filter(None, each)) for each in parts]
        if max(map(len, full)) <= widest:
            return full
    return letters


def _stop(curve: Curve) -> str:
    """Where a curve stops being finite, in words; empty where it does not."""
    if not curve.losses or isfinite(curve.losses[-1]):
        return ""
    return f"{curve.losses[-1]} at {curve.updates[-1]:,}"
