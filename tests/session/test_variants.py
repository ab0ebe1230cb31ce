"""The wrong variants in a session: which one is shown, and what leaves them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.random_lessons import LECTURE
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import PANELS, VARIANTS, Edit, Session

AT = replace(start(LECTURE), step=22, panel="table")
"""The lecture at ∂L/∂w1."""


def given(session: Session, *names: str) -> Session:
    """The session after commands that need no argument."""
    for name in names:
        session = after(session, Command(name))
    return session


def test_the_key_goes_from_one_to_the_next_and_around() -> None:
    """Each mistake, then the first again; the panel below stays the one that was chosen."""
    shown = [given(AT, *["variants"] * times).variant for times in range(1, len(VARIANTS) + 2)]
    assert shown == [*VARIANTS, VARIANTS[0]]
    assert given(AT, "variants").shown_panel == "variants"
    assert given(AT, "variants").panel == "table"


@pytest.mark.parametrize("panel", PANELS)
def test_a_panels_key_leaves_them(panel: str) -> None:
    """For that panel."""
    left = given(AT, "variants", panel)
    assert (left.variant, left.shown_panel) == (None, panel)


def test_escape_leaves_them_for_the_panel_before() -> None:
    """First them, then the numbers from before an edit."""
    edited = after(AT, Command("edit", Edit(1, "w5", 2.0)))
    left = given(edited, "variants", "leave")
    assert (left.variant, left.shown_panel) == (None, "table")
    assert left.before_edit is not None
    assert given(left, "leave").before_edit is None


def test_inspecting_leaves_them_for_the_chain() -> None:
    """Also where the chain was the panel below."""
    assert given(AT, "variants", "inspect").shown_panel == "chain"
    assert given(replace(AT, panel="chain"), "variants", "inspect").shown_panel == "chain"


def test_steps_and_undo_leave_them_open() -> None:
    """One goes on with them, and takes back what one tried."""
    edited = after(given(AT, "variants"), Command("edit", Edit(1, "w5", 2.0)))
    for session in (given(edited, "next"), given(edited, "undo"), given(edited, "undo", "redo")):
        assert session.variant == VARIANTS[0]
    assert given(edited, "undo").edits == ()


def test_another_lesson_begins_without_them() -> None:
    """It has its own mistakes to show."""
    assert after(given(AT, "variants"), Command("open", LECTURE)).variant is None
