"""The worked examples of others: their inputs as setups, and the numbers they print."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.setups import dense_setup
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.networks.dense import Network, flat_parameters

_DIRECTORY = Path(__file__).parent / "published"
_CURVES = "lecture_curves"


@dataclass(frozen=True)
class PublishedCase:
    """One worked example of a single update."""

    name: str
    setup: Setup
    printed: tuple[tuple[str, str], ...]
    """(step name, number as its source prints it)."""


@dataclass(frozen=True)
class PublishedCurve:
    """One published run of the 2-2-1 ReLU network."""

    name: str
    setup: Setup
    losses: tuple[float, ...]
    """losses[k] is the loss before update k + 1."""
    rises: int
    """How often the next loss is higher."""
    output_dead_since: int | None
    """The update (from 0, which is before training) since which the output is dead."""
    hidden_dead_at_end: tuple[bool, ...]


def published_cases() -> tuple[PublishedCase, ...]:
    """Every worked example in tests/published."""
    paths = sorted(path for path in _DIRECTORY.glob("*.json") if path.stem != _CURVES)
    return tuple(_case(json.loads(path.read_text(encoding="utf-8"))) for path in paths)


def published_curves() -> tuple[PublishedCurve, ...]:
    """Every run in tests/published/lecture_curves.json."""
    curves = json.loads((_DIRECTORY / f"{_CURVES}.json").read_text(encoding="utf-8"))
    return tuple(_curve(run) for run in curves["runs"])


def agrees(value: float, printed: str) -> bool:
    """Whether a value is the printed number, as far as its decimals go (or to the last bits of a double)."""
    unit = 10.0 ** Decimal(printed).as_tuple().exponent  # type: ignore[operator]
    return abs(value - float(printed)) <= max(0.5000001 * unit, 4e-16 * abs(value))


def _case(fields: dict[str, Any]) -> PublishedCase:
    network = Network(
        layers=tuple(fields["layers"]),
        activations=tuple(fields["activations"]),
        loss=fields["loss"],
        numbering=fields["numbering"],
        train_biases=fields["train_biases"],
    )
    setup = dense_setup(
        network,
        flat_parameters(network, fields["weights"], fields["biases"]),
        tuple(map(tuple, fields["inputs"])),
        tuple(map(tuple, fields["targets"])),
        Hyperparameters(learning_rate=fields["learning_rate"]),
        batch=len(fields["inputs"]),
    )
    return PublishedCase(fields["name"], setup, tuple(fields["printed"].items()))


def _curve(run: dict[str, Any]) -> PublishedCurve:
    network = Network((2, 2, 1), ("relu", "relu"), numbering="source")
    setup = dense_setup(
        network,
        tuple(map(float, run["parameters"])),
        (tuple(map(float, run["input"])),),
        ((float(run["target"]),),),
        Hyperparameters(learning_rate=run["learning_rate"]),
        batch=1,
    )
    return PublishedCurve(
        run["name"],
        setup,
        tuple(run["losses"]),
        run["rises"],
        run["output_dead_since"],
        tuple(run["hidden_dead_at_end"]),
    )
