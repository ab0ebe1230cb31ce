"""Terminals that the leader writes to, as pairs of this process's own."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import socket
import subprocess
import sys
import termios
import tty
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from tests.pseudo_terminal import ENVIRON, Terminal, child_processes
from tinynet_tui.classroom import thin_client
from tinynet_tui.classroom.direct_terminal import DirectTerminal
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.local_line import Arrivals, LocalLine
from tinynet_tui.classroom.message_contents import VERSION, Hello
from tinynet_tui.classroom.messages import END, FRAME, HELLO, KEYS, OWN_APP, SIZE, TERMINAL, Messages, message
from tinynet_tui.classroom.room import Room
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start

MORE_THAN_FITS = b"".join(b"%06d " % number for number in range(40_000))
"""More than any terminal takes that nobody reads."""


class Pair(NamedTuple):
    """A pseudo-terminal, and how a follower names it."""

    end: int
    name: str
    numbers: str

    @property
    def written(self) -> str:
        """As it is sent."""
        return f"{self.name} {self.numbers}"

    def read(self) -> bytes:
        """What was written to it by now."""
        found = b""
        try:
            while arrived := os.read(self.end, 65_536):
                found += arrived
        except BlockingIOError:
            pass
        return found


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A terminal in the mode that a follower's program puts it into, and a program that it is for."""
    end, other = pty.openpty()
    tty.setraw(other)
    os.set_blocking(end, False)
    found, name = os.fstat(other), os.ttyname(other)
    takes = ["sh", "-c", f"exec <{name} && echo && exec sleep 1000"]
    with subprocess.Popen(takes, start_new_session=True, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        program.stdout.readline()
        yield Pair(end, name, f"{found.st_dev} {found.st_ino} {program.pid}")
        program.kill()
    os.close(end)
    os.close(other)


def nothing() -> None:
    """Nobody is told."""


def test_what_the_terminal_does_not_take_is_written_later_and_in_order(pair: Pair) -> None:
    """Whoever writes is told to pause, and to go on once all is there."""
    told = list[str]()

    async def write() -> bytes:
        direct = DirectTerminal.opened(
            pair.written, lambda: told.append("pause"), lambda: told.append("resume")
        )
        assert direct is not None
        direct.write(MORE_THAN_FITS)
        assert direct.waits
        direct.write(b"the end")
        found = b""
        while not found.endswith(b"the end"):
            await asyncio.sleep(0)
            found += pair.read()
        await asyncio.sleep(0)
        assert not direct.waits
        direct.close()
        return found

    assert asyncio.run(write()) == MORE_THAN_FITS + b"the end"
    assert told == ["pause", "resume"]


def test_the_rest_of_a_frame_can_be_taken_over(pair: Pair) -> None:
    """What was written and what was taken are the whole, once."""

    async def write() -> tuple[bytes, bytes]:
        direct = DirectTerminal.opened(pair.written, nothing, nothing)
        assert direct is not None
        direct.write(MORE_THAN_FITS)
        rest = direct.take_rest()
        written = pair.read()
        await asyncio.sleep(0)
        assert not direct.waits
        assert not pair.read()
        direct.close()
        return written, rest

    written, rest = asyncio.run(write())
    assert written
    assert rest
    assert written + rest == MORE_THAN_FITS


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        (None, "1 2 1"),
        ("/dev/null", None),
        ("/etc/passwd", None),
        ("/dev/pts/../null", None),
        ("/dev/pts/999999", "1 2 1"),
    ],
)
def test_what_is_not_that_terminal_is_not_written_to(
    pair: Pair, name: str | None, numbers: str | None
) -> None:
    """Another file, another terminal of that name: a container has terminals of its own."""
    written = f"{name or pair.name} {numbers or pair.numbers}"
    assert DirectTerminal.opened(written, nothing, nothing) is None


def test_nothing_is_written_where_the_program_is_on_another_terminal(pair: Pair) -> None:
    """Nothing would tell then whether a shell has it."""
    written = f"{pair.written.rsplit(maxsplit=1)[0]} {os.getpid()}"
    assert DirectTerminal.opened(written, nothing, nothing) is None


