"""What waits on its way to a terminal, on sockets and pipes that stand for one."""

from __future__ import annotations

import os
import socket
from threading import Event

from tests.terminal import SAFETY
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
