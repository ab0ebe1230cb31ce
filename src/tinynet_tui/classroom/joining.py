"""How students join a class: the line that they type, and who can."""

from __future__ import annotations

from collections.abc import Iterable

from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.room import Room

_WHO = {"me": "Only you", "everyone": "Everyone on this machine"}

_LETS_IN = ": --who everyone lets others in"

CLASS_CODE = "The class code: "
"""What stands before the code."""
_SSH_PORT = 22
_THIS = ("127.0.0.1", "::1")


def join_line(room: str, teacher: str = "", broker: str = "") -> str:
    """What students type; teacher: the user who leads, where others have a room of that name too.

    broker: the address of one, where the class is there.

    Example:
        >>> join_line("class"), join_line("class", "grace"), join_line("class", broker="wss://school.example")
        ('tinynet-tui follow class', 'tinynet-tui follow class@grace', 'tinynet-tui follow wss://school.example/class')
    """
    where = f"{broker.rstrip('/')}/{room}" if broker else f"{room}@{teacher}" if teacher else room
    return f"tinynet-tui follow {where}"


def joining(room: Room, user: str, others: Iterable[Address]) -> tuple[str, ...]:
    """The line that students of a class on this machine type, and the notes on it.

    user: whose class it is; others: the rooms that there are on this machine.
    """
    rivals = sorted({one.teacher for one in others if one.room == room.name and one.teacher != user})
    who = f"Members of the group {room.who.removeprefix('group:')}" if room.who.startswith("group:") else ""
    can = f"{_WHO.get(room.who, who)} can follow{_LETS_IN if room.who == 'me' else ''}."
    if rivals:
        has = f"{rivals[0]} has" if len(rivals) == 1 else "others have"
        return join_line(room.name, user), f"With @{user}, because {has} a room of that name too.", can
    return join_line(room.name), can


def joining_by_ssh(host: str, port: int, code: str | None, fingerprint: str) -> tuple[str, ...]:
    """What students of a class over SSH type, and what they have to know.

    host: the address by which they reach the server; code: of the class, if one opens it.
    """
    at = "" if port == _SSH_PORT else f"-p {port} "
    line = f"ssh {at}NAME@{host}"
    return (
        line,
        *([f"{CLASS_CODE}{code}"] if code is not None else []),
        f"The server's fingerprint: {fingerprint}",
        *(["Only this machine can connect; --host 0.0.0.0 lets others in."] if host in _THIS else []),
    )
