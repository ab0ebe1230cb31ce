"""The connection of a follower's own app to their leader, who is looked for again where they are gone."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import Protocol

from tinynet_tui.classroom.directory import Address, RoomFault, connected, is_stopped
from tinynet_tui.classroom.messages import Messages, message
from tinynet_tui.classroom.thin_client import AGAIN, STOPPED_AFTER


class Hearer(Protocol):
    """Who does what the leader sends."""

    def hear(self, kind: bytes, content: bytes, /) -> None:
        """Do what was sent."""

    def miss_leader(self) -> None:
        """Go on without a leader."""

    def greet_leader(self) -> None:
        """Say who is here to a leader who is there again."""


class ConnectionToLeader:
    """Hears a leader; one who is gone, or was stopped, is looked for once a second."""

    def __init__(self, address: Address, handed: socket.socket | None, hearer: Hearer) -> None:
        """handed: the connection that another program has made, if the leader was there then."""
        self.socket = handed
        """None while the leader is gone."""
        self.is_new = False
        """Whether it was made here: the leader was gone meanwhile."""
        self._address, self._hearer = address, hearer
        self._messages = Messages()
        self._looking: asyncio.TimerHandle | None = None

    @property
    def rest(self) -> bytes:
        """What has arrived of a message that is not whole yet."""
        return self._messages.rest

    def open(self, rest: bytes) -> None:
        """Hear what has arrived already, and from now on what comes."""
        self._hear(rest)
        self._listen()
        self._look_later()

    def send(self, kind: bytes, content: bytes) -> None:
        """Send something, if anybody is there."""
        if self.socket is not None:
            with suppress(OSError):  # who is gone is noticed when all they have said is read
                self.socket.sendall(message(kind, content))

    def lose(self) -> None:
        """Take the leader for gone."""
        if self.socket is not None:
            self.stop()
            with suppress(OSError):
                # The follower's terminal holds this end as well: to close it here would tell a leader nothing
                # who was only stopped, and who would then have the same person twice.
                self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()
        self.socket, self._messages = None, Messages()
        self._hearer.miss_leader()
        self._look_later()

    def stop(self) -> None:
        """Hear nothing more, and look for nobody: another program goes on with the connection."""
        if self._looking is not None:
            self._looking.cancel()
        if self.socket is not None:
            asyncio.get_running_loop().remove_reader(self.socket)

    def _listen(self) -> None:
        if self.socket is not None:
            self.socket.setblocking(False)
            asyncio.get_running_loop().add_reader(self.socket, self._take_sent)

    def _take_sent(self) -> None:
        assert self.socket is not None, "a connection that is gone has no reader"
        try:
            sent = self.socket.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            sent = b""
        if sent:
            self._hear(sent)
        else:
            self.lose()

    def _hear(self, sent: bytes) -> None:
        for kind, content in self._messages.feed(sent):
            self._hearer.hear(kind, content)

    def _look_later(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        wait = AGAIN if self.socket is None else STOPPED_AFTER
        self._looking = asyncio.get_running_loop().call_later(wait, self._look)

    def _look(self) -> None:
        """Look whether the leader is there, or still is."""
        if self.socket is not None and is_stopped(self.socket):
            self.lose()
            return
        if self.socket is None:
            with suppress(RoomFault, OSError):
                self.socket, self.is_new = connected(self._address), True
                self._listen()
                self._hearer.greet_leader()
        self._look_later()
