"""The chain panel: the product of each path, their sum, the mean or sum of the samples, and L2, by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec.structs import replace as replaced

from tests.prediction.asked import lesson
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.schema import DataTable, Lesson, NetworkTable, TrainingTable
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session

LINE = Lesson(
    "a line",
    NetworkTable((1, 1), ("linear",), weights=(((3.0,),),), biases=((0.0,),)),
    DataTable(((2.0,),), ((1.0,),)),
    TrainingTable(0.01, "squared_error"),
)
"""p = 3 · 2, so that ∂L/∂w = 2 · (6 − 1) · 1 · 2 = 20."""
FOUR = replaced(
    LINE,
    network=replaced(LINE.network, weights=(((0.0,),),)),
    data=DataTable(((1.0,), (2.0,), (3.0,), (4.0,)), ((3.0,), (5.0,), (7.0,), (9.0,))),
    training=replaced(LINE.training, batch=2),
)
"""From 0, of the first two samples: −6 · 1 and −10 · 2, by hand."""


def panel(session: Session, width: int = 80, height: int = 24, selected: str = "w1") -> list[str]:
    """The lines of the chain panel once all is known."""
    session = replace(session, panel="chain", selected=selected, step=len(program_of(session)) - 1)
    rows = screen(moment(session), width, height, Look()).text().splitlines()
    first = next(index for index, row in enumerate(rows) if "3 chain" in row)
    return [" ".join(row.split()) for row in rows[first + 1 : -2]]


def test_the_mean_is_a_line_of_its_own() -> None:
    """xor: 0.5389 is sample 4's, 0.1033 the mean of all four."""
    lines = panel(lesson("xor"))
    assert lines[0] == "∂L/∂w₁⁽⁴⁾ = ∂L/∂ŷ⁽⁴⁾ · ∂ŷ/∂z₃⁽⁴⁾ · ∂z₃/∂h₁⁽⁴⁾ · ∂h₁/∂z₁⁽⁴⁾ · ∂z₁/∂w₁⁽⁴⁾"
    assert lines[1:3] == ["≈ 2.893 · 0.2262 · 0.9 · 0.9151 · 1", "≈ 0.5389"]
    assert lines[3].startswith("mean of 4 samples: ∂L/∂w₁ ≈ (")
    assert lines[3].endswith(") / 4 ≈ 0.1033")
    assert "The product is that of sample 4, from before the update." in lines


@pytest.mark.parametrize(
    ("reduction", "join"),
    [
        ("mean", "mean of 2 samples: ∂L/∂w₁ = (−6 + (−20)) / 2 = −13"),
        ("sum", "sum of 2 samples: ∂L/∂w₁ = −6 + (−20) = −26"),
    ],
)
def test_samples_by_hand(reduction: str, join: str) -> None:
    """The product of the second one, and what both become."""
    lines = panel(start(replaced(FOUR, training=replaced(FOUR.training, reduction=reduction))))
    assert lines[:3] == ["∂L/∂w₁⁽²⁾ = ∂L/∂ŷ⁽²⁾ · ∂ŷ/∂z₁⁽²⁾ · ∂z₁/∂w₁⁽²⁾", "= −10 · 1 · 2 = −20", join]


def test_l2_is_a_line_of_its_own() -> None:
    """By hand: 20 + 0.5 · 3; with several samples after their mean."""
    alone = panel(start(replaced(LINE, training=replaced(LINE.training, l2=0.5))))
    assert alone[:3] == [
        "∂L/∂w₁ = ∂L/∂ŷ · ∂ŷ/∂z₁ · ∂z₁/∂w₁",
        "= 10 · 1 · 2 = 20",
        "with L2: ∂L/∂w₁ = 20 + 0.5 · 3 = 21.5",
    ]
    several = replaced(
        FOUR,
        network=replaced(FOUR.network, weights=(((1.0,),),)),
        training=replaced(FOUR.training, l2=0.5, batch=2),
    )
    # (1 − 3) · 2 · 1 and (2 − 5) · 2 · 2
    assert panel(start(several))[2:4] == [
        "mean of 2 samples: (−4 + (−12)) / 2 = −8",
        "with L2: ∂L/∂w₁ = −8 + 0.5 · 1 = −7.5",
    ]


