"""The screen of experiments: keys become a new view, and the view a picture; work goes on beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.timer import Timer

from tinynet_tui.drawing.experiment_page import Waiting, experiments_page
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.experiments.page import PageState
from tinynet_tui.experiments.page_keys import after, asked_by_key, keys
from tinynet_tui.experiments.page_of_session import OpenPage
from tinynet_tui.experiments.row import Experiment, Inputs
from tinynet_tui.experiments.watch import EVERY, PATIENCE, Stopped
from tinynet_tui.tui.answers import complaint
from tinynet_tui.tui.board import Board, BoardScreen
from tinynet_tui.tui.files import written
from tinynet_tui.tui.keys import entry_of, no_key
from tinynet_tui.tui.lists import key_choices
from tinynet_tui.tui.prompt import Answer, Prompt
from tinynet_tui.tui.screens.choice import ChoiceScreen
from tinynet_tui.tui.terminal_app import TerminalApp


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


class ExperimentsScreen(BoardScreen[OpenPage]):
    """Covers the stepper with the experiments; ends with the page as it was left."""

    def __init__(self, page: OpenPage, theme: Theme, look: Look) -> None:
        super().__init__()
        self.page = page
        """What is shown. Only `show` replaces its state."""
        self._theme = theme
        self._look = look
        self._board = Board(theme)
        self._question = Prompt(theme, look.ascii)
        self._job: _Job | None = None
        self._stopped: _Job | None = None
        self._ticking: Timer | None = None
        self._drawing = False
        self._left = False
        self._own: dict[str, Callable[[], None]] = {
            "open": self._open,
            "screenshot": self._take_screenshot,
            "help": self._choose_key,
            "leave": self._stop_or_leave,
            "back": lambda: self._leave(self.page),
            "quit": self._quit,
            "redraw": lambda: self._terminal_app.draw_anew(),
            "mouse": lambda: self._say(self._terminal_app.switch_mouse()),
            "suspend": lambda: self._say(self._terminal_app.suspended()),
        }

    def compose(self) -> ComposeResult:
        """The board, and the prompt over its last row."""
        yield self._board
        yield self._question

    # What is on screen

    @property
    def _terminal_app(self) -> TerminalApp:
        assert isinstance(self.app, TerminalApp)
        return self.app

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
        self._draw()

    def _draw(self) -> None:
        """Draw once for all keys that wait."""
        if not self._drawing:
            self._drawing = True
            self.call_later(self._draw_now)

    def _draw_now(self) -> None:
        self._drawing = False
        outcome = self.outcome
        untold = isinstance(outcome, Waiting) and outcome.share is None
        width, height = self.app.size
        before = self._board.picture
        # Most work is done before a person could read that it goes on: what was there stays until then.
        if not untold or (before.width, before.height) != (width, height):
            self._board.show(experiments_page(self.state, outcome, width, height, self._look))

    def _say(self, notice: str) -> None:
        self.show(replace(self.state, notice=notice))

    def on_mount(self) -> None:
        """Begin the work."""
        self.show(self.state)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._draw()

    # Work

    def _start(self, job: _Job) -> None:
        self._job = job
        self._ticking = self.set_timer(PATIENCE, self._tell)
        self.run_worker(self._do(job))

    async def _do(self, job: _Job) -> None:
        try:
            result = await asyncio.to_thread(job.experiment.compute, job.inputs, job.watch)
        except Stopped:
            return
        if self._job is job:
            self.page.results[job.experiment.name] = (job.inputs, result)
            self._end_job()
            self._draw()

    def _tell(self) -> None:
        """Show the bar from now on."""
        if self._job is not None:
            self._job.told = True
            self._ticking = self.set_interval(EVERY, self._draw)
            self._draw()

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

    # Keys and clicks

    def on_key(self, event: events.Key) -> None:
        """Do what a key stands for; none goes on to the screen below."""
        event.stop()
        if self._question.takes(event, self._answered):
            return
        key = entry_of(event, {sign: key for key in keys() for sign in key.keys})
        if key is None:
            self._say(no_key(event))
        else:
            self.do(key.name)

    def do(self, name: str) -> None:
        """Do what a key stands for, by its name."""
        if refusal := self._terminal_app.reach.refusal(name):
            self._say(refusal)
        elif name in self._own:
            self._own[name]()
        elif asked_by_key(self.state, name) is not None:
            self._ask(name)
        else:
            self.show(after(self.state, name, result=self.page.result))

    def on_paste(self, event: events.Paste) -> None:
        """Give pasted text to the question that is open."""
        event.stop()
        self._question.paste(event.text)

    def on_board_clicked(self, message: Board.Clicked) -> None:
        """Choose what was clicked, or do the key of a hint or a tab."""
        message.stop()
        kind, _, name = message.name.partition(":")
        if self._question.is_open:
            return
        if kind == "key":
            self.do(name)
        else:
            self.show(replace(self.state, notice="").choosing(int(name)))

    def on_board_scrolled(self, message: Board.Scrolled) -> None:
        """Move the cursor with the wheel."""
        message.stop()
        if not self._question.is_open:
            self.do("right" if message.rows > 0 else "left")

    # Questions

    def _ask(self, name: str) -> None:
        option = asked_by_key(self.state, name)
        if option is not None and (prompt := option.prompt) is not None:
            self._say("")
            typed = prompt.written(self.state[option])
            self._question.ask(self._look.say(prompt.label), typed, complaint(prompt.read), name=name)

    def _answered(self, answer: Answer) -> None:
        option = asked_by_key(self.state, answer.name)
        if option is not None and option.prompt is not None:
            value = option.prompt.read(answer.text)
            self.show(after(self.state, answer.name, value, self.page.result))

    def _choose_key(self) -> None:
        def chosen(name: str | None) -> None:
            if name is not None:
                self.do(name)

        choices = key_choices(keys(), self._look.ascii)
        self.app.push_screen(
            ChoiceScreen("Keys of the experiments", choices, self._theme, self._look.ascii), chosen
        )

    # Leaving

    def _open(self) -> None:
        """Open the run and the update at the cursor, or resume what was stopped."""
        if self._stopped is not None:
            self._stopped = None
            self.show(self.state)
            return
        opens, result = self.state.row.opens, self.page.result
        if opens is None or result is None:
            self._say("Enter opens an update of a run with one of the learning rates: 1 shows them.")
        else:
            self._leave(self.page.leaving_for(*opens(result, self.state.at(result))))

    def _stop_or_leave(self) -> None:
        if self._job is not None and self._job.told:
            self._stopped = self._job
            self._end_job()
            self._draw()
        elif self.state.notice:
            self._say("")
        else:
            self._leave(self.page)

    def _leave(self, page: OpenPage) -> None:
        """End with the page. A second key of the same moment comes too late, and is dropped."""
        if self.is_current and not self._left:
            self._left = True
            self._end_job()
            self.dismiss(page)

    def _quit(self) -> None:
        self._end_job()
        self.app.exit()

    def _take_screenshot(self) -> None:
        from tinynet_tui.drawing.svg import picture_svg

        picture = picture_svg(self._board.picture, self._theme)
        self._say(written("as a picture", "tinynet-experiments", ".svg", picture))
