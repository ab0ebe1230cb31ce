"""A program on a real pseudo-terminal, drawn by an emulator."""

from __future__ import annotations

import os
from collections.abc import Callable

import pexpect  # type: ignore[import-untyped]
import pyte

SAFETY = 60
"""Seconds after which a condition that does not come true fails the test; never waited for otherwise."""
ENVIRON = {
    **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM", "TMUX")},
    "TERM": "xterm-256color",
    "LC_ALL": "C.UTF-8",
}


class Terminal:
    """A program on a pseudo-terminal, and the screen that it draws."""

    def __init__(self, command: str, arguments: list[str], environ: dict[str, str]) -> None:
        self.child = pexpect.spawn(
            command, arguments, env=environ, dimensions=(24, 80), timeout=SAFETY, echo=True
        )
        self.child.delaybeforesend = None
        self.screen = pyte.Screen(80, 24)
        self.sent = b""
        self._stream = pyte.ByteStream(self.screen)

    def wait_for(self, text: str) -> None:
        """Wait until the screen shows a text."""
        self.wait_until(lambda: any(text in line for line in self.screen.display))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Draw what the program sends until a condition holds."""
        while not condition():
            try:
                sent = self.child.read_nonblocking(65536, timeout=SAFETY)
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                shown = "\n".join(self.screen.display)
                raise AssertionError(f"the condition never came true; the screen shows\n{shown}") from error
            self.sent += sent
            self._stream.feed(sent)

    def ended(self) -> int | None:
        """Wait for the end of the program; its exit status."""
        while True:
            try:
                self.sent += self.child.read_nonblocking(65536, timeout=SAFETY)
            except pexpect.EOF:
                break
        self.child.wait()
        status: int | None = self.child.exitstatus
        return status
