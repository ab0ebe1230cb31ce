"""A follower's terminal that the leader writes to: a frame wakes no program at the other end."""

from __future__ import annotations

import asyncio
import os
import re
import termios
from collections.abc import Callable
from typing import NamedTuple

_NAME = re.compile(r"/dev/pts/\d+")


class DirectTerminal:
    """A terminal of the leader's own user, as a file; writing to it never waits.

    Nothing is written while a shell has the terminal: what there is then waits until the follower is back.
    """

    def __init__(self, file: int, status: int, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """file: the terminal; status: what the system says of the follower's program, which is read anew."""
        self._file, self._status, self._pause, self._resume = file, status, pause, resume
        self._rest = b""
        """What the terminal has not taken yet."""

    @classmethod
    def opened(
        cls, written: str, pause: Callable[[], None], resume: Callable[[], None]
    ) -> DirectTerminal | None:
        """The terminal of a name, a device, an inode and a process that is on it, as a follower sends them.

        None where these are no such terminal, as seen from here.

        pause: called when it takes no more for now; resume: when it has taken all.

        Raises: ValueError where that does not name a terminal.
        """
        name, *numbers = written.split()
        device, inode, process = map(int, numbers)
        if not _NAME.fullmatch(name):
            return None
        try:
            file = os.open(name, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            return None  # another user's, who has lent their account
        try:
            status = os.open(f"/proc/{process}/stat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            os.close(file)
            return None
        opened, found = cls(file, status, pause, resume), os.fstat(file)
        is_it = (found.st_dev, found.st_ino) == (device, inode) and os.isatty(file)
        # Where the process is on another terminal or none, nothing would tell whose this one is.
        if not is_it or (on := _job_of(status)) is None or on.terminal != found.st_rdev:
            opened.close()
            return None
        return opened

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
            self._await_room()
            self._pause()

    def go_on(self) -> None:
        """Write what waits, where the terminal is the follower's again and takes it."""
        if not self._rest:
            return
        self._rest = self._left_of(self._rest)
        self._await_room()
        if not self._rest:
            self._resume()

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
        os.close(self._status)

    def _await_room(self) -> None:
        """Go on when the terminal takes more; while a shell has it that would be at once, and for nothing."""
        loop = asyncio.get_running_loop()
        if self._rest and self._is_the_followers:
            loop.add_writer(self._file, self.go_on)
        else:
            loop.remove_writer(self._file)

    @property
    def _is_the_followers(self) -> bool:
        """Whether the follower's program has the terminal: it is not stopped, nor gone, nor about to go.

        A terminal tells only its own programs who has it; so the system is asked about the follower's.
        A program that leaves gives the line its modes back first.
        """
        if (job := _job_of(self._status)) is None or job.is_stopped or job.group != job.foreground:
            return False
        try:
            modes: int = termios.tcgetattr(self._file)[3]
        except termios.error:
            return False  # it is gone
        return not modes & (termios.ICANON | termios.ECHO)

    def _left_of(self, content: bytes) -> bytes:
        try:
            if not self._is_the_followers:
                return content
            return content[os.write(self._file, content) :]
        except BlockingIOError:
            return content
        except OSError:
            return b""  # it is gone, and soon the program there is too


class _Job(NamedTuple):
    is_stopped: bool
    """Also one that has ended, while nobody has taken note of that."""
    group: int
    terminal: int
    """The device, as in st_rdev."""
    foreground: int
    """The group that has the terminal."""


def _job_of(status: int) -> _Job | None:
    """What the system says of a process now, in an open file of /proc; None where it is gone."""
    try:
        found = os.pread(status, 1024, 0)
    except OSError:
        return None
    state, _parent, group, _session, terminal, foreground, _ = found.rpartition(b") ")[2].split(None, 6)
    return _Job(state in b"TZX", int(group), int(terminal), int(foreground))
