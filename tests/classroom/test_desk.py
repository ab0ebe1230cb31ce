"""The teacher's private view."""

from __future__ import annotations

from functools import reduce

import pytest

from tinynet_tui.classroom.desk import desk
from tinynet_tui.classroom.room import (
    Answered,
    Asked,
    BrokeAway,
    Closed,
    Event,
    HandMoved,
    Joined,
    Lent,
    Lost,
    Pinned,
    Room,
    WindowChanged,
    after,
)
from tinynet_tui.drawing.look import Look

EMPTY = Room("class", "Grace")


def shown(room: Room, width: int = 80, height: int = 24, ascii: bool = False) -> str:
    """The text of the desk."""
    picture = desk(room, width, height, Look(ascii), now=0.0)
    assert all(sum(len(run.text) for run in row) == width for row in picture.rows)
    return picture.text()


def happen(*events: Event, room: Room = EMPTY) -> Room:
    """A room after several events."""
    return reduce(after, events, room)


def test_forty_names_at_80_by_24() -> None:
    """Each whole, with where its person is."""
    names = [f"Student {number:02}" for number in range(1, 41)]
    room = happen(*map(Joined, names), *(BrokeAway(name, "12.345") for name in names))
    text = shown(room)
    assert all(text.count(name) == 1 for name in names)
    assert text.count("12.345") == 40


def test_who_does_not_fit_is_counted() -> None:
    """A window can be made larger."""
    names = [f"Student {number:03}" for number in range(1, 201)]
    room = happen(*map(Joined, names))
    text = shown(room)
    seen = sum(name in text for name in names)
    assert f"and {200 - seen} more" in text
    assert all(name in shown(room, 200, 60) for name in names)


def test_hands_are_first_and_what_everyone_does_is_told() -> None:
    """In the order in which hands went up; then in the order of joining."""
    room = happen(
        *map(Joined, ("Ada", "Alan", "Barbara", "Edsger", "Grete", "Kurt")),
        HandMoved("Grete", True),
        HandMoved("Alan", True),
        BrokeAway("Barbara", "2.18"),
        Lost("Edsger"),
        WindowChanged("Kurt", True),
        Lent("Ada"),
        Pinned(60.0, "Alan"),
    )
    lines = [" ".join(line.split()) for line in shown(room).splitlines()]
    assert lines[0] == "class · Ada leads · 5 here · 1 by themselves · 2 hands up · 1 away"
    assert lines[2:8] == [
        "! Grete", "! Alan pinned", "Ada leads", "Barbara 2.18", "Edsger away", "Kurt too small",
    ]  # fmt: skip


def test_answers_are_counted_by_kind() -> None:
    """The right ones first, then each named mistake."""
    room = happen(*map(Joined, ("Ada", "Alan", "Barbara", "Kurt")), Asked("What is z₁?"))
    answers = [("Ada", "wrong sign"), ("Alan", "right"), ("Barbara", "right"), ("Kurt", "")]
    room = happen(*(Answered(name, 0, "1", result) for name, result in answers), Closed(), room=room)
    text = shown(room)
    assert "What is z₁?" in text
    assert "round 1 (closed): 2 right · 1 wrong sign · 1 wrong" in text


@pytest.mark.parametrize("size", [(60, 20), (20, 6), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
def test_any_size(size: tuple[int, int], ascii: bool) -> None:
    """It draws, and in ASCII alone where it has to."""
    room = happen(*map(Joined, ("Ada", "Gödel")), HandMoved("Ada", True), Asked("∂L/∂w₁?"))
    assert not ascii or shown(room, *size, ascii=True).replace("ö", "o").isascii()
    shown(room, *size)
