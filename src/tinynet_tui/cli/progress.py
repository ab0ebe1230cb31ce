"""A line on standard error that says how far long work is."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from time import monotonic
from typing import TextIO

from tinynet_tui.experiments.watching import EVERY, PATIENCE, Watch, unwatched


@contextlib.contextmanager
def progress() -> Iterator[Watch]:
    """A watch for work, whose progress is shown where standard error is a terminal and gone at the end."""
    if sys.stderr is None or sys.stderr.closed or not sys.stderr.isatty():
        yield unwatched
        return
    line = ProgressLine(sys.stderr, monotonic)
    try:
        yield line.watch
    finally:
        line.wipe()


class ProgressLine:
    """The last line of a terminal, written anew while work goes on; short work writes nothing."""

    def __init__(self, terminal: TextIO, clock: Callable[[], float]) -> None:
        self._terminal = terminal
        self._clock = clock
        self._next = clock() + PATIENCE
        self._text = ""

    def watch(self, share: float) -> None:
        """Say how much of the work is done, from 0 to 1."""
        now = self._clock()
        if now >= self._next:
            self._next = now + EVERY
            self._text = f"{share:4.0%} done; Ctrl+C stops"
            self._write(f"\r{self._text}")

    def wipe(self) -> None:
        """Leave the line empty."""
        if self._text:
            self._write(f"\r{' ' * len(self._text)}\r")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._terminal.write(text)
            self._terminal.flush()
