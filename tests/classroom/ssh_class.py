"""A class over SSH for tests: the server as a program, and clients of two kinds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import asyncssh
import pyte

from tests.programs import program
from tests.pseudo_terminal import ENVIRON, SAFETY, Emulator, Terminal, told_by_lines, until
from tinynet_tui.classroom.directory import ROOT

CODE, LEADER_CODE = "blue-kite", "a longer code than that"


class SshClass:
    """A server that runs until the block ends."""

    host = "127.0.0.1"
    """Where clients connect."""

    def __init__(self, folder: Path, code: str = CODE, **limits: float) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        for name in ("student", "leader", "stranger"):
            key = asyncssh.generate_private_key("ssh-ed25519")
            path = folder / name
            path.touch(mode=0o600)
            path.write_bytes(key.export_private_key())
            path.with_suffix(".pub").write_bytes(key.export_public_key())
        self._connections: list[asyncssh.SSHClientConnection] = []
        self._words = [
            *(str(folder), code, LEADER_CODE, str(folder / "student.pub"), str(folder / "leader.pub")),
            *(f"{name}={number}" for name, number in limits.items()),
        ]

    def __enter__(self) -> Self:
        self._rooms = TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True)
        environ = {**ENVIRON, ROOT: self._rooms.name, "SECRET": "of the server's"}
        self.process = told_by_lines("tests.classroom.serving", self._words, environ)
        self.rooms = self._rooms.name
        port, self.fingerprint = self.process.stdout.readline().split()
        self.port = int(port)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        try:
            until(lambda: not self.process.isalive())
        finally:
            self.process.kill()
            self.process.stdout.close()
            self._rooms.cleanup()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something with clients, within the time that is enough for anything, and close them."""

        async def bounded() -> None:
            try:
                async with asyncio.timeout(SAFETY):
                    await work
            finally:
                for connection in self._connections:
                    connection.abort()
                    await connection.wait_closed()
                await asyncio.sleep(0)  # for the sockets to be closed
                self._connections.clear()

        asyncio.run(bounded())

    def do(self, command: str = "who") -> dict[str, Any]:
        """Have the leader do something; returns how things stand then."""
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    @property
    def people(self) -> dict[str, str]:
        """What everybody does who has joined, by name."""
        found: dict[str, str] = self.do()["people"]
        return found

    async def connect(
        self, name: str = "Ada", code: str = CODE, **options: Any
    ) -> asyncssh.SSHClientConnection:
        """A client of AsyncSSH's that has been let in."""
        own: dict[str, Any] = {
            "username": name, "password": code, "known_hosts": None, "client_keys": None, "config": None
        }  # fmt: skip
        connection = await asyncssh.connect(self.host, self.port, **(own | options))
        self._connections.append(connection)
        return connection

    async def watch(self, name: str = "Ada", size: tuple[int, int] = (80, 24), **options: Any) -> Watcher:
        """A client that sees the class."""
        connection = await self.connect(name, **options.pop("login", {}))
        watcher = Watcher(connection, size)
        await watcher.begin(**options)
        return watcher

    def ssh(
        self,
        *options: str,
        command: Sequence[str] = (),
        name: str = "Ada",
        key: str = "student",
        tool: str = "ssh",
    ) -> list[str]:
        """The command line of OpenSSH's client, which trusts the server and asks for nothing."""
        settings = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        own = [
            word for setting in (*settings, "IdentitiesOnly=yes", "BatchMode=yes") for word in ("-o", setting)
        ]
        port = ("-p" if tool == "ssh" else "-P", str(self.port))
        to = () if tool == "scp" else (f"{name}@127.0.0.1",)
        key_file = str(self.folder / key)
        return [program(tool), "-F", "none", *own, "-i", key_file, *port, *options, *to, *command]

    def ssh_terminal(self, *options: str, size: tuple[int, int] = (80, 24), **whom: Any) -> Terminal:
        """OpenSSH's client on a terminal of its own."""
        command, *arguments = self.ssh(*options, **whom)
        return Terminal(command, arguments, ENVIRON, size)


class Watcher:
    """A client with a terminal, drawn by an emulator."""

    def __init__(self, connection: asyncssh.SSHClientConnection, size: tuple[int, int]) -> None:
        self.connection, self._size = connection, size
        self.screen = Emulator(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.received = b""

    async def begin(self, term: str = "xterm-256color", **options: Any) -> None:
        """Ask for a terminal, and wait until something is on it."""
        self.process: asyncssh.SSHClientProcess[bytes] = await self.connection.create_process(
            term_type=term, term_size=self._size, encoding=None, **options
        )
        await self.until(lambda: "following" in self.screen.text or "is not there" in self.screen.text)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Draw what arrives until a condition holds."""
        while not condition():
            try:
                data = await self.process.stdout.read(65_536)
            except asyncio.CancelledError:
                print(f"the condition never came true; the screen shows\n{self.screen.text}")
                raise
            assert data, f"the session ended; the screen shows\n{self.screen.text}"
            self.received += data
            self._stream.feed(data)

    async def shows(self, text: str) -> None:
        """Wait until the screen shows a text."""
        await self.until(lambda: text in self.screen.text)

    async def at_step(self, step: int) -> None:
        """Wait until the screen shows a step."""
        await self.until(lambda: f"step {step:>2} of" in self.screen.text)

    def type(self, typed: bytes) -> None:
        """Send what a keyboard would."""
        self.process.stdin.write(typed)

    def resize(self, columns: int, rows: int) -> None:
        """Take another size."""
        self.screen.resize(min(rows, 80), min(columns, 240))
        self.process.change_terminal_size(columns, rows)

    async def ended(self) -> bytes:
        """The last bytes, once the session is over."""
        rest = await self.process.stdout.read()
        self._stream.feed(rest)
        await self.process.wait_closed()
        return rest


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something holds that no client is told of."""
    while not condition():
        await asyncio.sleep(0.02)
