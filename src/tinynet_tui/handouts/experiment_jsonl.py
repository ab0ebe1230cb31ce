"""Experiments as JSON Lines: one object per run, sweep or parameter. Keys and their order are a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tinynet_tui.experiments.dead_relu import BiasPoint, BiasSweep
from tinynet_tui.experiments.initial_values import StartRun
from tinynet_tui.experiments.learning_rates import RateRun
from tinynet_tui.experiments.many_starts import ManyStarts
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.sensitivity import Influence, Nudge, Slice
from tinynet_tui.handouts.records import json_line


def rate_lines(runs: Iterable[RateRun]) -> Iterator[str]:
    """One object for each learning rate."""
    for run in runs:
        yield json_line(
            {
                "learning_rate": run.learning_rate,
                "losses": run.losses,
                "rises": run.rises,
                "verdict": run.verdict,
                "at": run.at,
                "words": run.words,
            }
        )


def rate_sweep_lines(sweep: RateSweep) -> Iterator[str]:
    """One object for each learning rate that was tried."""
    for index, rate in enumerate(sweep.rates):
        yield json_line(
            {
                "learning_rate": rate,
                "loss": sweep.final[index],
                "verdict": sweep.verdicts[index],
                "best": index == sweep.best,
                "cliff": rate == sweep.cliff,
                "wall": rate == sweep.wall,
            }
        )


def start_lines(runs: Iterable[StartRun]) -> Iterator[str]:
    """One object for each recipe."""
    for run in runs:
        yield json_line(
            {
                "recipe": run.recipe,
                "seed": run.seed,
                "losses": run.losses,
                "verdict": run.verdict,
                "at": run.at,
                "neurons": [
                    {
                        "name": neuron.name,
                        "fate": neuron.fate,
                        "twin_of": neuron.twin_of,
                        "difference": neuron.difference,
                    }
                    for neuron in run.neurons
                ],
                "words": run.words,
            }
        )


def many_starts_lines(starts: ManyStarts) -> Iterator[str]:
    """One object for all starts."""
    yield json_line(
        {
            "recipe": starts.recipe,
            "seed": starts.seed,
            "starts": starts.starts,
            "updates": starts.updates,
            "threshold": starts.threshold,
            "reached": starts.reached,
            "died": starts.died,
            "not_finite": starts.not_finite,
            "losses": starts.finals,
            "bins": [{"from": low, "below": high, "starts": n} for low, high, n in starts.bins],
            "words": " ".join(starts.words),
        }
    )


def bias_lines(sweep: BiasSweep) -> Iterator[str]:
    """One object for the swept bias."""
    yield json_line(
        {
            "parameter": sweep.name,
            "neuron": sweep.neuron,
            "kind": sweep.kind,
            "updates": sweep.updates,
            "present": _bias_point(sweep.present),
            "cliffs": [{"sample": sample, "bias": bias} for sample, bias in sweep.cliffs],
            "alive_from": sweep.alive_from,
            "points": [_bias_point(point) for point in sweep.points],
            "words": " ".join(sweep.words),
        }
    )


def _bias_point(point: BiasPoint) -> dict[str, object]:
    return {
        "bias": point.bias,
        "z": point.z,
        "active": point.active,
        "gradient": point.gradient,
        "loss": point.loss,
        "after": point.after,
        "dead": point.dead,
    }


def influence_lines(influences: Iterable[Influence]) -> Iterator[str]:
    """One object for each parameter."""
    for influence in influences:
        yield json_line(
            {
                "parameter": influence.name,
                "on_output": influence.on_output,
                "on_loss": influence.on_loss,
                "numeric": influence.numeric,
                "uncertainty": influence.uncertainty,
            }
        )


def slice_lines(along: Slice, nudge: Nudge) -> Iterator[str]:
    """One object for the parameter."""
    yield json_line(
        {
            "parameter": along.name,
            "value": along.value,
            "loss": along.loss,
            "gradient": along.gradient,
            "numeric": along.numeric,
            "uncertainty": along.uncertainty,
            "step": along.step,
            "lands": along.lands,
            "loss_there": along.loss_there,
            "promised": along.promised,
            "nudge": {
                "by": nudge.by,
                "outputs_before": nudge.outputs_before,
                "outputs_after": nudge.outputs_after,
                "promised_outputs": nudge.promised_outputs,
                "loss_before": nudge.loss_before,
                "loss_after": nudge.loss_after,
                "promised_loss": nudge.promised_loss,
            },
            "points": along.points,
            "words": " ".join(along.words),
        }
    )
