"""What the sentences claim is so: each case is made by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import isfinite
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replaced

from tests.engine.setups import setup_of
from tests.examples import examples
from tests.session.random_lessons import LECTURE, lesson_of, places
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.python_code import Block, sample_block
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks import initial
from tinynet_tui.networks.dense import Network
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.teaching.card import how_it_came
from tinynet_tui.teaching.chain import chain
from tinynet_tui.teaching.nudge import nudge_lines
from tinynet_tui.teaching.sentences import explanation


def said(session: Session, name: str, sample: int | None = None) -> str:
    """All that is said at the step of a name."""
    number = program_of(session).number(name, sample)
    assert number is not None
    return " ".join(explanation(moment(replace(session, step=number))).sentences)


def lecture(**values: float) -> Session:
    """The lecture with some numbers changed at its first update."""
    session = start(LECTURE)
    for name, value in values.items():
        sample = 1 if name[0] in "xy" else None
        session = after(session, Command("edit", Edit(1, name, value, sample)))
    return session


def with_network(lesson: Lesson, **changes: Any) -> Lesson:
    """A lesson with another [network]."""
    return replaced(lesson, network=replaced(lesson.network, **changes))


def with_training(lesson: Lesson, **changes: Any) -> Lesson:
    """A lesson with another [training]."""
    return replaced(lesson, training=replaced(lesson.training, **changes))


def xor_like() -> Lesson:
    """The lecture with a sigmoid output and cross-entropy, and all weights and biases 0."""
    zeros = replaced(
        LECTURE.network,
        activations=("relu", "sigmoid"),
        weights=None,
        biases=None,
        init="zeros",
    )
    lesson = with_training(replaced(LECTURE, network=zeros), loss="binary_cross_entropy")
    return replaced(lesson, data=replaced(LECTURE.data, targets=((0,),)))


def test_a_dead_hidden_neuron() -> None:
    """b₁ = −10: z₁ = 1 − 10 = −9; the gradient −2 stops at its ReLU, and w₁ gets none of it."""
    session = lecture(b1=-10)
    assert "z₁ = −9 is negative, so ReLU gives 0: node 1 is dead" in said(session, "h1")
    assert "ReLU has slope 0: a shut gate. No gradient gets through." in said(session, "dh1/dz1")
    assert "The gradient −2 at h₁ stops here, because ReLU has slope 0. Stuck" in said(session, "dL/dz1")
    assert "0, because ReLU has slope 0 at z₁: no gradient gets through." in said(session, "dL/dw1")
    assert said(session, "dL/dw5") == "0, because h₁ is 0: for this sample w₅ has no effect at all."
    assert "The step is 0, so w₁ stays as it is." in said(session, "w1")
    # The other neuron goes on: ŷ = 1 is below 2, its gradient is negative.
    assert "Negative: a larger w₂ would lower the loss" in said(session, "dL/dw2")
    assert "w₂ grows ↑ by 0.02" in said(session, "w2")


def test_dead_for_one_sample_or_for_all() -> None:
    """x = (1, 0) shuts node 1 of b₁ = −2 (z₁ = −1); x = (3, 0) would open it (z₁ = 1)."""
    two = replaced(LECTURE, data=replaced(LECTURE.data, inputs=((1, 0), (3, 0)), targets=((2,), (2,))))
    session = after(start(two), Command("edit", Edit(1, "b1", -2.0)))
    assert "node 1 is dead for this sample." in said(session, "h1", 1)
    assert "passes a positive sum on as it is: 1." in said(session, "h1", 2)
    session = after(session, Command("edit", Edit(1, "b1", -5.0)))
    assert "node 1 is dead for all samples." in said(session, "h1", 1)
    assert "dead for the only sample there is" in said(lecture(b1=-5), "h1")


def test_a_sum_of_exactly_zero() -> None:
    """b₁ = −1: z₁ = 0."""
    session = lecture(b1=-1)
    assert said(session, "h1") == "z₁ is exactly 0, so ReLU gives 0; its derivative there is taken as 0."
    assert "as PyTorch and TensorFlow do" in said(session, "dh1/dz1")


def test_on_target() -> None:
    """y = 2.5 is the very prediction: an error of 0 is not a slope of 0."""
    session = lecture(y=2.5)
    assert "exactly on target: no error" in said(session, "L")
    assert "The error ŷ − y is 0: this output is on target" in said(session, "dL/dyhat")
    assert "0, because the error ŷ − y is 0: the prediction is on target." in said(session, "dL/dw5")
    assert "0, because the error ŷ − y is 0: the prediction is on target." in said(session, "dL/dw1")
    assert "no parameter moved, because the loss is 0" in said(session, "check")


def test_a_dead_output_is_stuck_not_done() -> None:
    """The loss stays y² = 4."""
    session = start(shipped_lesson("dead-output"))
    stuck = "Stuck, not done: the prediction is still off target."
    assert f"The gradient −4 at ŷ stops here, because ReLU has slope 0. {stuck}" in said(session, "dL/dz3")
    assert f"0, because ReLU has slope 0 at z₃: no gradient gets through. {stuck}" in said(session, "dL/dw5")
    assert "0, because a slope of 0 nearer to the loss lets no gradient through" in said(session, "dL/dw1")
    assert said(session, "check") == (
        "L stays 4: no parameter moved, because every gradient is 0. "
        "Stuck, not done: the output has slope 0, so no gradient gets through."
    )


def test_gradients_that_cancel_are_no_dead_output() -> None:
    """ŷ = 0 against 1 and −1: every gradient of the batch is 0, though those of the samples get through."""
    network = replaced(
        LECTURE.network, layers=(1, 1), activations=("linear",), weights=(((0,),),), biases=((0,),)
    )
    data = replaced(LECTURE.data, inputs=((1,), (1,)), targets=((1,), (-1,)))
    flat = start(with_training(replaced(LECTURE, network=network, data=data), batch=2))
    assert said(flat, "check") == (
        "L stays 1: no parameter moved, because every gradient is 0: here the loss is flat."
    )


def test_what_an_update_will_do_is_not_foretold_where_l2_has_a_say() -> None:
    """A weight that its gradient would raise may be lowered by L2: the gradient alone is told of."""
    foretold = "Positive: a larger w₅ would raise the loss; the update will lower w₅ ↓."
    assert foretold in said(lecture(), "dL/dw5")
    regularized = start(with_training(LECTURE, l2=0.5))
    assert "Positive: a larger w₅ would raise the loss." in said(regularized, "dL/dw5", 1)


@pytest.mark.parametrize(
    ("change", "promised", "words"),
    [
        (0.5, 0.0, "L rose instead"), (-0.5, 0.0, "L fell instead"), (0.5, -0.5, "L rose instead"),
        (-0.5, -0.25, "L fell by more"), (-0.25, -0.5, "L fell by less"), (0.0, -0.5, "L stayed the same"),
    ],
)  # fmt: skip
def test_how_the_loss_went_beside_the_promise(change: float, promised: float, words: str) -> None:
    """A promise of nothing, as momentum may make it, was not kept by more or less."""
    assert how_it_came(change, promised) == f"The slope changes on the way: {words}."


def test_above_and_below_the_target() -> None:
    """ŷ = 2.5 against 2 and against 4; the sign of the error and of what follows."""
    assert "ŷ is 0.5 above the target y" in said(lecture(), "L")
    assert "the prediction is too large" in said(lecture(), "dL/dyhat")
    assert "ŷ is 1.5 below the target y" in said(lecture(y=4), "L")
    assert "the prediction is too small" in said(lecture(y=4), "dL/dyhat")
    assert "the update will lower w₅ ↓" in said(lecture(), "dL/dw5")
    assert "the update will raise w₅ ↑" in said(lecture(y=4), "dL/dw5")


def test_the_loss_fell_and_the_promise() -> None:
    """By hand: gradients 1, 1, 0, 0, 1.5, 0.5, 1, 1, 1; their squares add up to 7.5; η = 0.01."""
    assert said(lecture(), "check") == (
        "L 0.25 → 0.1810: it fell by 0.0690; the gradients said −0.075. "
        "w₅ had the largest gradient, 1.5, and moved most, by −0.015. "
        "w₃ and w₄ had the gradient 0 and did not move. "
        "The gradients by size: w₅ 1.5, w₁ 1, w₂ 1, b₁ 1, b₂ 1, b₃ 1, w₆ 0.5, w₃ 0, w₄ 0. "
        "What the gradients said is −η times the sum of the squared gradients, −η‖∇L‖². "
        "The slope changes on the way: L fell by less."
    )


def test_the_loss_rose() -> None:
    """By hand, η = 0.25: w₅ = 0.625, h₁ = 1, h₂ = 0, b₃ = 0.25, ŷ = 0.875; the promise was −0.25 · 7.5."""
    session = after(start(LECTURE), Command("rate", 0.25))
    words = said(session, "check")
    assert "L 0.25 → 1.266: it rose by 1.016, though the gradients said −1.875." in words
    assert "The slope changes on the way: L rose instead." in words


def test_the_promise_leaves_frozen_biases_out() -> None:
    """By hand, without the bias gradients: 1 + 1 + 1.5² + 0.5² = 4.5; η = 0.01."""
    frozen = with_network(LECTURE, train_biases=False)
    words = said(start(frozen), "check")
    assert "the gradients said −0.045." in words
    assert "−η times the sum of the squared gradients of all trained parameters, −η‖∇L‖²." in words


def test_by_how_much_the_loss_went_holds_in_the_digits_shown() -> None:
    """Of every update: whoever subtracts the numbers of the screen finds the change of the screen."""
    for lesson, update in product(("mazur", "first", "xor", "recurrent", "points"), range(1, 12)):
        words = said(after(start(shipped_lesson(lesson)), Command("goto", (update, 0))), "check")
        found = re.match(r"L (\S+) → (\S+): it (?:fell|rose) by ([^;,]+)[;,]", words)
        assert found is not None, words
        old, new, change = (Decimal(number) for number in found.groups())
        assert abs(new - old) == change > 0


def test_the_size_of_a_gradient_of_cross_entropy() -> None:
    """σ(0) = 0.5 against 1: −1 / 0.5 = −2, which is small as a number and large as a gradient."""
    words = said(start(replaced(xor_like(), data=replaced(LECTURE.data, targets=((1,),)))), "dL/dyhat")
    assert "It is negative: ŷ is too small." in words
    assert "the larger the gradient is in size." in words


def test_what_momentum_subtracts() -> None:
    """The first velocity is the gradient: 1 for w₁, and −3 where the target is 4."""
    momentum = with_training(LECTURE, optimizer="momentum")
    assert "A positive velocity is subtracted: w₁ falls ↓ by 0.01." in said(start(momentum), "w1")
    above = replaced(momentum, data=replaced(momentum.data, targets=((4,),)))
    assert "A negative velocity is subtracted: w₁ grows ↑ by 0.03." in said(start(above), "w1")


def test_a_slope_is_told_from_what_comes_out() -> None:
    """ŷ · (1 − ŷ) is the slope of σ at z₃ because ŷ is σ(z₃)."""
    assert "ŷ is σ(z₃), and σ′ = σ · (1 − σ)" in said(start(xor_like()), "dyhat/dz3")
    hidden = with_network(LECTURE, activations=("tanh", "relu"))
    assert "h₁ is tanh(z₁), and tanh′ = 1 − tanh²" in said(start(hidden), "dh1/dz1")


def test_each_convention_of_the_loss() -> None:
    """Said where it is computed and where its 2 comes from."""
    for loss, at_loss, at_error in [
        ("squared_error", "has no ½", "The 2 comes from the square"),
        ("half_squared_error", "The ½ is there to cancel the 2", "The ½ and the 2 of the square cancel"),
        ("mean_squared_error", "as in PyTorch and Keras", "the mean divides by the number of outputs"),
    ]:
        session = start(with_training(LECTURE, loss=loss))
        assert at_loss in said(session, "L")
        assert at_error in said(session, "dL/dyhat")


def test_one_path_and_two() -> None:
    """Mazur's two outputs send two products back, the lecture's one."""
    assert "One path leads from h₁ to the loss" in said(lecture(), "dL/dh1")
    assert "2 paths lead from h₁ to L" in said(start(shipped_lesson("mazur")), "dL/dh1")


# Claims that are easily too bold


def test_a_frozen_bias_is_not_said_to_be_updated() -> None:
    """Mazur's biases stay."""
    words = said(start(shipped_lesson("mazur")), "dL/db3")
    assert "b₃ will not be updated" in words
    assert "the update will" not in words


