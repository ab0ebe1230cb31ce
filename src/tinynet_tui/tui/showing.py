"""An app that shows a session: it trains for it beside the keyboard, draws it, and keeps the position."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from textual import events
from textual.geometry import Size
from textual.timer import Timer

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import LARGEST_HEIGHT, LARGEST_WIDTH
from tinynet_tui.drawing.screen import being_computed, screen
from tinynet_tui.drawing.theme import GROUNDS, Theme
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.history import initial_setup, train_on
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Session
from tinynet_tui.tui.beside import beside
from tinynet_tui.tui.board import Board
from tinynet_tui.tui.last_position import LastPosition
from tinynet_tui.tui.reach import OPEN, Reach
from tinynet_tui.tui.terminal_app import TerminalApp

if TYPE_CHECKING:
    from tinynet_tui.frameworks.costs import Costs

_KEPT_AFTER = 0.5
"""Seconds after a change at which the position is kept: a kill loses no more, a full disk is told soon."""
_TRAINING, _MEASURING = "training", "measuring"
"""The groups of workers: any key ends the first."""
_TRAINED_AT_ONCE = 200_000
"""Parameters times samples times updates between two looks at the keyboard while training goes a long way."""
_COMPUTED_AT_ONCE = 20_000
"""Parameters times samples: what an update of more comes to is computed beside the keyboard."""


class SessionApp(TerminalApp, inherit_bindings=False):
    """Has a session on its board. What keys do to it is another matter."""

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        differences: bool = True,
        reach: Reach = OPEN,
    ) -> None:
        super().__init__(theme, differences, reach)
        far = train_on(session, _updates_at_once(session)) > 0
        self.session = replace(session, update=1, step=0) if far else session
        """Where the learner is."""
        self._opening = session if far else None
        """Where the learner will be once it is trained for, from the opening of the app on."""
        self._computed: Session | None = None
        """The update that was last computed beside the keyboard."""
        self._computing = False
        self.last_position = LastPosition(state, session, reach, self._tell)
        self._look = look
        self._theme = theme
        self._room = Size(0, 0)
        self._drawing = False
        self._keeping: Timer | None = None
        self._acted = time()
        """When the learner last did something."""
        self._costs: Costs | None = None

    # What is on screen

    @property
    def board(self) -> Board:
        """The board of the main screen, also while a list covers it."""
        return self.screen_stack[0].query_one("#board", Board)

    def screenshot(self) -> str:
        """The screen as an SVG picture."""
        from tinynet_tui.drawing.svg import picture_svg

        return picture_svg(self.screen.query(Board).first().picture, self._theme)

    @property
    def moment(self) -> Moment:
        """The session with its numbers."""
        return moment(self.session)

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        self._room = event.size
        self._draw()

    # Another session

    def on_mount(self) -> None:
        """Go where the app was opened, if that is far."""
        if self._opening is not None:
            self.show(self._opening)

    def on_ready(self) -> None:
        """Give a page in a browser the colours that the palette is for: it has none of its user's choice."""
        if self.driver is not None and self.driver.is_web:
            foreground, background = GROUNDS[self._theme.palette]
            self.driver.write(f"\x1b]10;{foreground}\a\x1b]11;{background}\a")

    def show(self, session: Session, by_itself: bool = False) -> None:
        """Take another session, and draw it; training that takes long goes on beside the keyboard.

        by_itself: whether no key and no click has asked for it.
        """
        if not by_itself:
            self._acted = time()
        self._stop_training()
        if train_on(session, _updates_at_once(session)) > 0:
            self.run_worker(self._train_and_show(session), group=_TRAINING)
        else:
            self._arrive(session)

    def _stop_training(self) -> None:
        self.workers.cancel_group(self, _TRAINING)

    async def _train_and_show(self, session: Session) -> None:
        while (left := train_on(session, _updates_at_once(session))) > 0:
            self._say(f"Training: {left:,} updates to go. Esc stops.")
            await asyncio.sleep(0)
        self._arrive(session)

    def _arrive(self, session: Session) -> None:
        self.session, self._opening = session, None
        self.arrived()
        self._draw()
        # Not begun anew by the next change: keys that never pause would put it off for ever.
        if self._keeping is None:
            self._keeping = self.set_timer(_KEPT_AFTER, self._keep)

    def command(self, name: str, argument: object = None) -> None:
        """Have a command of the session done."""
        self.show(after(self.session, Command(name, argument)))

    def arrived(self) -> None:
        """Do what there is to do when another session is shown."""

    def _draw(self) -> None:
        """Draw once for all keys that wait: a burst of them must not wait for pictures that nobody sees."""
        if not self._drawing:
            self._drawing = True
            self.call_later(self._draw_now)

    def _draw_now(self) -> None:
        self._drawing = False
        width, height = self._room
        if self._is_computed():
            self.board.show(screen(self.moment, width, height, self._look, self._costs))
        else:
            self.board.show(being_computed(self.session, self.board.picture, width, height, self._look))
            if not self._computing:
                self._computing = True
                self.run_worker(self._compute(self.session))

    def _is_computed(self) -> bool:
        """Whether the numbers of the update are there, or there at once."""
        setup = initial_setup(self.session)
        large = len(setup.parameters) * len(setup.inputs) > _COMPUTED_AT_ONCE
        return not large or self._computed == _update_of(self.session)

    async def _compute(self, session: Session) -> None:
        """Compute what a large network's update comes to, and then draw it, or what has come after it."""
        await beside(lambda: screen(moment(session), LARGEST_WIDTH, LARGEST_HEIGHT, self._look))
        self._computed, self._computing = _update_of(session), False
        self._draw()

    def _say(self, notice: str) -> None:
        """Show a line in place of the hints."""
        self.session = replace(self.session, notice=notice)
        self._draw()

    # Costs

    def measure_costs(self) -> None:
        """Measure what an update costs, beside the keyboard."""
        self.run_worker(self._measure_costs(), group=_MEASURING, exclusive=True)

    async def _measure_costs(self) -> None:
        from tinynet_tui.tui.measuring import measured

        async for costs in measured(self.moment.setup, lesson_text(self.session.lesson)):
            self._costs = costs
            self._draw()

    # The position

    @property
    def _place(self) -> Session:
        """What is kept: where the learner is, or is still on the way to from the opening on."""
        return self._opening or self.session

    def _keep(self) -> None:
        self._keeping = None
        self.last_position.keep(self._place, self._acted)

    def _tell(self, words: str) -> None:
        """Show a line, from any thread."""
        self.call_later(self._say, words)

    def on_unmount(self) -> None:
        """Keep the position, however the app ends."""
        self.last_position.keep_now(self._place, self._acted)


def _update_of(session: Session) -> Session:
    """The update that a session is in, and nothing else of it."""
    return Session(session.lesson, session.edits, session.seed, session.update)


def _updates_at_once(session: Session) -> int:
    setup = initial_setup(session)
    return max(1, _TRAINED_AT_ONCE // (len(setup.parameters) * len(setup.inputs)))
