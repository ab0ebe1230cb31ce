"""The words for an update done wrong."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan

import pytest

from tests.engine.setups import LECTURE, setup_of
from tests.experiments.test_variants import done_wrong, judged, mazur
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.variant_words import (
    loss_words,
    numeric_text,
    right_line,
    told_apart,
    verdict_words,
    what_the_loss_shows,
    why,
    wrong_line,
)
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.experiments.wrong_updates import judgement, wrong_update
from tinynet_tui.lessons.setup import setup_of as schema_setup
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of

AT_KINK = replace(LECTURE, parameters=(*LECTURE.parameters[:-1], -2.0))
"""z3 = −2 + 1.5 + 0.5 = 0 exactly."""
CROSS_ENTROPY = setup_of(Network((1, 2, 1), ("tanh", "sigmoid"), "binary_cross_entropy"), (0.5,) * 7)
SLOW = replace(LECTURE, hyperparameters=Hyperparameters(1e-300))


def with_rate(rate: float) -> Setup:
    """The lecture with another learning rate."""
    return replace(LECTURE, hyperparameters=Hyperparameters(rate))


def lines(setup: Setup, variant: str, name: str, sample: int = 1, digits: int = 4) -> tuple[str, str]:
    """The right line and the wrong one of a step, in full."""
    wrong = done_wrong(setup, variant)
    place = wrong.place(name, sample if (name, sample) in wrong.places else None)
    assert place is not None
    both = right_line(wrong, place, digits, True), wrong_line(wrong, place, digits, True)
    right, other = (line.letters + line.numbers + line.result for line in both)
    return right, other


@pytest.mark.parametrize(
    ("setup", "variant", "name", "right", "wrong"),
    [
        (LECTURE, "too early", "dz3/dh1", "∂z₃/∂h₁ = w₅ = 1", "∂z₃/∂h₁ = new w₅ = 1 − 0.01 · 1.5 = 0.985"),
        (
            LECTURE,
            "too early",
            "dL/dh1",
            "∂L/∂h₁ = ∂L/∂z₃ · ∂z₃/∂h₁ = 1 · 1 = 1",
            "∂L/∂h₁ = ∂L/∂z₃ · ∂z₃/∂h₁ = 1 · 0.985 = 0.985",
        ),
        (LECTURE, "output slope", "dyhat/dz3", "∂ŷ/∂z₃ = ReLU′(z₃) = ReLU′(2.5) = 1", "∂ŷ/∂z₃ = 1"),
        (
            LECTURE,
            "constant",
            "dL/dyhat",
            "∂L/∂ŷ = 2 · (ŷ − y) = 2 · (2.5 − 2) = 1",
            "∂L/∂ŷ = ŷ − y = 2.5 − 2 = 0.5",
        ),
        (
            LECTURE,
            "sign",
            "dL/dyhat",
            "∂L/∂ŷ = 2 · (ŷ − y) = 2 · (2.5 − 2) = 1",
            "∂L/∂ŷ = 2 · (y − ŷ) = 2 · (2 − 2.5) = −1",
        ),
        (
            LECTURE,
            "sign",
            "w1",
            "w₁ ← w₁ − η · ∂L/∂w₁ = 1 − 0.01 · 1 = 0.99",
            "w₁ ← w₁ − η · ∂L/∂w₁ = 1 − 0.01 · (−1) = 1.01",
        ),
        (
            mazur(),
            "constant",
            "dL/dyhat1",
            "∂L/∂ŷ₁ = ŷ₁ − y₁ ≈ 0.7514 − 0.01 = 0.7414",
            "∂L/∂ŷ₁ = 2 · (ŷ₁ − y₁) ≈ 2 · (0.7514 − 0.01) ≈ 1.483",
        ),
    ],
)
def test_lines_beside_each_other(setup: Setup, variant: str, name: str, right: str, wrong: str) -> None:
    """In letters and in numbers; the numbers are those worked out by hand, and Mazur's 0.7514 and 0.7414."""
    assert lines(setup, variant, name) == (right, wrong)


def test_a_line_that_is_not_known_yet_has_no_numbers() -> None:
    """Only what it will be made of."""
    wrong = done_wrong(LECTURE, "too early")
    place = wrong.place("dL/dh1")
    assert place is not None
    for line in (right_line(wrong, place, 4, False), wrong_line(wrong, place, 4, False)):
        assert (line.letters, line.numbers, line.result) == ("∂L/∂h₁ = ∂L/∂z₃ · ∂z₃/∂h₁", "", "")


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ("squared_error", "the 2 of the square forgotten"),
        ("mean_squared_error", "the 2 of the square forgotten"),
        ("half_squared_error", "the ½ of the loss forgotten"),
        ("binary_cross_entropy", "a 2 or a ½ forgotten"),
    ],
)
def test_what_is_forgotten_depends_on_the_loss(loss: str, words: str) -> None:
    """The 2, or the ½ where the loss has one."""
    assert WRONG_WAYS["constant"].title(dense_model(Network((1, 1), ("sigmoid",), loss))) == words


