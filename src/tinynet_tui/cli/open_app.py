"""The app over SSH that is open before anybody asks for one: a fork of its process goes on with it.

What it has made to open, forks share. Another one goes through a session that nobody sees: so all is loaded
and computed that a student's needs.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pty
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from selectors import PollSelector
from time import monotonic

from tinynet_tui.classroom.confined import OUT_OF_MEMORY
from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.handing_over import Handed
from tinynet_tui.classroom.preloaded import Asker
from tinynet_tui.cli.follow import load_app, load_whole_app
from tinynet_tui.cli.output import say
from tinynet_tui.cli.parser import DEFAULT_LESSON
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson

_KEYS = (*"l" * 12, *"123456", *"n]uh", "?", "\x1b", "x", "\x1b", *"lll")
"""What is typed: steps, panels, jumps, the help, the experiments."""
_FIRST, _REST = 0.3, 0.01
"""Seconds that an answer to a key is waited for, and in which nothing comes when it is complete."""
_AT_MOST = 4.0
"""Seconds that it takes at most."""
_SIZE = 100, 30


class _Loop(asyncio.SelectorEventLoop):
    """An event loop that stands still while its process is forked, and goes on in the fork.

    It has nothing of the system's meanwhile: no descriptor by which another one could be woken.
    """

    def __init__(self) -> None:
        super().__init__(PollSelector())

    def stand_still(self) -> None:
        """Be woken by nobody."""
        self._close_self_pipe()  # type: ignore[attr-defined]

    def go_on(self) -> None:
        """Be there to be run again."""
        self._make_self_pipe()  # type: ignore[attr-defined]


class OpenApp:
    """An app that is open, with nobody at it."""

    def __init__(self, lesson: Lesson) -> None:
        """Open it with a lesson, which is not large, at a terminal that nobody sees."""
        from tinynet_tui.classroom.message_contents import VERSION, Hello
        from tinynet_tui.classroom.pty_end import resize
        from tinynet_tui.session.commands import start
        from tinynet_tui.tui.alone_over_ssh import AloneOverSsh

        self._loop = _Loop()
        self._app = AloneOverSsh(start(lesson), Hello(VERSION, "", "truecolor", ascii=False, palette="dark"))
        screen, terminal = pty.openpty()
        resize(screen, *_SIZE)
        with _at(terminal):
            self._running = self._loop.create_task(self._app.run_async())
            standing = self._loop.create_task(self._app.stand_still())
            either = asyncio.wait({self._running, standing}, return_when=asyncio.FIRST_COMPLETED)
            self._loop.run_until_complete(either)
            if not standing.done():
                why = self._app.fault or self._running.exception()
                raise RuntimeError(f"the app ended while it opened: {why!r}")
            standing.result()
        self._loop.stand_still()
        os.close(screen)

    def go_on(self, address: Address, asker: Asker, file: int, connection: int) -> int:
        """Be the app of somebody at the terminal of standard input and output; returns its exit status.

        file, connection: descriptors of what it goes on with, and of a connection to the leader.
        """
        from tinynet_tui.tui.app import how_it_ended

        self._loop.go_on()
        handed, to_leader = Handed.read(file), socket.socket(fileno=connection)
        self._app.call_later(self._app.sit_down, handed, to_leader, address, asker)
        with closing(self._loop):
            self._loop.run_until_complete(self._running)
        status, _, words = how_it_ended(self._app, None)
        say(*filter(None, (words, *self._app.last_words.splitlines())))
        return OUT_OF_MEMORY if isinstance(self._app.fault, MemoryError) else status


def open_app(lesson: Lesson) -> OpenApp:
    """Load all that an app imports or reads, go through a session, and open one for whoever comes."""
    from tinynet_tui.session.commands import start
    from tinynet_tui.session.history import is_large

    load_app(lesson)
    load_whole_app()
    if is_large(start(lesson)):  # whoever asks for an app is not to wait for it
        lesson = shipped_lesson(DEFAULT_LESSON)
    app = OpenApp(lesson)
    with suppress(Exception):  # an app that has not been rehearsed needs some more memory
        _rehearse(lesson)
    # Opening freezes what there is and stops the collector: what the rehearsal has left goes, and the caller
    # freezes the rest.
    gc.unfreeze()
    gc.collect()
    gc.enable()
    return app


def _rehearse(lesson: Lesson) -> None:
    """Run an app as somebody over SSH would have it, on a terminal of its own."""
    from tinynet_tui.classroom.handing_over import handed_at, handed_file
    from tinynet_tui.classroom.message_contents import VERSION, Hello, sent_place
    from tinynet_tui.classroom.pty_end import resize
    from tinynet_tui.session.commands import start

    app = OpenApp(lesson)
    screen, terminal = pty.openpty()
    resize(screen, *_SIZE)
    hello = Hello(VERSION, "", "truecolor", ascii=False, palette="dark")
    file = handed_file(handed_at(terminal, hello, sent_place(start(lesson)), b"", b"next"))
    (here, room), (asking, asked) = socket.socketpair(), socket.socketpair()
    with here, asking, asked:
        if os.fork() == 0:
            _play(screen)
        os.close(screen)
        with _at(terminal):
            app.go_on(Address("class", "nobody", Path()), Asker(asked), file, room.detach())


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
    environ, written = dict(os.environ), (sys.stdout, sys.stderr)
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
        sys.stdout, sys.stderr = written  # which an app that is open has for itself
