"""The line that students type, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.joining import join_line, joining, joining_by_ssh
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


@pytest.mark.parametrize(
    ("shown", "line"),
    [
        ("middle", "ssh -p 2222 NAME@middle"),
        ("school.example:22", "ssh NAME@school.example"),
        ("192.0.2.7:2022", "ssh -p 2022 NAME@192.0.2.7"),
        ("2001:db8::7", "ssh -p 2222 NAME@2001:db8::7"),
        ("[2001:db8::7]:2022", "ssh -p 2022 NAME@2001:db8::7"),
    ],
)
def test_a_class_that_is_forwarded_is_shown_where_students_connect(shown: str, line: str) -> None:
    """Whatever it listens at, and with no word of this machine alone."""
    assert joining_by_ssh("127.0.0.1", 2222, None, "SHA256:x", shown) == (
        line,
        "There is no code: only those whose keys the server has can come in.",
        "The server's fingerprint: SHA256:x",
    )


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "-x",
        "a b",
        "middle:",
        "middle:0",
        "middle:65536",
        "NAME@middle",
        "a\x1b[m",
        "[::g]",
        ":22",
        "1:2:3",
        "a..b",
        "ſchool",
        "\u212aiel",
    ],
)
def test_what_is_no_address_is_not_shown(shown: str) -> None:
    """Nobody could type it."""
    with pytest.raises(ValueError, match="must be HOST or HOST:PORT"):
        joining_by_ssh("0.0.0.0", 2222, None, "SHA256:x", shown)


@pytest.mark.parametrize(("host", "others"), [("127.0.0.1", "0.0.0.0"), ("::1", "::")])
def test_who_else_can_connect_is_said(host: str, others: str) -> None:
    """By the address that lets others in."""
    *_, note = joining_by_ssh(host, 2222, None, "SHA256:x")
    assert note == (
        f"Only this machine, and connections forwarded to it, can connect; --host {others} lets others in."
    )
