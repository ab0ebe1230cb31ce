"""Many random starts: how far each of them comes, as a histogram."""

from __future__ import annotations

from tinynet_tui.experiments.initial_values import RECIPES
from tinynet_tui.experiments.many_starts import ManyStarts
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.tui.drawing.chart import Bar, Chart, Rule, chart_picture, level, upright
from tinynet_tui.tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.experiments.view import View
from tinynet_tui.tui.experiments.work import cursor_of
from tinynet_tui.tui.picture import Picture


def many_starts_picture(view: View, result: ManyStarts, width: int, height: int, look: Look) -> Picture:
    """The histogram of the losses at the end, how many starts learned, and the bar at the cursor."""
    words = words_picture(_words(view, result), width, height - LEAST_CHART, look)
    room = height - words.height
    if result.bins:
        upper = chart_picture(_chart(view, result), width, room, look.ascii)
    else:
        upper = words_picture(
            [Words("No start ends with a finite loss: there is nothing to draw.")], width, room, look
        )
    return stacked(upper, words, height, look)


def _words(view: View, result: ManyStarts) -> list[Words]:
    about = f"start: {result.recipe}, {RECIPES[result.recipe].about}"
    if not RECIPES[result.recipe].random:
        about += "; nothing in it is random, so that all starts are the same"
    words = [Words(text, "strong") for text in result.words]
    if result.bins:
        low, high, count = result.bins[cursor_of(view, result)]
        words.append(
            Words(f"at the cursor: {count} of {result.starts} end from {shown(low)} to below {shown(high)}")
        )
    seeds = f"seeds {result.seed} to {result.seed + result.starts - 1}"
    return [*words, Words(f"{about}; {seeds}", "dim")]


def _chart(view: View, result: ManyStarts) -> Chart:
    low, high, _ = result.bins[cursor_of(view, result)]
    threshold = Rule(result.threshold, "strong", f"threshold {shown(result.threshold)}")
    return Chart(
        f"How many of {result.starts} starts end with which loss after {result.updates:,} "
        f"update{'' if result.updates == 1 else 's'}",
        level(result.bins[0][0], result.bins[-1][1]),
        upright(0, max(count for _, _, count in result.bins)),
        rules=[threshold, Rule((low + high) / 2, "dim")],
        bars=[
            Bar(left, right, count, "positive" if right <= result.threshold else "phase.loss")
            for left, right, count in result.bins
        ],
    )
