"""What has been learnt, as a picture: the prediction over its inputs, or a loss over its parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite

from tinynet_tui.drawing.chart import chart_picture
from tinynet_tui.drawing.chart_ground import SHADES
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.engine.model import Values
from tinynet_tui.engine.python_code import constants, forward_block
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.session.history import parameters_before
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.charts import Axis, Chart, ChartLine, ChartSign, Ground

_AROUND = 0.2
"""Of the range of what is shown: as much more is drawn on each side."""
_POINTS = 160
"""Of a curve."""
_MOST_UPDATES = 64
"""The path of the parameters goes back so far."""


def learnt_rows(scene: Scene, width: int, height: int) -> int:
    """The rows that the picture can use: all."""
    return height


def names_in_picture(scene: Scene, width: int, height: int) -> frozenset[str]:
    """The quantities whose values are in sight: none."""
    return frozenset()


def learnt(scene: Scene, width: int, height: int) -> Picture:
    """A curve for one input, a plane for two, and for a function of two parameters its level lines."""
    moment, look = scene.moment, scene.look
    match len(moment.model.inputs):
        case 0:
            chart = _valley(moment, look)
        case 1:
            chart = _curve(moment, look)
        case _:
            chart = _plane(moment, look)
    return chart_picture(chart, width, height, look.ascii)


def _now(moment: Moment) -> Values:
    """The parameters at this step: in an update those that have taken their step are new."""
    return tuple(moment.value(name) or 0.0 for name in moment.model.parameter_names)


def _prediction(moment: Moment) -> Callable[[Values], float]:
    """The first prediction as a function of the inputs."""
    block, fixed, now = forward_block(moment.model), constants(moment.setup), _now(moment)
    position = sample_positions(moment.model)[moment.model.predictions[0]]
    targets = moment.setup.targets[0]
    return lambda inputs: block(now, fixed, inputs, targets)[position]


def _range(values: Sequence[float]) -> Axis:
    """The axis for some values, with room around; those that are not finite are left out."""
    finite = [value for value in values if isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    around = (high - low) * _AROUND or max(abs(high), 1.0) / 2
    return Axis(low - around, high + around)


def _heading(moment: Moment, look: Look, axes: str) -> str:
    prediction = look.symbol(moment.model.predictions[0])
    return look.say(f"{prediction} {axes}, at update {moment.session.update}")


def _plane(moment: Moment, look: Look) -> Chart:
    setup, predicted = moment.setup, _prediction(moment)
    across, up = ([row[index] for row in setup.inputs] for index in (0, 1))
    first, second = map(look.symbol, moment.model.inputs)
    targets = [row[0] for row in setup.targets]
    middle = (min(targets) + max(targets)) / 2
    key = (moment.model, constants(setup), _now(moment))
    return Chart(
        _heading(moment, look, f"over {first} → and {second} ↑")
        + look.say(f"; ● {_above(targets, middle)}, ○ below; {SHADES[1]} low, {SHADES[-1]} high"),
        _range(across),
        _range(up),
        spots=[
            ChartSign(
                x, y, "●" if target >= middle else "○", "written" if number == moment.sample else "strong"
            )
            for number, (x, y, target) in enumerate(zip(across, up, targets, strict=True), start=1)
        ],
        ground=Ground(key, lambda x, y: predicted((x, y)), middle),
    )


def _above(targets: list[float], middle: float) -> str:
    return f"y from {middle:g} up" if min(targets) < max(targets) else f"y {middle:g}"


def _curve(moment: Moment, look: Look) -> Chart:
    setup, predicted = moment.setup, _prediction(moment)
    across, targets = [row[0] for row in setup.inputs], [row[0] for row in setup.targets]
    axis = _range(across)
    xs = [axis.low + (axis.high - axis.low) * index / _POINTS for index in range(_POINTS + 1)]
    points = [(x, predicted((x,))) for x in xs]
    return Chart(
        _heading(moment, look, f"over {look.symbol(moment.model.inputs[0])}") + "; ● samples",
        axis,
        _range([*(y for _, y in points), *targets]),
        lines=[ChartLine(points, "edge.positive")],
        spots=[
            ChartSign(x, y, "●", "written" if number == moment.sample else "strong")
            for number, (x, y) in enumerate(zip(across, targets, strict=True), start=1)
        ],
    )


def _valley(moment: Moment, look: Look) -> Chart:
    block, fixed = forward_block(moment.model), constants(moment.setup)
    first, second = map(look.symbol, moment.model.parameter_names)
    path = [(a, b) for a, b in (*parameters_before(moment.session, _MOST_UPDATES), _now(moment))]
    across, up = ([point[index] for point in path] for index in (0, 1))
    return Chart(
        look.say(f"L over {first} → and {second} ↑, level lines; path from ○ to ● (now)"),
        _range([*across, 0.0]),
        _range([*up, 0.0]),
        lines=[ChartLine(path, "edge.lit")],
        spots=[ChartSign(across[0], up[0], "○", "strong"), ChartSign(across[-1], up[-1], "●", "written")],
        ground=Ground((moment.model, fixed), lambda a, b: block((a, b), fixed, (), ())[-1]),
    )
