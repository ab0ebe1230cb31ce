"""Training, tracing and the printed loop for programs that are no dense networks.

The losses are written here a second time, as one would by hand; their gradients are differences.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import pytest

from tests import reference
from tests.engine.bits import bits
from tests.engine.programs import PROGRAMS, model_of, setup_of
from tests.frameworks.one_process import installed
from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.steps import state_names
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import Point, Run, evaluation, first_point, row_at, trained, trained_in_rows

Vector = Sequence[Any]


def _softmax(p: Vector, x: Vector, y: Vector, maths: Any) -> Any:
    w, b = p[:6], p[6:]
    powers = [maths.exp(w[2 * k] * x[0] + w[2 * k + 1] * x[1] + b[k]) for k in range(3)]
    return -sum(y[k] * maths.log(powers[k] / sum(powers)) for k in range(3))


def _recurrent(p: Vector, x: Vector, y: Vector, maths: Any) -> Any:
    w, u, b, v, c = p
    h = maths.tanh(w * x[0] + b)
    for later in x[1:]:
        h = maths.tanh(w * later + u * h + b)
    return (v * h + c - y[0]) ** 2


def _attention(p: Vector, x: Vector, y: Vector, maths: Any) -> Any:
    wq, wk, wv, wo = p[0:2], p[2:4], p[4:6], p[6]
    tokens = (x[0:2], x[2:4])

    def seen(weights: Vector, token: Vector) -> Any:
        return weights[0] * token[0] + weights[1] * token[1]

    powers = [maths.exp(seen(wq, tokens[1]) * seen(wk, token)) for token in tokens]
    looked_up = sum(a * seen(wv, token) for a, token in zip(powers, tokens, strict=True)) / sum(powers)
    return (wo * (looked_up + x[2]) - y[0]) ** 2


def _plain_function(p: Vector, _x: Vector, _y: Vector, _maths: Any) -> Any:
    return 0.1 * p[0] ** 2 + 2 * p[1] ** 2


LOSSES: dict[str, Callable[[Vector, Vector, Vector, Any], Any]] = {
    "softmax": _softmax,
    "recurrent": _recurrent,
    "attention": _attention,
    "plain function": _plain_function,
}

FOLLOWERS: dict[str, Callable[[float], reference.Adam | reference.Momentum | reference.Descent]] = {
    "gradient_descent": reference.Descent,
    "momentum": lambda rate: reference.Momentum(rate, 0.9),
    "adam": lambda rate: reference.Adam(rate, 0.9, 0.999, 1e-8),
}

every_program = pytest.mark.parametrize("name", PROGRAMS)
every_optimizer = pytest.mark.parametrize("optimizer", FOLLOWERS)


def _setups(name: str, optimizer: str) -> list[Setup]:
    """One sample; several in one batch, with L2; several in short batches, added up."""
    joined, added = model_of(name, optimizer, "mean", l2=True), model_of(name, optimizer, "sum")
    return [setup_of(added, name), setup_of(joined, name, 3, 3), setup_of(added, name, 5, 2)]


def _batch_loss(setup: Setup, name: str, rows: range, p: Vector, maths: Any = math) -> Any:
    """The loss of some samples (from 0), L2 included."""
    losses = [LOSSES[name](p, setup.inputs[row], setup.targets[row], maths) for row in rows]
    total = sum(losses) / (len(rows) if setup.model.reduction == "mean" else 1)
    decayed = [w for w, found in zip(p, setup.model.parameters, strict=True) if found.penalties]
    return total + 0.5 * setup.hyperparameters.l2 * sum(w**2 for w in decayed)


def _batch(setup: Setup, update: int) -> range:
    """The samples of an update, counted off by hand."""
    starts = range(0, len(setup.inputs), setup.batch)
    start = starts[(update - 1) % len(starts)]
    return range(start, min(start + setup.batch, len(setup.inputs)))


def _gradient(loss: Callable[[Vector], float], p: list[float], index: int) -> float:
    """The derivative of a loss by one of its parameters: a difference of fourth order."""

    def moved(by: float) -> float:
        return loss([*p[:index], p[index] + by, *p[index + 1 :]])

    h = 1e-3
    return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)


@every_program
@every_optimizer
def test_training_is_that_of_a_program_written_by_hand(name: str, optimizer: str) -> None:
    """Six updates: each parameter follows the differences of the loss, a frozen one stays."""
    for setup in _setups(name, optimizer):
        followers = [FOLLOWERS[optimizer](0.1) for _ in setup.parameters]
        p = list(setup.parameters)
        for update in range(1, 7):
            loss = partial(_batch_loss, setup, name, _batch(setup, update))
            gradients = [_gradient(loss, p, index) for index in range(len(p))]
            p = [
                follower.step(old, gradient) if parameter.is_trained else old
                for follower, old, gradient, parameter in zip(
                    followers, p, gradients, setup.model.parameters, strict=True
                )
            ]
        after = trained(setup, first_point(setup), 6).parameters
        assert after == pytest.approx(p, rel=1e-6, abs=1e-7)
        expected = _batch_loss(setup, name, range(len(setup.inputs)), after)
        assert evaluation(setup, after).loss == pytest.approx(expected, rel=1e-12)


@every_program
@every_optimizer
def test_gradients_of_a_batch_are_differences_of_its_loss(name: str, optimizer: str) -> None:
    """In the trace of the second update, joined over the samples and L2 included."""
    for setup in _setups(name, optimizer):
        run = trace(setup, trained(setup, first_point(setup), 1))
        p = list(run.start.parameters)
        loss = partial(_batch_loss, setup, name, _batch(setup, 2))
        assert run.loss_before == pytest.approx(loss(p), rel=1e-12)
        assert run.loss_after == pytest.approx(loss(run.parameters_after), rel=1e-12)
        for index, parameter in enumerate(setup.model.parameter_names):
            expected = _gradient(loss, p, index)
            assert run.gradient(parameter) == pytest.approx(expected, rel=1e-8, abs=1e-9), parameter


def _next(run: Trace) -> Point:
    state = tuple(run.value(run.program.number(name) or 0) for name in state_names(run.setup.model))
    return Point(run.start.update + 1, run.parameters_after, state)


@every_program
@every_optimizer
def test_the_loop_is_the_steps(name: str, optimizer: str) -> None:
    """Parameters, state, losses and predictions of several updates at once, to the last bit."""
    for setup in _setups(name, optimizer):
        point = start = first_point(setup)
        rows = []
        for _ in range(5):
            rows.append(row_at(setup, point))
            point = _next(trace(setup, point))
        losses = array("d")
        reached = trained(setup, start, 5, losses)
        assert bits((*reached.parameters, *reached.state)) == bits((*point.parameters, *point.state))
        assert bits(losses) == bits(row[0] for row in rows)
        assert [bits(row) for row in trained_in_rows(setup, start, 5)[1]] == [bits(row) for row in rows]
        assert Run(setup, start).point(6) == reached


@every_program
@every_optimizer
def test_every_step_has_the_value_of_its_expression(name: str, optimizer: str) -> None:
    """With what it reads, to the last bit; each value is assigned by an earlier step, or given."""
    for setup in _setups(name, optimizer):
        run = trace(setup, first_point(setup))
        for number, step in enumerate(run.program.steps(), start=1):
            found = value(step.expression, partial(run.value_of, number))
            assert bits([found]) == bits([run.value(number)]), step.name
            assert run.program.number(step.name, step.sample) == number


@every_program
def test_pytorch_has_the_same_gradients(name: str) -> None:
    """Where it is installed: of each batch, from autograd."""
    installed("PyTorch")
    torch: Any = import_module("torch")
    for setup in _setups(name, "gradient_descent"):
        run = trace(setup, first_point(setup))
        p = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in setup.parameters]
        _batch_loss(setup, name, _batch(setup, 1), p, torch).backward()
        ours = [run.gradient(parameter) for parameter in setup.model.parameter_names]
        assert ours == pytest.approx([float(v.grad) for v in p], rel=1e-10, abs=1e-12)


def test_models_are_equal_when_they_are_built_from_the_same() -> None:
    """Of trees as large as theirs, only the source is looked at: what is kept of one serves the other."""
    one, other = model_of("softmax"), model_of("softmax")
    assert one is not other
    assert (one, hash(one)) == (other, hash(other))
    assert one != model_of("softmax", "adam")
    assert one != model_of("attention")
