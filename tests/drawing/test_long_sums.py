"""A long sum is seen whole, and its lines begin with the signs between its terms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.step_panel import all_words
from tinynet_tui.lessons.schema import DataTable, Lesson, NetworkTable, TrainingTable
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.nudge import knob as turned

SIXTEEN = Lesson(
    "Sixteen inputs",
    NetworkTable((16, 3, 2), ("relu", "sigmoid"), init="he", seed=3),
    DataTable(((252, 4, 155, 175, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2),), ((1, 0),)),
    TrainingTable(0.1, "binary_cross_entropy"),
)


def formula(lesson: Lesson, step: int, size: tuple[int, int], ascii: bool = False) -> list[str]:
    """The rows of a step's formula, from its first one to that of its result."""
    rows = screen(moment(replace(start(lesson), step=step)), *size, Look(ascii)).text().splitlines()
    first = next(index for index, row in enumerate(rows) if row.startswith((" z₁ =", " z1 =")))
    last = next(index for index, row in enumerate(rows) if "20.69" in row)
    return rows[first : last + 1]


@pytest.mark.parametrize("size", [(80, 24), (80, 25), (100, 30), (120, 36), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
def test_sixteen_products_are_seen_whole(size: tuple[int, int], ascii: bool) -> None:
    """Every weight and every input in letters, and the bias; nothing stands for others."""
    text = " ".join(formula(SIXTEEN, 1, size, ascii)).replace("₁₀", "10")
    subscripts = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
    words = text.translate(subscripts).split()
    for number in range(1, 17):
        assert f"w{number}" in words
        assert f"x{number}" in words
    assert "b1" in words
    assert "…" not in text


@pytest.mark.parametrize("width", range(60, 109, 7))
def test_a_line_begins_with_a_sign_between_spaces(width: int) -> None:
    """=, ≈ or +: no product is torn."""
    first, *others = formula(SIXTEEN, 1, (width, 40))
    assert first.split()[1] == "="
    assert {row.split()[0] for row in others} <= {"≈", "+"}
    assert not any(row.rstrip().endswith(("+", "·", "≈", "=")) for row in others)


def test_what_has_no_room_is_counted() -> None:
    """At 60×20 not even the whole screen would do."""
    rows = formula(SIXTEEN, 1, (60, 20))
    assert rows[0].endswith("+ … 15 more")
    assert rows[1].endswith("≈ 20.69")


def test_the_diagram_takes_its_rows_back() -> None:
    """At the next step, whose formula is short."""
    heights = []
    for step in (1, 2):
        rows = screen(moment(replace(start(SIXTEEN), step=step)), 80, 24, Look()).text().splitlines()
        heights.append(next(index for index, row in enumerate(rows) if row.startswith(" forward")))
    assert heights == [10, 15]


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
def test_a_key_shows_the_terms_that_have_no_room(size: tuple[int, int]) -> None:
    """Also where all words below the formula have room: the gradient of b₁, a mean over sixty samples."""
    rows = tuple((number / 7,) for number in range(60))
    sixty = Lesson(
        "Sixty samples",
        NetworkTable((1, 1), ("linear",), weights=(((0.37,),),), biases=((0.1,),)),
        DataTable(rows, rows),
        TrainingTable(0.1, "squared_error"),
    )
    number = program_of(start(sixty)).number("dL/db1")
    assert number is not None
    now = moment(replace(start(sixty), step=number))
    text = screen(now, *size, Look()).text()
    assert " more" in text
    assert "d read on" in text
    assert all(f"∂L/∂b₁⁽{mark}⁾" in all_words(Scene(now, Look()))[0] for mark in ("⁷", "⁵⁹", "⁶⁰"))


def test_the_same_key_shows_all_that_a_nudge_moves() -> None:
    """Of a deep network the panel names the first and the last."""
    now = moment(replace(start(shipped_lesson("deep-sigmoid")), step=122))
    panel, whole = Scene(now, Look()).nudge[0], all_words(Scene(now, Look()))
    assert "… 9 more …" in panel
    assert "d read on" in screen(now, 120, 36, Look()).text()
    (line,) = (words for words in whole if words.startswith(panel[: panel.index("   ")]))
    moved = [part.split()[0] for part in line.split("   ")]
    assert moved[-2:] == ["L", "gradient"]
    assert len(moved) == len(set(moved)) == len(panel.split("   ")) - 1 + 9
    assert "more" not in line


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("two-outputs", "w1"),
        ("attention", "wq[1]"),
        ("softmax-3", "w1"),
        ("deep-sigmoid", "w1"),
        ("first", "w1"),
    ],
)
@pytest.mark.parametrize("knob", [0.01, 0.02])
def test_of_a_nudge_the_middle_is_left_out_in_the_chain_panel(
    name: str, parameter: str, size: tuple[int, int], knob: float
) -> None:
    """Beside one path, two or many: the promise and what came of it are never what has no room."""
    session = start(shipped_lesson(name))
    number = program_of(session).number(f"dL/d{parameter}", 1)
    assert number is not None
    there = replace(session, step=number, selected=parameter, panel="chain", knob=knob)
    text = screen(moment(there), *size, Look()).text()
    nudged = turned(moment(there)).line(session.digits).split("   ")
    shown = text[text.index(nudged[0]) :]
    assert nudged[-2] in shown
    assert nudged[-1] in shown
