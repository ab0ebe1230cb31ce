"""One update against the reference, and the trace as a value."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import replace
from types import FunctionType, MappingProxyType

import pytest
from hypothesis import assume, given

from tests import reference
from tests.engine.bits import bits
from tests.engine.setups import (
    LECTURE,
    dense_setup,
    is_smooth,
    rebuilt,
    reference_of,
    reference_optimizer,
    setups,
)
from tests.examples import examples
from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.model import Hyperparameters, Setup, batch_samples
from tinynet_tui.engine.steps import Step, state_names
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import Point, first_point, joined_loss, trained
from tinynet_tui.networks.dense import (
    Network,
    dense_model,
    dense_network,
    parameters_of,
)
from tinynet_tui.networks.layers import nested_parameters


def _batch(setup: Setup, update: int) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    """Inputs and targets of an update's batch, counted off by hand."""
    starts = range(0, len(setup.inputs), setup.batch)
    start = starts[(update - 1) % len(starts)]
    return list(setup.inputs[start : start + setup.batch]), list(setup.targets[start : start + setup.batch])


def _expected_of_softmax(passed: reference.Passed, step: Step) -> float:
    """The shift, the powers of e and their sum, and the gradients at these."""
    shift = max(passed.z[-1])
    powers = [math.exp(z - shift) for z in passed.z[-1]]
    errors = passed.errors[-1]
    by_sum = -sum(e * a for e, a in zip(errors, passed.a[-1], strict=True)) / sum(powers)
    name, neuron = step.of.name or "", (step.of.neuron or 0) - 1
    values = {"m": shift, "S": sum(powers)}
    if step.role == "gradient":
        return by_sum if name == "S" else by_sum + errors[neuron] / sum(powers)
    return values[name] if name in values else powers[neuron]


def _expected_local_of_softmax(passed: reference.Passed, step: Step) -> float:
    """Of ŷ = e / S, S = Σ e and e = exp(z − m), m being a constant."""
    powers = [math.exp(z - max(passed.z[-1])) for z in passed.z[-1]]
    top, _, bottom = step.name[1:].partition("/d")
    number = int(top[-1]) - 1 if top != "S" else 0
    if bottom.startswith("z"):
        return powers[number]
    return 1.0 if top == "S" else -powers[number] / sum(powers) ** 2 if bottom == "S" else 1 / sum(powers)


def _expected_of_sample(setup: Setup, passed: reference.Passed, step: Step, model: reference.Model) -> float:
    """The reference's value for a step of one sample, found by the step's role and subject alone."""
    of = step.of
    if step.role == "loss":
        return passed.loss
    if of.kind == "quantity":
        return _expected_of_softmax(passed, step)
    assert of.layer is not None
    assert of.neuron is not None
    layer, neuron = of.layer - 1, of.neuron - 1
    gradients = {
        "pre_activation": lambda: passed.deltas[layer][neuron],
        "activation": lambda: passed.errors[layer][neuron],
        "weight": lambda: passed.weight_gradients[layer][neuron][(of.input or 0) - 1],
        "bias": lambda: passed.bias_gradients[layer][neuron],
    }
    if step.role == "gradient":
        return gradients[of.kind]()
    assert step.role == "value"
    return passed.z[layer][neuron] if of.kind == "pre_activation" else passed.a[layer][neuron]


def _expected_local(setup: Setup, passed: reference.Passed, step: Step, model: reference.Model) -> float:
    """The reference's value for a local derivative."""
    of = step.of
    if of.kind == "quantity" or step.name.startswith("de"):
        return _expected_local_of_softmax(passed, step)
    assert of.layer is not None
    assert of.neuron is not None
    layer, neuron = of.layer - 1, of.neuron - 1
    if of.kind == "bias":
        return 1.0
    if of.kind == "weight":
        assert of.input is not None
        sample = setup.inputs[(step.sample or 1) - 1]
        return sample[of.input - 1] if layer == 0 else passed.a[layer - 1][of.input - 1]
    if of.kind == "pre_activation":
        kind = model.activations[layer]
        return reference.activation_slope(kind, passed.z[layer][neuron], model.slope)
    z_number = int(step.name.split("/")[0].removeprefix("dz"))
    target: int = z_number - 1 - sum(dense_network(setup.model).layers[1 : layer + 2])
    return model.weights[layer + 1][target][neuron]


@given(setups())
@examples(25)
def test_every_value_is_the_reference_s(setup: Setup) -> None:
    """Forward, loss and every derivative of each sample, then gradients, updates, state and losses."""
    optimizers = {p.name: reference_optimizer(setup) for p in parameters_of(dense_network(setup.model))}
    point = first_point(setup)
    for update in (1, 2, 3):
        assume(is_smooth(setup, point.parameters))
        run = trace(setup, point)
        inputs, targets = _batch(setup, update)
        _check_samples(run, inputs, targets)
        _check_closing(run, inputs, targets, optimizers)
        point = trained(setup, point, 1)
        assert point.parameters == pytest.approx(run.parameters_after, nan_ok=True)


