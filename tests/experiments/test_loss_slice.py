"""How the loss and the output change with a parameter, beside what the gradient promises."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from math import fsum, isfinite, nan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests import reference
from tests.engine.setups import LECTURE, is_smooth, rebuilt, reference_of, setup_of, setups
from tests.examples import examples
from tests.goldens import assert_golden
from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.gradients import numerical_gradient
from tinynet_tui.experiments.influences import Influence, influences, most_words
from tinynet_tui.experiments.loss_slice import loss_slice, parameter_change
from tinynet_tui.lessons.setup import setup_of as schema_setup
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model, dense_network, flat_parameters, parameters_of

NAMES = tuple(parameter.name for parameter in parameters_of(dense_network(LECTURE.model)))


def _reference_loss(setup: Setup, parameters: tuple[float, ...]) -> float | None:
    """The reference's loss, or None where it cannot say: its logarithm of 0 is an error."""
    try:
        return reference.batch_loss(reference_of(setup, parameters), setup.inputs, setup.targets)
    except ValueError:
        return None


def _changed(setup: Setup, name: str, by: float) -> tuple[float, ...]:
    names = list(setup.model.parameter_names)
    return tuple(value + by * (name == other) for other, value in zip(names, setup.parameters, strict=True))


def test_the_lecture_by_hand() -> None:
    """ŷ − y = 0.5 and ∂L/∂ŷ = 1, so that each ∂L/∂p is ∂ŷ/∂p; published ∂L/∂w5 = 1.5, ∂L/∂w6 = 0.5."""
    found = {influence.parameter: influence for influence in influences(LECTURE)}
    slopes = {"w1": 1, "w2": 1, "w3": 0, "w4": 0, "w5": 1.5, "w6": 0.5, "b1": 1, "b2": 1, "b3": 1}
    assert {name: influence.on_loss for name, influence in found.items()} == slopes
    assert {name: influence.on_output for name, influence in found.items()} == slopes
    along = loss_slice(LECTURE, "w5")
    # ŷ = 1.5 · w5 + 1, so L = (1.5 · w5 − 1)².
    assert (along.value, along.loss, along.gradient) == (1.0, 0.25, 1.5)
    assert along.step == pytest.approx(-0.015)
    assert along.lands == pytest.approx(0.985)
    assert along.promised == pytest.approx(-0.0225)
    assert along.loss_there == pytest.approx(0.47750**2)
    assert len(along.points) == 121
    assert (along.points[0][0], along.points[60][0], along.points[-1][0]) == (0.0, 1.0, 2.0)
    assert along.points[60][1] == along.loss
    for value, loss in along.points:
        assert loss == pytest.approx((1.5 * value - 1) ** 2, abs=1e-12)
    nudged = parameter_change(LECTURE, "w5", 0.1)
    assert nudged.outputs_before == ((2.5,),)
    assert nudged.outputs_after[0][0] == pytest.approx(2.65)
    assert nudged.promised_outputs[0][0] == pytest.approx(0.15)
    assert (nudged.loss_before, nudged.loss_after) == pytest.approx((0.25, 0.65**2))
    assert nudged.promised_loss == pytest.approx(0.15)


def test_the_prediction_that_moves_most_may_fall() -> None:
    """One weight nudged by 0.5 on x = 1 and x = −2: ŷ moves by 0.5 and by −1."""
    setup = setup_of(Network((1, 1), ("linear",)), (1.0, 0.0), 2)
    nudged = parameter_change(replace(setup, inputs=((1.0,), (-2.0,)), targets=((0.0,), (0.0,))), "w1", 0.5)
    assert nudged.outputs_after == ((1.5,), (-3.0,))
    assert nudged.most_moved == (1, 0)


@examples(20)
@given(setups())
def test_derivatives_agree_with_the_reference(setup: Setup) -> None:
    """∂L/∂p with BP1 to BP4, and the numerical gradient with both, within the error that it states."""
    assume(is_smooth(setup))
    model = reference_of(setup)
    gradients = flat_parameters(
        dense_network(setup.model),
        *reference.batch_gradients(model, setup.inputs, setup.targets),  # type: ignore[arg-type]
    )
    assume(all(map(isfinite, gradients)))
    for influence, gradient in zip(influences(setup), gradients, strict=True):
        assert influence.on_loss == pytest.approx(gradient, rel=1e-7, abs=1e-10)
        assert abs(influence.numeric - gradient) <= 20 * influence.uncertainty + 1e-9 * abs(gradient)
        assert influence.uncertainty <= 1e-6 * max(1, abs(gradient))


