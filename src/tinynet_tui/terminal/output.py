"""Text on its way to a terminal that may be slow, stuck or gone."""

import contextlib
import os
import select
import signal
import termios
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Thread
from typing import NamedTuple

from tinynet_tui.terminal.job import is_in_foreground
from tinynet_tui.terminal.line import TerminalLine

QUESTION = b"\x1b[5n"
"""Asks for the status of the terminal; every one since the VT100 answers with CSI 0 n."""

IN_SYSTEM = 20_480
"""Bytes: what Linux keeps for the other end of a pseudo-terminal before a writer has to wait."""
_AT_ONCE = 256
"""Bytes: so few that a line of 9600 baud takes them within a second, so that it is not thought stuck."""
_STUCK_AFTER = 1.0
"""Seconds in which a terminal takes nothing at all."""


class _Text(NamedTuple):
    text: bytes
    kept: bool
    """Whether it is to arrive, whatever is thrown away."""


_NOTHING = _Text(b"", kept=False)
"""Has the thread ask whether the terminal keeps up, and write nothing; it is not counted as given."""


class Output:
    """Text on its way to the terminal, written by a thread of its own so that a slow line holds nothing up.

    Little is written before the terminal takes it: what waits here can still give way to what is newer.
    When the terminal is gone or stuck, what is written vanishes: losing the screen is no error of the app's.
    So does what is drawn where the app is in the background: the terminal is somebody else's.
    """

    def __init__(self, fileno: int, caught_up: Callable[[], None], line: TerminalLine | None = None) -> None:
        self._fileno = fileno
        self._caught_up = caught_up
        """Called by that thread whenever nothing waits any more, and the terminal has room."""
        self.line = line or TerminalLine()
        """What has not arrived of what was written, and how fast the rest does."""
        self._waiting: SimpleQueue[_Text | None] = SimpleQueue()
        self._given = 0
        """Pieces ever given to be written; counted by whoever gives them, and by nobody else."""
        self._done = 0
        """Those of them that are written or dropped; counted by the thread alone."""
        self._dropped = 0
        """How many of them were given when all was last thrown away."""
        self._taken = 0
        """Bytes that the terminal's system has taken, ever."""
        self._kept_until = 0
        """How many these were after the last piece that is to arrive."""
        self._news = Event()
        """Set when there may be room, or nothing is to wait for it any more."""
        self._hurry = False
        self._abandoned = False
        self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether everything is written, and the terminal has room for more."""
        return self._given == self._done

    @property
    def at_once(self) -> int | None:
        """Bytes that it should be given at once; None where any number will do."""
        return self.line.at_once

    def write(self, text: bytes, kept: bool = False) -> None:
        """Have the text written; never waits. kept: whether it is to arrive, whatever is thrown away."""
        if not self._abandoned:
            self._given += 1
            self._waiting.put(_Text(text, kept))

    def offered(self) -> None:
        """Take note that there is another picture to be written, which may have to wait."""
        if self.line.offered():
            self.write(b"")

    @property
    def is_supposed_slow(self) -> bool:
        """Whether the terminal gives no answer, and is taken for a slow line."""
        return self.line.is_supposed_slow

    def answered(self) -> None:
        """Take note that the terminal has answered. From any thread."""
        self.line.answered()
        self._news.set()
        if self.line.is_due:  # the first one: by now the first frame has followed its question
            self._waiting.put(_NOTHING)

    def begin_anew(self) -> None:
        """Wait for no answer of before: somebody else has had the terminal, or its user says it is wrong."""
        self.line.begin_anew()
        self._news.set()

    @property
    def seconds_to_answer(self) -> float:
        """How long it is worth to wait for the answers that are still to come; 0 if there are none."""
        return 0.0 if self._abandoned else self.line.seconds_to_answer

    def drop(self, flushing: bool) -> None:
        """Throw away what is not written, and ask nothing more; flushing: also much that the system has."""
        self.line.ask_no_more()
        self._dropped = self._given
        if flushing and self._may_flush() and not self.line.holds_little:
            with contextlib.suppress(OSError, termios.error):
                termios.tcflush(self._fileno, termios.TCOFLUSH)
        self._wait_no_more()

    def close(self) -> None:
        """Wait until everything is written, or the terminal has taken nothing for a second."""
        self.line.ask_no_more()
        self._waiting.put(None)
        self._wait_no_more()
        taken = None
        while self._thread.is_alive() and taken != self._taken:
            taken = self._taken
            self._thread.join(timeout=_STUCK_AFTER)
        self._abandoned = True

    def _wait_no_more(self) -> None:
        self._hurry = True
        self._news.set()

    def _run(self) -> None:
        # A terminal may stop jobs that write in the background. That would stop the whole app in the middle
        # of what it was about to do, and its last words are written from there too.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        while (piece := self._waiting.get()) is not None:
            self._write_piece(piece)
            if piece.kept:
                self._kept_until = self._taken
            self._wait_for_room()
            if piece is not _NOTHING:
                self._done += 1
            if self._waiting.empty():
                self._caught_up()

    def _write_piece(self, piece: _Text) -> None:
        rest = piece.text
        while rest and not self._abandoned and (piece.kept or self._is_wanted):
            written = self._write(rest[:_AT_ONCE])
            self.line.wrote(written)
            rest = rest[written:]

    @property
    def _is_wanted(self) -> bool:
        """Whether what is being written is not thrown away, and is not for somebody else's screen."""
        return self._done >= self._dropped and is_in_foreground(self._fileno)

    def _wait_for_room(self) -> None:
        """Wait until the terminal has taken enough for more; ask it, between pieces, where that is due."""
        while not self._abandoned:
            self._news.clear()
            if is_in_foreground(self._fileno) and self.line.ask(len(QUESTION)):
                self._write_whole(QUESTION)
            if self._hurry or self.line.has_room:
                return
            self._news.wait(self.line.patience)

    def _write_whole(self, rest: bytes) -> None:
        while rest and not self._abandoned:
            rest = rest[self._write(rest) :]

    def _may_flush(self) -> bool:
        """Whether nothing that is to arrive can still be with the system."""
        return self._taken - self._kept_until >= IN_SYSTEM or not self._kept_until

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
