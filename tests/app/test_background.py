"""Jobs of a shell: in the background the app leaves the terminal alone, and ends when it is told to."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from os import kill
from pathlib import Path

import pytest

from tests.terminal import ENVIRON, Terminal, until

START = f"{sys.executable} -m tinynet_tui"
OPENED = "step  0 of 46"


@pytest.fixture(params=["", "stty tostop; "], ids=["plain", "tostop"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A shell that minds jobs; also on a terminal that stops those of the background that write."""
    environ = {**ENVIRON, "XDG_STATE_HOME": str(tmp_path), "PS1": "shell> ", "HISTFILE": "", "ENV": ""}
    opened = Terminal("/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"], environ)
    opened.wait_for("shell>")
    opened.press(f"{request.param}echo ready\n")
    opened.wait_until(says(opened, "ready"))
    yield opened
    opened.child.close(force=True)


def job(shell: Terminal) -> int:
    """The process of the shell's only job."""
    children = Path(f"/proc/{shell.child.pid}/task/{shell.child.pid}/children")
    until(lambda: len(children.read_text().split()) == 1)
    return int(children.read_text())


def wait_until_stopped(number: int) -> None:
    """Wait until the system has stopped a process."""
    until(lambda: Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "T")


def says(shell: Terminal, line: str) -> Callable[[], bool]:
    """Whether a line of the screen is this one, after a prompt or not."""
    return lambda: re.search(rf"^(shell> )?{line}$", shell.screen.text, re.MULTILINE) is not None


def started_there(shell: Terminal) -> int:
    """With an &."""
    shell.press(f"{START} &\n")
    number = job(shell)
    wait_until_stopped(number)
    return number


def sent_there(shell: Terminal) -> int:
    """By Ctrl+Z and bg."""
    shell.press(f"{START}\n")
    shell.wait_for(OPENED)
    number = job(shell)
    shell.press("\x1a")
    shell.wait_for("Stopped")
    shell.press("bg\n")
    shell.wait_until(lambda: shell.screen.text.count("Stopped") == 2 or "&" in shell.screen.text)
    wait_until_stopped(number)
    return number


def stopped_from_outside(shell: Terminal) -> int:
    """By SIGSTOP, of which the app hears nothing: its screen is still there."""
    shell.press(f"{START}\n")
    shell.wait_for(OPENED)
    number = job(shell)
    kill(number, signal.SIGSTOP)
    shell.wait_for("Stopped")
    return number


def continued_after_that(shell: Terminal) -> int:
    """By SIGSTOP and bg."""
    number = stopped_from_outside(shell)
    shell.press("bg\n")
    shell.wait_for("&")
    wait_until_stopped(number)
    return number


@pytest.mark.parametrize("put_there", [started_there, sent_there, stopped_from_outside, continued_after_that])
def test_a_job_in_the_background_can_be_ended(shell: Terminal, put_there: Callable[[Terminal], int]) -> None:
    """In order, however it got there; the shell has its own screen, in its own modes."""
    line_modes = shell.line_modes
    number = put_there(shell)
    shell.press("kill %1\n")
    until(lambda: not Path(f"/proc/{number}").exists())
    shell.press(f"wait {number}; echo ended $?\n")
    shell.wait_until(says(shell, "ended 143"))
    assert shell.line_modes == line_modes
    assert not shell.screen.cursor.hidden
    assert OPENED not in shell.screen.text
    assert shell.sent.count(b"?1049h") == shell.sent.count(b"?1049l") == (put_there is not started_there)


def test_a_job_of_the_background_comes_to_the_foreground(shell: Terminal) -> None:
    """Nothing is drawn before."""
    started_there(shell)
    assert b"?1049h" not in shell.sent
    shell.press("fg\n")
    shell.wait_for(OPENED)
    shell.press("l")
    shell.wait_for("step  1 of 46")
    shell.press("q")
    shell.wait_until(lambda: shell.screen.text.rstrip().endswith("shell>"))


def test_a_job_that_nobody_can_continue_ends(shell: Terminal, tmp_path: Path) -> None:
    """An orphan in the background: the system refuses it the terminal, and nothing is drawn."""
    status = tmp_path / "status"
    shell.press(f"(({START} < /dev/tty; echo $? > {status}) &)\n")
    until(lambda: status.exists() and status.read_text() == "129\n")
    shell.draw_what_is_there()
    assert b"?1049h" not in shell.sent