def _check_samples(run: Trace, inputs: list[tuple[float, ...]], targets: list[tuple[float, ...]]) -> None:
    model = reference_of(run.setup, run.start.parameters)
    assert len(run.program.samples) == len(inputs)
    passes = [reference.passed(model, x, y) for x, y in zip(inputs, targets, strict=True)]
    per_sample = len(run.program.sample_steps)
    for number in range(1, len(inputs) * per_sample + 1):
        step = run.program.step(number)
        passed = passes[(number - 1) // per_sample]
        expected = _expected_local if step.role == "local" else _expected_of_sample
        scale = 1 + max(abs(e) for row in passed.errors for e in row)
        assert run.value(number) == pytest.approx(
            expected(run.setup, passed, step, model), rel=1e-6, abs=1e-9 * scale
        ), step


def _check_closing(
    run: Trace,
    inputs: list[tuple[float, ...]],
    targets: list[tuple[float, ...]],
    optimizers: dict[str, reference.Optimizer],
) -> None:
    network = dense_network(run.setup.model)
    model = reference_of(run.setup, run.start.parameters)
    weights, biases = reference.batch_gradients(model, inputs, targets)
    loss = reference.batch_loss(model, inputs, targets)
    assert run.loss_before == pytest.approx(loss, rel=1e-9, abs=1e-12)
    for p, before, after in zip(
        parameters_of(network), run.start.parameters, run.parameters_after, strict=True
    ):
        row = biases[p.layer - 1] if p.input is None else weights[p.layer - 1][p.neuron - 1]
        gradient = row[p.neuron - 1 if p.input is None else p.input - 1]
        number = run.program.number(f"dL/d{p.name}")
        assert number is not None
        assert run.value(number) == pytest.approx(gradient, rel=1e-6, abs=1e-9 * (1 + loss))
        optimizer = optimizers[p.name]
        if not (p.is_weight or network.train_biases):
            assert after == before
        elif abs(gradient) > 1e-4 or network.optimizer != "adam":
            # Adam divides by the gradient's size: of a gradient that is nothing but rounding it makes a step.
            stepped = optimizer.step(before, run.value(number))
            assert after == pytest.approx(stepped, rel=1e-9, abs=1e-12)
        else:
            optimizer.step(before, run.value(number))
    after_model = reference_of(run.setup, run.parameters_after)
    if is_smooth(run.setup, run.parameters_after):
        after_loss = reference.batch_loss(after_model, inputs, targets)
        assert run.loss_after == pytest.approx(after_loss, rel=1e-7, abs=1e-9 * (1 + loss))


@given(setups())
@examples(14)
def test_gradients_are_central_differences(setup: Setup) -> None:
    """The last gradient step of each parameter is the slope of the reference's batch loss."""
    assume(is_smooth(setup))
    run = trace(setup, first_point(setup))
    inputs, targets = _batch(setup, 1)

    def loss(parameters: list[float]) -> float:
        return reference.batch_loss(reference_of(setup, parameters), inputs, targets)

    scale = 1 + abs(loss(list(setup.parameters)))
    for index, parameter in enumerate(parameters_of(dense_network(setup.model))):
        h = 1e-5
        above, below = list(setup.parameters), list(setup.parameters)
        above[index] += h
        below[index] -= h
        number = run.program.number(f"dL/d{parameter.name}")
        assert number is not None
        slope = (loss(above) - loss(below)) / (2 * h)
        assert run.value(number) == pytest.approx(slope, rel=1e-4, abs=1e-5 * scale)


@given(setups())
@examples(25)
def test_promised_change(setup: Setup) -> None:
    """For plain descent the gradient promises −η‖∇L‖² over the parameters that are trained."""
    network = dense_network(setup.model)._replace(optimizer="gradient_descent")
    setup = replace(setup, model=dense_model(network))
    run = trace(setup, first_point(setup))
    trained_gradients = [
        run.value(run.program.number(f"dL/d{p.name}") or 0)
        for p in parameters_of(network)
        if p.is_weight or network.train_biases
    ]
    promised = -setup.hyperparameters.learning_rate * sum(g * g for g in trained_gradients)
    assert run.promised == pytest.approx(promised, rel=1e-6, abs=1e-12)


def _is_frozen(value: object) -> bool:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        frozen: bool = value.__dataclass_params__.frozen  # type: ignore[attr-defined]
        return frozen and all(_is_frozen(getattr(value, f.name)) for f in dataclasses.fields(value))
    if isinstance(value, tuple):
        return all(map(_is_frozen, value))
    if isinstance(value, MappingProxyType):
        return all(_is_frozen(part) for item in value.items() for part in item)
    return value is None or isinstance(value, int | float | str | FunctionType)


@given(setups())
@examples(20)
def test_a_trace_is_frozen_all_through(setup: Setup) -> None:
    """It can be hashed; nothing in it is a list, a dict or a set; an equal one is equal."""
    run = trace(setup, first_point(setup))
    assert isinstance(hash(run), int)
    assert _is_frozen(run)
    assert all(_is_frozen(step) and isinstance(hash(step), int) for step in run.program.steps())
    assert trace.__wrapped__(setup, first_point(setup)) == run


def test_what_is_given_cannot_be_changed_from_outside() -> None:
    """Whoever gets the given values can only read them."""
    own = replace(LECTURE, hyperparameters=Hyperparameters(learning_rate=0.0123))
    run = trace(own, first_point(own))
    with pytest.raises(TypeError):
        run.given(1)["w1"] = 99.0  # type: ignore[index]
    assert run.given(1)["w1"] == 1.0
    assert run.value_of(1, Name("w1")) == 1.0


def test_what_is_given() -> None:
    """Inputs, targets, parameters, state, hyperparameters and the number of the update."""
    adam = rebuilt(LECTURE, optimizer="adam")
    given_values = trace(adam, Point(7, adam.parameters, (0.0,) * 18)).given(1)
    assert set(given_values) == (
        {"x1", "x2", "y", "t", "eta", "beta1", "beta2", "epsilon"}
        | {f"w{n}" for n in range(1, 7)}
        | {f"b{n}" for n in range(1, 4)}
        | {f"{s}_{p}" for s in "mv" for p in ("w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3")}
    )
    assert (given_values["x1"], given_values["y"], given_values["eta"], given_values["t"]) == (1, 2, 0.01, 7)


def test_old_weights_carry_the_error_back() -> None:
    """∂z3/∂h1 is w5 before the update, and an update reads the value before it."""
    run = trace(LECTURE, first_point(LECTURE))
    number = run.program.number("dz3/dh1")
    assert number is not None
    assert run.value_of(number, Name("w5")) == 1.0
    update = run.program.number("w5")
    assert update is not None
    assert run.value_of(update, Name("w5")) == 1.0
    check = len(run.program)
    assert run.value_of(check, Name("yhat")) == run.checked("yhat", 1) != run.value(6)


def test_reads_name_each_quantity_once() -> None:
    """What a step reads, in the order of reading."""
    run = trace(LECTURE, first_point(LECTURE))
    assert run.reads(1) == ("w1", "x1", "w3", "x2", "b1")
    assert run.reads(18) == ("dL/dz3", "dz3/dh1")


def test_checked_knows_forward_quantities_alone() -> None:
    """After the update there are new predictions, not new gradients."""
    run = trace(LECTURE, first_point(LECTURE))
    assert run.checked("L", 1) == run.loss_after
    assert run.checked("z1", 1) == pytest.approx(0.99 + 0.49)
    assert run.checked("dL/dw1", 1) is None
    assert run.checked("nothing", 1) is None


def _xor(batch: int) -> Setup:
    return dense_setup(
        Network((2, 2, 1), ("tanh", "sigmoid"), "binary_cross_entropy", optimizer="adam", regularized=True),
        (0.5, -0.4, 0.3, 0.8, 0.9, -0.7, 0.1, 0.0, -0.2),
        ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0)),
        ((0.0,), (1.0,), (1.0,)),
        Hyperparameters(l2=0.1),
        batch,
    )


