"""A training run: its losses, and what became of it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, count, islice, repeat
from math import isfinite
from operator import gt, ne, not_
from typing import Literal

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.engine.training import LAST_UPDATE, Point, Run, evaluation, first_point, forward, trained
from tinynet_tui.experiments.long_work import Watch, part, stretch, unwatched
from tinynet_tui.experiments.relus import dead_for_all, relus
from tinynet_tui.rules.losses import compared_pairs

Verdict = Literal["slow", "falls", "overshoots", "rises", "stuck", "diverged"]
"""What a run did, from mild to severe. slow: none of the others. falls: half of the first loss is gone; where
one is below 0, it is lower. overshoots: an update carried every prediction past its target. rises: one made
the loss higher. stuck: the output ReLU is dead for all samples, with an error left; with momentum or Adam so
far, as they may wake it. diverged: the loss is inf or nan."""

RISE = 1e-3
"""A loss that is higher by no more than this part of itself has not risen."""
ROUNDING = 1e-12
"""Of the first loss: a difference that is smaller is rounding, which may rise here and fall there."""
EACH = 10_000
"""The first updates, which are looked at one by one; of a longer run as many more are, evenly spaced."""


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What a run did."""

    losses: Sequence[float]
    """From update 0, which is before training, to the last; over all samples."""
    rises: Sequence[int]
    """The updates after which the loss was higher by more than a thousandth of what it was."""
    verdict: Verdict
    at: int | None
    """The update at which it first shows; None for slow and falls."""
    died: tuple[tuple[str, int], ...]
    """("node 2", 1): the neurons that are dead for all samples at the end, and the update since which."""
    parameters: tuple[float, ...]
    """After the last update."""
    run: Run
    """Its parameters at any update."""


def training_run(setup: Setup, updates: int, watch: Watch = unwatched) -> TrainingRun:
    """The run of training from a setup's start."""
    run = _trained(setup, updates, part(watch, 0, 3))
    rises = rises_of(run.losses)
    verdict, at = _verdict(run, rises, part(watch, 1, 3))
    died = deaths(run, updates, part(watch, 2, 3))
    watch(1.0)
    return TrainingRun(run.losses, rises, verdict, at, died, run.point(updates + 1).parameters, run)


def check_updates(updates: int) -> None:
    """Raise ValueError with a sentence, where there are no updates or more than training goes."""
    if not 1 <= updates <= LAST_UPDATE:
        raise ValueError(f"{updates} is not a number of updates from 1 to {LAST_UPDATE:,}")


def rises_of(losses: Sequence[float]) -> array[int]:
    """The updates after which the loss was higher by more than a thousandth, rounding left aside."""
    rounding = rounding_of(losses)
    return array("l", (at for at in _higher(losses) if has_risen(losses[at - 1], losses[at], rounding)))


def has_risen(before: float, after: float, rounding: float = 0.0) -> bool:
    """Whether a loss, which may be below 0, is higher than another by more than a thousandth of that."""
    return after - before > max(RISE * abs(before), rounding)


def rounding_of(losses: Sequence[float]) -> float:
    """How far apart two losses may be by rounding alone."""
    return ROUNDING * abs(losses[0])


def _higher(losses: Sequence[float]) -> Iterator[int]:
    """The updates after which the loss was higher at all."""
    # Few of a million are: they are found without a line of Python for each of the others.
    return compress(count(1), map(gt, islice(losses, 1, None), losses))


def only_falls(losses: Sequence[float]) -> bool:
    """Whether no update made the loss higher by more than rounding."""
    rounding = rounding_of(losses)
    return all(losses[at] - losses[at - 1] <= rounding for at in _higher(losses))


def _trained(setup: Setup, updates: int, watch: Watch) -> Run:
    """A run whose losses are those of update 0 to the last."""
    run = Run(setup, first_point(setup))
    # The loss before an update is known when the update is done: one more is, for the loss after the last.
    while run.reached < updates + 2:
        watch((run.reached - 1) / (updates + 1))
        run.extend(min(run.reached + stretch(setup), updates + 2))
    return run


