"""What the sentences claim is so: each case is made by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replaced

from tests.engine.setups import setup_of
from tests.examples import examples
from tests.session.random_lessons import LECTURE, lesson_of, places
from tests.teaching.sentences_said import lecture, said, with_network, with_training, xor_like
from tinynet_tui.engine.model import Hyperparameters
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.teaching.card import how_it_came
from tinynet_tui.teaching.sentences import explanation


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
        "L 0.25 → 0.1810: it fell by 0.0690; the gradients promised 0.075. "
        "w₅ had the largest gradient in size, 1.5, and moved most, by −0.015. "
        "w₃ and w₄ had a gradient of 0 and did not move. "
        "The gradients by size: w₅ 1.5, w₁ 1, w₂ 1, b₁ 1, b₂ 1, b₃ 1, w₆ 0.5, w₃ 0, w₄ 0. "
        "That promise is each gradient g times its step −η · g, added up; in books −η‖∇L‖². "
        "The slope changes on the way: L fell by less."
    )


def test_the_loss_rose() -> None:
    """By hand, η = 0.25: w₅ = 0.625, h₁ = 1, h₂ = 0, b₃ = 0.25, ŷ = 0.875; the promise was −0.25 · 7.5."""
    session = after(start(LECTURE), Command("rate", 0.25))
    words = said(session, "check")
    went = "L 0.25 → 1.266: it rose by 1.016, though the gradients promised"
    assert f"{went} a fall of 1.875." in words
    assert "The slope changes on the way: L rose instead." in words


def test_the_promise_leaves_frozen_biases_out() -> None:
    """By hand, without the bias gradients: 1 + 1 + 1.5² + 0.5² = 4.5; η = 0.01."""
    frozen = with_network(LECTURE, train_biases=False)
    words = said(start(frozen), "check")
    assert "promised 0.045." in words
    assert (
        "each gradient g of a trained parameter times its step −η · g, added up; in books −η‖∇L‖²." in words
    )


def test_by_how_much_the_loss_went_holds_in_the_digits_shown() -> None:
    """Of every update: whoever subtracts the numbers of the screen, and rounds, finds the change there."""
    for lesson, update in product(("mazur", "first", "xor", "recurrent", "points"), range(1, 12)):
        words = said(after(start(shipped_lesson(lesson)), Command("goto", (update, 0))), "check")
        found = re.match(r"L (\S+) → (\S+): it (?:fell|rose) by ([^;,]+)[;,]", words)
        assert found is not None, words
        old, new, change = (Decimal(number) for number in found.groups())
        assert abs(new - old).quantize(change) == change > 0


@pytest.mark.parametrize(
    ("weight", "input_", "bias", "words"),
    [
        # By hand: (1850.37 · 120.53 + 10000.25 − 250000)² = 288142061.…
        (
            1850.37,
            120.53,
            10000.25,
            "L 2.881e+8 → 1.450e+8: it fell by 1.431e+8; the gradients promised 1.674e+8.",
        ),
        # (1850 · 120 + 10000 − 250000)² = 18000² = 324000000, a whole number; η = 1e-5: the step takes
        # 2 · 1e-5 · (120² + 1) = 0.28802 of the error, and leaves 0.71198² of L.
        (
            1850.0,
            120.0,
            10000.0,
            "L 3.24e+8 → 1.642e+8: it fell by 1.598e+8; the gradients promised 1.866e+8.",
        ),
    ],
)
def test_large_losses_are_written_in_one_way(weight: float, input_: float, bias: float, words: str) -> None:
    """What is subtracted, too: one sentence has no 143100000 beside 2.881e+8."""
    setup = setup_of(
        Network((1, 1), ("linear",), "squared_error"), (weight, bias),
        inputs=((input_,),), targets=((250000.0,),), hyperparameters=Hyperparameters(1e-5),
    )  # fmt: skip
    assert said(start(lesson_of(setup)), "check").startswith(words)


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
    """Whatever the optimiser."""
    updates = [n for n, step in enumerate(program_of(session).steps(), start=1) if step.role == "update"]
    now = moment(replace(session, step=updates[choice % len(updates)]))
    assert now.step is not None
    change = now.trace.value(now.session.step) - now.trace.given(now.sample)[now.step.name]
    first = explanation(now).sentences[0]
    assert ("↑" in first, "↓" in first) == (change > 0, change < 0)


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
