"""Mistakes, each on a network made to show it; what each gives is worked out by hand or taken from Mazur."""

from __future__ import annotations

import pytest

from tests.prediction.asked import at, lesson
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.mistakes import mistake
from tinynet_tui.session.session import Session

SIGN = "The number is right, but its sign is wrong."
TWO = "The factor 2 is missing."
HALF = "The factor ½ is missing."
HALF_OF_TWO = "The factor ½ is missing: with the 2 of the square it makes 1."
RATE = "The learning rate η is missing."
ADDED = "The step was added: an update subtracts it."
UPDATED = "That uses the updated weight: the gradient goes back through the old one."
GATE = "ReLU is forgotten: z₁ = −9 is not above 0, so it lets nothing through."

OUTPUT_GATE = "ReLU is forgotten: z₃ = −8 is not above 0, so it lets nothing through."

LECTURE, FIRST, DEAD, MAZUR = map(lesson, ("lecture", "first", "dead-relu", "mazur"))
TWO_OUTPUTS = lesson("two-outputs")
DEAD_OUTPUT = lesson("dead-output")

NAMED = [
    # By hand: ŷ = 2.5, y = 2, so ∂L/∂ŷ = 2 · 0.5 = 1.
    (LECTURE, "dL/dyhat", "-1", SIGN),
    (LECTURE, "dL/dyhat", "−2/2", SIGN),
    (LECTURE, "dL/dyhat", "0.5", TWO),
    # w₅ = 1 and its gradient 1.5: 1 − 0.01 · 1.5 = 0.985.
    (LECTURE, "w5", "-0.5", RATE),
    (LECTURE, "w5", "1.015", ADDED),
    (LECTURE, "w5", "-0.985", SIGN),
    (LECTURE, "w5", "1", "That is the old value: its step is still to be subtracted."),
    (LECTURE, "w5", "0.015", "That is the step alone: subtract it from the old value."),
    # b₂ = 0 and its gradient 1: −0.01; the step added is 0.01 too, but the sign is seen first.
    (LECTURE, "b2", "0.01", SIGN),
    # The error goes back through w₅ = 1, not through 0.985.
    (LECTURE, "dz3/dh1", "0.985", UPDATED),
    (LECTURE, "dL/dh1", "0.985", UPDATED),
    # z₁ = 1 − 10 = −9: nothing passes, forwards or backwards; the error is 2 · (1 − 2) = −2.
    (DEAD, "h1", "-9", GATE),
    (DEAD, "dh1/dz1", "1", GATE),
    (DEAD, "dL/dz1", "-2", GATE),
    # One step back: −2 · x₁, and −2 for the bias.
    (DEAD, "dL/dw1", "-2", GATE),
    (DEAD, "dL/db1", "-2", GATE),
    # z₃ = 1.5 + 0.5 − 10 shuts the output's gate: 2 · (0 − 2) · h₁ with h₁ = 1.5.
    (DEAD_OUTPUT, "dL/dw5", "-6", OUTPUT_GATE),
    # As Mazur prints them: ½ · 0.01² stands in the loss; 2 · 0.298371109, 2 · 0.74136507.
    (MAZUR, "L", "0.596742218", HALF),
    (MAZUR, "dL/dyhat1", "1.48273014", HALF_OF_TWO),
    # His errors 0.138498562 and −0.038098236, through w₅⁺ = 0.35891648 and w₇⁺ = 0.511301270.
    (MAZUR, "dL/dh1", f"{0.138498562 * 0.35891648 - 0.038098236 * 0.511301270:.9f}", UPDATED),
    (MAZUR, "dz3/dh1", "0.3589", UPDATED),
    (MAZUR, "dL/dz3", "0.7414", "The slope of the activation function, the sigmoid, is forgotten."),
    (MAZUR, "dyhat1/dz3", "1", "The slope of the activation function, the sigmoid, is forgotten."),
    # By hand, of the lesson for pencil and paper: z₁ = −3 + 6 + 2, and ∂L/∂w₅ = −2 · 5, not −2 + 5.
    (FIRST, "z1", "3", "b₁ is forgotten: it is added to the sum."),
    (FIRST, "dL/dw5", "3", "These were added: changes along a path multiply."),
    # z₁ = −9 stands in for h₁ = 0: 1 · (−9) + 0.5 + 0.5.
    (DEAD, "z3", "-8", "That reads z₁ in place of h₁, which is 0: ReLU is shut."),
    # As he prints it: 0.138498562 · 0.4 comes back by o₁ alone.
    (MAZUR, "dL/dh1", "0.055399425", "That is one path alone: the products of all paths are added up."),
    # (2 − 3)² + (4 − 2)² = 5, of which 4 is one part; −2 · (−1) is one way of the 10.
    (TWO_OUTPUTS, "L", "4", "That is one part of L alone: L adds all of them."),
    (TWO_OUTPUTS, "dL/dh1", "2", "That is one path alone: the products of all paths are added up."),
    # (−1 + 2)² is another L; 2 · 8 is no sum.
    (
        TWO_OUTPUTS,
        "L",
        "1",
        "That is one part of L alone: L adds all of them. "
        "Or: The errors were added first: each is squared, then the squares are added.",
    ),
    (TWO_OUTPUTS, "dL/dh1", "16", "The paths were multiplied: their products are added up."),
    # A neighbour's number: −2 · 3 with h₂ = 3 for w₆ = 2; 2 with x₂ for x₁; 3 · 3 + 4 · 2 + 1.
    (TWO_OUTPUTS, "L", "2.5", "That is the mean of the parts: here L is their sum."),
    (FIRST, "dL/dh2", "-2", "That is ∂L/∂z₃ alone: it is multiplied by ∂z₃/∂h₂."),
    (FIRST, "dz3/dh2", "-1", "That is ∂z₃/∂h₁, the slope by another."),
    (FIRST, "dL/dh2", "-6", "That multiplies by ∂z₃/∂w₆ in place of ∂z₃/∂h₂."),
    (FIRST, "dL/dw3", "-8", "That multiplies by ∂z₂/∂w₄ in place of ∂z₂/∂w₃."),
    (FIRST, "z2", "18", "That takes w₂ for w₃."),
    # x₁ = 3 for w₁ = −1; ∂L/∂z₁ = 2, times x₁ = 3, not times w₁; b₁ = 2 is only added.
    (FIRST, "dz1/dw1", "-1", "That is w₁ itself: the slope is what it is multiplied with."),
    (FIRST, "dz1/db1", "2", "That is b₁ itself: it is only added, so the slope is 1."),
    (FIRST, "dL/dw1", "-2", "That multiplies by w₁ itself, not by the slope ∂z₁/∂w₁."),
    (FIRST, "h1", "0", "z₁ = 5 is above 0: ReLU hands it on."),
    (FIRST, "dh1/dz1", "0", "z₁ = 5 is above 0: ReLU has the slope 1."),
    (DEAD, "h1", "9", "ReLU does not take the sign away: of what is below 0 it makes 0."),
    # ∂L/∂b₃ = −2 · 1 in dead-relu, where b₃ = 0.5: −2 + 1 is −2 · 0.5.
    (
        DEAD,
        "dL/db3",
        "-1",
        "These were added: changes along a path multiply. "
        "Or: That multiplies by b₃ itself, not by the slope ∂z₃/∂b₃.",
    ),
    (MAZUR, "h1", "0.3775", "The activation function is forgotten: z₁ still has to go through the sigmoid."),
]


