"""Files are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tinynet_tui.safety.whole_files import create_file, opened_privately, replace_file


def _full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


def _stopped(*_arguments: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("fault", [_full, _stopped])
def test_a_fault_leaves_nothing_of_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]
) -> None:
    """Not even its name."""
    monkeypatch.setattr(os, "fsync", fault)
    with pytest.raises((OSError, KeyboardInterrupt)):
        create_file(tmp_path / "new.txt", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("nowhere", path)])
def test_a_new_file_takes_nobodys_place(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A FIFO, a directory and a link that leads nowhere stay what they are."""
    path = tmp_path / "taken"
    make(path)
    before = path.lstat()
    with pytest.raises(FileExistsError):
        create_file(path, "text")
    assert path.lstat() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("fault", [_full, _stopped])
def test_a_fault_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, fault: Callable[..., None]
) -> None:
    """And nothing beside it."""
    path = tmp_path / "old.txt"
    replace_file(path, b"old")
    monkeypatch.setattr(os, call, fault)
    with pytest.raises((OSError, KeyboardInterrupt)):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_kill_left_is_removed_by_the_next_write(tmp_path: Path) -> None:
    """What may still be in the making, and files of other names, stay."""
    path, other = tmp_path / "a[1].json", tmp_path / ".a1.json.12345678.new"
    left, in_the_making = (tmp_path / f".a[1].json.{mark}.new" for mark in ("abcdefgh", "ijklmnop"))
    for file in (left, in_the_making, other):
        file.write_text("unfinished")
    for file in (left, other):
        os.utime(file, (0, 0))
    replace_file(path, b"whole")
    assert set(tmp_path.iterdir()) == {path, in_the_making, other}


def test_a_file_with_names_is_its_users_alone(tmp_path: Path) -> None:
    """Where others could read a file that is not private."""
    before = os.umask(0o022)
    try:
        create_file(tmp_path / "lesson", "text")
        create_file(tmp_path / "answers", "Ada", opened_privately)
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("lesson", "answers")] == [0o644, 0o600]
