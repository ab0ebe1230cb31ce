"""The learning rates side by side."""

from __future__ import annotations

from tinynet_tui.drawing.experiments.runs import RunRow, RunTable, run_page
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.work import RateRuns, cursor_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.experiments.runs import verdict_brief
from tinynet_tui.handouts.training_summary import rate_text

HEADING = "Loss over all samples after each update; a letter for each learning rate"


def rates_picture(view: View, result: RateRuns, width: int, height: int, look: Look) -> Picture:
    """The curves with the cursor, and below each rate its loss there and what its run did."""
    update = cursor_of(view, result)
    rows = [
        RunRow(
            rate_text(run.learning_rate), run.losses[update], verdict_brief(run.verdict, run.at), run.words
        )
        for run in result.runs
    ]
    table = RunTable("η", rows, view.choice, update)
    return run_page(result.curves, table, HEADING, view.logarithmic, width, height, look)
