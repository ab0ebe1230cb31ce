"""How a training run ends: whether it has diverged, is stuck, or has come to rest, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, count, islice, repeat
from math import isfinite
from operator import ne, not_

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import Point, evaluation, first_point, trained


def first_not_finite(losses: Sequence[float]) -> int | None:
    """The first update (from 0) whose loss is inf or nan, or None."""
    return next(compress(count(), map(not_, map(isfinite, losses))), None)


def is_stuck(setup: Setup, point: Point) -> bool:
    """Whether the output ReLUs are dead for all samples, with an error that the next pass does not lower.

    By plain descent it is never lowered again. Momentum and Adam go on by what they remember, which may wake
    an output after some passes.
    """
    if not output_is_dead(setup, point):
        return False
    return evaluation(setup, _passed(setup, point).parameters) == evaluation(setup, point.parameters)


def rests(setup: Setup, point: Point) -> bool:
    """Whether another pass over all samples would change nothing."""
    passed = _passed(setup, point)
    return (passed.parameters, passed.state) == (point.parameters, point.state)


def _passed(setup: Setup, point: Point) -> Point:
    """Where training stands after another pass over all samples."""
    return trained(setup, point, -(-len(setup.inputs) // setup.batch))


def rest_start(losses: Sequence[float]) -> int:
    """The update from which the loss has been what it is at the end."""
    last, before = losses[-1], islice(reversed(losses), 1, None)
    different = compress(count(1), map(ne, before, repeat(last)))
    return len(losses) - next(different, len(losses))


def stuck_since(setup: Setup, losses: Sequence[float]) -> int:
    """The update since which a run that is stuck at its end has had a dead output and the same loss."""
    # A prediction of 2y has the loss of a dead output, so that the same loss may have begun a little before.
    point = trained(setup, first_point(setup), rest_start(losses))
    while point.update < len(losses) and not output_is_dead(setup, point):
        point = trained(setup, point, 1)
    return point.update - 1


def output_is_dead(setup: Setup, point: Point) -> bool:
    """Whether the output ReLUs pass nothing on for any sample, with an error left to learn from."""
    result = evaluation(setup, point.parameters)
    silent = not any(output for sample in result.predictions for output in sample)
    return setup.network.activations[-1] == "relu" and silent and result.loss > 0
