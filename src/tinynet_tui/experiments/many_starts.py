"""Many random starts: how many of them learn, and how far."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, isfinite, log10

from tinynet_tui.engine.model import Setup, Values
from tinynet_tui.engine.training import evaluation, forward_values
from tinynet_tui.experiments import array_training
from tinynet_tui.experiments.initial_values import start_setup
from tinynet_tui.experiments.neurons import dead_for_all
from tinynet_tui.experiments.runs import check_updates
from tinynet_tui.experiments.watch import Watch, part, point_after, unwatched
from tinynet_tui.teaching.numbers import shown

DEFAULT_STARTS = 200
FIRST_SEED = 1
"""So that 200 starts have the seeds 1 to 200."""
MOST_STARTS = 10_000
DEFAULT_UPDATES = 200
DEFAULT_THRESHOLD = 0.01
DEFAULT_RECIPE = "uniform"


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
    """Starts at whose end the outputs, or all neurons of a hidden layer, are dead for all samples; one of
    them may have reached the threshold."""
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
    seed: int = FIRST_SEED,
) -> ManyStarts:
    """The runs from one seed after another.

    Raises: ValueError with a sentence, where there is no such recipe, or a number is out of its limits.
    """
    check_updates(updates)
    if not 1 <= starts <= MOST_STARTS:
        raise ValueError(f"{starts} is not a number of starts from 1 to {MOST_STARTS:,}")
    if not threshold > 0:
        raise ValueError(f"{shown(threshold)} is not a threshold: it has to be a number above 0")
    died = died_below = 0
    finals: list[float] = []
    for end in _ends([start_setup(setup, recipe, seed + index) for index in range(starts)], updates, watch):
        finals.append(evaluation(setup, end).loss)
        if _has_dead_layer(setup, end):
            died += 1
            died_below += finals[-1] < threshold
    watch(1.0)
    reached = sum(loss < threshold for loss in finals)
    not_finite = sum(not isfinite(loss) for loss in finals)
    return ManyStarts(
        recipe,
        seed,
        starts,
        updates,
        threshold,
        reached,
        died,
        not_finite,
        tuple(finals),
        bins_of(finals),
        tuple(_words(starts, threshold, reached, died, died_below, not_finite)),
    )


def _ends(starts: Sequence[Setup], updates: int, watch: Watch) -> Iterator[Values]:
    """The parameters at the end of the run from each start."""
    if array_training.is_worth_it(starts, updates):
        yield from array_training.parameters_after(starts, updates, watch)
        return
    for index, start in enumerate(starts):
        yield point_after(start, updates, part(watch, index, len(starts))).parameters


def _has_dead_layer(setup: Setup, parameters: Values) -> bool:
    """Whether a whole layer of ReLUs passes nothing on for any sample."""
    rows = forward_values(setup, parameters)
    dead = Counter(relu.layer for relu in dead_for_all(setup.network, rows))
    return any(dead[layer] == setup.network.layers[layer] for layer in dead)


_MOST_BINS = 12
_SERIES = (((1, 2, 5), 1), *(((1,), apart) for apart in (1, 2, 3, 5, 10, 20, 50, 100)))
"""Round numbers, from fine to coarse: the digits in a power of ten, and how far apart those powers are."""
_LEARNED = 1e-10
"""Of the highest loss: one that is lower is counted with those that are 0."""


def bins_of(losses: Sequence[float]) -> tuple[tuple[float, float, int], ...]:
    """The finite losses counted between round edges, 1, 2, 5, 10, … or powers of ten, in at most 12 bins.

    (from, to below, how many): all bins from the lowest to the highest that has any. The lowest begins at 0
    where there is a loss of 0, or next to it.
    """
    finite = sorted(loss for loss in losses if isfinite(loss))
    edges = _edges(finite)
    return tuple(
        (low, high, bisect_left(finite, high) - bisect_left(finite, low)) for low, high in pairwise(edges)
    )


def _edges(ascending: Sequence[float]) -> list[float]:
    """Round edges around finite losses that are not negative."""
    above = [loss for loss in ascending if loss > ascending[-1] * _LEARNED]
    if not above:
        return [0.0, 1.0] if ascending else []
    series = (_between(above[0], above[-1], digits, apart) for digits, apart in _SERIES)
    down = (edges if edges[0] <= ascending[0] else [0.0, *edges] for edges in series)
    return next(edges for edges in down if len(edges) <= _MOST_BINS + 1)


def _between(low: float, high: float, digits: Sequence[int], apart: int) -> list[float]:
    """The numbers of a series from the last that is not above a range to the first that is."""
    # A power too low and one too high: the logarithm of 999.9999999999999 is 3.
    first, last = (floor(log10(low)) // apart - 1) * apart, floor(log10(high)) + apart + 1
    series = [float(f"{digit}e{power}") for power in range(first, last + 1, apart) for digit in digits]
    return series[bisect_right(series, low) - 1 : bisect_right(series, high) + 1]


def _words(
    starts: int, threshold: float, reached: int, died: int, died_below: int, not_finite: int
) -> Iterator[str]:
    yield f"{reached:,} of {starts:,} starts end below a loss of {shown(threshold)}."
    if died:
        of_both = f" {died_below:,} of them end below that loss all the same." if died_below else ""
        yield f"{died:,} died: the outputs, or all neurons of a hidden layer, pass nothing on.{of_both}"
    if not_finite:
        yield f"{not_finite:,} diverged: the loss is inf or nan."