def test_one_samples_gradient_does_not_tell_which_way_the_update_goes() -> None:
    """XOR's w₅: the first sample's gradient is negative, the mean of all four positive."""
    session = start(shipped_lesson("xor"))
    assert "the update will raise" not in said(session, "dL/dw5", 1)
    assert "w₅ falls ↓" in said(session, "w5")


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "linear", "leaky_relu", "relu", "softplus"])
def test_zero_weights_are_no_shut_gate(activation: str) -> None:
    """With w₅ = 0 no error comes to node 1, whose gate is open."""
    session = after(
        start(with_network(LECTURE, activations=(activation, "relu"))), Command("edit", Edit(1, "w5", 0.0))
    )
    assert "shut" not in said(session, "dL/dw1")
    assert "shut" not in said(session, "dL/dz1")


def test_a_saturated_sigmoid_is_no_shut_gate() -> None:
    """σ(40) is 1 to the last bit, so that its slope is 0: no ReLU is in this network."""
    session = start(with_network(LECTURE, activations=("sigmoid", "sigmoid")))
    for name, value in (("b3", 40.0), ("y", 0.5)):
        session = after(session, Command("edit", Edit(1, name, value, 1 if name == "y" else None)))
    for name in ("dL/dz3", "dL/dw5", "dL/dw1", "check"):
        assert "shut" not in said(session, name), name


