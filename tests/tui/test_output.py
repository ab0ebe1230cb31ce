"""What waits on its way to a terminal, on sockets and pipes that stand for one."""

from __future__ import annotations

import os
import socket
from threading import Event, Semaphore

import pytest

from tests.terminal import SAFETY
from tinynet_tui.tui import output as output_module
from tinynet_tui.tui.line import IN_SYSTEM, Line
from tinynet_tui.tui.output import Output


def test_a_slow_line_takes_a_piece_within_a_second() -> None:
    """9600 baud are 960 bytes a second: what is written at once is no more, and all of it arrives."""
    terminal, app = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    text = "ab·" * 1_000
    output = Output(app.fileno(), lambda: None)
    output.write(text)
    output.close()
    app.close()
    pieces = []
    while piece := terminal.recv(1 << 20):
        pieces.append(piece)
    terminal.close()
    assert b"".join(pieces).decode() == text
    assert max(map(len, pieces)) <= 960


def test_frames_do_not_pile_up() -> None:
    """Where nothing is taken, twenty are more than should wait; once they are taken, nothing is behind."""
    terminal, app = os.pipe()
    caught_up = Event()
    output = Output(app, caught_up.set)
    assert not output.is_behind
    frame = "x" * 100_000  # more than a pipe holds
    for _ in range(20):
        output.write(frame)
    assert output.is_behind
    caught_up.clear()
    left = 20 * len(frame)
    while left:
        left -= len(os.read(terminal, left))
    assert caught_up.wait(SAFETY)
    assert not output.is_behind
    output.close()
    os.close(app)
    os.close(terminal)


class Granted(Line):
    """A line that has room for a byte each time that the test says so."""

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno)
        self.grants = Semaphore(0)
        self.proves_slow_after: int | None = None
        self.was_flushed = Event()
        self._written = 0

    def room(self) -> int:
        """One byte, or none."""
        return 1 if self.grants.acquire(blocking=False) else 0

    def wrote(self, count: int, seconds: float) -> bool:
        """Whether so many bytes have been written that the line proves to be slow."""
        self._written += count
        return self._written == self.proves_slow_after

    def flushed(self) -> None:
        """Take note of it."""
        self.was_flushed.set()


def grant(line: Granted, count: int) -> None:
    """Let a line take some bytes."""
    for _ in range(count):
        line.grants.release()


def test_no_more_is_written_than_the_line_has_room_for() -> None:
    """The rest waits, and it is told when there is room for something newer."""
    terminal, app = os.pipe()
    line, caught_up = Granted(app), Event()
    output = Output(app, caught_up.set, line=line)
    output.write("abcdef")
    grant(line, 4)
    received = b""
    while len(received) < 4:
        received += os.read(terminal, 4)
    assert received == b"abcd"
    assert not output.is_idle
    assert not caught_up.is_set()
    grant(line, 3)  # the rest, and one to see that there is room
    assert caught_up.wait(SAFETY)
    assert output.is_idle
    output.close()
    os.close(app)
    assert b"".join(iter(lambda: os.read(terminal, 100), b"")) == b"ef"
    os.close(terminal)


def test_what_is_not_sent_gives_way() -> None:
    """What is to arrive does, though it was given before; and nothing has to wait for the line any more."""
    terminal, app = os.pipe()
    line = Granted(app)
    output = Output(app, lambda: None, line=line)
    output.write("frame")
    grant(line, 2)
    assert os.read(terminal, 1) == b"f"
    output.write("clipboard", kept=True)
    output.write("frame")
    output.drop(flushing=False)
    output.write("the end", kept=True)
    output.close()
    os.close(app)
    left = b"".join(iter(lambda: os.read(terminal, 100), b""))
    os.close(terminal)
    assert left in (b"clipboardthe end", b"rclipboardthe end")


@pytest.mark.parametrize(
    ("kept_before", "flushes"), [(None, True), (IN_SYSTEM - 100, False), (IN_SYSTEM, True)]
)
def test_a_line_that_proves_to_be_slow(
    monkeypatch: pytest.MonkeyPatch, kept_before: int | None, flushes: bool
) -> None:
    """What the system holds for it is thrown away, unless something may be in it that is to arrive."""
    flushed: list[int] = []
    monkeypatch.setattr(output_module, "flush", flushed.append)
    terminal, app = socket.socketpair()
    line, lost = Granted(app.fileno()), Event()
    text = "x" * (kept_before or IN_SYSTEM)
    output = Output(app.fileno(), lambda: None, lost.set, line)
    if kept_before is not None:
        output.write("kept", kept=True)
    line.proves_slow_after = len(text) + (4 if kept_before else 0)
    output.write(text + "never sent" if flushes else text)
    grant(line, len(text) + 4)
    received = 0
    while received < line.proves_slow_after:
        received += len(terminal.recv(1 << 20))
    assert lost.wait(SAFETY if flushes else 0) is flushes
    output.close()
    app.close()
    assert terminal.recv(100) == b""
    terminal.close()
    assert len(flushed) == flushes
    assert line.was_flushed.is_set() is flushes
