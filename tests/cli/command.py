"""The command as a shell runs it: most often within this process, which takes a tenth of the time."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO, TextIOWrapper
from unittest.mock import patch

from tinynet_tui.cli import main

COMMAND = (sys.executable, "-m", "tinynet_tui")

UTF8 = {"LANG": "C.UTF-8"}
C_LOCALE = {"LC_ALL": "C"}
ASCII_ONLY = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
"""A C locale in which Python's own output is ASCII too."""


def environment(**changes: str) -> dict[str, str]:
    """An environment without what this one says of locale, terminal and Python."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "SYSTEMROOT", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
        if name in os.environ
    }
    return {**kept, "COLUMNS": "80", "TERM": "xterm-256color", **changes}


def run(
    *words: str,
    stdin: bytes = b"",
    environ: dict[str, str] = UTF8,
    cwd: str | os.PathLike[str] = ".",
) -> subprocess.CompletedProcess[bytes]:
    """What the command prints and how it ends, its input and output being no terminal.

    It runs within this process, with the streams that Python would open in that environment.
    """
    words_as, of_input, of_output, of_errors = _encodings(tuple(environment(**environ).items()))
    words = tuple(os.fsencode(word).decode(*words_as) for word in words)
    printed, said = BytesIO(), BytesIO()
    with (
        contextlib.chdir(cwd),
        patch.dict(os.environ, environment(**environ), clear=True),
        patch.object(sys, "stdin", TextIOWrapper(BytesIO(stdin), *of_input)),
        patch.object(sys, "stdout", TextIOWrapper(printed, *of_output)),
        patch.object(sys, "stderr", TextIOWrapper(said, *of_errors)),
    ):
        status = main(words)
        sys.stdout.flush()
        sys.stderr.flush()
        return subprocess.CompletedProcess(words, status, printed.getvalue(), said.getvalue())


def run_process(
    *words: str,
    stdin: bytes = b"",
    environ: dict[str, str] = UTF8,
    cwd: str | os.PathLike[str] = ".",
    limit: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """The same of a process of its own.

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


_ENCODINGS = """
import sys
print(sys.getfilesystemencoding(), sys.getfilesystemencodeerrors())
for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(stream.encoding, stream.errors)
"""


@cache
def _encodings(environ: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Encoding and treatment of errors of words, standard input, output and errors, as Python tells them."""
    told = subprocess.run(
        (sys.executable, "-c", _ENCODINGS),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=dict(environ),
        check=True,
        text=True,
    )
    lines = map(str.split, told.stdout.splitlines())
    return [(encoding, errors) for encoding, errors in lines]