def test_one_output_on_target_is_no_shut_gate() -> None:
    """Two linear outputs, the first exactly on target: its weights' gradients are 0 for that reason."""
    lesson = replaced(
        with_network(
            LECTURE,
            layers=(2, 2),
            activations=("linear",),
            weights=(((1, 1), (0.5, -0.5)),),
            biases=((0.5, 0),),
        ),
        data=replaced(LECTURE.data, targets=((1.5, 3),)),
        notes=(),
    )
    words = said(start(lesson), "dL/dw1")
    assert words.startswith("0, because")
    assert "shut" not in words
    assert "target" in words


def diverged() -> Session:
    """Linear neurons and a huge learning rate: nan from the third update on."""
    session = start(with_network(LECTURE, activations=("linear", "linear")))
    session = replace(after(session, Command("rate", 1e100)), update=5)
    assert moment(replace(session, step=46)).value("yhat") != moment(replace(session, step=46)).value("yhat")
    return session


def test_nothing_is_said_of_numbers_that_are_none() -> None:
    """nan is neither above nor below, neither too large nor too small, and no 0."""
    session = diverged()
    assert not re.search("above|below", said(session, "L"))
    assert "too small" not in said(session, "dL/dyhat")
    for name in ("dL/dw1", "dL/dw5", "dL/db3"):
        assert not said(session, name).startswith("0, because"), name
    assert "diverged" in said(session, "w1")
    assert "diverged" in said(session, "check")


