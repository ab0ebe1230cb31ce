"""The end of a pseudo-terminal at which a server sits: it reads what is drawn, and writes what is typed."""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import termios
from contextlib import suppress
from typing import Protocol

_FRAMES_A_SECOND = 30
_MOST_READ = 16_384
"""Bytes that are read of a screen at once; the app itself skips frames while more waits."""
_MOST_TYPED = 4_096
"""Bytes of keys that may wait for an app before no more are taken."""


class Viewer(Protocol):
    """Who sees the screen, and types."""

    def draw(self, frame: bytes) -> None:
        """Take what is on the screen."""

    def take_keys(self, takes: bool) -> None:
        """Hand on no more keys for now, or again."""


class PtyEnd:
    """A screen that is read a few times a second, and a keyboard that takes what it can."""

    def __init__(self, number: int, viewer: Viewer) -> None:
        self._number, self._viewer = number, viewer
        self._loop = asyncio.get_running_loop()
        os.set_blocking(number, False)
        self._typed = b""
        self._is_paused = self._rests = self.is_closed = False
        self._resting: asyncio.TimerHandle | None = None
        self._read_on()

    def type(self, typed: bytes) -> None:
        """Have the app read keys."""
        self._typed += typed
        self._write()

    def resize(self, columns: int, rows: int) -> None:
        """Have the app draw for another size."""
        resize(self._number, columns, rows)

    def hold(self, is_paused: bool) -> None:
        """Read nothing for now, because what was read before has not been taken yet; or again."""
        self._is_paused = is_paused
        self._read_on()

    def close(self) -> None:
        """Give the terminal up; what was drawn last is drawn still."""
        self._loop.remove_reader(self._number)
        self._loop.remove_writer(self._number)
        with suppress(OSError):
            while not self._is_paused and (frame := os.read(self._number, _MOST_READ)):
                self._viewer.draw(frame)
        self.is_closed = True
        if self._resting is not None:
            self._resting.cancel()
        os.close(self._number)

    def _read_on(self) -> None:
        if self.is_closed:
            return
        if self._is_paused or self._rests:
            self._loop.remove_reader(self._number)
        else:
            self._loop.add_reader(self._number, self._read)

    def _read(self) -> None:
        try:
            frame = os.read(self._number, _MOST_READ)
        except OSError:  # nobody has the other end any more
            self._loop.remove_reader(self._number)
            return
        self._viewer.draw(frame)
        self._rests = True
        self._read_on()
        self._resting = self._loop.call_later(1 / _FRAMES_A_SECOND, self._rested)

    def _rested(self) -> None:
        self._rests = False
        self._read_on()

    def _write(self) -> None:
        if self.is_closed:
            return
        try:
            self._typed = self._typed[os.write(self._number, self._typed) :] if self._typed else b""
        except BlockingIOError:
            pass
        except OSError:
            self._typed = b""
        if self._typed:
            self._loop.add_writer(self._number, self._write)
        else:
            self._loop.remove_writer(self._number)
        self._viewer.take_keys(len(self._typed) < _MOST_TYPED)


def resize(number: int, columns: int, rows: int) -> None:
    """Give a pseudo-terminal a size."""
    fcntl.ioctl(number, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
