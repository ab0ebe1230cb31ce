"""The key by which a server is known again: made once, kept where nobody else can read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.safety.whole_files import replace_file

_LARGEST = 65_536
"""Bytes of a key."""
_NO_FILE = "{}: the host key must be a file of your own, and no link; move it away for a new one"


class HostKeyFault(Refusal):
    """A key that cannot be used or made; says why and what helps, in one line."""


def host_key(path: Path, make: Callable[[], bytes]) -> bytes:
    """The key that is kept in a file, which is made where there is none.

    Raises: HostKeyFault when others can read it, it is not this user's own, or it cannot be read or made.
    """
    try:
        if not os.path.lexists(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(path, make())
        return _read(path)
    except OSError as error:
        if path.is_symlink():
            raise HostKeyFault(_NO_FILE.format(path)) from None
        raise HostKeyFault(f"{path}: the host key cannot be kept there ({error.strerror})") from None


def _read(path: Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise HostKeyFault(_NO_FILE.format(path))
        if found.st_mode & 0o077:
            raise HostKeyFault(
                f"{path}: others can read the host key; chmod 600 it, or move it for a new one"
            )
        return file.read(_LARGEST)
