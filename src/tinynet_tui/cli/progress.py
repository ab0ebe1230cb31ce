"""A line on standard error that says how far long work is."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TextIO

from tinynet_tui.experiments.long_work import EVERY, PATIENCE, Watch, unwatched

_PAGED = 0.3
"""Seconds for one line to be taken, after which its reader is somebody who reads."""


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


@contextlib.contextmanager
def progress_of_output() -> Iterator[tuple[Watch, Callable[[Iterable[str]], Iterator[str]]]]:
    """A watch for work that writes lines as it goes, and what its lines have to pass on their way out.

    On a terminal the lines themselves show how far the work is. A reader that takes its time is a person with
    a pager, who would find the progress written across its page: then there is none.
    """
    if sys.stdout is None or sys.stdout.closed or sys.stdout.isatty():
        yield unwatched, iter
        return
    with progress() as watch:
        is_waited_for = True

        def told(share: float) -> None:
            if is_waited_for:
                watch(share)

        def while_read(lines: Iterable[str]) -> Iterator[str]:
            nonlocal is_waited_for
            for line in lines:
                before = monotonic()
                yield line
                is_waited_for = is_waited_for and monotonic() - before < _PAGED

        yield told, while_read


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