def test_frames_are_written_and_messages_sent(pair: Pair) -> None:
    """Who names a terminal has the screen there; the place and the end come through the connection."""

    async def follow() -> tuple[bytes, list[bytes]]:
        hub = Hub(Room("class", "Grace"), start(shipped_lesson("lecture")), lambda _room: None)
        there, here = socket.socketpair()
        here.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: LocalLine(hub, Arrivals()), sock=there)
        hello = msgspec.json.encode(Hello(VERSION, "Ada", "none", False, "dark"))
        named = message(TERMINAL, pair.written.encode()) + message(HELLO, hello) + message(SIZE, b"80 24")
        await loop.sock_sendall(here, named)
        screen = b""
        while b"following Grace" not in screen:
            await asyncio.sleep(0)
            screen += pair.read()
        await loop.sock_sendall(here, message(KEYS, b"q"))
        sent = b""
        while arrived := await loop.sock_recv(here, 65_536):
            sent += arrived
        here.close()
        return screen, [kind for kind, _ in Messages().feed(sent)]

    screen, sent = asyncio.run(follow())
    assert b"step" in screen
    assert FRAME not in sent
    assert sent[-1] == END


def test_who_goes_on_alone_gets_the_rest_of_a_frame_to_write(pair: Pair) -> None:
    """Before the app has the terminal: a sequence that was cut would spoil its screen."""

    async def follow() -> tuple[bytes, list[tuple[bytes, bytes]]]:
        hub = Hub(Room("class", "Grace"), start(shipped_lesson("lecture")), lambda _room: None)
        there, here = socket.socketpair()
        here.setblocking(False)
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(lambda: LocalLine(hub, Arrivals()), sock=there)
        await loop.sock_sendall(here, message(TERMINAL, pair.written.encode()))
        while line._terminal is None:
            await asyncio.sleep(0)
        line.send(FRAME, MORE_THAN_FITS)
        line.send(OWN_APP, b"next")
        messages, found = Messages(), list[tuple[bytes, bytes]]()
        while not found or found[-1][0] != OWN_APP:
            found += messages.feed(await loop.sock_recv(here, 65_536))
        here.close()
        return pair.read(), found

    written, found = asyncio.run(follow())
    assert [kind for kind, _ in found] == [FRAME, OWN_APP]
    assert written + found[0][1] == MORE_THAN_FITS


