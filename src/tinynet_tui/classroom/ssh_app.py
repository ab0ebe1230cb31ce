"""The app of somebody over SSH who steps alone: a confined process on a pseudo-terminal, and its two ends."""

from __future__ import annotations

import asyncio
import logging
import os
import pty
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import Any, Protocol

from tinynet_tui.classroom.confined import CONFINED, SUCCEEDS
from tinynet_tui.classroom.handing_over import handed_file
from tinynet_tui.classroom.local_line import LONGEST_MESSAGE, NONSENSE
from tinynet_tui.classroom.messages import APP, END, HELLO, READY, SUCCESSOR, TRIED, Messages, message
from tinynet_tui.classroom.preloaded import asked
from tinynet_tui.classroom.pty_end import PtyEnd, Viewer, resize
from tinynet_tui.classroom.tried_places import RecordsByName

_LOG = logging.getLogger(__name__)

_LAST_WORDS = 16_384
"""Bytes of its complaints that are kept."""
_STARTING = 8
"""Apps that are started at the same time; more wait for these."""
_BEFORE_AGAIN, _LONGEST_BEFORE_AGAIN = 0.25, 60.0
"""Seconds before a preloaded process is made again, each time twice as long: it may end again and again."""
_PATIENCE = 2.0
"""Seconds in which it has to end when it is told to."""
_READY_WITHIN = 5.0
"""Seconds for a process that is to go on in place of another."""
_SUCCESSOR_EVERY = 1.0
"""Seconds between two of them, at least."""
_CHANGING = 8
"""Processes that begin to go on in place of others at the same time: whoever types does not wait for more."""
_NO_SUCCESSOR = b"-"
"""Said to a process that is to go on itself."""


class Apps:
    """Where apps are forked, and how many there are."""

    def __init__(self, path: str, address: str, most: int) -> None:
        self.path, self.address, self.most = path, address, most
        """The socket of a preloaded process, the room as it is written, and the most there may be."""
        self.running = 0
        self.tried = RecordsByName()
        """What everyone has tried in theirs, which can write no file."""
        self.starting = asyncio.Semaphore(_STARTING)
        self.changing = 0
        """Processes that are to go on in place of others, and are not ready."""
        self.is_out = False
        """Whether the last one that was wanted could not be had: that is logged once."""
        self._wait = _BEFORE_AGAIN

    def keep(self, preloaded: int, again: Callable[[], int]) -> None:
        """Have another preloaded process made whenever there is none any more; again: returns its number."""
        loop = asyncio.get_running_loop()
        ended = os.pidfd_open(preloaded)

        def has_ended() -> None:
            loop.remove_reader(ended)
            os.close(ended)
            os.waitpid(preloaded, 0)
            _LOG.warning("the process that makes apps has ended; another one is made")
            loop.call_later(self._wait, make)
            self._wait = min(2 * self._wait, _LONGEST_BEFORE_AGAIN)

        def make() -> None:
            try:
                self.keep(again(), again)
            except OSError as error:
                _LOG.warning("no process that makes apps can be made: %s", error)
                loop.call_later(_LONGEST_BEFORE_AGAIN, make)

        loop.add_reader(ended, has_ended)


class Owner(Viewer, Protocol):
    """Whose app it is."""

    def take_news(self, kind: bytes, content: bytes) -> None:
        """Take what it says to the room; raises one of `NONSENSE` where that makes no sense."""

    def take_hello(self, content: bytes) -> None:
        """Take what its user has chosen to see, as they say it when they follow again."""

    def take_tried(self, content: bytes) -> None:
        """Keep what its user has tried in it, for their next one."""

    def app_ended(self, status: int | None) -> None:
        """Take note of its end: its exit status, None where it was killed or has crashed."""


