"""The questions that people ask, and where the screen answers each."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import VARIANTS, Edit, Session


@dataclass(frozen=True)
class Place:
    """Where a question is answered."""

    lesson: str
    step: str
    """A step's name; "given" for the start of the update."""
    words: tuple[str, ...]
    """All of them are on a screen of 80 × 24 there."""
    panel: str = "step"
    """A panel, or a wrong variant in its place."""
    selected: str = "w1"
    update: int = 1
    commands: tuple[Command, ...] = ()
    """Given before the step is gone to."""
    roles: tuple[tuple[str, str], ...] = ()
    """(text of a cell run, role that it has)."""


def edit(name: str, value: float, sample: int | None = None) -> Command:
    """A change at the first update."""
    return Command("edit", Edit(1, name, value, sample))


PRECISION = Command("precision")
ZEROS = tuple(edit(f"w{number}", 0.0) for number in range(1, 7)) + tuple(
    edit(f"b{number}", 0.0) for number in (1, 2, 3)
)

QUESTIONS: dict[str, tuple[Place, ...]] = {
    "Do I propagate through the old or the updated weights?": (
        Place(
            "lecture", "dz3/dh1", ("The old w₅ counts: no parameter changes before every gradient is known.",)
        ),
        Place("mazur", "dL/dh1", ("All weights are still old",)),
        Place("lecture", "w1", ("All gradients come from the old values",)),
        Place(
            "lecture",
            "dz3/dh1",
            ("right ∂z₃/∂h₁ = w₅ = 1", "wrong ∂z₃/∂h₁ = new w₅ = 1 − 0.01 · 1.5 = 0.985"),
            panel="too early",
        ),
        Place(
            "lecture",
            "dL/dw1",
            (
                "right 1 wrong 0.985 by numerical gradient: 1 → the right one",
                "This L came from the old weights",
            ),
            panel="too early",
        ),
        Place("lecture-row-2", "check", ("Lower: one step proves nothing.",), panel="too early"),
        Place("lecture", "check", ("Higher: one step proves nothing.",), panel="too early"),
    ),
    "Why subtract?": (
        Place(
            "lecture",
            "w1",
            ("w₁ − η · ∂L/∂w₁", "1 − 0.01 · 1", "A positive gradient is subtracted", "falls ↓"),
        ),
        Place(
            "dead-relu", "w2", ("0.5 − 0.01 · (−2)", "A negative gradient is subtracted: w₂ grows ↑ by 0.02")
        ),
        Place("dead-relu", "dL/dw2", ("Negative: a larger w₂ would lower the loss", "raise w₂ ↑")),
    ),
    "(ŷ − y) or (y − ŷ)?": (
        Place("lecture", "dL/dyhat", ("2 · (ŷ − y)", "2 · (2.5 − 2)", "It is ŷ − y, not y − ŷ, so that")),
        Place("lecture", "dL/dyhat", ("wrong ∂L/∂ŷ = 2 · (y − ŷ) = 2 · (2 − 2.5) = −1",), panel="sign"),
    ),
    "Where does the 2 come from, or the ½?": (
        Place("lecture", "dL/dyhat", ("(ŷ − y)²", "The 2 comes from the square")),
        Place("lecture", "L", ("The squared error has no ½",)),
        Place("mazur", "dL/dyhat1", ("½ (ŷ − y)²", "The ½ and the 2 of the square cancel")),
        Place("mazur", "L", ("it makes every gradient half as large",)),
        Place("lecture", "dL/dw1", ("without the 2 every gradient is halved",), panel="constant"),
        Place("mazur", "dL/dw1", ("without it every gradient is doubled",), panel="constant"),
    ),
    "Why is the bias gradient just that at the sum?": (
        Place(
            "lecture", "dz3/db3", ("∂z₃/∂b₃ = 1", "A bias acts like a weight on an input that is always 1.")
        ),
        Place("lecture", "dL/db3", ("b₃ moves z₃ just as far: its gradient is the one at z₃.",)),
    ),
    "Why a sum over paths?": (
        Place(
            "lecture", "dL/dh1", ("One path leads from h₁ to the loss, so there is one product and no sum.",)
        ),
        Place(
            "mazur",
            "dL/dh1",
            (
                "∂L/∂z₃ · ∂z₃/∂h₁ + ∂L/∂z₄ · ∂z₄/∂h₁",
                "2 paths lead from h₁ to L: their products add up.",
            ),
        ),
    ),
    "Which layer's weight multiplies the gradient?": (
        Place(
            "lecture",
            "dz3/dh1",
            ("∂z₃/∂h₁ = w₅", "z₃ contains w₅ · h₁: if h₁ grows by 1, z₃ changes by 1."),
            roles=(("⣄", "edge.lit"),),
        ),
        Place(
            "lecture",
            "dL/dh1",
            ("w₅ carried h₁ forward. Now it carries the gradient back.",),
            roles=(("⣄", "edge.lit"),),
        ),
    ),
    "What is z, what is a?": (
        Place(
            "lecture",
            "z1",
            (
                "z₁+1.5000",
                "h₁   ·",
                "z is the sum before the activation function, which turns it into the activation h₁.",
            ),
        ),
    ),
    "Is a dead neuron dead for ever?": (
        Place(
            "dead-relu",
            "h1",
            (
                "✗ node 1",
                "dead for the one sample there is",
                "Another input with a sum above 0 would wake it",
            ),
        ),
        Place("dead-output", "yhat", ("✗ out", "out is dead for the one sample there is")),
    ),
    "All my gradients are 0: am I done or stuck?": (
        Place(
            "dead-relu", "dL/dw1", ("ReLU has slope 0 at z₁: no gradient gets through.", "Stuck, not done")
        ),
        Place(
            "lecture",
            "dL/dw1",
            ("0, because the error ŷ − y is 0: the prediction is on target.",),
            commands=(edit("y", 2.5, 1),),
        ),
        Place(
            "dead-output",
            "check",
            ("no parameter moved, because every gradient is 0.", "Stuck, not done: the output has slope 0"),
        ),
    ),
    "relu′(0)?": (
        Place(
            "lecture",
            "dh1/dz1",
            ("z₁ is exactly 0: the slope is taken as 0, as PyTorch and TensorFlow do.",),
            commands=(edit("b1", -1.0),),
        ),
        Place("lecture", "h1", ("z₁ is exactly 0",), commands=(edit("b1", -1.0),)),
    ),
    "Zeros or all equal at the start?": (
        Place("twins", "given", ("they stay twins for ever",)),
        Place("twins", "check", ("w₁ − w₂, w₃ − w₄ and w₅ − w₆ are still exactly 0",)),
        Place("lecture", "check", ("L stays 4: no parameter moved", "Stuck, not done"), commands=ZEROS),
    ),
    "The loss went up!": (
        Place(
            "lecture",
            "check",
            ("it rose by 1.016, though the gradients promised a fall of 1.875",),
            commands=(Command("rate", 0.25),),
        ),
    ),
    "“Diverged” or “stuck”?": (
        Place(
            "lecture-row-2",
            "L",
            ("The output ReLU is shut: ŷ is 0",),
            update=9,
            commands=(Command("rate", 0.1),),
        ),
        Place(
            "lecture-row-2",
            "check",
            ("L stays 36: no parameter moved", "Stuck, not done"),
            update=9,
            commands=(Command("rate", 0.1),),
        ),
        Place("lecture-row-2", "given", ("It is stuck, not diverged",)),
    ),
    "Backprop or gradient descent?": (
        Place(
            "lecture",
            "dL/dw5",
            (" backward ", "the gradient of w₅"),
            roles=((" backward ", "badge phase.backward"),),
        ),
        Place(
            "lecture",
            "w5",
            (" update ", "w₅ takes its step"),
            roles=((" update ", "badge phase.update"),),
        ),
    ),
    "Do gradients add up (zero_grad)?": (
        Place(
            "lecture",
            "given",
            ("optimizer.zero_grad()", "Gradients add up: zero_grad() begins each update"),
            panel="framework",
        ),
        Place(
            "lecture",
            "dL/dw1",
            (
                "layer1.weight.grad[0, 0] ≈ 0.8380",
                "Without zero_grad() w₁'s .grad is 1 + 0.8380 = 1.838",
            ),
            panel="framework",
            update=2,
        ),
        Place("lecture", "w1", ("w₁ 0.9716 instead of 0.9816",), panel="framework", update=2),
    ),
    "Gradients shown as 0 before backward": (
        Place("lecture", "yhat", ("b₃+0.5000 ∂   ·   ",)),
        Place("lecture", "given", ("A dot stands for what is not known yet.",)),
        Place("lecture", "yhat", ("∂L/∂p    ·       ·",), panel="table"),
        Place("lecture", "yhat", ("Still unknown: 5 of 5 factors",), panel="chain"),
    ),
    "My hand result differs in the last digit": (
        Place("mazur", "L", ("≈ 0.2984",)),
        Place("mazur", "L", ("≈ 0.29837111",), commands=(PRECISION, PRECISION)),
        Place("mazur", "L", ("≈ 0.2983711087600027",), commands=(PRECISION,) * 3),
    ),
}
"""Each question with the places that answer it, and what stands there."""

