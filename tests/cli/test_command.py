"""The command within the process of the tests is the command in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import ASCII_ONLY, C_LOCALE, UTF8, run, run_process
from tinynet_tui.lessons.shipped import shipped_text

_MAZUR = shipped_text("mazur").encode()


@pytest.mark.parametrize(
    ("words", "stdin", "environ"),
    [
        (("trace",), b"", UTF8),
        (("trace",), b"", C_LOCALE),
        (("trace",), b"", ASCII_ONLY),
        (("trace", "-", "--format", "json"), _MAZUR, UTF8),
        (("trace", "-", "--format", "json"), _MAZUR, ASCII_ONLY),
        (("walk", "--predict"), "+\n−\nŷ\n".encode() + b"\xff\nq\n", UTF8),
        (("train", "--every", "4"), b"", C_LOCALE),
        (("lessons", "--show", "lecture"), b"", ASCII_ONLY),
        (("experiment", "rates", "--help"), b"", UTF8),
        (("trace", "ŷ\x1b\udcff.toml"), b"", UTF8),
        (("trace", "ŷ\x1b\udcff.toml"), b"", C_LOCALE),
        (("trace", "ŷ\x1b\udcff.toml"), b"", ASCII_ONLY),
        (("--version",), b"", ASCII_ONLY),
        (("lecture",), b"", UTF8),
        (("./lesson.toml",), b"", UTF8),
    ],
)
def test_it_prints_the_same(
    words: tuple[str, ...], stdin: bytes, environ: dict[str, str], tmp_path: Path
) -> None:
    """To the last byte, on both its ends, with the same status, in every locale."""
    (tmp_path / "lesson.toml").write_text("title = 1\n", encoding="utf-8")
    here, there = (ran(*words, stdin=stdin, environ=environ, cwd=tmp_path) for ran in (run, run_process))
    assert (here.stdout, here.stderr, here.returncode) == (there.stdout, there.stderr, there.returncode)
