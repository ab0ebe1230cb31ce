"""Views of experiments with their results, for tests."""

from __future__ import annotations

from dataclasses import replace

from tinynet_tui.drawing.experiments.keys import after
from tinynet_tui.drawing.experiments.view import TABS, Experiment, View
from tinynet_tui.drawing.experiments.work import Result, result_of, work_of
from tinynet_tui.experiments.watch import unwatched
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session.commands import start
from tinynet_tui.tui.experiments.visit import visit

KEYS_TO: dict[Experiment, tuple[str, ...]] = {
    experiment: (f"tab:{tab}", *(("second",) if place else ()))
    for tab, experiments in TABS.items()
    for place, experiment in enumerate(experiments)
}
"""The keys, by name, that lead from the opened page to each experiment."""


def view_of(lesson: Lesson, experiment: Experiment, selected: str = "w1") -> View:
    """The page as it opens on a lesson, gone on to an experiment."""
    view = visit(replace(start(lesson), selected=selected), None).view
    for name in KEYS_TO[experiment]:
        view = after(view, name)
    return view


def result_for(view: View) -> Result | None:
    """The result that a view shows; None where there is nothing to try."""
    work = work_of(view)
    return None if work is None else result_of(work, unwatched)


def pressed(view: View, *names: str) -> View:
    """The view after keys, by name, each with the result that is shown then."""
    for name in names:
        view = after(view, name, result=result_for(view))
    return view
