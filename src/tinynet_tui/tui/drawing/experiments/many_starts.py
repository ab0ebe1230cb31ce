"""Many random starts: how far each of them comes, as a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log

from tinynet_tui.experiments.initial_values import RECIPES
from tinynet_tui.experiments.many_starts import ManyStarts
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.tui.drawing.chart import Bar, Chart, Rule, bins, chart_picture, upright
from tinynet_tui.tui.drawing.experiments.starts import recipe_title
from tinynet_tui.tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.drawing.scale import number
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
    about = recipe_title(result.recipe)
    if not RECIPES[result.recipe].random:
        about += "; nothing in it is random, so that all starts are the same"
    words = [Words(text, "strong") for text in result.words]
    if result.bins:
        low, high, count = result.bins[cursor_of(view, result)]
        words.append(
            Words(f"at the cursor: {count} of {result.starts} end from {number(low)} to below {number(high)}")
        )
    seeds = f"seeds {result.seed} to {result.seed + result.starts - 1}"
    return [*words, Words(f"Start: {about}; {seeds}", "dim")]


def _chart(view: View, result: ManyStarts) -> Chart:
    edges = [result.bins[0][0], *(high for _, high, _ in result.bins)]
    place = _place(result.threshold, edges)
    label = f"threshold {shown(result.threshold)}"
    return Chart(
        f"How many of {result.starts:,} starts end with which loss after {result.updates:,} "
        f"update{'' if result.updates == 1 else 's'}",
        bins(edges),
        upright(0, 1.05 * max(count for _, _, count in result.bins) + 1),
        rules=[
            *([] if place is None else [Rule(place, "strong", label)]),
            Rule(cursor_of(view, result) + 0.5, "dim"),
        ],
        bars=[
            Bar(
                index,
                index + 1,
                count,
                "positive" if high <= result.threshold else "phase.loss",
                f"{count}" if count else "",
            )
            for index, (_, high, count) in enumerate(result.bins)
        ],
    )


def _place(value: float, edges: Sequence[float]) -> float | None:
    """Where between the edges of the bins, counted from 0, a value lies; None where it lies outside."""
    for index, (low, high) in enumerate(pairwise(edges)):
        if low <= value <= high:
            return index + (log(value / low) / log(high / low) if low > 0 else value / high)
    return None
