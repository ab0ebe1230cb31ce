"""The terminal of a leader's app that has none of its own: one after another can see it, and type there."""

from __future__ import annotations

import os
import pty
import signal

from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.pty_end import PtyEnd, resize
from tinynet_tui.classroom.room import Lost, TeacherBack
from tinynet_tui.classroom.ssh_limits import Channel
from tinynet_tui.classroom.thin_client import ENTER, LEAVE, NO_MOUSE, SCREEN
from tinynet_tui.drawing.picture import within_reach

_SIZE = 100, 30
"""Of the screen while nobody sees it."""
_MOUSE = b"\x1b[?1000h\x1b[?1006h"


class Stage:
    """A pseudo-terminal that takes the place of standard input and output."""

    def __init__(self) -> None:
        """Raises: OSError when there is none."""
        self._number, terminal = pty.openpty()
        resize(self._number, *_SIZE)
        for standard in (0, 1):
            os.dup2(terminal, standard)
        os.close(terminal)
        self._end: PtyEnd | None = None
        self.leader: LeaderLine | None = None
        """Who sees it."""

    def open(self) -> None:
        """Read what is drawn there, from now on."""
        self._end = PtyEnd(self._number, self)

    def enter(self, leader: LeaderLine | None) -> None:
        """Have another leader, or none, see it and type there."""
        self.leader = leader
        self.hold(False)

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

    def hold(self, is_held: bool) -> None:
        """Read nothing that is drawn, or again."""
        if self._end is not None:
            self._end.hold(is_held)

    # What its end calls

    def draw(self, frame: bytes) -> None:
        """Show the leader what the app draws; while there is none, nobody sees it."""
        if self.leader is not None:
            self.leader.draw(frame)

    def take_keys(self, takes: bool) -> None:
        """Hand on no more keys for now, or again."""
        if self.leader is not None:
            self.leader.take_keys(takes)


class LeaderLine:
    """The terminal of the leader, who comes by SSH."""

    def __init__(self, hub: Hub, stage: Stage, channel: Channel) -> None:
        self._hub, self._stage, self._channel = hub, stage, channel

    def begin(self, columns: int, rows: int) -> None:
        """Take the terminal over, and show the app."""
        self._channel.write(SCREEN + ENTER + _MOUSE)
        self._stage.enter(self)
        self._stage.resize(columns, rows)
        self._hub.happen(TeacherBack())

    def take_typed(self, typed: bytes) -> None:
        """Have the app do what is typed."""
        self._stage.type(typed)

    def resize(self, columns: int, rows: int) -> None:
        """Have the app draw for another size."""
        self._stage.resize(columns, rows)

    def hold(self, is_full: bool) -> None:
        """Take nothing of what the app draws for now, or again."""
        if self._stage.leader is self:
            self._stage.hold(is_full)

    def draw(self, frame: bytes) -> None:
        """Show what the app draws."""
        if not self._channel.is_closing():
            self._channel.write(frame)

    def take_keys(self, takes: bool) -> None:
        """Take no keys while the app has not read those before."""
        if takes:
            self._channel.resume_reading()
        else:
            self._channel.pause_reading()

    def end(self, words: str) -> None:
        """Give the terminal back, with last words."""
        if not self._channel.is_closing():
            self._channel.write(NO_MOUSE + LEAVE + f"{words}\r\n".encode())
            self._channel.exit(0)
        self.lose()

    def lose(self) -> None:
        """Take note that the terminal is gone; the app goes on."""
        if self._stage.leader is self:
            self._stage.enter(None)
            self._hub.happen(Lost(self._hub.room.teacher))
