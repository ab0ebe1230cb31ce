"""Those who step alone over SSH, and apps whose processes are played by sockets."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.classroom.ssh_class import SshClass, Watcher, eventually
from tests.pseudo_terminal import child_processes
from tinynet_tui.classroom.messages import SUCCESSOR, message
from tinynet_tui.classroom.ssh_app import Apps, SshApp

ESCAPE = b"\x1b[27u"
"""As terminals send it that tell it from the beginning of another key."""


def apps(lesson: SshClass) -> list[int]:
    """The processes of those who step alone."""
    (preloaded,) = child_processes(lesson.process.pid)
    return child_processes(preloaded)


async def alone(lesson: SshClass, name: str = "Ada", **options: Any) -> Watcher:
    """Somebody who has just gone on alone."""
    watcher = await lesson.watch(name, **options)
    watcher.type(b"l")
    await watcher.until(lambda: any(row.startswith(" by yourself") for row in watcher.screen.display))
    return watcher


async def follow_at_another_size(lesson: SshClass, watcher: Watcher) -> None:
    """See the class catch up, have another size, and follow again."""
    lesson.do("next")
    await watcher.shows("Grace is 2 steps behind")
    watcher.resize(100, 30)
    await watcher.until(lambda: "F follows" in watcher.screen.display[29])
    watcher.type(b"F")
    await watcher.shows("following Grace")


class Played:
    """An app whose processes are played by sockets."""

    def __init__(self, folder: Path) -> None:
        path = folder / "apps"
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        self._listening.setblocking(False)
        self.owner, self.apps = Nobody(), Apps(str(path), "", 1)
        self.complains = list[int]()
        """Where its processes would complain."""

    async def start(self) -> socket.socket:
        """Its first process."""
        self.app = SshApp(self.owner, self.apps)
        await self.app.start({}, lambda _terminal: b"begun", (80, 24))
        return await self.asked(b"begun")

    async def asked(self, expected: bytes) -> socket.socket:
        """The next one, with what it is to go on with."""
        process, _ = await asyncio.get_running_loop().sock_accept(self._listening)
        _, descriptors, _, _ = socket.recv_fds(process, 1, 16)
        with os.fdopen(descriptors.pop(4), "rb") as handed:
            assert handed.read() == expected
        self.complains.append(descriptors.pop(2))
        for descriptor in descriptors:
            os.close(descriptor)
        return process

    async def succeeded(self, first: socket.socket) -> socket.socket:
        """One that is to go on in place of the first."""
        first.sendall(message(SUCCESSOR, b"all that it has"))
        return await self.asked(b"all that it has")

    async def end(self) -> None:
        """Have none of them any more."""
        self.app.end()
        self._listening.close()
        for number in self.complains:
            os.close(number)
        await eventually(lambda: self.apps.running <= 0)


@contextmanager
def other_process() -> Iterator[subprocess.Popen[bytes]]:
    """One that waits, and is ended if it has not been."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


async def told_that_none_goes_on(process: socket.socket) -> None:
    """Read until a process is to go on itself."""
    said = b""
    while not said.endswith(b"-"):
        said += await asyncio.get_running_loop().sock_recv(process, 1_024)


def apps_can_be_had(lesson: SshClass) -> bool:
    """Whether a preloaded process answers; one that is killed may be there for a moment more."""
    (path,) = Path(lesson.rooms).glob("*/class~apps")
    with socket.socket(socket.AF_UNIX) as asking:
        return asking.connect_ex(str(path)) == 0


class Nobody:
    """The owner of an app that is told of nothing but its end."""

    has_ended = has_chosen = False

    def draw(self, frame: bytes) -> None:
        """See nothing."""

    def take_keys(self, takes: bool) -> None:
        """Type nothing."""

    def take_news(self, kind: bytes, content: bytes) -> None:
        """Hear nothing."""

    def take_tried(self, content: bytes) -> None:
        """Keep nothing."""

    def take_hello(self, content: bytes) -> None:
        """Take note."""
        self.has_chosen = True

    def app_ended(self, status: int | None) -> None:
        """Take note."""
        self.has_ended = True
