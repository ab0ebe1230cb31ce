"""The rate finder: the loss at the end against the learning rate, over five powers of ten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import isfinite

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import evaluation
from tinynet_tui.experiments.learning_rates import DEFAULT_UPDATES, with_rate
from tinynet_tui.experiments.runs import RISE, VERDICTS, Verdict, check_updates, training_run
from tinynet_tui.experiments.watch import Watch, part, unwatched
from tinynet_tui.teaching.numbers import shown, updates_text

LOWEST, HIGHEST = 1e-4, 10.0
STEPS = 40
"""Learning rates that are tried, from the lowest to the highest, evenly spaced in their logarithms."""


@dataclass(frozen=True, slots=True)
class RateSweep:
    """What became of the runs with many learning rates."""

    updates: int
    first: float
    """The loss before training."""
    rates: tuple[float, ...]
    """Ascending."""
    final: tuple[float, ...]
    """The loss after the last update with each; inf and nan as they are."""
    verdicts: tuple[Verdict, ...]
    """What the run with each did."""
    best: int | None
    """Which of them (from 0) ends lowest; None where no loss is finite."""
    cliff: float | None
    """The first rate above the best whose run is stuck, diverges, or is once above the first loss."""
    wall: float | None
    """The first rate above the best from which on every run ends stuck or diverged: the cliff, or above."""
    words: tuple[str, ...]
    """A sentence about the best, and others about the cliff and the wall."""


def rate_sweep(setup: Setup, updates: int = DEFAULT_UPDATES, watch: Watch = unwatched) -> RateSweep:
    """The sweep over many learning rates, each for a number of updates.

    Raises: ValueError with a sentence, where there are no updates or more than training goes.
    """
    check_updates(updates)
    rates = tuple(_rate(step) for step in range(STEPS))
    ends = tuple(
        _end(with_rate(setup, rate), updates, part(watch, index, STEPS)) for index, rate in enumerate(rates)
    )
    finite = [index for index, end in enumerate(ends) if isfinite(end.loss)]
    best = min(finite, key=lambda index: ends[index].loss, default=None)
    cliff = wall = None
    if best is not None and ends[best].verdict != "stuck":
        cliff = next((index for index in range(best + 1, STEPS) if ends[index].is_bad), None)
        wall = _wall(ends)
    return RateSweep(
        updates,
        evaluation(setup, setup.parameters).loss,
        rates,
        tuple(end.loss for end in ends),
        tuple(end.verdict for end in ends),
        best,
        None if cliff is None else rates[cliff],
        None if wall is None else rates[wall],
        tuple(_words(updates, rates, ends, best, cliff, wall)),
    )


@dataclass(frozen=True, slots=True)
class _End:
    """What is kept of a run."""

    loss: float
    verdict: Verdict
    rose: bool
    """Whether its loss is once above the first."""

    @property
    def is_lost(self) -> bool:
        """Whether it ends stuck or diverged."""
        return VERDICTS[self.verdict].first_lost != ""

    @property
    def is_bad(self) -> bool:
        """Whether it is stuck, diverges, or is once above the first loss."""
        return self.rose or self.is_lost


def _end(setup: Setup, updates: int, watch: Watch) -> _End:
    run = training_run(setup, updates, watch)
    return _End(run.losses[-1], run.verdict, max(run.losses) > run.losses[0] * (1 + RISE))


def _wall(ends: Sequence[_End]) -> int | None:
    """The first from which on all are lost; None where the last is not."""
    lost = sum(1 for _ in takewhile(lambda end: end.is_lost, reversed(ends)))
    return len(ends) - lost if lost else None


def _rate(step: int) -> float:
    """A learning rate of the sweep, in three digits."""
    return float(f"{LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1)):.2e}")


def _words(
    updates: int,
    rates: Sequence[float],
    ends: Sequence[_End],
    best: int | None,
    cliff: int | None,
    wall: int | None,
) -> Iterator[str]:
    if best is None:
        yield "The loss is not finite with any of these learning rates."
        return
    many = updates_text(updates)
    if ends[best].verdict == "stuck":
        yield f"With each of these learning rates it is stuck after {many}, or worse."
        return
    lowest = shown(ends[best].loss)
    yield f"After {many} the loss is lowest at the learning rate {shown(rates[best])}: {lowest}."
    if cliff is None:
        yield f"There is no cliff above it, up to {shown(HIGHEST)}."
    elif cliff != wall:
        falls_off = VERDICTS[ends[cliff].verdict].first_lost or "the loss first rises above where it began"
        yield f"At {shown(rates[cliff])} {falls_off}."
    if wall is not None:
        lost = dict.fromkeys(end.verdict for end in ends[wall:])
        yield f"From {shown(rates[wall])} on, every run ends {' or '.join(lost)}."
