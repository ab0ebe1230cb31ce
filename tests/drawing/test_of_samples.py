"""Every loss and every gradient on the screen says whose it is: one sample's or the batch's, old or new."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from msgspec.structs import replace as replaced

from tests.engine.setups import setup_of as setup_of_network
from tests.session.random_lessons import lesson_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.engine.model import Reduction
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Network
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session, View
from tinynet_tui.teaching.sample_or_batch import titled

XOR, LECTURE = shipped_lesson("xor"), shipped_lesson("lecture")


def trained(lesson: Lesson, reduction: Reduction = "mean", l2: float = 0.0) -> Lesson:
    """A lesson with another way to join its samples, or with a penalty."""
    return replaced(lesson, training=replaced(lesson.training, reduction=reduction, l2=l2))


def text(lesson: Lesson, step: int, panel: str = "step", ascii: bool = False) -> str:
    """The screen of a step at the design size."""
    session = replace(start(lesson), step=step, panel=panel)
    return screen(moment(session), 80, 24, Look(ascii)).text()


@pytest.mark.parametrize(
    ("lesson", "step", "header"),
    [
        (LECTURE, 7, "L 0.2500"),
        (LECTURE, 45, "L 0.2500"),
        (LECTURE, 46, "L 0.1810"),
        (XOR, 6, ""),
        (XOR, 7, "L⁽¹⁾ 0.7177"),
        (XOR, 144, "L⁽⁴⁾ 1.0623"),
        (XOR, 145, "mean L 0.7489"),
        (XOR, 162, "mean L 0.7489"),
        (XOR, 163, "mean L 0.7205"),
        (trained(XOR, "sum"), 145, "sum L 2.9956"),
        (trained(XOR, l2=0.1), 145, "mean L + L2 0.9859"),
        (trained(LECTURE, l2=0.1), 7, "L 0.2500"),
        (trained(LECTURE, l2=0.1), 37, "L + L2 0.4750"),
    ],
)
def test_the_loss_in_the_header_says_whose_it_is(lesson: Lesson, step: int, header: str) -> None:
    """The penalties by hand: ½ · 0.1 · Σw² is 0.237 for XOR, 0.225 for the lecture."""
    first = text(lesson, step).splitlines()[0]
    assert re.sub(r".*η \S+ *", "", first).strip() == header


def test_a_formula_says_whose_it_is() -> None:
    """As in the walk and on handouts: a step of a sample bears its number, one of the batch none."""
    assert "\n L⁽²⁾ = " in text(XOR, 43)
    assert "\n ∂L/∂w₆⁽²⁾ = " in text(XOR, 50)
    assert "\n ∂L/∂w₁ = (∂L/∂w₁⁽¹⁾ + " in text(XOR, 145)
    assert re.search(r"\n L = +\(", text(XOR, 163))
    assert re.search(r"\n L = +\(", text(LECTURE, 7))


def test_the_diagrams_loss_is_that_of_the_sample_on_screen() -> None:
    """Also while the header has that of the batch."""
    assert "L⁽⁴⁾+1.0623" in text(XOR, 150)
    assert "L⁽⁴⁾+0.9152" in text(XOR, 163)
    assert "L(4)+1.0623" in text(XOR, 150, ascii=True)
    assert "L +0.2500" in text(LECTURE, 20)


@pytest.mark.parametrize(
    ("lesson", "step", "words", "in_ascii"),
    [
        (LECTURE, 20, "∂ beside w₁: ∂L/∂w₁", "d beside w1: dL/dw1"),
        (LECTURE, 36, "∂ beside w₁: ∂L/∂w₁", "d beside w1: dL/dw1"),
        (LECTURE, 37, "w₁ is new, the rest old", "w1 is new, the rest old"),
        (LECTURE, 38, "w₁ and w₂ new, rest old", "w1 and w2 new, rest old"),
        (LECTURE, 40, "w₁ to w₄ new, rest old", "w1 to w4 new, rest old"),
        (LECTURE, 45, "w₁ to w₆, b₁ to b₃ are new", "w1 to w6, b1 to b3 are new"),
        (LECTURE, 46, "new values, no ∂ yet", "new values, no d yet"),
        (XOR, 50, "∂ beside w₁: ∂L/∂w₁⁽²⁾", "d beside w1: dL/dw1(2)"),
        (XOR, 145, "∂ of w and b: mean of 4", "d of w and b: mean of 4"),
        (XOR, 156, "w₁ to w₃ new; ∂w: mean of 4", "w1 to w3 new; dw: mean of 4"),
        (trained(XOR, "sum"), 145, "∂ of w and b: sum of 4", "d of w and b: sum of 4"),
        (trained(XOR, l2=0.1), 145, "∂ w, b: mean of 4 + L2", "d w, b: mean of 4 + L2"),
        (trained(LECTURE, l2=0.1), 37, "∂ of w and b: + L2", "d of w and b: + L2"),
    ],
)
def test_the_diagram_says_what_its_gradients_are_of(
    lesson: Lesson, step: int, words: str, in_ascii: str
) -> None:
    """In the corner that no box or edge takes."""
    assert text(lesson, step).splitlines()[1].startswith(words)
    assert in_ascii in text(lesson, step, ascii=True)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
def test_a_compact_diagram_says_whose_its_gradients_are(size: tuple[int, int]) -> None:
    """Those at the sums are a sample's where the step joins all of them, too: no mean of 2."""
    wide = setup_of_network(Network((2, 3, 2), ("tanh", "sigmoid"), "squared_error"), WEIGHTS, samples=2)
    session = start(lesson_of(wide))
    number = program_of(session).number("dL/dw3")
    assert number is not None
    shown = screen(moment(replace(session, step=number)), *size, Look()).text()
    own = moment(replace(session, step=number)).trace.value(program_of(session).number("dL/dz5", 2) or 0)
    assert f"∂z₅{own:+.4f}".replace("-", "−") in shown
    assert "∂z₁: ∂L/∂z₁⁽²⁾" in shown
    assert "∂: mean of 2" not in shown


