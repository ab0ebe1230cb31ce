"""Many random starts: how many of them learn, and how far."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.network import Setup
from tinynet_tui.experiments.watching import Watch, unwatched

DEFAULT_STARTS = 200
MOST_STARTS = 10_000
DEFAULT_UPDATES = 200
DEFAULT_THRESHOLD = 0.01


@dataclass(frozen=True, slots=True)
class ManyStarts:
    """What became of the runs from many seeds of one recipe."""

    recipe: str
    """A name of RECIPES."""
    seed: int
    """Of the first start; the others have the seeds that follow."""
    starts: int
    updates: int
    threshold: float
    reached: int
    """Starts whose loss at the end is below the threshold."""
    died: int
    """Starts at whose end the outputs, or all neurons of a hidden layer, are dead for all samples."""
    not_finite: int
    """Starts whose loss at the end is inf or nan."""
    finals: tuple[float, ...]
    """The loss at the end of each, in the order of the seeds."""
    bins: tuple[tuple[float, float, int], ...]
    """(from, to below, starts that end there), ascending, with round edges; finite losses alone."""
    words: tuple[str, ...]
    """How many reached the threshold, how many died."""


def many_starts(
    setup: Setup,
    recipe: str,
    threshold: float = DEFAULT_THRESHOLD,
    watch: Watch = unwatched,
    starts: int = DEFAULT_STARTS,
    updates: int = DEFAULT_UPDATES,
    seed: int = 1,
) -> ManyStarts:
    """The runs of so many updates from so many seeds.

    Raises: ValueError with a sentence, where there is no such recipe, or a number is out of its limits.
    """
    raise NotImplementedError(setup, recipe, threshold, watch, starts, updates, seed)
