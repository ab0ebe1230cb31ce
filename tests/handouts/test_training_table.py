"""Training as JSON Lines and as CSV."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from tests.engine import programs
from tests.engine.programs import PROGRAMS
from tests.engine.setups import LECTURE, dense_setup
from tests.published_cases import PublishedCurve, published_curves
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.training import Point, evaluation, first_point, trained, trained_in_rows
from tinynet_tui.handouts import training_table
from tinynet_tui.handouts.training_table import csv_lines, json_lines, training_rows
from tinynet_tui.networks.dense import Network
from tinynet_tui.networks.layers import nested_parameters

TWO_SAMPLES = replace(LECTURE, inputs=((1.0, 0.0), (2.0, 1.0)), targets=((2.0,), (6.0,)), batch=1)


def _with_rate(rate: float) -> Setup:
    return replace(LECTURE, hyperparameters=Hyperparameters(learning_rate=rate))


def _objects(*setups: Setup, updates: int, every: int = 1) -> list[dict[str, Any]]:
    return [json.loads(line) for line in json_lines(setups, updates, every)]


def _table(*setups: Setup, updates: int, every: int = 1) -> list[dict[str, str]]:
    return list(csv.DictReader(csv_lines(setups, updates, every)))


@pytest.mark.parametrize("curve", published_curves(), ids=lambda curve: curve.name)
def test_published_losses(curve: PublishedCurve) -> None:
    """Both formats have the loss of every update, from update 0 on."""
    updates = len(curve.losses) - 1
    expected = pytest.approx(curve.losses, rel=1e-11, abs=1e-30)
    assert [o["loss"] for o in _objects(curve.setup, updates=updates)] == expected
    assert [float(row["loss"]) for row in _table(curve.setup, updates=updates)] == expected


def test_the_first_line_is_as_the_description_has_it() -> None:
    """Update 0 is before training; the keys stand in this order."""
    line = next(iter(json_lines([LECTURE], 1, 1)))
    assert line == (
        '{"update": 0, "loss": 0.25, "predictions": [[2.5]], '
        '"weights": [[[1.0, 1.0], [0.5, -0.5]], [[1.0, 1.0]]], "biases": [[0.5, 0.0], [0.5]], '
        '"parameters": {"w1": 1.0, "w2": 0.5, "w3": 1.0, "w4": -0.5, "w5": 1.0, "w6": 1.0, '
        '"b1": 0.5, "b2": 0.0, "b3": 0.5}}'
    )


def test_with_several_learning_rates_each_line_has_its_own() -> None:
    """One run after another; with one rate there is no such key."""
    objects = _objects(_with_rate(0.005), _with_rate(0.01), updates=2)
    assert [(o["learning_rate"], o["update"]) for o in objects] == [
        (rate, update) for rate in (0.005, 0.01) for update in (0, 1, 2)
    ]
    keys = ["update", "learning_rate", "loss", "predictions", "weights", "biases", "parameters"]
    assert list(objects[0]) == keys
    assert all("learning_rate" not in o for o in _objects(_with_rate(0.005), updates=2))
    rows = _table(_with_rate(0.005), _with_rate(0.01), updates=2)
    assert [(row["learning_rate"], row["update"]) for row in rows] == [
        (rate, update) for rate in ("0.005", "0.01") for update in ("0", "1", "2")
    ]


@pytest.mark.parametrize(
    ("updates", "every", "printed"),
    [
        (0, 1, [0]),
        (1, 5, [0, 1]),
        (10, 5, [0, 5, 10]),
        (11, 5, [0, 5, 10, 11]),
        (3, 1, [0, 1, 2, 3]),
        (3, 9, [0, 3]),
    ],
)
def test_every_kth_and_the_last(updates: int, every: int, printed: list[int]) -> None:
    """Those lines are the same as when all are printed."""
    everything = _objects(LECTURE, updates=updates)
    assert _objects(LECTURE, updates=updates, every=every) == [everything[update] for update in printed]
    assert [int(row["update"]) for row in _table(LECTURE, updates=updates, every=every)] == printed


def test_the_table_has_the_numbers_of_the_objects() -> None:
    """A column for every prediction and parameter; two samples are told apart by name."""
    rows, objects = _table(TWO_SAMPLES, updates=7), _objects(TWO_SAMPLES, updates=7)
    assert list(rows[0]) == [
        "update", "loss", "yhat_sample1", "yhat_sample2",
        "w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3",
    ]  # fmt: skip
    assert list(_table(LECTURE, updates=0)[0])[2] == "yhat"
    for row, each in zip(rows, objects, strict=True):
        numbers = [float(text) for text in row.values()]
        assert [[numbers[2]], [numbers[3]]] == each["predictions"]
        weights, biases = nested_parameters(TWO_SAMPLES.model, tuple(numbers[4:]))
        assert json.loads(json.dumps([weights, biases])) == [each["weights"], each["biases"]]
        assert {name: float(row[name]) for name in list(row)[4:]} == each["parameters"]


def test_numbers_that_are_not_finite_have_names() -> None:
    """In both formats the same: inf, -inf, nan."""
    wild = replace(_with_rate(1e200), targets=((9.0,),))
    text = "\n".join(json_lines([wild], 5, 1))
    assert '"inf"' in text
    assert '"nan"' in text
    assert "NaN" not in text
    assert "Infinity" not in text
    objects, rows = _objects(wild, updates=5), _table(wild, updates=5)
    assert [row["loss"] for row in rows] == [str(o["loss"]) for o in objects]


def test_lines_come_when_they_are_asked_for() -> None:
    """The first lines of a million updates are there at once."""
    for lines in (json_lines, csv_lines):
        assert len(list(islice(lines([LECTURE], 1_000_000, 1), 3))) == 3


def test_a_negative_zero_is_0_in_every_format() -> None:
    """A leaky ReLU with a negative slope at 0 gives −0, which is no other number to a reader."""
    network = Network((1, 1), ("leaky_relu",))
    numbers = Hyperparameters(of_rules=(("alpha", -0.1),))
    setup = dense_setup(network, (1.0, 0.0), ((0.0,),), ((0.0,),), numbers, 1)
    assert str(evaluation(setup, setup.parameters).predictions[0][0]) == "-0.0"
    assert json.loads(next(json_lines([setup], 1, 1)))["predictions"] == [[0.0]]
    assert "-0.0" not in "\n".join((*json_lines([setup], 1, 1), *csv_lines([setup], 1, 1)))


def test_the_first_row_waits_for_few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large lesson little is computed before it is there."""
    asked: list[int] = []

    def counted(setup: Setup, point: Point, updates: int) -> tuple[Point, list[tuple[float, ...]]]:
        asked.append(updates)
        return trained_in_rows(setup, point, updates)

    monkeypatch.setattr(training_table, "trained_in_rows", counted)
    network = Network((16,) * 6, ("relu",) * 5)
    rows = ((0.5,) * 16,) * 64
    setup = dense_setup(network, (0.1,) * 1360, rows, rows, Hyperparameters(), 64)
    next(training_rows(setup, 300, 1))
    assert asked == [1]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_no_network_has_its_parameters_by_name(name: str) -> None:
    """And neither weights nor biases in layers; in both formats they are those of training, bit by bit."""
    setup = programs.setup_of(programs.model_of(name), name)
    after = trained(setup, first_point(setup), 3).parameters
    *_, last = _objects(setup, updates=3)
    assert list(last) == ["update", "loss", "parameters"]
    assert last["parameters"] == dict(zip(setup.model.parameter_names, after, strict=True))
    *_, row = _table(setup, updates=3)
    assert [float(row[parameter]) for parameter in setup.model.parameter_names] == list(after)
