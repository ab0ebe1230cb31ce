"""Updates done wrong, and their judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import tanh

import pytest
from hypothesis import assume, given

from tests import reference
from tests.engine.bits import bits
from tests.engine.setups import LECTURE, is_smooth, rebuilt, reference_of, setup_of, setups
from tests.examples import examples
from tests.published_cases import agrees, published_cases
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.variant_words import moved_otherwise
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.experiments.wrong_updates import Judgement, WrongUpdate, batch_of, judgement, wrong_update
from tinynet_tui.lessons.setup import setup_of as setup_of_lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model, dense_network, flat_parameters, parameters_of
from tinynet_tui.session import session

NAMES = tuple(parameter.name for parameter in parameters_of(dense_network(LECTURE.model)))


def done_wrong(setup: Setup, variant: str) -> WrongUpdate:
    """The first update of a setup, done in a wrong way."""
    return wrong_update(setup, first_point(setup), variant)


def judged(setup: Setup, variant: str, name: str) -> Judgement:
    """The judgement on a parameter in the first update of a setup."""
    return judgement(setup, first_point(setup), variant, name)


def gradients(wrong: WrongUpdate) -> tuple[float, ...]:
    """Those of every parameter, in the order of their numbers."""
    return tuple(wrong.gradient(p.name) for p in parameters_of(dense_network(wrong.right.setup.model)))


def right_gradients(setup: Setup) -> tuple[float, ...]:
    """The same of the right update."""
    run = trace(setup, first_point(setup))
    numbers = (run.program.number(f"dL/d{p.name}") for p in parameters_of(dense_network(setup.model)))
    return tuple(run.value(number) for number in numbers if number is not None)


def mazur() -> Setup:
    """Mazur's network with its biases frozen, as he has it."""
    (case,) = (c for c in published_cases() if c.name == "mazur_2015_biases_frozen")
    return case.setup


def test_the_loss_that_mazur_prints() -> None:
    """His total error after one update, 0.291027924, comes from weights used too early; right is 0.291027774.

    Source: M. Mazur, A Step by Step Backpropagation Example (2015).
    """
    wrong = done_wrong(mazur(), "too early")
    assert agrees(wrong.loss_after, "0.291027924")
    assert agrees(wrong.right.loss_after, "0.291027774")
    assert not agrees(wrong.right.loss_after, "0.291027924")


def test_mazurs_output_weights_are_right_all_the_same() -> None:
    """As he prints them: 0.35891648, 0.408666186, 0.511301270, 0.561370121; those before them differ."""
    wrong = done_wrong(mazur(), "too early")
    printed = ("0.35891648", "0.408666186", "0.511301270", "0.561370121")
    assert all(map(agrees, wrong.parameters_after[4:8], printed))
    assert not agrees(wrong.parameters_after[0], "0.149780716")
    assert agrees(wrong.right.parameters_after[0], "0.149780716")


def test_a_weight_used_too_early_by_hand() -> None:
    """In the lecture w5 and w6 have become 0.985 and 0.995 before the error goes back through them."""
    wrong = done_wrong(LECTURE, "too early")
    expected = (0.985, 0.995, 0, 0, 1.5, 0.5, 0.985, 0.995, 1)
    assert gradients(wrong) == pytest.approx(expected)
    updated = (0.99015, 0.49005, 1, -0.5, 0.985, 0.995, 0.49015, -0.00995, 0.49)
    assert wrong.parameters_after == pytest.approx(updated)
    # ŷ = 0.985 · (0.99015 + 0.49015) + 0.995 · (0.49005 − 0.00995) + 0.49 = 2.425795
    assert wrong.loss_after == pytest.approx(0.425795**2)


def test_other_mistakes_by_hand() -> None:
    """Without the 2 the lecture's gradients are halved, with y − ŷ negative; its output slope is 1 anyhow."""
    right = (1, 1, 0, 0, 1.5, 0.5, 1, 1, 1)
    assert gradients(done_wrong(LECTURE, "constant")) == tuple(g / 2 for g in right)
    assert gradients(done_wrong(LECTURE, "sign")) == tuple(-g for g in right)
    assert gradients(done_wrong(LECTURE, "output slope")) == right
    # ŷ = 2.5 grows: 1.015 · (1.01 + 0.51) + 1.005 · (0.51 + 0.01) + 0.51
    uphill = 1.015 * 1.52 + 1.005 * 0.52 + 0.51
    assert done_wrong(LECTURE, "sign").loss_after == pytest.approx((uphill - 2) ** 2)


