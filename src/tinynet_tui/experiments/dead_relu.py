"""A ReLU neuron's bias swept: where it dies, and what the gradient and the loss make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, nan
from typing import Literal

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import evaluation, forward_values
from tinynet_tui.experiments.dead_words import sweep_words
from tinynet_tui.experiments.gradients import loss_gradients, loss_of, position_of, with_parameter
from tinynet_tui.experiments.neurons import Relu, relus
from tinynet_tui.experiments.runs import check_updates
from tinynet_tui.experiments.watch import Watch, part, point_after, unwatched
from tinynet_tui.networks.dense import parameters_of

DEFAULT_UPDATES = 25
LOWEST, HIGHEST = -5.0, 5.0
"""The biases swept reach at least from here to there, and as far as the present one and every cliff."""
POINTS = 101
_ROUND = 5
"""The ends of what is swept are multiples of it."""
_FARTHEST = 1e300
"""Either way from 0."""

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
    """The loss after some more updates from there."""
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
    return tuple(_relus_by_bias(setup))


def _relus_by_bias(setup: Setup) -> dict[str, Relu]:
    by_place = {(relu.layer, relu.neuron): relu for relu in relus(setup.network)}
    return {
        p.name: by_place[p.layer, p.neuron]
        for p in parameters_of(setup.network)
        if not p.is_weight and (p.layer, p.neuron) in by_place
    }


def bias_sweep(
    setup: Setup, name: str, updates: int = DEFAULT_UPDATES, watch: Watch = unwatched
) -> BiasSweep:
    """The sweep of one bias.

    Raises: ValueError with a sentence, where it is not the bias of a ReLU neuron, or where there are no
    updates or more than training goes.
    """
    check_updates(updates)
    if name not in relu_biases(setup):
        raise ValueError(_no_relu(setup, name))
    relu, position = _relus_by_bias(setup)[name], position_of(setup, name)
    cliffs = _cliffs(with_parameter(setup, position, 0.0), relu)
    present = setup.parameters[position]
    biases = (present, *_biases([present, *(bias for _, bias in cliffs)]))
    here, *points = (
        _point(with_parameter(setup, position, bias), name, relu, updates, part(watch, index, len(biases)))
        for index, bias in enumerate(biases)
    )
    watch(1.0)
    alive_from = min((bias for _, bias in cliffs if isfinite(bias)), default=nan)
    return BiasSweep(
        name,
        relu.name,
        "output" if relu.layer == setup.network.depth else "hidden",
        updates,
        tuple(points),
        here,
        cliffs,
        alive_from,
        tuple(sweep_words(setup, name, relu, here.z, cliffs)),
    )


def _no_relu(setup: Setup, name: str) -> str:
    """Why a name cannot be swept."""
    biases = relu_biases(setup)
    if not biases:
        return "this network has no ReLU neuron, so none of its neurons can die"
    return f"{name} is not the bias of a ReLU neuron: choose one of {', '.join(biases)}"


def _cliffs(without_bias: Setup, relu: Relu) -> tuple[tuple[int, float], ...]:
    """For each sample the bias at which z is exactly 0: minus what z is without a bias, which comes last."""
    rows = forward_values(without_bias, without_bias.parameters)
    return tuple((sample, 0.0 - row[relu.position]) for sample, row in enumerate(rows, start=1))


def _biases(within: Sequence[float]) -> list[float]:
    """Evenly spaced biases, between ends that are round and have some given ones within them."""
    sizes = [min(max(bias, -_FARTHEST), _FARTHEST) for bias in within if isfinite(bias)]
    low, high = min((LOWEST, *sizes)), max((HIGHEST, *sizes))
    low, high = _ROUND * floor(low / _ROUND), _ROUND * ceil(high / _ROUND)
    last = POINTS - 1
    return [(low * (last - place) + high * place) / last for place in range(POINTS)]


def _point(setup: Setup, name: str, relu: Relu, updates: int, watch: Watch) -> BiasPoint:
    """The neuron with the bias that a setup has."""
    z = tuple(row[relu.position] for row in forward_values(setup, setup.parameters))
    active = tuple(sample for sample, value in enumerate(z, start=1) if not value <= 0.0)
    dead: Dead = "no" if len(active) == len(z) else "for some samples" if active else "for all samples"
    end = point_after(setup, updates, watch)
    return BiasPoint(
        setup.parameters[position_of(setup, name)],
        z,
        active,
        loss_gradients(setup)[name],
        loss_of(setup),
        evaluation(setup, end.parameters).loss,
        dead,
    )
