"""The traces of a training run, one update after another."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import first_point, trained


def traces(setup: Setup, updates: int) -> Iterator[Trace]:
    """The first updates, each traced when it is asked for."""
    point = first_point(setup)
    for _ in range(updates):
        yield trace(setup, point)
        point = trained(setup, point, 1)
