"""How far long work is, on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest
from msgspec.structs import replace

from tests.cli.command import COMMAND, run
from tests.pseudo_terminal import ENVIRON, SAFETY
from tinynet_tui.cli import progress
from tinynet_tui.cli.progress import ProgressLine
from tinynet_tui.experiments.long_work import Watch, unwatched
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_text

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


LARGE = """
[network]
layers = [16, 16, 16, 16, 16, 16]
activations = ["tanh", "tanh", "tanh", "tanh", "tanh"]
init = "he"
[data]
inputs = {rows}
targets = {rows}
[training]
learning_rate = 0.1
loss = "squared_error"
"""


def test_a_long_trace_says_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    """The largest lesson has a million steps."""
    lesson = tmp_path / "large.toml"
    lesson.write_text(LARGE.replace("{rows}", str([[0.5] * 16] * 256)))
    words = ("-c", 'exec "$@" > /dev/null', "sh", *COMMAND, "trace", str(lesson))
    child = pexpect.spawn("/bin/sh", list(words), env=ENVIRON, timeout=SAFETY, encoding="utf-8")
    child.expect_exact("% done; Ctrl+C stops")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "Traceback" not in child.before


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "json"])
def test_the_share_of_a_trace_grows_with_its_steps(form: str) -> None:
    """Three updates of 163 steps: told at the start of each and 100 steps on, and never backwards."""
    shares: list[float] = []
    sheet = Request(shipped_lesson("xor"), updates=3, watch=shares.append)
    assert list(FORMATS[form].lines(sheet, None)) == list(
        FORMATS[form].lines(replace(sheet, watch=unwatched), None)
    )
    assert shares == [(update + done / 163) / 3 for update in range(3) for done in (0, 100)]


EXPECTING = """
[[expect]]
step = "L"
update = 100000
value = 0
"""


@pytest.mark.parametrize(
    "line",
    [
        "train --updates 50000 --learning-rate 0.01 0.02",
        "train --updates 100000 --format csv --every 100000",
        "train --updates 20000 --format json",
        "walk --at 5000.3",
        "lessons --check far.toml",
        "experiment init --starts 2000",
    ],
)
def test_all_long_work_is_watched(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several times, and never backwards; what a watch raises ends it, as Ctrl+C does."""
    (tmp_path / "far.toml").write_text(shipped_text("lecture") + EXPECTING)

    def interrupted(_share: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(progress, "unwatched", interrupted)
    stopped = run(*line.split(), cwd=tmp_path)
    assert (stopped.returncode, stopped.stderr) == (130, b"")
    shares: list[float] = []
    monkeypatch.setattr(progress, "unwatched", shares.append)
    assert run(*line.split(), cwd=tmp_path).returncode in (0, 1)
    assert len(set(shares)) > 2
    assert shares == sorted(shares)
    assert shares[0] >= 0
    assert shares[-1] <= 1


def test_a_reader_who_pages_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a line has waited to be taken, nothing more is told."""
    told: list[float] = []
    clock = iter((0.0, 0.25, 1.0, 1.5, 2.0, 2.0))

    @contextmanager
    def watched() -> Iterator[Watch]:
        yield told.append

    monkeypatch.setattr(progress, "progress", watched)
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    with progress.progress_of_output() as (watch, while_read):
        for share, line in enumerate(while_read(("quick", "paged", "quick"))):
            assert line in ("quick", "paged")
            watch(share)
        watch(3)
    assert told == [0, 1]


def test_on_a_terminal_the_lines_show_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written between them."""

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setattr("sys.stderr", Terminal())
    with progress.progress_of_output() as (watch, while_read):
        assert watch is unwatched
        assert list(while_read(("a", "b"))) == ["a", "b"]
