"""The reference against the definition of a derivative."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given

from tests import reference
from tests.engine.setups import is_smooth, reference_of, setups
from tests.examples import examples
from tinynet_tui.engine.model import Setup


@given(setups())
@examples(35)
def test_gradients_are_central_differences(setup: Setup) -> None:
    """Each gradient of the reference is the slope of its own batch loss."""
    assume(is_smooth(setup))
    model = reference_of(setup)
    scale = 1 + abs(reference.batch_loss(model, setup.inputs, setup.targets))
    weights, biases = reference.batch_gradients(model, setup.inputs, setup.targets)
    rows = [r for layer in model.weights for r in layer] + model.biases
    slopes = [r for layer in weights for r in layer] + biases
    for row, gradients in zip(rows, slopes, strict=True):
        for index, gradient in enumerate(gradients):
            kept, h = row[index], 1e-5
            row[index] = kept + h
            above = reference.batch_loss(model, setup.inputs, setup.targets)
            row[index] = kept - h
            below = reference.batch_loss(model, setup.inputs, setup.targets)
            row[index] = kept
            assert (above - below) / (2 * h) == pytest.approx(gradient, rel=1e-4, abs=1e-5 * scale)


def test_momentum_as_published() -> None:
    """(x − 4)² from 10, rate 0.2, β 0.9.

    Source: Université de Saïda, Momentum Gradient Descent, complete solution.
    """
    momentum, x = reference.Momentum(0.2, 0.9), 10.0
    for printed in (7.6, 4.0, 0.76, -0.86):
        x = momentum.step(x, 2 * (x - 4))
        assert x == pytest.approx(printed, abs=0.005)


def test_adam_as_published() -> None:
    """θ² from 5, rate 0.1: m 1, v 0.1, θ 4.9.

    Source: MATH 3850, The Full Adam Algorithm, a complete hand computation.
    """
    adam = reference.Adam(0.1, 0.9, 0.999, 1e-8)
    assert adam.step(5.0, 10.0) == pytest.approx(4.9, abs=1e-9)
    assert [adam.m, adam.v] == pytest.approx([1.0, 0.1])


@pytest.mark.parametrize(
    ("target", "prediction", "printed"),
    [((0.0, 1.0), (0.6, 0.4), 0.916), ((0.0, 0.0), (0.4, 0.6), 0.714)],
)
def test_cross_entropy_as_published(
    target: tuple[float, ...], prediction: tuple[float, ...], printed: float
) -> None:
    """The example in the documentation of tf.keras.losses.binary_crossentropy."""
    value = reference.sample_loss("binary_cross_entropy", prediction, target)
    assert value == pytest.approx(printed, abs=0.0005)


def test_sigmoid_is_its_definition() -> None:
    """The reference writes the logistic function by tanh; here it is 1 / (1 + e⁻ᶻ)."""
    for z in (-3.0, -0.5, 0.0, 0.1, 4.0):
        assert reference.activate("sigmoid", z, 0.0) == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-14)
