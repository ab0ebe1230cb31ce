"""How the predictions of a session went, in lines of text."""

from __future__ import annotations

from dataclasses import replace

from msgspec.structs import replace as replaced

from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.prediction.tally import of_update, tally_lines
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.session import Answer, Result, Session

LECTURE = shipped_lesson("lecture")
ADAM = start(replaced(LECTURE, training=replaced(LECTURE.training, optimizer="adam")))


def answered(session: Session, *answers: tuple[int, str, str, Result]) -> Session:
    """The session after answers, each an update, the quantity asked for, what was typed, and the result."""
    made = []
    for update, name, text, result in answers:
        number = program_of(replace(session, update=update)).number(name)
        assert number is not None, name
        made.append(Answer(update, number, "number", text, result))
    return replace(session, answers=tuple(made))


def test_what_to_look_at_again_is_in_the_order_of_training() -> None:
    """Not in that in which it was answered; what was looked up is part of it, what was right is not."""
    session = answered(
        start(LECTURE),
        (2, "z1", "7", "wrong"),
        (1, "dL/dyhat", "", "shown"),
        (1, "L", "1/4", "right"),
        (1, "z1", "2.5", "wrong"),
    )
    assert list(tally_lines(session)) == [
        "Predicted: 1 right, 2 wrong, 1 looked up.",
        "sum: 2 wrong",
        "slope: 1 looked up",
        "loss: 1 right",
        "To look at again:",
        "1.1  z₁, you said 2.5",
        "1.8  ∂L/∂ŷ, looked up",
        "2.1  z₁, you said 7",
    ]


def test_kinds_of_steps() -> None:
    """As practice counts them; the check belongs to the loss, the optimiser's state to the update."""
    names = ("h1", "check", "dz3/dh1", "dL/dh1", "m_w1", "v_w1", "w1")
    session = answered(ADAM, *((1, name, "1", "right") for name in names))
    assert list(tally_lines(session))[1:] == [
        "activation: 1 right",
        "slope: 1 right",
        "path: 1 right",
        "update: 3 right",
        "loss: 1 right",
    ]


def test_an_update_has_its_own_count() -> None:
    """Whatever was answered in others; and of nothing there is nothing to tell."""
    session = answered(
        start(LECTURE), (1, "z1", "2", "wrong"), (2, "z1", "", "shown"), (2, "L", "1", "wrong")
    )
    assert of_update(replace(session, update=2)) == "This update: 1 wrong, 1 looked up."
    assert list(tally_lines(start(LECTURE))) == ["Nothing has been predicted."]
