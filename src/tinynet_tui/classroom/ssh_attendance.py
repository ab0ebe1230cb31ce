"""Who is connected to an SSH server, who sits at a terminal there, and who has to go."""

from __future__ import annotations

import asyncio
from collections import Counter
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from tinynet_tui.classroom.admission import Role
from tinynet_tui.classroom.ssh_limits import Limits

_SWEEPS = 10
"""Looks for sessions that are over within the shortest of the times they are looked for."""


def network_of(address: str) -> str:
    """What one owner's addresses have in common: an IPv4 address, or the first half of an IPv6 one.

    Example:
        >>> network_of("192.0.2.7"), network_of("::ffff:192.0.2.7"), network_of("2001:db8::1:2:3:4")
        ('192.0.2.7', '192.0.2.7', '2001:db8::')
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> 64 << 64))


class Client(Protocol):
    """One connection, as far as it is counted."""

    user: str | None
    network: str

    @property
    def role(self) -> Role:
        """What its user is."""

    async def answers(self) -> bool:
        """Whether the other end says anything within a few seconds, when it is asked."""

    def lose_line(self) -> None:
        """Take note that nobody sits there any more."""

    def end(self, words: str) -> None:
        """Say goodbye."""

    def abort(self) -> None:
        """End it at once, without a word."""

    def end_if_over(self, now: float) -> None:
        """End what has lasted too long."""


class Attendance:
    """Every connection, and how many there may be of each kind."""

    has_leader_terminal = False
    """Whether somebody can lead here."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.connected: dict[Client, None] = {}
        """Every connection, the oldest first."""
        self._unknown: dict[Client, None] = {}
        """Those that have not shown who they are."""
        self._standing: dict[Client, None] = {}
        """Those that have, and sit nowhere yet."""
        self._sitting: dict[str | None, dict[Client, None]] = {}
        """Those with somebody at a terminal, by the names that they came under."""
        self._seated: Counter[Role] = Counter()
        self._sweeping: asyncio.TimerHandle | None = None

    def take(self, client: Client) -> None:
        """Take a connection; where too many are unknown, the oldest of the largest crowd of them gives way.

        A crowd is of one network, and has told a name or not yet, of a student or of the teacher: many
        connections of one kind, whoever keeps them, push out their own.
        """
        self.connected[client] = self._unknown[client] = None
        if len(self._unknown) > self._limits.students + self._limits.more_unknown:
            crowds = {one: (one.network, one.user is None, one.role) for one in self._unknown}
            [(largest, _)] = Counter(crowds.values()).most_common(1)
            oldest = next(one for one, crowd in crowds.items() if crowd == largest)
            oldest.abort()
            self.forget(oldest)

    def forget(self, client: Client) -> None:
        """Take note that a connection is gone."""
        self.connected.pop(client, None)
        self._unknown.pop(client, None)
        self._standing.pop(client, None)

    def know(self, client: Client) -> None:
        """Take note that a connection has shown that it may come in; of these, too, the oldest gives way."""
        self._unknown.pop(client, None)
        self._standing[client] = None
        limits = self._limits
        if len(self.connected) - len(self._unknown) > limits.students + limits.teachers + limits.more_unknown:
            oldest = min(
                self._standing, key=lambda one: one.role != "student"
            )  # a teacher's after all others
            oldest.end("The class is full.")
            self.forget(oldest)

    def seat(self, client: Client) -> None:
        """Take note that somebody sits here."""
        self._standing.pop(client, None)
        self._sitting.setdefault(client.user, {})[client] = None
        self._seated[client.role] += 1

    def unseat(self, client: Client) -> None:
        """Take note that they do not any more."""
        del self._sitting[client.user][client]
        if not self._sitting[client.user]:
            del self._sitting[client.user]
        self._seated[client.role] -= 1

    def refusal(self, client: Client) -> str:
        """Why there is no room for one more session, or ""."""
        if client.role == "lead":
            if not self.has_leader_terminal:
                return "The class is led at the server's own terminal; desk shows you who is here."
            return "Somebody leads the class over SSH already." if self._others_like(client) else ""
        if client.role == "student":
            return "The class is full." if self._seated["student"] >= self._limits.students else ""
        is_often = self._seated["lead"] + self._seated["desk"] >= self._limits.teachers
        return "The teacher is connected as often as can be: leave elsewhere first." if is_often else ""

    async def has_room_for(self, client: Client) -> None:
        """Wait until older sessions of the same name have answered, or are taken for lost and ended."""
        others = self._others_like(client)
        answers = await asyncio.gather(*(other.answers() for other in others))
        for other, has_answered in zip(others, answers, strict=True):
            if not has_answered:
                other.abort()
                other.lose_line()

    def _others_like(self, client: Client) -> list[Client]:
        """Older sessions of the same name: a student's, or the one that leads."""
        if client.role == "desk":
            return []
        return [one for one in self._sitting.get(client.user, ()) if one is not client]

    def sweep(self) -> None:
        """End what lasts too long, from now on."""
        loop = asyncio.get_running_loop()
        for client in [*self.connected]:
            client.end_if_over(loop.time())
        every = min(self._limits.session, self._limits.idle, self._limits.total) / _SWEEPS
        self._sweeping = loop.call_later(every, self.sweep)

    async def dismiss(self, words: str) -> None:
        """Say goodbye to everyone, and wait a moment for them to take it."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        loop = asyncio.get_running_loop()
        for client in [*self.connected]:
            client.end(words)
        last = loop.time() + self._limits.goodbye
        while self.connected and loop.time() < last:
            await asyncio.sleep(0.01)
        for client in [*self.connected]:
            client.abort()
