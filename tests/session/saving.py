"""A session that is saved as the app saves it."""

from __future__ import annotations

from pathlib import Path
from time import time

from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import SharedFile


def save(session: Session, path: Path) -> None:
    """Write a session that was changed just now to a file, whole or not at all.

    Raises: OSError when it cannot be written.
    """
    assert SharedFile(path).keep(session.bare, time())
