"""The loss along one parameter: its tangent, the step of gradient descent, and a nudge."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.drawing.chart import chart_picture
from tinynet_tui.drawing.experiments.charts import slice_chart
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.drawing.experiments.work import NudgedSlice, cursor_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.sensitivity import Nudge, Slice
from tinynet_tui.teaching.numbers import equals, shown, sign_and_number


def slice_picture(view: View, result: NudgedSlice, width: int, height: int, look: Look) -> Picture:
    """The slice with its tangent; what the gradient promises, and what comes."""
    along = result.slice
    point = along.points[cursor_of(view, result)]
    paragraphs = [
        Words(_nudged(result.nudge) if result.nudge else _how_to_nudge(along, view.nudge), "strong"),
        *map(Words, along.words),
        Words(_at(along, *point)),
        Words(_gradients(along)),
    ]
    words = words_picture(paragraphs, width, height - LEAST_CHART, look)
    chart = chart_picture(
        slice_chart(along, result.nudge, point[0]), width, height - words.height, look.ascii
    )
    return stacked(chart, words, height, look)


def _how_to_nudge(along: Slice, by: float) -> str:
    present = f"{symbol(along.name)} is {shown(along.value)}, the loss {shown(along.loss)}"
    return f"{present}. + and − nudge it by {shown(by)}."


def _nudged(nudge: Nudge) -> str:
    """What a nudge brings, beside what the gradient promised."""
    moved = moved_prediction(nudge)
    return (
        f"{symbol(nudge.name)} nudged by {_change(nudge.by)}: {moved.name} changes by "
        f"{_change(moved.after - moved.before)} (promised by the gradient: {_change(moved.promised)}), "
        f"the loss by {_change(nudge.loss_after - nudge.loss_before)} (promised: "
        f"{_change(nudge.promised_loss)})."
    )


@dataclass(frozen=True, slots=True)
class MovedPrediction:
    """The prediction that a nudge moves most."""

    name: str
    """"ŷ", or where there are several "ŷ₂ of sample 3"."""
    before: float
    after: float
    promised: float
    """The change that its derivative foretells."""


def moved_prediction(nudge: Nudge) -> MovedPrediction:
    """The prediction that a nudge moves most, with its name."""
    sample, output = nudge.most_moved
    name = symbol(f"yhat{output + 1}" if len(nudge.outputs_before[0]) > 1 else "yhat")
    before, after, promised = (
        rows[sample][output] for rows in (nudge.outputs_before, nudge.outputs_after, nudge.promised_outputs)
    )
    of = f" of sample {sample + 1}" if len(nudge.outputs_before) > 1 else ""
    return MovedPrediction(name + of, before, after, promised)


def _change(value: float) -> str:
    """A change with its sign."""
    return ("+" if value > 0 else "") + shown(value)


def _at(along: Slice, value: float, loss: float) -> str:
    tangent = along.loss + along.gradient * (value - along.value)
    name = symbol(along.name)
    losses = f"loss {shown(loss)}, on the tangent {shown(tangent)}"
    return f"At the cursor: {name} {sign_and_number(value)}: {losses}."


def _gradients(along: Slice) -> str:
    name = symbol(along.name)
    return (
        f"∂L/∂{name} {equals(along.gradient)} {shown(along.gradient)} by the chain rule, "
        f"{shown(along.numeric)} ± {shown(along.uncertainty)} from differences of the loss."
    )
