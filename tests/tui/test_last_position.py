"""The last position: what takes the place of an earlier one, and what does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event, current_thread, main_thread
from time import time

import pytest

from tests.session.random_lessons import LECTURE
from tests.session.saving import save
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import SharedFile, resume
from tinynet_tui.tui.last_position import LastPosition

MAZUR = replace(start(shipped_lesson("mazur")), step=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state file in which a learner is at a step of Mazur's example."""
    path = tmp_path / "session.json"
    save(MAZUR, path)
    return path


@pytest.mark.parametrize(
    "opened",
    [
        start(LECTURE),
        replace(start(LECTURE), digits=6),
        replace(start(LECTURE), panel="loss"),
        replace(start(LECTURE), level="number"),
        replace(start(LECTURE), notice="There is no last position to take up."),
    ],
    ids=["plain", "digits", "panel", "level", "notice"],
)
def test_a_lesson_that_is_left_at_its_start(path: Path, opened: Session) -> None:
    """Takes no earlier position's place, however it is shown; the first step in it does."""
    position = LastPosition(path, opened)
    position.keep_now(opened)
    assert resume(path)[0] == MAZUR
    position.keep_now(after(opened, Command("table")))
    assert resume(path)[0] == MAZUR
    stepped = after(opened, Command("next"))
    position.keep_now(stepped)
    assert resume(path)[0] == stepped.bare


def test_going_back_to_the_start_is_a_position(path: Path) -> None:
    """Of whoever has been elsewhere in the lesson meanwhile."""
    opened = start(LECTURE)
    position = LastPosition(path, opened)
    position.keep_now(after(opened, Command("next")))
    position.keep_now(opened)
    assert resume(path)[0] == opened


def test_how_a_position_is_shown_is_kept_with_it(path: Path) -> None:
    """Of one that is taken up, a new number of digits alone, too."""
    shown = replace(MAZUR, digits=6)
    LastPosition(path, shown).keep_now(shown)
    assert resume(path)[0] == shown


class _Interrupted(LastPosition):
    """Writes after every single change of it, as the other thread may at any moment."""

    is_open = False

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if self.is_open and current_thread() is main_thread():
            written = Event()
            self._wishes.put(written)
            assert written.wait(60)


def test_a_session_is_written_with_the_time_of_its_own_change(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never with that of the one before, at whatever moment it is written."""
    written: list[tuple[Session, float]] = []

    def keep(_file: SharedFile, session: Session, changed: float) -> bool:
        written.append((session, changed))
        return True

    monkeypatch.setattr(SharedFile, "keep", keep)
    position = _Interrupted(path, MAZUR)
    position.is_open = True
    later, acted = replace(MAZUR, step=4), time() + 5
    position.keep_now(later, acted)
    assert [changed for session, changed in written if session == later] == [acted]