def test_batches_follow_the_data() -> None:
    """Two samples, then the short last batch of one, then from the start again."""
    setup = _xor(batch=2)
    samples = [trace(setup, Point(u, setup.parameters, (0.0,) * 18)).program.samples for u in (1, 2, 3, 4)]
    assert samples == [(1, 2), (3,), (1, 2), (3,)]
    assert [list(batch_samples(5, 2, u)) for u in (1, 2, 3, 4)] == [[0, 1], [2, 3], [4], [0, 1]]


def test_the_loss_before_is_of_the_batch() -> None:
    """Its samples joined, and the penalty of the weights alone."""
    setup = _xor(batch=2)
    run = trace(setup, first_point(setup))
    own = [run.value(run.program.number("L", sample) or 0) for sample in (1, 2)]
    penalty = 0.05 * sum(w * w for w in (0.5, -0.4, 0.3, 0.8, 0.9, -0.7))
    assert run.loss_before == pytest.approx(sum(own) / 2 + penalty, rel=1e-14)
    assert bits([joined_loss(setup, setup.parameters, own)]) == bits([run.loss_before])


def test_state_is_carried_from_update_to_update() -> None:
    """The state steps of an update are the state of the next point, in the order of their names."""
    setup = _xor(batch=3)
    point = first_point(setup)
    assert state_names(setup.model)[:4] == ("m_w1", "v_w1", "m_w2", "v_w2")
    run, after = trace(setup, point), trained(setup, point, 1)
    states = [run.value(run.program.number(name) or 0) for name in state_names(setup.model)]
    assert bits(after.state) == bits(states)
    assert nested_parameters(setup.model, after.parameters)[1][1] == (after.parameters[8],)
