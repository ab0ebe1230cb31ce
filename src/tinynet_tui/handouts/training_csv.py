"""Training as a CSV table: one row per update, a column for every number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinynet_tui.engine.model import Setup
from tinynet_tui.handouts.csv_text import csv_line
from tinynet_tui.handouts.training_rows import training_rows
from tinynet_tui.networks.dense import activation_name, parameters_of


def lines(setups: Sequence[Setup], updates: int, every: int) -> Iterator[str]:
    """A heading, then one run after another; where there are several, a column has their learning rate."""
    several = len(setups) > 1
    yield csv_line(heading(setups[0], several))
    for setup in setups:
        rate = (setup.hyperparameters.learning_rate,) if several else ()
        for update, row in training_rows(setup, updates, every):
            yield csv_line((update, *rate, *row))


def heading(setup: Setup, several: bool) -> tuple[str, ...]:
    """The names of the columns: update, loss, yhat, w1, …; several samples: yhat_sample1, yhat_sample2, …"""
    network = setup.network
    outputs = [activation_name(network, network.depth, neuron) for neuron in range(1, network.layers[-1] + 1)]
    samples = range(1, len(setup.inputs) + 1)
    predictions = (
        outputs if len(samples) == 1 else [f"{name}_sample{sample}" for sample in samples for name in outputs]
    )
    parameters = (parameter.name for parameter in parameters_of(network))
    return ("update", *(("learning_rate",) if several else ()), "loss", *predictions, *parameters)
