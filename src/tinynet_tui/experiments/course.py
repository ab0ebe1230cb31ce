"""The course of a training run: its losses, and what they say that it did."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tinynet_tui.engine.network import Setup
from tinynet_tui.experiments.watching import Watch, unwatched

Verdict = Literal["slow", "falls", "overshoots", "rises", "stuck", "diverged"]
VERDICTS: tuple[Verdict, ...] = ("slow", "falls", "overshoots", "rises", "stuck", "diverged")
"""In order of severity. Of a run the last holds that applies:

slow: after the last update the loss is still above half of the first. falls: it is not. overshoots: an
update carried every prediction past its target. rises: an update made the loss higher. stuck: the output ReLU
is dead for all samples, with an error left. diverged: the loss is inf or nan.
"""


@dataclass(frozen=True, slots=True)
class Course:
    """What a run did."""

    losses: Sequence[float]
    """From update 0, which is before training, to the last; over all samples."""
    rises: int
    """Updates after which the loss was higher by more than a thousandth of what it was."""
    verdict: Verdict
    at: int | None
    """The update at which it first shows; None for slow and falls."""
    died: tuple[tuple[str, int], ...]
    """("node 2", 1): the neurons that are dead for all samples at the end, and the update since which."""
    parameters: tuple[float, ...]
    """After the last update."""
    words: str
    """What it did, in one or two short sentences."""


def course(setup: Setup, updates: int, watch: Watch = unwatched) -> Course:
    """The course of so many updates from a setup's start."""
    raise NotImplementedError(array, setup, updates, watch)
