"""What .grad holds, and what it would hold had it not been set to 0."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tests import reference
from tests.engine.setups import LECTURE, rebuilt, setups
from tests.examples import examples
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments.wrong_updates import accumulated_gradient
from tinynet_tui.networks.dense import dense_network, parameters_of


def first_two(setup: Setup) -> tuple[Trace, Trace]:
    """The first two updates."""
    first = first_point(setup)
    return trace(setup, first), trace(setup, trained(setup, first, 1))


def test_the_lecture_by_hand() -> None:
    """After update 1 ŷ = 2.4254 and w5 = 0.985: ∂L/∂w1 = 0.8508 · 0.985 comes on top of the 1 before it."""
    found = accumulated_gradient(*first_two(LECTURE), "w1")
    assert (found.left, found.own) == pytest.approx((1.0, 0.838038))
    assert found.held == pytest.approx(1.838038)
    assert found.parameter == pytest.approx(0.99 - 0.01 * 1.838038)


def test_an_optimizer_takes_the_gradient_as_it_finds_it() -> None:
    """Momentum by hand: v = 0.9 · 1 + 1.838038, and w1 = 0.99 − 0.01 · 2.738038."""
    heavy = rebuilt(LECTURE, optimizer="momentum")
    found = accumulated_gradient(*first_two(heavy), "w1")
    assert found.held == pytest.approx(1.838038)
    assert found.parameter == pytest.approx(0.99 - 0.01 * 2.738038)


def test_rmsprop_squares_the_gradient_that_it_finds() -> None:
    """Its state is of both gradients, too: by the reference's rule for one number."""
    heavy = rebuilt(LECTURE, optimizer="rmsprop")
    before, now = first_two(heavy)
    rule = reference.RMSprop(0.01, 0.9, 1e-8)
    first = rule.step(1.0, before.gradient("w1"))
    found = accumulated_gradient(before, now, "w1")
    assert found.parameter == pytest.approx(rule.step(first, found.held))


@examples(30)
@given(setups())
def test_left_always_it_is_momentum_without_loss(setup: Setup) -> None:
    """In update 2 plain descent comes to where momentum with μ = 1 does, whose velocity is all gradients."""
    plain = rebuilt(setup, optimizer="gradient_descent")
    plain = replace(plain, hyperparameters=setup.hyperparameters._replace(of_rules=(("mu", 1.0),)))
    heavy = rebuilt(plain, optimizer="momentum")
    expected = trained(heavy, first_point(heavy), 2).parameters
    before, now = first_two(plain)
    for parameter, value in zip(parameters_of(dense_network(plain.model)), expected, strict=True):
        found = accumulated_gradient(before, now, parameter.name)
        if found.parameter is not None:
            assert found.parameter == pytest.approx(value, rel=1e-9, abs=1e-12)


def test_frozen_biases_become_nothing() -> None:
    """They have a gradient, which adds up as well, and no update."""
    frozen = rebuilt(LECTURE, train_biases=False)
    found = accumulated_gradient(*first_two(frozen), "b1")
    assert found.left == 1.0
    assert found.parameter is None
