"""The verb follow: watch a class that somebody leads, at one's own screen size."""

from __future__ import annotations

import getpass
import os
import sys
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tinynet_tui.classroom.directory import Address, RoomFault, connected, rooms
from tinynet_tui.classroom.names import room_fault, shown_name
from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.output import ascii_of_terminal, say, write_lines
from tinynet_tui.cli.parser import Parser, person

_EXAMPLES = (
    "tinynet-tui follow",
    "tinynet-tui follow class",
    "tinynet-tui follow class@grace --as Ada",
)
_ABOUT = """Follow what somebody leads on this machine: every step of theirs is on your screen.
→ goes on by yourself from there, F comes back. Without ROOM: lists the rooms."""

_LOOK_AGAIN = 1.0
"""Seconds between two looks for a room that nobody leads yet."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("follow", _ABOUT, _EXAMPLES)
    parser.add_argument("room", nargs="?", metavar="ROOM[@TEACHER]", help="the room that somebody leads")
    parser.add_argument("--as", dest="person", type=person, metavar="NAME", help="your name in the class")
    parser.add_ascii()
    parser.add_palette()
    return parser


def run(words: Sequence[str]) -> int:
    """Follow as a command line asks for."""
    arguments = parser().read(words)
    if arguments.room is None:
        write_lines(_listed() or ["No room is open to you on this machine now."])
        return 0
    address = _awaited(arguments.room)
    _follow(address, arguments)


def _listed() -> list[str]:
    return [f"{PROGRAM} follow {address.written}" for address in rooms()]


def _awaited(wished: str) -> Address:
    """The room of a name, waited for until somebody leads it.

    Raises: Fault when there cannot be such a room, or several.
    """
    room, _, teacher = wished.partition("@")
    if fault := room_fault(room):
        raise Fault(f"{PROGRAM} follow: ROOM {fault}")
    is_waiting = False
    while True:
        found = [one for one in rooms() if one.room == room and teacher in ("", one.teacher)]
        if len(found) > 1:
            raise Fault(f"{PROGRAM} follow: several lead {room}:", *(f"  {line}" for line in _listed()))
        if found:
            try:
                connected(found[0]).close()
            except RoomFault as fault:
                if "nobody leads" not in str(fault):
                    raise Fault(f"{PROGRAM} follow: {fault}") from None
            else:
                return found[0]
        if not is_waiting:
            say(f"Nobody leads {wished} yet: waiting. Ctrl+C leaves.")
            is_waiting = True
        time.sleep(_LOOK_AGAIN)
