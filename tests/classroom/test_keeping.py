"""Who is kept with the class, or called back to it, and what they are told."""

from __future__ import annotations

import asyncio

import pytest

from tests.classroom.seats import (
    NOT_TRAINED,
    Line,
    graces_class,
    in_a_loop,
    in_own_time,
    resize,
    say_hello,
    tell,
    watching,
)
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.messages import KEPT
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import BrokeAway, Event, Gathered, GivenBack, Joined, Lent, Pinned
from tinynet_tui.classroom.seat import Seat


@in_a_loop
async def test_the_app_of_who_is_kept_is_told_for_how_long() -> None:
    """As long as it is not left."""
    hub = graces_class()
    seat, line = watching(hub, "Ada")
    seat.go_alone()
    hub.happen(Pinned(asyncio.get_running_loop().time() + 100.0))
    seat.room_changed()
    assert line.class_now is not None
    assert 0 < line.class_now.pinned <= 100
    hub.happen(Pinned(0.0))
    seat.room_changed()
    assert line.class_now.pinned == 0
    seat.lose()


@in_a_loop
async def test_who_is_kept_and_went_while_the_leader_was_gone_comes_back() -> None:
    """Their app says where they are as soon as it is connected again; nobody else is called back."""
    hub = graces_class()
    (ada, kept), (bob, free) = watching(hub, "Ada"), watching(hub, "Bob")
    hub.happen(Pinned(hub.now + 100.0, "Ada"))
    for seat in (ada, bob):
        seat.go_alone()
        tell(seat, at="2.18")
    assert [line.is_called for line in (kept, free)] == [True, False]
    assert [person.doing for person in hub.room.people] == ["following", "by themselves"]
    for seat in (ada, bob):
        seat.lose()


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([BrokeAway("Ada", "2.18"), Gathered()], "Gathered by Grace: you follow again."),
        ([BrokeAway("Ada", "2.18"), Pinned(1e9, "Ada")], "following Grace · kept with the class"),
        ([Lent("Ada"), GivenBack("Grace")], "Grace leads now."),
        ([Lent("Ada"), Lent("Bob")], "Bob leads now."),
    ],
)
@in_a_loop
async def test_whose_own_app_is_ended_for_them_is_told_why(events: list[Event], words: str) -> None:
    """Once they follow again, whatever they had open there: a step, practice, experiments."""
    hub = graces_class()
    (ada, line), (bob, other) = watching(hub, "Ada", 120), watching(hub, "Bob", 120)
    ada.go_alone()
    for event in events:
        hub.happen(event)
    assert line.is_called
    say_hello(ada, "Ada")
    resize(ada, 120)
    while ada.kind is None:
        await asyncio.sleep(0)
    assert words in ada._row
    assert not any(b"Gathered" in frame for frame in other.frames), "who watched all the time"
    for seat in (ada, bob):
        seat.lose()


@in_own_time
async def test_the_leaders_screen_counts_down_with_those_who_are_kept() -> None:
    """Each second, and once more when they can step again."""
    changes: list[float] = []
    hub = Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: changes.append(hub.now))
    hub.happen(Joined("Ada"), Pinned(hub.now + 3.0, "Ada"))
    await asyncio.sleep(10.0)
    assert [round(change) for change in changes] == [0, 0, 1, 2, 3]


@in_own_time
async def test_who_is_kept_is_kept_whatever_becomes_of_the_leader() -> None:
    """Their terminal is told for how long, and when it is over."""
    hub = graces_class()
    line = Line()
    seat = Seat(hub, line)
    say_hello(seat, "Ada")
    resize(seat, 80)
    for seconds in (300.0, 0.0):
        hub.happen(Pinned(hub.now + seconds))
        for _ in range(3):
            seat.room_changed()
    assert [content for kind, content in line.said if kind == KEPT] == [b"300", b"0"]
    seat.lose()
