"""Texts that are compared byte for byte with a file of tests/golden, which is read by eye when it changes."""

from __future__ import annotations

import os
from pathlib import Path

_DIRECTORY = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Fail where a text is not what the file has; TINYNET_TUI_RENEW_GOLDEN=1 writes the file anew."""
    path = _DIRECTORY / name
    if os.environ.get("TINYNET_TUI_RENEW_GOLDEN"):
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()