class ClassOfOne:
    """A leader in this process, and a shell on a terminal that follows."""

    def __init__(self, folder: Path) -> None:
        self.hub = Hub(Room("class", "Grace"), start(shipped_lesson("lecture")), lambda _room: None)
        words = ["--norc", "--noprofile", "--noediting", "-i"]
        self.shell = Terminal("/bin/bash", words, {**ENVIRON, "PS1": "shell:"})
        self._path = folder / "room"
        self._lines = list[LocalLine]()

    def lead(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do something with the class open."""
        asyncio.run(self._lead(work))

    async def _lead(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        arrivals = Arrivals()

        def arrived() -> LocalLine:
            self._lines.append(LocalLine(self.hub, arrivals))
            return self._lines[-1]

        server = await asyncio.get_running_loop().create_unix_server(arrived, str(self._path))
        try:
            await work()
        finally:
            server.close()
            self.hub.close("The class is over.")
            for line in self._lines:
                line.transport.abort()
            await asyncio.sleep(0)

    async def follow(self) -> None:
        """Have the shell follow, as a job."""
        hello = msgspec.json.encode(Hello(VERSION, "Ada", "none", False, "dark")).decode()
        program = f"{sys.executable} -I -S {thin_client.__file__} {self._path} {os.getuid()}"
        await self.shows("shell:")
        self.shell.press(f"{program} '{hello}' lost '' '' 71 true\n")
        await self.shows("following Grace")
        assert self.shell.child.pid is not None
        (self.follower,) = child_processes(self.shell.child.pid)

    async def shows(self, text: str) -> None:
        """Lead on until the terminal shows a text."""
        while not any(text in line for line in self.shell.screen.display):
            await asyncio.sleep(0)
            self.shell.draw_what_is_there()

    async def prompts(self) -> None:
        """Lead on until the shell awaits a command."""
        while not self.shell.sent.endswith(b"shell:"):
            await asyncio.sleep(0)
            self.shell.draw_what_is_there()

    def step(self) -> None:
        """Go on by a step."""
        self.hub.show(after(self.hub.session, Command("next")))


@pytest.fixture
def one(tmp_path: Path) -> Iterator[ClassOfOne]:
    """Nobody follows yet."""
    one = ClassOfOne(tmp_path)
    yield one
    one.shell.close()


def kill(number: int) -> Callable[[ClassOfOne], None]:
    """From outside, by a signal."""
    return lambda one: os.kill(one.follower, number)


async def leave_to_shell(one: ClassOfOne, leave: Callable[[ClassOfOne], None], leads_on: bool = True) -> None:
    """Have the shell get its terminal back, and lead on: nothing but its own is there."""
    leave(one)
    if leads_on:
        await one.prompts()
    else:
        one.shell.wait_until(lambda: one.shell.sent.endswith(b"shell:"))
    before = len(one.shell.sent)
    for _ in range(3):
        one.step()
        for _ in range(10):
            await asyncio.sleep(0)
    one.shell.press("echo $((6 * 7))\n")
    while b"42\r\nshell:" not in one.shell.sent[before:]:
        await asyncio.sleep(0)
        one.shell.draw_what_is_there()
    assert one.shell.sent[before:] == b"echo $((6 * 7))\r\n42\r\nshell:"


@pytest.mark.parametrize(
    "leave",
    [kill(signal.SIGSTOP), kill(signal.SIGTSTP), lambda one: one.shell.press("\x1a")],
    ids=["stopped", "told to stop", "Ctrl+Z"],
)
def test_a_shell_has_its_terminal_until_the_follower_is_back(
    one: ClassOfOne, leave: Callable[[ClassOfOne], None]
) -> None:
    """However the program was stopped, also twice; then it shows where the class is."""

    async def follow() -> None:
        await one.follow()
        for step in (3, 6):
            await leave_to_shell(one, leave)
            one.shell.press("fg\n")
            await one.shows(f"step {step:2} of")
            await one.shows("following Grace")

    one.lead(follow)


def test_a_shell_has_the_terminal_of_a_follower_who_is_killed(one: ClassOfOne) -> None:
    """Before the leader hears of it, too."""

    async def follow() -> None:
        await one.follow()
        await leave_to_shell(one, kill(signal.SIGKILL), leads_on=False)

    one.lead(follow)


def test_a_leader_who_was_stopped_leaves_the_shell_its_terminal(one: ClassOfOne) -> None:
    """Where a follower has left meanwhile, without a goodbye."""

    async def follow() -> None:
        await one.follow()
        await leave_to_shell(one, lambda one: one.shell.press("q"), leads_on=False)

    one.lead(follow)


def test_a_line_in_the_modes_of_a_shell_is_not_written_to(pair: Pair) -> None:
    """A program that leaves gives these back first, and has the terminal for a moment still."""

    async def write() -> bytes:
        direct = DirectTerminal.opened(pair.written, nothing, nothing)
        assert direct is not None
        other = os.open(pair.name, os.O_RDWR | os.O_NOCTTY)
        raw = termios.tcgetattr(other)
        termios.tcsetattr(
            other, termios.TCSANOW, [*raw[:3], raw[3] | termios.ICANON | termios.ECHO, *raw[4:]]
        )
        direct.write(b"a frame")
        assert not pair.read()
        termios.tcsetattr(other, termios.TCSANOW, raw)
        direct.go_on()
        os.close(other)
        direct.close()
        return pair.read()

    assert asyncio.run(write()) == b"a frame"
