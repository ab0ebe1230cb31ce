"""The verb follow: watch a class that somebody leads, at one's own screen size."""

from __future__ import annotations

import os
import pwd
import socket
import sys
import termios
import time
from argparse import SUPPRESS, Namespace
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NoReturn

from tinynet_tui.classroom.broker_address import is_url
from tinynet_tui.classroom.directory import Address, NobodyLeads, RoomFault, connected, rooms
from tinynet_tui.classroom.messages import Messages
from tinynet_tui.classroom.names import room_fault
from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.output import say, write_lines
from tinynet_tui.cli.parser import Parser, person
from tinynet_tui.cli.stepper import add_screen, open_stepper
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.terminal.abilities import ascii_wanted, colours_wanted, palette_wanted, terminal_problem

_EXAMPLES = (
    "tinynet-tui follow",
    "tinynet-tui follow class",
    "tinynet-tui follow class@grace --as Ada",
    "tinynet-tui follow mqtts://class.example/class --code K7QM --as Ada",
)
_ABOUT = """Follow what somebody leads on this machine: every step of theirs is on your
screen. A step of yours goes on by yourself from there, F comes back. Without
ROOM: lists the rooms that are open."""

_MOVES = frozenset(
    {"next", "back", "next-group", "previous-group", "next-phase", "previous-phase", "finish", "first-step"}
    | {
        "last-step",
        "next-update",
        "previous-update",
        "run-to",
        "restart",
        "variants",
        "undo",
        "redo",
        "random",
    }
)
"""What is done before the app is opened, so that it opens there."""
_LOOK_AGAIN = 1.0
"""Seconds between two looks for a room that nobody leads yet."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("follow", _ABOUT, _EXAMPLES)
    parser.add_argument("room", nargs="?", metavar="ROOM[@TEACHER]|URL", help="the room that somebody leads")
    parser.add_argument("--as", dest="person", type=person, metavar="NAME", help="your name in the class")
    parser.add_argument("--code", default="", metavar="CODE", help="what the broker of a URL lets you in by")
    add_screen(parser)
    parser.add_argument("--alone", nargs=3, help=SUPPRESS)
    parser.set_defaults(lesson=None, at=None, resume=False, tally=False, kiosk=False)
    return parser


def run(words: Sequence[str]) -> int:
    """Follow as a command line asks for."""
    own = parser()
    arguments = own.read(words)
    if arguments.room is None:
        write_lines(_listed() or ["No room is open to you on this machine now."])
        return 0
    name = arguments.person or pwd.getpwuid(os.getuid()).pw_name
    if is_url(arguments.room):
        from tinynet_tui.cli.broker import follow_elsewhere

        return follow_elsewhere(arguments, name)
    if arguments.alone:
        status = _step_alone(own, arguments)
        if status is not None:
            return status
    watch(awaited(arguments.room), arguments, name)


def _listed() -> list[str]:
    """The lines that lead into the rooms that are open to this user."""
    lines = []
    for address in rooms():
        with suppress(RoomFault):
            connected(address).close()
            lines.append(f"{PROGRAM} follow {address.written}")
    return lines


def awaited(wished: str) -> Address:
    """The room of a name, waited for until somebody leads it.

    Raises: Fault when there cannot be such a room, or several.
    """
    room, _, teacher = wished.partition("@")
    if fault := room_fault(room):
        raise Fault(f"{PROGRAM} follow: ROOM {fault}")
    if problem := terminal_problem(sys.stdin, sys.stdout, os.environ, has_verbs=False):
        raise Fault(problem)
    is_waiting = False
    while True:
        found = [one for one in rooms() if one.room == room and teacher in ("", one.teacher)]
        if len(found) > 1:
            raise Fault(f"{PROGRAM} follow: several lead {room}:", *(f"  {line}" for line in _listed()))
        if found:
            try:
                connected(found[0]).close()
            except NobodyLeads:
                pass
            except RoomFault as fault:
                raise Fault(f"{PROGRAM} follow: {fault}") from None
            else:
                if is_waiting:  # what was typed meanwhile was for nobody
                    termios.tcflush(sys.stdin, termios.TCIFLUSH)
                return found[0]
        if not is_waiting:
            say(f"Nobody leads {wished} yet: waiting. Ctrl+C leaves.")
            is_waiting = True
        time.sleep(_LOOK_AGAIN)


def watch(address: Address, arguments: Namespace, name: str, is_desk: bool = False) -> NoReturn:
    """Become the thin terminal of a follower, or of the teacher's desk."""
    os.execv(sys.executable, thin_terminal(address, arguments, name, is_desk))


def thin_terminal(address: Address, arguments: Namespace, name: str, is_desk: bool = False) -> list[str]:
    """The command of the thin terminal of a follower, or of the teacher's desk."""
    import msgspec

    from tinynet_tui.classroom import thin_client
    from tinynet_tui.classroom.message_contents import VERSION, Hello

    ascii = ascii_wanted(os.environ, sys.stdout.encoding) if arguments.ascii is None else arguments.ascii
    palette = arguments.palette or palette_wanted(os.environ)
    hello = Hello(VERSION, name, colours_wanted(os.environ), ascii, palette, is_desk)
    lost = f" {address.teacher} is not there · {address.room} goes on when they are back · q leaves"
    options = ["--as", name, "--ascii" if ascii else "--no-ascii", f"--{palette}"]
    return [
        *(sys.executable, "-I", "-S", thin_client.__file__),
        *(os.fspath(address.path), str(address.path.parent.lstat().st_uid)),
        msgspec.json.encode(hello).decode(),
        to_ascii(lost) if ascii else lost,
        *(sys.executable, "-m", "tinynet_tui", "follow", address.written, *options, "--alone"),
    ]


def _step_alone(own: Parser, arguments: Namespace) -> int | None:
    """Open the app of who steps alone; returns its exit status, or None where they follow again."""
    from tinynet_tui.session.commands import Command, after, command_of_key
    from tinynet_tui.session.state_file import decoded
    from tinynet_tui.terminal.input import Input
    from tinynet_tui.terminal.input_events import Key
    from tinynet_tui.tui.alone import FOLLOWS, Alone

    number, place, first = arguments.alone
    connection = socket.socket(fileno=int(number)) if int(number) >= 0 else None
    with open(int(place), "rb") as file:
        (_, at), *arrived = Messages().feed(file.read())
    session = decoded(at)
    if first.startswith("typed "):
        keys = Input().feed(bytes.fromhex(first.removeprefix("typed ")))
        found = (command_of_key(key.name, key.character) for key in keys if isinstance(key, Key))
        first = next((entry.name for entry in found if entry is not None), "")
    if first in _MOVES:
        session, first = after(session, Command(first)), ""
    make = partial(Alone, connection=connection, arrived=arrived, first=first)
    status = open_stepper(own, session.lesson, arguments, make, session)
    if connection is not None:
        connection.close()
    return None if status == FOLLOWS else status
