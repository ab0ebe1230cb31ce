"""Cross-entropy where σ is rounded to exactly 0 or 1: 0 · ln 0 is 0, and what is infinite is not hidden."""

from __future__ import annotations

from array import array
from dataclasses import replace
from importlib import import_module
from math import inf, isnan
from typing import Any

import pytest

from tests.engine.bits import bits
from tests.engine.setups import setup_of
from tests.frameworks.one_process import installed
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.networks.dense import Network, dense_model
from tinynet_tui.rules.optimisers import OPTIMISERS

ONE_OUTPUT = Network((1, 1), ("sigmoid",), "binary_cross_entropy")
TWO_OUTPUTS = Network((1, 2), ("sigmoid",), "binary_cross_entropy")
RATE = Hyperparameters(learning_rate=0.5)


def saturated(weight: float, target: float, **changes: Any) -> Setup:
    """σ(weight · 1), which is rounded to 0 or 1."""
    setup = setup_of(ONE_OUTPUT, (weight, 0.0), inputs=((1.0,),), targets=((target,),), hyperparameters=RATE)
    return replace(setup, **changes)


def known(setup: Setup) -> dict[str, float]:
    """The values of the steps of the first update, by name."""
    update = trace(setup, first_point(setup))
    return {step.name: update.value(number) for number, step in enumerate(update.program.steps(), start=1)}


@pytest.mark.parametrize(("weight", "target"), [(40.0, 1.0), (800.0, 1.0), (-800.0, 0.0)])
def test_a_right_answer_costs_nothing_and_changes_nothing(weight: float, target: float) -> None:
    """The limits by hand: −(1 · ln 1 + 0 · ln 0) = 0, and its derivative −1 or 1 times σ′ = 0."""
    values = known(saturated(weight, target))
    assert values["yhat"] == target
    assert values["L"] == values["check"] == 0.0
    assert values["dL/dyhat"] == (-1.0 if target else 1.0)
    assert [values[name] for name in ("dL/dz1", "dL/dw1", "dL/db1")] == [0.0, 0.0, 0.0]
    assert (values["w1"], values["b1"]) == (weight, 0.0)


@pytest.mark.parametrize(("weight", "target"), [(40.0, 0.0), (-800.0, 1.0), (40.0, 0.5)])
def test_a_wrong_answer_is_infinitely_wrong(weight: float, target: float) -> None:
    """−ln 0 is inf, and inf · σ′ = inf · 0 has no value: it never looks like a gradient of 0."""
    values = known(saturated(weight, target))
    assert values["L"] == inf
    assert abs(values["dL/dyhat"]) == inf
    assert isnan(values["dL/dz1"])
    assert isnan(values["w1"])


def test_one_right_output_beside_an_undecided_one() -> None:
    """ŷ = (1, ½), y = (1, 0): L = (0 + ln 2) / 2, and (ŷ − y) / 2 = (0, ¼) at the sums."""
    setup = setup_of(TWO_OUTPUTS, (40.0, 0.0, 0.0, 0.0), inputs=((1.0,),), targets=((1.0, 0.0),))
    values = known(setup)
    assert values["L"] == pytest.approx(0.34657359027997264, rel=1e-15)
    assert (values["dL/dz1"], values["dL/dz2"]) == (0.0, 0.25)


SEVERAL = saturated(40.0, 1.0, inputs=((1.0,), (0.0,), (-20.0,)), targets=((1.0,), (1.0,), (0.0,)), batch=3)
"""ŷ = 1, ½ and σ(−800) = 0; two of the three are exactly right."""


def test_a_batch_of_them() -> None:
    """L = (0 + ln 2 + 0) / 3; of the gradients only sample 2 has one, σ(0) − 1 = −½, on the bias."""
    update = trace(SEVERAL, first_point(SEVERAL))
    assert update.loss_before == pytest.approx(0.23104906018664842, rel=1e-15)
    assert update.gradient("w1") == 0.0
    assert update.gradient("b1") == pytest.approx(-0.5 / 3, rel=1e-15)


@pytest.mark.parametrize("batch", [1, 2, 3])
@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_the_loop_has_the_bits_of_the_steps(batch: int, optimizer: Any) -> None:
    """Over five updates, for every optimiser."""
    setup = replace(SEVERAL, batch=batch, model=dense_model(ONE_OUTPUT._replace(optimizer=optimizer)))
    point, losses = first_point(setup), array("d")
    for _ in range(5):
        update = trace(setup, point)
        point = trained(setup, point, 1, losses)
        assert bits(update.parameters_after) == bits(point.parameters)
    assert all(0.0 <= loss < 1.0 for loss in losses)


@pytest.mark.parametrize(("weight", "target"), [(40.0, 1.0), (-800.0, 0.0)])
def test_pytorch_has_the_same_loss_and_gradients(weight: float, target: float) -> None:
    """Of a right answer, where PyTorch is installed."""
    installed("PyTorch")
    torch: Any = import_module("torch")
    w = torch.tensor([weight], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([target], dtype=torch.float64)
    loss = torch.nn.functional.binary_cross_entropy(torch.sigmoid(w), y)
    loss.backward()
    values = known(saturated(weight, target))
    assert (values["L"], values["dL/dw1"]) == (loss.item(), w.grad.item())
