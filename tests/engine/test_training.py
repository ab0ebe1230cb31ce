"""Training: the loop against the steps, to the last bit, and any update again from checkpoints."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace
from itertools import pairwise
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import reference
from tests.engine.bits import bits
from tests.engine.setups import (
    ACTIVATIONS,
    LECTURE,
    LOSSES,
    OPTIMISER_NAMES,
    dense_setup,
    last_activation,
    rebuilt,
    reference_of,
    reference_optimizer,
    setup_of,
    setups,
)
from tests.examples import examples
from tinynet_tui.engine import training
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.steps import state_names
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import (
    Point,
    Run,
    evaluation,
    first_point,
    row_at,
    run_from,
    trained,
    trained_in_rows,
)
from tinynet_tui.networks.dense import Network, parameters_of


def _next(run: Trace) -> Point:
    """Where training stands after a trace, put together from its steps."""
    state = tuple(run.value(run.program.number(name) or 0) for name in state_names(run.setup.model))
    return Point(run.start.update + 1, run.parameters_after, state)


def _point_bits(point: Point) -> tuple[int, tuple[bytes, ...], tuple[bytes, ...]]:
    return point.update, bits(point.parameters), bits(point.state)


@given(setups(), st.integers(1, 7))
@examples(35)
def test_the_loop_is_the_steps(setup: Setup, updates: int) -> None:
    """Parameters, state and losses of several updates at once are those of the traces, to the last bit."""
    losses = array("d")
    point = start = first_point(setup)
    expected, rows = [], []
    for _ in range(updates):
        run = trace(setup, point)
        rows.append(row_at(setup, point))
        expected.append(evaluation(setup, point.parameters).loss)
        if setup.batch == len(setup.inputs):
            assert bits([run.loss_before]) == bits(expected[-1:])
        point = _next(run)
    assert _point_bits(trained(setup, start, updates, losses)) == _point_bits(point)
    assert bits(losses) == bits(expected)
    assert _point_bits(trained(setup, start, updates)) == _point_bits(point)
    reached, found = trained_in_rows(setup, start, updates)
    assert _point_bits(reached) == _point_bits(point)
    assert [bits(row) for row in found] == [bits(row) for row in rows]


@given(setups(), st.lists(st.integers(1, 300), min_size=1, max_size=6))
@examples(30)
def test_a_run_opens_any_update(setup: Setup, updates: list[int]) -> None:
    """In whatever order updates are asked for, each is where straight training arrives."""
    start = first_point(setup)
    run = Run(setup, start)
    for update in updates:
        assert _point_bits(run.point(update)) == _point_bits(trained(setup, start, update - 1))
        assert run.reached >= update
    assert run.reached == max(updates)
    assert len(run.losses) == run.reached - 1


@given(setups())
@examples(30)
def test_evaluation_is_the_reference_s(setup: Setup) -> None:
    """The loss over all samples, and the predictions of each."""
    model = reference_of(setup)
    result = evaluation(setup, setup.parameters)
    predictions = [reference.forward(model, x)[1][-1] for x in setup.inputs]
    assert [list(row) for row in result.predictions] == [pytest.approx(row, rel=1e-9) for row in predictions]
    loss = reference.batch_loss(model, setup.inputs, setup.targets)
    assert result.loss == pytest.approx(loss, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMISER_NAMES)
@pytest.mark.parametrize("batch", [1, 2, 3])
def test_long_training_is_the_reference_s(optimizer: str, batch: int) -> None:
    """Forty updates of a network with L2, against the reference's own loop."""
    network = Network(
        (2, 2, 1), ("tanh", "sigmoid"), "binary_cross_entropy", "sum", optimizer, regularized=True
    )
    numbers = Hyperparameters(learning_rate=0.05, l2=0.02)
    values = (0.5, -0.4, 0.3, 0.8, 0.9, -0.7, 0.1, 0.0, -0.2)
    setup = setup_of(network, values, 3, hyperparameters=numbers, batch=batch)
    steppers = [reference_optimizer(setup) for _ in values]
    expected_losses = []
    parameters = list(values)
    for update in range(40):
        model = reference_of(setup, parameters)
        expected_losses.append(reference.batch_loss(model, setup.inputs, setup.targets))
        first = range(0, 3, batch)[update % len(range(0, 3, batch))]
        weights, biases = reference.batch_gradients(
            model, setup.inputs[first : first + batch], setup.targets[first : first + batch]
        )
        # Target numbering: w1, w2, … go through the rows of a layer one after another.
        gradients = [g for layer in weights for row in layer for g in row] + [
            g for row in biases for g in row
        ]
        parameters = [s.step(p, g) for s, p, g in zip(steppers, parameters, gradients, strict=True)]
    losses = array("d")
    point = trained(setup, first_point(setup), 40, losses)
    assert list(point.parameters) == pytest.approx(parameters, rel=1e-9, abs=1e-12)
    assert list(losses) == pytest.approx(expected_losses, rel=1e-9)


