"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from time import time
from typing import BinaryIO

from tinynet_tui.safety.foreign_text import harmless

_UNFINISHED = ".new"
_ABANDONED = 3600.0
"""Seconds after which nobody is still writing a file: whoever began it was killed."""


def opened_privately(path: str, flags: int) -> int:
    """An `opener` for `open`: a file that it makes can be read by its user alone."""
    return os.open(path, flags, 0o600)


def create_file(path: Path, text: str, opener: Callable[[str, int], int] | None = None) -> None:
    """Write a text to a file that was not there before, with nothing in it that a terminal would obey.

    Raises: FileExistsError when there is something of that name already; another OSError when it cannot be
    written, and nothing of it is left then.
    """
    content = harmless(text).encode()
    file = open(path, "xb", opener=opener)  # noqa: SIM115
    with _removed_by_a_fault(path), file:
        _write(file, content)


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in the place of the one that is there, if any, in one move.

    Raises: OSError when it cannot be written; what was there before is then untouched.
    """
    _clear_abandoned(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_UNFINISHED)
    with _removed_by_a_fault(Path(name)):
        with os.fdopen(handle, "wb") as file:
            _write(file, content)
        os.replace(name, path)


def _write(file: BinaryIO, content: bytes) -> None:
    """Write all of a file, down to the disk."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _removed_by_a_fault(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _clear_abandoned(path: Path) -> None:
    """Remove what earlier replacements of a file have left because they were killed."""
    with suppress(OSError):
        for unfinished in path.parent.glob(f".{escape(path.name)}.*{_UNFINISHED}"):
            if time() - unfinished.stat().st_mtime > _ABANDONED:
                unfinished.unlink()