def _verdict(run: Run, rises: Sequence[int], watch: Watch) -> tuple[Verdict, int | None]:
    """What a run did, and the update at which it first shows."""
    losses, updates = run.losses, len(run.losses) - 1
    broken = first_not_finite(losses)
    if broken is not None:
        return "diverged", broken
    if is_stuck(run.setup, run.point(updates + 1)):
        return "stuck", stuck_since(run.setup, losses)
    if rises:
        return "rises", rises[0]
    crossed = overshoot(run, updates, rounding_of(losses), watch)
    if crossed is not None:
        return "overshoots", crossed
    return ("falls" if _has_fallen(losses) else "slow"), None


def _has_fallen(losses: Sequence[float]) -> bool:
    """Whether half of the first loss is gone; where one is below 0, half says nothing, but lower does."""
    return losses[-1] < losses[0] if min(losses) < 0 else losses[-1] <= losses[0] / 2


# Whether it has diverged, is stuck or at rest, and since when


def first_not_finite(losses: Sequence[float]) -> int | None:
    """The first update (from 0) whose loss is inf or nan, or None."""
    if isfinite(sum(losses)):
        return None  # almost always, and known much sooner; a sum that overflows is looked at below
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
    return trained(setup, point, setup.batches)


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
    gated = {relu.gives for relu in relus(setup.model)}.issuperset(setup.model.predictions)
    return bool(setup.model.predictions) and gated and silent and result.loss > 0


# What its updates show one by one: predictions past their targets, and deaths


def overshoot(run: Run, last: int, rounding: float, watch: Watch) -> int | None:
    """The first update that carried every prediction past its target, up to a loss that is rounding."""
    values_of, model = forward(run.setup), run.setup.model
    pairs = compared_pairs(model)
    if not pairs:
        return None
    places = [(sample_positions(model)[one], model.targets.index(other)) for one, other in pairs]
    before: list[float] = []
    for point in _watched(run, _first_points(run, last), min(last, EACH), watch):
        if not run.losses[point.update - 1] > rounding:
            return None
        errors = [
            row[output] - targets[goal]
            for row, targets in zip(values_of(point.parameters), run.setup.targets, strict=True)
            for output, goal in places
        ]
        if before and all(a < 0 < b or b < 0 < a for a, b in zip(before, errors, strict=True)):
            return point.update - 1
        before = errors
    return None


def deaths(run: Run, last: int, watch: Watch) -> tuple[tuple[str, int], ...]:
    """The neurons that are dead for all samples after the last update, and the update since which."""
    values_of, model = forward(run.setup), run.setup.model
    if not dead_for_all(model, values_of(run.point(last + 1).parameters)):
        return ()
    apart = -(-max(last - EACH, 0) // EACH)
    since: dict[str, int] = {}
    for point in _watched(run, chain(_first_points(run, last), _spaced(run, last, apart)), last, watch):
        dead = dead_for_all(model, values_of(point.parameters))
        since = {relu.name: since.get(relu.name, point.update - 1) for relu in dead}
    return tuple((name, _first_dead(run, name, seen, apart)) for name, seen in since.items())


def _first_dead(run: Run, name: str, seen: int, apart: int) -> int:
    """The update since which a neuron is dead, up to one at which it was seen to be."""
    if seen <= EACH:
        return seen
    values_of, since = forward(run.setup), seen
    first = max(seen - apart, EACH)
    for point in islice(_points(run, first), seen - first):
        if name not in (relu.name for relu in dead_for_all(run.setup.model, values_of(point.parameters))):
            since = point.update
    return since


def _points(run: Run, first: int) -> Iterator[Point]:
    """Where a run stands after an update (from 0), and after each one that follows."""
    point = run.point(first + 1)
    while True:
        yield point
        point = trained(run.setup, point, 1)


def _first_points(run: Run, last: int) -> Iterator[Point]:
    """Where a run stands after each update from 0 to the last, as far as each is looked at."""
    return islice(_points(run, 0), min(last, EACH) + 1)


def _watched(run: Run, points: Iterator[Point], last: int, watch: Watch) -> Iterator[Point]:
    """The same points, up to that after a last update; the watch is called now and then."""
    called = 0
    for point in points:
        if point.update - called >= stretch(run.setup):
            called = point.update
            watch(point.update / (last + 1))
        yield point


def _spaced(run: Run, last: int, apart: int) -> Iterator[Point]:
    """Where a longer run stands after updates that are so far apart, and after the last."""
    if last <= EACH:
        return
    point = run.point(EACH + 1)
    while point.update <= last:
        point = trained(run.setup, point, min(apart, last + 1 - point.update))
        yield point
