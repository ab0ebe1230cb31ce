"""The rate finder: the loss at the end against the learning rate, over five powers of ten."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.network import Setup
from tinynet_tui.experiments.course import Verdict
from tinynet_tui.experiments.learning_rates import DEFAULT_UPDATES
from tinynet_tui.experiments.watching import Watch, unwatched

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
    words: tuple[str, ...]
    """A sentence about the best, and one about the cliff."""


def rate_sweep(setup: Setup, updates: int = DEFAULT_UPDATES, watch: Watch = unwatched) -> RateSweep:
    """The sweep over many learning rates, each for so many updates."""
    raise NotImplementedError(setup, updates, watch)
