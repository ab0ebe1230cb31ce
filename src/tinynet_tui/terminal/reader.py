"""Reads what arrives from a terminal, until it is stopped or nobody is left who could send a key."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Sequence
from time import monotonic

from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Event, Heard, TerminalAnswered, by_hand

_MOST_READ = 1024
"""Bytes that are read at once: the keys in them are done before more are read."""
_BREATH = 0.004
"""Seconds between two looks at whether the app has done what it was given."""
_SHORT_BREATH = 0.001
"""The same where the next key is there already, and waits for that."""


class Reader:
    """The way from one terminal to an app. Reads in the thread that it is run in; stopped from any other."""

    def __init__(
        self,
        fileno: int,
        done: Callable[[list[Event]], None],
        answered: Callable[[], None],
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """Read a terminal.

        done: takes what a person has done, all that has arrived together; answered: is told of each answer of
        the terminal, before that; is_busy: whether keys are to wait in the terminal for now.
        """
        self._fileno = fileno
        self._done = done
        self._answered = answered
        self._is_busy = is_busy
        self._input = Input()
        self._wake_read, self._wake_write = os.pipe()

    def run(self) -> bool:
        """Read until it is stopped; returns whether input came to its end before that."""
        while True:
            busy = self._is_busy()
            awaited = [self._wake_read] if busy else [self._wake_read, self._fileno]
            ready, _, _ = select.select(awaited, [], [], _BREATH if busy else self._input.patience)
            if self._wake_read in ready:
                return False
            if busy:
                continue
            if not ready:
                self._done(self._by_hand(self._input.silence()))
            elif arrived := self._read():
                self._done(self._by_hand(self._input.feed(arrived)))
            else:
                return True

    @property
    def is_amid_key(self) -> bool:
        """Whether some of what a key sends has been read, and not all."""
        return self._input.patience is not None

    def go_on(self) -> None:
        """Be there to be run again, where it was stopped."""
        os.read(self._wake_read, 1)

    def stop(self) -> None:
        """Have it read no more. From any thread, and from a signal handler."""
        os.write(self._wake_write, b"x")

    def is_stopped(self) -> bool:
        """Whether it is to read no more; looks a moment later, so that it can be asked again and again."""
        return bool(select.select([self._wake_read], [], [], _SHORT_BREATH)[0])

    def read_out(self, patience: Callable[[], float]) -> None:
        """Take the answers that the terminal still owes, after `run`; all else that arrives is lost.

        patience: seconds that it is worth to wait for them.
        """
        last = monotonic() + patience()
        while patience() and (left := last - monotonic()) > 0:
            if not select.select([self._fileno], [], [], left)[0]:
                return
            if not (arrived := self._read()):
                return
            self._by_hand(self._input.feed(arrived))

    def _by_hand(self, heard: Sequence[Heard]) -> list[Event]:
        """What a person has done, the terminal's answers being taken out and told."""
        for event in heard:
            if isinstance(event, TerminalAnswered):
                self._answered()
        return by_hand(heard)

    def close(self) -> None:
        """Let go of what it has of the system's."""
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _read(self) -> bytes:
        """What has arrived; nothing at the end of input."""
        try:
            return os.read(self._fileno, _MOST_READ)
        except OSError:
            return b""
