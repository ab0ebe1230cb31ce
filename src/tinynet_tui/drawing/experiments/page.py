"""The page of experiments: title, tabs, the experiment that is shown, and the hints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tinynet_tui.drawing.bars import draw_notice
from tinynet_tui.drawing.experiments.bars import draw_bar
from tinynet_tui.drawing.experiments.bias import bias_picture
from tinynet_tui.drawing.experiments.influences import influences_picture
from tinynet_tui.drawing.experiments.keys import BY_NAME
from tinynet_tui.drawing.experiments.many_starts import many_starts_picture
from tinynet_tui.drawing.experiments.rate_finder import rate_finder_picture
from tinynet_tui.drawing.experiments.rates import rates_picture
from tinynet_tui.drawing.experiments.slice import slice_picture
from tinynet_tui.drawing.experiments.starts import starts_picture
from tinynet_tui.drawing.experiments.view import TABS, Experiment, View
from tinynet_tui.drawing.experiments.words import Words, words_picture
from tinynet_tui.drawing.experiments.work import Result, Waiting
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH, too_small
from tinynet_tui.session.commands import key_sign
from tinynet_tui.teaching.numbers import updates_text
from tinynet_tui.teaching.of_samples import titled

_DRAWN: dict[Experiment, Callable[[View, Any, int, int, Look], Picture]] = {
    "rates": rates_picture,
    "rate finder": rate_finder_picture,
    "starts": starts_picture,
    "many starts": many_starts_picture,
    "bias": bias_picture,
    "slice": slice_picture,
    "influences": influences_picture,
}

_TITLES: dict[Experiment, str] = {
    "rates": "Learning rates",
    "rate finder": "Rate finder",
    "starts": "Initial values",
    "many starts": "Many starts",
    "bias": "Dead ReLU",
    "slice": "Sensitivity",
    "influences": "All parameters",
}

_HINTED: dict[Experiment, tuple[str, ...]] = {
    "rates": ("right", "down", "open", "back", "rates", "second", "scale", "updates", "help", "quit"),
    "rate finder": ("right", "open", "back", "second", "scale", "updates", "help", "quit"),
    "starts": ("right", "down", "more", "back", "second", "scale", "updates", "help", "quit"),
    "many starts": ("right", "down", "seed", "back", "second", "threshold", "updates", "help", "quit"),
    "bias": ("right", "down", "back", "scale", "updates", "help", "quit"),
    "slice": ("right", "down", "more", "nudge", "second", "back", "help", "quit"),
    "influences": ("down", "back", "second", "help", "quit"),
}
"""The keys hinted at below, the most needed first; as many as fit."""
_HINTED_WITHOUT_CHART = ("back", "help", "quit")
"""Where the network has nothing to try."""

_TITLES_OF_HINTS: dict[tuple[Experiment, str], str] = {
    ("rates", "second"): "rate finder",
    ("rate finder", "second"): "rates",
    ("starts", "second"): "many seeds",
    ("starts", "more"): "seed",
    ("many starts", "second"): "one seed",
    ("many starts", "seed"): "seed",
    ("slice", "second"): "all parameters",
    ("slice", "more"): "nudge",
    ("slice", "nudge"): "size",
    ("influences", "second"): "one parameter",
}
"""What a key is called here, where that says more than its title."""

_BARS = 3
"""Rows of title, tabs and hints."""

Outcome = Result | Waiting | None
"""What there is to show: a result, or how far its work is; None where the network has nothing to try."""


def experiments_page(view: View, outcome: Outcome, width: int, height: int, look: Look) -> Picture:
    """The page in exactly width × height cells."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return too_small(width, height, look)
    canvas = look.canvas(width, height)
    _draw_title(canvas, view, look)
    _draw_tabs(canvas, view, look)
    rows = height - _BARS
    if outcome is None:
        _draw_nothing(canvas, look)
    elif isinstance(outcome, Waiting):
        if outcome.share is not None:
            _draw_waiting(canvas, outcome.share, outcome.stopped, rows)
    else:
        canvas.blit(_DRAWN[view.experiment](view, outcome, width, rows, look), 0, 2)
    _draw_hints(canvas, view, _HINTED_WITHOUT_CHART if outcome is None else _HINTED[view.experiment], look)
    return canvas.picture()


