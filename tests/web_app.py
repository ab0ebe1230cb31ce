"""The command on Textual's driver for browsers, which speaks in packets: what textual-serve has of it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyte

from tests.pseudo_terminal import COMMAND, ENVIRON, SAFETY, Emulator

DRIVER = "textual.drivers.web_driver:WebDriver"
_PRELUDE = b"__GANGLION__\n"
_HEAD = 5
"""Bytes before a packet's payload: its kind, and four for its length."""


class WebApp:
    """The command with a screen elsewhere, which an emulator draws."""

    def __init__(self, cwd: Path, *arguments: str, **environ: str) -> None:
        self.process = subprocess.Popen(
            (sys.executable, *COMMAND, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env={
                **ENVIRON,
                "XDG_STATE_HOME": str(cwd / "state"),
                "TEXTUAL_DRIVER": DRIVER,
                "COLUMNS": "80",
                "ROWS": "24",
                **environ,
            },
        )
        self.screen = Emulator(80, 24)
        self.sent = b""
        """All that it has drawn."""
        self.told: list[dict[str, Any]] = []
        """What it has told beside that."""
        self._stream = pyte.ByteStream(self.screen)
        self._arrived = b""

    def press(self, keys: str) -> None:
        """Send what a keyboard would."""
        self._send(b"D", keys.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Take another size."""
        self.screen.resize(rows, columns)
        self._send(b"M", json.dumps({"type": "resize", "width": columns, "height": rows}).encode())

    def hang_up(self) -> None:
        """Go away without a word, as a server that is killed does."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait_for(self, text: str) -> None:
        """Wait until the screen shows a text, on one line or broken into several."""
        self.wait_until(lambda: text in " ".join(self.screen.text.split()))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Draw what arrives until a condition holds."""
        last = time.monotonic() + SAFETY
        while not condition():
            assert self._read(last - time.monotonic()), f"the screen shows\n{self.screen.text}"

    def ended(self) -> tuple[int, str]:
        """(the exit status once it has ended, what it has said on standard error)."""
        last = time.monotonic() + SAFETY
        while self._read(last - time.monotonic()):
            pass
        assert self.process.stderr is not None
        status = self.process.wait(SAFETY)
        return status, self.process.stderr.read().decode()

    def _send(self, kind: bytes, payload: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(kind + len(payload).to_bytes(4, "big") + payload)
        self.process.stdin.flush()

    def _read(self, seconds: float) -> bool:
        """Take what arrives next; whether anything did in that time."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], max(seconds, 0))
        arrived = os.read(self.process.stdout.fileno(), 65536) if ready else b""
        self._arrived += arrived
        self._arrived = self._arrived.removeprefix(_PRELUDE)
        while len(self._arrived) >= _HEAD:
            end = _HEAD + int.from_bytes(self._arrived[1:_HEAD], "big")
            if len(self._arrived) < end:
                break
            kind, payload = self._arrived[:1], self._arrived[_HEAD:end]
            self._arrived = self._arrived[end:]
            if kind == b"M":
                self.told.append(json.loads(payload))
            else:
                self.sent += payload
                self._stream.feed(payload)
        return bool(arrived)


@contextlib.contextmanager
def web_app(cwd: Path, *arguments: str, **environ: str) -> Iterator[WebApp]:
    """The command in a directory, ended afterwards if it has not ended itself."""
    app = WebApp(cwd, *arguments, **environ)
    try:
        yield app
    finally:
        if app.process.poll() is None:
            app.process.kill()
            app.process.wait()
        for pipe in (app.process.stdin, app.process.stdout, app.process.stderr):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):  # a key that it has not read
                pipe.close()
