"""Places as they are sent, and classes as they are recorded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.classroom.recorded_place import PlaceFault, lesson_hash, recorded_place, session_at
from tinynet_tui.classroom.recording import Recorder, RecordingFault, recorded
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import Edit, Session

DONE = st.lists(
    st.sampled_from(
        ["next", "back", "next-phase", "next-update", "select-next", "table", "variants", "random"]
    ),
    max_size=12,
)


def done(commands: list[str], lesson: str = "xor") -> Session:
    """A session after several commands."""
    return reduce(lambda session, name: after(session, Command(name)), commands, start(open_lesson(lesson)))


def as_sent(session: Session) -> Session:
    """What of a session is shared: where it is, not how one came there."""
    return replace(session.bare, variant=session.variant, answers=())


@given(DONE)
def test_a_place_leads_to_the_same_session(commands: list[str]) -> None:
    """For whoever has the lesson; in 600 bytes."""
    session = done(commands)
    place, lesson = recorded_place(session)
    assert len(place) <= 600
    assert session_at(place, {lesson_hash(lesson): lesson}) == as_sent(session)


def test_edits_are_shared() -> None:
    """They are part of the place."""
    session = after(done(["next"]), Command("edit", Edit(1, "w1", 0.25)))
    place, lesson = recorded_place(session)
    assert session_at(place, {lesson_hash(lesson): lesson}).edits == (Edit(1, "w1", 0.25),)


def test_a_lesson_that_was_not_sent_is_told() -> None:
    """The place alone does not have it."""
    with pytest.raises(PlaceFault, match="its lesson is not there"):
        session_at(recorded_place(done([]))[0], {})


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_what_is_no_place_is_told(sent: bytes) -> None:
    """Whatever it is."""
    with pytest.raises(PlaceFault):
        session_at(sent, {})


@given(st.integers(0, 600), st.integers(0, 255))
def test_a_damaged_place_is_told_or_leads_somewhere(place: int, byte: int) -> None:
    """A byte that was changed makes no other fault."""
    sent, lesson = recorded_place(done(["next", "next-update"]))
    damaged = sent[:place] + bytes([byte]) + sent[place + 1 :]
    with suppress(PlaceFault):
        session_at(damaged, {lesson_hash(lesson): lesson})


def test_a_newer_place_is_told() -> None:
    """With that reason."""
    sent, lesson = recorded_place(done([]))
    with pytest.raises(PlaceFault, match="newer version"):
        session_at(sent.replace(b'"version":1', b'"version":2', 1), {lesson_hash(lesson): lesson})


def clock() -> Iterator[float]:
    """Two seconds between two looks."""
    return count(100.0, 2.0)


def test_a_class_is_recorded_and_read_back() -> None:
    """The same places at the same times; each lesson once."""
    file, ticks = io.BytesIO(), clock()
    recorder = Recorder(file, lambda: next(ticks))
    sessions = [done(["next"] * steps, lesson) for lesson in ("xor", "lecture") for steps in range(4)]
    for session in sessions:
        recorder.record(session)
    lines = file.getvalue().splitlines(keepends=True)
    assert len(lines) == 1 + 2 + 8
    found = list(recorded(lines))
    assert [one.session for one in found] == [as_sent(session) for session in sessions]
    assert [one.seconds for one in found] == [2.0 * number for number in range(1, 9)]
    assert list(recorded([*lines[:-1], lines[-1][:-9]])) == found[:-1], "a kill cuts the last line"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", ""),
        (b"title = 1\n", "line 1"),
        (b'{"class":2}\n', "line 1: it was recorded by a newer version"),
        (b"{}\n", "line 1: this is no recorded class"),
        (b'{"class":1}\n{"place":{"version":1,"lesson":"x","at":{}}}\n', "line 2: the place cannot be used"),
        (b'{"class":1}\n\xff\n', "line 2"),
    ],
)
def test_what_is_no_recorded_class_is_told(text: bytes, words: str) -> None:
    """With the line."""
    if not words:
        assert list(recorded(text.splitlines(keepends=True))) == []
        return
    with pytest.raises(RecordingFault, match=words):
        list(recorded(text.splitlines(keepends=True)))


def test_a_place_is_recorded_once() -> None:
    """What changes nothing of it, such as a question of the leader's own, is no other place."""
    file = io.BytesIO()
    recorder = Recorder(file, iter(range(100)).__next__)
    here = done(["next"])
    for session in (here, after(here, Command("predict")), here, done(["next", "next"]), here):
        recorder.record(session)
    assert [place.session.step for place in recorded(file.getvalue().splitlines(keepends=True))] == [1, 2, 1]


def test_a_recording_goes_on_after_its_last_whole_line() -> None:
    """As the class does after a kill: with its times, of its last place too, and without the time between."""
    file = io.BytesIO()
    first = Recorder(file, iter([100.0, 103.0, 107.0, 117.0, 157.0, 167.0]).__next__)
    here, there = done(["next"]), done(["next", "next"], "lecture")
    first.record(here)
    for _ in range(4):
        first.record(there)
    file.write(b'{"seconds":9.0,"pla')
    again = Recorder(file, iter([500.0, 502.5]).__next__)
    again.record(here)
    found = list(recorded(file.getvalue().splitlines(keepends=True)))
    assert [one.session for one in found] == [as_sent(here), as_sent(there), as_sent(here)]
    assert [one.seconds for one in found] == [3.0, 7.0, 59.5]


def test_a_recording_goes_on_in_nothing_else() -> None:
    """What else is in a file stays there."""
    file = io.BytesIO(b"mine\n")
    with pytest.raises(RecordingFault):
        Recorder(file, iter([0.0]).__next__)
    assert file.getvalue() == b"mine\n"