def _draw_title(canvas: Canvas, view: View, look: Look) -> None:
    """Whose numbers these are, and what the experiment has set."""
    canvas.fill(0, 0, canvas.width, 1, " ", "title")
    # The weights of a start are its own, whatever update they are tried at.
    settings = [f"from update {view.update:,}"] if view.update > 1 and view.tab != "start" else []
    if view.tab != "sensitivity":
        settings.append(updates_text(view.updates_shown))
    if view.tab == "start":
        what = "seeds from" if view.experiment == "many starts" else "seed"
        settings.append(f"{what} {view.seed_shown}")
    if view.experiment != "rates" and view.experiment != "rate finder":
        settings.append(f"η {view.setup.hyperparameters.learning_rate:g}")
    right = look.say(look.apart.join(settings)) + " "
    left = look.say(f" Experiments{look.apart}{titled(view.title, view.setup)}")
    canvas.text(0, 0, shorten(left, canvas.width - len(right) - 2, look.ascii), "title")
    canvas.text(canvas.width - len(right), 0, right, "title")


def _draw_tabs(canvas: Canvas, view: View, look: Look) -> None:
    labels = [(f" {BY_NAME[f'tab:{tab}'].keys[0]} {tab} ", tab) for tab in TABS]
    x = canvas.width - sum(len(label) for label, _ in labels)
    canvas.text(1, 1, look.say(_TITLES[view.experiment]), "strong")
    for label, tab in labels:
        canvas.mark(f"key:tab:{tab}", x, 1, len(label))
        x = canvas.text(x, 1, label, "selected" if tab == view.tab else "dim")


def _draw_nothing(canvas: Canvas, look: Look) -> None:
    lines = (
        "No neuron of this network has a ReLU: none of them can die.",
        "A dead neuron is a ReLU that passes 0 on for every sample, and 0 back to its weights.",
        "The lessons lecture, dead-relu and dead-output have ReLUs: o in the stepper opens them.",
    )
    canvas.blit(words_picture([Words(line) for line in lines], canvas.width, 8, look), 0, 3)


def _draw_waiting(canvas: Canvas, share: float, stopped: bool, rows: int) -> None:
    """How far the work is, as a bar."""
    width = min(canvas.width - 20, 60)
    x, y = (canvas.width - width - 7) // 2, 2 + rows // 2 - 1
    says = "Stopped. Enter begins again." if stopped else "Training. Esc stops."
    canvas.text(x, y - 1, says, "strong")
    canvas.text(x, y, "░" * width, "dim")
    draw_bar(canvas, x, y, width, share, "phase.update")
    canvas.text(x + width + 2, y, f"{share:4.0%}")


def _draw_hints(canvas: Canvas, view: View, hinted: Sequence[str], look: Look) -> None:
    """What the last key had to say, or else the keys most needed."""
    y = canvas.height - 1
    if view.notice:
        draw_notice(canvas, y, view.notice, look)
        return
    x = 1
    for name in _hints_that_fit(view.experiment, hinted, canvas.width - 1, look):
        key, title = _hint(view.experiment, name, look)
        canvas.mark(f"key:{name}", x, y, len(key) + 1 + len(title))
        x = canvas.text(canvas.text(x, y, key, "key") + 1, y, title, "dim") + 2


def _hint(experiment: Experiment, name: str, look: Look) -> tuple[str, str]:
    title = _TITLES_OF_HINTS.get((experiment, name), BY_NAME[name].title)
    return key_sign(BY_NAME[name].keys[0], look.ascii), title


def _hints_that_fit(experiment: Experiment, hinted: Sequence[str], width: int, look: Look) -> list[str]:
    """The keys to hint at, from left to right; help and quit always have room."""
    used, fitting = 1, []
    for name in dict.fromkeys((*hinted[:2], "back", "help", "quit", *hinted)):
        cells = sum(map(len, _hint(experiment, name, look))) + 3
        if used + cells - 2 <= width:
            used += cells
            fitting.append(name)
    return sorted(fitting, key=hinted.index)
