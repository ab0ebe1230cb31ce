"""A training run as rows: one for each update that is printed, from update 0, which is before training."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import Row, first_point, row_at, trained, trained_in_rows

_AT_ONCE = 100_000
"""Numbers that are computed together: few enough for little memory, and for the first row to come soon."""


def training_rows(setup: Setup, updates: int, every: int) -> Iterator[tuple[int, Row]]:
    """(updates done, where training stands then) for update 0, every n-th, and the last."""
    point = first_point(setup)
    at_once = max(1, _AT_ONCE // len(row_at(setup, point)) // len(setup.inputs))
    while (done := point.update - 1) < updates:
        if every == 1:
            point, rows = trained_in_rows(setup, point, min(at_once, updates - done))
            yield from enumerate(rows, start=done)
        else:
            yield done, row_at(setup, point)
            point = trained(setup, point, min(every, updates - done))
    yield done, row_at(setup, point)