def test_a_dead_output_learns_by_mistake() -> None:
    """With b3 = −10 every gradient is 0; without the slope, ∂L/∂ŷ = 2 · (0 − 2) = −4 goes on to z3."""
    setup = replace(LECTURE, parameters=(*LECTURE.parameters[:-1], -10.0))
    assert set(gradients(done_wrong(setup, "sign"))) == {0.0}
    assert gradients(done_wrong(setup, "output slope")) == (-4, -4, 0, 0, -6, -2, -4, -4, -4)


def test_a_shared_weight_counted_once_by_hand() -> None:
    """In time step 3 alone, u and w change L by what they multiply there: h₂ and x₃."""
    setup = setup_of_lesson(shipped_lesson("recurrent"))
    h1 = tanh(0.5 * 1)
    h2 = tanh(0.5 * 0.5 + 0.8 * h1)
    h3 = tanh(0.5 * -1 + 0.8 * h2)
    at_z3 = 2 * (1.5 * h3 - 0.5) * 1.5 * (1 - h3 * h3)
    wrong = done_wrong(setup, "path")
    assert wrong.gradient("u") == pytest.approx(at_z3 * h2)
    assert wrong.gradient("w") == pytest.approx(at_z3 * -1)
    assert judged(setup, "path", "u").verdict == "right"
    # v is read in one place.
    assert judged(setup, "path", "v").verdict == "same"


def test_a_path_forgotten_by_hand() -> None:
    """Mazur's h1 then reaches the loss through o2 alone: −0.0380982 · 0.5 instead of 0.036350306."""
    wrong = done_wrong(mazur(), "path")
    at = wrong.place("dL/dh1", 1)
    assert at is not None
    assert wrong.values[at] == pytest.approx(-0.0380982366 * 0.5, rel=1e-7)
    assert wrong.is_changed(at)
    right = right_gradients(mazur())
    assert gradients(wrong)[4:8] == right[4:8]
    # With one output there is no other path.
    assert gradients(done_wrong(LECTURE, "path")) == right_gradients(LECTURE)


def test_a_path_through_a_softmax_forgotten_by_hand() -> None:
    """Without that through S and the true ŷ₂, of class 2 only ∂L/∂ŷ₂ · e₂ / S = −1 is left; of others 0."""
    setup = setup_of_lesson(shipped_lesson("softmax-3"))
    wrong = done_wrong(setup, "path")
    assert gradients(wrong) == pytest.approx((0, 0, -2, -1, 0, 0, 0, -1, 0))
    assert judged(setup, "path", "w1").verdict == "right"
    assert WRONG_WAYS["path"].never(setup.model) == ""


def test_the_factor_that_counts_is_shown() -> None:
    """Softmax's off-diagonal: ∂ŷ₁/∂S and ∂ŷ₃/∂S meet gradients of 0, ∂ŷ₂/∂S of the true class does not."""
    wrong = done_wrong(setup_of_lesson(shipped_lesson("softmax-3")), "output slope")
    place = wrong.rule("w1", 1)
    assert place is not None
    assert wrong.step(place).name == "dyhat2/dS"


def test_a_new_parameter_that_the_mistake_has_moved_elsewhere_is_told() -> None:
    """In a GPT block the early wv₁ is 1.007, and 0.9904 as the right update has it."""
    wrong = done_wrong(setup_of_lesson(shipped_lesson("gpt-block")), "too early")
    place = wrong.place("dv[1]/dn[1,1]", 1)
    assert place is not None
    assert agrees(wrong.values[place], "1.007")
    assert moved_otherwise(wrong, place) == "This new wv₁ comes of a gradient that was wrong already."
    assert moved_otherwise(done_wrong(LECTURE, "too early"), 0) == ""


def test_every_variant_of_a_session_has_its_program() -> None:
    """And in the order of the key that shows them."""
    assert tuple(WRONG_WAYS) == session.VARIANTS


@examples(35)
@given(setups())
def test_a_program_with_no_rule_changed_is_the_right_one(setup: Setup) -> None:
    """Run as wrong ones are, its every value is the trace's, to the last bit: only rules make others."""
    WRONG_WAYS["none"] = replace(
        WRONG_WAYS["sign"],
        steps=lambda right: (step for step in right.program.steps() if step.role != "check"),
    )
    try:
        same = done_wrong(setup, "none")
    finally:
        del WRONG_WAYS["none"]
    run = same.right
    assert bits(same.values) == bits(run.value(number) for number in range(1, len(run.program)))
    assert bits(same.parameters_after) == bits(run.parameters_after)
    assert not any(same.is_changed(place) for place in range(len(same.values)))