def test_a_loss_that_stays_is_not_said_to_have_fallen() -> None:
    """A learning rate so small that a weight moves by its last bit and the loss does not."""
    session = after(lecture(w5=1e-300, b3=0.5, b2=0, w6=1, w2=1), Command("rate", 1e-310))
    check = replace(session, step=46)
    run = moment(check).trace
    assert run.loss_after == run.loss_before
    assert run.parameters_after != run.start.parameters
    assert "fell by 0" not in said(session, "check")


def test_a_momentum_that_carries_uphill_has_promised_it() -> None:
    """Where the velocity still points upwards, the gradient foretells a rise: it did not rise “instead”."""
    session = after(start(with_training(LECTURE, optimizer="momentum")), Command("rate", 0.1))
    for update in range(1, 60):
        here = replace(session, update=update)
        run = moment(here).trace
        if run.promised > 0 and run.loss_after > run.loss_before:
            assert "instead" not in said(here, "check")
            return
    pytest.fail("no such update")


def test_the_start_of_an_update_that_was_edited() -> None:
    """Its parameters are not all those that the update before left behind."""
    session = after(replace(start(LECTURE), update=3), Command("edit", Edit(3, "w1", 9.0)))
    words = " ".join(explanation(moment(session)).sentences)
    assert "changed" in words or "edit" in words