class SshApp:
    """An app that runs, and is told what its user types.

    What it has looked at of the memory that all apps share is its own from then on. So after some keys, when
    its user rests, it asks for a process with new memory to go on in its place.
    """

    def __init__(self, owner: Owner, apps: Apps) -> None:
        self._owner, self._apps = owner, apps
        self._loop = asyncio.get_running_loop()
        self._environ: Mapping[str, str] = {}
        self._terminal = ""
        """The file of its end of the terminal."""
        self._screen: PtyEnd | None = None
        self._room: asyncio.Transport | None = None
        self._early = b""
        """What it is to be told as soon as it is started."""
        self._there: socket.socket | None = None
        """The end of that which is its own, for the next process."""
        self._process = _Process(self)
        self._successor: _Process | None = None
        """What is to go on in its place, and is not ready yet."""
        self._beginning: asyncio.Task[None] | None = None
        self._successor_at = float("-inf")
        self._has_ended = False

    async def start(
        self, environ: Mapping[str, str], handed: Callable[[int], bytes], size: tuple[int, int]
    ) -> None:
        """Have it forked.

        handed: what it goes on with, of the descriptor of its terminal.

        Raises: BlockingIOError when there are as many as may be; another OSError when it cannot be.
        """
        if self._apps.running >= self._apps.most:
            raise BlockingIOError
        with ExitStack() as lent, ExitStack() as own:
            screen, terminal = pty.openpty()
            lent.callback(os.close, terminal)
            own.callback(os.close, screen)
            self._environ, self._terminal = environ, os.ttyname(terminal)
            here, self._there = socket.socketpair()
            own.enter_context(here)
            own.enter_context(self._there)
            resize(screen, *size)
            asked_for = self._fork(CONFINED, terminal, handed(terminal))
            own.pop_all()
        self._apps.running += 1
        self._screen = PtyEnd(screen, self._owner)  # before it can end: all is given back then
        self._room = await _connect(here, _Connection(self.take_from_room))
        self._room.write(self._early)
        await self._process.begin(*asked_for)

    def _fork(self, how: str, terminal: int, handed: bytes) -> tuple[socket.socket, int]:
        """(the connection to a new process, the descriptor of what it complains of).

        Raises: OSError when there can be none.
        """
        assert self._there is not None, "it is connected"
        with ExitStack() as lent, ExitStack() as own:
            file = handed_file(handed)
            lent.callback(os.close, file)
            folder = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
            lent.callback(os.close, folder)
            complaints, complains = os.pipe()
            lent.callback(os.close, complains)
            own.callback(os.close, complaints)
            descriptors = (terminal, terminal, complains, folder, file, self._there.fileno())
            lender = asked(self._apps.path, descriptors, self._environ, [how, self._apps.address])
            own.pop_all()
            return lender, complaints

    def _start_successor(self, handed: bytes) -> None:
        """Have another process go on, with what this one has handed on; else this one goes on itself."""
        try:
            terminal = os.open(self._terminal, os.O_RDWR | os.O_NOCTTY)
            try:
                found = self._fork(SUCCEEDS, terminal, handed)
            finally:
                os.close(terminal)
        except OSError as error:
            if not self._apps.is_out:
                _LOG.warning("apps go on in the same processes: %s", error)
            self._apps.is_out = True
            self._process.say(_NO_SUCCESSOR)
            return
        self._apps.is_out = False
        self._apps.changing += 1
        self._successor = _Process(self)
        self._loop.call_later(_READY_WITHIN, self._give_up, self._successor)
        self._beginning = self._loop.create_task(self._successor.begin(*found))

    def _give_up(self, process: _Process) -> None:
        """End a process, if it is still not ready to go on."""
        if process is self._successor:
            process.kill()

    # What its owner calls

    @property
    def screen(self) -> PtyEnd:
        """Its terminal, once it is started."""
        assert self._screen is not None, "it is started"
        return self._screen

    def tell(self, kind: bytes, content: bytes) -> None:
        """Tell it what happens in the room."""
        if self._room is None:
            self._early += message(kind, content)
        elif not self._room.is_closing():
            self._room.write(message(kind, content))

    def end(self) -> None:
        """End it, whatever it does."""
        if not self._has_ended:
            self._close()
            for process in filter(None, (self._process, self._successor)):
                process.end()

    # What it says

    def take_from_process(self, process: _Process, kind: bytes, content: bytes) -> None:
        """Take what was chosen and tried in it, and have it succeeded."""
        if kind == READY:
            if self._has_ended:
                process.kill()
            elif process is self._successor:
                self._process.kill()
                self._process, self._successor = process, None
                self._apps.changing -= 1
        elif kind == HELLO:
            self._owner.take_hello(content)
        elif kind == TRIED:
            self._owner.take_tried(content)
        elif kind == SUCCESSOR and process is self._process:
            now = self._loop.time()
            is_early = now < self._successor_at + _SUCCESSOR_EVERY
            if self._has_ended or self._successor or is_early or self._apps.changing >= _CHANGING:
                process.say(_NO_SUCCESSOR)
            else:
                self._successor_at = now
                self._start_successor(content)

    def take_from_room(self, kind: bytes, content: bytes) -> None:
        """Take what it says to the room."""
        self._owner.take_news(kind, content)

    def process_lost(self, process: _Process) -> None:
        """A process has ended: its terminal can be taken again, and it is not counted any more."""
        if process is self._successor:
            self._successor = None
            self._apps.changing -= 1
            self._process.say(_NO_SUCCESSOR)
        elif process is self._process:
            self._apps.running -= 1
            if self._successor is not None:
                self._successor.kill()
            if not self._has_ended:
                self._close()
                self._owner.app_ended(process.status)

    def _close(self) -> None:
        """Give back its terminal and what it says to the room."""
        self._has_ended = True
        if self._there is not None:
            self._there.close()
        if self._screen is not None:
            self._screen.close()
        if self._room is not None:
            self._room.close()