@pytest.mark.parametrize(
    ("setup", "variant", "name", "verdict", "words"),
    [
        (LECTURE, "too early", "w1", "the right one", "This L came from the old weights"),
        (mazur(), "output slope", "w1", "the right one", "ŷ goes through the sigmoid: its"),
        (LECTURE, "constant", "w1", "the right one", "without the 2 every gradient is halved"),
        (mazur(), "constant", "w1", "the right one", "without it every gradient is doubled"),
        (LECTURE, "sign", "w1", "the right one", "its slope has the sign of ŷ − y"),
        (LECTURE, "too early", "w5", "no difference", "from L to w₅ there is no other weight"),
        (SLOW, "too early", "w1", "no difference", "the weights on the way have not moved"),
        (LECTURE, "output slope", "w1", "no difference", "the slope is 1, which changes nothing"),
        (LECTURE, "sign", "w3", "no difference", "∂L/∂w₃ is 0 either way"),
        (CROSS_ENTROPY, "constant", "w1", "no difference", "neither a 2 nor a ½"),
        (AT_KINK, "output slope", "w5", "cannot tell", "Too close to call: a ReLU opens or shuts here"),
        (replace(LECTURE, parameters=(1e200,) * 9), "sign", "w1", "cannot tell", "There is inf or nan here"),
    ],
)
def test_why(setup: Setup, variant: str, name: str, verdict: str, words: str) -> None:
    """Why the rule is wrong; or why it makes no difference; or why nobody can tell."""
    found = judged(setup, variant, name)
    assert verdict_words(found) == verdict
    assert words in why(done_wrong(setup, variant), found)


def test_the_judge_says_how_exact_it_is_where_that_matters() -> None:
    """At a kink, where it stands between the slopes of both sides."""
    assert numeric_text(judged(LECTURE, "sign", "w5"), 4).startswith("1.5")
    assert "±" not in numeric_text(judged(LECTURE, "sign", "w5"), 4)
    assert numeric_text(judged(AT_KINK, "sign", "b3"), 2) == "−2.0 ± 2.0"


@pytest.mark.parametrize(
    ("setup", "variant", "words"),
    [
        (LECTURE, "too early", "L after: right 0.1810, wrong 0.1813. Higher: one step proves nothing."),
        (
            mazur(),
            "too early",
            "L after: right 0.2910278, wrong 0.2910279. Higher: one step proves nothing.",
        ),
        (
            mazur(),
            "output slope",
            "L after: right 0.2910, wrong 0.2583. Lower: one step proves nothing.",
        ),
        (LECTURE, "output slope", "L after the update is 0.1810 either way."),
        (LECTURE, "sign", "L after: right 0.1810, wrong 0.3311. The wrong way makes it rise."),
        (with_rate(0.25), "sign", "L after: right 1.266, wrong 6.891. Both rise, which proves nothing."),
        (with_rate(1e200), "sign", "L after: right 4, wrong inf. The wrong one is not finite."),
        (replace(LECTURE, parameters=(1e200,) * 9), "sign", "L after the update is nan either way."),
        (
            schema_setup(shipped_lesson("xor")),
            "output slope",
            "mean L after: right 0.7205, wrong 0.6747. Lower: one step proves nothing.",
        ),
    ],
)
def test_the_loss_is_told_and_what_it_proves(setup: Setup, variant: str, words: str) -> None:
    """0.18096516 and 0.18130138 by hand; Mazur's 0.291027774 and 0.291027924, told apart by more digits.

    The sign by hand, w ← w + η · g: ŷ = 1.015 · 1.52 + 1.005 · 0.52 + 0.51 = 2.5754 with η = 0.01, and
    1.375 · 2 + 1.125 · 1 + 0.75 = 4.625 with 0.25; the right loss is 1.265625 there. The loss before is 0.25.
    xor, a mean of four, by a program of its own: 0.720549 and 0.674674.
    """
    assert loss_words(done_wrong(setup, variant), 4) == words


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (inf, nan, "Neither is finite."),
        (nan, inf, "Neither is finite."),
        (nan, 0.5, "The right one is not finite."),
        (inf, 2.0, "The right one is not finite."),
        (0.5, nan, "The wrong one is not finite."),
        (0.5, inf, "The wrong one is not finite."),
        (0.5, 0.4, "Lower: one step proves nothing."),
        (0.5, 0.6, "Higher: one step proves nothing."),
    ],
)
def test_a_loss_that_is_not_finite_is_told_first(right: float, wrong: float, words: str) -> None:
    """Whichever of the two has it; the loss before was 1."""
    assert what_the_loss_shows(1.0, right, wrong) == words


