"""Experiments as CSV tables: a heading, then one row for each loss, start, bias or parameter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tinynet_tui.experiments.dead_relu import BiasSweep
from tinynet_tui.experiments.initial_values import StartRun
from tinynet_tui.experiments.learning_rates import RateRun
from tinynet_tui.experiments.many_starts import ManyStarts
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.sensitivity import Influence, Slice
from tinynet_tui.handouts.records import csv_line


def rate_lines(runs: Iterable[RateRun]) -> Iterator[str]:
    """One row for each loss, one learning rate after another."""
    yield csv_line(("update", "learning_rate", "loss"))
    for run in runs:
        yield from (csv_line((update, run.learning_rate, loss)) for update, loss in enumerate(run.losses))


def rate_sweep_lines(sweep: RateSweep) -> Iterator[str]:
    """One row for each learning rate that was tried."""
    yield csv_line(("learning_rate", "loss", "verdict"))
    yield from map(csv_line, zip(sweep.rates, sweep.final, sweep.verdicts, strict=True))


def start_lines(runs: Iterable[StartRun]) -> Iterator[str]:
    """One row for each loss, one recipe after another."""
    yield csv_line(("update", "recipe", "seed", "loss"))
    for run in runs:
        yield from (csv_line((update, run.recipe, run.seed, loss)) for update, loss in enumerate(run.losses))


def many_starts_lines(starts: ManyStarts) -> Iterator[str]:
    """One row for each start."""
    yield csv_line(("recipe", "seed", "loss"))
    for index, loss in enumerate(starts.finals):
        yield csv_line((starts.recipe, starts.seed + index, loss))


def bias_lines(sweep: BiasSweep) -> Iterator[str]:
    """One row for each bias, with z, or z_sample1, z_sample2, …"""
    samples = range(1, len(sweep.cliffs) + 1)
    sums = ["z"] if len(samples) == 1 else [f"z_sample{sample}" for sample in samples]
    yield csv_line(("bias", *sums, "gradient", "loss", "after", "dead"))
    for point in sweep.points:
        yield csv_line((point.bias, *point.z, point.gradient, point.loss, point.after, point.dead))


def influence_lines(influences: Iterable[Influence]) -> Iterator[str]:
    """One row for each parameter."""
    yield csv_line(("parameter", "on_output", "on_loss", "numeric", "uncertainty"))
    for influence in influences:
        yield csv_line(
            (influence.name, influence.on_output, influence.on_loss, influence.numeric, influence.uncertainty)
        )


def slice_lines(along: Slice) -> Iterator[str]:
    """One row for each value of the parameter."""
    yield csv_line(("value", "loss"))
    yield from map(csv_line, along.points)
