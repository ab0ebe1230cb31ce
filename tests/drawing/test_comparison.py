"""The line that compares an edit with what was before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.test_any_screen import HIGH_ENOUGH, WIDE_ENOUGH, assert_exact
from tests.examples import examples
from tests.session.random_lessons import LECTURE, edits, places
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start, without_comparison
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Edit, Session


def lines(session: Session, width: int, height: int, ascii: bool = False) -> list[str]:
    """The rows of the screen."""
    return screen(moment(session), width, height, Look(ascii)).text().splitlines()


def edited(lesson: str, command: Command) -> Session:
    """A lesson with an edit."""
    return after(start(shipped_lesson(lesson)), command)


W5 = Command("edit", Edit(1, "w5", 2.0))


@pytest.mark.parametrize(
    ("lesson", "command", "width", "ascii", "line"),
    [
        ("lecture", W5, 80, False, " before update 1: w₅ 1, now 2  L 0.25, now 4  ŷ 2.5, now 4"),
        ("lecture", W5, 60, False, " w₅ 1, now 2  L 0.25, now 4  ŷ 2.5, now 4"),
        ("lecture", W5, 60, True, " w5 1, now 2  L 0.25, now 4  yhat 2.5, now 4"),
        (
            "lecture",
            Command("rate", 0.25),
            80,
            False,
            " η 0.01, now 0.25  L after it 0.1810, now 1.266  ŷ 2.425, now 0.875",
        ),
        (
            "mazur",
            Command("edit", Edit(1, "w5", 1.0)),
            80,
            False,
            " w₅ 0.4, now 1  L 0.2984, now 0.3450  ŷ₁ 0.7514, now 0.8118",
        ),
        (
            "lecture",
            Command("rate", 0.25),
            120,
            False,
            " update 1: η was 0.01, now 0.25  L after it was 0.1810, now 1.266  ŷ was 2.425, now 0.875",
        ),
        (
            "xor",
            Command("edit", Edit(1, "b3", 1.0)),
            120,
            False,
            " before update 1: b₃ was 0, now 1  mean L was 0.7489, now 0.9261  "
            "ŷ of sample 1 was 0.5121, now 0.7405",
        ),
        (
            "xor",
            Command("edit", Edit(1, "b3", 1.0)),
            80,
            False,
            " b₃ 0, now 1  mean L 0.7489, now 0.9261  ŷ⁽¹⁾ 0.5121, now 0.7405",
        ),
    ],
)
def test_as_drawn(lesson: str, command: Command, width: int, ascii: bool, line: str) -> None:
    """Value, loss and output, in the longest form that has room, above the timeline."""
    row = lines(edited(lesson, command), width, 24, ascii)[-3]
    assert row.rstrip().endswith("Esc closes") or row.rstrip().endswith("Esc")
    assert row.rpartition("Esc")[0].rstrip() == line


def test_without_an_edit_it_costs_nothing() -> None:
    """Dismissed, the screen is what it would be without it."""
    session = edited("lecture", W5)
    never = after(start(LECTURE), W5).bare
    assert lines(without_comparison(session), 80, 24) == lines(never, 80, 24)


@st.composite
def _edited(draw: st.DrawFn) -> Session:
    session = draw(places())
    return after(session, Command("edit", draw(edits(session))))


@given(_edited(), WIDE_ENOUGH, HIGH_ENOUGH, st.booleans())
@examples(20)
def test_any_edit_of_any_lesson(session: Session, width: int, height: int, ascii: bool) -> None:
    """The screen keeps its size; where there is a comparison, it says how it is closed."""
    picture = screen(moment(session), width, height, Look(ascii))
    assert_exact(picture, width, height, Look(ascii))
    if session.before_edit is not None and session.edits != session.before_edit.edits:
        assert "Esc" in picture.text().splitlines()[-3]
