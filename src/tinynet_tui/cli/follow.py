"""The verb follow: watch a class that somebody leads, at one's own screen size."""

from __future__ import annotations

import os
import signal
import socket
import sys
import termios
import time
from argparse import SUPPRESS, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any, NoReturn

from tinynet_tui.classroom.broker_address import is_url
from tinynet_tui.classroom.directory import (
    Address,
    Claimed,
    NobodyLeads,
    RoomFault,
    address_of,
    apps_socket,
    connected,
    own_user,
    rooms,
    say_goodbye,
)
from tinynet_tui.classroom.names import room_fault
from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.output import output_encoding, say, write_lines
from tinynet_tui.cli.parser import Parser
from tinynet_tui.cli.stepper import add_screen, are_letters_shown, open_stepper, own_settings, values_in_force
from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.terminal.abilities import (
    colours_wanted,
    terminal_problem,
)

if TYPE_CHECKING:
    from tinynet_tui.classroom.handing_over import Handed
    from tinynet_tui.classroom.preloaded import Asker
    from tinynet_tui.lessons.schema import Lesson
    from tinynet_tui.session.commands import Entry
    from tinynet_tui.session.keys import OwnKeys
    from tinynet_tui.session.session import Session
    from tinynet_tui.tui.alone import Alone

_EXAMPLES = (
    "tinynet-tui follow",
    "tinynet-tui follow class",
    "tinynet-tui follow class@grace --as Ada",
    "tinynet-tui follow mqtts://class.example/class --code K7QM --as Ada",
)
_ABOUT = """Follow what somebody leads on this machine: every step of theirs is on your
screen. Take a step and you go on by yourself from there, and follow again when
you like. Without ROOM: lists the rooms that are open."""

_LOOK_AGAIN = 1.0
"""Seconds between two looks for a room that nobody leads yet."""

_NO_STEPS = ("undo", "redo", "variants", "random")
"""Commands that go elsewhere, and take no step: only steps lead away where there is no leader."""
_NOT_OF_AN_APP = ("tinynet_tui.__main__", "tinynet_tui.cli", "tinynet_tui.classroom")
"""What an app does not import later on: the rest of a server's."""
_IMPORTED_LATE = (
    *("concurrent.futures.thread", "encodings.utf_8_sig", "numpy", "textual.drivers.headless_driver"),
    *("textual.pilot", "textual.scrollbar", "textual.layouts.factory", "textual.layouts.grid"),
    *("textual.layouts.horizontal", "textual.layouts.stream", "textual.layouts.vertical"),
)
"""What others than this program import late, or it does itself by a function's name."""


@lru_cache
def parser() -> Parser:
    """The parser of its arguments: made once, also for all apps that are forked from a process."""
    parser = Parser("follow", _ABOUT, _EXAMPLES)
    parser.add_argument("room", nargs="?", metavar="ROOM[@TEACHER]|URL", help="the room that somebody leads")
    parser.add_person("your name in the class")
    parser.add_argument("--code", default="", metavar="CODE", help="the students' code at the broker")
    parser.add_argument(
        "--kiosk", action="store_true", help="write nothing but the position, and suspend to no shell"
    )
    add_screen(parser)
    parser.add_argument("--alone", nargs="+", type=int, help=SUPPRESS)
    return parser


def run(words: Sequence[str], asker: Asker | None = None) -> int:
    """Follow as a command line asks for.

    asker: who has asked a preloaded process for an app, and lends it a terminal.
    """
    own = parser()
    arguments = own.read(words)
    if arguments.room is None:
        none = f"No room is open to you on this machine now: `{PROGRAM} follow ROOM` waits for one."
        write_lines(_listed() or [none])
        return 0
    name = arguments.person or own_user()
    if is_url(arguments.room):
        from tinynet_tui.cli.broker import follow_elsewhere

        return follow_elsewhere(arguments, name)
    if arguments.alone:
        return _step_alone(own, arguments, asker)
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

    Raises: Refusal when there cannot be such a room, or several.
    """
    room, _, teacher = wished.partition("@")
    if fault := room_fault(room):
        raise Refusal(f"ROOM {fault}")
    if problem := terminal_problem(sys.stdin, sys.stdout, os.environ, has_verbs=False):
        raise Fault(problem)
    is_waiting = False
    while True:
        open_ones = _open_to_this_user(room, teacher)
        if len(open_ones) > 1:
            lines = (f"  {PROGRAM} follow {one.written}" for one in open_ones)
            raise Refusal(f"several lead a room {room}. Whose do you want?", *lines)
        if open_ones:
            if is_waiting:  # what was typed meanwhile was for nobody
                termios.tcflush(sys.stdin, termios.TCIFLUSH)
            return open_ones[0]
        if not is_waiting:
            say(f"Nobody leads {wished} yet: waiting. Ctrl+C leaves.")
            is_waiting = True
        time.sleep(_LOOK_AGAIN)


def _open_to_this_user(room: str, teacher: str) -> list[Address]:
    """The rooms of a name that somebody leads now, and that this user may join.

    Raises: Refusal where there are none, because those who lead them choose others.
    """
    found, faults = list[Address](), list[RoomFault]()
    for one in rooms():
        if one.room == room and teacher in ("", one.teacher):
            try:
                connected(one).close()
                found.append(one)
            except NobodyLeads:
                pass
            except RoomFault as fault:
                faults.append(fault)
    if faults and not found:
        raise faults[0]
    return found


def watch(address: Address, arguments: Namespace, name: str, is_desk: bool = False) -> NoReturn:
    """Become the thin terminal of a follower, or of the teacher's desk."""
    os.execv(sys.executable, thin_terminal(address, arguments, name, is_desk))


