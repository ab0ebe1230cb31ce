"""The line that students type, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.joining import join_line, joining
from tinynet_tui.classroom.room import Room


def address(teacher: str, room: str = "class") -> Address:
    """A room of a user."""
    return Address(room, teacher, Path("/tmp") / teacher / room)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("me", "Only you can follow: --who everyone lets others in."),
        ("everyone", "Everyone on this machine can follow."),
        ("group:students", "Members of the group students can follow."),
    ],
)
def test_who_can_follow_is_said(who: str, said: str) -> None:
    """With the line, which needs no more than the room where no other has that name."""
    others = (address("grace"), address("mallory", "klass"))
    assert joining(Room("class", "Grace", who), "grace", others) == ("tinynet-tui follow class", said)


def test_a_room_of_the_same_name_keeps_nobody_out() -> None:
    """The line then says whose is meant, and why."""
    line, why, _ = joining(Room("class", "Grace"), "grace", (address("grace"), address("mallory")))
    assert line == "tinynet-tui follow class@grace"
    assert "mallory has a room of that name too" in why
    _, why, _ = joining(Room("class", "Grace"), "grace", (address("eve"), address("mallory")))
    assert "others have a room of that name too" in why


def test_a_class_at_a_broker_has_its_address() -> None:
    """As it was given, with the room."""
    assert (
        join_line("class", broker="wss://school.example/") == "tinynet-tui follow wss://school.example/class"
    )
