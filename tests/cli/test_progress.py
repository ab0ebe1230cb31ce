"""How far long work is, on standard error."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pexpect  # type: ignore[import-untyped]

from tests.cli.command import COMMAND, run
from tests.terminal import ENVIRON, SAFETY
from tinynet_tui.cli.progress import ProgressLine

LONG = ("experiment", "rates", "--find", "--updates", "1000000")


def test_after_half_a_second_a_line_is_written_anew_ten_times_a_second() -> None:
    """And wiped off at the end."""
    times = iter((0.0, 0.25, 0.5, 0.55, 0.625))
    terminal = StringIO()
    line = ProgressLine(terminal, lambda: next(times))
    for share in (0.1, 0.2, 0.3, 0.4):
        line.watch(share)
    assert terminal.getvalue() == "\r 20% done; Ctrl+C stops\r 40% done; Ctrl+C stops"
    line.wipe()
    assert terminal.getvalue().endswith("\r" + " " * len(" 40% done; Ctrl+C stops") + "\r")


def test_short_work_writes_nothing() -> None:
    """Not even what would wipe it off."""
    terminal = StringIO()
    line = ProgressLine(terminal, lambda: 0.0)
    line.watch(0.5)
    line.wipe()
    assert terminal.getvalue() == ""


def test_at_a_terminal_long_work_says_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    """The line is gone when it ends, with the status of an interrupt; what is printed is data alone."""
    printed = tmp_path / "printed"
    child = pexpect.spawn("/bin/sh", ["-c", f"exec \"$@\" > '{printed}'", "sh", *COMMAND, *LONG], env=ENVIRON,
                          timeout=SAFETY, encoding="utf-8")  # fmt: skip
    child.expect_exact("% done; Ctrl+C stops")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert child.before.endswith(" " * len(" 40% done; Ctrl+C stops") + "\r")
    assert printed.read_text() == ""


def test_elsewhere_standard_error_stays_empty() -> None:
    """A file or a pipe gets no line that is written over."""
    assert run("experiment", "rates", "--updates", "200000").stderr == b""
