"""What a server has to say while its terminal is the leader's screen: who has come, and what went wrong."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler

from tinynet_tui.safety.foreign_text import harmless
from tinynet_tui.session.people import state_path

_LARGEST = 1 << 20
"""Bytes of the file, before the next one is begun; the one before is kept."""
_SELDOM = 60.0
"""Seconds between two complaints of asyncio's."""


def start_log(to_file: bool) -> None:
    """Have it go to a new file in the state folder, or to standard error."""
    logging.raiseExceptions = False  # a full disk ends no class
    handler = _file() if to_file else logging.StreamHandler()
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
