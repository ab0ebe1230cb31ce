"""The course of a training run: its losses, and what they say that it did."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, count, islice
from operator import gt
from typing import Literal

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import LAST_UPDATE, Run, first_point
from tinynet_tui.experiments.endings import first_not_finite, is_stuck, stuck_since
from tinynet_tui.experiments.looking import deaths, overshoot
from tinynet_tui.experiments.watching import Watch, part, stretch, unwatched

Verdict = Literal["slow", "falls", "overshoots", "rises", "stuck", "diverged"]
"""In order of severity. Of a run the last holds that applies:

slow: after the last update the loss is still above half of the first. falls: it is not. overshoots: an
update carried every prediction past its target. rises: an update made the loss higher. stuck: the output ReLU
is dead for all samples, with an error left; with momentum or Adam so far. diverged: the loss is inf or nan.
"""

RISE = 1e-3
"""A loss that is higher by no more than this part of itself has not risen."""
ROUNDING = 1e-12
"""Of the first loss: below, a loss is rounding, which may rise here and fall there."""


@dataclass(frozen=True, slots=True)
class Course:
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


def course(setup: Setup, updates: int, watch: Watch = unwatched) -> Course:
    """The course of training from a setup's start."""
    run = _trained(setup, updates, part(watch, 0, 3))
    rises = rises_of(run.losses)
    verdict, at = _verdict(run, rises, part(watch, 1, 3))
    died = deaths(run, updates, part(watch, 2, 3))
    watch(1.0)
    return Course(run.losses, rises, verdict, at, died, run.point(updates + 1).parameters)


def check_updates(updates: int) -> None:
    """Nothing, or ValueError with a sentence where there are no updates or more than training goes."""
    if not 1 <= updates <= LAST_UPDATE:
        raise ValueError(f"{updates} is not a number of updates from 1 to {LAST_UPDATE:,}")


def rises_of(losses: Sequence[float]) -> array[int]:
    """The updates after which the loss was higher by more than a thousandth, rounding left aside."""
    rounding = ROUNDING * losses[0]
    # Few of a million are higher at all: they are found without a line of Python for each of the others.
    higher = compress(count(1), map(gt, islice(losses, 1, None), losses))
    return array(
        "l", (at for at in higher if losses[at] > losses[at - 1] * (1 + RISE) and losses[at] > rounding)
    )


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
    crossed = overshoot(run, updates, ROUNDING * losses[0], watch)
    if crossed is not None:
        return "overshoots", crossed
    return ("slow" if losses[-1] > losses[0] / 2 else "falls"), None
