"""The page of experiments in the running app."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from tests.app.running import press, settled, until
from tinynet_tui.drawing.experiment_page import experiments_page
from tinynet_tui.drawing.look import Look
from tinynet_tui.experiments import table
from tinynet_tui.experiments.experiment_rows import Experiment, Inputs
from tinynet_tui.experiments.long_work import Watch
from tinynet_tui.experiments.page import PageState
from tinynet_tui.tui import experiments
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.experiments import ExperimentsPage
from tinynet_tui.tui.prompt import Prompt


def page_of(app: Stepper) -> ExperimentsPage:
    """The page, which has to be what is on screen."""
    assert isinstance(app.screen, ExperimentsPage)
    return app.screen


def is_open(app: Stepper) -> bool:
    """Whether the page is on screen."""
    return isinstance(app.screen, ExperimentsPage)


def prompt_of(app: Stepper) -> Prompt | None:
    """What is asked on the page, if anything is."""
    return page_of(app).prompt


async def worked(app: Stepper) -> None:
    """Wait until no work goes on, and all is drawn."""
    await until(app, lambda: not (is_open(app) and page_of(app).is_working))
    await settled(app)


async def press_and_work(app: Stepper, *keys: str) -> None:
    """Press keys one after another, each when the work for the one before is done."""
    for key in keys:
        await press(app, key)
        await worked(app)


def assert_page_is(app: Stepper, state: PageState, result: object) -> None:
    """The page is at a state, and shows what a pure drawing of it is."""
    page = page_of(app)
    assert page.state == state
    width, height = app.size
    assert page.board.picture == experiments_page(state, result, width, height, Look())


class Held:
    """Work that waits in its thread until it is let go; tells its bar at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: list[Inputs] = []
        self.ended: list[Inputs] = []
        self.go_on = Event()
        monkeypatch.setattr(experiments, "PATIENCE", 0.001)
        monkeypatch.setattr(table, "EXPERIMENTS", tuple(self._held(row) for row in table.EXPERIMENTS))

    def _held(self, row: Experiment[Any]) -> Experiment[Any]:
        """An experiment whose work waits."""

        def compute(inputs: Inputs, watch: Watch) -> object:
            self.begun.append(inputs)
            try:
                while not self.go_on.is_set():
                    watch(0.25)
                    self.go_on.wait(0.001)
                return row.compute(inputs, watch)
            finally:
                self.ended.append(inputs)

        return replace(row, compute=compute)