@given(places(), st.integers(0, 10**6))
@examples(35)
def test_the_arrow_of_an_update_is_the_way_it_goes(session: Session, choice: int) -> None:
    """Whatever the optimizer."""
    updates = [n for n, step in enumerate(program_of(session).steps(), start=1) if step.role == "update"]
    now = moment(replace(session, step=updates[choice % len(updates)]))
    assert now.step is not None
    change = now.trace.value(now.session.step) - now.trace.given(now.sample)[now.step.name]
    first = explanation(now).sentences[0]
    assert ("↑" in first, "↓" in first) == (change > 0, change < 0)


def drawn(recipe: str, *activations: str) -> Session:
    """The lecture with weights from a recipe."""
    network = {"init": recipe, "weights": None, "biases": None}
    return start(with_network(LECTURE, **network, **({"activations": activations} if activations else {})))


def test_a_start_that_is_dead_says_so() -> None:
    """All zeros: with ReLU every gradient is 0; with tanh and a linear output ∂L/∂b₃ is not, but w₅ = 0."""
    assert explanation(moment(drawn("zeros"))).sentences[0] == (
        "This start is dead: every gradient is 0, so nothing can be learned from it."
    )
    assert explanation(moment(drawn("zeros", "tanh", "linear"))).sentences[0] == (
        "In this start no gradient gets back to the first layer."
    )
    for session in (drawn("same"), start(shipped_lesson("dead-output")), lecture(b1=-10)):
        assert "start" not in explanation(moment(session)).sentences[0]


def saturated(target: float) -> Session:
    """σ(40), which is rounded to 1, by cross-entropy."""
    network = Network((1, 1), ("sigmoid",), "binary_cross_entropy")
    setup = setup_of(network, (40.0, 0.0), inputs=((1.0,),), targets=((target,),))
    return start(lesson_of(setup))


def test_a_saturated_answer_that_is_right() -> None:
    """ŷ = y = 1: what was done with 0 · ln(0) and with 0 / 0 is said, and the output is called on target."""
    session = saturated(1.0)
    assert said(session, "yhat") == "σ is never exactly 1: this one is so near that 64 bits round it to 1."
    assert "The term 0 · ln(0) counts as 0" in said(session, "L")
    assert "The term 0 / 0 counts as 0" in said(session, "dL/dyhat")
    assert "z₁ = 40 is so far out that σ is rounded" in said(session, "dyhat/dz1")
    assert "this output is on target" in said(session, "dL/dz1")
    assert "on target" in said(session, "dL/dw1")


def test_a_saturated_answer_that_is_wrong() -> None:
    """ŷ = 1, y = 0: why the loss is inf, why the gradient is nan, and what it is with exact numbers."""
    session = saturated(0.0)
    assert said(session, "L").startswith("It is inf: σ is rounded to exactly 1, the target is 0.")
    assert said(session, "dL/dyhat").startswith("It is inf: σ is rounded to exactly 1, the target is 0.")
    assert said(session, "dL/dz1").startswith("It is nan: inf · 0 has no value. With exact numbers ∂L/∂z₁ is")
    assert "ŷ − y = 1" in said(session, "dL/dz1")
    assert said(session, "dL/dw1") == "It is nan, because ∂L/∂z₁ is nan."
    assert said(session, "w1") == "It is nan, because ∂L/∂w₁ is nan."
    assert said(session, "check") == "L inf → nan: w₁ is nan now, and no update makes it finite again."


