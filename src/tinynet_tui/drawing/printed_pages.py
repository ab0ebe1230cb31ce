"""What is printed for a person, in 80 × 24: an experiment, or what a training run comes to."""

from __future__ import annotations

from collections.abc import Sequence

from tinynet_tui.drawing.experiment_charts import LEAST_CHART, charts_picture
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.loss_chart import loss_chart
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.signs import clean, columns, shorten, to_ascii, wrap
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.row import SHELL_HEIGHT, SHELL_WIDTH, Printed
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


def printed_picture(printed: Printed, ascii: bool = False) -> Picture:
    """Lines, then the words if all of them have room, then the charts."""
    say = to_ascii if ascii else clean
    # Cells are written before they are counted.
    table = columns([tuple(map(say, row)) for row in printed.table]) if printed.table else []
    lines = (printed.heading, *table, *printed.notes)
    text = [shorten(say(line), SHELL_WIDTH, ascii) for line in lines]
    least = LEAST_CHART + 1 if printed.charts else 0
    told = [line for sentence in printed.words for line in wrap(say(sentence), SHELL_WIDTH)]
    if len(text) + len(told) + least <= SHELL_HEIGHT:
        text += told
    room = SHELL_HEIGHT - len(text) - 1
    drawn = charts_picture(printed.charts, SHELL_WIDTH, room, Look(ascii)) if printed.charts else None
    return _above(text, drawn, ascii)


def _above(text: Sequence[str], drawn: Picture | None, ascii: bool) -> Picture:
    """Lines of text, and below them a drawing, if there is one, with an empty row between."""
    canvas = Canvas(SHELL_WIDTH, len(text) + (drawn.height + 1 if drawn else 0), ascii)
    for row, line in enumerate(text):
        canvas.text(0, row, line)
    if drawn:
        canvas.blit(drawn, 0, len(text) + 1)
    return canvas.picture()


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
    return _above([shorten(say(line), SHELL_WIDTH, ascii) for line in words], chart, ascii)


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
