"""A formula in two rows: each says what the step's line says, and is filled up outside of brackets alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tinynet_tui.drawing.formula import formula_rows
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.step_line import step_line


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_both_rows_are_the_line_of_the_step(name: str, ascii: bool) -> None:
    """Blanks aside: no sign is missing, and none is apart from the bracket or the number that it is at."""
    session, look = start(shipped_lesson(name)), Look(ascii)
    last = len(program_of(session))
    for step in range(1, last + 1, 1 + last // 60):
        now = moment(replace(session, step=step))
        rows = formula_rows(Scene(now, look).formula, 10_000, look)
        shown = [re.sub(" +", " ", "".join(text for text, _ in row)).strip() for row in rows]
        line = step_line(now)
        if line.letters is not None and line.numbers is not None:
            assert shown == [
                look.say(f"{line.name} {line.assigns} {line.letters}"),
                look.say(f"{line.reads} {line.numbers} {line.equals} {line.value}"),
            ]


@pytest.mark.parametrize("width", [60, 79])
def test_a_result_on_a_line_of_its_own_stands_below_the_sign_of_equality(width: int) -> None:
    """Softmax's ∂L/∂S is a sum of three products, which takes all of a line."""
    session, found = start(shipped_lesson("softmax-3")), 0
    for step in range(1, len(program_of(session)) + 1):
        scene = Scene(moment(replace(session, step=step)), Look())
        rows = ["".join(text for text, _ in row) for row in formula_rows(scene.formula, width, Look())]
        value = step_line(scene.moment).value
        if len(rows) > 2 and rows[-1].split() in (["=", value], ["≈", value]):
            place = next(row.index("=") for row in rows if "=" in row)
            assert rows[-1].index(rows[-1].split()[0]) == place or len(rows[-1].strip()) + place > width
            found += 1
    assert found
