"""Text on its way to a terminal that may be slow, stuck or gone."""

from __future__ import annotations

import contextlib
import os
from queue import Full, Queue
from threading import Thread

MOST_WAITING = 30
"""Pieces of output that may wait for a slow line before the app waits too."""


class Output:
    """Text on its way to the terminal, written by a thread of its own so that a slow line holds nothing up.

    When the terminal is gone or stuck, what is written vanishes: losing the screen is no error of the app's.
    """

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno
        self._waiting: Queue[str | None] = Queue(maxsize=MOST_WAITING)
        self._abandoned = False
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        """Have the text written; wait while too much is waiting already."""
        while not self._abandoned:
            with contextlib.suppress(Full):
                self._waiting.put(text, timeout=0.1)
                return

    def abandon_if_stuck(self) -> None:
        """Give the terminal up if it takes nothing any more. Can be called from a signal handler."""
        # Not `full()`: it takes the queue's lock, which the very code that the signal interrupts may hold.
        if len(self._waiting.queue) >= MOST_WAITING:
            self._abandoned = True

    def close(self) -> None:
        """Wait until everything is written, or a second has passed."""
        with contextlib.suppress(Full):
            self._waiting.put(None, timeout=0.1)
        self._thread.join(timeout=1)
        self._abandoned = True

    def _run(self) -> None:
        while (text := self._waiting.get()) is not None:
            rest = text.encode("utf-8", "replace")
            while rest and not self._abandoned:
                try:
                    rest = rest[os.write(self._fileno, rest) :]
                except OSError:
                    self._abandoned = True
