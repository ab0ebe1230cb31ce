"""The bias of a ReLU neuron swept: the loss on both sides of the cliff at which it dies."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.dead_relu import BiasPoint, BiasSweep
from tinynet_tui.teaching.numbers import equals, shown
from tinynet_tui.tui.drawing.chart import Chart, Line, Rule, Spot, chart_picture, level, upright
from tinynet_tui.tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.drawing.loss_chart import loss_range
from tinynet_tui.tui.experiments.view import View
from tinynet_tui.tui.experiments.work import cursor_of
from tinynet_tui.tui.picture import Picture

_MOST_SAMPLES = 4
"""So many pre-activations are told one by one."""


def bias_picture(view: View, result: BiasSweep, width: int, height: int, look: Look) -> Picture:
    """The loss against the bias, before and after training, and the neuron at the cursor."""
    point = result.points[cursor_of(view, result)]
    paragraphs = [Words(_at(result, point), "strong"), *map(Words, result.words)]
    words = words_picture(paragraphs, width, height - LEAST_CHART, look)
    chart = chart_picture(_chart(view, result, point), width, height - words.height, look.ascii)
    return stacked(chart, words, height, look)


def _at(result: BiasSweep, point: BiasPoint) -> str:
    """The neuron with the bias at the cursor."""
    name = symbol(result.name)
    active = "dead" if not point.active else "active" if point.dead == "no" else "dead for some samples"
    if len(point.z) <= _MOST_SAMPLES:
        sums = "z " + ", ".join(shown(z) for z in point.z)
    else:
        sums = f"z > 0 for {len(point.active)} of {len(point.z)} samples"
    return (
        f"at the cursor: {name} = {shown(point.bias)}: {sums}: {active}; "
        f"∂L/∂{name} {equals(point.gradient)} {shown(point.gradient)}; loss {shown(point.loss)}, "
        f"after {result.updates:,} update{'' if result.updates == 1 else 's'} {shown(point.after)}"
    )


def _chart(view: View, result: BiasSweep, point: BiasPoint) -> Chart:
    before = [(p.bias, p.loss) for p in result.points]
    after = [(p.bias, p.after) for p in result.points]
    losses = [y for _, y in (*before, *after)]
    heading = (
        f"Loss for each {symbol(result.name)} of {result.neuron}: n now, a after {result.updates:,} updates"
    )
    return Chart(
        heading,
        level(before[0][0], before[-1][0]),
        upright(*loss_range(losses, [y for _, y in before], view.logarithmic), view.logarithmic),
        [
            Line(before, "phase.loss", "n", "n"),
            Line(after, "phase.update", "a", "a"),
        ],
        [Rule(point.bias, "dim"), *_cliffs(result)],
        spots=[Spot(result.present.bias, result.present.loss, "●", "strong")],
    )


def _cliffs(result: BiasSweep) -> Iterator[Rule]:
    """A rule where the neuron dies for all samples, and fainter ones where it dies for one."""
    for sample, bias in result.cliffs:
        if bias > result.alive_from:
            yield Rule(bias, "negative", f"sample {sample}" if len(result.cliffs) <= _MOST_SAMPLES else "")
    yield Rule(result.alive_from, "negative", f"dead ◂ {shown(result.alive_from)} ▸ alive")