@examples(30)
@given(setups(), st.data())
def test_slopes_of_the_outputs_agree_with_differences(setup: Setup, data: st.DataObject) -> None:
    """Those of the reference's predictions, for every sample and output."""
    assume(is_smooth(setup))
    name = data.draw(st.sampled_from(list(setup.model.parameter_names)))
    promised = parameter_change(setup, name, 1.0).promised_outputs
    distance = 1e-5

    def predictions(by: float) -> list[list[float]]:
        model = reference_of(setup, _changed(setup, name, by))
        return [list(reference.forward(model, inputs)[1][-1]) for inputs in setup.inputs]

    right, left = predictions(distance), predictions(-distance)
    sizes = defaultdict[int, list[float]](list)
    for sample, row in enumerate(promised):
        for output, slope in enumerate(row):
            difference = (right[sample][output] - left[sample][output]) / (2 * distance)
            assert slope == pytest.approx(difference, rel=1e-3, abs=1e-5)
            sizes[output].append(abs(slope))
    on_output = next(i.on_output for i in influences(setup) if i.parameter == name)
    assert on_output == pytest.approx(max(fsum(of) / len(of) for of in sizes.values()), rel=1e-12)


def test_of_several_outputs_the_one_that_moves_most_is_named() -> None:
    """Mazur's ŷ₁ = 0.75136507 and ŷ₂ = 0.772928465: b₃ moves ŷ₁ alone, by ŷ₁(1 − ŷ₁), and b₄ ŷ₂."""
    setup = schema_setup(shipped_lesson("mazur"))
    found = {one.parameter: one for one in influences(setup)}
    for name, output, value in (("b3", "yhat1", 0.75136507), ("b4", "yhat2", 0.772928465)):
        assert found[name].output == output
        assert found[name].on_output == pytest.approx(value * (1 - value), rel=1e-7)
    assert most_words([*found.values()]) == "b₃ moves the loss most, and ŷ₁, too."


@examples(20)
@given(setups(), st.data(), st.sampled_from((-0.5, -0.01, 0.01, 0.5)))
def test_slices_and_nudges_have_the_reference_s_losses(setup: Setup, data: st.DataObject, by: float) -> None:
    """Along any parameter, over all samples, L2 included; promises are products."""
    assume(is_smooth(setup))
    name = data.draw(st.sampled_from(list(setup.model.parameter_names)))
    along, nudged = loss_slice(setup, name), parameter_change(setup, name, by)
    for value, loss in (*along.points[::20], (along.lands, along.loss_there)):
        expected = _reference_loss(setup, _changed(setup, name, value - along.value))
        if expected is not None:
            assert loss == pytest.approx(expected, rel=1e-6, abs=1e-9)
    after = _reference_loss(setup, _changed(setup, name, by))
    if after is not None:
        assert nudged.loss_after == pytest.approx(after, rel=1e-6, abs=1e-9)
    assert nudged.promised_loss == along.gradient * by
    assert along.step == -setup.hyperparameters.learning_rate * along.gradient
    assert along.promised == along.gradient * along.step
    reach = max(1, abs(along.value), 1.5 * abs(along.step))
    assert along.points[0][0] == pytest.approx(along.value - reach)
    assert along.points[-1][0] == pytest.approx(along.value + reach)


def test_a_kink_shows_in_the_error_of_the_differences() -> None:
    """At z = 0 the slope is 0 to the left and 2 to the right: the middle is 1, and off by 1."""
    setup = replace(setup_of(Network((1, 1), ("relu",)), (1.0, -1.0)), inputs=((1.0,),), targets=((-1.0,),))
    numeric, error = numerical_gradient(setup, "b1")
    assert [numeric, error] == pytest.approx([1.0, 1.0], abs=1e-4)
    assert loss_slice(setup, "b1").gradient == 0, "relu′(0) = 0"


def test_a_sharp_bend_is_measured_too() -> None:
    """σ(1000 w) at w = 0.0005: σ′ = 0.2350037 · 1000 (by its formula) and L = (σ − 0)², L′ = 2 σ σ′."""
    setup = replace(setup_of(Network((1, 1), ("sigmoid",)), (0.0005, 0.0)), inputs=((1000.0,),))
    sigma = 1 / (1 + math.exp(-0.5))
    slope = 2 * sigma * sigma * (1 - sigma) * 1000
    numeric, error = numerical_gradient(setup, "w1")
    plain = 1000 * 2.0**-17  # plain differences would be off by about this squared over 6
    assert abs(numeric - slope) < slope * plain**2 / 100
    assert abs(numeric - slope) <= error < slope * plain**2


@pytest.mark.parametrize("prediction", [1e17, 1e300])
def test_slopes_of_a_huge_output(prediction: float) -> None:
    """Where ŷ − 1 is ŷ, its derivative by its bias is still 1."""
    setup = replace(setup_of(Network((1, 1), ("linear",)), (0.0, prediction)), inputs=((1.0,),))
    assert parameter_change(setup, "b1", 1.0).promised_outputs[0][0] == pytest.approx(1.0)


