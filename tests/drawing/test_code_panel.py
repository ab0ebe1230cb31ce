"""The code panel: lines of the script, and the values that they have given."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.networks import WIDE
from tests.examples import examples
from tinynet_tui.drawing.code_panel import code_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.engine.names import identifier
from tinynet_tui.handouts.python import lines
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment
from tinynet_tui.teaching.numbers import shown


def panel(lesson: Lesson, step: int, update: int = 1, ascii: bool = False, rows: int = 7) -> list[str]:
    """The panel's lines, without the spaces at their ends."""
    drawn = code_panel(
        Scene(moment(replace(start(lesson), step=step, update=update)), Look(ascii)), 130, rows
    )
    return [line.rstrip() for line in drawn.text().splitlines()]


@given(st.sampled_from(SHIPPED_NAMES), st.integers(1, 10_000), st.integers(1, 3), st.booleans())
@examples(60)
def test_the_line_of_the_step_has_its_value(name: str, step: int, update: int, ascii: bool) -> None:
    """It is marked, and alone in that; for every sample of a batch it is the sample's own value."""
    lesson = shipped_lesson(name)
    trace = moment(replace(start(lesson), update=update)).trace
    number = 1 + step % len(trace.program)
    marked = [line for line in panel(lesson, number, update, ascii) if line.startswith(">" if ascii else "▸")]
    assert len(marked) == 1
    assert f" {identifier(trace.program.step(number).name)} = " in marked[0]
    assert marked[0].endswith(f"# {Look(ascii).say(shown(trace.value(number)))}")


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_it_shows_the_script_that_trace_prints(name: str) -> None:
    """Line for line, in the first update; so many rows show it from end to end."""
    script = list(lines(setup_of(shipped_lesson(name)), 1))
    shown_lines = panel(shipped_lesson(name), 0, rows=len(script))
    assert [line[8:] for line in shown_lines] == script
    assert [int(line[1:6]) for line in shown_lines] == list(range(1, len(script) + 1))


def test_before_the_first_step_nothing_is_marked() -> None:
    """What is given has been read."""
    assert not any(line.startswith("▸") for line in panel(shipped_lesson("lecture"), 0))


def test_lines_to_come_have_no_value() -> None:
    """Nor have those of the sample before."""
    lesson = shipped_lesson("xor")
    second = len(moment(start(lesson)).program.sample_steps) + 3
    drawn = panel(lesson, second, rows=11)
    current = next(position for position, line in enumerate(drawn) if line.startswith("▸"))
    assert not any(re.search(r"\S  # ", line[8:]) for line in drawn[current + 1 :])


def test_a_long_sum_begins_with_its_value() -> None:
    """Where it is folded over several lines."""
    marked = next(line for line in panel(WIDE, 1) if line.startswith("▸"))
    assert " z1 = (  # 0.2732" in marked
