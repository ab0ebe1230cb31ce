"""Texts that are compared byte for byte with a file of tests/golden, which is read by eye when it changes."""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

_DIRECTORY = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Fail where a text is not what the file has; TINYNET_TUI_RENEW_GOLDEN=1 writes the file anew."""
    path = _DIRECTORY / name
    if os.environ.get("TINYNET_TUI_RENEW_GOLDEN"):
        path.write_bytes(text.encode())
    kept = path.read_bytes().decode()
    differing = unified_diff(kept.splitlines(), text.splitlines(), f"tests/golden/{name}", "now", lineterm="")
    assert text == kept, "\n".join(
        [*differing, "If this is meant: TINYNET_TUI_RENEW_GOLDEN=1 writes the file anew."]
    )