WEIGHTS = (0.1, -0.2, 0.3, 0.4, -0.5, 0.6, 0.7, -0.8, 0.9, -1.0, 1.1, -1.2, 0.0, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("lesson", "step", "size", "words"),
    [
        (XOR, 163, (80, 24), "new values; old factors"),
        (XOR, 163, (60, 20), "old factors"),
        (XOR, 163, (200, 60), "new values; 1 to 5: the old factors"),
        (XOR, 156, (80, 24), "w₁ to w₃ new; old factors"),
        (shipped_lesson("mazur"), 58, (80, 24), "old factors"),
        (shipped_lesson("mazur"), 58, (60, 20), "old factors"),
        (shipped_lesson("mazur"), 50, (80, 24), "w₁ new; old factors"),
        (shipped_lesson("recurrent"), -1, (80, 24), "old factors"),
    ],
)
@pytest.mark.parametrize("view", [None, "sheet"])
def test_old_factors_beside_new_values_are_said_to_be_old(
    lesson: Lesson, step: int, size: tuple[int, int], words: str, view: View | None
) -> None:
    """XOR: with the new ŷ, 0.5995, the first factor would be 2.497; 2.893 belongs to the old one."""
    session = start(lesson)
    step = step if step > 0 else len(program_of(session))
    shown = screen(moment(replace(session, step=step, panel="chain", view=view)), *size, Look()).text()
    assert (words if view is None else "old factors") in shown
    before = screen(moment(replace(session, step=30, panel="chain", view=view)), *size, Look()).text()
    assert "old factors" not in before


