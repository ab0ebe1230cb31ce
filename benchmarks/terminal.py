"""A program on a pseudo-terminal: what it sends, when, and what that makes of the screen."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Sequence
from tempfile import TemporaryDirectory
from time import perf_counter
from types import TracebackType
from typing import NamedTuple, Self

import pyte
from pyte.screens import Char

from benchmarks.figures import environment
from tinynet_tui.terminal.output import QUESTION

COLUMNS, ROWS = 80, 24
QUIET = 0.06
"""Seconds without a byte after which a frame is taken to be complete."""
_ANSWER = b"\x1b[0n"
_PATIENCE = 30.0
"""Seconds to wait for the first byte."""


class Piece(NamedTuple):
    """Bytes that arrived together."""

    at: float
    """Seconds, as `perf_counter` has them."""
    sent: bytes


class Silent(Exception):
    """A program that sends nothing where a frame is waited for."""


class Terminal:
    """Runs a program in truecolor, until the block ends."""

    def __init__(self, command: Sequence[str], answers: bool = False) -> None:
        """Run a program; answers: whether the terminal says how it is where it is asked, as most do.

        One that does not is taken for a slow line while keys come fast, and a key may wait for 0.12 s.
        """
        self._answers = answers
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self._command = command
        self._end, other = pty.openpty()
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._state = TemporaryDirectory()  # no position of the person who measures is written over
        self.started = perf_counter()
        """When the program was started."""
        self.process = subprocess.Popen(
            command,
            stdin=other,
            stdout=other,
            stderr=other,
            env={
                **environment(),
                "XDG_STATE_HOME": self._state.name,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LC_ALL": "C.UTF-8",
            },
            start_new_session=True,
        )
        os.close(other)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, place: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._end)
        self._state.cleanup()

    def press(self, key: str) -> float:
        """Send a key; returns when."""
        at = perf_counter()
        os.write(self._end, key.encode())
        return at

    def frame(self, quiet: float = QUIET) -> list[Piece]:
        """What arrives until nothing more does, drawn on the screen; at least one piece.

        Raises: Silent when the program has ended, or does not answer.
        """
        pieces: list[Piece] = []
        while sent := self._arrived(quiet if pieces else _PATIENCE):
            pieces.append(Piece(perf_counter(), sent))
            self._stream.feed(sent)
        if not pieces:
            raise Silent(f"{' '.join(self._command)}: it has ended, or does not answer")
        return pieces

    def wait_for(self, text: str) -> Piece:
        """The piece with which a text appears on the screen.

        Raises: Silent when the program has ended, or does not answer.
        """
        while sent := self._arrived(_PATIENCE):
            piece = Piece(perf_counter(), sent)
            self._stream.feed(sent)
            if any(text in line for line in self.screen.display):
                return piece
        raise Silent(f"{' '.join(self._command)}: it has ended, or does not show “{text}”")

    def _arrived(self, patience: float) -> bytes:
        """The next bytes, or none: nothing has arrived in so many seconds, or the program has ended."""
        if not select.select([self._end], [], [], patience)[0]:
            return b""
        try:
            sent = os.read(self._end, 65_536)
        except OSError:  # as Linux tells that no program has the terminal any more
            return b""
        if self._answers:
            os.write(self._end, _ANSWER * sent.count(QUESTION))
        return sent

    def cells(self) -> list[list[Char]]:
        """The cells on the screen, row by row: characters, colours and attributes."""
        return [[self.screen.buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)]

    def bytes_in(self, seconds: float) -> int:
        """How many bytes arrive in a stretch of time in which nothing is pressed."""
        until = perf_counter() + seconds
        arrived = 0
        while (left := until - perf_counter()) > 0 and (sent := self._arrived(left)):
            self._stream.feed(sent)
            arrived += len(sent)
        return arrived

    def cpu_seconds(self) -> float:
        """The time that the program has had of a processor so far, in all of its threads."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def megabytes(self) -> float:
        """The memory that the program has now: its own, and its part of what several programs share."""
        return proportional_megabytes(self.process.pid)

    def peak_megabytes(self) -> float:
        """The most memory that the program has had so far."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            kilobytes = next(line.split()[1] for line in file if line.startswith("VmHWM"))
        return int(kilobytes) / 1024


def proportional_megabytes(process: int) -> float:
    """The memory that a process has now: its own, and its part of what several share."""
    with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
        kilobytes = next(line.split()[1] for line in file if line.startswith("Pss:"))
    return int(kilobytes) / 1024
