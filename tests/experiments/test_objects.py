"""The objects of experiments in JSON Lines: every key, in its order, with the number that is meant."""

from __future__ import annotations

import json
from collections.abc import Iterable
from math import inf, nan

import pytest

from tests.engine.setups import LECTURE
from tinynet_tui.engine.training import Run, first_point
from tinynet_tui.experiments.dead_relu import DEAD_RELU, BiasPoint, BiasSweep
from tinynet_tui.experiments.influences import INFLUENCES, Influence
from tinynet_tui.experiments.initial_values import INITIAL_VALUES, HiddenNeuron, StartRun
from tinynet_tui.experiments.learning_rates import LEARNING_RATES
from tinynet_tui.experiments.loss_slice import LOSS_SLICE, ParameterChange, Slice
from tinynet_tui.experiments.many_starts import MANY_STARTS, ManyStarts
from tinynet_tui.experiments.rate_finder import RATE_FINDER, RateSweep
from tinynet_tui.experiments.side_by_side import side_by_side
from tinynet_tui.experiments.varied_run import VariedRun
from tinynet_tui.handouts.records import json_line

_RUN = Run(LECTURE, first_point(LECTURE))
_RATES = VariedRun(0.25, (0.5, inf), 3, "diverged", 1, "It went.", _RUN)
_SWEEP = RateSweep(
    25,
    9.0,
    (0.1, 0.2, 0.4, 0.8),
    (3.5, 1.5, 2.5, nan),
    ("slow", "falls", "rises", "diverged"),
    1,
    0.4,
    0.8,
)
_TWIN = HiddenNeuron("node 1", "twin", "node 2", 0.0)
_START = StartRun("he", (0.5, 0.25), 3, "falls", None, "It fell.", _RUN, 7, (_TWIN,))
_STARTS = ManyStarts("he", 7, 3, 200, 0.01, 1, 2, 0, (0.005, 4.0, 5.0), ((0.0, 1.0, 1),), ("One.", "Two."))
_HERE = BiasPoint(0.5, (1.5, -2.0), (1,), -0.75, 4.0, 3.0, "for some samples")
_BIAS = BiasSweep("b1", "node 1", "hidden", 25, _HERE, ((1, -1.0), (2, 2.5)), -1.0, (_HERE,), ("Dead.",))
_INFLUENCE = Influence("w5", 1.25, -1.5, -1.75, 0.125)
_NUDGE = ParameterChange(0.1, ("yhat",), ((2.5,),), ((2.65,),), ((0.16,),), 0.25, 0.4225, 0.15)
_SLICE = Slice(
    "w5",
    1.0,
    0.25,
    1.5,
    1.625,
    0.125,
    -0.015,
    0.985,
    0.228,
    -0.0225,
    _NUDGE,
    ((0.0, 6.0), (2.0, 7.0)),
    ("Down.",),
)


_BIAS_POINT = {
    "bias": 0.5,
    "z": [1.5, -2.0],
    "active": [1],
    "gradient": -0.75,
    "loss": 4.0,
    "after": 3.0,
    "dead": "for some samples",
}


@pytest.mark.parametrize(
    ("lines", "objects"),
    [
        (
            map(json_line, LEARNING_RATES.objects(side_by_side([_RATES]))),
            [
                {
                    "learning_rate": 0.25,
                    "losses": [0.5, "inf"],
                    "rises": 3,
                    "verdict": "diverged",
                    "at": 1,
                    "words": "It went.",
                }
            ],
        ),
        (
            map(json_line, RATE_FINDER.objects(_SWEEP)),
            [
                {
                    "learning_rate": rate,
                    "loss": loss,
                    "verdict": verdict,
                    "best": rate == 0.2,
                    "cliff": rate == 0.4,
                    "wall": rate == 0.8,
                }
                for rate, loss, verdict in (
                    (0.1, 3.5, "slow"),
                    (0.2, 1.5, "falls"),
                    (0.4, 2.5, "rises"),
                    (0.8, "nan", "diverged"),
                )
            ],
        ),
        (
            map(json_line, INITIAL_VALUES.objects(side_by_side([_START]))),
            [
                {
                    "recipe": "he",
                    "seed": 7,
                    "losses": [0.5, 0.25],
                    "verdict": "falls",
                    "at": None,
                    "neurons": [{"name": "node 1", "fate": "twin", "twin_of": "node 2", "difference": 0.0}],
                    "words": "It fell.",
                }
            ],
        ),
        (
            map(json_line, MANY_STARTS.objects(_STARTS)),
            [
                {
                    "recipe": "he",
                    "seed": 7,
                    "starts": 3,
                    "updates": 200,
                    "threshold": 0.01,
                    "reached": 1,
                    "died": 2,
                    "not_finite": 0,
                    "losses": [0.005, 4.0, 5.0],
                    "bins": [{"from": 0.0, "below": 1.0, "starts": 1}],
                    "words": "One. Two.",
                }
            ],
        ),
        (
            map(json_line, DEAD_RELU.objects(_BIAS)),
            [
                {
                    "parameter": "b1",
                    "neuron": "node 1",
                    "kind": "hidden",
                    "updates": 25,
                    "present": _BIAS_POINT,
                    "cliffs": [{"sample": 1, "bias": -1.0}, {"sample": 2, "bias": 2.5}],
                    "alive_from": -1.0,
                    "points": [_BIAS_POINT],
                    "words": "Dead.",
                }
            ],
        ),
        (
            map(json_line, INFLUENCES.objects((_INFLUENCE,))),
            [
                {
                    "parameter": "w5",
                    "on_output": 1.25,
                    "on_loss": -1.5,
                    "numeric": -1.75,
                    "uncertainty": 0.125,
                    "output": "yhat",
                }
            ],
        ),
        (
            map(json_line, LOSS_SLICE.objects(_SLICE)),
            [
                {
                    "parameter": "w5",
                    "value": 1.0,
                    "loss": 0.25,
                    "gradient": 1.5,
                    "numeric": 1.625,
                    "uncertainty": 0.125,
                    "step": -0.015,
                    "lands": 0.985,
                    "loss_there": 0.228,
                    "promised": -0.0225,
                    "nudge": {
                        "by": 0.1,
                        "outputs": ["yhat"],
                        "outputs_before": [[2.5]],
                        "outputs_after": [[2.65]],
                        "promised_outputs": [[0.16]],
                        "loss_before": 0.25,
                        "loss_after": 0.4225,
                        "promised_loss": 0.15,
                    },
                    "points": [[0.0, 6.0], [2.0, 7.0]],
                    "words": "Down.",
                }
            ],
        ),
    ],
    ids=["rates", "rate finder", "starts", "many starts", "bias", "influences", "slice"],
)
def test_whole_objects(lines: Iterable[str], objects: list[dict[str, object]]) -> None:
    """Each number of a result stands under its own key."""
    for line, expected in zip(lines, objects, strict=True):
        found = json.loads(line)
        assert found == expected
        assert list(found) == list(expected)
