"""Standard input as a keyboard: lines that a person types, or that a program sends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

_LONGEST = 1000
"""Characters: what is longer is taken in parts, so that a stream without an end of line fills no memory."""


class Keyboard:
    """Reads one line at a time, as long as there is anybody to send one."""

    def __init__(self) -> None:
        stdin, stdout = sys.stdin, sys.stdout
        closed = stdin is None or stdin.closed
        from_terminal = not closed and stdin.isatty()
        self.is_terminal = from_terminal and stdout is not None and not stdout.closed and stdout.isatty()
        """Whether a person reads what is written and types the lines, which the terminal shows."""
        self.has_ended = closed or (from_terminal and not self.is_terminal)
        """Whether nobody sends a line any more; a person who cannot see the questions is none to wait for."""

    def line(self) -> str | None:
        """The next line without blanks around it; None once there is none."""
        if self.has_ended:
            return None
        typed = b""
        with suppress(OSError):
            typed = sys.stdin.buffer.readline(_LONGEST)
        self.has_ended = not typed
        return typed.decode(errors="replace").strip() if typed else None


def read_keys_from_terminal() -> None:
    """Put the terminal in the place of standard input, which the lesson was read from."""
    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDWR)
        os.dup2(terminal, 0)
        os.close(terminal)