def test_what_a_softmax_far_apart_loses_is_told_with_what_it_comes_to() -> None:
    """z = (1000, 0, −5), the second class: no step on the way to a parameter is nan, and each says why."""
    network = Network((1, 3), ("softmax",), "cross_entropy")
    values = (1000.0, 0.0, -5.0, 0.0, 0.0, 0.0)
    session = start(lesson_of(setup_of(network, values, inputs=((1.0,),), targets=((0.0, 1.0, 0.0),))))
    assert said(session, "e2") == "e₂ is above 0 whatever z₂ is, but 64 bits round this one to 0."
    assert "lose its logarithm. But −ln(ŷ) is ln(S) + (m − z)." in said(session, "L")
    assert said(session, "dL/dyhat2").startswith("It is −inf: softmax is rounded to exactly 0")
    assert "As ŷ is e / S, that is y / S, with no ŷ to divide by." in said(session, "dL/dS")
    assert said(session, "dL/dz2").startswith("All of it collapses to ŷ − y: ŷ₂ − y₂ = 0 − 1 = −1.")
    number = program_of(session).number("dL/dw2")
    assert number is not None
    here = moment(replace(session, step=number))
    (line,) = nudge_lines(moment(replace(session, step=number - 2)))
    assert line.endswith("L −0.01   gradient says −0.01")
    (total,) = chain(here, "dL/dw2").joins
    assert total.came is not None
    assert (total.words, total.numbers, total.came.value) == ("sum of 4 paths", "", "−1")


def test_training_has_diverged_only_where_numbers_were_no_longer_finite() -> None:
    """Not where a given number is too large; but once a parameter is inf or nan."""
    large = lecture(w1=1e200, w5=1e200)
    assert said(large, "L") == "It is inf, because ŷ is inf."
    assert said(large, "h1").startswith("ReLU")
    assert not any("diverged" in said(large, step.name) for step in program_of(large).steps())
    after_it = replace(large, update=2)
    assert not all(map(isfinite, moment(after_it).trace.start.parameters))
    assert "training has diverged" in said(after_it, "check")


def test_the_check_where_a_loss_is_not_finite_but_the_parameters_are() -> None:
    """ŷ = 1e200 has the loss inf and the gradient 2e200, finite; all other weights are 0."""
    far = lecture(w1=0, w2=0, w3=0, w4=0, b1=0, b2=0, w5=0, w6=0, b3=1e200)
    assert said(far, "check") == "L inf → inf: the loss is not finite, the parameters still are."


@pytest.mark.parametrize(
    ("activation", "applied", "slope"),
    [
        ("linear", "out passes its sum on", "the linear activation"),
        ("sigmoid", "out: the sigmoid of z₃", "the sigmoid"),
        ("tanh", "out: tanh of z₃", "tanh"),
        ("leaky_relu", "out: leaky ReLU of z₃", "leaky ReLU"),
        ("relu", "out: ReLU of z₃", "ReLU"),
        ("softplus", "out: softplus of z₃", "softplus"),
    ],
)
def test_an_activation_function_is_named_as_a_sentence_needs_it(
    activation: str, applied: str, slope: str
) -> None:
    """With "the" where it is a noun, not a proper name; of the linear one, which is an adjective, a noun."""
    session = start(with_network(LECTURE, activations=(activation, activation)))
    program = program_of(session)

    def title(name: str) -> str:
        number = program.number(name, 1 if program.sample_position(name) is not None else None)
        assert number is not None
        return explanation(moment(replace(session, step=number))).title

    assert title("yhat") == applied
    assert re.match(rf"The gradient at ŷ, times the slope \S+ of {slope}: ", said(session, "dL/dz3"))


