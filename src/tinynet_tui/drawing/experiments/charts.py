"""The charts of the experiments that are not loss curves, for the screen and for the shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite, log

from tinynet_tui.drawing.chart import Bar, Chart, Line, Rule, Spot, bins, level, upright
from tinynet_tui.drawing.loss_chart import loss_range
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.dead_relu import BiasSweep
from tinynet_tui.experiments.many_starts import ManyStarts
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.sensitivity import Nudge, Slice
from tinynet_tui.teaching.numbers import shown, updates_text

_NEAR = 0.02
"""Of the width of a chart: a step that is shorter may end in the cell where it began."""
_MOST_NAMED = 4
"""At most this many samples are named where a neuron dies for them."""


def rate_finder_chart(sweep: RateSweep, logarithmic: bool = True, cursor: float | None = None) -> Chart:
    """The loss at the end over the learning rates, with the best place, the cliff and the wall."""
    low, high = loss_range((*sweep.final, sweep.first), [sweep.first], logarithmic)
    points = list(zip(sweep.rates, sweep.final, strict=True))
    lost = [Spot(x, high, "✗", "negative") for x, y in points if not isfinite(y)]
    best = [] if sweep.best is None else [Spot(*points[sweep.best], "●", "strong")]
    return Chart(
        f"Loss after {updates_text(sweep.updates)} (upwards) for each η (to the right); ● the best",
        level(sweep.rates[0], sweep.rates[-1], logarithmic=True),
        upright(low, high, logarithmic),
        [Line(points, "phase.loss")],
        [*_cursor(cursor), *_limits(sweep)],
        spots=[*lost, *best],
    )


def cut_off_words(sweep: RateSweep, logarithmic: bool) -> Iterator[str]:
    """A sentence where the chart of the rate finder has no place for the smallest losses."""
    low, _ = loss_range((*sweep.final, sweep.first), [sweep.first], logarithmic)
    if any(loss < low for loss in sweep.final):
        edge = "stands at its lower edge"
        yield f"The chart is cut off below: a loss under {shown(low, 1)}, such as 0, {edge}."


def many_starts_chart(starts: ManyStarts, cursor: int | None = None) -> Chart:
    """How many starts end with which loss; there has to be one that ends with a finite loss.

    cursor: which bar, from 0.
    """
    edges = [starts.bins[0][0], *(high for _, high, _ in starts.bins)]
    place = _place(starts.threshold, edges)
    threshold = [] if place is None else [Rule(place, "strong", f"threshold {shown(starts.threshold)}")]
    return Chart(
        f"How many of {starts.starts:,} starts end with which loss after {updates_text(starts.updates)}",
        bins(edges),
        # A little higher than the highest bar, for its label.
        upright(0, 1.05 * max(count for _, _, count in starts.bins) + 1),
        rules=[*threshold, *_cursor(None if cursor is None else cursor + 0.5)],
        bars=[
            Bar(
                index,
                index + 1,
                count,
                "positive" if high <= starts.threshold else "phase.loss",
                f"{count}" if count else "",
            )
            for index, (_, high, count) in enumerate(starts.bins)
        ],
    )


def bias_charts(
    sweep: BiasSweep, logarithmic: bool = False, cursor: float | None = None
) -> tuple[Chart, Chart]:
    """The loss over the bias, before training and after it, and the gradient over it; with the cliffs."""
    before = [(point.bias, point.loss) for point in sweep.points]
    after = [(point.bias, point.after) for point in sweep.points]
    gradient = [(point.bias, point.gradient) for point in sweep.points]
    losses = [y for _, y in (*before, *after) if isfinite(y)]
    low, high = loss_range(losses, [y for _, y in before], logarithmic)
    slopes = [0.0, *(y for _, y in gradient if isfinite(y))]
    name, across = symbol(sweep.name), level(before[0][0], before[-1][0])
    rules = [*_cursor(cursor), *_cliffs(sweep)]
    return (
        Chart(
            f"Loss: n now, a after training; ● {name} now" if losses else "No loss is finite",
            across,
            upright(low, high, logarithmic),
            [Line(before, "phase.loss", "n", "n"), Line(after, "phase.update", "a", "a")],
            rules,
            spots=[Spot(sweep.present.bias, sweep.present.loss, "●", "strong")],
        ),
        Chart(
            f"Gradient ∂L/∂{name} now; 0 where dead",
            across,
            upright(min(slopes), max(slopes)),
            [Line(gradient, "phase.backward")],
            rules,
            spots=[Spot(sweep.present.bias, sweep.present.gradient, "●", "strong")],
        ),
    )


def slice_chart(along: Slice, nudge: Nudge | None = None, cursor: float | None = None) -> Chart:
    """The loss along a parameter, its tangent, the step, and a nudge if there is one."""
    first, last = along.points[0][0], along.points[-1][0]
    losses = [loss for _, loss in along.points if isfinite(loss)]
    name = symbol(along.name)
    tangent = [(x, along.loss + along.gradient * (x - along.value)) for x, _ in along.points]
    is_near = abs(along.step) < _NEAR * (last - first)
    landing = (
        "; ● now, ○ after one step (hidden under ● if close)"
        if is_near
        else ", all else held; ● now, ○ after one step"
    )
    nudged = []
    if nudge is not None and nudge.by != 0:
        sign = "+" if nudge.by > 0 else "−"
        nudged.append(Spot(along.value + nudge.by, nudge.loss_after, sign, "strong"))
    return Chart(
        f"Loss along {name}{landing}; t the tangent"
        if losses
        else f"No loss along {name} is finite: there is no curve",
        level(first, last),
        upright(min(losses, default=0.0), max(losses, default=0.0)),
        [Line(tangent, "phase.backward", "t"), Line(along.points, "phase.loss")],
        _cursor(cursor),
        spots=[
            Spot(along.lands, along.loss_there, "○", "strong phase.update"),
            Spot(along.value, along.loss, "●", "strong"),
            *nudged,
        ],
    )


def _limits(sweep: RateSweep) -> Iterator[Rule]:
    """Rules where the loss first rises above its start, and where all runs begin to be stuck or diverged."""
    verdicts = dict(zip(sweep.rates, sweep.verdicts, strict=True))
    if sweep.cliff is not None and sweep.cliff != sweep.wall:
        yield Rule(sweep.cliff, "negative", f"rises {shown(sweep.cliff, 3)}")
    if sweep.wall is not None:
        yield Rule(sweep.wall, "negative", f"{verdicts[sweep.wall]} {shown(sweep.wall, 3)}▸")


def _cursor(place: float | None) -> list[Rule]:
    return [] if place is None else [Rule(place, "dim")]


def _place(value: float, edges: Sequence[float]) -> float | None:
    """Where between the edges of the bins, counted from 0, a value lies; None where it lies outside."""
    for index, (low, high) in enumerate(pairwise(edges)):
        if low <= value <= high:
            return index + (log(value / low) / log(high / low) if low > 0 else value / high)
    return None


def _cliffs(sweep: BiasSweep) -> Iterator[Rule]:
    """A rule where the neuron dies for all samples, and others where it dies for one."""
    for sample, bias in sweep.cliffs:
        if bias > sweep.alive_from:
            yield Rule(bias, "dim", f"sample {sample}" if len(sweep.cliffs) <= _MOST_NAMED else "")
    yield Rule(sweep.alive_from, "negative", f"dead ◂ {shown(sweep.alive_from)} ▸ alive")
