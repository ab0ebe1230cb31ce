"""How much one client of an SSH server may do, and what holds it to that between the socket and asyncssh."""

import asyncio
import socket
from typing import NamedTuple, Protocol

_READ_AT_ONCE = 4_096
"""Bytes: what is read is worked through before anybody else is heard."""
_MOST_UNSENT = 16_384
"""Bytes that the system may hold for a client: a slow one gets newer pictures instead of more of them."""
_MOST_ANSWERS = 65_536
"""Bytes that may wait for a client that asks on and takes no answers, before it is heard no more."""
_SHARE_OF_UNKNOWN = 8
"""How many times less in a second comes from whoever has not shown who they are, after a second's worth: that
is enough to offer many keys, and there may be hundreds who want nothing but to be read.
"""
DESCRIPTORS = 6
"""Of this process, for each app: its terminal, its number, three ways in which it says something, and the
other end of one of them, which is for the process that goes on in its place."""


class Limits(NamedTuple):
    """What is enough for a class; times are in seconds."""

    students: int = 200
    """How many watch or step at once."""
    apps: int = 100
    """How many step by themselves at once, each in an app of 15 MB."""
    teachers: int = 4
    """Sessions of the teacher's at once."""
    more_unknown: int = 50
    """Connections beside as many as there may be students, that have not shown who they are."""
    login: float = 60.0
    """To show who one is; a code is typed by hand."""
    wrong: float = 0.25
    """That the first wrong code has to wait; the sixth waits eight seconds, and ends the connection."""
    session: float = 10.0
    """From there until a terminal has to be asked for."""
    keepalive: float = 15.0
    """Silence after which a client is asked whether it is there; it is taken for lost after three of them."""
    answer: float = 5.0
    """For an older connection of the same name to answer; it gives way if it does not."""
    idle: float = 4 * 3600.0
    """Without a key."""
    total: float = 12 * 3600.0
    """Of a session in all."""
    goodbye: float = 1.0
    """For clients to take the last words when the server ends."""
    bytes_a_second: int = 16_384
    """That one client may send; more waits in its own buffers."""


class Door(Protocol):
    """Who is told of what comes and goes."""

    heard: float
    is_known: bool
    """Whether whoever comes has shown that they may."""

    def wait_for(self, what: str, waits: bool) -> None:
        """Take note of whether all that was sent has been taken, by the "window" and the "connection"."""


class Meter(asyncio.BufferedProtocol):
    """Stands between a socket and a protocol: reads little at once, and from nobody much in a second."""

    _buffer = bytearray(_READ_AT_ONCE)
    """Of all connections: what is read is handed on before anything else is."""

    def __init__(
        self, door: Door, transport: asyncio.Transport, protocol: asyncio.Protocol, bytes_a_second: int
    ) -> None:
        self._door, self._transport, self._protocol = door, transport, protocol
        self._loop = asyncio.get_running_loop()
        self._most = bytes_a_second
        self._left, self._since = float(bytes_a_second), self._loop.time()
        """Bytes that may come at once now, and since when more have been added to them."""
        self._waiting: asyncio.TimerHandle | None = None
        self._is_full = False
        """Whether it has not taken what it was answered."""
        plug: socket.socket = transport.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_UNSENT)
        transport.set_write_buffer_limits(high=0)

    def get_buffer(self, sizehint: int) -> bytearray:
        """Where to read to."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Hand on what was read; of whoever sends too much, read no more for a while."""
        now = self._door.heard = self._loop.time()
        rate = self._most if self._door.is_known else self._most / _SHARE_OF_UNKNOWN
        self._left = min(self._left + (now - self._since) * rate, self._most) - nbytes
        self._since = now
        if self._left < 0 and self._waiting is None:
            self._transport.pause_reading()
            self._waiting = self._loop.call_later(-self._left / rate, self._read_on)
        self._protocol.data_received(bytes(self._buffer[:nbytes]))
        if self._transport.get_write_buffer_size() > _MOST_ANSWERS:
            self._is_full = True
            self._transport.pause_reading()

    def _read_on(self) -> None:
        self._waiting = None
        if not self._transport.is_closing() and not self._is_full:
            self._transport.resume_reading()

    def eof_received(self) -> bool | None:
        """Nothing more comes."""
        return self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """The system has not taken all that was sent."""
        self._door.wait_for("connection", True)

    def resume_writing(self) -> None:
        """It has."""
        self._is_full = False
        if self._waiting is None:
            self._read_on()
        self._door.wait_for("connection", False)