def test_a_bias_has_no_l2() -> None:
    """It adds to the weights alone."""
    lines = panel(start(replaced(LINE, training=replaced(LINE.training, l2=0.5))), selected="b1")
    assert lines[1] == "= 10 · 1 · 1 = 10"
    assert not any("L2" in line for line in lines)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 36), (200, 60)])
def test_each_path_has_its_numbers(size: tuple[int, int]) -> None:
    """Mazur's two outputs: 0.055399425 · 0.241300709 · 0.05 and −0.019049119 · 0.241300709 · 0.05."""
    text = "\n".join(panel(lesson("mazur"), *size))
    for part in ("via ŷ₁", "0.7414 · 0.1868", "≈ 0.0006684", "via ŷ₂", "≈ −0.0002298"):
        assert part in text
    assert any(
        f"sum of 2 paths: ∂L/∂w₁ ≈ {numbers}" in text
        for numbers in ("0.0006684 + (−0.0002298) = 0.0004386", "0.0004386")
    )


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_paths_that_have_no_room_are_counted(size: tuple[int, int]) -> None:
    """Nine of them in three layers of three; their sum is told."""
    lines = panel(lesson("deep-sigmoid"), *size)
    shown = sum(" via " in line for line in lines)
    how_large = "with products no larger in size" if size[0] == 80 else "no larger in size"
    assert f"… and {9 - shown} more paths, {how_large} d read on" in lines
    assert any(line.startswith("sum of 9 paths: ∂L/∂w₁ ≈ ") for line in lines)


def test_what_is_not_known_is_not_told() -> None:
    """No product before its last factor, no mean before all samples are joined."""
    session = replace(lesson("xor"), panel="chain", step=10)
    text = screen(moment(session), 80, 24, Look()).text()
    assert "mean of 4 samples: ∂L/∂w₁ = ?" in text
    assert "Still unknown: 3 of 5 factors; the backward pass computes them." in text
    two = replace(start(shipped_lesson("mazur")), panel="chain", step=12)
    assert "sum of 2 paths: ∂L/∂w₁ = ?" in screen(moment(two), 80, 24, Look()).text()


def test_on_a_large_screen_every_path_has_room_above_the_chart() -> None:
    """Attention's eight to wq₁ at 200 × 60, each with its numbers; the loss keeps its chart below."""
    session = lesson("attention")
    session = replace(session, step=len(program_of(session)) - 10, panel="step")
    lines = screen(moment(session), 200, 60, Look()).text().splitlines()
    chain_at = next(y for y, line in enumerate(lines) if "─ 3 chain ─" in line)
    loss_at = next(y for y, line in enumerate(lines) if "─ 5 loss ─" in line)
    between = "\n".join(lines[chain_at:loss_at])
    assert [letter for letter in "abcdefgh" if f" {letter} via " in between] == list("abcdefgh")
    assert "sum of 8 paths: ∂L/∂wq₁ = 2 + (−2) + 0 + 0 + 0 + 0 + 0 + 0 = 0" in between
    assert "loss after each update" in lines[loss_at + 1]
    assert 60 - loss_at > 15


def test_letters_of_paths_stand_below_each_other_and_their_factors_too() -> None:
    """Three of softmax-3's four paths have five factors, one has four: no label is moved to the right."""
    session = replace(lesson("softmax-3"), view="sheet", panel="chain")
    session = replace(session, step=len(program_of(session)) - 10)
    rows = screen(moment(session), 80, 24, Look()).text().splitlines()
    labels = [row for row in rows if " via " in row[:8]]
    assert len(labels) == 4
    assert [row[:6] for row in labels] == [f" {letter} via" for letter in "abcd"]
    assert len({row.index("· ∂S/∂e₁") for row in labels[:3]}) == 1
