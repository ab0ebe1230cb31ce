"""The work behind a view: what has to be computed for it, and the results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tinynet_tui.drawing.experiments.view import Experiment, View
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.dead_relu import BiasSweep, bias_sweep
from tinynet_tui.experiments.initial_values import StartRun, start_runs
from tinynet_tui.experiments.learning_rates import RateRun, rate_runs
from tinynet_tui.experiments.many_starts import ManyStarts, many_starts
from tinynet_tui.experiments.rate_finder import RateSweep, rate_sweep
from tinynet_tui.experiments.sensitivity import (
    Influence,
    Nudge,
    Slice,
    by_loss,
    by_output,
    influences,
    loss_slice,
    nudge,
)
from tinynet_tui.experiments.watch import Watch
from tinynet_tui.handouts.loss_curve import Curve, thinned
from tinynet_tui.handouts.training_summary import rate_text

_STRETCHES = 1000
"""More than any screen has columns of dots."""


@dataclass(frozen=True, slots=True)
class RateRuns:
    """The runs with the learning rates, and their curves in few points."""

    runs: tuple[RateRun, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class StartRuns:
    """The runs from the recipes, and their curves in few points."""

    runs: tuple[StartRun, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class NudgedSlice:
    """A slice of the loss, and what nudging the parameter brings."""

    slice: Slice
    nudge: Nudge | None
    """None where it is not nudged."""


@dataclass(frozen=True, slots=True)
class Influences:
    """Those of all parameters, and the names sorted by them."""

    of: dict[str, Influence]
    by_loss: tuple[str, ...]
    """The name of the one that moves the loss most first."""
    by_output: tuple[str, ...]


Result = RateRuns | RateSweep | StartRuns | ManyStarts | BiasSweep | NudgedSlice | Influences


@dataclass(frozen=True, slots=True)
class Waiting:
    """There is no result yet."""

    share: float | None
    """Of the work that is done, from 0 to 1; None while that is not worth a word."""
    stopped: bool = False
    """Whether the work was stopped."""


@dataclass(frozen=True, slots=True)
class Work:
    """What has to be computed: equal works have equal results."""

    experiment: Experiment
    setup: Setup
    numbers: tuple[Any, ...]
    """What the experiment needs to know beyond the setup, in the order of its arguments."""


def work_of(view: View) -> Work | None:
    """The work that a view needs; None where the network has nothing to try."""
    numbers: dict[Experiment, tuple[Any, ...]] = {
        "rates": (view.rates, view.updates),
        "rate finder": (view.updates,),
        "starts": (view.seed, view.updates),
        "many starts": (view.chosen_name, view.threshold, view.many_updates, view.first_seed),
        "bias": (view.chosen_name, view.updates),
        "slice": (view.chosen_name, view.nudged_by),
        "influences": (),
    }
    if view.experiment == "bias" and not view.choices:
        return None
    return Work(view.experiment, view.setup, numbers[view.experiment])


def result_of(work: Work, watch: Watch) -> Result:
    """The result of a work. May take long, and says so to the watch."""
    return _RESULTS[work.experiment](work.setup, *work.numbers, watch)


def _rate_runs(setup: Setup, rates: Sequence[float], updates: int, watch: Watch) -> RateRuns:
    runs = rate_runs(setup, rates, updates, watch)
    return RateRuns(runs, tuple(_curve(rate_text(run.learning_rate), run.losses) for run in runs))


def _start_runs(setup: Setup, seed: int, updates: int, watch: Watch) -> StartRuns:
    runs = start_runs(setup, seed, updates, watch)
    return StartRuns(runs, tuple(_curve(run.recipe, run.losses) for run in runs))


def _curve(label: str, losses: Sequence[float]) -> Curve:
    return thinned(Curve(label, range(len(losses)), losses), _STRETCHES)


def _many_starts(
    setup: Setup, recipe: str, threshold: float, updates: int, seed: int, watch: Watch
) -> ManyStarts:
    return many_starts(setup, recipe, threshold, watch, updates=updates, seed=seed)


def _slice(setup: Setup, name: str, by: float, _watch: Watch) -> NudgedSlice:
    return NudgedSlice(loss_slice(setup, name), nudge(setup, name, by) if by else None)


def _influences(setup: Setup, watch: Watch) -> Influences:
    found = influences(setup, watch)
    return Influences(
        {influence.name: influence for influence in found},
        tuple(influence.name for influence in by_loss(found)),
        tuple(influence.name for influence in by_output(found)),
    )


_RESULTS: dict[Experiment, Callable[..., Result]] = {
    "rates": _rate_runs,
    "rate finder": rate_sweep,
    "starts": _start_runs,
    "many starts": _many_starts,
    "bias": bias_sweep,
    "slice": _slice,
    "influences": _influences,
}


def stops(view: View, result: Result | None) -> int:
    """How many places the cursor has in the chart of a view; 1 where that is not known yet."""
    match result:
        case RateRuns() | StartRuns():
            return view.updates + 1
        case RateSweep():
            return len(result.rates)
        case ManyStarts():
            return max(len(result.bins), 1)
        case BiasSweep():
            return len(result.points)
        case NudgedSlice():
            return len(result.slice.points)
    return 1


def cursor_of(view: View, result: Result | None) -> int:
    """The place of the cursor, from 0: where it was put, or else where the chart says most."""
    put = dict(view.cursors).get(view.experiment)
    last = stops(view, result) - 1
    if put is not None:
        return min(put, last)
    match result:
        case RateSweep():
            return result.best or 0
        case ManyStarts():
            return 0
        case BiasSweep():
            biases = [point.bias for point in result.points]
            return min(range(len(biases)), key=lambda place: abs(biases[place] - result.present.bias))
        case NudgedSlice():
            return last // 2
    return last


def choice_beside(view: View, by: int, result: Result | None) -> int:
    """The choice after or before the present one; where bars are sorted, by their order."""
    order = list(range(len(view.choices)))
    if isinstance(result, Influences):
        order = [view.choices.index(name) for name in result.by_loss]
    return order[(order.index(view.choice) + by) % len(order)]


def rate_and_update(view: View, result: Result | None) -> tuple[float, int] | None:
    """The learning rate and the update at the cursor, for the stepper; None in other charts."""
    if isinstance(result, RateRuns):
        return view.rates[view.choice], cursor_of(view, result)
    if isinstance(result, RateSweep):
        return result.rates[cursor_of(view, result)], result.updates
    return None
