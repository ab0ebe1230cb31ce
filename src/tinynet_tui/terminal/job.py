"""The app as a job of a shell: whose the terminal is, being stopped and continued, the modes of the line."""

from __future__ import annotations

import contextlib
import os
import signal
import termios
import tty
from collections.abc import Callable
from time import sleep
from types import FrameType
from typing import Any

Modes = list[Any]
"""What a line is set to, as termios has it."""

ENDS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""Signals that somebody ends a program with."""
_UNASKED = (
    "SIGUSR1",
    "SIGUSR2",
    "SIGALRM",
    "SIGVTALRM",
    "SIGPROF",
    "SIGXCPU",
    "SIGIO",
    "SIGPWR",
    "SIGSTKFLT",
)
"""Those that also end one which has not asked for them; not every system has them all."""

lender: int | None = None
"""The process that has lent this one its terminal, and minds the shell in its place, if one has."""
_TO_HEAR = 0.1
"""Seconds to hear of signals that have come while the app was stopped, before it is stopped again."""


def is_in_foreground(fileno: int) -> bool:
    """Whether a terminal is the app's, and not a shell's or another job's; so is what is no terminal."""
    try:
        return os.tcgetpgrp(fileno) == os.getpgrp()
    except OSError:
        return True


def wait_for_foreground(fileno: int, is_ending: Callable[[], bool]) -> None:
    """Be stopped in the background until a shell gives the terminal, or the app is told to end."""
    # The system would do so where modes are set, and do it again before any signal could be heard.
    while not is_in_foreground(fileno) and _has_shell() and not is_ending():
        os.kill(0, signal.SIGTTOU)
        sleep(_TO_HEAR)


def stop_job() -> None:
    """Be stopped, with the whole job as the keyboard would; ignored where no shell could continue it."""
    if lender is not None:
        _wait_for(lender)
        return
    signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    os.kill(0, signal.SIGTSTP)


def _wait_for(process: int) -> None:
    """Have the one who has lent the terminal be stopped in place of this; return when it is continued."""
    continued, continues = os.pipe()
    before = signal.signal(signal.SIGCONT, lambda *_: os.write(continues, b"x"))
    os.kill(process, signal.SIGUSR1)
    os.read(continued, 1)
    signal.signal(signal.SIGCONT, before)
    os.close(continued)
    os.close(continues)


def hear_ends(hear: Callable[[int, FrameType | None], None]) -> None:
    """Have a handler hear every signal that would end the app with its terminal taken over."""
    for number in ENDS:
        signal.signal(number, hear)
    for name in _UNASKED:
        unasked = getattr(signal, name, None)
        if unasked is not None and signal.getsignal(unasked) == signal.SIG_DFL:
            signal.signal(unasked, hear)


def end_in_background() -> None:
    """Have the last words to a terminal that is a shell's by now not stop the app."""
    for stop in (signal.SIGTTOU, signal.SIGTTIN):
        signal.signal(stop, signal.SIG_IGN)


def _has_shell() -> bool:
    """Whether a parent that minds jobs could continue this one: of the same session, in another group."""
    parent = os.getppid()
    with contextlib.suppress(OSError):
        return os.getsid(parent) == os.getsid(0) and os.getpgid(parent) != os.getpgrp()
    return False


def read_modes(text: bytes) -> Modes:
    """The modes that one process has written for the next: the numbers of termios, the characters last."""
    numbers = [int(number) for number in text.split()]
    return [*numbers[:6], numbers[6:]]


def take_line(fileno: int) -> Modes | None:
    """Get keys one by one, unechoed, Ctrl+C and Ctrl+Z among them; returns the modes of before.

    None where the terminal is gone already, or the app's no more.
    """
    try:
        before: Modes = termios.tcgetattr(fileno)
        modes = termios.tcgetattr(fileno)
        modes[tty.IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        modes[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        modes[tty.CC][termios.VMIN] = 1
        termios.tcsetattr(fileno, termios.TCSANOW, modes)
    except termios.error:
        return None
    return before


def give_line_back(fileno: int, modes: Modes) -> None:
    """Set the modes of before, unless a shell has the terminal by now, and has given it its own."""
    if is_in_foreground(fileno):
        with contextlib.suppress(termios.error):
            termios.tcsetattr(fileno, termios.TCSANOW, modes)


def forget_keys(fileno: int) -> None:
    """Throw away what has arrived and was not read: a click or key on its way must not reach the shell."""
    with contextlib.suppress(termios.error):
        termios.tcflush(fileno, termios.TCIFLUSH)
