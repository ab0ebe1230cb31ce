"""The words of the diagram where there is least room for them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as replaced

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment

TITLES: list[tuple[Lesson, str, bool, str]] = [
    (LECTURE, "squared_error", False, "(ŷ − y)²"),
    (LECTURE, "squared_error", True, "(yhat - y)^2"),
    (LECTURE, "half_squared_error", False, "½ (ŷ − y)²"),
    (LECTURE, "half_squared_error", True, "1/2(yhat-y)^2"),
    (LECTURE, "mean_squared_error", False, "MSE"),
    (LECTURE, "mean_squared_error", True, "MSE"),
    (shipped_lesson("xor"), "binary_cross_entropy", False, "BCE"),
    (shipped_lesson("xor"), "binary_cross_entropy", True, "cross-entropy"),
    (LECTURE, "absolute_error", False, "|ŷ − y|"),
    (LECTURE, "absolute_error", True, "|yhat - y|"),
    (LECTURE, "huber", False, "Huber(ŷ − y)"),
    (LECTURE, "huber", True, "Huber"),
    (LECTURE, "hinge", False, "hinge"),
    (LECTURE, "hinge", True, "hinge"),
]


def _with_loss(lesson: Lesson, loss: str) -> Lesson:
    """A lesson with another loss."""
    return replaced(lesson, training=replaced(lesson.training, loss=loss))


@pytest.mark.parametrize(("lesson", "loss", "ascii", "title"), TITLES)
def test_the_loss_stands_beside_the_gradient_not_on_it(
    lesson: Lesson, loss: str, ascii: bool, title: str
) -> None:
    """In the row of w₆'s gradient at 60×20 both are whole, with a blank between them."""
    other = _with_loss(lesson, loss)
    gradient = "d   .   " if ascii else "∂   ·   "
    # Before the first step words take rows from the diagram.
    rows = screen(moment(replace(start(other), step=1)), 60, 20, Look(ascii)).text().splitlines()
    row = next(row for row in rows if row.rstrip().endswith(title))
    assert f"{gradient} " in row


def test_every_loss_is_tried() -> None:
    """Each that a network with one output can have: cross-entropy takes two or more."""
    assert {loss for _, loss, _, _ in TITLES} == set(LOSSES) - {"cross_entropy"}


@pytest.mark.parametrize(
    ("loss", "one", "two"),
    [
        ("squared_error", "(ŷ − y)²", "sum (ŷ − y)²"),
        ("half_squared_error", "½ (ŷ − y)²", "sum ½ (ŷ − y)²"),
        ("mean_squared_error", "mean (ŷ − y)²", "mean (ŷ − y)²"),
        ("absolute_error", "|ŷ − y|", "sum |ŷ − y|"),
        ("huber", "Huber(ŷ − y)", "sum Huber(ŷ − y)"),
        ("hinge", "max(0, 1 − yŷ)", "sum max(0, 1 − yŷ)"),
    ],
)
def test_a_formula_is_that_of_the_loss_that_is_meant(loss: str, one: str, two: str) -> None:
    """A loss over two outputs adds up what the formula says of each, or takes the mean of it."""
    assert (LOSSES[loss].titles(1)[0], LOSSES[loss].titles(2)[0]) == (one, two)
    session = replace(start(_with_loss(shipped_lesson("two-outputs"), loss)), step=1)
    assert f" {two} " in f"{screen(moment(session), 80, 24, Look()).text()} ".replace("\n", " ")


@pytest.mark.parametrize("ascii", [False, True])
def test_a_dead_neuron_keeps_its_name(ascii: bool) -> None:
    """Where there is no room for the cross as well, its frame still says that it is dead."""
    session = replace(start(shipped_lesson("dead-relu")), step=45)
    narrow, wide = (screen(moment(session), *size, Look(ascii)).text() for size in ((60, 20), (80, 24)))
    edge, cross = ("-", "x") if ascii else ("─", "✗")
    assert f"{edge} node 1 {edge}" in narrow
    assert f"{edge} dead {edge}" in narrow
    assert f"{edge} {cross} node 1 {edge}" in wide


def test_a_loss_of_several_outputs_has_its_parts() -> None:
    """Once it is known; by hand (2 − 3)² + (4 − 2)². Its convention stands below, as before."""
    session = replace(start(shipped_lesson("two-outputs")), step=7)
    text = screen(moment(session), 80, 24, Look()).text()
    assert "L +5.0000 = 1 + 4" in text
    assert " sum (ŷ − y)²" in text
    assert "= 1" not in screen(moment(replace(session, step=6)), 80, 24, Look()).text().partition("loss")[0]
    one = screen(moment(replace(start(shipped_lesson("first")), step=7)), 80, 24, Look()).text()
    assert "L +1.0000 =" not in one
