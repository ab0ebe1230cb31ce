"""A program on a real pseudo-terminal, drawn by an emulator."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pyte

from tests.forked import Loaded, OnPipes

SAFETY = 120
"""Seconds after which a condition that does not come true fails the test; never waited for otherwise."""
LOOK_AGAIN = 0.01
"""Seconds between two looks at a condition that does not depend on what the program sends."""
_TELLTALES = ("NO_COLOR", "COLORTERM", "TMUX", "STY", "WT_SESSION")
"""Variables by which the terminal that the tests are run on would show."""
ENVIRON = {
    **{name: value for name, value in os.environ.items() if name not in _TELLTALES},
    "TERM": "xterm-256color",
    "LC_ALL": "C.UTF-8",
}
COMMAND = ("-m", "tinynet_tui")
"""What Python runs as the command."""

_ALTERNATE_SCREEN = 1049


class Emulator(pyte.Screen):
    """A terminal with an alternate screen, which pyte's own has not."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], None] | None = None) -> None:
        self._main: tuple[Any, Any] | None = None
        self._answer = answer
        super().__init__(columns, rows)

    def write_process_input(self, data: str) -> None:
        """Answer what was asked of the terminal."""
        if self._answer is not None:
            self._answer(data)

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        """Switch modes on."""
        if _ALTERNATE_SCREEN in modes and self._main is None:
            self._main = deepcopy(self.buffer), deepcopy(self.cursor)
            self.erase_in_display(2)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        """Switch modes off."""
        super().reset_mode(*modes, **kwargs)
        if _ALTERNATE_SCREEN in modes and self._main is not None:
            self.buffer, self.cursor = self._main
            self._main = None
            self.dirty.update(range(self.lines))

    @property
    def cells(self) -> list[list[pyte.screens.Char]]:
        """Every cell, row by row: character, colours and attributes."""
        return [[self.buffer[y][x] for x in range(self.columns)] for y in range(self.lines)]

    @property
    def text(self) -> str:
        """The characters shown, one line per row, without spaces at the ends of lines."""
        return "\n".join(line.rstrip() for line in self.display)

    @property
    def state(self) -> tuple[str, frozenset[int], tuple[int, int, bool]]:
        """All that a program has to leave as it was: the text, the modes, the cursor."""
        return self.text.rstrip(), frozenset(self.mode), (self.cursor.x, self.cursor.y, self.cursor.hidden)


class Terminal:
    """A program on a pseudo-terminal, and the screen that it draws."""

    def __init__(
        self,
        command: str,
        arguments: Sequence[str],
        environ: dict[str, str],
        size: tuple[int, int] = (80, 24),
        answers: bool = True,
        **spawning: Any,
    ) -> None:
        """Have a program drawn; answers: whether the terminal says how it is when asked, as most do."""
        self.child = _child(command, arguments, environ, size, **spawning)
        self.child.delaybeforesend = None
        self.screen = Emulator(*size, self.press if answers else None)
        self.sent = b""
        self._stream = pyte.ByteStream(self.screen)

    @property
    def line_modes(self) -> list[Any]:
        """The modes of the line, as the system has them."""
        return termios.tcgetattr(self.child.child_fd)

    def press(self, keys: str | bytes) -> None:
        """Send what a keyboard would."""
        self.child.send(keys)

    def resize(self, columns: int, rows: int) -> None:
        """Take another size."""
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def wait_for(self, text: str) -> None:
        """Wait until the screen shows a text."""
        self.wait_until(lambda: any(text in line for line in self.screen.display))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Draw what the program sends until a condition holds."""
        last = time.monotonic() + SAFETY
        while not condition():
            try:
                sent = self.child.read_nonblocking(65536, timeout=max(last - time.monotonic(), 0))
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                raise AssertionError(
                    f"the condition never came true; the screen shows\n{self.screen.text}"
                ) from error
            self._take(sent)

    def draw_what_is_there(self) -> None:
        """Draw what the program has sent so far, if it has sent anything."""
        with contextlib.suppress(pexpect.TIMEOUT):
            self._take(self.child.read_nonblocking(65536, timeout=0))

    def draw(self, written: bytes) -> None:
        """Draw what another program writes to the same terminal."""
        self._stream.feed(written)

    def ended(self) -> int | None:
        """Wait for the end of the program, and draw what it still sends; its exit status."""
        while True:
            try:
                self._take(self.child.read_nonblocking(65536, timeout=SAFETY))
            except pexpect.EOF:
                break
        self.child.wait()
        status: int | None = self.child.exitstatus
        return status

    def close(self) -> None:
        """End the program at once, whatever it does, and give its terminal back.

        Not pexpect's own way: that gives up on a process which is not gone a tenth of a second after its end.
        """
        if self.child.isalive():
            self.child.kill(signal.SIGKILL)
            self.child.wait()
        if isinstance(self.child, pexpect.spawn):
            self.child.ptyproc.delayafterclose = 0
        self.child.close()

    def vanish(self) -> int:
        """Go away, as lost connections do; the exit status of the program, which is killed if it goes on."""
        if isinstance(self.child, pexpect.spawn):
            self.child.ptyproc.fileobj.close()
        else:
            self.child.close()
        try:
            until(lambda: not self.child.isalive())
        finally:
            self.child.kill(signal.SIGKILL)
            status = self.child.wait() if self.child.isalive() else self.child.exitstatus
        assert isinstance(status, int), "ended by a signal"
        return status

    def _take(self, sent: bytes) -> None:
        self.sent += sent
        self._stream.feed(sent)


@cache
def _loaded() -> Loaded:
    return Loaded(ENVIRON)


def told_by_lines(module: str, words: Sequence[str], environ: dict[str, str]) -> OnPipes:
    """A module of the tests that is run as a program, with pipes to and from it."""
    assert _loaded().can_fork(environ), "it would have to be started in the usual way"
    return _loaded().on_pipes(module, words, environ)


def _child(
    command: str,
    arguments: Sequence[str],
    environ: dict[str, str],
    size: tuple[int, int],
    forked: bool = True,
    **spawning: Any,
) -> Any:
    """A program that has been started; forked, if it is the command and no different for it."""
    start, words = tuple(arguments[: len(COMMAND)]), arguments[len(COMMAND) :]
    is_the_command = (command, start) == (sys.executable, COMMAND)
    if forked and is_the_command and set(spawning) <= {"cwd"} and _loaded().can_fork(environ):
        return _loaded().on_terminal(words, environ, size, str(spawning.get("cwd") or "."), SAFETY)
    return pexpect.spawn(
        command, list(arguments), env=environ, dimensions=size[::-1], timeout=SAFETY, echo=True, **spawning
    )


def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that no terminal shows."""
    last = time.monotonic() + SAFETY
    while not condition():
        assert time.monotonic() < last, "the condition never came true"
        time.sleep(LOOK_AGAIN)


def child_processes(number: int) -> list[int]:
    """The processes that a process has started and that it has not buried."""
    children = Path(f"/proc/{number}/task/{number}/children")
    return [int(child) for child in children.read_text().split()]


def stop(number: int) -> None:
    """Stop a process, and wait until no thread of it runs any more."""
    os.kill(number, signal.SIGSTOP)
    threads = Path(f"/proc/{number}/task")
    until(lambda: {_state(thread) for thread in threads.iterdir()} == {"T"})


def _state(thread: Path) -> str:
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]


def stepper(
    environ: dict[str, str], *arguments: str, size: tuple[int, int] = (80, 24), answers: bool = True
) -> Terminal:
    """The command on a terminal of its own."""
    return Terminal(sys.executable, [*COMMAND, *arguments], environ, size, answers)