class _Process:
    """A process of an app, from when it is asked for."""

    def __init__(self, app: SshApp) -> None:
        self._app = app
        self._lender: asyncio.Transport | None = None
        self._number = -1
        """The descriptor by which it is told to end, whatever number it has."""
        self._is_known = False
        """Whether its number has been told."""
        self._logging: asyncio.Task[None] | None = None
        self.status: int | None = None
        """With which it has ended, if it has said so."""

    async def begin(self, lender: socket.socket, complaints: int) -> None:
        """Hear it: what it says where it was asked for, and what it complains of."""
        self._logging = asyncio.get_running_loop().create_task(_log(complaints))
        self._lender = await _connect(lender, _Connection(self.take, self.lost))

    def take(self, kind: bytes, content: bytes) -> None:
        """Take its number, its exit status, and all else; raises ValueError for what is none."""
        if kind == APP:
            if not self._is_known:  # the first is said before any of the app runs, which might name another
                self._is_known = True
                try:
                    self._number = os.pidfd_open(int(content))
                except OSError as error:  # it has ended, or could not be made to
                    raise ValueError("it cannot be ended") from error
        elif kind == END:
            self.status = int(content)
        else:
            self._app.take_from_process(self, kind, content)

    def say(self, words: bytes) -> None:
        """Tell it something."""
        if self._lender is not None and not self._lender.is_closing():
            self._lender.write(words)

    def end(self) -> None:
        """End it, whatever it does."""
        if self._lender is not None and not self._lender.is_closing():
            self._lender.write_eof()  # which it hears as if its terminal had hung up
        asyncio.get_running_loop().call_later(_PATIENCE, self.kill)

    def kill(self) -> None:
        """End it at once: by its number if that is known, else when it looks whether it is listened to."""
        if self._number >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._number, signal.SIGKILL)
        if self._lender is not None:
            self._lender.abort()

    def lost(self) -> None:
        """It has ended, or is made to, which takes a moment."""
        self.kill()
        if self._number >= 0:
            asyncio.get_running_loop().add_reader(self._number, self._ended)
        else:
            self._app.process_lost(self)

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._number)
        os.close(self._number)
        self._number = -1
        self._app.process_lost(self)


async def _connect(end: socket.socket, protocol: asyncio.Protocol) -> asyncio.Transport:
    end.setblocking(False)
    transport, _ = await asyncio.get_running_loop().create_connection(lambda: protocol, sock=end)
    return transport


class _Connection(asyncio.Protocol):
    """Messages from somebody whom the process talks with; what makes no sense ends it."""

    transport: Any

    def __init__(self, take: Callable[[bytes, bytes], None], lost: Callable[[], None] | None = None) -> None:
        self._take, self._lost, self._messages = take, lost, Messages(LONGEST_MESSAGE)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            for kind, content in self._messages.feed(data):
                self._take(kind, content)
        except NONSENSE:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._lost is not None:
            self._lost()


async def _log(complaints: int) -> None:
    """Read what a process complains of, and write the beginning of it to the log."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(complaints, "rb", 0)
    )
    said = b""
    while part := await reader.read(_LAST_WORDS):
        said = (said + part)[:_LAST_WORDS]
    transport.close()
    for line in said.decode("utf-8", "replace").splitlines():
        _LOG.warning("an app: %s", line)  # with nothing of its locals: they are in no traceback
