"""The verb lead, as far as it opens nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinynet_tui.classroom.directory import ROOT, kept_path
from tinynet_tui.classroom.kept_room import keep_room, kept_place
from tinynet_tui.classroom.room import Room, Via
from tinynet_tui.cli.lead import parser, recording, room_as_left, via_as_left
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.safety.refusal import Refusal
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.commands import start as begin

LEFT = Via("wss://class.example", "K7QM", "/home/grace/teacher.code")


@pytest.mark.parametrize(
    ("words", "left", "expected"),
    [
        ([], None, None),
        ([], LEFT, LEFT),
        (["--code", "X2"], LEFT, LEFT._replace(code="X2")),
        (["--code-file", "new"], LEFT, LEFT._replace(code_file=os.path.abspath("new"))),
        (["--via", "mqtts://b.example"], LEFT, Via("mqtts://b.example")),
        (["--via", ""], LEFT, None),
    ],
)
def test_a_class_that_goes_on_knows_its_broker(
    words: list[str], left: Via | None, expected: Via | None
) -> None:
    """But for what is said anew; another broker has other codes."""
    assert via_as_left(parser().read(["class", *words]), left) == expected


def test_codes_without_a_broker_are_refused() -> None:
    """They would open nothing."""
    with pytest.raises(Refusal, match="name it with --via"):
        via_as_left(parser().read(["class", "--code", "K7QM"]), None)


def test_a_full_disk_is_no_fault_at_the_end(tmp_path: Path) -> None:
    """The leader was told when it was full; what it has not taken is tried again as the file is closed."""
    path = tmp_path / "class.rec"
    begun = begin(shipped_lesson("lecture"))
    with recording(str(path)) as recorder:
        assert recorder is not None
        recorder.record(begun)
        whole = path.read_bytes()
        full = os.open("/dev/full", os.O_RDWR)
        os.dup2(full, recorder._file.fileno())
        os.close(full)
        with pytest.raises(OSError, match="No space left"):
            recorder.record(after(begun, Command("next")))
    assert path.read_bytes() == whole


def test_a_recording_with_nothing_in_it_is_not_left_behind(tmp_path: Path) -> None:
    """The next class can have the name."""
    with recording(str(tmp_path / "class.rec")):
        pass
    assert not (tmp_path / "class.rec").exists()


@pytest.mark.parametrize(
    ("saved", "words", "said"),
    [
        ("recorded", [], "The class is not recorded any more: there is no file /gone/class.rec."),
        ("recorded", ["--record", "new.rec"], ""),
        ("damaged", [], "This is a new class: what was saved of the last one, in "),
        ("damaged", ["mazur"], ""),
        ("nothing", [], ""),
    ],
)
def test_what_is_lost_of_a_class_that_goes_on_is_told(
    saved: str,
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its recording, or all of it; not where the command line asks for another anyway."""
    monkeypatch.setenv(ROOT, str(tmp_path))
    path = kept_path("class")
    path.parent.mkdir(exist_ok=True)
    place = kept_place(begin(shipped_lesson("lecture")))
    if saved != "nothing":
        keep_room(path, Room("class", "Grace", place=place, record="/gone/class.rec"))
    if saved == "damaged":
        path.write_bytes(path.read_bytes()[:-9])
    room, start = room_as_left(parser().read(["class", *words]), "grace")
    assert (start is not None) == (saved == "recorded")
    assert room.record == (os.path.abspath("new.rec") if "new.rec" in words else "")
    told = "".join(capsys.readouterr())
    assert said in told
    assert bool(said) == bool(told)
