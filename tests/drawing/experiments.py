"""Pages of experiments with their results, for tests."""

from __future__ import annotations

from dataclasses import replace

from tinynet_tui.experiments.long_work import unwatched
from tinynet_tui.experiments.page import PageState
from tinynet_tui.experiments.page_keys import after
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.experiments.table import EXPERIMENTS
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session.commands import start

NAMES = [row.name for row in EXPERIMENTS]


def state_of(lesson: Lesson, experiment: str, selected: str = "w1") -> PageState:
    """The page as it opens on a lesson, gone on to an experiment."""
    state = opened_page(replace(start(lesson), selected=selected), None).state
    tab = state.showing(experiment).row.topic.tab
    state = after(state, f"tab:{tab}")
    while state.experiment != experiment:
        state = after(state, "other-chart")
    return state


def result_for(state: PageState) -> object:
    """The result that a page shows; None where there is nothing to try."""
    return None if state.inputs is None else state.row.compute(state.inputs, unwatched)


def pressed(state: PageState, *names: str) -> PageState:
    """The page after keys, by name, each with the result that is shown then."""
    for name in names:
        state = after(state, name, result=result_for(state))
    return state
