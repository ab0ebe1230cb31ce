"""The terminal driver, on a real pseudo-terminal that an emulator draws."""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pseudo_terminal import ENVIRON, Terminal

DEMO = Path(__file__).parent / "test_screen.py"


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """The demo, opened."""
    opened = Terminal(sys.executable, [str(DEMO)], ENVIRON, answers=False)
    opened.wait_for("said: hello.")
    yield opened
    opened.close()


def test_the_terminal_is_given_back_as_it_was(terminal: Terminal) -> None:
    """Every mode that was switched on is off again, in the end, and so are the modes of the line."""
    terminal.child.send("q")
    terminal.wait_for("ended with 0")
    modes = termios.tcgetattr(terminal.child.child_fd)
    assert modes[3] & (termios.ECHO | termios.ICANON | termios.ISIG) == (
        termios.ECHO | termios.ICANON | termios.ISIG
    )
    for switched_on in (b"?1049h", b"?1000h", b"?1006h", b"?2004h"):
        off = switched_on[:-1] + b"l"
        assert 0 < terminal.sent.rindex(switched_on) < terminal.sent.rindex(off)
    for switched_off in (b"?25l", b"?7l"):
        on = switched_off[:-1] + b"h"
        assert 0 < terminal.sent.rindex(switched_off) < terminal.sent.rindex(on)
    assert terminal.ended() == 0


def test_one_thing_is_asked_of_the_terminal(terminal: Terminal) -> None:
    """Its status, once where it does not answer; no other query, no motion of the mouse, no reports."""
    for number in range(1, 10):
        terminal.child.send("\x1b[C")
        terminal.wait_for(f"z₁ +{number}.0000")
    terminal.child.send("q")
    assert terminal.ended() == 0
    assert terminal.sent.count(b"\x1b[5n") == 1
    asked = [
        b"\x1b]22;",
        b"$p",
        b"\x1b[c",
        b"\x1b[6n",
        b"\x1b[>",
        b"?u",
        b"?1003h",
        b"?1004h",
        b"?1015h",
        b"?2048",
    ]
    assert [sequence for sequence in asked if sequence in terminal.sent] == []


def test_keys_arrive(terminal: Terminal) -> None:
    """An arrow, and a lone Escape, with nothing after it."""
    terminal.child.send("\x1b[C")
    terminal.wait_for("z₁ +1.0000")
    terminal.child.send("\x1b")
    terminal.wait_for("said: escape.")


def test_clicks_and_the_wheel_arrive(terminal: Terminal) -> None:
    """As a terminal in modes 1000 and 1006 reports them."""
    terminal.child.send("\x1b[<0;41;4M\x1b[<0;41;4m")
    terminal.wait_for("said: clicked node 1.")
    terminal.child.send("\x1b[<65;41;4M")
    terminal.wait_for("z₁ +1.0000")


def test_bytes_that_are_no_characters_do_no_harm(terminal: Terminal) -> None:
    """Not UTF-8, not a known sequence, and the next key still counts."""
    terminal.child.send(b"\xff\xfe\xc3\x1b[M\xa0\xb0\xb0")
    terminal.child.send("\x1b[C")
    terminal.wait_for("z₁ +1.0000")


def test_a_large_paste_without_an_end_holds_nothing_up(terminal: Terminal) -> None:
    """A megabyte of it is over when nothing follows, and keys count again."""
    terminal.child.send("e\x1b[200~")
    for _ in range(256):
        terminal.child.send("x" * 4096)
    terminal.wait_for("x" * 40)
    terminal.child.send("\x1b")
    terminal.wait_for("q quit")


def test_keys_that_come_too_fast_wait_in_the_terminal(terminal: Terminal) -> None:
    """Not in the app, where a signal would have to wait for them all: what is sent beyond is not taken."""
    os.set_blocking(terminal.child.child_fd, False)
    full = False
    for _ in range(2_000):
        try:
            os.write(terminal.child.child_fd, b"l" * 1_000)
        except BlockingIOError:
            full = True
            break
    os.set_blocking(terminal.child.child_fd, True)
    terminal.child.kill(signal.SIGTERM)
    terminal.wait_for("ended with 143")
    assert full


def test_the_size_is_the_terminals() -> None:
    """At the start, and by the signal when it changes, whatever COLUMNS and LINES say."""
    opened = Terminal(sys.executable, [str(DEMO)], {**ENVIRON, "COLUMNS": "50", "LINES": "12"})
    opened.wait_for("80 × 24")
    opened.wait_for("said: hello.")
    opened.resize(100, 30)
    opened.wait_for("100 × 30")
    opened.press("q")
    assert opened.ended() == 0


@pytest.mark.parametrize(
    ("signum", "status"),
    [
        *[(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
        *[(number, 128 + number) for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM)],
    ],
)
def test_a_signal_ends_the_app_in_order(terminal: Terminal, signum: signal.Signals, status: int) -> None:
    """The terminal is given back, what follows the app still runs, and the status is a shell's."""
    terminal.child.kill(signum)
    terminal.wait_for(f"ended with {status}")
    assert b"\x1b[?1049l" in terminal.sent
    assert terminal.ended() == status


def test_a_terminal_that_goes_away_ends_the_app(tmp_path: Path) -> None:
    """In order, and without a traceback."""
    complaints = tmp_path / "complaints"
    script = f"trap '' HUP; {sys.executable} {DEMO} 2>{complaints}; echo $? >{tmp_path}/status"
    opened = Terminal("/bin/sh", ["-c", script], ENVIRON)
    opened.wait_for("said: hello.")
    assert opened.vanish() == 0
    assert (tmp_path / "status").read_text() == "129\n"
    assert complaints.read_text() == ""


def test_ctrl_z_and_fg(tmp_path: Path) -> None:
    """The shell gets a sane terminal, and `fg` brings the whole screen back."""
    environ = {**ENVIRON, "PS1": "shell> ", "HISTFILE": "", "ENV": ""}
    opened = Terminal("/bin/bash", ["--norc", "--noprofile", "-i"], environ)
    opened.wait_for("shell>")
    opened.child.send(f"{sys.executable} {DEMO}\n")
    opened.wait_for("said: hello.")
    opened.child.send("\x1b[C\x1a")
    opened.wait_for("Stopped")
    opened.child.send("stty -a | grep -ow -e '-*echo' -e '-*icanon' | tr '\\n' ,\n")
    opened.wait_for("icanon,echo,")
    opened.child.send("clear; fg\n")
    opened.wait_for("z₁ +1.0000")
    opened.child.send("\x1b[C")
    opened.wait_for("z₁ +2.0000")
    opened.wait_for("80 × 24")
    opened.child.send("q")
    opened.wait_for("ended with 0")
    opened.close()
