"""A session that nobody sees, in the process that apps over SSH are forked from: it makes them small."""

from __future__ import annotations

import gc
import os
import pty
import select
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic
from types import CodeType, FrameType
from typing import Any

from tinynet_tui.cli.follow import load_app, load_whole_app, step_in_room
from tinynet_tui.lessons.schema import Lesson

_KEYS = (*"l" * 12, *"123456", *"n]uh", "?", "\x1b", "x", "\x1b", *"lll")
"""What is typed: steps, panels, jumps, the help, the experiments."""
_FIRST, _REST = 0.3, 0.01
"""Seconds that an answer to a key is waited for, and in which nothing comes when it is complete."""
_AT_MOST = 4.0
"""Seconds that it takes at most."""
_SIZE = 100, 30
_ROWS = 80
"""How many drawn rows an app keeps: those of the largest screen."""


def load_rehearsed(lesson: Lesson) -> None:
    """Load all that an app imports or reads, go through a session, and pack what forks share."""
    from tinynet_tui.classroom.packed_memory import pack
    from tinynet_tui.drawing.picture import keep_rows
    from tinynet_tui.session.commands import start
    from tinynet_tui.session.history import is_large

    load_app(lesson)
    load_whole_app()
    keep_rows(_ROWS)
    if is_large(start(lesson)):
        return  # whoever asks for an app is not to wait for it
    with suppress(Exception):  # an app that has not been rehearsed needs some more memory
        code = _rehearsed(lesson)
        gc.unfreeze()
        pack(code, lambda: load_app(lesson))
    gc.enable()


def _rehearsed(lesson: Lesson) -> list[CodeType]:
    """The code that a session has run, the first first."""
    run: dict[int, CodeType] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            run.setdefault(id(frame.f_code), frame.f_code)

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        _rehearse(lesson)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return [*run.values()]


def _rehearse(lesson: Lesson) -> None:
    """Run an app as somebody over SSH would have it, on a terminal of its own."""
    from tinynet_tui.classroom.handing_over import handed_at, handed_file
    from tinynet_tui.classroom.message_contents import VERSION, Hello, sent_place
    from tinynet_tui.classroom.preloaded import Asker
    from tinynet_tui.classroom.pty_end import resize
    from tinynet_tui.session.commands import start
    from tinynet_tui.tui.reach import OVER_SSH

    with ExitStack() as stack:
        screen, terminal = pty.openpty()
        resize(screen, *_SIZE)
        hello = Hello(VERSION, "", "truecolor", ascii=False, palette="dark")
        file = handed_file(handed_at(terminal, hello, sent_place(start(lesson)), b"", b"next"))
        (here, room), (asking, asked) = socket.socketpair(), socket.socketpair()
        for one in (here, asking, asked):
            stack.enter_context(one)
        if os.fork() == 0:
            _play(screen)
        os.close(screen)
        stack.enter_context(_at(terminal))
        step_in_room("class@nobody", [file, room.detach()], Asker(asked), OVER_SSH)


def _play(screen: int) -> None:
    """Type at a terminal, see what comes, and hang up."""
    try:
        os.closerange(0, screen)
        os.closerange(screen + 1, 1 << 10)
        last = monotonic() + _AT_MOST
        for key in _KEYS:
            os.write(screen, key.encode())
            wait = _FIRST
            while monotonic() < last and select.select([screen], [], [], wait)[0]:
                os.read(screen, 65_536)
                wait = _REST
    finally:
        os._exit(0)


@contextmanager
def _at(terminal: int) -> Iterator[None]:
    """Have standard input and output at a terminal; after that, all that an app changes is as it was."""
    from tinynet_tui.terminal import job

    environ = dict(os.environ)
    heard = {number: signal.getsignal(number) for number in signal.valid_signals()}
    before = [os.dup(number) for number in range(3)]
    for number in range(3):
        os.dup2(terminal, number)
    os.close(terminal)
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
    try:
        yield
    finally:
        for number, standard in enumerate(before):
            os.dup2(standard, number)
            os.close(standard)
        for signum, how in heard.items():
            if how is not None and signal.getsignal(signum) != how:
                signal.signal(signum, how)
        os.environ.clear()
        os.environ.update(environ)
        job.lender = None
