"""The formats of a trace: what all of them do."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.lessons.made import lessons
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson


@given(lessons(), st.sampled_from(sorted(FORMATS)), st.booleans(), st.none() | st.integers(1, 9))
@examples(25)
def test_any_lesson_can_be_written(lesson: Lesson, name: str, ascii: bool, blank_every: int | None) -> None:
    """Lines without line ends, in ASCII where that is asked for."""
    lines = list(FORMATS[name].lines(Request(lesson, 2, blank_every, "Ada"), to_ascii if ascii else None))
    assert lines
    assert all(line.splitlines() in ([line], []) for line in lines)
    assert not ascii or all(line.isascii() for line in lines)


@pytest.mark.parametrize("name", FORMATS)
def test_lines_come_when_they_are_asked_for(name: str) -> None:
    """The first lines of a million updates are there at once, those after a head included."""
    count = 200 if FORMATS[name].is_for_paper else 3
    lines = FORMATS[name].lines(Request(shipped_lesson("lecture"), 1_000_000), None)
    assert len(list(islice(lines, count))) == count