def test_many_updates_in_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty thousand updates with at most eight checkpoints: any opens as straight training has it."""
    monkeypatch.setattr(training, "_CHECKPOINTS", 8)
    network = Network((1, 2, 1), ("tanh", "linear"), optimizer="adam")
    setup = setup_of(network, (0.5, -0.3, 0.7, 0.2, 0.1, -0.1, 0.0), 3, batch=2)
    start = first_point(setup)
    asked = sorted({1, 2, 63, 64, 65, 66, 129, 4_097, 7_777, 10_000, 12_345, 16_385, 19_999, 20_000})
    run = Run(setup, start)
    run.extend(20_000)
    points, straight = {}, start
    for update in asked:
        straight = points[update] = trained(setup, straight, update - straight.update)
    for update in reversed(asked):
        assert _point_bits(run.point(update)) == _point_bits(points[update])
    assert len(run._points) <= 9
    distances = {b - a for a, b in pairwise(sorted(run._points))}
    (distance,) = distances
    assert distance.bit_count() == 1, "64, doubled as often as was needed"


def test_a_run_that_comes_back_is_not_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """ŷ = w: at η = 1 the error changes its sign at each update, at ½ it is gone. Adam counts its updates."""
    asked = 0

    def counted(setup: Setup, point: Point, updates: int, losses: array[float] | None = None) -> Point:
        nonlocal asked
        asked += updates
        return trained(setup, point, updates, losses)

    monkeypatch.setattr(training, "trained", counted)
    for optimizer, rate, most in (
        ("gradient_descent", 1.0, 1_000),
        ("gradient_descent", 0.5, 1_000),
        ("adam", 0.0, 20_000),
    ):
        network = Network((1, 1), ("linear",), train_biases=False, optimizer=optimizer)
        sample = ((1.0,),) * 2, ((0.0,),) * 2
        setup = dense_setup(network, (3.0, 0.0), *sample, Hyperparameters(learning_rate=rate), batch=1)
        start, losses, asked = first_point(setup), array("d"), 0
        run = Run(setup, start)
        run.extend(20_001)
        assert (asked == 20_000) if optimizer == "adam" else (asked < most)
        trained(setup, start, 20_000, losses)
        assert run.losses == losses
        for update in (1, 2, 64, 65, 9_999, 20_001):
            assert _point_bits(run.point(update)) == _point_bits(trained(setup, start, update - 1))


def test_a_run_from_the_middle() -> None:
    """A run that starts at a later update counts and keeps from there."""
    start = trained(LECTURE, first_point(LECTURE), 10)
    run = Run(LECTURE, start)
    assert run.reached == 11
    assert _point_bits(run.point(500)) == _point_bits(trained(LECTURE, first_point(LECTURE), 499))
    assert _point_bits(run.point(139)) == _point_bits(trained(LECTURE, first_point(LECTURE), 138))
    assert run.losses[0] == trace(LECTURE, start).loss_before


def test_a_run_is_computed_no_further_than_asked() -> None:
    """Nothing is trained ahead, nothing twice for its losses."""
    run = Run(LECTURE, first_point(LECTURE))
    assert (run.reached, len(run.losses)) == (1, 0)
    run.extend(10)
    run.extend(5)
    assert (run.reached, len(run.losses)) == (10, 9)
    run.point(3)
    assert (run.reached, len(run.losses)) == (10, 9)


def test_a_run_is_shared() -> None:
    """Whoever asks for the same run gets the same one."""
    assert run_from(LECTURE, first_point(LECTURE)) is run_from(LECTURE, first_point(LECTURE))


def test_runs_do_not_fill_the_memory() -> None:
    """Forty of a million updates each, as of one random start after another, are 320 MB of losses."""
    network = Network((1, 1), ("linear",))
    runs = []
    for number in range(40):  # each rests at its own start: ŷ = y
        sample = ((1.0,),), ((float(number),),)
        setup = dense_setup(network, (float(number), 0.0), *sample, Hyperparameters(), batch=1)
        run = run_from(setup, first_point(setup))
        run.extend(training.LAST_UPDATE)
        runs.append(ref(run))
        assert run_from(setup, first_point(setup)) is run
    del run
    kept = [one.losses for found in runs if (one := found()) is not None]
    assert 8 * sum(map(len, kept)) < 64_000_000
    assert len(kept) >= 4


def test_checkpoints_of_a_large_model_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two parameters there may be as many as ever, or fewer, but any update opens."""
    monkeypatch.setattr(training, "_POINTS_OF_RUN", 16 * 8)
    setup = _exploding(0.01)
    run = Run(setup, first_point(setup))
    run.extend(10_000)
    assert len(run._points) <= 17
    assert _point_bits(run.point(777)) == _point_bits(trained(setup, first_point(setup), 776))


def _exploding(rate: float) -> Setup:
    """ŷ = w · x + b with x = 1, y = 0 and the error multiplied by 1 − 4η at each update."""
    network = Network((1, 1), ("linear",))
    numbers = Hyperparameters(learning_rate=rate)
    return dense_setup(network, (1.0, 0.0), ((1.0,),), ((0.0,),), numbers, batch=1)