def test_whether_a_start_is_dead_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not anew for each of the drawings and words of a screen."""
    session = drawn("zeros")
    setup = replace(moment(session).setup, inputs=((0.123, 4.567),))
    runs: list[Model] = []

    def counted(model: Model) -> Block:
        runs.append(model)
        return sample_block(model)

    monkeypatch.setattr(initial, "sample_block", counted)
    assert [initial.is_alive(setup) for _ in range(5)] == [False] * 5
    assert len(runs) == 1
    assert initial.levels_reached.cache_info().maxsize


def test_a_softmax_is_told_by_its_own_names() -> None:
    """In a GPT block T is the sum of the powers g, S that of the powers e; L = −ln(ŷ₃) reads ŷ₃ alone."""
    session = start(shipped_lesson("gpt-block"))
    assert "With T held still, ŷ₃ grows by 1 / T for each 1 of g₃." in said(session, "dyhat[3]/dg[3]")
    assert "(g₁ / T)′ by T is −g₁ / T²." in said(session, "dyhat[1]/dT")
    assert "One way leads on from T to L: through ŷ₃, the only share that L reads." in said(session, "dL/dT")
    assert "One way leads on from g₁ to L: through T. L does not read ŷ₁." in said(session, "dL/dg[1]")
    assert "Two ways lead on from g₃: ŷ₃, and T" in said(session, "dL/dg[3]")
    assert "grows by 1 / S₂ for each" in said(start(shipped_lesson("attention")), "da[2,1]/de[2,1]")


def test_what_counts_for_a_wrong_class() -> None:
    """Its ŷ is in no other term of L, and does not go through S: e^z does."""
    words = said(start(shipped_lesson("softmax-3")), "dL/dyhat1")
    assert (
        words == "Its target is 0, so L does not change with this ŷ. It does with its z: e^z is a part of S."
    )


def test_a_constant_is_not_said_to_stay_whatever_happens() -> None:
    """It is nudged and has a gradient: that of h₀ in a recurrent network."""
    words = said(start(shipped_lesson("recurrent")), "h[0]")
    assert words == "h₀ is a constant of the formulas: training does not change it."


def test_a_weight_that_is_read_in_several_places_is_told_of_one() -> None:
    """What it does through the others is kept out: h₂ moves with u and w, h₀ does not."""
    session = start(shipped_lesson("recurrent"))
    assert "if u grows by 1 and h₂ stays as it is, z₃ changes by" in said(session, "dz[3]/du")
    assert "if w grows by 1 and h₂ stays as it is, z₃ changes by −1." in said(session, "dz[3]/dw")
    assert "stays" not in said(session, "dz[1]/dw")


def formulas(forward: str, loss: str, parameters: str) -> Session:
    """A program without data."""
    text = f'[program]\nforward = "{forward}"\nloss = "{loss}"\n[program.parameters]\n{parameters}\n'
    return start(parse_lesson(f"{text}[training]\nlearning_rate = 0.1\n", "x.toml"))


@pytest.mark.parametrize(
    ("forward", "loss", "step", "words"),
    [
        # By hand: 0.01² = 0.0001; −1 and −0.99 under a ReLU are both 0; 0 · w is 0 for every w.
        ("", "w^2", "dL/dw", "0: for a very small change of w, the loss barely changes."),
        ("", "relu(w-1)", "dL/dw", "0: a small change of w does not change the loss."),
        ("h = w^2", "h", "dh/dw", "If w grows a little, h barely changes."),
        (
            "h = w^2",
            "h",
            "dL/dw",
            "0, because ∂h/∂w is 0: for a very small change of w, the loss barely changes.",
        ),
        ("h = 0.5*w^2", "h", "dh/dw", "If w grows a little, h barely changes."),
        ("h = u*w", "h", "dh/dw", "u is 0, so w has no effect at all."),
        ("h = u*w", "h + 1", "dL/dw", "0, because u is 0: w has no effect at all."),
        # h · w = w²: h is 0, but not for long.
        ("h = 3*w\\nq = h*w", "q + u", "dq/dw", "If w grows a little and h stays as it is, q barely"),
        ("h = 3*w\\nq = h*w", "q + u", "dL/dw", "0: for a very small change of w, the loss barely changes."),
        ("h = w - 1", "(h + 1)^2", "dh/dw", "h contains + w: if w grows by 1, so does h."),
        ("h = w - 1", "(h + 1)^2 + u", "dL/dh", "It is 0: for a very small change of h, the loss barely"),
    ],
)
def test_what_a_gradient_of_0_says(forward: str, loss: str, step: str, words: str) -> None:
    """No effect is said only of what has none; of a point where a slope is 0, that it is so there."""
    parameters = "\n".join(f"{name} = 0" for name in "uw" if re.search(rf"\b{name}\b", f"{forward} {loss}"))
    assert words in said(formulas(forward, loss, parameters), step)
