"""Charts as data: curves, axes and marks, without the size that they are drawn in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite
from string import ascii_letters

from msgspec import Struct

LETTERS = ascii_letters
"""What curves are marked with, in their order, where there are several."""

SHADES = " ░▒▓█"
"""From low to high."""

_STYLES = ("phase.loss", "edge.positive", "edge.negative", "phase.forward", "phase.update", "phase.check")
"""The role of each curve in turn. They are told apart by their letters; colour only helps."""

_HIGHEST, _LOWEST = 1e4, 1e-8
"""Of the first loss: several curves on a logarithmic scale are not followed beyond, so that all are seen."""
_HIGHEST_LINEAR = 20.0
"""And on a linear one not beyond this."""


class Curve(Struct, frozen=True):
    """The losses of a run, and what the run is called."""

    label: str
    """A few characters, such as its learning rate; may be empty where there is one curve."""
    updates: Sequence[int]
    """Ascending; update 0 is before training."""
    losses: Sequence[float]
    """One for each of these updates."""


class ChartLine(Struct, frozen=True):
    """A curve."""

    points: Sequence[tuple[float, float]]
    """(x, y) from left to right; those that are not finite are left out."""
    style: str
    letter: str = ""
    """Written on it here and there, so that it is told apart without colour."""
    label: str = ""
    """Written beside its end, with an arrow where it has left the chart."""
    stops: bool = False
    """Whether it ends because what comes next is not finite."""
    marks_points: bool = False
    """Whether its points are marked where they are few: between them there is nothing but the line."""


class UprightLine(Struct, frozen=True):
    """A dotted upright line through the whole chart."""

    x: float
    style: str
    label: str = ""
    """Written above it, where there is room."""


class Bar(Struct, frozen=True):
    """A bar of a histogram, standing on the lower axis."""

    left: float
    right: float
    top: float
    style: str
    label: str = ""
    """Written on its top."""


class ChartSign(Struct, frozen=True):
    """A sign at a point; beyond the upper or the lower edge it stands at that edge."""

    x: float
    y: float
    sign: str
    style: str


class Axis(Struct, frozen=True):
    """The range of an axis, on a linear scale or on a logarithmic one."""

    low: float
    high: float
    logarithmic: bool = False


class Updates(Struct, frozen=True):
    """A level axis of updates: whole numbers."""

    first: int
    last: int


class Bins(Struct, frozen=True):
    """The level axis of a histogram: 0, 1, 2, … are the edges of its bins, all drawn with the same width."""

    edges: Sequence[float]


@dataclass(frozen=True, slots=True)
class Ground:
    """A function of both axes, drawn below all else: in shades, or by its level lines."""

    key: Hashable
    """Equal for functions with the same values: they are looked up by it."""
    value: Callable[[float, float], float] = field(compare=False)
    middle: float | None = None
    """In shades: what is above it has the colour of what is positive; None: by level lines."""


class Chart(Struct, frozen=True):
    """Lines, bars, spots and upright rules between two axes."""

    heading: str
    """Parts between semicolons; the last are left out where they have no room."""
    x: Axis | Updates | Bins
    y: Axis
    lines: Sequence[ChartLine] = ()
    rules: Sequence[UprightLine] = ()
    bars: Sequence[Bar] = ()
    spots: Sequence[ChartSign] = ()
    ground: Ground | None = None


class LossChart(Struct, frozen=True):
    """Loss curves over their updates; how far they are followed depends on the room they have."""

    curves: Sequence[Curve]
    logarithmic: bool | None = None
    """The scale; None leaves it to the losses."""
    heading: str = "loss after each update"
    cursor: int | None = None
    """The update at which there is an upright rule."""


class BarColumn(Struct, frozen=True):
    """Level bars below each other, each with a name and a number."""

    title: str
    values: Sequence[tuple[str, float]]


class BarChart(Struct, frozen=True):
    """Columns of bars side by side, each in its own order."""

    columns: tuple[BarColumn, ...]
    choices: Sequence[str]
    """The names in the order in which they can be chosen."""
    chosen: str


AnyChart = Chart | LossChart | BarChart


def bar_text(share: float, width: int) -> str:
    """A bar for a share (0 to 1) of `width` cells, to half a cell; one that is not 0 is always seen."""
    halves = round(min(max(share, 0.0), 1.0) * width * 2) if share == share else 0
    whole, half = divmod(max(halves, int(share > 0)), 2)
    return "█" * whole + "▌" * half


def longest_size(values: Iterable[float]) -> float:
    """The largest finite size among numbers, for the longest bar; 1 where there is none above 0."""
    return max((abs(value) for value in values if isfinite(value)), default=0.0) or 1.0


def loss_range(losses: Iterable[float], firsts: Sequence[float], logarithmic: bool) -> tuple[float, float]:
    """The lowest and the highest loss that has a place in a chart of several runs.

    firsts: their losses before training; no run is followed far away from these.
    """
    finite = [loss for loss in losses if isfinite(loss) and (loss > 0 or not logarithmic)] or [1.0]
    low, high = min(finite), max(finite)
    first = max((loss for loss in firsts if 0 < loss < inf), default=None)
    if first is None:
        return low, high
    if logarithmic:
        return max(low, _LOWEST * first), min(high, _HIGHEST * first)
    return low, min(high, _HIGHEST_LINEAR * first)


def axis_number(value: float) -> str:
    """A round number as it is written on an axis: 0.25, 20, 1e+6, 2.5e-5."""
    mantissa, letter, exponent = f"{value:.6g}".partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0')}" if letter else mantissa


def thinned(curve: Curve, stretches: int) -> Curve:
    """The same curve to the eye, in few points, and none after the first that is inf or nan.

    The curve is cut into stretches. Of each the lowest and the highest point stay, so that no peak is lost;
    and so do the first point and the last.
    """
    places = tuple(_places(curve.losses, max(1, -(-len(curve.losses) // max(stretches, 1)))))
    return Curve(
        curve.label,
        tuple(curve.updates[place] for place in places),
        tuple(curve.losses[place] for place in places),
    )


def _places(losses: Sequence[float], length: int) -> Iterator[int]:
    """The positions of the points that stay, in order, for stretches of a length."""
    last = len(losses) - 1
    for start in range(0, last + 1, length):
        part = losses[start : start + length]
        # A sum of finite numbers may overflow, but one with inf or nan in it is never finite.
        broken = not isfinite(sum(part)) and not all(map(isfinite, part))
        if broken:
            last = start + next(place for place, loss in enumerate(part) if not isfinite(loss))
            part = part[: last - start]
        kept = {start + part.index(extreme(part)) for extreme in (min, max) if part}
        ends = {end for end in (0, last) if start <= end < start + length}
        yield from sorted(kept | ends)
        if broken:
            return


def curve_style(index: int) -> str:
    """The role of a curve."""
    return _STYLES[index % len(_STYLES)]
