"""The page of experiments: keys become a new view, and the view a picture; work goes on beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from textual.timer import Timer

from tinynet_tui.drawing.experiment_page import ShownExperiment, Waiting
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.experiments.experiment_rows import Experiment, Inputs
from tinynet_tui.experiments.long_work import EVERY, PATIENCE, Stopped
from tinynet_tui.experiments.page import PageState
from tinynet_tui.experiments.page_keys import after, asked_by_key, key_of, keys
from tinynet_tui.experiments.page_of_session import OpenPage
from tinynet_tui.tui.later import later
from tinynet_tui.tui.page import Page, bindings
from tinynet_tui.tui.prompt import Prompt


class _Job:
    """Work that goes on in a thread; its `watch` is called there."""

    def __init__(self, experiment: Experiment[Any], inputs: Inputs) -> None:
        self.experiment = experiment
        self.inputs = inputs
        self.share = 0.0
        self.told = False
        """Whether it has taken so long that its bar is shown."""
        self._wanted = True

    def watch(self, share: float) -> None:
        """Take note of how far the work is; end it where it is not wanted any more."""
        if not self._wanted:
            raise Stopped
        self.share = share

    def stop(self) -> None:
        """Let it end at its next look."""
        self._wanted = False


class ExperimentsPage(Page[OpenPage]):
    """Covers the stepper with the experiments; ends with the page as it was left."""

    BINDINGS = bindings(keys())
    TABLE = keys()
    HELP = "Keys of the experiments"

    def __init__(self, page: OpenPage, theme: Theme, look: Look) -> None:
        super().__init__(theme, look)
        self.page = page
        """What is shown. Only `show` replaces its state."""
        self._job: _Job | None = None
        self._stopped: _Job | None = None
        self._ticking: Timer | None = None
        self.own |= {
            "open": self._open,
            "leave": self._stop_or_leave,
            "back": lambda: self._end(self.page),
        }

    @property
    def stem(self) -> str:
        """How the name of a screenshot begins."""
        return "tinynet-experiments"

    # What is on screen

    @property
    def state(self) -> PageState:
        """What the page shows."""
        return self.page.state

    @property
    def is_working(self) -> bool:
        """Whether work goes on for it."""
        return self._job is not None

    @property
    def outcome(self) -> object:
        """The result, or how far its work is; None where there is nothing to do it with."""
        if self.state.inputs is None:
            return None
        if self._job is not None:
            return Waiting(self._job.share if self._job.told else None)
        if self._stopped is not None:
            return Waiting(self._stopped.share, stopped=True)
        return Waiting(None) if self.page.result is None else self.page.result

    def show(self, state: PageState) -> None:
        """Take another state; work for it goes on beside the keyboard, and work for the one before ends."""
        self.page = replace(self.page, state=state)
        inputs = state.inputs
        if self._job is not None and self._job.inputs != inputs:
            self._end_job()
        if self._stopped is not None and self._stopped.inputs != inputs:
            self._stopped = None
        if inputs is not None and not self.is_working and self._stopped is None and self.page.result is None:
            self._start(_Job(state.row, inputs))
        self.draw()

    def picture(self, width: int, height: int) -> Picture:
        """The state of the page with its results."""
        outcome, before = self.outcome, self.drawn
        untold = isinstance(outcome, Waiting) and outcome.share is None
        # Most work is done before a person could read that it goes on: what was there stays until then.
        if untold and (before.width, before.height) == (width, height):
            return before
        self.cover = ShownExperiment(self.state, outcome)
        return self.cover.picture(width, height, self.look)

    def change(self, name: str, argument: Any = None) -> None:
        """Ask for the option of a key, or change the state by it."""
        option = None if argument is not None else asked_by_key(self.state, name)
        if option is None:
            self.show(after(self.state, name, argument, self.page.result))
        elif (prompt := option.prompt) is not None:
            self.say("")
            offered = Field.holding(prompt.written(self.state[option]))
            self.ask(Prompt(name, self.look.say(prompt.label), prompt.read, offered))

    def say(self, words: str) -> None:
        """Show a line in place of the hints."""
        self.show(replace(self.state, notice=words))

    def clicked(self, name: str) -> None:
        """Choose what was clicked."""
        self.show(replace(self.state, notice="").choosing(int(name.partition(":")[2])))

    def scrolled(self, rows: int) -> None:
        """Move the cursor with the wheel."""
        self.action_do("right" if rows > 0 else "left")

    def on_mount(self) -> None:
        """Begin the work."""
        self.show(self.state)

    # Work

    def _start(self, job: _Job) -> None:
        self._job = job
        later(self, PATIENCE, lambda: self._tell(job))
        self.run_worker(self._do(job))

    async def _do(self, job: _Job) -> None:
        try:
            result = await asyncio.to_thread(job.experiment.compute, job.inputs, job.watch)
        except Stopped:
            return
        if self._job is job:
            self.page.results[job.experiment.name] = (job.inputs, result)
            self._end_job()
            self.draw()

    def _tell(self, job: _Job) -> None:
        """Show the bar of work that goes on, from now on."""
        if self._job is job:
            job.told = True
            self._ticking = self.set_interval(EVERY, self.draw)
            self.draw()

    def _end_job(self) -> None:
        if self._job is not None:
            self._job.stop()
            self._job = None
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def on_unmount(self) -> None:
        """Let no work go on, however the screen ends."""
        self._end_job()

    # Leaving

    def _open(self) -> None:
        """Open the run and the update at the cursor, or resume what was stopped."""
        if self._stopped is not None:
            self._stopped = None
            self.show(self.state)
            return
        opens, result = self.state.row.special.opens, self.page.result
        if opens is None or result is None:
            key, rates = key_of("open"), key_of("tab:rates")
            self.say(f"{key} opens an update of a run with one of the learning rates: {rates} shows them.")
        else:
            self._end(self.page.leaving_for(*opens(result, self.state.at(result))))

    def _stop_or_leave(self) -> None:
        if self._job is not None and self._job.told:
            self._stopped = self._job
            self._end_job()
            self.draw()
        elif self.state.notice:
            self.say("")
        else:
            self._end(self.page)

    def _end(self, page: OpenPage) -> None:
        self._end_job()
        self.leave(page)
