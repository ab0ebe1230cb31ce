"""A follower's terminal that the leader writes to: a frame wakes no program at the other end."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable

_NAME = re.compile(r"/dev/pts/\d+")


class DirectTerminal:
    """A terminal of the leader's own user, as a file; writing to it never waits."""

    def __init__(self, file: int, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        self._file, self._pause, self._resume = file, pause, resume
        self._rest = b""
        """What the terminal has not taken yet."""

    @classmethod
    def opened(
        cls, written: str, pause: Callable[[], None], resume: Callable[[], None]
    ) -> DirectTerminal | None:
        """The terminal of a name, a device and an inode; None where these are not one, as seen from here.

        pause: called when it takes no more for now; resume: when it has taken all.

        Raises: ValueError where that does not name a terminal.
        """
        name, *numbers = written.split()
        if not _NAME.fullmatch(name):
            return None
        try:
            file = os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            return None  # another user's, who has lent their account
        found = os.fstat(file)
        if [found.st_dev, found.st_ino] != [int(number) for number in numbers] or not os.isatty(file):
            os.close(file)
            return None
        return cls(file, pause, resume)

    @property
    def waits(self) -> bool:
        """Whether there is something that the terminal has not taken yet."""
        return bool(self._rest)

    def write(self, frame: bytes) -> None:
        """Write a frame, after what was before."""
        if self._rest:
            self._rest += frame
            return
        self._rest = self._left_of(frame)
        if self._rest:
            asyncio.get_running_loop().add_writer(self._file, self._go_on)
            self._pause()

    def take_rest(self) -> bytes:
        """What the terminal has not taken: it is not written here any more."""
        rest, self._rest = self._rest, b""
        if rest:
            asyncio.get_running_loop().remove_writer(self._file)
        return rest

    def close(self) -> None:
        """Write no more."""
        self.take_rest()
        os.close(self._file)

    def _go_on(self) -> None:
        self._rest = self._left_of(self._rest)
        if not self._rest:
            asyncio.get_running_loop().remove_writer(self._file)
            self._resume()

    def _left_of(self, content: bytes) -> bytes:
        try:
            return content[os.write(self._file, content) :]
        except BlockingIOError:
            return content
        except OSError:
            return b""  # it is gone, and soon the program there is too
