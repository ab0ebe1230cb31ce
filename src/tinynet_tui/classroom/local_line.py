"""The line of a follower on this machine: messages over a Unix socket."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import TYPE_CHECKING, Any

import msgspec

from tinynet_tui.classroom.directory import peer_of
from tinynet_tui.classroom.messages import Messages, TooLong, message
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session.state_file import StateFault

if TYPE_CHECKING:
    from tinynet_tui.classroom.hub import Hub

LONGEST_MESSAGE = 4 << 20
"""Bytes of the longest message that is taken from a follower: a place with a lesson of any size."""
MOST_CONNECTIONS = 500
"""Connections to one room at once."""
_MOST_UNSENT = 16_384
"""Bytes that may wait for a follower: a slow one gets a newer picture instead of more of them."""
NONSENSE = (TooLong, ValueError, msgspec.MsgspecError, StateFault, RecursionError)
"""What is raised where a message cannot be understood."""


class LocalLine(asyncio.Protocol):
    """A connection to the room's socket, and the seat at its end."""

    transport: asyncio.Transport

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._seat = Seat(hub, self)
        self._messages = Messages(LONGEST_MESSAGE)
        self._is_teacher = False

    # What a seat calls

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self.transport.is_closing()

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a message."""
        self.transport.write(message(kind, content))

    def close(self) -> None:
        """Send what waits, and no more."""
        self.transport.close()

    # What asyncio calls

    def connection_made(self, transport: Any) -> None:
        """Let somebody in."""
        self.transport = transport
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_UNSENT)
        transport.set_write_buffer_limits(high=0)
        self._is_teacher = peer_of(connection) == os.getuid()
        self._hub.connections += 1
        if self._hub.connections > MOST_CONNECTIONS:
            self._seat.end("This room is full.")

    def data_received(self, data: bytes) -> None:
        """Do what a follower sends; who sends what makes no sense is told so, and is out."""
        try:
            for kind, content in self._messages.feed(data):
                self._seat.take_message(kind, content, self._is_teacher)
        except NONSENSE as fault:
            self._seat.end(f"This was not understood: {one_line(str(fault))[:200]}.")

    def connection_lost(self, _error: Exception | None) -> None:
        """Take note that a follower is gone."""
        self._hub.connections -= 1
        self._seat.lose()

    def pause_writing(self) -> None:
        """Give it nothing more for now."""
        self._seat.pause()

    def resume_writing(self) -> None:
        """Give it the newest picture, if it has missed that."""
        self._seat.resume()
