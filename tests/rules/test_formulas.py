"""The formulas of the rows: derivatives against differences, and numbers worked out by hand."""

from __future__ import annotations

import math

import pytest

from tinynet_tui.engine.expression_reading import derivative, value
from tinynet_tui.engine.expressions import Expr, Name, Number
from tinynet_tui.rules.activation_rows import Activation
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS

PREDICTIONS, TARGETS = (Name("yhat1"), Name("yhat2")), (Name("y1"), Name("y2"))
OUTPUTS = {"yhat1": 0.7, "yhat2": 0.2, "y1": 1.0, "y2": 0.4}


def worked_out(expression: Expr, **values: float) -> float:
    """An expression with the values of its names."""
    return value(expression, lambda name: values[name.name])


def difference(expression: Expr, name: str, **values: float) -> float:
    """The slope along a name, from its two sides."""
    above, below = ({**values, name: values[name] + step} for step in (1e-6, -1e-6))
    return (worked_out(expression, **above) - worked_out(expression, **below)) / 2e-6


NEURONS = {name: row for name, row in ACTIVATIONS.items() if isinstance(row, Activation)}


@pytest.mark.parametrize("name", NEURONS)
@pytest.mark.parametrize("z", [-30.0, -1.5, -0.25, 0.5, 3.0])
def test_slopes_are_differences(name: str, z: float) -> None:
    """Of every activation function, on both sides of 0."""
    rule = NEURONS[name]
    formula, own = rule.formula(Name("z")), {number.name: number.default for number in rule.hyperparameters}
    slope = worked_out(derivative(formula, "z"), z=z, **own)
    assert slope == pytest.approx(difference(formula, "z", z=z, **own), rel=1e-6, abs=1e-9)
    assert not rule.is_gate or slope == (z > 0)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("output", ["yhat1", "yhat2"])
def test_gradients_are_differences(name: str, output: str) -> None:
    """Of every loss, by each of two outputs."""
    formula, values = LOSSES[name].formula(PREDICTIONS, TARGETS), {**OUTPUTS, "delta": 0.25}
    gradient = worked_out(derivative(formula, output), **values)
    assert gradient == pytest.approx(difference(formula, output, **values), rel=1e-6)


LOSSES_BY_HAND = {
    "squared_error": 0.09 + 0.04,
    "half_squared_error": 0.065,
    "mean_squared_error": 0.065,
    # −ln 0.7, and −(0.4 ln 0.2 + 0.6 ln 0.8): 0.356675 and 0.777661
    "binary_cross_entropy": (0.356675 + 0.777661) / 2,
    # −ln 0.7 − 0.4 ln 0.2
    "cross_entropy": 0.356675 + 0.643775,
    "absolute_error": 0.3 + 0.2,
    # δ = 0.25: 0.25 · (0.3 − 0.125), and 0.02
    "huber": 0.04375 + 0.02,
    # 1 − 0.7, and 1 − 0.4 · 0.2
    "hinge": 0.3 + 0.92,
}


@pytest.mark.parametrize("name", LOSSES)
def test_losses_by_hand(name: str) -> None:
    """Two outputs, 0.3 and 0.2 below their targets."""
    loss = worked_out(LOSSES[name].formula(PREDICTIONS, TARGETS), **OUTPUTS, delta=0.25)
    assert loss == pytest.approx(LOSSES_BY_HAND[name], abs=1e-6)


OPTIMISERS_BY_HAND: dict[str, tuple[dict[str, float], float]] = {
    "gradient_descent": ({}, 3.0),
    "momentum": ({"v_w": 0.9 * 2.0 + 3.0}, 4.8),
    "rmsprop": ({"s_w": 0.9 * 2.0 + 0.1 * 9.0}, 3.0 / math.sqrt(2.7)),
    "nesterov": ({"v_w": 0.9 * 2.0 + 3.0}, 3.0 + 0.9 * 4.8),
    "adagrad": ({"s_w": 2.0 + 9.0}, 3.0 / math.sqrt(11.0)),
    # Adam's below, and 0.01 of the parameter, 5.
    "adamw": (
        {"m_w": 0.9 * 2.0 + 0.3, "v_w": 0.999 * 2.0 + 0.009},
        (2.1 / 0.19) / math.sqrt(2.007 / 0.001999) + 0.05,
    ),
    # Corrected at t = 2: m / 0.19 and v / 0.001999.
    "adam": (
        {"m_w": 0.9 * 2.0 + 0.3, "v_w": 0.999 * 2.0 + 0.009},
        (2.1 / 0.19) / math.sqrt(2.007 / 0.001999),
    ),
}
"""(its new states, what it steps against)."""


@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers_by_hand(name: str) -> None:
    """A second update with the gradient 3, each state being 2 before it."""
    states, direction = OPTIMISERS_BY_HAND[name]
    rule = OPTIMISERS[name]
    own = {number.name: number.default for number in rule.hyperparameters}
    news, steps_against = rule.direction("w")
    before = {state: 2.0 for state, _ in news}
    found = {state: worked_out(new, **before, **own, **{"dL/dw": 3.0}) for state, new in news}
    assert found == pytest.approx(states)
    came = worked_out(steps_against, **found, **own, **{"dL/dw": 3.0, "t": 2.0, "w": 5.0})
    assert came == pytest.approx(direction, rel=1e-7)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_of_squares_is_what_a_gradient_below_0_does_not_bring_below_0(name: str) -> None:
    """So a lesson may not give such a state below 0."""
    rule = OPTIMISERS[name]
    own = {number.name: number.default for number in rule.hyperparameters}
    for state in rule.states:
        new = worked_out(state.formula(Number(0.0), Name("g")), g=-3.0, **own)
        assert state.is_of_squares == (new > 0)
