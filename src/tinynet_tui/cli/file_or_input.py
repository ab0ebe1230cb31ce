"""What a verb reads: a file, or standard input."""

from __future__ import annotations

import sys

from tinynet_tui.cli.faults import Fault
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.safety.foreign_text import printable


def source_of(file: str) -> str:
    """What a file is called in messages; - is standard input."""
    return "standard input" if file == "-" else file


def bytes_of(file: str) -> bytes:
    """What is in a file, or in standard input for -.

    Raises: Fault when it cannot be read, or is too large.
    """
    name = printable(source_of(file)) or '""'
    if file == "-" and (sys.stdin is None or sys.stdin.closed):
        raise Fault("standard input is closed: there is nothing to read from it")
    try:
        if file == "-":
            raw = sys.stdin.buffer.read(LIMITS.file_bytes + 1)
        else:
            with open(file, "rb") as opened:
                raw = opened.read(LIMITS.file_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        why = error.strerror if isinstance(error, OSError) else "there is no such file"
        raise Fault(f"{name}: cannot be read: {why}") from None
    if len(raw) > LIMITS.file_bytes:
        raise Fault(f"{name}: too large; must be at most {LIMITS.file_bytes:,} bytes")
    return raw
