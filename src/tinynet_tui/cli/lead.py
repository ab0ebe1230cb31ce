"""The verb lead: the teacher's stepper, whose steps a class follows."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from tinynet_tui.classroom.directory import (
    Claimed,
    audience,
    claim,
    give_up,
    kept_path,
    own_user,
    rooms,
)
from tinynet_tui.classroom.joining import joining
from tinynet_tui.classroom.kept_room import kept_room
from tinynet_tui.classroom.names import room_fault
from tinynet_tui.classroom.recording import Recorder, RecordingFault
from tinynet_tui.classroom.room import Room, Via
from tinynet_tui.cli.broker import TEACHER_CODE, published
from tinynet_tui.cli.follow import preload_apps
from tinynet_tui.cli.output import say
from tinynet_tui.cli.parser import DEFAULT_LESSON, Parser, named_lesson
from tinynet_tui.cli.stepper import add_screen, need_screen, open_stepper
from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.safety.whole_files import opened_privately

if TYPE_CHECKING:
    from tinynet_tui.session.session import Session

_EXAMPLES = (
    "tinynet-tui lead class",
    "tinynet-tui lead class mazur --who everyone",
    "tinynet-tui lead room-7 my-lesson.toml --who group:students",
    "tinynet-tui lead class --via wss://class.example --code K7QM --code-file mine",
)
_ABOUT = """Lead a class on this machine: whoever follows sees every step of yours, at
their own screen size, and can go on alone from there. `tinynet-tui desk ROOM`,
on another terminal, shows you who is here."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("lead", _ABOUT, _EXAMPLES)
    parser.add_argument("room", metavar="ROOM", help="the name of the room: a-z, 0-9, - _ and .")
    parser.add_lesson(default=None)
    parser.add_argument(
        "--who",
        metavar="WHO",
        help="who may follow: me, group:NAME or everyone on this machine (me: this user alone)",
    )
    parser.add_person("your name in the class")
    parser.add_argument(
        "--via", metavar="URL", help="an MQTT broker for followers elsewhere: mqtts://HOST or wss://HOST"
    )
    parser.add_argument("--code", default="", metavar="CODE", help="the students' code at the broker")
    parser.add_argument(
        "--code-file",
        metavar="FILE",
        help=f"a file with the teacher's code, if it is not in {TEACHER_CODE}",
    )
    add_class(parser)
    return parser


def add_class(parser: Parser) -> None:
    """Take the options of every verb that opens a class with the teacher's stepper."""
    parser.add_argument("--record", metavar="FILE", help="write the class to a new file, for `replay`")
    parser.add_place()
    add_screen(parser)


def run(words: Sequence[str]) -> int:
    """Lead as a command line asks for."""
    own = parser()
    arguments = own.read(words)
    if fault := room_fault(arguments.room):
        raise Refusal(f"ROOM {fault}")
    lesson = named_lesson(arguments.lesson or DEFAULT_LESSON)
    need_screen(arguments)
    user = own_user()
    room, start = room_as_left(arguments, user)
    via = via_as_left(arguments, room.via)
    if via is not None and arguments.via is None:
        say(f"Those elsewhere come by {via.url}; --via '' goes on without them.")
    room = replace(room, who=arguments.who or room.who, via=via)
    with recording(room.record, start is not None) as recorder, claimed(room) as own_room:
        preload_apps(own_room, lesson)  # before the connection to a broker has a thread
        with published(room) as (broadcast, elsewhere):
            lines = partial(_join_lines, room, user, elsewhere)
            line, *more = lines()
            say_how_to_join(line, more, room, start)
            from tinynet_tui.tui.leading import Leader

            make = partial(
                Leader, room=room, claimed=own_room, join_lines=lines, recorder=recorder, broadcast=broadcast
            )
            return open_stepper(own, lesson, arguments, make, start)


def via_as_left(arguments: Namespace, left: Via | None) -> Via | None:
    """How those elsewhere come, as the command line says it, or as it was left: they wait there.

    Raises: Refusal when codes are given for no broker.
    """
    via = left if arguments.via is None else Via(arguments.via) if arguments.via else None
    if via is None and (arguments.code or arguments.code_file):
        raise Refusal("--code and --code-file are for a broker: name it with --via")
    if via is None:
        return None
    # It may be led on from another folder.
    file = os.path.abspath(arguments.code_file) if arguments.code_file else via.code_file
    return Via(via.url, arguments.code or via.code, file)


def room_as_left(arguments: Namespace, user: str) -> tuple[Room, Session | None]:
    """The room of a command line, and its last place; a new room where a lesson is named.

    user: who leads it now, whose name in the class that is unless they say another, or have said one before.
    """
    record = os.path.abspath(arguments.record) if arguments.record else ""
    path = kept_path(arguments.room)
    kept = None if arguments.lesson else kept_room(path)
    if kept is None:
        if not arguments.lesson and path.exists():
            say(f"This is a new class: what was saved of the last one, in {path}, cannot be read.")
        return Room(arguments.room, arguments.person or user, record=record), None
    room, start = kept
    if not record and os.path.isfile(room.record):
        record = room.record
    elif not record and room.record:
        say(f"The class is not recorded any more: there is no file {room.record}.")
    return replace(room, teacher=arguments.person or room.teacher, record=record), start


def say_how_to_join(line: str, notes: Iterable[str], room: Room, start: Session | None) -> None:
    """Say what students type, and where the class goes on if it does: before the screen opens."""
    say(f"Students type: {line}", *notes)
    if start is not None:
        say(f"The class goes on where it was: update {start.update}, step {start.step}.")
    if room.record:
        say(f"It is recorded in {room.record}.")


def _join_lines(room: Room, user: str, elsewhere: Sequence[str]) -> tuple[str, ...]:
    """The line that students type now, and the notes on it: another room of that name may have come.

    elsewhere: the line for other machines, if there is one, and the notes on that.
    """
    here, *notes, can = joining(room, user, rooms())
    if not elsewhere:
        return here, *notes, can
    return *elsewhere, f"{here}, on this machine; {can[0].lower()}{can[1:]}", *notes


@contextmanager
def claimed(room: Room) -> Iterator[Claimed]:
    """A room as this process's own; where nothing comes of it, nobody finds a dead one.

    Raises: Refusal when it cannot be claimed.
    """
    own = claim(room.name, audience(room.who))
    try:
        yield own
    except Refusal:
        give_up(own)
        raise


@contextmanager
def recording(path: str, goes_on: bool = False) -> Iterator[Recorder | None]:
    """What writes a class to a file, which is not left behind where nothing was written.

    goes_on: whether the class does, so that the file may have what came before.

    Raises: Refusal when it is there already, or cannot be written.
    """
    if not path:
        yield None
        return
    is_there = goes_on and Path(path).exists()
    try:
        # What goes wrong inside is no fault of the file's.
        file = open(path, "r+b") if is_there else open(path, "x+b", opener=opened_privately)  # noqa: SIM115
        recorder = Recorder(file, monotonic)
    except FileExistsError:
        raise Refusal(f"--record {path}: it is there: move it, or name another") from None
    except RecordingFault as fault:
        file.close()
        raise Refusal(f"--record {path}: {fault}") from None
    except OSError as error:
        raise Refusal(f"--record {path}: {error.strerror}") from None
    try:
        yield recorder
    finally:
        with suppress(OSError):
            file.close()  # writes again what a full disk has not taken, of which the leader was told
        with suppress(OSError):
            if not os.path.getsize(path):
                os.unlink(path)
