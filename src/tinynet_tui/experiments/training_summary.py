"""A training run in a few numbers: where its loss began and ended, and what became of it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import Point, evaluation, first_point
from tinynet_tui.experiments.runs import first_not_finite, is_stuck, rest_start, rests, rises_of, stuck_since
from tinynet_tui.experiments.watch import Watch, point_later, unwatched
from tinynet_tui.teaching.charts import Curve, thinned
from tinynet_tui.teaching.numbers import rate_text

_STRETCHES = 2000
"""More than any screen has columns of dots."""

Outcome = Literal["not trained", "diverged", "stuck", "at rest", "falling", "rising", "level"]
"""diverged: the loss is inf or nan. stuck: the output is dead, the loss stays. at rest: nothing changes.
Else where the loss was going over the last tenth of the updates."""


@dataclass(frozen=True, slots=True)
class TrainingSummary:
    """What a run of training comes to."""

    learning_rate: float
    first: float
    """The loss before training."""
    last: float
    """The loss after the last update."""
    best: float
    """The lowest loss, or nan where none was finite."""
    best_update: int
    """The first update that reached it."""
    rises: int
    """How many updates made the loss higher by more than a thousandth, rounding left aside."""
    outcome: Outcome
    """What became of it."""
    since: int | None
    """The update since which it is diverged, stuck or at rest; None for the others."""
    curve: Curve
    """Its losses, thinned."""


def training_summary(setup: Setup, updates: int, watch: Watch = unwatched) -> TrainingSummary:
    """The summary of the first updates."""
    losses = array("d")
    point = point_later(setup, first_point(setup), updates, watch, losses)
    losses.append(evaluation(setup, point.parameters).loss)
    best = min(losses if isfinite(sum(losses)) else filter(isfinite, losses), default=nan)
    learning_rate = setup.hyperparameters.learning_rate
    return TrainingSummary(
        learning_rate,
        losses[0],
        losses[-1],
        best,
        losses.index(best) if isfinite(best) else 0,
        len(rises_of(losses)),
        *_outcome(setup, point, losses),
        thinned(Curve(rate_text(learning_rate), range(updates + 1), losses), _STRETCHES),
    )


def _outcome(setup: Setup, point: Point, losses: array[float]) -> tuple[Outcome, int | None]:
    """What became of a run that has come to a point, and since when."""
    broken = first_not_finite(losses)
    if broken is not None:
        return "diverged", broken
    if len(losses) == 1:
        return "not trained", None
    if is_stuck(setup, point):
        return "stuck", stuck_since(setup, losses)
    if rests(setup, point):
        return "at rest", rest_start(losses)
    before = losses[-1 - max(1, len(losses) // 10)]
    return "falling" if losses[-1] < before else "rising" if losses[-1] > before else "level", None
