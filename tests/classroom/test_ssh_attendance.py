"""How many connections there may be, and which of them give way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tinynet_tui.classroom.admission import Role, role_of
from tinynet_tui.classroom.ssh_attendance import Attendance, network_of
from tinynet_tui.classroom.ssh_limits import Limits

LIMITS = Limits(students=6, more_unknown=50)
ROOM = 56
"""Connections that may be unknown."""


@dataclass(eq=False)
class Somebody:
    """A connection that says nothing."""

    user: str | None = None
    network: str = "192.0.2.1"
    is_gone: bool = False

    @property
    def role(self) -> Role:
        """What its user is."""
        return role_of(self.user or "")

    def abort(self) -> None:
        """It is pushed out."""
        self.is_gone = True

    async def answers(self) -> bool:
        """It does not."""
        return False

    def lose_line(self) -> None:
        """It has none."""

    def end(self, words: str) -> None:
        """It is sent away."""
        self.is_gone = True

    def end_if_over(self, now: float) -> None:
        """It is not."""


def crowd(attendance: Attendance, names: Iterable[str | None], network: str = "192.0.2.1") -> list[Somebody]:
    """Connections that come one after another, and tell their names."""
    found = []
    for name in names:
        somebody = Somebody(None, network)
        attendance.take(somebody)
        somebody.user = name
        found.append(somebody)
    return found


@pytest.mark.parametrize("network", ["192.0.2.1", "192.0.2.9"], ids=["same address", "another address"])
@pytest.mark.parametrize("held", ["names", "silence", "both"])
def test_who_keeps_many_connections_locks_nobody_out(network: str, held: str) -> None:
    """Each of 20 who take five seconds comes in, while four connections a second are made beside them."""
    kinds: dict[str, list[str | None]] = {"names": ["z", "z"], "silence": [None, None], "both": ["z", None]}
    told = kinds[held]
    attendance = Attendance(LIMITS)
    crowd(attendance, told * 100, network)
    for number in range(20):
        (honest,) = crowd(attendance, [f"Student {number}"])
        crowd(attendance, told * 10, network)
        assert not honest.is_gone
        attendance.know(honest)
        attendance.forget(honest)


@pytest.mark.parametrize("teacher", ["lead", "desk"])
def test_the_teacher_has_time_for_a_code_whoever_storms(teacher: str) -> None:
    """Connections of students, however many, push out their own kind."""
    attendance = Attendance(LIMITS)
    crowd(attendance, ["z"] * 200)
    (honest,) = crowd(attendance, [teacher])
    crowd(attendance, ["z"] * 1_000)
    assert not honest.is_gone


def test_a_storm_from_elsewhere_pushes_out_itself_alone() -> None:
    """However fast it is: a class that is smaller than it stays whole."""
    attendance = Attendance(LIMITS)
    class_here = crowd(attendance, [f"Student {number}" for number in range(6)], "2001:db8::")
    storm = crowd(attendance, ["z"] * 1_000, "192.0.2.9")
    assert not any(one.is_gone for one in class_here)
    assert [one.is_gone for one in storm] == [True] * (1_000 - ROOM + 6) + [False] * (ROOM - 6)


def test_who_has_begun_to_type_outlasts_a_storm_of_silence() -> None:
    """At 60 connections a second, for ten seconds."""
    attendance = Attendance(LIMITS)
    (honest,) = crowd(attendance, ["Ada"])
    crowd(attendance, [None] * 600)
    assert not honest.is_gone


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("?", "?"),
    ],
)
def test_what_belongs_to_one_owner(address: str, network: str) -> None:
    """Whoever has one IPv6 address has as many as they like."""
    assert network_of(address) == network