@examples(20)
@given(setups())
def test_wrong_programs_assign_what_the_right_one_does(setup: Setup) -> None:
    """Each quantity once, and all but the check."""
    run = trace(setup, first_point(setup))
    assigned = sorted((step.name, step.sample or 0) for step in run.program.steps() if step.role != "check")
    for variant in WRONG_WAYS:
        wrong = done_wrong(setup, variant)
        assert sorted((step.name, step.sample or 0) for step in wrong.steps) == assigned


def _too_early(setup: Setup) -> tuple[float, ...]:
    """The parameters after an update that changes each layer before the error goes on, by the reference.

    Its deltas are BP2's with the changed weights, taken for all samples of the batch together.
    """
    model = reference_of(setup)
    batch = list(zip(setup.inputs, setup.targets, strict=True))[: setup.batch]
    passes = [reference.passed(model, *sample) for sample in batch]
    share = len(batch) if setup.model.reduction == "mean" else 1
    errors = [p.errors[-1] for p in passes]
    for layer in reversed(range(len(model.weights))):
        kind, rate = model.activations[layer], setup.hyperparameters.learning_rate / share
        deltas = [
            reference.layer_deltas(kind, p.z[layer], error, model.slope)
            for error, p in zip(errors, passes, strict=True)
        ]
        for delta, (inputs, _), p in zip(deltas, batch, passes, strict=True):
            for neuron, d in enumerate(delta):
                for source, a in enumerate(p.a[layer - 1] if layer else inputs):
                    model.weights[layer][neuron][source] -= rate * d * a
                model.biases[layer][neuron] -= rate * d if dense_network(setup.model).train_biases else 0.0
        columns = list(zip(*model.weights[layer], strict=True))
        errors = [
            [sum(d * w for d, w in zip(delta, column, strict=True)) for column in columns] for delta in deltas
        ]
    return _flat(dense_network(setup.model), model.weights, model.biases)


def _flat(network: Network, weights: list[list[list[float]]], biases: list[list[float]]) -> tuple[float, ...]:
    """What the reference has in lists, in the order of the parameters."""
    rows = tuple(tuple(map(tuple, layer)) for layer in weights)
    return flat_parameters(network, rows, tuple(map(tuple, biases)))


@examples(35)
@given(setups())
def test_weights_used_too_early_as_the_reference_has_them(setup: Setup) -> None:
    """Layer by layer, for a whole batch, in plain descent without L2."""
    network = dense_network(setup.model)._replace(optimizer="gradient_descent", regularized=False)
    hyperparameters = setup.hyperparameters._replace(l2=0.0)
    setup = replace(setup, model=dense_model(network), hyperparameters=hyperparameters)
    assume(is_smooth(setup))
    expected = _too_early(setup)
    assert done_wrong(setup, "too early").parameters_after == pytest.approx(expected, rel=1e-9, abs=1e-12)


@examples(20)
@given(setups())
def test_a_slope_left_out_is_a_linear_output(setup: Setup) -> None:
    """With the targets moved by z − ŷ a linear output has the same error, and no slope to leave out."""
    network = dense_network(setup.model)
    assume(network.loss not in ("binary_cross_entropy", "cross_entropy", "hinge"))
    model = reference_of(setup)
    outputs = [reference.forward(model, inputs) for inputs in setup.inputs]
    moved = tuple(
        tuple(y + z - a for y, z, a in zip(row, zs[-1], activations[-1], strict=True))
        for row, (zs, activations) in zip(setup.targets, outputs, strict=True)
    )
    linear = network._replace(activations=(*network.activations[:-1], "linear"))
    expected = right_gradients(replace(setup, model=dense_model(linear), targets=moved))
    assert gradients(done_wrong(setup, "output slope")) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@examples(30)
@given(setups())
def test_a_constant_forgotten_and_a_sign_turned(setup: Setup) -> None:
    """Half of each gradient, twice of it with a ½, the same with neither; and its opposite."""
    setup = rebuilt(setup, regularized=False)
    right, loss = right_gradients(setup), dense_network(setup.model).loss
    factor = {"half_squared_error": 2.0, "squared_error": 0.5, "mean_squared_error": 0.5}.get(loss, 1.0)
    scaled = pytest.approx([g * factor for g in right], rel=1e-12)
    assert gradients(done_wrong(setup, "constant")) == scaled
    assert gradients(done_wrong(setup, "sign")) == pytest.approx([-g for g in right], rel=1e-12)


