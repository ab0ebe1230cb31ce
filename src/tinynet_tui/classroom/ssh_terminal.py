"""A terminal at the other end of SSH: what it asks for, and its way to a seat."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Protocol

from tinynet_tui.classroom.names import shown_name

if TYPE_CHECKING:
    from tinynet_tui.classroom.ssh_server import Connection, SshServer

_LONGEST_EARLY = 1_024
"""Bytes that may be typed before there is a seat."""
HARMLESS = re.compile(r"[A-Za-z0-9._@+-]{1,40}")
"""What is taken of a client's environment, and as a name of its terminal."""
_NO_COMMAND = "Only the class is here: connect without a command.\r\n"
_NO_TERMINAL = "The class needs a terminal: connect with `ssh -t`.\r\n"
_NO_CURSOR = "This TERM may not be able to move the cursor: connect from another terminal."
_ANOTHERS = "This name belongs to another key in this class: connect with another name before the @."
_CANNOT = ("", "dumb", "unknown")


class Channel(Protocol):
    """What carries bytes to a terminal and back, and what it says of that."""

    def write(self, data: bytes) -> None:
        """Send bytes to the terminal."""

    def exit(self, status: int) -> None:
        """Tell the other end how it went, and close."""

    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""

    def pause_reading(self) -> None:
        """Take no more of what is typed."""

    def resume_reading(self) -> None:
        """Take it again."""

    def set_write_buffer_limits(self, high: int) -> None:
        """Tell of what waits as soon as there is more than that."""

    def get_terminal_size(self) -> tuple[int, ...]:
        """Columns and rows, and more."""

    def write_stderr(self, data: bytes) -> None:
        """Send words that are no picture."""

    @property
    def variables(self) -> dict[str, str]:
        """What was taken of the client's environment."""


class AtChannel:
    """Whoever sees something at the other end of a channel, and types there."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def draw(self, frame: bytes) -> None:
        """Show what an app draws."""
        if not self._channel.is_closing():
            self._channel.write(frame)

    def take_keys(self, takes: bool) -> None:
        """Take no keys while the app has not read those before."""
        if takes:
            self._channel.resume_reading()
        else:
            self._channel.pause_reading()


class RemoteTerminal:
    """A terminal at the other end, and its way to a seat."""

    _channel: Channel

    def __init__(self, connection: Connection, server: SshServer) -> None:
        self._connection, self._server = connection, server
        self._term: str | None = None
        self._refused = ""
        self._early = b""
        """What was typed before there was a seat."""

    def connection_made(self, chan: Channel) -> None:
        """Know the channel; what waits in it is to be known at once."""
        self._channel = chan
        chan.set_write_buffer_limits(high=0)

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        """Take any terminal, by a harmless name."""
        self._term = term_type if HARMLESS.fullmatch(term_type) else "unknown"
        return True

    def shell_requested(self) -> bool:
        """The class."""
        if self._term is None:
            self._refused = _NO_TERMINAL
        elif self._term in _CANNOT:
            self._refused = _NO_CURSOR
        return True

    def exec_requested(self, command: str) -> bool:
        """No command is run, whatever it is."""
        self._refused = _NO_COMMAND
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """There is none, sftp the least."""
        return False

    def session_started(self) -> None:
        """Show the class, or say why not."""
        if self._refused:
            self._say(self._refused)
        else:
            self._connection.start(self._begin())

    def _say(self, words: str) -> None:
        self._connection.note("is refused", words.strip())
        self._channel.write_stderr(f"{words.strip()}\r\n".encode())
        self._channel.exit(1)

    async def _begin(self) -> None:
        """Sit down, under a name that nobody else has."""
        attendance, client = self._server.attendance, self._connection
        name = shown_name(client.user or "")
        if client.role == "student" and self._server.hub.room.belongs_to_another(name, client.key):
            self._say(_ANOTHERS)
            return
        await attendance.has_room_for(client)
        if self._channel.is_closing():
            return
        if refusal := attendance.refusal(client):
            self._say(refusal)
            return
        environ = self._channel.variables | {"TERM": self._term or "unknown"}
        line = self._server.new_line(client, self._channel, environ)
        client.sit(line)
        columns, rows, *_ = self._channel.get_terminal_size()
        line.begin(columns, rows)
        line.take_typed(self._early)

    def data_received(self, data: bytes, datatype: Any) -> None:
        """Do what is typed."""
        self._connection.typed = asyncio.get_running_loop().time()
        if self._connection.line is not None:
            self._connection.line.take_typed(data)
        else:
            self._early = (self._early + data)[:_LONGEST_EARLY]

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Draw for another size."""
        if self._connection.line is not None:
            self._connection.line.resize(width, height)

    def eof_received(self) -> bool:
        """Nothing more can be typed: whoever goes on watching is not there."""
        return False

    def break_received(self, msec: int) -> bool:
        """A break is for lines that modems are at."""
        return False

    def signal_received(self, signal: str) -> None:
        """None is for anybody here."""

    def pause_writing(self) -> None:
        """The window of the channel is used up."""
        self._connection.wait_for("window", True)

    def resume_writing(self) -> None:
        """It is not any more."""
        self._connection.wait_for("window", False)

    def connection_lost(self, exc: Exception | None) -> None:
        """The terminal is gone; the connection has nothing else to be there for."""
        self._connection.lose_line()
        self._connection.close()
