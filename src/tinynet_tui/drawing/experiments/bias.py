"""The bias of a ReLU neuron swept: loss and gradient on both sides of the cliff at which it dies."""

from __future__ import annotations

from tinynet_tui.drawing.chart import charts_side_by_side
from tinynet_tui.drawing.experiments.charts import bias_charts
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.drawing.experiments.work import cursor_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.dead_relu import BiasPoint, BiasSweep
from tinynet_tui.networks.dense import parameters_of, pre_activation_name
from tinynet_tui.teaching.numbers import equals, shown, sign_and_number, updates_text

_MOST_SAMPLES = 4
"""So many pre-activations are told one by one."""


def bias_picture(view: View, result: BiasSweep, width: int, height: int, look: Look) -> Picture:
    """Loss and gradient against the bias, and the neuron at the cursor."""
    point = result.points[cursor_of(view, result)]
    (bias,) = (p for p in parameters_of(view.setup.network) if p.name == result.name)
    z = symbol(pre_activation_name(view.setup.network, bias.layer, bias.neuron))
    paragraphs = [Words(_at(result, point, z), "strong"), *map(Words, result.words)]
    words = words_picture(paragraphs, width, height - LEAST_CHART, look)
    charts = bias_charts(result, view.logarithmic, point.bias)
    return stacked(charts_side_by_side(charts, width, height - words.height, look.ascii), words, height, look)


def _at(result: BiasSweep, point: BiasPoint, z: str) -> str:
    """The neuron with the bias at the cursor; z: what its pre-activation is called."""
    name = symbol(result.name)
    state = "dead" if not point.active else "alive" if point.dead == "no" else "dead for some samples"
    if len(point.z) == 1:
        sums = f"{z} {sign_and_number(point.z[0])}"
    elif len(point.z) <= _MOST_SAMPLES:
        sums = f"{z} of the samples {', '.join(map(shown, point.z))}"
    else:
        sums = f"{z} > 0 for {len(point.active)} of {len(point.z)} samples"
    return (
        f"At the cursor: {name} {sign_and_number(point.bias)}; {sums}; {state}; "
        f"∂L/∂{name} {equals(point.gradient)} {shown(point.gradient)}; loss {shown(point.loss)}, "
        f"after {updates_text(result.updates)} {shown(point.after)}."
    )