@examples(25)
@given(setups())
def test_the_judge_never_speaks_against_the_right_rule(setup: Setup) -> None:
    """And where it speaks, the reference's gradient is the right one, and the wrong one is far from it."""
    assume(is_smooth(setup))
    model = reference_of(setup)
    samples = setup.inputs[: setup.batch], setup.targets[: setup.batch]
    weights, biases = reference.batch_gradients(model, *samples)
    outside = _flat(dense_network(setup.model), weights, biases)
    for variant in WRONG_WAYS:
        for parameter, expected in list(zip(parameters_of(dense_network(setup.model)), outside, strict=True))[
            :3
        ]:
            found = judged(setup, variant, parameter.name)
            assert found.right == pytest.approx(expected, rel=1e-9, abs=1e-12)
            assert abs(found.numeric - expected) <= found.uncertainty + 1e-12
            if found.verdict == "right":
                assert abs(found.wrong - found.numeric) > found.uncertainty


def test_verdicts() -> None:
    """Right where the rule matters; the same where it does not; open at a kink, where the slopes disagree."""
    assert [judged(LECTURE, "too early", name).verdict for name in NAMES] == [
        *("right", "right", "same", "same", "same", "same", "right", "right", "same"),
    ]
    assert {judged(LECTURE, "output slope", name).verdict for name in NAMES} == {"same"}
    # z3 is exactly 0: the loss falls to the right of it and is level to the left.
    at_kink = replace(LECTURE, parameters=(*LECTURE.parameters[:-1], -2.0))
    assert judged(at_kink, "output slope", "b3").verdict == "open"
    assert judged(replace(LECTURE, targets=((float("inf"),),)), "sign", "w1").verdict == "open"
    # Never seen: a judge who is sharp and speaks against the right one.
    assert Judgement("w1", 1.0, 2.0, numeric=2.0, uncertainty=1e-9).verdict == "open"


def test_the_wrong_update_may_lower_the_loss_more() -> None:
    """So the loss is no judge: it does in Mazur's network without the slope, and the gradient is wrong."""
    wrong = done_wrong(mazur(), "output slope")
    assert wrong.loss_after < wrong.right.loss_after < wrong.right.loss_before
    assert judged(mazur(), "output slope", "w1").verdict == "right"


RULES: list[tuple[Callable[[], Setup], str, str, str | None]] = [
    (lambda: LECTURE, "too early", "w1", "dz3/dh1"),
    (lambda: LECTURE, "too early", "w2", "dz3/dh2"),
    (lambda: LECTURE, "too early", "w5", None),
    (lambda: LECTURE, "output slope", "w1", "dyhat/dz3"),
    (lambda: LECTURE, "constant", "b3", "dL/dyhat"),
    (lambda: LECTURE, "sign", "b3", "dL/dyhat"),
    (mazur, "too early", "w1", "dz4/dh1"),
    (mazur, "sign", "w5", "dL/dyhat1"),
]


@pytest.mark.parametrize(("setup", "variant", "name", "step"), RULES)
def test_where_the_rules_part(setup: Callable[[], Setup], variant: str, name: str, step: str | None) -> None:
    """The last changed step on the way to a parameter, if there is one."""
    wrong = done_wrong(setup(), variant)
    place = wrong.rule(name, 1)
    assert (None if place is None else wrong.step(place).name) == step


def test_a_linear_output_has_no_slope_to_leave_out() -> None:
    """Its slope is written as 1 already, so no step is changed."""
    setup = setup_of(Network((1, 1), ("linear",)), (1.0, 0.0))
    assert done_wrong(setup, "output slope").rule("w1", 1) is None


def test_a_batch_is_judged_by_its_own_loss() -> None:
    """Of the samples of the update alone, not of all the data."""
    setup = setup_of(Network((1, 1), ("linear",)), (1.0, 0.0), samples=4, batch=2)
    point = first_point(setup)._replace(update=2)
    # Samples 3 and 4: inputs −1 and −1.75, targets 0.5 and 0.75; the mean of 2 · (ŷ − y) · x.
    expected = (2 * (-1 - 0.5) * -1 + 2 * (-1.75 - 0.75) * -1.75) / 2
    found = judgement(setup, point, "sign", "w1")
    assert batch_of(trace(setup, point)).batch == 2
    assert (found.right, found.wrong) == pytest.approx((expected, -expected))
    assert found.numeric == pytest.approx(expected, abs=1e-6)
