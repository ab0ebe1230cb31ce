"""The line of a follower who comes by SSH: the server draws all of their screen, and hears every key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from tinynet_tui.classroom.admission import Role
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import VERSION, Hello
from tinynet_tui.classroom.messages import END, FRAME, KEYS
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.classroom.thin_client import ENTER, LEAVE
from tinynet_tui.terminal.abilities import ascii_wanted, colours_wanted, palette_wanted, signs_may_be_wide

_TYPED_AT_ONCE = 1024
"""Bytes of what is typed that are done together."""


class Channel(Protocol):
    """What carries bytes to a terminal."""

    def write(self, data: bytes) -> None:
        """Send bytes to the terminal."""

    def exit(self, status: int) -> None:
        """Tell the other end how it went, and close."""

    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""


class SshLine:
    """A terminal behind a channel, and the seat at it."""

    def __init__(self, hub: Hub, channel: Channel, name: str, role: Role, environ: Mapping[str, str]) -> None:
        self._channel = channel
        self._role = role
        ascii = ascii_wanted(environ, "utf-8") or signs_may_be_wide(environ)
        colours, palette = colours_wanted(environ), palette_wanted(environ)
        self._hello = Hello(VERSION, name, colours, ascii, palette, is_desk=role == "desk")
        self.seat = Seat(hub, self)
        self._is_full = False

    # What a seat calls

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self._channel.is_closing()

    def send(self, kind: bytes, content: bytes) -> None:
        """Show a frame, or the last words."""
        if kind == FRAME:
            self._channel.write(content)
        elif kind == END:
            self._channel.write(LEAVE + content)

    def close(self) -> None:
        """End it in order."""
        self._channel.exit(0)

    # What the server calls

    def begin(self, columns: int, rows: int) -> None:
        """Take the terminal over, and show the class."""
        self._channel.write(ENTER)
        self.seat.greet(self._hello, is_teacher=self._role != "student")
        self.seat.resize(columns, rows)

    def take_typed(self, typed: bytes) -> None:
        """Do what is typed."""
        for place in range(0, len(typed), _TYPED_AT_ONCE):
            part = typed[place : place + _TYPED_AT_ONCE]
            self.seat.take_message(KEYS, part, is_teacher=False)

    def resize(self, columns: int, rows: int) -> None:
        """Draw for another size."""
        self.seat.resize(columns, rows)

    def hold(self, is_full: bool) -> None:
        """Hold frames back, or no longer; what was missed is then caught up with."""
        if is_full != self._is_full:
            self._is_full = is_full
            self.seat.pause() if is_full else self.seat.resume()

    def lose(self) -> None:
        """Take note that the terminal is gone."""
        self.seat.lose()
