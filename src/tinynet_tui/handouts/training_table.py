"""A training run as a table: a row for each update that is printed, as CSV or as JSON Lines.

The names in both formats and their order are a contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, islice

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import Row, first_point, row_at, trained_in_rows
from tinynet_tui.experiments.long_work import Watch, part, point_later, unwatched
from tinynet_tui.handouts.records import csv_line, json_line, json_number
from tinynet_tui.networks.layers import nested_parameters

_AT_ONCE = 100_000
"""Numbers that are computed together: few enough for little memory, and for the first row to come soon."""
_PLACE = re.compile('"#([0-9]+)"')
"""What stands in a line of JSON for a number of a row, by its position."""


def training_rows(
    setup: Setup, updates: int, every: int, watch: Watch = unwatched
) -> Iterator[tuple[int, Row]]:
    """(updates done, where training stands then) for update 0, every n-th, and the last."""
    point = first_point(setup)
    at_once = max(1, _AT_ONCE // len(row_at(setup, point)) // len(setup.inputs))
    while (done := point.update - 1) < updates:
        watch(done / updates)
        if every == 1:
            point, rows = trained_in_rows(setup, point, min(at_once, updates - done))
            yield from enumerate(rows, start=done)
        else:
            yield done, row_at(setup, point)
            more = min(every, updates - done)
            point = point_later(setup, point, more, _within(watch, done / updates, more / updates))
    yield done, row_at(setup, point)


def _within(watch: Watch, done: float, share: float) -> Watch:
    """The watch of a part of a work, before which so much of it is done."""
    return lambda part_done: watch(done + share * part_done)


def csv_lines(setups: Sequence[Setup], updates: int, every: int, watch: Watch = unwatched) -> Iterator[str]:
    """A heading, then one run after another; where there are several, a column has their learning rate."""
    several = len(setups) > 1
    yield csv_line(csv_heading(setups[0], several))
    for index, setup in enumerate(setups):
        rate = (setup.hyperparameters.learning_rate,) if several else ()
        for update, row in training_rows(setup, updates, every, part(watch, index, len(setups))):
            yield csv_line((update, *rate, *row))


def csv_heading(setup: Setup, several: bool) -> tuple[str, ...]:
    """The names of the columns: update, loss, yhat, w1, …; several samples: yhat_sample1, yhat_sample2, …"""
    outputs = setup.model.predictions
    samples = range(1, len(setup.inputs) + 1)
    predictions = (
        outputs if len(samples) == 1 else [f"{name}_sample{sample}" for sample in samples for name in outputs]
    )
    return (
        "update",
        *(("learning_rate",) if several else ()),
        "loss",
        *predictions,
        *setup.model.parameter_names,
    )


def json_lines(setups: Sequence[Setup], updates: int, every: int, watch: Watch = unwatched) -> Iterator[str]:
    """One run after another; where there are several, each line has its learning rate."""
    for index, setup in enumerate(setups):
        rate = {"learning_rate": setup.hyperparameters.learning_rate} if len(setups) > 1 else {}
        template, order = _json_template(setup, rate)
        for update, row in training_rows(setup, updates, every, part(watch, index, len(setups))):
            numbers = (str(update), *map(json_number, row))
            yield template % tuple(map(numbers.__getitem__, order))


def _json_template(setup: Setup, rate: dict[str, float]) -> tuple[str, list[int]]:
    """(a line with %s for each number, the positions in a row of the numbers that go there).

    A line is made once and filled in for every update: only its numbers change.
    """
    model = setup.model
    places = (f"#{number}" for number in count())
    update, loss = next(places), next(places)
    predictions = [list(islice(places, len(model.predictions))) for _ in setup.inputs]
    parameters = list(islice(places, len(model.parameters)))
    weights, biases = nested_parameters(model, parameters)
    in_layers = {"predictions": predictions, "weights": weights, "biases": biases} if weights else {}
    line = json_line(
        {
            "update": update,
            **rate,
            "loss": loss,
            **in_layers,
            "parameters": dict(zip(model.parameter_names, parameters, strict=True)),
        }
    )
    return _PLACE.sub("%s", line), [int(number) for number in _PLACE.findall(line)]
