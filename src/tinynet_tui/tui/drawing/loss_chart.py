"""The chart of loss curves, at any size from a few rows on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite
from string import ascii_letters

from tinynet_tui.handouts.loss_curve import Curve, thinned
from tinynet_tui.tui.drawing.scale import Scale, linear_scale, logarithmic_scale, update_scale
from tinynet_tui.tui.picture import Canvas, Picture

LETTERS = ascii_letters
"""What curves are marked with, in their order, where there are several."""

_STYLES = ("phase.loss", "positive", "negative", "phase.forward", "phase.update", "phase.check")
"""The role of each curve in turn. They are told apart by their letters; colour only helps."""

_WIDE_RANGE = 100.0
"""From two powers of ten on, a scale is logarithmic by itself."""

_HIGHEST, _LOWEST = 1e4, 1e-8
"""Of the first loss: several curves on a logarithmic scale are not followed beyond, so that all are seen."""

_HEADED = 7
"""Rows from which there is a heading."""
_RULED = 5
"""Rows from which there is a line under the curves."""
_LEAST_WIDTH, _LEAST_HEIGHT = 20, 2
"""Cells without which no chart is drawn."""


def loss_chart(
    curves: Sequence[Curve], width: int, height: int, ascii: bool = False, logarithmic: bool | None = None
) -> Picture:
    """Curves over the updates, with round numbers on both axes, in exactly width × height cells.

    Several curves bear letters, a, b, c, …, and their labels at their ends, with an arrow where they have
    left the picture. A curve stops where its loss is not finite, and says so. Without `logarithmic`, the
    scale is logarithmic where the losses span more than two powers of ten and are all above 0; on one that is
    asked for, a loss of 0 is below the picture.
    """
    canvas = Canvas(width, height, ascii)
    # Text signs show one point per cell; dots show two.
    thin = tuple(thinned(curve, width if ascii else 2 * width) for curve in curves)
    finite = [loss for curve in thin for loss in curve.losses if isfinite(loss)]
    if not finite or width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        canvas.text(0, 0, _in_words(thin, finite), "dim")
        return canvas.picture()
    if logarithmic is None:
        logarithmic = min(finite) > 0 and max(finite) / _WIDE_RANGE > min(finite)
    labels = _labels(thin, width // 3)
    # Two cells more for an arrow, where there may be one.
    frame = _frame(thin, width, height, logarithmic, max(map(len, labels)) + 2 * (len(thin) > 1))
    lines = [_line(curve, index, frame) for index, curve in enumerate(thin)]
    _draw_axes(canvas, frame)
    for line in lines:
        line.draw(canvas)
    if len(lines) > 1:
        _draw_letters(canvas, frame, lines)
    _draw_labels(canvas, frame, lines, labels)
    return canvas.picture()


def _in_words(curves: Sequence[Curve], finite: Sequence[float]) -> str:
    """What stands in place of a chart that cannot be drawn."""
    if finite:
        return f"loss {finite[-1]:.4g}"
    beginnings = [curve.losses[0] for curve in curves if curve.losses]
    return f"The loss is {beginnings[0]} from the start." if beginnings else "No loss yet."


def _labels(curves: Sequence[Curve], widest: int) -> list[str]:
    """What stands at the end of each curve; its letter alone where not all have room in so many cells."""
    letters = [LETTERS[index % len(LETTERS)] if len(curves) > 1 else "" for index in range(len(curves))]
    for full in (
        [" ".join(filter(None, (x, c.label, _stop(c)))) for x, c in zip(letters, curves, strict=True)],
        [" ".join(filter(None, (x, _stop(c)))) for x, c in zip(letters, curves, strict=True)],
    ):
        labels = full if len(curves) > 1 else [_stop(curves[0])]
        if max(map(len, labels)) <= widest:
            return labels
    return letters


def _stop(curve: Curve) -> str:
    """Where a curve stops being finite, in words; empty where it does not."""
    if not curve.losses or isfinite(curve.losses[-1]):
        return ""
    return f"{curve.losses[-1]} at {curve.updates[-1]:,}"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where in the picture the curves go, and by which scales."""

    x: int
    y: int
    width: int
    """Cells that the curves have, as `height`; the axes and labels stand around them."""
    height: int
    losses: Scale
    updates: Scale
    heading: str
    """Empty where there is no row for it."""
    ruled: bool
    """Whether there is a line under the curves."""

    def dot(self, update: int, loss: float) -> tuple[int, int]:
        """The dot at which a loss is drawn, of 2 × 4 in a cell; one beyond the edge where it has no place."""
        last = self.height * 4 - 1
        down = min(max((1 - self.losses.along(loss)) * last, -1), last + 1)
        return self.x * 2 + round(self.updates.along(update) * (self.width * 2 - 1)), self.y * 4 + round(down)

    def within(self, dot: int) -> int:
        """A row of dots, brought back to the edge where it is beyond."""
        return min(max(dot, self.y * 4), (self.y + self.height) * 4 - 1)

    def row(self, along: float) -> int:
        """The row of a place on the axis of losses."""
        return self.y + round((1 - along) * (self.height * 4 - 1)) // 4

    def column(self, along: float) -> int:
        """The column of a place on the axis of updates."""
        return self.x + round(along * (self.width * 2 - 1)) // 2


