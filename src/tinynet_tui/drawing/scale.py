"""Scales of a chart: where a value lies on an axis and in a picture, and the round numbers there."""

from __future__ import annotations

from math import ceil, floor, inf, isfinite, log10

from msgspec import Struct

from tinynet_tui.teaching.charts import axis_number

_STEPS = (1.0, 2.0, 2.5, 5.0)
"""Round distances between the marks of an axis; times a power of ten."""
_ENDS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Round ends of an axis that has no room for marks between them."""
_DECADES = (1, 2, 3, 4, 5, 10, 20, 50, 100, 200, 500, 1000)
_WITHIN_A_DECADE = ((1, 2, 5), (1, 3))
"""Marks between powers of ten, where there is room: as many as can be, evenly to the eye."""

_NARROW = 0.2
"""A range that is a smaller part of its highest value is not shown from 0."""
_LEVEL = 1e-3
"""And one that is a smaller part than this is shown from 0 again, as the level line that it is."""
_SMALLEST = 1e-290
"""What is smaller is shown as 0 on a linear scale, and a range no wider than that a single value."""
_SLACK = 1e-9
"""Of a step: so far may a division be off; of an axis, a point be off its end."""
_TOO_FINE = 1e-12
"""Of the numbers in a range: in a narrower one floats are too far apart for round numbers between."""


class AxisScale(Struct, frozen=True):
    """An axis: its ends, and its marks."""

    low: float
    """Of a logarithmic scale the power of ten."""
    high: float
    """Above `low`."""
    marks: tuple[tuple[float, str], ...]
    """(how far along, from 0 at the low end to 1; what is written there)."""
    logarithmic: bool = False

    def along(self, value: float) -> float:
        """How far along the axis a value lies: 0 at the low end, 1 at the high end, less or more beyond."""
        if self.logarithmic:
            value = log10(value) if value > 0 else -inf
        # Halves first: the difference of two numbers near the largest float is none.
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)


class PlotArea(Struct, frozen=True):
    """Where in the picture the curves go, and by which scales."""

    x: int
    y: int
    width: int
    """Cells that the curves have, as `height`; the axes and labels stand around them."""
    height: int
    across: AxisScale
    up: AxisScale
    headed: bool
    """Whether there is a row for the heading."""
    ruled: bool
    """Whether there is a line under the curves."""

    def dot(self, x: float, y: float) -> tuple[int, int]:
        """The dot at which a point is drawn, 2 × 4 in a cell; one beyond the edge where it has no place."""
        last = self.height * 4 - 1
        down = min(max((1 - self.up.along(y)) * last, -1), last + 1)
        return self.x * 2 + round(self.across.along(x) * (self.width * 2 - 1)), self.y * 4 + round(down)

    def holds(self, x: float) -> bool:
        """Whether the level axis reaches as far as a value."""
        return -_SLACK <= self.across.along(x) <= 1 + _SLACK

    def within(self, dot: int) -> int:
        """A row of dots, brought back to the edge where it is beyond."""
        return min(max(dot, self.y * 4), self.bottom * 4 - 1)

    @property
    def bottom(self) -> int:
        """The row below the curves."""
        return self.y + self.height

    def row(self, along: float) -> int:
        """The row of a place on the upright axis."""
        return self.y + round((1 - along) * (self.height * 4 - 1)) // 4

    def column(self, along: float) -> int:
        """The column of a place on the level axis."""
        return self.x + round(along * (self.width * 2 - 1)) // 2


def linear_scale(low: float, high: float, most: int) -> AxisScale:
    """A scale between round numbers around a range, with at most `most` distances between its marks."""
    low, high = _shown_range(low, high)
    if most <= 1 and low < 0 < high:
        # No single distance between round numbers covers a range with 0 inside.
        end = _step(0.0, max(-low, high), 1)
        low, high = (-end, end) if isfinite(end) else (low, high)
        return AxisScale(low, high, ((0.0, axis_number(low)), (1.0, axis_number(high))))
    step = _step(low, high, max(most, 1))
    first, last = floor(low / step + _SLACK), ceil(high / step - _SLACK)
    if not isfinite(first * step) or not isfinite(last * step):
        return AxisScale(low, high, ((0.0, axis_number(low)), (1.0, axis_number(high))))
    marks = tuple(((i - first) / (last - first), axis_number(i * step)) for i in range(first, last + 1))
    return AxisScale(first * step, last * step, marks)


def _shown_range(low: float, high: float) -> tuple[float, float]:
    """The range that is shown: from 0, unless what happens would be too flat to see."""
    if max(abs(low), abs(high)) < _SMALLEST:
        return 0.0, 1.0
    if low >= 0 and not _LEVEL * high < high - low < _NARROW * high:
        return 0.0, high
    return low, max(high, 0.0) if low == high else high


def _step(low: float, high: float, most: int) -> float:
    """The smallest round distance that covers a range in at most `most` pieces."""
    power = floor(log10(high / most - low / most))
    steps = _ENDS if most == 1 else _STEPS
    while True:
        for factor in steps:
            step = factor * 10.0**power
            if ceil(high / step - _SLACK) - floor(low / step + _SLACK) <= most:
                return step
        power += 1


def inner_scale(low: float, high: float, most: int) -> AxisScale:
    """A scale from end to end of a range, with round numbers between: about `most` distances at most."""
    if high / 2 - low / 2 < _SMALLEST:
        low, high = (low - 1, high + 1) if abs(low) < 1 / _SLACK else (min(low, 0.0), max(low, 0.0))
    ends = ((0.0, axis_number(low)), (1.0, axis_number(high)))
    if high / 2 - low / 2 < _TOO_FINE * max(abs(low), abs(high)):
        return AxisScale(low, high, ends)
    step = _step(low, high, max(most, 1))
    scale = AxisScale(low, high, ())
    values = (
        number_of * step for number_of in range(ceil(low / step - _SLACK), floor(high / step + _SLACK) + 1)
    )
    marks = tuple((min(max(scale.along(value), 0.0), 1.0), axis_number(value)) for value in values)
    return AxisScale(low, high, marks or ends)


def logarithmic_scale(low: float, high: float, most: int) -> AxisScale:
    """A scale between powers of ten around a range above 0, with about `most` distances at most."""
    first, last = floor(log10(low) + _SLACK), ceil(log10(high) - _SLACK)
    last = max(last, first + 1)
    marks = tuple(
        ((power - first + log10(factor)) / (last - first), _round_power(factor, power))
        for power, factor in _marked(first, last, max(most, 1))
    )
    return AxisScale(first, last, marks, logarithmic=True)


def _marked(first: int, last: int, most: int) -> list[tuple[int, int]]:
    """(power of ten, factor) of each mark between two powers of ten."""
    for factors in _WITHIN_A_DECADE:
        if len(factors) * (last - first) <= most:
            return [*((power, factor) for power in range(first, last) for factor in factors), (last, 1)]
    if last - first > most <= 2:
        return [(first, 1), (last, 1)]
    for apart in _DECADES:
        powers = [power for power in range(first, last + 1) if power % apart == 0]
        if len(powers) <= most + 1:
            break
    return [(power, 1) for power in powers]


def update_scale(first: int, last: int, width: int) -> AxisScale:
    """A scale of whole numbers, from the first to the last, written in `width` cells."""
    if first == last:
        return AxisScale(first, first + 1, ((0.0, f"{first:,}"),))
    room = max(1, width // (len(f"{last:,}") + 3))
    power = 0
    while True:
        for factor in (1, 2, 5):
            step = factor * 10**power
            values = range(-(-first // step) * step, last + 1, step)
            if len(values) <= room + 1:
                return AxisScale(first, last, tuple(((v - first) / (last - first), f"{v:,}") for v in values))
        power += 1


def _round_power(factor: int, power: int) -> str:
    return axis_number(factor * 10.0**power) if -4 < power < 5 else f"{factor}e{power:+}"
