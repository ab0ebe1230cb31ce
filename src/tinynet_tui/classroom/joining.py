"""How students join a class: the line that they type, and who can."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address

from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.room import Room

_WHO = {"me": "Only you", "everyone": "Everyone on this machine"}

_LETS_IN = ": --who everyone lets others in"

CLASS_CODE = "The class code: "
"""What stands before the code."""
_KEYS_ALONE = "There is no code: only those whose keys the server has can come in."
_SSH_PORT = 22
_OTHERS = {"127.0.0.1": "0.0.0.0", "::1": "::"}
"""Addresses at which this machine alone connects, and that at which others do, too."""
_NAME = r"[a-z0-9][a-z0-9_-]{0,62}(?:\.[a-z0-9_-]{1,63}){0,126}"
_SHOWN = re.compile(rf"(?:\[([0-9a-f:.]+)\]|({_NAME}))(?::([0-9]{{1,5}}))?", re.I | re.A)


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


def shown_address(text: str, port: int) -> tuple[str, int]:
    """The (host, port) that a HOST[:PORT] says; port: where it says none.

    Raises: ValueError when it is none.

    Example:
        >>> shown_address("middle", 2222), shown_address("[2001:db8::1]:22", 2222)
        (('middle', 2222), ('2001:db8::1', 22))
    """
    found = _SHOWN.fullmatch(f"[{text}]" if text.count(":") > 1 and "[" not in text else text)
    with suppress(ValueError):  # of an address in brackets that is none
        if found and 0 < (said := int(found[3] or port)) < 1 << 16:
            return str(ip_address(found[1])) if found[1] else found[2], said
    raise ValueError("must be HOST or HOST:PORT, such as school.example:2222")


def joining_by_ssh(
    host: str, port: int, code: str | None, fingerprint: str, shown_as: str | None = None
) -> tuple[str, ...]:
    """What students of a class over SSH type, and what they have to know.

    host: the address of the server; code: of the class, if one opens it; shown_as: HOST[:PORT] by which they
    reach it, where that is another.

    Raises: ValueError when that is none.
    """
    there, at = (host, port) if shown_as is None else shown_address(shown_as, port)
    line = f"ssh {'' if at == _SSH_PORT else f'-p {at} '}NAME@{there}"
    only_here = "Only this machine, and connections forwarded to it, can connect; --host {} lets others in."
    return (
        line,
        _KEYS_ALONE if code is None else f"{CLASS_CODE}{code}",
        f"The server's fingerprint: {fingerprint}",
        *([only_here.format(_OTHERS[host])] if host in _OTHERS and shown_as is None else []),
    )
