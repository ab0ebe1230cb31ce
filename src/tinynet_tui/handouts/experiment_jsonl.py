"""Experiments as JSON Lines: one object per run, sweep or parameter. Keys and their order are a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tinynet_tui.engine.model import Rows
from tinynet_tui.experiments.dead_relu import BiasPoint, BiasSweep
from tinynet_tui.experiments.initial_values import StartRun
from tinynet_tui.experiments.learning_rates import RateRun
from tinynet_tui.experiments.many_starts import ManyStarts
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.sensitivity import Influence, Nudge, Slice
from tinynet_tui.handouts.json_text import json_encoder, json_number


def rate_lines(runs: Iterable[RateRun]) -> Iterator[str]:
    """One object for each learning rate."""
    for run in runs:
        yield _line(
            {
                "learning_rate": run.learning_rate,
                "losses": _numbers(run.losses),
                "rises": run.rises,
                "verdict": run.verdict,
                "at": run.at,
                "words": run.words,
            }
        )


def rate_sweep_lines(sweep: RateSweep) -> Iterator[str]:
    """One object for each learning rate that was tried."""
    for index, rate in enumerate(sweep.rates):
        yield _line(
            {
                "learning_rate": rate,
                "loss": json_number(sweep.final[index]),
                "verdict": sweep.verdicts[index],
                "best": index == sweep.best,
                "cliff": rate == sweep.cliff,
                "wall": rate == sweep.wall,
            }
        )


def start_lines(runs: Iterable[StartRun]) -> Iterator[str]:
    """One object for each recipe."""
    for run in runs:
        yield _line(
            {
                "recipe": run.recipe,
                "seed": run.seed,
                "losses": _numbers(run.losses),
                "verdict": run.verdict,
                "at": run.at,
                "neurons": [
                    {
                        "name": neuron.name,
                        "fate": neuron.fate,
                        "twin_of": neuron.twin_of,
                        "difference": _number(neuron.difference),
                    }
                    for neuron in run.neurons
                ],
                "words": run.words,
            }
        )


def many_starts_lines(starts: ManyStarts) -> Iterator[str]:
    """One object for all starts."""
    yield _line(
        {
            "recipe": starts.recipe,
            "seed": starts.seed,
            "starts": starts.starts,
            "updates": starts.updates,
            "threshold": starts.threshold,
            "reached": starts.reached,
            "died": starts.died,
            "not_finite": starts.not_finite,
            "losses": _numbers(starts.finals),
            "bins": [{"from": low, "below": json_number(high), "starts": n} for low, high, n in starts.bins],
            "words": " ".join(starts.words),
        }
    )


def bias_lines(sweep: BiasSweep) -> Iterator[str]:
    """One object for the swept bias."""
    yield _line(
        {
            "parameter": sweep.name,
            "neuron": sweep.neuron,
            "kind": sweep.kind,
            "updates": sweep.updates,
            "present": _bias_point(sweep.present),
            "cliffs": [{"sample": sample, "bias": json_number(bias)} for sample, bias in sweep.cliffs],
            "alive_from": json_number(sweep.alive_from),
            "points": [_bias_point(point) for point in sweep.points],
            "words": " ".join(sweep.words),
        }
    )


def _bias_point(point: BiasPoint) -> dict[str, object]:
    return {
        "bias": json_number(point.bias),
        "z": _numbers(point.z),
        "active": point.active,
        "gradient": json_number(point.gradient),
        "loss": json_number(point.loss),
        "after": json_number(point.after),
        "dead": point.dead,
    }


def influence_lines(influences: Iterable[Influence]) -> Iterator[str]:
    """One object for each parameter."""
    for influence in influences:
        yield _line(
            {
                "parameter": influence.name,
                "on_output": json_number(influence.on_output),
                "on_loss": json_number(influence.on_loss),
                "numeric": json_number(influence.numeric),
                "uncertainty": json_number(influence.uncertainty),
            }
        )


def slice_lines(along: Slice, nudge: Nudge) -> Iterator[str]:
    """One object for the parameter."""
    yield _line(
        {
            "parameter": along.name,
            "value": json_number(along.value),
            "loss": json_number(along.loss),
            "gradient": json_number(along.gradient),
            "numeric": json_number(along.numeric),
            "uncertainty": json_number(along.uncertainty),
            "step": json_number(along.step),
            "lands": json_number(along.lands),
            "loss_there": json_number(along.loss_there),
            "promised": json_number(along.promised),
            "nudge": {
                "by": nudge.by,
                "outputs_before": _rows(nudge.outputs_before),
                "outputs_after": _rows(nudge.outputs_after),
                "promised_outputs": _rows(nudge.promised_outputs),
                "loss_before": json_number(nudge.loss_before),
                "loss_after": json_number(nudge.loss_after),
                "promised_loss": json_number(nudge.promised_loss),
            },
            "points": [_numbers(point) for point in along.points],
            "words": " ".join(along.words),
        }
    )


_ENCODER = json_encoder(ascii=True)


def _line(fields: Mapping[str, object]) -> str:
    return _ENCODER.encode(fields)


def _number(number: float | None) -> float | str | None:
    return None if number is None else json_number(number)


def _numbers(numbers: Sequence[float]) -> list[float | str]:
    return [json_number(number) for number in numbers]


def _rows(rows: Rows) -> list[list[float | str]]:
    return [_numbers(row) for row in rows]