@pytest.mark.parametrize("function", [loss_slice, lambda setup, name: parameter_change(setup, name, 0.1)])
def test_an_unknown_parameter_is_refused(function: Callable[[Setup, str], object]) -> None:
    """With the names there are."""
    for name in ("w7", "b0", "x1", ""):
        with pytest.raises(
            ValueError, match=f"there is no parameter {name}: there are w1 to w6 and b1 to b3"
        ):
            function(LECTURE, name)


def test_lessons_of_formulas_name_what_they_have() -> None:
    """∂d/∂a of (a · b + c) · f is b = −3; a loss of parameters alone has no output to move."""
    expression, valley, gpt = (schema_setup(shipped_lesson(n)) for n in ("expression", "valley", "gpt-block"))
    assert next((i.on_output, i.output) for i in influences(expression)) == (3, "d")
    assert most_words(influences(expression)) == "a moves the loss most, and d, too."
    assert [(i.on_output, i.output) for i in influences(valley)] == [(None, ""), (None, "")]
    assert most_words(influences(valley)) == "y moves the loss most."
    assert influences(gpt)[0].output == "yhat[3]"
    for setup, there_are in (
        (expression, "a, b, c and f"),
        (gpt, "we\\[1,1\\], .*, we\\[3,2\\], wq\\[1\\], …"),
    ):
        with pytest.raises(ValueError, match=f"there is no parameter w1: there are {there_are}$"):
            loss_slice(setup, "w1")


def test_what_is_not_finite_is_told() -> None:
    """A slice of a network that has diverged has numbers all the same."""
    along = loss_slice(replace(LECTURE, inputs=((1e200, 0.0),)), "w1")
    assert len(along.points) == 121
    assert along.words == ("∂L/∂w₁ is inf: there is no step to take.",)


def test_the_words() -> None:
    """For each sign of a gradient and each way that training steps, as golden text."""
    frozen = dense_network(LECTURE.model)._replace(train_biases=False)
    shown = (
        ("a positive gradient", LECTURE, "w5"),
        ("a negative gradient", replace(LECTURE, targets=((6.0,),)), "w5"),
        ("no gradient", LECTURE, "w3"),
        ("a step too far", replace(LECTURE, inputs=((9.0, 0.0),)), "w5"),
        ("a frozen bias", replace(LECTURE, model=dense_model(frozen)), "b3"),
        (
            "another optimiser",
            rebuilt(LECTURE, optimizer="adam"),
            "w5",
        ),
    )
    lines = []
    for title, setup, name in shown:
        words = loss_slice(setup, name).words
        lines += [f"{title}: {name}", *(f"    {sentence}" for sentence in words)]
    assert_golden("experiment-words-sensitivity.txt", "\n".join((*lines, "")))


@examples(20)
@given(setups(), st.data())
def test_the_words_agree_with_the_numbers(setup: Setup, data: st.DataObject) -> None:
    """A loss that is said to fall does, and a gradient's sign is what its words say."""
    name = data.draw(st.sampled_from(list(setup.model.parameter_names)))
    along = loss_slice(setup, name)
    words = " ".join(along.words)
    assert ("raises the loss" in words) == (along.gradient > 0)
    assert ("lowers the loss" in words) == (along.gradient < 0)
    assert ("falls by" in words) == (along.loss_there < along.loss and along.gradient != 0)
    assert ("rises by" in words) == (along.loss < along.loss_there < float("inf") and along.gradient != 0)


def test_what_moves_most_is_never_what_is_not_a_number() -> None:
    """Whatever the order they come in; where all gradients are 0, that is said."""
    found = [Influence("w1", nan, nan, nan, nan), Influence("w2", 1.0, -3.0, -3.0, 0.0),
             Influence("w3", 2.0, 2.0, 2.0, 0.0)]  # fmt: skip
    for order in (found, found[::-1]):
        assert most_words(order) == "w₂ moves the loss most, w₃ the output."
    assert most_words([Influence("w1", 1.0, 0.0, 0.0, 0.0)]).startswith("No parameter moves the loss")


def test_a_loss_that_hardly_changes_is_shown_in_as_many_digits_as_tell_it_apart() -> None:
    """Mazur's first loss is 0.298371109; "falls, to 0.2984" from 0.2984 would tell nothing."""
    _, step, *_ = loss_slice(schema_setup(shipped_lesson("mazur")), "w1").words
    told = re.search(r"the loss falls by \S+, from (\S+) to (\S+)\.$", step)
    assert told is not None, step
    before, after = map(float, told.groups())
    assert before == pytest.approx(0.298371109, abs=1e-6)
    assert after < before
