"""A room that a leader who was cut off finds again."""

from __future__ import annotations

import time
from functools import reduce
from pathlib import Path

import pytest

from tinynet_tui.classroom.kept_room import keep_room, kept_place, kept_room
from tinynet_tui.classroom.room import Room, after
from tinynet_tui.classroom.room_events import Event, Joined, Lent, Pinned
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start


@pytest.mark.parametrize("name", ["Ada", None])
@pytest.mark.parametrize("clock", [1_000.0, 5.0], ids=["the same clock", "after a new start of the machine"])
def test_who_is_kept_stays_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | None, clock: float
) -> None:
    """For the rest of their time, that in which nobody led included; nobody leads but the teacher."""
    begun = Room("class", "Grace", place=kept_place(start(shipped_lesson("lecture"))))
    events: tuple[Event, ...] = (Joined("Ada"), Lent("Ada"), Pinned(1_300.0, name))
    room = reduce(after, events, begun)
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    monkeypatch.setattr(time, "time", lambda: 50_000.0)
    keep_room(tmp_path / "class.kept", room)
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    monkeypatch.setattr(time, "time", lambda: 50_060.0)
    found = kept_room(tmp_path / "class.kept")
    assert found is not None
    again = found[0]
    assert again.lent_to is None
    for who in ("Ada", "ada"):
        back = after(again, Joined(who))
        assert back.seconds_pinned(who, clock) == 240
    assert after(again, Joined("Eve")).seconds_pinned("Eve", clock) == (240 if name is None else 0)
