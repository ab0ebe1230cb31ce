"""The state file: read back as it was written, whole or not at all, and never a reason to fail."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from tests.examples import examples
from tests.session.random_lessons import LECTURE, sessions
from tests.session.saving import save
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.people import state_path
from tinynet_tui.session.saved_session import decoded, encoded
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.session.state_file import resume

NOBODY = 65534
"""The number of a user who owns nothing."""


@given(sessions())
@examples(40)
def test_a_session_is_read_back_as_it_was_written(session: Session) -> None:
    """All but what undo knows, and the notice; as text that people can read."""
    assert decoded(encoded(session)) == session.bare
    assert encoded(session).endswith(b"\n")


def test_what_the_record_decides_is_taken_up_again() -> None:
    """Whether predictions fade by it is kept as their level is; that is no position by itself."""
    fading = replace(start(LECTURE), fades=True, step=7)
    assert decoded(encoded(fading)).fades
    assert not decoded(encoded(replace(fading, fades=False))).fades
    assert replace(fading, step=0).as_shown_first == start(LECTURE)


def test_a_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """With its lesson, of which it keeps no path; its directory is made where there is none."""
    path = tmp_path / "deep" / "below" / "session.json"
    session = after(start(shipped_lesson("mazur")), Command("edit", Edit(1, "y2", 0.1 + 0.2, 1)))
    session = after(session, Command("goto", (20, 3)))
    save(session, path)
    assert resume(path) == (session.bare, None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["session.json"]


def test_saving_again_replaces_the_file(tmp_path: Path) -> None:
    """And leaves nothing beside it."""
    path = tmp_path / "session.json"
    save(start(shipped_lesson("mazur")), path)
    save(start(LECTURE), path)
    assert resume(path) == (start(LECTURE), None)
    assert list(tmp_path.iterdir()) == [path]


def test_no_file_is_a_start_in_words(tmp_path: Path) -> None:
    """It is no fault, and nothing is made."""
    path = tmp_path / "session.json"
    assert resume(path) == (None, f"There is no last position to go back to ({path}): this is the start.")
    assert list(tmp_path.iterdir()) == []


def test_a_user_without_a_home_has_no_state_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """None in the directory that the program happens to be started in, either."""
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as it is for a user whom nobody knows
    assert state_path() is None
    assert resume(None) == (
        None,
        "There is no last position to go back to (no home directory): this is the start.",
    )


def test_the_state_file_has_a_place_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the system keeps the state of programs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_path() == tmp_path / "tinynet-tui" / "session.json"


def test_a_position_of_an_earlier_version_is_taken_up(tmp_path: Path) -> None:
    """Those took lessons with keys that do nothing, which are faults in a file now."""
    path = tmp_path / "session.json"
    session = after(start(LECTURE), Command("goto", (2, 18)))
    kept = encoded(session).decode()
    older = kept.replace('"version": 5', '"version": 1').replace('"digits": 4', '"precision": 0')
    assert older.count('"version": 1') == older.count('"precision": 0') == 1
    older = older.replace("[training]\\n", "[training]\\nmomentum = 0.9\\nbeta1 = 0.5\\nepsilon = 1e-3\\n")
    older = older.replace("[network]\\n", "[network]\\nleaky_slope = 0.25\\n")
    assert older.count("\\n") == kept.count("\\n") + 4
    path.write_text(older, encoding="utf-8")
    assert resume(path) == (session.bare, None)


# Faults while it is written


class _Broken(OSError):
    pass


def _broken(*_arguments: object, **_keywords: object) -> None:
    raise _Broken(28, "No space left on device")


def _stopped(*_arguments: object, **_keywords: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("call", ["replace", "fsync"])
@pytest.mark.parametrize("fault", [_broken, _stopped])
def test_a_fault_while_writing_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, fault: Callable[..., None]
) -> None:
    """And no half-written one beside it."""
    path = tmp_path / "session.json"
    save(start(LECTURE), path)
    before = path.read_bytes()
    monkeypatch.setattr(os, call, fault)
    with pytest.raises((_Broken, KeyboardInterrupt)):
        save(start(shipped_lesson("mazur")), path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_is_on_the_disk_before_it_takes_the_old_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fsync of all of it, then replace."""
    path, calls = tmp_path / "session.json", []
    sync, take_place = os.fsync, os.replace

    def synced(number: int) -> None:
        calls.append(("fsync", os.fstat(number).st_size))
        sync(number)

    def replaced(source: str, target: Path) -> None:
        calls.append(("replace", os.stat(source).st_size))
        assert Path(source).parent == path.parent
        take_place(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    save(start(LECTURE), path)
    size = path.stat().st_size
    assert calls == [("fsync", size), ("replace", size)]


def test_a_directory_in_its_place(tmp_path: Path) -> None:
    """Cannot be read and cannot be replaced; both say so, and nothing is lost."""
    path = tmp_path / "session.json"
    path.mkdir()
    (path / "precious").write_text("kept")
    session, said = resume(path)
    assert session is None
    assert said == f"The last position cannot be read ({path} is not a file): this is the start."
    with pytest.raises(OSError, match="directory"):
        save(start(LECTURE), path)
    assert (path / "precious").read_text() == "kept"
    assert list(tmp_path.iterdir()) == [path]


@pytest.fixture
def plain_users_home() -> Iterator[Path]:
    """A directory of somebody who is not root, whom this process is meanwhile."""
    home = Path(tempfile.mkdtemp())
    is_root = os.geteuid() == 0
    if is_root:
        os.chown(home, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield home
    if is_root:
        os.seteuid(0)
    shutil.rmtree(home)


def test_a_directory_that_cannot_be_written(plain_users_home: Path) -> None:
    """The old file stays, and can be read."""
    path = plain_users_home / "session.json"
    save(start(LECTURE), path)
    plain_users_home.chmod(0o500)
    with pytest.raises(OSError, match="denied"):
        save(start(shipped_lesson("mazur")), path)
    assert resume(path) == (start(LECTURE), None)
    plain_users_home.chmod(0o700)


def test_a_file_that_cannot_be_read(plain_users_home: Path) -> None:
    """Is left where it is, and said in one line."""
    path = plain_users_home / "session.json"
    save(start(LECTURE), path)
    path.chmod(0)
    session, said = resume(path)
    assert session is None
    assert said == f"The last position cannot be read ({path}: Permission denied): this is the start."
    assert path.exists()


def _denied(*_arguments: object, **_keywords: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_reading_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As above, for every user."""
    path = tmp_path / "session.json"
    save(start(LECTURE), path)
    monkeypatch.setattr(Path, "open", _denied)
    assert resume(path) == (
        None,
        f"The last position cannot be read ({path}: Permission denied): this is the start.",
    )


def test_moving_aside_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged file that cannot be moved stays, and both are said in one line."""
    path = tmp_path / "session.json"
    path.write_text("{")
    monkeypatch.setattr(os, "replace", _denied)
    session, said = resume(path)
    assert session is None
    assert said == (
        "The last position cannot be used: it is damaged. "
        f"It could not be moved aside ({path}: Permission denied)."
    )
    assert path.read_text() == "{"
