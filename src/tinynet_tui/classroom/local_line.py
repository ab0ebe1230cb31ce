"""The line of a follower on this machine: messages over a Unix socket."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from tinynet_tui.classroom.direct_terminal import DirectTerminal
from tinynet_tui.classroom.directory import peer_of
from tinynet_tui.classroom.messages import END, FRAME, OVER, OWN_APP, TERMINAL, Messages, TooLong, message
from tinynet_tui.classroom.seat import LONGEST_WORDS, Seat
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session.saved_session import StateFault

if TYPE_CHECKING:
    from tinynet_tui.classroom.hub import Hub

LONGEST_MESSAGE = 4 << 20
"""Bytes of the longest message that is taken from a follower: a place with a lesson of any size."""
MOST_CONNECTIONS = 500
"""Connections to one room at once."""
MOST_FILES = 3 * MOST_CONNECTIONS + 100
"""Files that are open then: for each of them the connection, its terminal and what tells who has that."""
MOST_OF_ONE_USER = MOST_CONNECTIONS // 2
"""The same of one user who is not the teacher: nobody fills the room alone."""
_MORE_A_SECOND = 10
"""Connections that such a user can make in a second, once as many are made as may be at once."""
SAYS_HELLO_WITHIN = 5.0
"""Seconds for whoever connects to say who it is."""
_MOST_UNSENT = 16_384
"""Bytes that may wait for a follower: a slow one gets a newer picture instead of more of them."""
NONSENSE = (TooLong, ValueError, msgspec.MsgspecError, StateFault, RecursionError)
"""What is raised where a message cannot be understood."""


def files_allowed(wanted: int) -> int:
    """Have this process be allowed that many open files, or as many as can be; returns how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


class Arrivals:
    """Who has come in at the socket of a room: no user of the machine may keep the others out."""

    def __init__(self) -> None:
        self._here = Counter[int]()
        """How many connections each user has."""
        self._made: dict[int, tuple[float, float]] = {}
        """(connections that each user has made of late, when that was counted)."""

    def enter(self, user: int, is_teacher: bool) -> str:
        """Let in a connection of a user, which is to leave later; returns why not, or ""."""
        now = asyncio.get_running_loop().time()
        made, counted = self._made.get(user, (0.0, now))
        made = max(made - (now - counted) * _MORE_A_SECOND, 0.0) + 1
        self._made[user] = made, now
        self._here[user] += 1
        if self._here.total() > MOST_CONNECTIONS:
            return "This room is full."
        if not is_teacher and max(self._here[user], made) > MOST_OF_ONE_USER:
            return "Too many have come from your account: try again in a minute."
        return ""

    def leave(self, user: int) -> None:
        """Take note that a connection of a user has ended."""
        self._here[user] -= 1


class LocalLine(asyncio.Protocol):
    """A connection to the room's socket, and the seat at its end."""

    transport: asyncio.Transport

    def __init__(self, hub: Hub, arrivals: Arrivals) -> None:
        self._hub = hub
        self._arrivals = arrivals
        self._seat = Seat(hub, self)
        self._messages = Messages()
        self._user = -1
        """Who is at the other end, as the system says."""
        self._terminal: DirectTerminal | None = None
        """What frames are written to, where that is not done by the program at the other end."""
        self._awaiting: asyncio.TimerHandle | None = None
        """Ends a connection that does not say who it is."""

    # What a seat calls

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self.transport.is_closing()

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a message, or write a frame."""
        if self._terminal is not None:
            if kind == FRAME:
                self._terminal.write(content)
                return
            if kind in (OWN_APP, END, OVER) and (rest := self._terminal.take_rest()):
                self.transport.write(message(FRAME, rest))  # from now on the other end writes
                asyncio.get_running_loop().call_soon(self._resume)
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
        self._user = peer_of(connection)
        if refusal := self._arrivals.enter(self._user, self._is_teacher):
            self._seat.end(refusal)
        else:
            loop = asyncio.get_running_loop()
            self._awaiting = loop.call_later(SAYS_HELLO_WITHIN, self._end_stranger)

    @property
    def _is_teacher(self) -> bool:
        return self._user == os.getuid()

    def _end_stranger(self) -> None:
        if not self._seat.has_said_hello:
            self._seat.end("This was not understood: it did not say who it is.")

    def data_received(self, data: bytes) -> None:
        """Do what a follower sends; whoever sends what makes no sense is told so, and is out."""
        if self._terminal is not None:
            self._terminal.go_on()  # whoever was stopped says something when they are back
        try:
            # A place may be long, and is taken from a leader, now or before: nobody else can fill the memory.
            self._messages.longest = LONGEST_MESSAGE if self._seat.has_led else LONGEST_WORDS
            for kind, content in self._messages.feed(data):
                if kind == TERMINAL and self._is_teacher and self._terminal is None:
                    self._terminal = DirectTerminal.opened(content.decode(), self._seat.pause, self._resume)
                elif kind != TERMINAL:
                    self._seat.take_message(kind, content, self._is_teacher)
        except NONSENSE as fault:
            self._seat.end(f"This was not understood: {one_line(str(fault))[:200]}.")

    def connection_lost(self, _error: Exception | None) -> None:
        """Take note that a follower is gone."""
        self._arrivals.leave(self._user)
        if self._awaiting is not None:
            self._awaiting.cancel()
        if self._terminal is not None:
            self._terminal.close()
        self._seat.lose()

    def pause_writing(self) -> None:
        """Give it nothing more for now."""
        self._seat.pause()

    def resume_writing(self) -> None:
        """Give it the newest picture, if it has missed that."""
        self._resume()

    def _resume(self) -> None:
        """Go on where nothing waits, neither for the connection nor for the terminal."""
        waits = self._terminal is not None and self._terminal.waits
        if not waits and not self.transport.get_write_buffer_size():
            self._seat.resume()
