"""Terminals that the leader writes to, as pairs of this process's own."""

from __future__ import annotations

import asyncio
import os
import pty
import socket
import tty
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import pytest

from tinynet_tui.classroom.direct_terminal import DirectTerminal
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.local_line import Arrivals, LocalLine
from tinynet_tui.classroom.message_contents import VERSION, Hello
from tinynet_tui.classroom.messages import END, FRAME, HELLO, KEYS, OWN_APP, SIZE, TERMINAL, Messages, message
from tinynet_tui.classroom.room import Room
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start

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
    """A terminal in the mode that a follower's program puts it into."""
    end, other = pty.openpty()
    tty.setraw(other)
    os.set_blocking(end, False)
    found = os.fstat(other)
    yield Pair(end, os.ttyname(other), f"{found.st_dev} {found.st_ino}")
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
        (None, "1 2"),
        ("/dev/null", None),
        ("/etc/passwd", None),
        ("/dev/pts/../null", None),
        ("/dev/pts/999999", "1 2"),
    ],
)
def test_what_is_not_that_terminal_is_not_written_to(
    pair: Pair, name: str | None, numbers: str | None
) -> None:
    """Another file, another terminal of that name: a container has terminals of its own."""
    written = f"{name or pair.name} {numbers or pair.numbers}"
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
