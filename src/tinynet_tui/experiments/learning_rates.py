"""The same network trained with several learning rates, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.runs import Verdict, check_updates, run_words, training_run
from tinynet_tui.experiments.watch import Watch, part, unwatched
from tinynet_tui.teaching.numbers import shown

DEFAULT_RATES = (0.005, 0.01, 0.1, 0.25)
"""To be tried beside the lesson's own."""
DEFAULT_UPDATES = 25
MOST_RATES = 24
"""As many as a chart can tell apart."""


@dataclass(frozen=True, slots=True)
class RateRun:
    """The run with one learning rate."""

    learning_rate: float
    losses: Sequence[float]
    """From update 0, which is before training, to the last; over all samples."""
    rises: int
    """Updates after which the loss was higher by more than a thousandth of what it was."""
    verdict: Verdict
    """What it did."""
    at: int | None
    """The update at which that first shows; None for slow and falls."""
    died: tuple[tuple[str, int], ...]
    """("node 2", 1): the neurons that are dead for all samples at the end, and the update since which."""
    words: str
    """What it did, in one or two short sentences."""


def rate_runs(
    setup: Setup, rates: Sequence[float], updates: int = DEFAULT_UPDATES, watch: Watch = unwatched
) -> tuple[RateRun, ...]:
    """A run with each learning rate, in their order.

    Raises: ValueError with a sentence, where there are no rates, too many, one that is not a finite number
    above 0, or where there are no updates or more than training goes.
    """
    _check(rates)
    check_updates(updates)
    return tuple(
        rate_run(with_rate(setup, rate), updates, part(watch, index, len(rates)))
        for index, rate in enumerate(rates)
    )


def default_rates(setup: Setup) -> tuple[float, ...]:
    """The learning rates that are tried where none are asked for: the setup's own is one of them."""
    return tuple(sorted({*DEFAULT_RATES, setup.hyperparameters.learning_rate}))


def rate_run(setup: Setup, updates: int, watch: Watch = unwatched) -> RateRun:
    """The run with the learning rate that a setup has."""
    run = training_run(setup, updates, watch)
    return RateRun(
        setup.hyperparameters.learning_rate,
        run.losses,
        len(run.rises),
        run.verdict,
        run.at,
        run.died,
        run_words(setup, run),
    )


def with_rate(setup: Setup, rate: float) -> Setup:
    """The setup with another learning rate."""
    return replace(setup, hyperparameters=replace(setup.hyperparameters, learning_rate=rate))


def _check(rates: Sequence[float]) -> None:
    if not rates:
        raise ValueError("there is no learning rate")
    if len(rates) > MOST_RATES:
        raise ValueError(f"{len(rates):,} learning rates are too many: at most {MOST_RATES} go side by side")
    for rate in rates:
        if not (isfinite(rate) and rate > 0):
            raise ValueError(f"{shown(rate)} is not a learning rate: it has to be a finite number above 0")
