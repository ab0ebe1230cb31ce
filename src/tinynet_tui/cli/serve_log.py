"""What a server has to say while its terminal is the leader's screen: who has come, and what went wrong."""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from queue import Full, Queue
from threading import Thread

from tinynet_tui.safety.foreign_text import harmless
from tinynet_tui.session.people import state_path

_LARGEST = 1 << 20
"""Bytes of the file, before the next one is begun; the one before is kept."""
_WAITING, _LAST_LINES = 1_000, 1.0
"""Lines that may wait to be read at standard error, and seconds for them at the end."""
_SELDOM = 60.0
"""Seconds between two complaints of asyncio's."""


def start_log(to_file: bool) -> None:
    """Have it go to a new file in the state folder, or to standard error."""
    logging.raiseExceptions = False  # a full disk ends no class
    handler = _file() if to_file else _StandardError()
    handler.setFormatter(_HarmlessLines("%(asctime)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("asyncio").addFilter(_seldom())


def _file() -> logging.Handler:
    """The file, or nowhere."""
    path = state_path()
    assert path is not None, "the host key is kept beside it"
    try:
        return _OwnFile(path.with_name("serve.log"), maxBytes=_LARGEST, backupCount=1)
    except OSError:
        return logging.NullHandler()


class _OwnFile(RotatingFileHandler):
    """A file that nobody else reads, and that nobody who knocks for ever can fill a disk with."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        return os.fdopen(handle, "w", encoding="utf-8", errors="replace")


class _StandardError(logging.Handler):
    """Writes beside the class, which goes on where nobody reads it: a pipe may be full for ever."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: Queue[str] = Queue(_WAITING)
        self._thread = Thread(target=self._write, name="log", daemon=True)
        self._thread.start()
        atexit.register(self._end)

    def emit(self, record: logging.LogRecord) -> None:
        """Have a line written; it is lost where as many wait as may, since nobody reads them."""
        with suppress(Full):
            self._lines.put_nowait(f"{self.format(record)}\n")

    def _write(self) -> None:
        while line := self._lines.get():
            with suppress(OSError):  # not through the file of Python's, whose lock the end would wait for
                os.write(2, line.encode(errors="replace"))

    def _end(self) -> None:
        with suppress(Full):
            self._lines.put_nowait("")
            self._thread.join(_LAST_LINES)


class _HarmlessLines(logging.Formatter):
    """Writes no character that steers a terminal: names, and what apps complain of, are of others."""

    def format(self, record: logging.LogRecord) -> str:
        """The lines of a record."""
        return harmless(super().format(record))


def _seldom() -> Callable[[logging.LogRecord], bool]:
    """Lets a complaint through now and then: asyncio has thousands a second where no descriptor is left."""
    last = float("-inf")

    def is_let_through(record: logging.LogRecord) -> bool:
        nonlocal last
        is_due = record.created >= last + _SELDOM
        last = record.created if is_due else last
        return is_due

    return is_let_through
