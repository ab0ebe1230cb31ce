"""The command itself on a pseudo-terminal: it opens, steps, ends, and leaves everything as it was."""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pseudo_terminal import ENVIRON, Terminal
from tests.session.random_lessons import LECTURE
from tinynet_tui.session.commands import start
from tinynet_tui.session.state_file import resume

COMMAND = ["-m", "tinynet_tui"]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment whose state directory is empty."""
    return {**ENVIRON, "XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the position is kept in it."""
    return tmp_path / "state" / "tinynet-tui" / "session.json"


@pytest.fixture
def stepper(environ: dict[str, str]) -> Iterator[Terminal]:
    """The lecture lesson, opened."""
    opened = Terminal(sys.executable, COMMAND, environ, forked=False)
    opened.wait_for("step  0 of 46")
    yield opened
    opened.close()


def test_it_opens_and_says_which_key_to_press(stepper: Terminal) -> None:
    """On the lecture's own network, before its first step."""
    stepper.wait_for("Press → to take the first step")


def test_a_whole_update_goes_by(stepper: Terminal) -> None:
    """→ 46 times reaches step 46; the next one is update 2, step 0."""
    for number in range(1, 47):
        stepper.child.send("\x1b[C")
        stepper.wait_for(f"update 1 · step {number:2} of 46")
    stepper.wait_for("+0.1810")
    stepper.child.send("\x1b[C")
    stepper.wait_for("update 2 · step  0 of 46")


def test_whole_rows_show_the_same_with_more_bytes(environ: dict[str, str]) -> None:
    """With --no-diff each cell is what it is without, colours and all."""
    screens, sent = [], []
    for options in ([], ["--no-diff"]):
        opened = Terminal(sys.executable, [*COMMAND, *options], environ, forked=False)
        opened.wait_for("step  0 of 46")
        before = len(opened.sent)
        for number in range(1, 8):
            opened.press("l")
            opened.wait_for(f"step {number:2} of 46")
        opened.press("g")  # changes the last row alone: all that was sent before is there when it comes
        opened.wait_for("go to:")
        screens.append([[opened.screen.buffer[y][x] for x in range(80)] for y in range(23)])
        sent.append(len(opened.sent) - before)
        opened.press("\x03")
        assert opened.ended() == 0
    assert screens[0] == screens[1]
    assert sent[0] < sent[1]


def test_quitting_gives_the_terminal_back_and_keeps_the_position(
    stepper: Terminal, environ: dict[str, str]
) -> None:
    """Line modes and screen are as before, and --resume is where it was."""
    stepper.child.send("lll")
    stepper.wait_for("step  3 of 46")
    raw = termios.tcgetattr(stepper.child.child_fd)
    assert not raw[3] & termios.ICANON
    stepper.child.send("q")
    assert stepper.ended() == 0
    assert stepper.sent.rindex(b"\x1b[?1049l") > stepper.sent.rindex(b"\x1b[?1049h")
    assert stepper.sent.rstrip().endswith(b"\x1b[?25h")
    again = Terminal(sys.executable, [*COMMAND, "--resume"], environ, forked=False)
    again.wait_for("update 1 · step  3 of 46")
    again.child.send("q")
    assert again.ended() == 0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143)], ids=["SIGHUP", "SIGTERM"]
)
def test_a_signal_ends_it_in_order(
    stepper: Terminal, state: Path, number: signal.Signals, status: int
) -> None:
    """The terminal is given back, nothing is said, and the position is kept."""
    stepper.child.send("ll")
    stepper.wait_for("step  2 of 46")
    os.kill(stepper.child.pid, number)
    assert stepper.ended() == status
    assert b"\x1b[?1049l" in stepper.sent
    assert b"Traceback" not in stepper.sent
    session, _ = resume(state)
    assert session == replace(start(LECTURE), step=2)


def test_a_lesson_from_standard_input(environ: dict[str, str]) -> None:
    """After the lesson has been read from a pipe, keys come from the terminal."""
    line = f"{sys.executable} -m tinynet_tui lessons --show mazur | {sys.executable} -m tinynet_tui -"
    opened = Terminal("/bin/sh", ["-c", line], environ)
    opened.wait_for("step  0 of 58")
    opened.child.send("l")
    opened.wait_for("step  1 of 58")
    opened.child.send("q")
    assert opened.ended() == 0
