"""Many random starts: how far each of them comes, as a histogram."""

from __future__ import annotations

from tinynet_tui.drawing.chart import chart_picture
from tinynet_tui.drawing.experiments.charts import many_starts_chart
from tinynet_tui.drawing.experiments.starts import recipe_title
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.drawing.experiments.work import cursor_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scale import number
from tinynet_tui.experiments.initial_values import RECIPES
from tinynet_tui.experiments.many_starts import ManyStarts


def many_starts_picture(view: View, result: ManyStarts, width: int, height: int, look: Look) -> Picture:
    """The histogram of the losses at the end, how many starts learned, and the bar at the cursor."""
    words = words_picture(_words(view, result), width, height - LEAST_CHART, look)
    room = height - words.height
    if result.bins:
        upper = chart_picture(many_starts_chart(result, cursor_of(view, result)), width, room, look.ascii)
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
            Words(
                f"At the cursor: {count} of {result.starts} end from {number(low)} to below {number(high)}."
            )
        )
    return [*words, Words(f"Start: {about}; {seeds_text(result)}", "dim")]


def seeds_text(result: ManyStarts) -> str:
    """The seeds of the starts."""
    return f"seeds {result.seed} to {result.seed + result.starts - 1}"
