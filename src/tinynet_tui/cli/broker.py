"""A class on an MQTT broker, as `lead --via URL` opens it and `follow URL` takes part in it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from shlex import quote
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING

from tinynet_tui.classroom.broker_address import (
    CLASS,
    TEACHER,
    AddressFault,
    BrokerAddress,
    broker_address,
    broker_room,
)
from tinynet_tui.classroom.directory import ROOT, Address, Claimed, audience, claim, own_user
from tinynet_tui.classroom.names import shown_name
from tinynet_tui.classroom.room import Room
from tinynet_tui.cli.faults import PROGRAM, Fault
from tinynet_tui.cli.follow import preload_apps, thin_terminal
from tinynet_tui.cli.output import say
from tinynet_tui.cli.parser import DEFAULT_LESSON, quoted
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.terminal.abilities import terminal_problem

if TYPE_CHECKING:
    from tinynet_tui.classroom.broadcast import Broadcast

TEACHER_CODE = "TINYNET_TEACHER_CODE"
"""The variable of the environment that has the teacher's code."""
_LONGEST_CODE = 1_000
_LEADER_ANSWERS_WITHIN = 2.0
"""Seconds for a living leader of the same room to be heard."""
_MIRRORED = "tinynet-tui-follower-"
"""What the name of a follower's own folder begins with; the number of their process follows."""
_PR_SET_PDEATHSIG = 1
"""Of `prctl`: the signal that a process gets when the one that made it is gone."""
_ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def _need_mqtt() -> None:
    """Raises: Refusal when what speaks to brokers is not installed."""
    try:
        from tinynet_tui.classroom import broker  # noqa: F401
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "paho":
            raise
        raise Refusal(f"a broker needs paho-mqtt: {sys.executable} -m pip install paho-mqtt") from None


# The leader


@contextmanager
def published(room: Room) -> Iterator[tuple[Broadcast | None, tuple[str, ...]]]:
    """(a room on its broker, if it has one; the line that students type there, and what is said of that).

    Raises: Refusal when the broker cannot be used by the teacher or by students, or somebody leads the room.
    """
    if room.via is None:
        yield None, ()
        return
    url, students, file = room.via
    try:
        address = broker_address(url)
    except AddressFault as fault:
        raise Refusal(f"--via {quoted(url)}: {fault}") from None
    code = _teachers_code(file)
    _need_mqtt()
    from tinynet_tui.classroom import broadcast
    from tinynet_tui.classroom.broker import Broker
    from tinynet_tui.classroom.broker_messages import LONGEST_LED, Topics
    from tinynet_tui.classroom.mirror import new_identity

    topics = Topics(room.name)
    broker = Broker(
        address, TEACHER, code, new_identity(), broadcast.KEEPALIVE, f"--code-file FILE, or {TEACHER_CODE}"
    )
    broker.last_will(topics.place, retain=True)
    broker.open((topics.place, topics.text(), topics.word()), LONGEST_LED)
    is_ours = False
    try:
        before = broadcast.found(broker, room.name, _LEADER_ANSWERS_WITHIN)
        line = f"{PROGRAM} follow {address.written}/{room.name}"
        is_open = _lets_students_in(address, topics.place, students)
        line += f" --code {quote(students)}" if students else "" if is_open else " --code CODE"
        if before.leader is not None:
            leader = shown_name(before.leader.teacher)
            raise Refusal(f"{leader} leads {room.name} there already; to follow: {line}")
        is_ours = True
        notes = () if is_open else ("CODE is the students' code: with lead --code CODE it stands here.",)
        yield broadcast.Broadcast(broker, room.name, before), (f"{line} --as NAME", *notes)
    finally:
        broker.close(*[(topics.place, b"", True)] if is_ours else [])


def _lets_students_in(address: BrokerAddress, topic: str, code: str) -> bool:
    """Whether students can hear what is published under a topic, with the code that they are given.

    Raises: BrokerFault when a code was given with which they cannot.
    """
    from tinynet_tui.classroom.broker import Broker, BrokerFault
    from tinynet_tui.classroom.mirror import KEEPALIVE, new_identity

    student = Broker(address, CLASS, code, new_identity(), KEEPALIVE, "--code CODE, as the broker has it")
    try:
        student.open((topic,), _LONGEST_CODE)
    except BrokerFault:
        if code:
            raise
        return False
    student.close()
    return True


