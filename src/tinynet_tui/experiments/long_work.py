"""Long work can be watched, and ended by whoever watches it."""

from __future__ import annotations

from collections.abc import Callable

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import Point, comes_back, first_point, trained

Watch = Callable[[float], object]
"""Called now and then with the share of the work that is done, from 0 to 1; what it raises ends the work."""

PATIENCE = 0.5
"""Seconds of work without a word; then a person is told how far it is."""
EVERY = 0.1
"""Seconds between two times of telling."""

_WORK = 200_000
"""Parameters × samples × updates between two calls of a watch: some 20 ms."""


class Stopped(Exception):
    """Raised by a watch that wants no more of the work."""


def unwatched(_share: float) -> None:
    """The watch of work that nobody watches."""


def part(watch: Watch, index: int, parts: int) -> Watch:
    """The watch of one (from 0) of the equal parts of a work."""
    return lambda share: watch((index + share) / parts)


def stretch(setup: Setup) -> int:
    """The updates of a training that go by between two calls of a watch."""
    return max(1, _WORK // (len(setup.parameters) * len(setup.inputs)))


def point_after(setup: Setup, updates: int, watch: Watch) -> Point:
    """Where training stands after a number of updates from the start."""
    return point_later(setup, first_point(setup), updates, watch)


def point_later(setup: Setup, point: Point, updates: int, watch: Watch) -> Point:
    """Where training stands after more updates."""
    end = point.update + updates
    while point.update < end:
        watch(1 - (end - point.update) / updates)
        before, point = point, trained(setup, point, min(stretch(setup), end - point.update))
        if comes_back(setup, before, point):
            # The stretch comes again as often as it has room: what is left over is trained.
            passed = point.update - before.update
            point = point._replace(update=end - (end - point.update) % passed)
    return point
