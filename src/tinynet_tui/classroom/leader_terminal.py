"""A terminal at which the leader's app is seen over SSH: in place of the one here, or of none."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
from collections.abc import Callable

from tinynet_tui.classroom.pty_end import PtyEnd, resize
from tinynet_tui.classroom.ssh_terminal import AtChannel, Channel
from tinynet_tui.classroom.thin_client import ENTER, LEAVE, NO_MOUSE, SCREEN
from tinynet_tui.drawing.picture import within_reach
from tinynet_tui.terminal.job import give_line_back, take_line

_SIZE = 100, 30
"""Of the screen while nobody sees it."""
_MOUSE = b"\x1b[?1000h\x1b[?1006h"
_MOST_READ = 1_024
"""Bytes of what is typed at the terminal here, at once."""


class LeaderTerminal:
    """A pseudo-terminal that is standard input and output when it is wanted: at first it is not."""

    def __init__(self) -> None:
        """Raises: OSError when there is none."""
        self._number, self._terminal = pty.openpty()
        resize(self._number, *_SIZE)
        self._end: PtyEnd | None = None
        self.leader: LeaderLine | None = None
        """Who sees it."""
        self._entered: Callable[[], None] = lambda: None

    def take_place(self) -> None:
        """Be standard input and output."""
        for standard in (0, 1):
            os.dup2(self._terminal, standard)

    def open(self, entered: Callable[[], None]) -> None:
        """Read what is drawn there, from now on; entered: is told of each change of who sees it."""
        self._end, self._entered = PtyEnd(self._number, self), entered

    def enter(self, leader: LeaderLine | None) -> None:
        """Have another leader, or none, see it and type there."""
        self.leader = leader
        self.hold(False)
        self._entered()

    def dismiss(self, words: str) -> None:
        """Have the leader go; the app stays."""
        if self.leader is not None:
            self.leader.end(words)

    def resize(self, columns: int, rows: int) -> None:
        """Have the app draw everything, for a size."""
        resize(self._number, *within_reach(columns, rows))
        os.kill(os.getpid(), signal.SIGWINCH)  # which nobody sends: it is not this process's own terminal

    def type(self, typed: bytes) -> None:
        """Have the app read keys."""
        if self._end is not None:
            self._end.type(typed)

    def hold(self, is_paused: bool) -> None:
        """Read nothing that is drawn, or again."""
        if self._end is not None:
            self._end.hold(is_paused)

    # What its end calls

    def draw(self, frame: bytes) -> None:
        """Show the leader what the app draws; while there is none, nobody sees it."""
        if self.leader is not None:
            self.leader.draw(frame)

    def take_keys(self, takes: bool) -> None:
        """Hand on no more keys for now, or again."""
        if self.leader is not None:
            self.leader.take_keys(takes)


class LeftTerminal:
    """The terminal that standard input and output were, while the app is elsewhere: keys are still heard."""

    def __init__(self, words: str, typed: Callable[[bytes], None]) -> None:
        """Leave it with words on it; typed: is told of what is typed there."""
        self._keyboard, self._screen = os.dup(0), os.dup(1)
        self._typed = typed
        self._modes = take_line(self._keyboard)
        os.write(self._screen, f"{words}\r\n".encode())
        asyncio.get_running_loop().add_reader(self._keyboard, self._read)

    def come_back(self) -> None:
        """Be standard input and output again."""
        asyncio.get_running_loop().remove_reader(self._keyboard)
        if self._modes is not None:
            give_line_back(self._keyboard, self._modes)
        for number, standard in ((self._keyboard, 0), (self._screen, 1)):
            os.dup2(number, standard)
            os.close(number)

    def _read(self) -> None:
        try:
            typed = os.read(self._keyboard, _MOST_READ)
        except OSError:
            typed = b""
        if typed:
            self._typed(typed)
        else:
            asyncio.get_running_loop().remove_reader(self._keyboard)


class LeaderLine(AtChannel):
    """The terminal of the leader, who comes by SSH."""

    def __init__(self, terminal: LeaderTerminal, channel: Channel, address: str) -> None:
        super().__init__(channel)
        self._terminal = terminal
        self.address = address
        """Where they come from."""

    def begin(self, columns: int, rows: int) -> None:
        """Take the terminal over, and show the app."""
        self._channel.write(SCREEN + ENTER + _MOUSE)
        self._terminal.enter(self)
        self._terminal.resize(columns, rows)

    def take_typed(self, typed: bytes) -> None:
        """Have the app do what is typed."""
        self._terminal.type(typed)

    def resize(self, columns: int, rows: int) -> None:
        """Have the app draw for another size."""
        self._terminal.resize(columns, rows)

    def hold(self, is_full: bool) -> None:
        """Take nothing of what the app draws for now, or again."""
        if self._terminal.leader is self:
            self._terminal.hold(is_full)

    def end(self, words: str) -> None:
        """Give the terminal back, with last words."""
        if not self._channel.is_closing():
            self._channel.write(NO_MOUSE + LEAVE + f"{words}\r\n".encode())
            self._channel.exit(0)
        self.lose()

    def lose(self) -> None:
        """Take note that the terminal is gone; the app goes on."""
        if self._terminal.leader is self:
            self._terminal.enter(None)
