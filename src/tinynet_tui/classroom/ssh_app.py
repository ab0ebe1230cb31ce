"""The app of somebody over SSH who steps alone: a confined process on a pseudo-terminal, and its two ends."""

from __future__ import annotations

import asyncio
import logging
import os
import pty
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from tinynet_tui.classroom.local_line import LONGEST_MESSAGE, NONSENSE
from tinynet_tui.classroom.messages import APP, END, HELLO, TRIED, Messages, message
from tinynet_tui.classroom.preloaded import asked
from tinynet_tui.classroom.pty_end import PtyEnd, Viewer, resize
from tinynet_tui.classroom.tried import RecordsByName

_LOG = logging.getLogger(__name__)

_LAST_WORDS = 16_384
"""Bytes of its complaints that are kept."""
_STARTING = 8
"""Apps that are started at the same time; more wait for these."""
_BEFORE_AGAIN, _LONGEST_BEFORE_AGAIN = 0.25, 60.0
"""Seconds before a preloaded process is made again, each time twice as long: it may end again and again."""
_PATIENCE = 2.0
"""Seconds in which it has to end when it is told to."""


class Apps:
    """Where apps are forked, and how many there are."""

    def __init__(self, path: str, address: str, most: int) -> None:
        self.path, self.address, self.most = path, address, most
        """The socket of a preloaded process, the room as it is written, and the most there may be."""
        self.running = 0
        self.tried = RecordsByName()
        """What everyone has tried in theirs, which can write no file."""
        self.starting = asyncio.Semaphore(_STARTING)
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
    """An app that runs, and is told what its user types."""

    def __init__(self, owner: Owner, apps: Apps) -> None:
        self._owner, self._apps = owner, apps
        self._loop = asyncio.get_running_loop()
        self._screen: PtyEnd | None = None
        self._room: asyncio.Transport | None = None
        self._early = b""
        """What it is to be told as soon as it is started."""
        self._lender: asyncio.Transport | None = None
        self._process = -1
        """The descriptor by which it is told to end, whatever number it has."""
        self._is_known = False
        """Whether its number has been told."""
        self._logging: asyncio.Task[None] | None = None
        self._status: int | None = None
        self._has_ended = False

    async def start(
        self,
        words: Sequence[str],
        environ: Mapping[str, str],
        handed: Callable[[int], bytes],
        size: tuple[int, int],
    ) -> None:
        """Have it forked.

        handed: what it goes on with, of the descriptor of its terminal.

        Raises: BlockingIOError when there are as many as may be; another OSError when it cannot be.
        """
        if self._apps.running >= self._apps.most:
            raise BlockingIOError
        screen, terminal = pty.openpty()
        here, there = socket.socketpair()
        complaints, complains = os.pipe()
        file, folder = os.memfd_create("handed"), os.open("/", os.O_RDONLY | os.O_DIRECTORY)
        try:
            resize(screen, *size)
            os.write(file, handed(terminal))
            os.lseek(file, 0, os.SEEK_SET)
            descriptors = (terminal, terminal, complains, folder, file, there.fileno())
            lender = asked(self._apps.path, descriptors, environ, words)
        except OSError:
            here.close()
            os.close(complaints)
            os.close(screen)
            raise
        finally:
            there.close()
            for number in (terminal, complains, file, folder):
                os.close(number)
        self._apps.running += 1
        self._lender = await self._connect(lender, _Connection(self.take_from_lender, self.lender_lost))
        self._room = await self._connect(here, _Connection(self.take_from_room))
        self._room.write(self._early)
        self._logging = self._loop.create_task(_log(complaints))
        self._screen = PtyEnd(screen, self._owner)

    async def _connect(self, end: socket.socket, protocol: asyncio.Protocol) -> asyncio.Transport:
        end.setblocking(False)
        transport, _ = await self._loop.create_connection(lambda: protocol, sock=end)
        return transport

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
            if self._lender is not None:
                self._lender.write_eof()  # which it hears as if its terminal had hung up
            self._loop.call_later(_PATIENCE, self._kill)

    # What it says

    def take_from_lender(self, kind: bytes, content: bytes) -> None:
        """Take its number, what was chosen in it, and its exit status; raises ValueError for what is none."""
        if kind == APP:
            if not self._is_known:  # the first is said before any of the app runs, which might name another
                self._is_known = True
                with suppress(OSError):
                    self._process = os.pidfd_open(int(content))
        elif kind == END:
            self._status = int(content)
        elif kind == HELLO:
            self._owner.take_hello(content)
        elif kind == TRIED:
            self._owner.take_tried(content)

    def take_from_room(self, kind: bytes, content: bytes) -> None:
        """Take what it says to the room."""
        self._owner.take_news(kind, content)

    def lender_lost(self) -> None:
        """The process has ended, or is made to: one that has hung up is not counted any more."""
        self._kill()
        self._apps.running -= 1
        if not self._has_ended:
            self._close()
            self._owner.app_ended(self._status)
        if self._process >= 0:
            os.close(self._process)
            self._process = -1

    def _kill(self) -> None:
        """End a process that does not hear."""
        if self._process >= 0:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def _close(self) -> None:
        """Give back its terminal and what it says to the room."""
        self._has_ended = True
        if self._screen is not None:
            self._screen.close()
        if self._room is not None:
            self._room.close()


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
