"""Text on its way to a terminal that may be slow, stuck or gone."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

MOST_WAITING = 8
"""Pieces of output that may wait for a slow line; a frame beyond them is better drawn later, anew."""

_AT_ONCE = 512
"""Bytes: so few that a line of 9600 baud takes them within a second, so that it is not thought stuck."""
_STUCK_AFTER = 1.0
"""Seconds in which a terminal takes nothing at all."""


class Output:
    """Text on its way to the terminal, written by a thread of its own so that a slow line holds nothing up.

    When the terminal is gone or stuck, what is written vanishes: losing the screen is no error of the app's.
    """

    def __init__(self, fileno: int, caught_up: Callable[[], None]) -> None:
        self._fileno = fileno
        self._caught_up = caught_up
        """Called by that thread whenever nothing waits any more."""
        self._waiting: SimpleQueue[str | None] = SimpleQueue()
        self._taken = 0
        """How often the terminal has taken something."""
        self._abandoned = False
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    @property
    def is_behind(self) -> bool:
        """Whether as much is waiting as should."""
        return self._waiting.qsize() >= MOST_WAITING

    def write(self, text: str) -> None:
        """Have the text written; never waits."""
        if not self._abandoned:
            self._waiting.put(text)

    def close(self) -> None:
        """Wait until everything is written, or the terminal has taken nothing for a second."""
        self._waiting.put(None)
        taken = None
        while self._thread.is_alive() and taken != self._taken:
            taken = self._taken
            self._thread.join(timeout=_STUCK_AFTER)
        self._abandoned = True

    def _run(self) -> None:
        while (text := self._waiting.get()) is not None:
            rest = text.encode("utf-8", "replace")
            while rest and not self._abandoned:
                rest = rest[self._write(rest[:_AT_ONCE]) :]
            if self._waiting.empty():
                self._caught_up()

    def _write(self, piece: bytes) -> int:
        """Write what the terminal takes; returns how many bytes that was."""
        try:
            written = os.write(self._fileno, piece)
        except BlockingIOError:  # another program has left the terminal in a mode that does not wait
            select.select([], [self._fileno], [], _STUCK_AFTER)
            return 0
        except OSError:
            self._abandoned = True
            return 0
        self._taken += 1
        return written
