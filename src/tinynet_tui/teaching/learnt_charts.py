"""What has been learnt, as a chart: the prediction over its inputs, or a loss over its parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from tinynet_tui.engine.model import Setup, Values
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.python_code import constants, forward_block
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.teaching.charts import SHADES, Axis, Chart, ChartLine, ChartSign, Ground

_AROUND = 0.2
"""Of the range of what is shown: as much more is drawn on each side."""
_POINTS = 160
"""Of a curve."""


def learnt_chart(setup: Setup, parameters: Values, when: str, sample: int | None = None) -> Chart:
    """A curve over one input, or the plane of the first two; when: what follows in the heading.

    sample: the number (from 1) of the one that stands out.
    """
    if len(setup.model.inputs) == 1:
        return _curve(setup, parameters, when, sample)
    return _plane(setup, parameters, when, sample)


def _prediction(setup: Setup, parameters: Values) -> Callable[[Values], float]:
    """The first prediction as a function of the inputs."""
    block, fixed = forward_block(setup.model), constants(setup)
    position = sample_positions(setup.model)[setup.model.predictions[0]]
    targets = setup.targets[0]
    return lambda inputs: block(parameters, fixed, inputs, targets)[position]


def _range(values: Sequence[float]) -> Axis:
    """The axis for some values, with room around; those that are not finite are left out."""
    finite = [value for value in values if isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    around = (high - low) * _AROUND or max(abs(high), 1.0) / 2
    return Axis(low - around, high + around)


def _spots(
    across: Sequence[float], up: Sequence[float], signs: Sequence[str], sample: int | None
) -> list[ChartSign]:
    rows = zip(across, up, signs, strict=True)
    return [
        ChartSign(x, y, sign, "written" if number == sample else "strong")
        for number, (x, y, sign) in enumerate(rows, start=1)
    ]


def _plane(setup: Setup, parameters: Values, when: str, sample: int | None) -> Chart:
    predicted = _prediction(setup, parameters)
    across, up = ([row[index] for row in setup.inputs] for index in (0, 1))
    first, second = map(symbol, setup.model.inputs)
    targets = [row[0] for row in setup.targets]
    middle = (min(targets) + max(targets)) / 2
    key = (setup.model, constants(setup), parameters)
    above = f"y from {middle:g} up" if min(targets) < max(targets) else f"y {middle:g}"
    return Chart(
        f"{symbol(setup.model.predictions[0])} over {first} → and {second} ↑{when}; ● {above}, ○ below; "
        f"{SHADES[1]} low, {SHADES[-1]} high",
        _range(across),
        _range(up),
        spots=_spots(across, up, ["●" if target >= middle else "○" for target in targets], sample),
        ground=Ground(key, lambda x, y: predicted((x, y)), middle),
    )


def _curve(setup: Setup, parameters: Values, when: str, sample: int | None) -> Chart:
    predicted = _prediction(setup, parameters)
    across, targets = [row[0] for row in setup.inputs], [row[0] for row in setup.targets]
    axis = _range(across)
    xs = [axis.low + (axis.high - axis.low) * index / _POINTS for index in range(_POINTS + 1)]
    points = [(x, predicted((x,))) for x in xs]
    name, over = symbol(setup.model.predictions[0]), symbol(setup.model.inputs[0])
    return Chart(
        f"{name} over {over}{when}; ● samples",
        axis,
        _range([*(y for _, y in points), *targets]),
        lines=[ChartLine(points, "edge.positive")],
        spots=_spots(across, targets, ["●"] * len(across), sample),
    )


def valley_chart(setup: Setup, paths: Sequence[tuple[Sequence[Values], str, str]], words: str) -> Chart:
    """The level lines of a loss of two parameters, and paths on them, each with its letter and style.

    The first path is drawn above the others.
    """
    block, fixed = forward_block(setup.model), constants(setup)
    first, second = map(symbol, setup.model.parameter_names)
    across, up = ([point[index] for path, _, _ in paths for point in path] for index in (0, 1))
    return Chart(
        f"L over {first} → and {second} ↑, level lines; {words}",
        _range([*across, 0.0]),
        _range([*up, 0.0]),
        lines=[ChartLine([(a, b) for a, b in path], style) for path, _, style in reversed(paths)],
        spots=[
            ChartSign(across[0], up[0], "○", "strong"),
            *(ChartSign(path[-1][0], path[-1][1], sign, style) for path, sign, style in reversed(paths)),
        ],
        ground=Ground((setup.model, fixed), lambda a, b: block((a, b), fixed, (), ())[-1]),
    )