def _teachers_code(path: str) -> str:
    """What the teacher is let in by: in a file, or without one in the environment; "" where there is none.

    Raises: Refusal when the file cannot be used.
    """
    if not path:
        return os.environ.get(TEACHER_CODE, "")
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read(_LONGEST_CODE + 1).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Refusal(f"--code-file {path}: {why}") from None
    code = lines[0].strip() if len(lines) == 1 else ""
    if not 0 < len(code) <= _LONGEST_CODE:
        raise Refusal(f"--code-file {path}: it must have one line, the code of {TEACHER}")
    return code


# A follower


def follow_elsewhere(arguments: Namespace, name: str) -> int:
    """Follow the room of a URL; returns the exit status.

    Raises: Refusal when the broker cannot be used.
    """
    try:
        address, room = broker_room(arguments.room)
    except AddressFault as fault:
        raise Refusal(f"{quoted(arguments.room)}: {fault}") from None
    if problem := terminal_problem(sys.stdin, sys.stdout, os.environ, has_verbs=False):
        raise Fault(problem)
    _need_mqtt()
    _remove_left_over()
    with TemporaryDirectory(prefix=f"{_MIRRORED}{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        os.environ[ROOT] = folder  # the room is mirrored in a folder of this user's own
        claimed = claim(room, audience("me"))
        preload_apps(claimed, shipped_lesson(DEFAULT_LESSON))  # before there is a thread
        return asyncio.run(_follow(address, room, claimed, arguments, name))


def _remove_left_over() -> None:
    """Remove the folders of followers of this user's who were killed."""
    for folder in Path(gettempdir()).glob(f"{_MIRRORED}*"):
        number = folder.name.removeprefix(_MIRRORED).partition("-")[0]
        with suppress(OSError):
            if folder.lstat().st_uid == os.getuid() and not Path(f"/proc/{number}").exists():
                rmtree(folder)


async def _follow(
    address: BrokerAddress, room: str, claimed: Claimed, arguments: Namespace, name: str
) -> int:
    """Show the mirrored room on the terminal of a follower; returns the exit status."""
    from tinynet_tui.classroom.broker import Broker
    from tinynet_tui.classroom.broker_messages import LONGEST_TEXT, Topics
    from tinynet_tui.classroom.mirror import KEEPALIVE, Mirror, new_identity

    topics, identity = Topics(room), new_identity()
    broker = Broker(
        address, CLASS, arguments.code, identity, KEEPALIVE, "--code CODE, as your teacher has it"
    )
    broker.last_will(topics.word(identity), retain=False)
    broker.open((topics.place, topics.text()), LONGEST_TEXT)
    mirror = Mirror(broker, room, identity, name)
    try:
        mirror.begin()
        waits = asyncio.get_running_loop().call_later(
            1.0, say, f"Nobody leads {room} yet: waiting. Ctrl+C leaves."
        )
        await mirror.has_begun.wait()
        waits.cancel()
        if mirror.farewell is not None:
            raise Fault(mirror.farewell)
        await mirror.open(claimed)
        return await _shown(Address(room, own_user(), claimed.path), arguments, name)
    finally:
        mirror.leave()


async def _shown(own: Address, arguments: Namespace, name: str) -> int:
    """Have a follower see the mirrored room until they leave; returns the exit status."""
    import ctypes

    from tinynet_tui.classroom.thin_client import LEAVE

    termios.tcflush(sys.stdin, termios.TCIFLUSH)  # what was typed meanwhile was for nobody
    modes = termios.tcgetattr(sys.stdin)
    # Not even where this is killed may the terminal be left to a program that nobody has any more.
    ends_with_this = partial(ctypes.CDLL(None).prctl, _PR_SET_PDEATHSIG, signal.SIGTERM)
    terminal = await asyncio.create_subprocess_exec(
        *thin_terminal(own, arguments, name), preexec_fn=ends_with_this
    )
    for number in _ENDS:
        asyncio.get_running_loop().add_signal_handler(number, _pass_on, terminal, number)
    status = await terminal.wait()
    if status < 0:  # it could not give the terminal back
        with suppress(OSError, termios.error):
            os.write(sys.stdout.fileno(), LEAVE)
            termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, modes)
    return status if status >= 0 else 128 - status


def _pass_on(terminal: asyncio.subprocess.Process, number: int) -> None:
    with suppress(ProcessLookupError):
        terminal.send_signal(number)
