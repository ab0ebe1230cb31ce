"""Training as JSON Lines: one object per update. The keys and their order are a contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinynet_tui.engine.network import Setup, nested_parameters, parameters_of
from tinynet_tui.handouts.json_text import json_encoder, json_number
from tinynet_tui.handouts.training_rows import training_rows


def lines(setups: Sequence[Setup], updates: int, every: int) -> Iterator[str]:
    """One run after another; where there are several, each line has its learning rate."""
    encoder = json_encoder(ascii=True)
    for setup in setups:
        names = [parameter.name for parameter in parameters_of(setup.network)]
        rate = {"learning_rate": setup.hyperparameters.learning_rate} if len(setups) > 1 else {}
        # Where each number goes is the same in every line, so it is worked out once.
        weights, biases = nested_parameters(setup.network, tuple(map(float, range(len(setup.parameters)))))
        for row in training_rows(setup, updates, every):
            numbers = [json_number(parameter) for parameter in row.parameters]
            yield encoder.encode(
                {
                    "update": row.update,
                    **rate,
                    "loss": json_number(row.loss),
                    "predictions": [[json_number(output) for output in sample] for sample in row.predictions],
                    "weights": [[[numbers[int(i)] for i in neuron] for neuron in layer] for layer in weights],
                    "biases": [[numbers[int(i)] for i in layer] for layer in biases],
                    "parameters": dict(zip(names, numbers, strict=True)),
                }
            )
