"""The rate finder: the loss at the end against the learning rate."""

from __future__ import annotations

from math import isfinite

from tinynet_tui.engine.walks import number_text
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.teaching.numbers import equals, shown
from tinynet_tui.tui.drawing.chart import Chart, Line, Rule, Spot, chart_picture, level, upright
from tinynet_tui.tui.drawing.experiments.runs import verdict_brief
from tinynet_tui.tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.drawing.loss_chart import loss_range
from tinynet_tui.tui.experiments.view import View
from tinynet_tui.tui.experiments.work import cursor_of
from tinynet_tui.tui.picture import Picture


def rate_finder_picture(view: View, result: RateSweep, width: int, height: int, look: Look) -> Picture:
    """The curve over the rates, with its best place and its cliff, and the rate at the cursor."""
    place = cursor_of(view, result)
    rate, final = result.rates[place], result.final[place]
    at_cursor = Words(
        f"at the cursor: η {equals(rate)} {shown(rate)}, loss {equals(final, 6)} {shown(final, 6)}, "
        f"{verdict_brief(result.verdicts[place], None)}; Enter opens it",
        "strong",
    )
    present = Words(f"η now: {number_text(view.setup.hyperparameters.learning_rate)}", "dim")
    words = words_picture([at_cursor, *map(Words, result.words), present], width, height - LEAST_CHART, look)
    chart = chart_picture(_chart(view, result, rate), width, height - words.height, look.ascii)
    return stacked(chart, words, height, look)


def _chart(view: View, result: RateSweep, rate: float) -> Chart:
    low, high = loss_range((*result.final, result.first), [result.first], view.logarithmic)
    points = list(zip(result.rates, result.final, strict=True))
    lost = [Spot(x, high, "✗", "negative") for x, y in points if not isfinite(y)]
    best = [] if result.best is None else [Spot(*points[result.best], "●", "strong")]
    cliff = (
        [] if result.cliff is None else [Rule(result.cliff, "negative", f"cliff {shown(result.cliff, 3)}")]
    )
    return Chart(
        f"Loss after {result.updates:,} update{'' if result.updates == 1 else 's'} (upwards) for each η "
        "(to the right)",
        level(result.rates[0], result.rates[-1], logarithmic=True),
        upright(low, high, view.logarithmic),
        [Line(points, "phase.loss")],
        [Rule(rate, "dim"), *cliff],
        spots=[*lost, *best],
    )
