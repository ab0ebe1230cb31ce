"""What the screen costs: time to open, time and bytes for a key, and nothing while nobody presses one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

import pyte

from benchmarks.figures import PYTHON, Figure, at_most, percentile, side_by_side
from benchmarks.least_bytes import least_bytes
from benchmarks.terminal import QUIET, Piece, Terminal

STEPPER = (PYTHON, "-m", "tinynet_tui")
BARE = (PYTHON, "-m", "benchmarks.peers.bare_app")

RIGHT, LEFT = "\x1b[C", "\x1b[D"
_MOVES = (RIGHT, LEFT, "[", "]", "0", "$", "n", "N", "f", "U", "u", "t") * 2
_STEPS = 46
"""Of one update of the lecture network; the next key shows the start of the second."""
_UPDATES = 10
_STARTS = 15
_OPENED = 0.5
"""Seconds without a byte after which a start is taken to be over."""
_TRAINED = 2.0
"""The same where a million updates come first."""
_IDLE = 5.0
"""Seconds without a key."""


def screen_figures() -> Iterator[Figure]:
    """The figures of the screen, as they are measured."""
    yield from _opening()
    yield from _stepping()
    yield from _idling()
    yield from _far_away()


def _opening() -> Iterator[Figure]:
    for command in (STEPPER, BARE):  # once, so that everything is compiled and in the file cache
        _first_screen(command)
    ratio, ours, bare = side_by_side(
        lambda: _seconds_to_open(STEPPER), lambda: _seconds_to_open(BARE), _STARTS
    )
    beside = f"a bare Textual app: {ours * 1e3:.0f} ms to its {bare * 1e3:.0f} ms"
    yield at_most("start to the first full frame", ratio, 1.25, "×", beside)
    sent = sum(len(piece.sent) for piece in _first_screen(STEPPER)[1])
    theirs = sum(len(piece.sent) for piece in _first_screen(BARE)[1])
    yield at_most("first screen at 80×24", sent, 16_384, "bytes", f"the bare app: {theirs:,} bytes")


def _first_screen(command: Sequence[str]) -> tuple[float, list[Piece]]:
    """(when the program was started, what it sent until its screen was there)."""
    with Terminal(command) as terminal:
        return terminal.started, terminal.frame(_OPENED)


def _seconds_to_open(command: Sequence[str]) -> float:
    """Seconds from the start of a program until its screen shows the text that it goes on to show."""
    started, pieces = _first_screen(command)
    displays = _displays(pieces)
    return next(
        piece.at - started for piece, display in zip(pieces, displays, strict=True) if display == displays[-1]
    )


def _displays(pieces: list[Piece]) -> list[list[str]]:
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    displays = []
    for piece in pieces:
        stream.feed(piece.sent)
        displays.append(screen.display)
    return displays


class Press(NamedTuple):
    """What a press of → has cost."""

    seconds: float
    """To its frame."""
    sent: int
    """Bytes."""
    least: int
    """The bytes that no encoder could do without."""


def _stepping() -> Iterator[Figure]:
    ours: list[Press] = []
    theirs: list[Press] = []
    with Terminal(STEPPER) as stepper, Terminal(BARE) as bare:
        for terminal in (stepper, bare):
            terminal.frame(_OPENED)
        ratio, our_median, their_median = side_by_side(
            lambda: _recorded(_press(stepper), ours),
            lambda: _recorded(_press(bare), theirs),
            _UPDATES * (_STEPS + 1),
        )
    beside = f"the bare app's one label: {our_median * 1e3:.1f} ms to its {their_median * 1e3:.1f} ms"
    yield at_most("→ to its frame, median", ratio, 3, "×", beside)
    beside = f"the bare app: {_slowest(theirs) * 1e3:.1f} ms"
    yield at_most("→ to its frame, 99th percentile", _slowest(ours) * 1e3, 16, "ms", beside)
    one_update = ours[: _STEPS + 1]
    sent, least = [press.sent for press in one_update], sum(press.least for press in one_update)
    yield at_most("→ through one update, median", median(sent), 600, "bytes")
    yield at_most("→ through one update, most", max(sent), 2_500, "bytes")
    beside = f"what no encoder could do without: {least:,} bytes in all"
    yield at_most("→ through one update, all of it", sum(sent) / least, 1.3, "×", beside)


def _press(terminal: Terminal) -> Press:
    before = terminal.cells()
    pressed = terminal.press(RIGHT)
    pieces = terminal.frame()
    sent = sum(len(piece.sent) for piece in pieces)
    return Press(pieces[-1].at - pressed, sent, least_bytes(before, terminal.cells()))


def _recorded(press: Press, presses: list[Press]) -> float:
    """The seconds of a press, which is kept with the others."""
    presses.append(press)
    return press.seconds


def _slowest(presses: Sequence[Press]) -> float:
    """The seconds that all but one in a hundred presses take at the most."""
    return percentile((press.seconds for press in presses), 99)


def _idling() -> Iterator[Figure]:
    with Terminal(STEPPER) as terminal:
        terminal.frame(_OPENED)
        for _ in range(3):
            terminal.press(RIGHT)
            terminal.frame(1.5)  # the position is kept, too
        before = terminal.cpu_seconds()
        sent = terminal.bytes_in(_IDLE)
        share = (terminal.cpu_seconds() - before) / _IDLE
    yield at_most("sent while no key is pressed", sent, 0, "bytes")
    yield at_most("processor while no key is pressed", share * 100, 0.1, "%")


def _far_away() -> Iterator[Figure]:
    with Terminal((*STEPPER, "--at", "1000000.23")) as terminal:
        visited = terminal.frame(_TRAINED)[-1].at - terminal.started
        curve = _seconds_to_frame(terminal, "5", _TRAINED)
        times = [_seconds_to_frame(terminal, key) for panel in "15" for key in (panel, *_MOVES)]
        megabytes = terminal.peak_megabytes()
    beside = f"the first visit: {visited:.1f} s from the start, its loss curve {curve * 1e3:.0f} ms"
    yield at_most("any step of update 1,000,000, longest", max(times) * 1e3, 50, "ms", beside)
    yield at_most("memory there, the whole program", megabytes, 100, "MB")


def _seconds_to_frame(terminal: Terminal, key: str, quiet: float = QUIET) -> float:
    pressed = terminal.press(key)
    return terminal.frame(quiet)[-1].at - pressed
