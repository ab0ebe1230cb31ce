"""Training as JSON Lines: one object per update. The keys and their order are a contract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, islice
from math import isfinite

from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts.json_text import json_encoder
from tinynet_tui.handouts.training_rows import training_rows
from tinynet_tui.networks.dense import nested_parameters, parameters_of


def lines(setups: Sequence[Setup], updates: int, every: int) -> Iterator[str]:
    """One run after another; where there are several, each line has its learning rate."""
    for setup in setups:
        rate = {"learning_rate": setup.hyperparameters.learning_rate} if len(setups) > 1 else {}
        template, order = _template(setup, rate)
        for update, row in training_rows(setup, updates, every):
            numbers = (str(update), *map(_text, row))
            yield template % tuple(map(numbers.__getitem__, order))


def _template(setup: Setup, rate: dict[str, float]) -> tuple[str, list[int]]:
    """(a line with %s for each number, the positions in a row of the numbers that go there).

    A line is made once and filled in for every update: only its numbers change.
    """
    places = map(_place, count())
    update, loss = next(places), next(places)
    predictions = [list(islice(places, setup.network.layers[-1])) for _ in setup.inputs]
    parameters = list(islice(places, len(setup.parameters)))
    weights, biases = nested_parameters(setup.network, tuple(map(float, range(len(parameters)))))
    line = json_encoder(ascii=True).encode(
        {
            "update": update,
            **rate,
            "loss": loss,
            "predictions": predictions,
            "weights": [[[parameters[int(i)] for i in neuron] for neuron in layer] for layer in weights],
            "biases": [[parameters[int(i)] for i in layer] for layer in biases],
            "parameters": dict(zip((p.name for p in parameters_of(setup.network)), parameters, strict=True)),
        }
    )
    return _PLACE.sub("%s", line), [int(number) for number in _PLACE.findall(line)]


_PLACE = re.compile('"#([0-9]+)"')


def _place(number: int) -> str:
    """What stands in a line for a number of a row, by its position; written in JSON it is a _PLACE."""
    return f"#{number}"


def _text(number: float) -> str:
    """A number in JSON: −0 is 0, and what is not finite is a string."""
    return repr(number + 0.0) if isfinite(number) else f'"{number!r}"'
