"""The last row of a screen in a class."""

from __future__ import annotations

import pytest

from tinynet_tui.classroom.asking import question_at
from tinynet_tui.classroom.last_row import fitting, following, leading
from tinynet_tui.classroom.message_contents import sent_place
from tinynet_tui.classroom.room import Asked, Closed, HandMoved, Joined, Room, after
from tinynet_tui.drawing.look import Look
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import start


@pytest.mark.parametrize("lesson", ["lecture", "softmax-3", "gpt-block"])
def test_whether_answers_are_taken_has_room(lesson: str) -> None:
    """However long the formula is that is asked for."""
    place = sent_place(start(open_lesson(lesson)))
    room = after(Room("class", "Grace"), Asked(place, question_at(place)))
    asks, closed = (fitting(leading(one), 60, Look()) for one in (room, after(room, Closed())))
    assert "0 of 0 have answered · A closes" in asks
    assert "0 of 0 have answered · closed: A goes on" in closed


@pytest.mark.parametrize(("teacher", "has_hand_up"), [("Grace", True), ("Grace B Hopper", False)])
def test_the_keys_have_room_where_the_window_is_narrow(teacher: str, has_hand_up: bool) -> None:
    """How to step alone, ask for help and leave, at 60 columns; in whole words where there is room."""
    room = after(after(Room("class", teacher), Joined("Ada")), HandMoved("Ada", has_hand_up))
    narrow, wide = (fitting(following(room, "Ada", 0, ""), width, Look(), " here") for width in (60, 120))
    assert f"following {teacher}" in narrow
    for key in ("→ steps", "your hand is up: !" if has_hand_up else "! help", "q leaves"):
        assert key in narrow
    assert "→ steps by yourself" in wide
    assert "1 here" in wide


def test_how_many_are_here_stays_on_the_screen_of_the_class() -> None:
    """With hands up, too."""
    room = after(after(Room("class", "Grace"), Joined("Ada")), HandMoved("Ada", raised=True))
    assert fitting(leading(room), 80, Look()).startswith(
        " leading class · 1 here · 1 hand up · J how to join"
    )
