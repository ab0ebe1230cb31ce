"""The question: all that it reads is on the screen, and it has its place whatever panel was chosen."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.prediction.asked import lesson
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import diagram_rows, screen
from tinynet_tui.drawing.step_panel import question_panel
from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.names import sample_mark, symbol
from tinynet_tui.lessons.shipped import SHIPPED_NAMES
from tinynet_tui.session.history import program_of, trace_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PANELS, Level
from tinynet_tui.teaching.numbers import cell, shown

SIZES = ((60, 20), (80, 24), (120, 36))
RIGHT_COLUMN = 54
"""Cells of the panels beside the question on a wide screen, and of what is between."""
MARKED = "The numbers that this step needs are marked in the diagram."


@pytest.mark.parametrize("level", ["number", "diagram"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_number_that_is_read_is_on_the_screen(name: str, size: tuple[int, int], level: Level) -> None:
    """Beside its name: in the diagram, or else in the question. Of many steps every third, sizes in turn."""
    session = lesson(name)
    trace, width = trace_of(session), size[0]
    steps = range(len(program_of(session)))
    for step in steps if len(steps) < 50 else steps[SIZES.index(size) :: len(SIZES)]:
        now = moment(replace(session, step=step, stage="asking", level=level))
        lines = screen(now, *size, Look()).text().splitlines()
        rows = 1 + diagram_rows(Scene(now, Look()), *size)
        diagram = "\n".join(lines[1:rows])
        panels_beside = width > 110 and level == "number"
        below = [line[: width - RIGHT_COLUMN] if panels_beside else line for line in lines[rows:]]
        sentences = " ".join(" ".join(below).split())
        for read in names_in(program_of(session).step(step + 1).expression):
            value = trace.value_of(step + 1, read)
            in_diagram = is_drawn(read.name, cell(value).strip(), diagram)
            # At the check some are read that are no longer those of the diagram.
            is_old = now.value(read.name) != value
            label = symbol(read.name) + (sample_mark(read.sample) if read.sample else "")
            own = "" if read.sample or now.is_of_batch else f"({sample_mark(now.sample)})?"
            in_question = re.search(
                rf"{re.escape(label)}{own}⁺? [=≈] {re.escape(shown(value))}[,.]", sentences
            )
            assert (in_diagram and not is_old) or in_question, (step, read, sentences, diagram)


def is_drawn(name: str, number: str, diagram: str) -> bool:
    """Whether a number stands beside its name: that of an input on the frame, a gradient beside its value."""
    if name.startswith("x"):
        return symbol(name) in diagram and number in diagram
    label = f"∂(z|{symbol(name.removeprefix('dL/d'))})?" if name.startswith("dL/d") else symbol(name)
    if re.search(rf"(?<![\w/]){label}\s*▸?\s*{re.escape(number)}", diagram):
        return True
    # On a sheet the formula stands between them, and the gradient behind the number.
    quantity = re.escape(symbol(name.removeprefix("dL/d")))
    between = r"[+−]\S+\s+∂\s*" if name.startswith("dL/d") else ""
    line = rf"(?<![\w/]){quantity}\s*(= .*?)?\s{between}{re.escape(number)}(?!\d)"
    return re.search(line, diagram) is not None


def test_the_diagram_is_said_to_show_what_is_read_only_where_it_does() -> None:
    """At 60×20 the bias has no place in it, at 80×24 it has."""
    asking = moment(replace(lesson("lecture"), stage="asking", level="number"))
    small, usual = (screen(asking, *size, Look()).text() for size in ((60, 20), (80, 24)))
    assert MARKED in usual
    assert "Not in the diagram" not in usual
    assert "Not in the diagram: b₁ = 0.5." in small
    assert MARKED not in small
    asking = moment(replace(lesson("lecture"), stage="asking", level="sign"))
    assert MARKED not in screen(asking, 60, 20, Look()).text()


@pytest.mark.parametrize("panel", PANELS)
def test_the_question_has_the_only_panel(panel: str) -> None:
    """Whatever was chosen; that comes back with the answer, and where it has room it stays."""
    session = replace(lesson("lecture"), step=11, level="number", panel=panel)
    asking, told = (moment(replace(session, stage=stage)) for stage in ("asking", "telling"))
    assert "∂L/∂w₅ = ∂L/∂z₃ · ∂z₃/∂w₅ = ?" in screen(asking, 80, 24, Look()).text()
    tab = f"{[*PANELS].index(panel) + 1} {panel}"
    assert tab not in screen(asking, 80, 24, Look()).text()
    assert tab in screen(told, 80, 24, Look()).text()
    wide = screen(asking, 200, 60, Look()).text()
    assert "∂L/∂w₅ = ∂L/∂z₃ · ∂z₃/∂w₅ = ?" in wide
    # By its name alone: the digit would be typed.
    assert panel == "step" or f"─ {panel} ─" in wide
    assert tab not in wide


@pytest.mark.parametrize(("panel", "given_away"), [("chain", "∂z₃/∂b₃ = 1"), ("code", "dz3_db3 = 1")])
def test_panels_beside_the_question_give_no_constant_away(panel: str, given_away: str) -> None:
    """Where there is room for them, too."""
    session = replace(lesson("lecture"), selected="b3", panel=panel)
    number = program_of(session).number("dz3/db3")
    assert number is not None
    before = replace(session, step=number - 1)
    assert given_away in screen(moment(before), 200, 60, Look()).text()
    asking = replace(before, stage="asking", level="number")
    assert given_away not in screen(moment(asking), 200, 60, Look()).text()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("level", ["number", "sign"])
def test_no_sentence_is_cut(size: tuple[int, int], level: Level) -> None:
    """However many hints are open, what is said to help along ends with a full stop, or is left out."""
    session = lesson("lecture")
    for step in range(45):
        for hints in range(3):
            asking = replace(session, step=step, stage="asking", level=level, hints=hints)
            scene = Scene(moment(asking), Look())
            assert scene.asked is not None
            for height in range(4, 12):
                picture = question_panel(scene, scene.asked, (), size[0], height)
                dim = ["".join(run.text for run in row if run.style == "dim") for row in picture.rows]
                told = " ".join(filter(None, map(str.strip, dim))).removesuffix("read on")
                assert told == "" or told.endswith("."), (step, hints, height)


def test_what_is_in_the_diagram_by_another_name_is_not_said_to_be_missing() -> None:
    """∂z₃/∂h₂ is w₆, which stands on its edge as +2.0000."""
    session = lesson("first")
    number = program_of(session).number("dL/dh2")
    assert number is not None
    asking = replace(session, step=number - 1, stage="asking", level="number")
    text = screen(moment(asking), 80, 24, Look()).text()
    assert "In the diagram: w₆ = ∂z₃/∂h₂ = 2." in text
    assert "Not in the diagram" not in text
