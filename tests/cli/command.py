"""The command as a shell runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

COMMAND = (sys.executable, "-m", "tinynet_tui")

UTF8 = {"LANG": "C.UTF-8"}
C_LOCALE = {"LC_ALL": "C"}
ASCII_ONLY = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A C locale in which Python's own output is ASCII too."""


def environment(**changes: str) -> dict[str, str]:
    """An environment without what this one says of locale, terminal and Python."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return {**kept, "COLUMNS": "80", "TERM": "xterm-256color", **changes}


def run(
    *words: str,
    stdin: bytes = b"",
    environ: dict[str, str] = UTF8,
    cwd: str | os.PathLike[str] | None = None,
    limit: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """What the command prints and how it ends, its input and output being no terminal.

    `limit` is called in its process before it begins.
    """
    return subprocess.run(
        (*COMMAND, *words),
        input=stdin,
        capture_output=True,
        env=environment(**environ),
        cwd=cwd,
        preexec_fn=limit,
        check=False,
    )
