"""Autoplay: the next step again and again, at a speed of the learner's choice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer

from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.session import AUTOPLAY, PAUSES

if TYPE_CHECKING:
    from tinynet_tui.tui.app import Stepper


class Autoplay:
    """Does the steps of an app by itself, while it is on."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._playing: Timer | None = None
        self.pause = AUTOPLAY
        """Seconds that it takes for a step."""

    @property
    def is_on(self) -> bool:
        """Whether it plays."""
        return self._playing is not None

    def start(self) -> str:
        """Begin to play; returns what is said of it. All keys but those that it names stop it as well."""
        self._playing = self._stepper.set_interval(self.pause, self.go_on)
        named = "faster", "slower", "autoplay", "quit"
        faster, slower, stop, leave = map(self._stepper.look.keys.of, named)
        return (
            f"Autoplay, {number_text(self.pause)} s a step: {faster} faster, {slower} slower, "
            f"{stop} stops, {leave} quits."
        )

    def stop(self) -> bool:
        """Play no more; returns whether it did play."""
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()
        return playing is not None

    def start_at_other_speed(self, by: int) -> str:
        """Play on, faster (+1) or slower (−1); returns what is said of it."""
        others = [pause for pause in PAUSES if (pause - self.pause) * by < 0]
        self.pause = min(others, key=lambda pause: abs(pause - self.pause), default=self.pause)
        return self.start()

    def go_on(self) -> None:
        """Do the next step; play no more where there is none."""
        here = self._stepper.session
        there = after(here, Command("next"))
        if (there.update, there.step) == (here.update, here.step):
            self.stop()
            self._stepper.show(there)
        else:
            self._stepper.show(replace(there, notice=here.notice), by_itself=True)