def _frame(curves: Sequence[Curve], width: int, height: int, logarithmic: bool, label: int) -> _Frame:
    """The frame for curves whose longest label has so many cells."""
    updates = [update for curve in curves for update in curve.updates]
    headed, ruled = height >= _HEADED, height >= _RULED
    rows = height - headed - ruled - 1
    most = max(1, (rows - 1) // 2) if rows < 12 else (rows - 1) // 3
    low, high = _range(curves, logarithmic)
    losses = (logarithmic_scale if logarithmic else linear_scale)(low, high, most)
    gutter = max(len(text) for _, text in losses.marks) + 2
    columns = width - gutter - (label + 1 if label else 0)
    return _Frame(
        gutter,
        int(headed),
        columns,
        rows,
        losses,
        update_scale(min(updates), max(updates), columns),
        "loss after each update" + (", logarithmic" if logarithmic else "") if headed else "",
        ruled,
    )


def _range(curves: Sequence[Curve], logarithmic: bool) -> tuple[float, float]:
    """The lowest and the highest loss that has a place in the picture."""
    losses = [loss for curve in curves for loss in curve.losses if isfinite(loss)]
    if not logarithmic:
        return min(losses), max(losses)
    losses = [loss for loss in losses if loss > 0] or [1.0]
    low, high = min(losses), max(losses)
    firsts = [curve.losses[0] for curve in curves if curve.losses and 0 < curve.losses[0] < inf]
    if len(curves) == 1 or not firsts:
        return low, high
    return max(low, _LOWEST * max(firsts)), min(high, _HIGHEST * max(firsts))


def _draw_axes(canvas: Canvas, frame: _Frame) -> None:
    bottom = frame.y + frame.height
    canvas.text(0, 0, frame.heading, "dim")
    for row in range(frame.y, bottom):
        canvas.text(frame.x - 1, row, "│", "dim")
    for along, text in frame.losses.marks:
        row = frame.row(along)
        canvas.text(frame.x - 2 - len(text), row, text, "dim")
        canvas.text(frame.x - 1, row, "┤", "dim")
    if frame.ruled:
        canvas.text(frame.x - 1, bottom, "╰" + "─" * frame.width, "dim")
    free = 0
    for along, text in frame.updates.marks:
        column = frame.column(along)
        start = min(max(column - len(text) // 2, 0), canvas.width - len(text))
        if start >= free:
            free = canvas.text(start, bottom + frame.ruled, text, "dim") + 1
            if frame.ruled:
                canvas.text(column, bottom, "┬", "dim")


@dataclass(frozen=True, slots=True)
class _Line:
    """A curve as the dots that it passes through."""

    dots: tuple[tuple[int, int], ...]
    """From left to right; empty where the first loss is not finite. Rows may be one beyond the edge."""
    frame: _Frame
    style: str
    stops: bool
    """Whether it ends because its loss is no longer finite."""

    def draw(self, canvas: Canvas) -> None:
        """Draw it, and mark the end of one that stops."""
        for (x0, y0), (x1, y1) in self._visible():
            canvas.dot_line(x0, self.frame.within(y0), x1, self.frame.within(y1), self.style)
        if self.dots and (self.stops or len(self.dots) == 1):
            canvas.text(self.dots[-1][0] // 2, self.end // 4, "✗" if self.stops else "●", self.style)

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


def _line(curve: Curve, index: int, frame: _Frame) -> _Line:
    points = zip(curve.updates, curve.losses, strict=True)
    dots = [frame.dot(update, loss) for update, loss in points if isfinite(loss)]
    distinct = [dot for place, dot in enumerate(dots) if place == 0 or dot != dots[place - 1]]
    return _Line(tuple(distinct), frame, _STYLES[index % len(_STYLES)], bool(_stop(curve)))


def _draw_letters(canvas: Canvas, frame: _Frame, lines: Sequence[_Line]) -> None:
    """Write each curve's letter on it here and there, each in columns of its own."""
    apart = max(2, frame.width // (3 * len(lines)))
    for place, column in enumerate(range(frame.x + apart // 2, frame.x + frame.width, apart)):
        index = place % len(lines)
        row = lines[index].row_at(column)
        if row is not None:
            canvas.text(column, row, LETTERS[index % len(LETTERS)], lines[index].style)


def _draw_labels(canvas: Canvas, frame: _Frame, lines: Sequence[_Line], labels: Sequence[str]) -> None:
    """Write each curve's label beside its end, or as near as there is a free row."""
    x = frame.x + frame.width + 1
    for index, row in _rows_beside(frame, lines):
        arrow = lines[index].leaves if len(lines) > 1 else ""
        canvas.text(x, row, f"{labels[index]} {arrow}".rstrip(), lines[index].style)


def _rows_beside(frame: _Frame, lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """(curve, row of its label), from the top; curves that find no row have none."""
    top, below = frame.y, frame.y + frame.height
    ends = sorted((line.end, index) for index, line in enumerate(lines))
    shown = ends[: frame.height]
    for place, (dot, index) in enumerate(shown):
        row = min(max(dot // 4, top), below - (len(shown) - place))
        yield index, row
        top = row + 1
