"""The app of somebody over SSH who steps alone: a confined process on a pseudo-terminal, and its two ends."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import pty
import signal
import socket
import struct
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from tinynet_tui.classroom.local_line import LONGEST_MESSAGE, NONSENSE
from tinynet_tui.classroom.messages import APP, END, HELLO, Messages, message
from tinynet_tui.classroom.preloaded import asked

_LOG = logging.getLogger(__name__)

_FRAMES_A_SECOND = 30
_MOST_READ = 16_384
"""Bytes that are read of its screen at once; the app itself skips frames while more waits."""
_MOST_TYPED = 4_096
"""Bytes of keys that may wait for it before no more are taken."""
_LAST_WORDS = 16_384
"""Bytes of its complaints that are kept."""
_STARTING = 8
"""Apps that are started at the same time; more wait for these."""
_PATIENCE = 2.0
"""Seconds in which it has to end when it is told to."""


class Apps:
    """Where apps are forked, and how many there are."""

    def __init__(self, path: str, address: str, most: int) -> None:
        self.path, self.address, self.most = path, address, most
        """The socket of a preloaded process, the room as it is written, and the most there may be."""
        self.running = 0
        self.starting = asyncio.Semaphore(_STARTING)


class Owner(Protocol):
    """Whose app it is."""

    def draw(self, frame: bytes) -> None:
        """Take what is on its screen."""

    def take_news(self, kind: bytes, content: bytes) -> None:
        """Take what it says to the room; raises one of `NONSENSE` where that makes no sense."""

    def take_keys(self, takes: bool) -> None:
        """Hand on no more keys for now, or again."""

    def take_hello(self, content: bytes) -> None:
        """Take what its user has chosen to see, as they say it when they follow again."""

    def app_ended(self, status: int | None) -> None:
        """Take note of its end: its exit status, None where it was killed or has crashed."""


class SshApp:
    """An app that runs, and is told what its user types."""

    def __init__(self, owner: Owner, apps: Apps) -> None:
        self._owner, self._apps = owner, apps
        self._loop = asyncio.get_running_loop()
        self._screen = -1
        self._room: asyncio.Transport | None = None
        self._lender: asyncio.Transport | None = None
        self._process = -1
        """The descriptor by which it is told to end, whatever number it has."""
        self._logging: asyncio.Task[None] | None = None
        self._status: int | None = None
        self._typed = b""
        self._is_held = self._rests = self._has_ended = False
        self._resting: asyncio.TimerHandle | None = None

    async def start(
        self,
        words: Sequence[str],
        environ: Mapping[str, str],
        handed: Callable[[int], bytes],
        size: tuple[int, int],
    ) -> None:
        """Have it forked.

        handed: what it goes on with, of the descriptor of its terminal.

        Raises: OSError when it cannot be, or there are as many as may be.
        """
        if self._apps.running >= self._apps.most:
            raise BlockingIOError
        self._screen, terminal = pty.openpty()
        os.set_blocking(self._screen, False)
        here, there = socket.socketpair()
        complaints, complains = os.pipe()
        file, folder = os.memfd_create("handed"), os.open("/", os.O_RDONLY | os.O_DIRECTORY)
        try:
            self.resize(*size)
            os.write(file, handed(terminal))
            os.lseek(file, 0, os.SEEK_SET)
            descriptors = (terminal, terminal, complains, folder, file, there.fileno())
            lender = asked(self._apps.path, descriptors, environ, words)
        except OSError:
            here.close()
            os.close(complaints)
            os.close(self._screen)
            raise
        finally:
            there.close()
            for number in (terminal, complains, file, folder):
                os.close(number)
        self._apps.running += 1
        self._lender = await self._connect(lender, _Lender(self))
        self._room = await self._connect(here, _Room(self))
        self._logging = self._loop.create_task(_log(complaints))
        self._read_on()

    async def _connect(self, end: socket.socket, protocol: asyncio.Protocol) -> asyncio.Transport:
        end.setblocking(False)
        transport, _ = await self._loop.create_connection(lambda: protocol, sock=end)
        return transport

    # What its owner calls

    def type(self, typed: bytes) -> None:
        """Have it read keys."""
        self._typed += typed
        self._write_typed()

    def resize(self, columns: int, rows: int) -> None:
        """Have it draw for another size."""
        fcntl.ioctl(self._screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def tell(self, kind: bytes, content: bytes) -> None:
        """Tell it what happens in the room."""
        if self._room is not None and not self._room.is_closing():
            self._room.write(message(kind, content))

    def hold(self, is_held: bool) -> None:
        """Take nothing off its screen for now: its terminal has not taken what was before; or again."""
        self._is_held = is_held
        self._read_on()

    def end(self) -> None:
        """End it, whatever it does."""
        if not self._has_ended:
            self._close()
            if self._lender is not None:
                self._lender.write_eof()  # which it hears as if its terminal had hung up
            self._loop.call_later(_PATIENCE, self._kill)

    # Its screen and its keyboard

    def _read_on(self) -> None:
        """Read its screen, or no more: so many times a second, and not while it is held."""
        if self._has_ended:
            return
        if self._is_held or self._rests:
            self._loop.remove_reader(self._screen)
        else:
            self._loop.add_reader(self._screen, self._read)

    def _read(self) -> None:
        try:
            frame = os.read(self._screen, _MOST_READ)
        except OSError:  # nobody has the other end any more
            self._loop.remove_reader(self._screen)
            return
        self._owner.draw(frame)
        self._rests = True
        self._read_on()
        self._resting = self._loop.call_later(1 / _FRAMES_A_SECOND, self._rested)

    def _rested(self) -> None:
        self._rests = False
        self._read_on()

    def _write_typed(self) -> None:
        if self._has_ended:
            return
        try:
            self._typed = self._typed[os.write(self._screen, self._typed) :] if self._typed else b""
        except BlockingIOError:
            pass
        except OSError:
            self._typed = b""
        if self._typed:
            self._loop.add_writer(self._screen, self._write_typed)
        else:
            self._loop.remove_writer(self._screen)
        self._owner.take_keys(len(self._typed) < _MOST_TYPED)

    # What it says

    def take_from_lender(self, kind: bytes, content: bytes) -> None:
        """Take its number, what was chosen in it, and its exit status."""
        if kind == APP:
            with suppress(OSError):
                self._process = os.pidfd_open(int(content))
        elif kind == END:
            self._status = int(content)
        elif kind == HELLO:
            self._owner.take_hello(content)

    def take_from_room(self, kind: bytes, content: bytes) -> None:
        """Take what it says to the room."""
        self._owner.take_news(kind, content)

    def lender_lost(self) -> None:
        """The process has ended."""
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
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def _close(self) -> None:
        """Give back its terminal and what it says to the room; what it has drawn last is drawn still."""
        self._loop.remove_reader(self._screen)
        self._loop.remove_writer(self._screen)
        with suppress(OSError):
            while not self._is_held and (frame := os.read(self._screen, _MOST_READ)):
                self._owner.draw(frame)
        self._has_ended = True
        if self._resting is not None:
            self._resting.cancel()
        if self._room is not None:
            self._room.close()
        os.close(self._screen)


class _Lender(asyncio.Protocol):
    """Where the process tells its number and its end."""

    def __init__(self, app: SshApp) -> None:
        self._app, self._messages = app, Messages()

    def data_received(self, data: bytes) -> None:
        for kind, content in self._messages.feed(data):
            self._app.take_from_lender(kind, content)

    def connection_lost(self, exc: Exception | None) -> None:
        self._app.lender_lost()


class _Room(asyncio.Protocol):
    """Where it talks with the room."""

    transport: Any

    def __init__(self, app: SshApp) -> None:
        self._app, self._messages = app, Messages(LONGEST_MESSAGE)

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            for kind, content in self._messages.feed(data):
                self._app.take_from_room(kind, content)
        except NONSENSE:
            self.transport.close()


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
