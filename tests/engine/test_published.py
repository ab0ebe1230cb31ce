"""The numbers that others have published, by hand or by their own programs."""

from __future__ import annotations

import pytest

from tests.engine.setups import dense_setup
from tests.published_cases import PublishedCase, PublishedCurve, agrees, published_cases, published_curves
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import Run, evaluation, first_point, trained
from tinynet_tui.networks.dense import Network, dense_network


@pytest.mark.parametrize("case", published_cases(), ids=lambda case: case.name)
def test_a_published_update(case: PublishedCase) -> None:
    """Every printed number is the value of the step of its name."""
    run = trace(case.setup, first_point(case.setup))
    values = {}
    for name, _ in case.printed:
        number = run.program.number(name)
        assert number is not None, name
        values[name] = run.value(number)
    assert [n for n, printed in case.printed if not agrees(values[n], printed)] == []


def test_the_published_loss_after_a_simultaneous_update() -> None:
    """What Mazur's network has after one update in which all weights change at once."""
    (case,) = (c for c in published_cases() if c.name == "mazur_2015_biases_frozen")
    assert agrees(trace(case.setup, first_point(case.setup)).loss_after, "0.291027774")


def test_a_published_case_is_there_for_each_activation_and_loss_that_has_one() -> None:
    """No file is lost: ReLU, sigmoid, tanh; squared, half squared, cross-entropy."""
    networks = [dense_network(case.setup.model) for case in published_cases()]
    assert {a for n in networks for a in n.activations} == {"relu", "sigmoid", "tanh"}
    assert {n.loss for n in networks} == {"squared_error", "half_squared_error", "binary_cross_entropy"}


@pytest.mark.parametrize("curve", published_curves(), ids=lambda curve: curve.name)
def test_a_published_curve(curve: PublishedCurve) -> None:
    """The loss before each of 25 updates and after the last; a loss of 0 may differ by its rounding."""
    run = Run(curve.setup, first_point(curve.setup))
    run.extend(len(curve.losses) + 1)
    assert list(run.losses) == pytest.approx(list(curve.losses), rel=1e-9, abs=1e-25)


def _variable(start: float, target: float, optimizer: str, rate: float) -> Setup:
    """One number to be trained: the bias of a linear neuron with input 0; its loss: (bias − target)²."""
    network = Network((1, 1), ("linear",), optimizer=optimizer)
    numbers = Hyperparameters(learning_rate=rate)
    return dense_setup(network, (0.0, start), ((0.0,),), ((target,),), numbers, batch=1)


def test_momentum_as_published() -> None:
    """(x − 4)² from 10 with rate 0.2 and momentum 0.9: x and f(x) of four iterations.

    Source: Université de Saïda, Momentum Gradient Descent, complete solution with step-by-step calculations.
    """
    setup = _variable(10.0, 4.0, "momentum", 0.2)
    point = first_point(setup)
    assert evaluation(setup, point.parameters).loss == 36.0
    for printed in ("7.6", "4.0", "0.76", "-0.86"):
        point = trained(setup, point, 1)
        assert agrees(point.parameters[1], printed)


def test_rmsprop_by_hand() -> None:
    """θ² from 5 with rate 0.1: g = 10, s = 0.1 · 100 = 10, θ = 5 − 0.1 · 10 / √10 = 4.68377.

    Then g = 9.36754, s = 9 + 0.1 · 87.7509 = 17.7751, θ = 4.68377 − 0.1 · 9.36754 / 4.21605 = 4.46158.
    """
    setup = _variable(5.0, 0.0, "rmsprop", 0.1)
    run = trace(setup, first_point(setup))
    number = run.program.number
    values = [run.value(n) for n in map(number, ("dL/db1", "s_b1", "b1")) if n is not None]
    assert values == pytest.approx([10, 10, 4.683772], abs=1e-6)
    second = trained(setup, first_point(setup), 2)
    assert (second.parameters[1], second.state[1]) == pytest.approx((4.461585, 17.775089), abs=1e-5)


def test_adam_as_published() -> None:
    """θ² from 5 with rate 0.1: gradient 10, m 1, v 0.1, θ 4.9, and the next gradient 9.8.

    Source: MATH 3850, The Full Adam Algorithm: Algorithm 1 of the paper, a complete hand computation.
    """
    setup = _variable(5.0, 0.0, "adam", 0.1)
    run = trace(setup, first_point(setup))
    number = run.program.number
    values = [run.value(n) for n in map(number, ("dL/db1", "m_b1", "v_b1", "b1")) if n is not None]
    assert values == pytest.approx([10, 1, 0.1, 4.9], abs=1e-8)
    second = trace(setup, trained(setup, first_point(setup), 1))
    assert second.value(number("dL/db1") or 0) == pytest.approx(9.8, abs=1e-8)


@pytest.mark.parametrize(
    ("targets", "printed"),
    [(((0.0, 1.0),), "0.916"), (((0.0, 0.0),), "0.714"), (((0.0, 1.0), (0.0, 0.0)), "0.815")],
)
def test_cross_entropy_as_published(targets: tuple[tuple[float, ...], ...], printed: str) -> None:
    """Two outputs, two samples: 0.916 and 0.714, and their mean 0.815.

    Source: the documentation of tf.keras.losses.binary_crossentropy and BinaryCrossentropy.
    """
    predictions: dict[tuple[float, ...], tuple[float, float]]
    predictions = {(0.0, 1.0): (0.6, 0.4), (0.0, 0.0): (0.4, 0.6)}
    # One input per target row chooses the prediction: σ(±ln 1.5) is 0.6 or 0.4.
    logit = 0.4054651081081644
    network = Network((1, 2), ("sigmoid",), loss="binary_cross_entropy")
    inputs = tuple((1.0 if predictions[row] == (0.6, 0.4) else -1.0,) for row in targets)
    setup = dense_setup(network, (logit, -logit, 0.0, 0.0), inputs, targets, Hyperparameters(), len(inputs))
    result = evaluation(setup, setup.parameters)
    assert result.predictions[0] == pytest.approx(predictions[targets[0]], abs=1e-12)
    assert agrees(result.loss, printed)


def test_the_lecture_by_hand() -> None:
    """The design's own sentence of the example, worked out on paper."""
    (case,) = (c for c in published_cases() if c.name == "luas_lecture6_experiment1")
    run = trace(case.setup, first_point(case.setup))
    values = {step.name: run.value(n) for n, step in enumerate(run.program.steps(), start=1)}
    assert (values["h1"], values["h2"], values["yhat"], values["L"]) == (1.5, 0.5, 2.5, 0.25)
    assert (values["dL/dw5"], values["dL/dw6"], values["dL/db3"]) == (1.5, 0.5, 1.0)
    assert run.parameters_after == pytest.approx((0.99, 0.49, 1, -0.5, 0.985, 0.995, 0.49, -0.01, 0.49))
    assert run.loss_after == pytest.approx(0.18096516, abs=5e-9)
