"""Text on its way to a terminal that may be slow, stuck or gone."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import NamedTuple

from tinynet_tui.tui.line import IN_SYSTEM, Line, flush

MOST_WAITING = 1
"""Pieces of output that may wait behind another one; a frame beyond them is better drawn later, anew."""

_AT_ONCE = 256
"""Bytes: so few that a line of 9600 baud takes them within a second, so that it is not thought stuck."""
_LOOK_AGAIN = 0.02
"""Seconds between two looks at whether a line has taken enough for more; the first ones are sooner."""
_STUCK_AFTER = 1.0
"""Seconds in which a terminal takes nothing at all."""


class _Text(NamedTuple):
    text: bytes
    kept: bool
    """Whether it is to arrive, whatever is thrown away."""


class Output:
    """Text on its way to the terminal, written by a thread of its own so that a slow line holds nothing up.

    Little is written before the terminal takes it: what waits here can still give way to what is newer.
    When the terminal is gone or stuck, what is written vanishes: losing the screen is no error of the app's.
    """

    def __init__(
        self,
        fileno: int,
        caught_up: Callable[[], None],
        lost: Callable[[], None] = lambda: None,
        line: Line | None = None,
    ) -> None:
        self._fileno = fileno
        self._caught_up = caught_up
        """Called by that thread whenever nothing waits any more, and the line has room."""
        self._lost = lost
        """Called by it when something was thrown away, so that nobody knows what the terminal shows."""
        self._line = line or Line(fileno, os.environ)
        self._waiting: SimpleQueue[_Text | None] = SimpleQueue()
        self._given = 0
        """Pieces that were to be written, ever; counted by who gives them alone."""
        self._done = 0
        """Those that are over, one way or the other; counted by the thread alone."""
        self._dropped = 0
        """How many of them were given when all was last thrown away."""
        self._taken = 0
        """Bytes that the terminal's system has taken, ever."""
        self._kept_until = 0
        """How many these were after the last piece that is to arrive."""
        self._hurry = Event()
        """Set when nothing is to wait for room any more."""
        self._abandoned = False
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether everything is written, and the line has room for more."""
        return self._given == self._done

    @property
    def is_behind(self) -> bool:
        """Whether as much is waiting as should."""
        return self._waiting.qsize() >= MOST_WAITING

    @property
    def at_once(self) -> int | None:
        """Bytes that it should be given at once on a slow line; None where any number will do."""
        return self._line.at_once

    def write(self, text: str, kept: bool = False) -> None:
        """Have the text written; never waits. kept: whether it is to arrive, whatever is thrown away."""
        if not self._abandoned:
            self._given += 1
            self._waiting.put(_Text(text.encode("utf-8", "replace"), kept))

    def drop(self, flushing: bool) -> None:
        """Throw away what the terminal has not taken; flushing: also what the system has for it."""
        self._dropped = self._given
        if flushing and self._may_flush():
            flush(self._fileno)
        self._hurry.set()

    def close(self) -> None:
        """Wait until everything is written, or the terminal has taken nothing for a second."""
        self._waiting.put(None)
        self._hurry.set()
        taken = None
        while self._thread.is_alive() and taken != self._taken:
            taken = self._taken
            self._thread.join(timeout=_STUCK_AFTER)
        self._abandoned = True

    def _run(self) -> None:
        while (piece := self._waiting.get()) is not None:
            self._write_piece(piece)
            if piece.kept:
                self._kept_until = self._taken
            if self._waiting.empty():
                self._wait_for_room()
            self._done += 1
            if self._waiting.empty():
                self._caught_up()

    def _write_piece(self, piece: _Text) -> None:
        rest = piece.text
        while rest and not self._abandoned:
            room = self._wait_for_room()
            if not piece.kept and self._done < self._dropped:
                return
            before = monotonic()
            written = self._write(rest[: min(room, _AT_ONCE)])
            rest = rest[written:]
            if self._line.wrote(written, monotonic() - before) and self._may_flush() and not piece.kept:
                self._throw_away()
                return

    def _wait_for_room(self) -> int:
        """Wait until the line has taken enough for more; returns how many bytes that may be."""
        pause = _LOOK_AGAIN / 32
        while (room := self._line.room()) < 1 and not self._hurry.wait(pause):
            pause = min(pause * 2, _LOOK_AGAIN)
        return room if room > 0 else _AT_ONCE

    def _may_flush(self) -> bool:
        """Whether nothing that is to arrive can still be with the system."""
        return self._taken - self._kept_until >= IN_SYSTEM or not self._kept_until

    def _throw_away(self) -> None:
        """Begin anew on a line that has proved to be slow: it has more to take than a person waits for."""
        flush(self._fileno)
        self._line.flushed()
        self._lost()

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
        self._taken += written
        return written
