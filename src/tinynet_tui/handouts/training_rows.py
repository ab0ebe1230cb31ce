"""A training run as rows: one for each update that is printed, from update 0, which is before training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinynet_tui.engine.network import Rows, Setup
from tinynet_tui.engine.training import Point, evaluation, first_point, trained


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """Where a training run stands after an update."""

    update: int
    """Updates done so far, from 0."""
    loss: float
    """Of these parameters, over all samples."""
    predictions: Rows
    """Shape: samples × outputs."""
    parameters: tuple[float, ...]
    """In the order of `parameters_of(network)`."""


def training_rows(setup: Setup, updates: int, every: int) -> Iterator[TrainingRow]:
    """Update 0, every so many, and the last; each is computed when it is asked for."""
    point = first_point(setup)
    yield _row(setup, point)
    done = 0
    while done < updates:
        count = min(every, updates - done)
        point = trained(setup, point, count)
        done += count
        yield _row(setup, point)


def _row(setup: Setup, point: Point) -> TrainingRow:
    result = evaluation(setup, point.parameters)
    return TrainingRow(point.update - 1, result.loss, result.predictions, point.parameters)
