"""What the screen costs: time to open, time and bytes for a key, and nothing while nobody presses one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import NamedTuple

import pyte

from benchmarks.figures import PYTHON, Figure, at_most, medians, percentile
from benchmarks.least_bytes import least_bytes
from benchmarks.terminal import COLUMNS, ROWS, Piece, Terminal
from tinynet_tui.drawing.learnt_picture import learnt
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment

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
_FAR, _FAR_SHOWN = "1000000.23", "update 1000000"
"""A place far away, and what the screen shows once it is there."""
_IDLE = 5.0
"""Seconds without a key."""


def screen_figures() -> Iterator[Figure]:
    """The figures of the screen, as they are measured."""
    yield from _opening()
    yield from _stepping()
    yield from _idling()
    yield from _far_away()
    yield from _learnt()


def _learnt() -> Iterator[Figure]:
    """What has been learnt, drawn anew at each of some updates: all of it, nothing kept."""
    times = []
    for update in range(1, 41):
        place = replace(start(shipped_lesson("xor")), update=update, view="picture")
        scene, began = Scene(moment(place), Look()), perf_counter()
        learnt(scene, COLUMNS, 14)
        times.append(perf_counter() - began)
    yield at_most("what xor has learnt, at 80×24", median(times) * 1e3, 10, "ms", "at 40 updates")


class Start(NamedTuple):
    """What it has cost to open a program."""

    seconds: float
    """Until its screen shows the text that it goes on to show."""
    processor: float
    """Seconds of a processor, in all of its threads."""
    megabytes: float
    """Of memory that is its own, its part of what it shares included."""
    sent: int
    """Bytes."""


def _opening() -> Iterator[Figure]:
    for command in (STEPPER, BARE):  # once, so that everything is compiled and in the file cache
        _start(command)
    starts = [(_start(STEPPER), _start(BARE)) for _ in range(_STARTS)]
    for name, cost in (("", _seconds), (", processor", _processor)):
        ratio, ours, bare = medians([(cost(our), cost(their)) for our, their in starts])
        beside = f"a bare Textual app: {ours * 1e3:.0f} ms to its {bare * 1e3:.0f} ms"
        yield at_most(f"start to the first full frame{name}", ratio, 1.15, "×", beside)
    last, other = starts[-1]
    yield at_most("first screen at 80×24", last.sent, 16_384, "bytes", f"the bare app: {other.sent:,} bytes")
    yield at_most("memory of one app", last.megabytes, 24, "MB", f"the bare app: {other.megabytes:.1f} MB")


def _start(command: Sequence[str]) -> Start:
    """Open a program once."""
    with Terminal(command) as terminal:
        pieces = terminal.frame(_OPENED)
        sent = sum(len(piece.sent) for piece in pieces)
        seconds = shown_at(pieces) - terminal.started
        return Start(seconds, terminal.cpu_seconds(), terminal.megabytes(), sent)


def _seconds(cost: Start | Press) -> float:
    return cost.seconds


def _processor(cost: Start | Press) -> float:
    return cost.processor


def shown_at(pieces: Sequence[Piece]) -> float:
    """When the screen showed the text for the first time that it shows in the end."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    displays = []
    for piece in pieces:
        stream.feed(piece.sent)
        displays.append(screen.display)
    return pieces[displays.index(displays[-1])].at


class Press(NamedTuple):
    """What a press of → has cost."""

    seconds: float
    """To its frame."""
    processor: float
    """Seconds of a processor, until it is silent again."""
    sent: int
    """Bytes."""
    least: int
    """A lower bound for them."""


def _stepping() -> Iterator[Figure]:
    with Terminal(STEPPER) as stepper, Terminal(BARE) as bare:
        for terminal in (stepper, bare):
            terminal.frame(_OPENED)
        presses = [(_press(stepper), _press(bare)) for _ in range(_UPDATES * (_STEPS + 1))]
    for name, cost in (("", _seconds), (", processor", _processor)):
        ratio, our_median, their_median = medians([(cost(our), cost(their)) for our, their in presses])
        beside = f"the bare app's one label: {our_median * 1e3:.1f} ms to its {their_median * 1e3:.1f} ms"
        yield at_most(f"→ to its frame, median{name}", ratio, 1.5, "×", beside)
    ours, theirs = zip(*presses, strict=True)
    beside = f"the bare app: {_slowest(theirs) * 1e3:.1f} ms"
    yield at_most("→ to its frame, 99th percentile", _slowest(ours) * 1e3, 9, "ms", beside)
    one_update = ours[: _STEPS + 1]
    sent, least = [press.sent for press in one_update], sum(press.least for press in one_update)
    yield at_most("→ through one update, median", median(sent), 566, "bytes")
    yield at_most("→ through one update, most", max(sent), 2_500, "bytes")
    beside = f"a lower bound with the same moves and styles: {least:,} bytes in all"
    yield at_most("→ through one update, all of it", sum(sent) / least, 1.3, "×", beside)


def _press(terminal: Terminal) -> Press:
    before, used = terminal.cells(), terminal.cpu_seconds()
    pressed = terminal.press(RIGHT)
    pieces = terminal.frame()
    sent = sum(len(piece.sent) for piece in pieces)
    seconds, processor = pieces[-1].at - pressed, terminal.cpu_seconds() - used
    return Press(seconds, processor, sent, least_bytes(before, terminal.cells()))


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
    with Terminal((*STEPPER, "--at", _FAR), answers=True) as terminal:
        visited = terminal.wait_for(_FAR_SHOWN).at - terminal.started
        terminal.bytes_in(_OPENED)  # the rest of that frame
        curve = _seconds_to_frame(terminal, "5")
        times = [_seconds_to_frame(terminal, key) for panel in "15" for key in (panel, *_MOVES)]
        megabytes = terminal.peak_megabytes()
    beside = f"the first visit: {visited:.1f} s from the start, its loss curve {curve * 1e3:.0f} ms"
    yield at_most("any step of update 1,000,000, longest", max(times) * 1e3, 50, "ms", beside)
    yield at_most("memory there, the whole program", megabytes, 100, "MB")


def _seconds_to_frame(terminal: Terminal, key: str) -> float:
    pressed = terminal.press(key)
    return terminal.frame()[-1].at - pressed