def test_numbers_that_differ_look_different() -> None:
    """With no more digits than that takes; equal ones have as many as asked for."""
    assert told_apart(0.123456, 0.123457, 2) == ("0.123456", "0.123457")
    assert told_apart(1 / 3, 1 / 3, 2) == ("0.33", "0.33")


def test_with_l2_only_what_comes_from_the_loss_is_halved() -> None:
    """By hand: 2 · (2 − (−3)) · 2 + 1.5 · 1 = 21.5, and 11.5 without the 2."""
    network = Network((1, 1), ("linear",), "squared_error", regularized=True)
    setup = setup_of(network, (1.0, 0.0), inputs=((2.0,),), targets=((-3.0,),))
    setup = replace(setup, hyperparameters=Hyperparameters(l2=1.5))
    found = judged(setup, "constant", "w1")
    assert (found.right, found.wrong) == (21.5, 11.5)
    words = why(done_wrong(setup, "constant"), found)
    assert words == "u² has the slope 2 · u: without the 2 what comes from the loss is halved."


@pytest.mark.parametrize(
    ("loss", "targets", "words"),
    [
        ("cross_entropy", (0.0, 1.0, 0.0), "its slope −y / ŷ is negative."),
        ("cross_entropy", (1.0, 0.0, 0.0), "its slope −y / ŷ is negative."),
        ("hinge", (1.0, -1.0, 1.0), "its slope is −y, or 0."),
    ],
)
def test_the_wrong_sign_is_shown_where_it_makes_a_difference(
    loss: str, targets: tuple[float, ...], words: str
) -> None:
    """Of a class whose target is 0, or which is on its side by 1, right and wrong are 0 alike."""
    last = "softmax" if loss == "cross_entropy" else "linear"
    # 2, 0.5 and −2, for the hinge: the first is on its side, and so is none of the others.
    network = Network((1, 3), (last,), loss)
    setup = setup_of(network, (2.0, 0.5, -2.0, 0.0, 0.0, 0.0), inputs=((1.0,),), targets=(targets,))
    wrong = done_wrong(setup, "sign")
    for parameter in parameters_of(dense_network(setup.model)):
        found = judged(setup, "sign", parameter.name)
        if found.verdict != "right":
            assert found.right == found.wrong == 0
            continue
        place = wrong.rule(parameter.name, 1)
        assert place is not None
        name = wrong.step(place).name
        assert wrong.values[place] == -value_of(setup, name) != 0
        assert why(wrong, found).endswith(words)


def value_of(setup: Setup, name: str) -> float:
    """The value of a step of the first sample in the right update."""
    update = trace(setup, first_point(setup))
    number = update.program.number(name, 1)
    assert number is not None
    return update.value(number)


def test_every_parameter_has_its_words() -> None:
    """In a network with all that words depend on; none of them is empty or without its full stop."""
    for setup in (LECTURE, CROSS_ENTROPY, mazur()):
        for parameter in parameters_of(dense_network(setup.model)):
            for variant in ("too early", "output slope", "constant", "sign"):
                words = why(done_wrong(setup, variant), judged(setup, variant, parameter.name))
                assert words.endswith(".")


_OF_ANY_LOSS = "The way back begins with the slope of L: its sign is in every chain."


@pytest.mark.parametrize(
    ("name", "variant", "parameter", "words"),
    [
        ("expression", "sign", "a", _OF_ANY_LOSS),
        ("expression", "output slope", "a", "No difference: no activation function gives the output here."),
        ("valley", "sign", "y", "No difference: L reads parameters alone here."),
        ("convolution", "constant", "b", "A constant factor of the loss is in every gradient."),
        ("recurrent", "sign", "u", "Above y, L rises with ŷ: its slope has the sign of ŷ − y."),
        # By hand: g grows to 2.04 and 1.28; −4.08 · 0.2 + (4.08 · 0.04 + 2.56 · 0.28) / 10 = −0.728.
        ("rms-norm", "too early", "w[1]",
         "No difference here: what has changed on the way adds up to the same gradient. At w₂ there is one."),
        ("gpt-block", "sign", "wu[1,1]", _OF_ANY_LOSS),
    ],
)  # fmt: skip
def test_formulas_have_no_weights_and_no_output_that_they_do_not_have(
    name: str, variant: str, parameter: str, words: str
) -> None:
    """What is said of a wrong way is true of the lesson's own formulas."""
    setup = schema_setup(shipped_lesson(name))
    point = first_point(setup)
    assert why(wrong_update(setup, point, variant), judgement(setup, point, variant, parameter)) == words
