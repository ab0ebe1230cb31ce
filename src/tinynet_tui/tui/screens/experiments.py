"""The screen of experiments: keys become a new view, and the view a picture; work goes on beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from textual.timer import Timer

from tinynet_tui.drawing.experiments.keys import KEYS, after
from tinynet_tui.drawing.experiments.page import Outcome, experiments_page
from tinynet_tui.drawing.experiments.view import View
from tinynet_tui.drawing.experiments.work import Result, Waiting, Work, rate_and_update, result_of, work_of
from tinynet_tui.drawing.field import Field
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.experiments.watching import EVERY, PATIENCE, Stopped
from tinynet_tui.tui.experiments.answers import QUESTIONS
from tinynet_tui.tui.experiments.visit import Visit
from tinynet_tui.tui.page import Page, bindings
from tinynet_tui.tui.prompt import Question


class _Job:
    """Work that goes on in a thread; its `watch` is called there."""

    def __init__(self, work: Work) -> None:
        self.work = work
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


class ExperimentsPage(Page[Visit]):
    """Covers the stepper with the experiments; ends with the visit as it was left."""

    BINDINGS = bindings(KEYS)
    TABLE = KEYS
    HELP = "Keys of the experiments"

    def __init__(self, visit: Visit, theme: Theme, look: Look) -> None:
        super().__init__(theme, look)
        self.visit = visit
        """What is shown. Only `show` replaces its view."""
        self._job: _Job | None = None
        self._stopped: _Job | None = None
        self._ticking: Timer | None = None
        self.own |= {
            **{name: partial(self._ask, name) for name in QUESTIONS},
            "open": self._open,
            "leave": self._stop_or_leave,
            "back": lambda: self._end(self.visit),
            "quit": self._quit,
        }

    @property
    def stem(self) -> str:
        """How the name of a screenshot begins."""
        return "tinynet-experiments"

    # What is on screen

    @property
    def view(self) -> View:
        """What the page shows."""
        return self.visit.view

    @property
    def result(self) -> Result | None:
        """The result of the view, if it is there."""
        return self.visit.result(work_of(self.view))

    @property
    def is_working(self) -> bool:
        """Whether work goes on for the view."""
        return self._job is not None

    @property
    def outcome(self) -> Outcome:
        """What there is to show."""
        work = work_of(self.view)
        if work is None:
            return None
        if self._job is not None:
            return Waiting(self._job.share if self._job.told else None)
        if self._stopped is not None:
            return Waiting(self._stopped.share, stopped=True)
        return self.result or Waiting(None)

    def show(self, view: View) -> None:
        """Take another view; work for it goes on beside the keyboard, and work for the one before ends."""
        self.visit = replace(self.visit, view=view)
        work = work_of(view)
        if self._job is not None and self._job.work != work:
            self._end_job()
        if self._stopped is not None and self._stopped.work != work:
            self._stopped = None
        if work is not None and not self.is_working and self._stopped is None and self.result is None:
            self._start(work)
        self.draw()

    def picture(self, width: int, height: int) -> Picture:
        """The view with what there is to show of it."""
        outcome, before = self.outcome, self.drawn
        untold = isinstance(outcome, Waiting) and outcome.share is None
        # Most work is done before a person could read that it goes on: what was there stays until then.
        if untold and (before.width, before.height) == (width, height):
            return before
        return experiments_page(self.view, outcome, width, height, self.look)

    def change(self, name: str, argument: Any = None) -> None:
        """Change the view by a key of it."""
        self.show(after(self.view, name, argument, self.result))

    def say(self, words: str) -> None:
        """Show a line in place of the hints."""
        self.show(replace(self.view, notice=words))

    def clicked(self, name: str) -> None:
        """Choose what was clicked."""
        self.show(replace(self.view, notice="").choosing(int(name.partition(":")[2])))

    def scrolled(self, rows: int) -> None:
        """Move the cursor with the wheel."""
        self.action_do("right" if rows > 0 else "left")

    def on_mount(self) -> None:
        """Begin the work."""
        self.show(self.view)

    # Work

    def _start(self, work: Work) -> None:
        self._job = job = _Job(work)
        self._ticking = self.set_timer(PATIENCE, self._tell)
        self.run_worker(self._do(job))

    async def _do(self, job: _Job) -> None:
        try:
            result = await asyncio.to_thread(result_of, job.work, job.watch)
        except Stopped:
            return
        if self._job is job:
            self.visit.results[job.work.experiment] = (job.work, result)
            self._end_job()
            self.draw()

    def _tell(self) -> None:
        """Show the bar from now on."""
        if self._job is not None:
            self._job.told = True
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

    def _ask(self, name: str) -> None:
        asked = QUESTIONS[name]
        self.say("")
        offered = Field.holding(asked.typed(self.view))
        self.ask(Question(name, self.look.say(asked.label), asked.read, offered))

    # Leaving

    def _open(self) -> None:
        """Open the run and the update at the cursor, or resume what was stopped."""
        if self._stopped is not None:
            self._stopped = None
            self.show(self.view)
            return
        place = rate_and_update(self.view, self.result)
        if place is None:
            self.say("Enter opens an update of a run with one of the learning rates: 1 shows them.")
        else:
            self._end(self.visit.leaving_for(*place))

    def _stop_or_leave(self) -> None:
        if self._job is not None and self._job.told:
            self._stopped = self._job
            self._end_job()
            self.draw()
        elif self.view.notice:
            self.say("")
        else:
            self._end(self.visit)

    def _quit(self) -> None:
        self._end_job()
        self.app.exit()

    def _end(self, visit: Visit) -> None:
        self._end_job()
        self.leave(visit)
