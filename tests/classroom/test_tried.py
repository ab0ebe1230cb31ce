"""What a server keeps of what was tried."""

from __future__ import annotations

from dataclasses import replace

from tinynet_tui.classroom.tried import RecordsByName, record, tried
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start

SESSION = start(shipped_lesson("lecture"))


def test_a_record_is_read_as_it_was_written() -> None:
    """The latest first, each place once, nine at most; what is none has nothing in it."""
    places = [replace(SESSION, update=update) for update in (5, 5, *range(9, 40))]
    assert [place.update for place in tried(None, record(places))] == [5, *range(9, 17)]
    for nonsense in (b"", b"[", b"[1]", b'["x"]', b'["\xff"]', b"\xff"):
        assert tried(None, nonsense) == ()


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