def thin_terminal(address: Address, arguments: Namespace, name: str, is_desk: bool = False) -> list[str]:
    """The command of the thin terminal of a follower, or of the teacher's desk."""
    import msgspec

    from tinynet_tui.classroom.message_contents import VERSION, Hello
    from tinynet_tui.tui.permissions import KIOSK, OPEN

    settings, fault = own_settings(KIOSK if arguments.kiosk else OPEN)
    if fault:
        say(fault)
    held = values_in_force(settings, arguments, os.environ, output_encoding())
    hello = Hello(
        VERSION,
        name,
        colours_wanted(os.environ),
        held["ascii"].value,
        held["palette"].value,
        is_desk,
        own={} if held["decimals"].source == "default" else {"digits": held["decimals"].value},
        keys=settings.keys,
        paints=settings.colours,
        letters=are_letters_shown(held, os.environ, output_encoding()),
        forgets=arguments.kiosk,
    )
    return thin_command(address, msgspec.json.encode(hello), "", not is_desk and arguments.kiosk)


def thin_command(address: Address, said: bytes, handed: str, is_kiosk: bool) -> list[str]:
    """The thin terminal of whoever says hello; handed: what the app that it follows has left, if any."""
    import msgspec

    from tinynet_tui.classroom import thin_client
    from tinynet_tui.classroom.message_contents import Hello, lost_rows

    hello = msgspec.json.decode(said, type=Hello)
    options = ["--as", hello.name, "--ascii" if hello.ascii else "--no-ascii", f"--{hello.palette}"]
    options += ["--kiosk"] if is_kiosk else []
    does = [*_codes(hello.keys)]
    steps = [code.hex() for code, entry in does if entry.effect == "move" and entry.name not in _NO_STEPS]
    quits = [code.hex() for code, entry in does if entry.name == "quit"]
    return [
        *(sys.executable, "-I", "-S", thin_client.__file__),
        *(os.fspath(address.path), str(address.path.parent.lstat().st_uid), os.fsdecode(said)),
        *(lost_rows(address.teacher, address.room, hello), handed, " ".join(steps), " ".join(quits)),
        *(sys.executable, "-m", "tinynet_tui", "follow", address.written, *options, "--alone"),
    ]


def _codes(own: OwnKeys) -> Iterator[tuple[bytes, Entry[Session]]]:
    """What terminals send for the keys of a user that do something, each with what that is."""
    from tinynet_tui.session.keys import Keys
    from tinynet_tui.terminal.input import Input
    from tinynet_tui.terminal.input_events import Key

    codes = [chr(code) for code in range(1, 128)] + [key for _, keys in own for key in keys if len(key) == 1]
    codes += [start + final for start in ("\x1b[", "\x1bO") for final in "ABCDFHPQRSZ"]
    codes += [f"\x1b[{number}~" for number in range(1, 35)]
    keys = Keys(own)
    for code in map(str.encode, codes):
        pressed = [key for key in Input().feed(code) if isinstance(key, Key)]
        found = (keys.command(key.name, key.character) for key in pressed)
        yield from ((code, entry) for entry in found if entry is not None)


def preload_apps(claimed: Claimed, lesson: Lesson) -> None:
    """Have a process ready that forks an app for each of this user's followers who goes on alone.

    Without it they wait half a second: where it cannot be had, nothing is lost.
    """
    from tinynet_tui.classroom.preloaded import preload

    with suppress(OSError), apps_socket(claimed) as listening:
        preload(listening, run, partial(load_app, lesson))


def load_app(lesson: Lesson) -> None:
    """Load what an app needs to begin, and have it drawn once."""
    import msgspec

    from tinynet_tui.classroom.message_contents import VERSION, Hello, sent_place
    from tinynet_tui.drawing.look import Look
    from tinynet_tui.drawing.picture import LARGEST_HEIGHT, LARGEST_WIDTH
    from tinynet_tui.drawing.screen import screen
    from tinynet_tui.session.commands import start
    from tinynet_tui.session.moment import moment
    from tinynet_tui.session.saved_session import decoded
    from tinynet_tui.tui import alone, driver  # noqa: F401

    there = decoded(sent_place(start(lesson)))  # as it comes to an app, so that all of it is known there
    # One panel, and all that can stand beside others.
    for size in ((80, 24), (LARGEST_WIDTH, LARGEST_HEIGHT)):
        screen(moment(there), *size, Look(ascii=False))
    msgspec.json.decode(msgspec.json.encode(Hello(VERSION, "", "none", False, "dark")), type=Hello)
    parser()


