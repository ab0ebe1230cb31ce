"""How much of what was written a terminal has not taken yet, as far as the system or experience tells."""

from __future__ import annotations

import contextlib
import os
import struct
import termios
from collections.abc import Callable, Mapping
from fcntl import ioctl
from time import monotonic

IN_SYSTEM = 20_480
"""Bytes: what Linux keeps for the other end of a pseudo-terminal before a writer has to wait."""
_NEVER_FLUSHED = 4_096
"""Bytes of it that the other end has been given, and only has to read."""
_AHEAD = 0.25
"""Seconds that a slow line is kept busy with what is written: what is written later is newer."""
_PIECES = 8
"""The most pieces in which what keeps a line busy is written."""
_MOST_AHEAD = 256
"""Bytes for the same, where the system knows how much a line has not taken."""

_SLOW_WRITE = 0.02
"""Seconds from which a write has had to wait for the terminal."""
_SLOW_WRITES = 3
"""In a row, and alike, they are a slow line; a single one is a terminal that had something else to do."""
_ALIKE = 3.0
_SLOWEST_FAST = 20_000
"""Bytes a second at which nobody waits."""
_SURE_FOR = 60.0
"""Seconds after which a line is thought to be fast until it proves to be slow again."""

_BITS = 10
"""What a byte takes on a serial line, its start and its stop among them."""
_SLOW_SPEEDS = (50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200)
"""Baud. From 38400 on, which every pseudo-terminal has on Linux, a speed tells nothing."""
_SPEED_BY_NAME = {getattr(termios, f"B{speed}"): speed for speed in _SLOW_SPEEDS}
_PSEUDO_TERMINALS = range(136, 144)
"""The major numbers of their devices on Linux."""
_HANDED_ON = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "SUDO_USER", "STY")
"""Where one of these is set, a speed may be that of a terminal elsewhere, and a Mac says 9600 of its own."""


class Line:
    """What a terminal has not taken of what was written to it.

    The system knows it of a serial line. Of a pseudo-terminal it does not tell: there a clock does, where the
    speed is known. Somebody has set it, or writes had to wait and showed how fast the other end reads.
    """

    def __init__(
        self, fileno: int, environ: Mapping[str, str] | None = None, now: Callable[[], float] = monotonic
    ) -> None:
        self._fileno = fileno
        self._now = now
        speed = _speed(fileno)
        set_by_hand = _is_pseudo_terminal(fileno) and not any(name in (environ or {}) for name in _HANDED_ON)
        self._told = speed / _BITS if speed is not None and set_by_hand else None
        """Bytes a second that somebody has set."""
        self._ahead = min(_MOST_AHEAD, int(speed / _BITS * _AHEAD)) if speed is not None else _MOST_AHEAD
        self._learnt: float | None = None
        """Bytes a second of a line that has proved to be slow."""
        self._learnt_at = 0.0
        self._of_system = 0
        """Bytes that a serial line had not taken when the system was last asked."""
        self._by_clock = 0.0
        """Bytes that a line of known speed had not taken, at a time."""
        self._at = now()
        self._waits: list[tuple[int, float]] = []
        """The bytes and the seconds of the last writes, as long as they had to wait."""

    @property
    def at_once(self) -> int | None:
        """Bytes that keep a slow line busy for a moment; None where it is not known to be slow."""
        if self._of_system:
            return self._ahead
        return None if self._rate is None else max(1, int(self._rate * _AHEAD))

    def room(self) -> int:
        """Bytes that may be written now, so that they do not wait long behind others; 0 for a few."""
        self._of_system = _in_system(self._fileno)
        at_once = self.at_once or self._ahead
        room = at_once - max(self._of_system, int(self._left()))
        return room if room * _PIECES >= at_once else 0

    def wrote(self, count: int, seconds: float) -> bool:
        """Take note of a write and how long it took; returns whether the line has just proved to be slow."""
        self._by_clock = self._left() + count
        if seconds < _SLOW_WRITE:
            self._waits.clear()
        elif count:
            self._waits = [*self._waits, (count, seconds)][-_SLOW_WRITES:]
        return len(self._waits) == _SLOW_WRITES and self._learn()

    def flushed(self) -> None:
        """Take note that the system has thrown away what it could."""
        self._by_clock = min(self._left(), _NEVER_FLUSHED)

    @property
    def _rate(self) -> float | None:
        """Bytes a second, where that is known."""
        if self._learnt is not None and self._now() - self._learnt_at > _SURE_FOR:
            self._learnt = None
        return self._told if self._learnt is None else self._learnt

    def _learn(self) -> bool:
        """Learn the speed from writes that had to wait, if they tell one; returns whether they do."""
        each = [seconds / count for count, seconds in self._waits]
        rate = sum(count for count, _ in self._waits) / sum(seconds for _, seconds in self._waits)
        self._waits.clear()
        if max(each) > _ALIKE * min(each) or rate > _SLOWEST_FAST:
            return False
        self._learnt, self._learnt_at, self._by_clock = rate, self._now(), float(IN_SYSTEM)
        return True

    def _left(self) -> float:
        """Bytes that a line of known speed has not taken, by the clock; none where it is not known."""
        now, rate = self._now(), self._rate
        passed, self._at = now - self._at, now
        self._by_clock = max(0.0, self._by_clock - passed * rate) if rate is not None else 0.0
        return self._by_clock


def _in_system(fileno: int) -> int:
    """Bytes that a serial line has not taken; 0 where the system does not know."""
    with contextlib.suppress(OSError):
        return int(struct.unpack("i", ioctl(fileno, termios.TIOCOUTQ, bytes(4)))[0])
    return 0


def _speed(fileno: int) -> int | None:
    """The baud of a slow line, as it has been set; None where it is none."""
    with contextlib.suppress(OSError, termios.error):
        return _SPEED_BY_NAME.get(termios.tcgetattr(fileno)[5])
    return None


def _is_pseudo_terminal(fileno: int) -> bool:
    """Whether it is one of those that Linux has, whose speed is otherwise 38400."""
    return os.major(os.fstat(fileno).st_rdev) in _PSEUDO_TERMINALS


def flush(fileno: int) -> None:
    """Have the system throw away what a terminal has not taken, as far as it can."""
    with contextlib.suppress(OSError, termios.error):
        termios.tcflush(fileno, termios.TCOFLUSH)
