"""Jobs of a shell: in the background the app leaves the terminal alone, and ends when it is told to."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable, Iterator
from os import kill
from pathlib import Path

import pytest

from tests.pseudo_terminal import ENVIRON, Terminal, child_processes, until

START = f"{sys.executable} -m tinynet_tui"
OPENED = "step  0 of 46"


@pytest.fixture(params=["", "stty tostop; "], ids=["plain", "tostop"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A shell that minds jobs, and says at once what becomes of them; also on a terminal that stops those of
    the background that write."""
    environ = {**ENVIRON, "XDG_STATE_HOME": str(tmp_path), "PS1": "shell> ", "HISTFILE": "", "ENV": ""}
    opened = Terminal("/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"], environ, answers=False)
    opened.wait_for("shell>")
    opened.press(f"{request.param}set -o notify; echo ready\n")
    opened.wait_until(says(opened, "ready"))
    yield opened
    opened.close()


def job(shell: Terminal) -> int:
    """The process of the shell's only job."""
    until(lambda: len(child_processes(shell.child.pid)) == 1)
    return child_processes(shell.child.pid)[0]


def wait_until_stopped(shell: Terminal, times: int = 1) -> None:
    """Wait until the shell knows that its job has been stopped so often.

    That the system has stopped it would not do: a shell that has not heard of it yet does not continue what
    it ends, and after bg the job is still stopped for the first time.
    """
    shell.wait_until(lambda: shell.sent.count(b"Stopped") == times)


def says(shell: Terminal, line: str) -> Callable[[], bool]:
    """Whether a line of the screen is this one, after a prompt or not."""
    return lambda: re.search(rf"^(shell> )?{line}$", shell.screen.text, re.MULTILINE) is not None


def started_there(shell: Terminal) -> int:
    """With an &."""
    shell.press(f"{START} &\n")
    wait_until_stopped(shell)
    return job(shell)


def sent_there(shell: Terminal) -> int:
    """By Ctrl+Z and bg."""
    shell.press(f"{START}\n")
    shell.wait_for(OPENED)
    number = job(shell)
    shell.press("\x1a")
    wait_until_stopped(shell)
    shell.press("bg\n")
    wait_until_stopped(shell, 2)
    return number


def stopped_from_outside(shell: Terminal) -> int:
    """By SIGSTOP, of which the app hears nothing: its screen is still there."""
    shell.press(f"{START}\n")
    shell.wait_for(OPENED)
    number = job(shell)
    kill(number, signal.SIGSTOP)
    wait_until_stopped(shell)
    return number


def continued_after_that(shell: Terminal) -> int:
    """By SIGSTOP and bg."""
    number = stopped_from_outside(shell)
    shell.press("bg\n")
    wait_until_stopped(shell, 2)
    return number


def continued_in_a_frame(shell: Terminal) -> int:
    """By SIGSTOP and bg, while it writes a frame that is larger than what the terminal takes at once."""
    shell.resize(400, 200)
    shell.press(f"{START} --no-diff\n")
    shell.wait_for(OPENED)
    number = job(shell)
    kill(number, signal.SIGSTOP)
    wait_until_stopped(shell)
    shell.press("bg\n")
    wait_until_stopped(shell, 2)
    return number


@pytest.mark.parametrize(
    "put_there", [started_there, sent_there, stopped_from_outside, continued_after_that, continued_in_a_frame]
)
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
