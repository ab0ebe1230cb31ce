"""Terminals that stall, shrink, stop and go: the app ends or goes on, and what it shows is right."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.programs import program
from tests.pseudo_terminal import COMMAND, ENVIRON, Terminal, child_processes, stepper, stop, until
from tests.session.random_lessons import LECTURE
from tests.terminal_input import ANSWERS
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import resume
from tinynet_tui.terminal.output import QUESTION


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the state file of the app is to be."""
    return tmp_path / "tinynet-tui" / "session.json"


@pytest.fixture
def terminal(state: Path) -> Iterator[Terminal]:
    """The lecture, opened on a terminal that does not answer by itself."""
    opened = stepper({**ENVIRON, "XDG_STATE_HOME": str(state.parent.parent)}, answers=False)
    opened.wait_until(shows(opened, start(LECTURE)))
    yield opened
    opened.close()


def shows(terminal: Terminal, session: Session) -> Callable[[], bool]:
    """Whether a terminal shows a session, cell for cell."""
    drawing = screen(moment(session), 80, 24, Look()).text()
    return lambda: terminal.screen.text == drawing


def steps(number: int) -> Session:
    """The lecture after so many steps."""
    session = start(LECTURE)
    for _ in range(number):
        session = after(session, Command("next"))
    return session


# A terminal that takes nothing


def set_flow(terminal: Terminal, action: int) -> None:
    """Stop or start what goes to a terminal, as Ctrl+S and Ctrl+Q do on a real one."""
    line = os.open(f"/proc/{terminal.child.pid}/fd/0", os.O_RDWR | os.O_NOCTTY)
    termios.tcflow(line, action)
    os.close(line)


def waiting_keys(process: int) -> int:
    """How many bytes have come to a process's terminal that it has not read."""
    line = os.open(f"/proc/{process}/fd/0", os.O_RDWR | os.O_NOCTTY)
    count = array("i", [0])
    fcntl.ioctl(line, termios.FIONREAD, count)
    os.close(line)
    return count[0]


def stall(terminal: Terminal, state: Path) -> None:
    """Have the terminal take nothing, and the app draw more than may wait for it."""
    set_flow(terminal, termios.TCOOFF)
    terminal.press("a+++")
    until(lambda: state.exists() and kept(state).step >= 15)


def is_kept(state: Path, step: int) -> bool:
    """Whether the last position that was kept is at a step; of none, it is not."""
    session, _ = resume(state)
    return session is not None and session.step == step


def kept(state: Path) -> Session:
    """The session in a state file."""
    session, words = resume(state)
    assert session is not None, words
    return session


def test_a_stuck_terminal_can_be_quit(terminal: Terminal, state: Path) -> None:
    """By the key, without a frame that it takes."""
    stall(terminal, state)
    terminal.press("q")
    assert terminal.ended() == 0
    assert kept(state).step >= 15


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_on_a_stuck_terminal(
    terminal: Terminal, state: Path, number: signal.Signals, status: int
) -> None:
    """In order, and the position is kept."""
    stall(terminal, state)
    os.kill(terminal.child.pid, number)
    assert terminal.ended() == status
    assert kept(state).step >= 15


def test_a_terminal_that_takes_frames_again_is_shown_the_newest(terminal: Terminal, state: Path) -> None:
    """All of it, though it has missed many."""
    stall(terminal, state)
    terminal.press("g1.0\rllll")
    until(lambda: is_kept(state, 4))
    set_flow(terminal, termios.TCOON)
    terminal.wait_until(shows(terminal, steps(4)))


def test_frames_that_were_not_sent_give_way_to_the_newest(terminal: Terminal, state: Path) -> None:
    """Of sixty keys that a stopped terminal was not shown, it is sent no more than one frame or two."""
    session = start(LECTURE)
    before = len(terminal.sent)
    for _ in range(30):
        for key, command in (("l", "next"), ("j", "select-next")):
            session = after(session, Command(command))
            terminal.press(key)
            terminal.wait_until(shows(terminal, session))
    one_by_one = len(terminal.sent) - before
    terminal.press("r")
    terminal.wait_until(lambda: "step  0 of 46" in terminal.screen.text)
    until(lambda: is_kept(state, 0))

    set_flow(terminal, termios.TCOOFF)
    before = len(terminal.sent)
    terminal.press("lj" * 30)  # two in turn: each is drawn before the next one
    until(lambda: is_kept(state, 30))
    set_flow(terminal, termios.TCOON)
    terminal.wait_for("step 30 of 46")
    terminal.press("q")
    assert terminal.ended() == 0
    assert len(terminal.sent) - before < one_by_one / 5


