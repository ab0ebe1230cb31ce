"""What a server keeps of what was tried."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tinynet_tui.classroom.tried_places import RecordsByName, TriedPlaces, record, tried
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.tui.last_position import LastPosition

SESSION = start(shipped_lesson("lecture"))


def test_a_record_is_read_as_it_was_written() -> None:
    """The latest first, each place once, nine at most; what is none has nothing in it."""
    places = [replace(SESSION, update=update) for update in (5, 5, *range(9, 40))]
    assert [place.update for place in tried(None, record(places))] == [5, *range(9, 17)]
    for nonsense in (b"", b"[", b"[1]", b'["x"]', b'["\xff"]', b"\xff"):
        assert tried(None, nonsense) == ()


def test_where_the_class_has_brought_somebody_is_nothing_that_was_tried(tmp_path: Path) -> None:
    """However often an app opens there, and whatever it shows of it; a step further is."""
    class_place = replace(SESSION, step=4)
    state, told = tmp_path / "session-ada.json", list[bytes]()
    for shown in (class_place, replace(class_place, panel="table"), replace(class_place, digits=6)):
        opened = LastPosition(state, shown)
        opened.begun = class_place.as_shown_first
        opened.keep_now(shown)
        places = TriedPlaces(opened.begun, state, b"", told.append)
        places.add(shown)
        places.tell(shown)
        assert places.places == ()
    assert told == []
    assert not state.exists()
    stepped = replace(class_place, step=5)
    opened.keep_now(stepped)
    places.add(stepped)
    places.tell(stepped)
    assert tried(state) == places.places == (stepped.bare,)
    assert len(told) == 1


def test_what_is_too_much_is_not_kept() -> None:
    """Of one person what was there before stays; of many the oldest are forgotten."""
    records = RecordsByName()
    records.keep("Ada", b"a")
    records.keep("Ada", bytes((1 << 16) + 1))
    assert records.of("Ada") == b"a"
    for number in range(600):
        records.keep(f"guest {number}", bytes(1 << 16))
    assert records.of("Ada") == records.of("guest 80") == b""
    assert records.of("guest 599")
    assert sum(len(records.of(f"guest {number}")) for number in range(600)) <= 1 << 25