@pytest.mark.parametrize("rate", [1.0, 10.0, 1e10, 1e100, 1e308])
def test_the_first_loss_that_is_not_finite(rate: float) -> None:
    """It is where plain arithmetic loses it, counted from 1; before it none, and after it no exception."""
    w, b, first, update = 1.0, 0.0, None, 1
    while first is None:
        error = w + b
        if not math.isfinite(error * error):
            first = update
        w, b, update = w - rate * (2 * error), b - rate * (2 * error), update + 1
    run = Run(_exploding(rate), first_point(_exploding(rate)))
    run.extend(first + 50)
    finite = [math.isfinite(loss) for loss in run.losses]
    assert finite.index(False) == first - 1
    late = trace(run.setup, run.point(first + 40))
    assert not math.isfinite(late.loss_before)
    assert not math.isfinite(late.loss_after)
    assert all(isinstance(late.numbers(n), str) for n in range(1, len(late.program) + 1))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMISER_NAMES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_diverging_runs_go_on(activation: str, optimizer: str, loss: str) -> None:
    """With a learning rate beyond all reason nothing raises, and the steps still agree with the loop."""
    last = last_activation(loss, activation)
    network = Network((2, 2, 2), (activation, last), loss, "sum", optimizer, regularized=True)
    values = [0.3 * (-1) ** n * (n + 1) for n in range(len(parameters_of(network)))]
    numbers = Hyperparameters(learning_rate=1e150, l2=0.1)
    setup = setup_of(network, values, 3, hyperparameters=numbers, batch=2)
    point, straight = first_point(setup), first_point(setup)
    for _ in range(6):
        point = _next(trace(setup, point))
        straight = trained(setup, straight, 1)
        assert _point_bits(point) == _point_bits(straight)


def test_a_saturated_cross_entropy() -> None:
    """σ(800) is exactly 1: for a target of 0 the loss is inf, and nothing raises on the way."""
    network = Network((1, 1), ("sigmoid",), "binary_cross_entropy")
    setup = dense_setup(network, (800.0, 0.0), ((1.0,),), ((0.0,),), Hyperparameters(), 1)
    run = trace(setup, first_point(setup))
    assert run.value(run.program.number("yhat") or 0) == 1.0
    assert run.value(run.program.number("L") or 0) == math.inf


def test_nan_passes_through_every_layer() -> None:
    """A nan is never hidden as 0: not by a ReLU, not by its gate, not by an update."""
    network = Network((1, 1, 1), ("relu", "leaky_relu"))
    setup = dense_setup(network, (math.nan, 1.0, 0.0, 0.0), ((1.0,),), ((0.0,),), Hyperparameters(), 1)
    run = trace(setup, first_point(setup))
    hidden = [n for n, step in enumerate(run.program.steps(), start=1) if not math.isnan(run.value(n))]
    finite = {run.program.step(n).name for n in hidden}
    assert finite == {"dz2/db2", "dz2/dh1", "dz1/dw1", "dz1/db1"}, "1, the old weight and the input alone"
    assert all(map(math.isnan, run.parameters_after))


def test_six_layers_are_no_deeper_than_one() -> None:
    """The widest and deepest network a lesson can have trains, and agrees with its steps."""
    network = Network((16,) * 6, ("tanh",) * 5)
    count = len(parameters_of(network))
    setup = setup_of(network, [math.sin(n) / 4 for n in range(count)])
    start = first_point(setup)
    assert count == 5 * (16 * 16 + 16)
    assert _point_bits(trained(setup, start, 1)) == _point_bits(_next(trace(setup, start)))


def test_frozen_biases_stay() -> None:
    """They have gradients, and keep their values."""
    setup = rebuilt(LECTURE, train_biases=False)
    assert trained(setup, first_point(setup), 50).parameters[6:] == (0.5, 0.0, 0.5)


@pytest.mark.parametrize("batch", [1, 2])
def test_a_sum_of_negative_zeros_is_one(batch: int) -> None:
    """So that w − η · −0 makes 0 of a weight of −0, which it would not with a sum that starts at 0."""
    network = Network((1, 1), ("linear",))
    setup = setup_of(network, (-0.0, 1.0), 2, inputs=((-0.0,),) * 2, targets=((0.0,),) * 2, batch=batch)
    point = trained(setup, first_point(setup), 1)
    assert bits(point.parameters[:1]) == bits([0.0])
    assert _point_bits(point) == _point_bits(_next(trace(setup, first_point(setup))))


def test_the_lecture_s_learning_rates() -> None:
    """0.005 and 0.01 fall at every update, 0.1 never rises, 0.25 rises five times in 25."""
    rises = {}
    for rate in (0.005, 0.01, 0.1, 0.25):
        setup = replace(LECTURE, hyperparameters=Hyperparameters(learning_rate=rate))
        losses = array("d")
        trained(setup, first_point(setup), 26, losses)
        rises[rate] = sum(after > before for before, after in pairwise(losses))
    assert rises == {0.005: 0, 0.01: 0, 0.1: 0, 0.25: 5}
