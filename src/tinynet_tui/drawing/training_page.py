"""What a training run comes to, on one page: a table of its runs and the chart of their losses."""

from __future__ import annotations

from collections.abc import Sequence

from tinynet_tui.drawing.experiment_print import above
from tinynet_tui.drawing.loss_chart import loss_chart
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.signs import clean, columns, shorten, to_ascii
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.row import SHELL_HEIGHT, SHELL_WIDTH
from tinynet_tui.experiments.training_summary import TrainingSummary, training_summary
from tinynet_tui.experiments.watch import Watch, part, unwatched
from tinynet_tui.teaching.charts import LETTERS
from tinynet_tui.teaching.numbers import shown, updates_text

_MOST_RUNS = 6
"""So many have a row; of others the page says how many they are."""
_CHART_HEIGHT = 15
"""Rows, where the table leaves them."""
_DIGITS = 6

_HEADING = ("", "learning rate", "loss", "lowest", "at update", "rises", "in the end")
_STUCK = "Stuck: the output ReLU is dead for all samples, so every gradient is 0."


def training_page(
    title: str, setups: Sequence[Setup], updates: int, ascii: bool = False, watch: Watch = unwatched
) -> Picture:
    """The page for one run of each setup; they differ in their learning rates."""
    runs = [
        training_summary(setup, updates, part(watch, index, len(setups)))
        for index, setup in enumerate(setups)
    ]
    words = _words(title, runs, updates)
    say = to_ascii if ascii else clean
    most = min(_CHART_HEIGHT, SHELL_HEIGHT - len(words) - 1)
    chart = loss_chart([run.curve for run in runs[:_MOST_RUNS]], SHELL_WIDTH, most, ascii)
    return above([shorten(say(line), SHELL_WIDTH, ascii) for line in words], chart, ascii)


def _words(title: str, runs: Sequence[TrainingSummary], updates: int) -> list[str]:
    """The lines above the chart."""
    lines = [f"{title}: {updates_text(updates)}; the loss before is {shown(runs[0].first, _DIGITS)}", ""]
    lines += columns(
        [_HEADING, *(_row(run, index, len(runs)) for index, run in enumerate(runs[:_MOST_RUNS]))]
    )
    if len(runs) > _MOST_RUNS:
        lines.append(f"… and {len(runs) - _MOST_RUNS:,} more learning rates, which --format csv prints.")
    if any(run.outcome == "stuck" for run in runs[:_MOST_RUNS]):
        lines.append(_STUCK)
    return lines


def _row(run: TrainingSummary, index: int, runs: int) -> tuple[str, ...]:
    since = "" if run.since is None else f" since {run.since:,}" if run.since else " from the start"
    return (
        LETTERS[index] if runs > 1 else "",
        run.curve.label,
        shown(run.last, _DIGITS),
        shown(run.best, _DIGITS),
        f"{run.best_update:,}",
        f"{run.rises:,}",
        f"{run.outcome}{since}",
    )