ASKED = 17 + 1
"""Rows of the list of questions, one of which asks two."""


def picture_at(place: Place) -> Picture:
    """The screen of a place."""
    session: Session = start(shipped_lesson(place.lesson))
    panel = "variants" if place.panel in VARIANTS else place.panel
    for command in (*place.commands, Command("select", place.selected), Command(panel)):
        session = after(session, command)
    while panel == "variants" and session.variant != place.panel:
        session = after(session, Command("variants"))
    session = replace(session, update=place.update)
    number = 0 if place.step == "given" else program_of(session).number(place.step, None)
    assert number is not None
    return screen(moment(replace(session, step=number)), 80, 24, Look())


def without_spaces(text: str) -> str:
    """Text as it reads where lines are wrapped and numbers stand below letters."""
    return "".join(text.split())


PLACES = [
    pytest.param(question, place, id=f"{question} {place.lesson}:{place.step}:{place.panel}")
    for question, places in QUESTIONS.items()
    for place in places
]


@pytest.mark.parametrize(("question", "place"), PLACES)
def test_the_screen_answers(question: str, place: Place) -> None:
    """Every word of the answer is on a screen of 80 × 24, at the step where the question arises."""
    picture = picture_at(place)
    for words in place.words:
        assert without_spaces(words) in without_spaces(picture.text()), f"{question} {words}"
    runs = {(run.text, run.style) for row in picture.rows for run in row}
    for text, role in place.roles:
        assert any(text in shown and set(role.split()) <= set(style.split()) for shown, style in runs), text


def test_every_question_is_answered_somewhere() -> None:
    """No row of the list is missing, and none is without a step, a panel or a lesson that answers it."""
    assert len(QUESTIONS) == ASKED
    assert all(QUESTIONS.values())


def test_phases_have_colours_of_their_own() -> None:
    """Backpropagation and gradient descent differ in more than their names."""
    badges = set()
    for step in ("z1", "L", "dL/dyhat", "w1", "check"):
        picture = picture_at(Place("lecture", step, ()))
        badges |= {run.style for row in picture.rows for run in row if run.style.startswith("badge")}
    assert len(badges) == 5
