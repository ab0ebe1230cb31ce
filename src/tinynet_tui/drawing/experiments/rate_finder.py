"""The rate finder: the loss at the end against the learning rate."""

from __future__ import annotations

from tinynet_tui.drawing.chart import chart_picture
from tinynet_tui.drawing.experiments.charts import cut_off_words, rate_finder_chart
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.words import LEAST_CHART, Words, stacked, words_picture
from tinynet_tui.drawing.experiments.work import cursor_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.engine.walks import number_text
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.runs import verdict_brief
from tinynet_tui.teaching.numbers import equals, shown


def rate_finder_picture(view: View, result: RateSweep, width: int, height: int, look: Look) -> Picture:
    """The curve over the rates, with its best place, its cliff and its wall, and the rate at the cursor."""
    place = cursor_of(view, result)
    rate, final = result.rates[place], result.final[place]
    at_cursor = Words(
        f"At the cursor: η {equals(rate)} {shown(rate)}, loss {equals(final, 6)} {shown(final, 6)}, "
        f"{verdict_brief(result.verdicts[place], None)}. Enter opens it.",
        "strong",
    )
    present = Words(f"η now: {number_text(view.setup.hyperparameters.learning_rate)}", "dim")
    told = map(Words, (*cut_off_words(result, view.logarithmic), *result.words))
    words = words_picture([at_cursor, *told, present], width, height - LEAST_CHART, look)
    chart = chart_picture(
        rate_finder_chart(result, view.logarithmic, rate), width, height - words.height, look.ascii
    )
    return stacked(chart, words, height, look)
