"""Autoplay: a step at a time by itself, at one of several speeds."""

from __future__ import annotations

from collections.abc import Callable

from textual.timer import Timer

from tinynet_tui.engine.walks import number_text
from tinynet_tui.session.commands import BY_NAME, key_sign

_SPEEDS = (4.0, 2.0, 1.0, 0.5, 0.25, 0.1)
"""Seconds per step, from slow to fast."""
_NAMED = ("faster", "slower", "autoplay", "quit")
"""The commands whose keys are told while it plays: all others stop it as well."""


class Autoplay:
    """Plays one step after another; what it answers are the words to show."""

    def __init__(self, every: Callable[[float, Callable[[], None]], Timer], play: Callable[[], None]) -> None:
        self._every = every
        self._play = play
        self._timer: Timer | None = None
        self._speed = 2
        """Index into `_SPEEDS`."""

    def start(self) -> str:
        """Begin to play."""
        seconds = _SPEEDS[self._speed]
        self._timer = self._every(seconds, self._play)
        faster, slower, stop, leave = (key_sign(BY_NAME[name].keys[0]) for name in _NAMED)
        return (
            f"Autoplay, {number_text(seconds)} s a step: {faster} faster, {slower} slower, "
            f"{stop} stops, {leave} quits."
        )

    def stop(self) -> bool:
        """Play no more; returns whether it did play."""
        if self._timer is None:
            return False
        self._timer.stop()
        self._timer = None
        return True

    def change_speed(self, by: int) -> str:
        """Play faster (+1) or slower (−1), if it plays at all."""
        if not self.stop():
            return f"Autoplay is off: {key_sign(BY_NAME['autoplay'].keys[0])} starts it."
        self._speed = max(0, min(self._speed + by, len(_SPEEDS) - 1))
        return self.start()