def load_whole_app() -> None:
    """Load all that an app imports or reads later on: once it is confined, it may read no file."""
    import tinynet_tui
    from tinynet_tui.lessons.shipped import shipped_lessons
    from tinynet_tui.lessons.tour_file import SHIPPED_TOURS, shipped_tour_text
    from tinynet_tui.practice.course import SHIPPED_COURSES, shipped_course

    for module in walk_packages(tinynet_tui.__path__, f"{tinynet_tui.__name__}."):
        if not module.name.startswith(_NOT_OF_AN_APP):
            import_module(module.name)
    for name in _IMPORTED_LATE:
        with suppress(ImportError):  # some are installed by few, or are not there in every version
            import_module(name)
    shipped_lessons()
    for name in SHIPPED_COURSES:
        shipped_course(name)
    for name in SHIPPED_TOURS:
        shipped_tour_text(name)


def _step_alone(own: Parser, arguments: Namespace, asker: Asker | None) -> int:
    """Open an app of their own for a follower, on a terminal that is taken over; returns its exit status."""
    from tinynet_tui.classroom.handing_over import Handed, handed_file
    from tinynet_tui.classroom.messages import ANEW, message
    from tinynet_tui.classroom.thin_client import FOLLOWS
    from tinynet_tui.terminal import job

    file, connection = (*arguments.alone, -1)[:2]
    handed = Handed.read(file)
    job.lender = None if asker is None else asker.process

    def hand_back(app: Alone) -> None:
        if asker is not None:
            if app.to_leader.is_new:
                say_goodbye(app.to_leader.socket)
            asker.say((message(ANEW) if app.to_leader.is_new else b"") + app.handed_on.messages)
            asker.end(FOLLOWS)

    try:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, _leave_early)
        status, app = _run_alone(own, arguments, handed, connection, hand_back)
    except BaseException:
        _give_back(handed.modes)
        raise
    if status == FOLLOWS and asker is None:
        to_leader = app.to_leader.socket
        file, connection = handed_file(app.handed_on.messages), to_leader.fileno() if to_leader else -1
        for descriptor in (file, connection):
            if descriptor >= 0:
                os.set_inheritable(descriptor, True)
        thin = thin_command(app.address, app.handed_on.hello, f"{file} {connection}", arguments.kiosk)
        os.execv(sys.executable, thin)
    return status


def _run_alone(
    own: Parser,
    arguments: Namespace,
    handed: Handed,
    connection: int,
    hand_back: Callable[[Alone], None],
) -> tuple[int, Alone]:
    """(exit status of the app of whoever steps alone, the app)."""
    import msgspec

    from tinynet_tui.classroom.message_contents import Hello
    from tinynet_tui.drawing.theme import theme_of
    from tinynet_tui.tui.alone import Alone, begun, shown_at_once
    from tinynet_tui.tui.permissions import KIOSK, OPEN

    settings, _ = own_settings(KIOSK if arguments.kiosk else OPEN)
    hello = msgspec.json.decode(handed.hello, type=Hello)
    session, first = begun(handed, hello.look.keys)
    session = replace(session, digits=arguments.decimals or session.digits)
    arguments.person, arguments.palette = hello.name, hello.palette
    arguments.ascii = None if hello.ascii and hello.letters else hello.ascii  # None: for its signs alone
    theme = theme_of(colours_wanted(os.environ), hello.palette, settings.colours)
    painter = shown_at_once(session, hello.look, theme, arguments.no_diff)
    make = partial(
        Alone,
        connection=socket.socket(fileno=connection) if connection >= 0 else None,
        address=address_of(arguments.room),
        handed=handed,
        first=first,
        hand_back=hand_back,
        painter=painter,
    )
    made = list[Alone]()

    def make_and_keep(*given: Any, **options: Any) -> Alone:
        made.append(make(*given, **options))
        return made[0]

    return open_stepper(own, session.lesson, arguments, make_and_keep, session), made[0]


def _leave_early(number: int, _frame: object) -> NoReturn:
    """End before the app is there, which gives the terminal back itself."""
    raise SystemExit(128 + number)


def _give_back(modes: bytes) -> None:
    """Leave a terminal that was taken over as it was found, where the app has not come to that."""
    from tinynet_tui.terminal.display import LEAVE
    from tinynet_tui.terminal.job import read_modes

    with suppress(OSError, termios.error):
        os.write(1, LEAVE.encode())
        termios.tcsetattr(0, termios.TCSANOW, read_modes(modes))
