"""The initial values side by side."""

from __future__ import annotations

from collections import Counter

from tinynet_tui.drawing.experiments.runs import RunRow, RunTable, run_page
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.work import StartRuns, cursor_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.experiments.initial_values import RECIPES, StartRun
from tinynet_tui.experiments.runs import verdict_brief

HEADING = "Loss over all samples after each update; a letter for each start"


def starts_picture(view: View, result: StartRuns, width: int, height: int, look: Look) -> Picture:
    """The curves with the cursor, and below each recipe its loss there and what became of the neurons."""
    update = cursor_of(view, result)
    rows = [
        RunRow(
            run.recipe,
            run.losses[update],
            start_brief(run),
            f"{recipe_title(run.recipe)}. {run.words}",
        )
        for run in result.runs
    ]
    table = RunTable("start", rows, view.choice, update)
    return run_page(result.curves, table, HEADING, view.logarithmic, width, height, look)


def recipe_title(recipe: str) -> str:
    """What a recipe is called, and how it chooses the weights."""
    about = RECIPES[recipe].about
    return about if about.casefold().startswith(recipe) else f"{recipe}, {about}"


def start_brief(run: StartRun) -> str:
    """What a run did and what became of its hidden neurons, in a few words."""
    return f"{verdict_brief(run.verdict, run.at)}; hidden: {_fates(run)}"


def _fates(run: StartRun) -> str:
    """How many hidden neurons became what: 1 alive, 1 dead."""
    counts = Counter(neuron.fate for neuron in run.neurons)
    parts = [f"{count} {fate}{'s' if fate == 'twin' and count > 1 else ''}" for fate, count in counts.items()]
    return ", ".join(parts) or "none"