@pytest.mark.parametrize(
    ("lesson", "step", "heading"),
    [
        (LECTURE, 20, "∂L/∂p"),
        (LECTURE, 46, "∂L/∂p"),
        (XOR, 50, "∂L⁽²⁾"),
        (XOR, 145, "mean ∂L"),
        (XOR, 163, "mean ∂L"),
        (trained(XOR, "sum"), 150, "sum ∂L"),
        (trained(XOR, "sum", 0.1), 150, "sum ∂+L2"),
        (trained(XOR, "mean", 0.1), 150, "mean ∂+L2"),
        (trained(LECTURE, l2=0.1), 36, "∂L/∂p"),
        (trained(LECTURE, l2=0.1), 37, "∂+L2"),
    ],
)
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
def test_the_table_says_what_its_gradients_are_of(
    lesson: Lesson, step: int, heading: str, size: tuple[int, int]
) -> None:
    """In one table they are all of the same kind."""
    session = replace(start(lesson), step=step, panel="table")
    assert re.search(rf"(?<!\S){re.escape(heading)}(?!\S)", screen(moment(session), *size, Look()).text())


def test_at_the_check_no_old_gradient_stands_beside_a_new_value() -> None:
    """XOR: ŷ is new, 0.5995, and 2.8929 was ∂L/∂ŷ at the old one, 0.6543."""
    before, check = text(XOR, 162), text(XOR, 163)
    assert "ŷ +0.6543 ∂+2.8929" in before
    assert "ŷ +0.5995 ∂   ·   " in check
    assert "2.8929" not in "".join(check.splitlines()[1:15])


def test_the_chain_says_once_it_is_old() -> None:
    """2.893 is ∂L/∂ŷ at the old ŷ, 0.6543; the diagram above has the new one, and new weights before that."""
    assert "that of sample 4, from before the update." in text(XOR, 162, "chain")
    check = text(XOR, 163, "chain")
    assert "2.893" in check
    assert "The product is that of sample 4, from before the update." in check
    assert "All of it is from before the update." in text(LECTURE, 46, "chain")
    assert "before the update" not in text(LECTURE, 36, "chain")


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
def test_a_gradient_at_the_sum_is_named(size: tuple[int, int], ascii: bool) -> None:
    """Where an activation stands alone, ∂ below or beside it would be taken for its own."""
    two_three_two = replaced(
        LECTURE,
        network=replaced(
            LECTURE.network,
            layers=(2, 3, 2),
            activations=("tanh", "tanh"),
            weights=None,
            biases=None,
            init="he",
        ),
        data=replaced(LECTURE.data, targets=((1, 0),)),
    )
    for lesson in (two_three_two, shipped_lesson("mazur") if size == (60, 20) else two_three_two):
        rows = screen(moment(replace(start(lesson), step=30)), *size, Look(ascii)).text().splitlines()
        z = "dz1" if ascii else "∂z₁"
        assert any(f"{z} " in row for row in rows[1 : size[1] - 9])


def test_a_comparison_says_whose_loss_it_compares() -> None:
    """After an edit: the mean over all samples, beside the output of one."""
    for lesson, words in ((LECTURE, " L 0.25, now"), (XOR, " mean L 0.7489, now")):
        edited = after(start(lesson), Command("edit", Edit(1, "w1", 1.5)))
        shown: Session = replace(edited, notice="")
        assert words in screen(moment(shown), 80, 24, Look()).text()


@pytest.mark.parametrize(
    ("lesson", "heading"),
    [
        (LECTURE, "loss after each update"),
        (XOR, "mean loss of all 4 samples after each update"),
        (trained(XOR, "sum", 0.1), "sum loss + L2 of all 4 samples after each update"),
    ],
)
def test_the_loss_curve_says_whose_loss_it_is(lesson: Lesson, heading: str) -> None:
    """The one of all samples."""
    session = replace(start(lesson), step=3, update=5, panel="loss")
    assert heading in screen(moment(session), 80, 30, Look()).text()


@pytest.mark.parametrize(
    ("lesson", "title"),
    [
        (LECTURE, "any"),
        (XOR, "any (mean of 4 samples)"),
        (trained(XOR, "sum", 0.1), "any (sum of 4 samples, L2 added)"),
        (trained(LECTURE, l2=0.1), "any (L2 added)"),
    ],
)
def test_a_page_of_losses_over_all_samples_says_so_in_its_title(lesson: Lesson, title: str) -> None:
    """Once for all its numbers."""
    assert titled("any", setup_of(lesson)) == title
