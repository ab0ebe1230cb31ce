"""What a run shows when its updates are looked at one by one: predictions past their targets, and deaths."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.steps import sample_steps
from tinynet_tui.engine.training import Point, Run, trained
from tinynet_tui.experiments.neurons import dead_for_all, forward
from tinynet_tui.experiments.watching import Watch, stretch

EACH = 10_000
"""The first updates, which are looked at one by one; of a longer run as many more are, evenly spaced."""


def overshoot(run: Run, last: int, rounding: float, watch: Watch) -> int | None:
    """The first update that carried every prediction past its target, up to a loss that is rounding."""
    values_of, outputs = forward(run.setup), _output_positions(run.setup)
    before: list[float] = []
    for point in _watched(run, _first_points(run, last), min(last, EACH), watch):
        if not run.losses[point.update - 1] > rounding:
            return None
        errors = [
            row[position] - target
            for row, targets in zip(values_of(point.parameters), run.setup.targets, strict=True)
            for position, target in zip(outputs, targets, strict=True)
        ]
        if before and all(a < 0 < b or b < 0 < a for a, b in zip(before, errors, strict=True)):
            return point.update - 1
        before = errors
    return None


def _output_positions(setup: Setup) -> list[int]:
    """Where the predictions stand among the values of the forward steps."""
    return [
        position
        for position, step in enumerate(sample_steps(setup.model))
        if step.phase == "forward" and step.of.kind == "activation" and step.of.layer == setup.network.depth
    ]


def deaths(run: Run, last: int, watch: Watch) -> tuple[tuple[str, int], ...]:
    """The neurons that are dead for all samples after the last update, and the update since which."""
    values_of, network = forward(run.setup), run.setup.network
    if not dead_for_all(network, values_of(run.point(last + 1).parameters)):
        return ()
    apart = -(-max(last - EACH, 0) // EACH)
    since: dict[str, int] = {}
    for point in _watched(run, chain(_first_points(run, last), _spaced(run, last, apart)), last, watch):
        dead = dead_for_all(network, values_of(point.parameters))
        since = {relu.name: since.get(relu.name, point.update - 1) for relu in dead}
    return tuple((name, _first_dead(run, name, seen, apart)) for name, seen in since.items())


def _first_dead(run: Run, name: str, seen: int, apart: int) -> int:
    """The update since which a neuron is dead, up to one at which it was seen to be."""
    if seen <= EACH:
        return seen
    values_of, since = forward(run.setup), seen
    first = max(seen - apart, EACH)
    for point in islice(_points(run, first), seen - first):
        if name not in (relu.name for relu in dead_for_all(run.setup.network, values_of(point.parameters))):
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
