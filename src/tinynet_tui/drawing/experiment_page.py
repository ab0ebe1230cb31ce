"""The page of experiments: title, tabs, the experiment that is shown, and the hints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tinynet_tui.drawing.experiment_charts import LEAST_CHART, charts_picture, stacked, words_picture
from tinynet_tui.drawing.header_and_hints import draw_keys_that_fit, draw_labels, draw_notice
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.run_table import run_table_picture
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH, too_small
from tinynet_tui.experiments.experiment_rows import Page
from tinynet_tui.experiments.page import PageState, other_on_tab, tabs
from tinynet_tui.experiments.page_keys import key_of, keys
from tinynet_tui.experiments.varied_run import RunTable
from tinynet_tui.session.commands import key_sign
from tinynet_tui.teaching.charts import BarChart, bar_text
from tinynet_tui.teaching.sample_or_batch import titled

_HINTED_WITHOUT_CHART = ("back", "help", "quit")
"""Where the network has nothing to try."""

_BARS = 3
"""Rows of title, tabs and hints."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """There is no result yet."""

    share: float | None
    """Of the work that is done, from 0 to 1; None while that is not worth a word."""
    stopped: bool = False
    """Whether the work was stopped."""


@dataclass(frozen=True, slots=True)
class ShownExperiment:
    """The page as it fills a screen of any size."""

    doing: ClassVar[str] = "is looking at experiments"

    state: PageState
    outcome: object
    """As `experiments_page` takes it."""

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The whole screen."""
        return experiments_page(self.state, self.outcome, width, height, look)


def experiments_page(state: PageState, result: object, width: int, height: int, look: Look) -> Picture:
    """The page in exactly width × height cells.

    result: what was computed, or how far its work is (`Waiting`); None where there is nothing to do it with.
    """
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return too_small(width, height, look)
    canvas = look.canvas(width, height)
    _draw_title(canvas, state, look)
    canvas.text(1, 1, look.say(state.row.title), "strong")
    labels = [(f"{number} {tab}", f"tab:{tab}") for number, tab in enumerate(tabs(), start=1)]
    draw_labels(canvas, width, 1, labels, f"tab:{state.row.topic.tab}")
    rows = height - _BARS
    if result is None:
        nothing = state.row.topic.choice.nothing
        canvas.blit(words_picture(nothing, width, _BARS + len(nothing), look), 0, 3)
    elif not isinstance(result, Waiting):
        canvas.blit(_content(state.row.page(result, state.at(result)), width, rows, look), 0, 2)
    elif result.share is not None:
        _draw_waiting(canvas, result.share, result.stopped, rows)
    _draw_hints(canvas, state, _HINTED_WITHOUT_CHART if result is None else state.row.hints.split(), look)
    return canvas.picture()


def _content(page: Page, width: int, height: int, look: Look) -> Picture:
    """The charts above, and below them what is said, in as many rows as they leave to it."""
    if isinstance(page.below, RunTable):
        below = run_table_picture(page.below, width, height, look)
    else:
        is_bars = isinstance(page.charts[0], BarChart)
        below = words_picture(page.below, width, height // 3 if is_bars else height - LEAST_CHART, look)
    return stacked(charts_picture(page.charts, width, height - below.height, look), below, height, look)


def _draw_title(canvas: Canvas, state: PageState, look: Look) -> None:
    """Whose numbers these are, and what the experiment has set."""
    canvas.fill(0, 0, canvas.width, 1, " ", "title")
    row = state.row
    # The weights of a start are its own, whatever update they are tried at.
    settings = [f"from update {state.update:,}"] if state.update > 1 and not row.has_own_start else []
    settings += row.settings(state.given)
    if not row.has_own_rate:
        settings.append(f"η {state.setup.hyperparameters.learning_rate:g}")
    right = look.say(look.apart.join(settings)) + " "
    left = look.say(f" Experiments{look.apart}{titled(state.title, state.setup)}")
    canvas.text(0, 0, shorten(left, canvas.width - len(right) - 2, look.ascii), "title")
    canvas.text(canvas.width - len(right), 0, right, "title")


def _draw_waiting(canvas: Canvas, share: float, stopped: bool, rows: int) -> None:
    """How far the work is, as a bar."""
    width = min(canvas.width - 20, 60)
    x, y = (canvas.width - width - 7) // 2, 2 + rows // 2 - 1
    again, stop = key_of("open"), key_of("leave")
    says = f"Stopped. {again} begins again." if stopped else f"Training. {stop} stops."
    canvas.text(x, y - 1, says, "strong")
    canvas.text(x, y, "░" * width, "dim")
    canvas.text(x, y, bar_text(share, width), "phase.update")
    canvas.text(x + width + 2, y, f"{share:4.0%}")


def _draw_hints(canvas: Canvas, state: PageState, hinted: Sequence[str], look: Look) -> None:
    """What the last key had to say, or else the keys most needed."""
    y = canvas.height - 1
    if state.notice:
        draw_notice(canvas, y, state.notice, look)
        return
    other = other_on_tab(state)
    called = {"other-chart": other.short_title if other else "", **dict(state.row.special.hint_titles)}
    by_name = {key.name: key for key in keys()}
    hints = {
        name: (key_sign(by_name[name].keys[0], look.ascii), called.get(name, by_name[name].title))
        for name in hinted
    }
    draw_keys_that_fit(canvas, 1, y, hints, (*hinted[:2], "back", "help", "quit"))
