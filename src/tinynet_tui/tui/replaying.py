"""A recorded class, walked through at one's own pace."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tinynet_tui.classroom.last_row import with_last_row
from tinynet_tui.classroom.recording import Recorded
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import BY_NAME, COMMANDS, command_table, key_sign, page_row, place_of_key
from tinynet_tui.session.session import PANELS, Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.later import later
from tinynet_tui.tui.page import bindings
from tinynet_tui.tui.stepper import StepperPage

_LONGEST_WAIT = 60.0
"""Seconds that a pause of the class takes at the most when it is played."""

*_OF_REPLAY, _BACK = command_table(
    page_row("next-place", ("right", "l"), "next place", "Go to the next place of the class."),
    page_row("previous-place", ("left", "h", "backspace"), "place back", "Go to the place before."),
    page_row("first-place", ("home", "0"), "first place", "Go to the start of the class."),
    page_row("last-place", ("end", "$"), "last place", "Go to the end of the class."),
    page_row("play", ("space",), "play", "Play the class as fast as it was; {play} again stops."),
    page_row("step-alone", ("enter",), "step alone", "Step by yourself; {follow} brings you back."),
    page_row("follow", ("F",), "follow", "Come back to the recorded class."),
).values()
"""The commands of a replay, and last the one that leads back to it."""
_LOOKS = (
    *PANELS,
    "select-next",
    "select-previous",
    "precision",
    "read",
    "screenshot",
    "copy",
    "mouse",
    "help",
)
_TABLE = (*_OF_REPLAY, *(BY_NAME[name] for name in (*_LOOKS, "redraw", "quit", "suspend")))


class ReplayPage(StepperPage, inherit_bindings=False):
    """Shows the places of a recorded class."""

    BINDINGS = bindings(_TABLE)
    TABLE = _TABLE

    def __init__(self, replayer: Stepper) -> None:
        assert isinstance(replayer, Replayer)
        super().__init__(replayer)
        self.own |= {
            "next-place": lambda: replayer.go(replayer.place + 1),
            "previous-place": lambda: replayer.go(replayer.place - 1),
            "first-place": lambda: replayer.go(0),
            "last-place": lambda: replayer.go(len(replayer.places) - 1),
            "play": replayer.switch_play,
            "step-alone": replayer.step_alone,
        }

    def scrolled(self, rows: int) -> None:
        """Go from place to place with the wheel."""
        self.action_do("next-place" if rows > 0 else "previous-place")


class OwnStepsPage(StepperPage):
    """Steps by oneself from a place of a recorded class."""

    BINDINGS = bindings([_BACK])
    TABLE = (*COMMANDS, _BACK)

    def __init__(self, replayer: Stepper) -> None:
        super().__init__(replayer)
        self.own |= {"follow": self.leave}


class Replayer(Stepper):
    """Walks through a recorded class."""

    PAGE = ReplayPage
    offers_practice = False

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        *,
        places: Sequence[Recorded],
        **stepper: Any,
    ) -> None:
        self.places = places
        self.place = 0
        """The index of the place that is shown."""
        self._playing: asyncio.TimerHandle | None = None
        super().__init__(session, look, theme, state, **stepper)

    def picture(self, width: int, height: int) -> Picture:
        """The session, with the place in the last row, where nothing else is to be said."""
        drawn = super().picture(width, height)
        if self.session.notice:
            return drawn
        seconds = int(self.places[self.place].seconds)
        time = f"{seconds // 60}:{seconds % 60:02}"
        if isinstance(self.page, OwnStepsPage):
            parts: tuple[str, ...] = (
                "by yourself",
                f"the class is at {time}",
                f"{key_sign(_BACK.keys[0])} comes back",
            )
        else:
            keys = {row.name: key_sign(row.keys[0], self.look.ascii) for row in _OF_REPLAY}
            parts = (
                f"place {self.place + 1} of {len(self.places)}",
                time,
                f"{keys['next-place']} {keys['previous-place']} places",
                f"{keys['play']} {'stops' if self._playing else 'plays'}",
                f"{keys['step-alone']} steps alone",
                f"{place_of_key('quit')} quits",
            )
        return with_last_row(drawn, parts, self.look)

    def go(self, place: int) -> None:
        """Show a place by its index, as the panel and the digits are now."""
        self._stop()
        self._go(place)

    def _go(self, place: int) -> None:
        self.place = max(0, min(place, len(self.places) - 1))
        here = self.session
        there = self.places[self.place].session
        self.show(replace(there, panel=here.panel, view=here.view, digits=here.digits))

    def switch_play(self) -> None:
        """Play from here on, or stop."""
        if not self._stop():
            self._play_on()
        self.page.draw()

    def _stop(self) -> bool:
        """Play no more; returns whether it did play."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.cancel()
        return playing is not None

    def _play_on(self) -> None:
        """Wait as long as the class did, then show the next place."""
        if self.place + 1 < len(self.places):
            now, after_it = self.places[self.place : self.place + 2]
            wait = min(max(after_it.seconds - now.seconds, 0.01), _LONGEST_WAIT)
            self._playing = later(self, wait, self._played)

    def _played(self) -> None:
        self._playing = None
        self._go(self.place + 1)
        self._play_on()
        self.page.draw()

    def step_alone(self) -> None:
        """Step by oneself from here, until F."""
        self._stop()
        replaying, self.page = self.page, OwnStepsPage(self)

        def came_back(_: None) -> None:
            self.page = replaying
            self._go(self.place)

        self.push_screen(self.page, came_back)