@pytest.mark.parametrize(("session", "step", "answer", "words"), NAMED)
def test_mistakes_are_named(session: Session, step: str, answer: str, words: str) -> None:
    """In one sentence, and the answer is wrong."""
    told = at(session, step)
    assert result(told, "number", answer) == "wrong"
    assert mistake(told, "number", answer) == words


UNNAMED = [
    # Two mistakes at once.
    (LECTURE, "dL/dyhat", "-0.5"),
    # Twice as much: this loss has no ½ that could be missing, in its derivative or in itself.
    (LECTURE, "dL/dyhat", "2"),
    (LECTURE, "L", "0.125"),
    # w₄ has no gradient, so without η it would be the same; a step of 0 is not forgotten.
    (LECTURE, "w4", "0"),
    (LECTURE, "z1", "2.5"),
    # The gate is open: 1.5 is what it is with and without it.
    (LECTURE, "h1", "1"),
    (MAZUR, "dL/dw5", "0.0834"),
]


@pytest.mark.parametrize(("session", "step", "answer"), UNNAMED)
def test_no_mistake_is_named_where_it_may_be_another(session: Session, step: str, answer: str) -> None:
    """Or where none gives the answer."""
    told = at(session, step)
    assert result(told, "number", answer) == "wrong"
    assert mistake(told, "number", answer) is None


def test_a_weight_that_no_update_changes_shows_no_mistake() -> None:
    """In the dead-relu lesson w₅ keeps its value 1, so that it is right either way."""
    told = at(DEAD, "dz3/dh1")
    assert result(told, "number", "1") == "right"
    assert mistake(told, "number", "1") is None


def test_of_signs_only_the_gate_is_named() -> None:
    """A wrong sign may come from anything; but where nothing passes, something was let through."""
    assert mistake(at(DEAD, "h1"), "sign", "-") == GATE
    assert mistake(at(DEAD, "dh1/dz1"), "sign", "+") == GATE
    assert mistake(at(DEAD, "dL/dz1"), "sign", "−") == GATE
    assert mistake(at(DEAD, "dL/dz1"), "sign", "+") is None
    assert mistake(at(DEAD, "dL/dw1"), "sign", "+") is None
    assert mistake(at(LECTURE, "dL/dyhat"), "sign", "-") is None


def test_a_mean_loses_its_factor_2_too() -> None:
    """(ŷ − y)² / n of two outputs: 2 · (ŷ − y) / 2 without the 2 is half as much."""
    from msgspec.structs import replace as replaced

    from tinynet_tui.lessons.shipped import shipped_lesson
    from tinynet_tui.session.commands import start

    mazur = shipped_lesson("mazur")
    mean = start(replaced(mazur, training=replaced(mazur.training, loss="mean_squared_error")))
    told = at(mean, "dL/dyhat1")
    assert result(told, "number", "0.74136507") == "right"
    assert mistake(told, "number", "0.370682535") == TWO
