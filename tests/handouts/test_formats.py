"""The formats of a trace: what all of them do."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.cli.command import run
from tests.examples import examples
from tests.lessons.made import lessons
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.handouts.formats import FORMATS, Format
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.tui.files import HANDOUT_ENDINGS


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


def test_a_row_with_a_hole_cannot_be_made() -> None:
    """Nothing in it has a default, so that nothing is forgotten."""
    row = FORMATS["html"]
    for left_out in Format.__match_args__:
        with pytest.raises(TypeError, match=left_out):
            Format(**{name: getattr(row, name) for name in Format.__match_args__ if name != left_out})


def test_what_is_for_paper_is_written_by_the_app_too() -> None:
    """By the ending of the file's name."""
    assert list(HANDOUT_ENDINGS) == [".html", ".md", ".tex", ".txt"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_that_cannot_say_formulas_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever it is, with those that can."""
    monkeypatch.setitem(FORMATS, name, replace(FORMATS[name], says_formulas=False))
    done = run("trace", "expression", "--format", name)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"--format: {name} builds networks of layers" in done.stderr.decode()


def test_formats_and_frameworks_say_the_same_models() -> None:
    """What a format is refused for, before its module is loaded, is what the framework has no script for."""
    says = {framework.name.lower(): framework.of_formulas is not None for framework in FRAMEWORKS}
    assert says == {name: FORMATS[name].says_formulas for name in says}
