"""What a terminal has not taken: by the system, by a speed that was set, or by writes that had to wait."""

from __future__ import annotations

import os
import termios
from collections.abc import Iterator

import pytest

from tinynet_tui.tui import line as line_module
from tinynet_tui.tui.line import IN_SYSTEM, Line


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


@pytest.fixture
def terminal() -> Iterator[int]:
    """A pseudo-terminal, from the side of programs."""
    outside, inside = os.openpty()
    yield inside
    os.close(outside)
    os.close(inside)


def set_speed(terminal: int, speed: int) -> None:
    """Set the baud of a terminal, as `stty` does."""
    modes = termios.tcgetattr(terminal)
    modes[4] = modes[5] = getattr(termios, f"B{speed}")
    termios.tcsetattr(terminal, termios.TCSANOW, modes)


def test_a_line_of_which_nothing_is_known_has_room(terminal: int) -> None:
    """As every window on a screen of today: whatever has been written, the next piece may follow at once."""
    line = Line(terminal)
    for _ in range(1_000):
        assert line.at_once is None
        assert line.room() > 0
        assert not line.wrote(256, 0.0001)


@pytest.mark.parametrize("speed", [1200, 9600])
def test_a_speed_that_was_set_is_kept(terminal: int, speed: int) -> None:
    """Ten bits are a byte: in a minute no more is written than the line carries, and what a moment takes."""
    set_speed(terminal, speed)
    clock = Clock()
    line = Line(terminal, {}, clock)
    written = 0
    for _ in range(6_000):
        if (room := line.room()) > 0:
            line.wrote(room, 0.0)
            written += room
        clock.seconds += 0.01
    carried = 60 * speed / 10
    assert 0.95 * carried <= written <= carried + speed / 10


@pytest.mark.parametrize("name", ["SSH_CONNECTION", "SUDO_USER", "STY"])
def test_a_speed_from_elsewhere_tells_nothing(terminal: int, name: str) -> None:
    """A Mac has 9600 for its windows, and SSH hands it on."""
    set_speed(terminal, 9600)
    assert Line(terminal, {name: "x"}).at_once is None
    set_speed(terminal, 115200)
    assert Line(terminal, {}).at_once is None


def test_writes_that_wait_tell_the_speed(terminal: int) -> None:
    """Three alike: what the system holds has to go first, then it is written as fast as the line takes it."""
    clock = Clock()
    line = Line(terminal, {}, clock)
    proved = []
    for _ in range(3):
        clock.seconds += 0.25
        proved.append(line.wrote(240, 0.25))
    assert proved == [False, False, True]
    assert line.at_once == 240
    assert line.room() <= 0
    clock.seconds += IN_SYSTEM / 960 - 0.5
    assert line.room() <= 0
    clock.seconds += 0.5
    assert line.room() == 240
    clock.seconds += 120  # it may have been a line that was full for a while
    assert line.at_once is None


def test_a_terminal_that_was_busy_once_is_not_slow(terminal: int) -> None:
    """Stopped for a while by its user: what follows goes at once. Nor is one slow that takes much."""
    line = Line(terminal)
    assert not any(line.wrote(256, seconds) for seconds in (9.0, 0.0, 5.0, 0.001, 0.05, 7.0, 0.04, 0.0))
    assert not any(line.wrote(4_096, 0.03) for _ in range(10))
    assert line.at_once is None


def test_what_was_thrown_away_need_not_be_taken(terminal: int) -> None:
    """But for what the other end has been given already."""
    clock = Clock()
    line = Line(terminal, {}, clock)
    for _ in range(3):
        line.wrote(96, 0.1)
    line.flushed()
    clock.seconds += 4_096 / 960
    assert line.room() > 0


def test_a_serial_line_is_asked_for(terminal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system knows what it has not sent: little is given to it at once."""
    line = Line(terminal)
    of_system = 0
    monkeypatch.setattr(line_module, "_in_system", lambda _fileno: of_system)
    assert line.room() == 256
    of_system = 250
    assert line.room() <= 0
    assert line.at_once == 256
    of_system = 100
    assert line.room() == 156