def test_a_terminal_that_answers_is_asked_again(terminal: Terminal) -> None:
    """What it shows is the same, whether its answers come, come late or come twice; and none is a key."""
    assert terminal.sent.count(QUESTION) == 1
    terminal.press(ANSWERS[0])
    terminal.wait_until(lambda: terminal.sent.count(QUESTION) == 2)
    for step in range(1, 31):
        terminal.press(ANSWERS[0] * (terminal.sent.count(QUESTION) - step // 3) + b"l")
        terminal.wait_until(shows(terminal, steps(step)))
    assert 5 <= terminal.sent.count(QUESTION) <= 40
    terminal.press(b"q" + ANSWERS[0])
    assert terminal.ended() == 0


def test_a_terminal_that_stops_answering_is_not_waited_for(terminal: Terminal) -> None:
    """Every key is shown in the end, and the one that ends it counts at once."""
    terminal.press(ANSWERS[0])
    for step in range(1, 31):
        terminal.press("l")
        terminal.wait_until(shows(terminal, steps(step)))
    terminal.press("q")
    assert terminal.ended() == 0


def test_what_is_sent_once_waits_for_a_stuck_terminal(state: Path, tmp_path: Path) -> None:
    """Frames are drawn anew when it takes them again; the clipboard would be lost."""
    environ = {**ENVIRON, "XDG_STATE_HOME": str(state.parent.parent)}
    opened = Terminal(sys.executable, COMMAND, environ, cwd=str(tmp_path))
    opened.wait_until(shows(opened, start(LECTURE)))
    stall(opened, state)
    opened.press("y")
    until(lambda: bool(list(tmp_path.glob("*.txt"))))
    set_flow(opened, termios.TCOON)
    opened.wait_until(lambda: b"\x1b]52;" in opened.sent)
    opened.press("q")
    assert opened.ended() == 0


def test_a_terminal_that_was_left_not_to_wait(state: Path) -> None:
    """O_NONBLOCK, which some programs forget: nothing is lost of what it cannot take at once."""
    code = (
        "import os, sys; os.set_blocking(0, False); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    environ = {**ENVIRON, "XDG_STATE_HOME": str(state.parent.parent)}
    opened = Terminal(sys.executable, ["-c", code, *COMMAND], environ)
    opened.wait_until(shows(opened, start(LECTURE)))
    set_flow(opened, termios.TCOOFF)
    opened.press("llll")
    until(lambda: is_kept(state, 4))
    set_flow(opened, termios.TCOON)
    opened.wait_until(shows(opened, steps(4)))
    opened.press("q")
    assert opened.ended() == 0


# Sizes


def test_a_terminal_that_does_not_know_its_size(state: Path) -> None:
    """As a serial line: it is taken for one of 80×24."""
    environ = {**ENVIRON, "XDG_STATE_HOME": str(state.parent.parent)}
    script = ["-c", 'stty rows 0 columns 0; exec "$@"', "sh", sys.executable, *COMMAND]
    opened = Terminal("/bin/sh", script, environ)
    opened.wait_until(shows(opened, start(LECTURE)))
    opened.press("l")
    opened.wait_until(shows(opened, steps(1)))
    opened.press("q")
    assert opened.ended() == 0


def test_a_size_that_is_there_and_gone(terminal: Terminal) -> None:
    """The terminal has lost cells, though it has the size that the app knows."""
    for _ in range(20):
        terminal.resize(40, 10)
        terminal.resize(80, 24)
        terminal.wait_until(shows(terminal, start(LECTURE)))


@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_sizes(terminal: Terminal, seed: int) -> None:
    """Hundreds, with keys between them: in the end the screen is the right one, and nothing is left over."""
    random = Random(seed)
    pressed = 0
    for _ in range(300):
        terminal.resize(random.randint(1, 250), random.randint(1, 90))
        if random.random() < 0.1:
            terminal.press("l")
            pressed += 1
        if random.random() < 0.5:
            terminal.draw_what_is_there()
    terminal.resize(80, 24)
    terminal.wait_until(shows(terminal, steps(pressed)))


# Ctrl+Z


def test_ctrl_z_where_no_shell_could_continue_it(terminal: Terminal) -> None:
    """It goes on, with its whole screen."""
    terminal.press("l\x1a")
    terminal.wait_until(lambda: terminal.sent.count(b"?1049h") == 2)
    terminal.wait_until(shows(terminal, steps(1)))
    terminal.press("l")
    terminal.wait_until(shows(terminal, steps(2)))


def test_ctrl_z_and_fg(state: Path) -> None:
    """The position is kept while a shell has the terminal, in its own modes; then all is as before."""
    environ = {
        **ENVIRON, "XDG_STATE_HOME": str(state.parent.parent), "PS1": "shell> ", "HISTFILE": "", "ENV": ""
    }  # fmt: skip
    shell = Terminal("/bin/bash", ["--norc", "--noprofile", "--noediting", "-i"], environ)
    shell.wait_for("shell>")
    line_modes = shell.line_modes
    shell.press(f"{sys.executable} -m tinynet_tui\n")
    shell.wait_until(shows(shell, start(LECTURE)))
    shell.press("lll")
    shell.wait_until(shows(shell, steps(3)))
    shell.press("\x1a")
    shell.wait_for("Stopped")
    assert shell.line_modes == line_modes
    assert kept(state) == steps(3).bare
    shell.press("fg\n")
    shell.wait_until(shows(shell, steps(3)))
    shell.press("l")
    shell.wait_until(shows(shell, steps(4)))
    shell.press("q")
    shell.wait_until(
        lambda: shell.screen.text.count("shell> ") == 2 and shell.screen.text.rstrip().endswith("shell>")
    )
    shell.press("exit\n")
    assert shell.ended() == 0
    assert shell.line_modes == line_modes


# Ends


def test_ctrl_c_ends_it(terminal: Terminal, state: Path) -> None:
    """As q does: the terminal is given back, and the position is kept."""
    terminal.press("lll\x03")
    assert terminal.ended() == 0
    assert terminal.screen.text.strip() == ""
    assert kept(state).step == 3


def test_keys_after_the_last_one_do_not_reach_the_shell(state: Path) -> None:
    """They were meant for what is there no more."""
    environ = {**ENVIRON, "XDG_STATE_HOME": str(state.parent.parent)}
    script = ["-c", '"$@"; echo over; read -r line; echo "read: $line."', "sh", sys.executable, *COMMAND]
    # A terminal that answers would add to the keys that are counted.
    opened = Terminal("/bin/sh", script, environ, answers=False)
    opened.wait_until(shows(opened, start(LECTURE)))
    (app,) = child_processes(opened.child.pid)
    stop(app)
    opened.press("q" + "=" * 3_000 + "\r")
    until(lambda: waiting_keys(app) == 3_002)
    os.kill(app, signal.SIGCONT)
    opened.wait_for("over")
    opened.press("mine\n")
    opened.wait_for("read: mine.")
    assert opened.ended() == 0


def test_an_interrupt_from_outside_ends_it(terminal: Terminal, state: Path) -> None:
    """With a shell's status for it, and the position is kept."""
    terminal.press("l")
    terminal.wait_until(shows(terminal, steps(1)))
    os.kill(terminal.child.pid, signal.SIGINT)
    assert terminal.ended() == 130
    assert b"Traceback" not in terminal.sent
    assert kept(state).step == 1


def test_a_terminal_that_is_closed(state: Path) -> None:
    """It ends at once, with the position of the last key."""
    terminal = stepper({**ENVIRON, "XDG_STATE_HOME": str(state.parent.parent)})
    terminal.press("lll")
    terminal.wait_until(shows(terminal, steps(3)))
    assert terminal.vanish() == 129
    assert kept(state).step == 3


def test_an_interrupt_while_it_starts() -> None:
    """While modules are being loaded: nothing is said."""
    code = (
        "import sys, _thread; from tinynet_tui import cli; from types import SimpleNamespace as Finder;"
        "sys.meta_path.insert(0, Finder(find_spec=lambda *_: _thread.interrupt_main())); sys.exit(cli.main())"
    )
    opened = Terminal(sys.executable, ["-c", code], ENVIRON)
    assert opened.ended() == 130
    assert opened.screen.text.strip() == ""


# Terminals within terminals


NAME = f"tinynet-{os.getpid()}"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        (["tmux", "-L", NAME, "-f", "/dev/null", "new-session"], ["tmux", "-L", NAME, "kill-server"]),
        (["screen", "-S", NAME, "-c", "/dev/null", "sh", "-c"], ["screen", "-S", NAME, "-X", "quit"]),
    ],
    ids=["tmux", "screen"],
)
def test_within_another(state: Path, opening: list[str], closing: list[str]) -> None:
    """A lone Escape arrives without another key after it, and what tmux had on its screen comes back."""
    program(opening[0])
    own = state.parent.parent / "own"
    own.mkdir(mode=0o700)
    environ = {**ENVIRON, "XDG_STATE_HOME": str(state.parent.parent), "SCREENDIR": str(own)}
    script = f"echo before; {sys.executable} -m tinynet_tui; echo after; read -r end"
    outside = Terminal(opening[0], [*opening[1:], script], environ)
    try:
        outside.wait_for("step  0 of 46")
        outside.press("g")
        outside.wait_for("go to:")
        outside.press("\x1b")
        outside.wait_until(lambda: "go to:" not in outside.screen.text)
        outside.press("l")
        outside.wait_for("step  1 of 46")
        outside.press("q")
        outside.wait_for("after")
        assert "of 46" not in outside.screen.text
        # As it is set up, screen has no second screen to show.
        assert ("before" in outside.screen.text) is (opening[0] == "tmux")
    finally:
        subprocess.run(closing, env=environ, check=True, stdout=subprocess.DEVNULL)
    assert kept(state).step == 1
