"""A ReLU neuron's bias swept: where it dies, and what the gradient and the loss make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tinynet_tui.engine.network import Setup
from tinynet_tui.experiments.watching import Watch, unwatched

DEFAULT_UPDATES = 25
LOWEST, HIGHEST = -5.0, 5.0
"""The biases swept reach at least from here to there, and as far as the present one and every cliff."""
POINTS = 101

Dead = Literal["no", "for some samples", "for all samples"]


@dataclass(frozen=True, slots=True)
class BiasPoint:
    """The neuron with one bias, all else as it is."""

    bias: float
    z: tuple[float, ...]
    """Its pre-activation for each sample."""
    active: tuple[int, ...]
    """The samples (from 1) for which it is alive: z > 0."""
    gradient: float
    """∂L/∂b over all samples."""
    loss: float
    """With this bias, before training."""
    after: float
    """The loss after so many updates from there."""
    dead: Dead


@dataclass(frozen=True, slots=True)
class BiasSweep:
    """One neuron with many biases."""

    name: str
    """The bias: "b1"."""
    neuron: str
    """"node 1", "out"."""
    kind: Literal["hidden", "output"]
    updates: int
    """Before the loss `after` of a point."""
    points: tuple[BiasPoint, ...]
    """Ascending, evenly spaced."""
    present: BiasPoint
    """With the bias as it is."""
    cliffs: tuple[tuple[int, float], ...]
    """(sample from 1, the bias at which its z is exactly 0): at it and below, the neuron is dead for it."""
    alive_from: float
    """The lowest of the cliffs: at it and below, the neuron is dead for all samples."""
    words: tuple[str, ...]
    """Which samples keep it alive, what its death means, and what would wake it."""


def relu_biases(setup: Setup) -> tuple[str, ...]:
    """The biases that can be swept: those of ReLU neurons."""
    raise NotImplementedError(setup)


def bias_sweep(
    setup: Setup, name: str, updates: int = DEFAULT_UPDATES, watch: Watch = unwatched
) -> BiasSweep:
    """The sweep of one bias.

    Raises: ValueError with a sentence, where it is not the bias of a ReLU neuron, or where there are no
    updates or more than training goes.
    """
    raise NotImplementedError(setup, name, updates, watch)
