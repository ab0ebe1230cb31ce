"""Opening the screen from the command line, up to the app itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tinynet_tui.cli import main, stepper
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import save
from tinynet_tui.tui import app
from tinynet_tui.tui.drawing.look import Look

Opened = Callable[..., tuple[Session, Look]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opened:
    """A function that takes a command line, and gives the session and the look that the app is run with."""
    runs: list[tuple[Session, Look]] = []

    def run_stepper(
        session: Session, look: Look, _colours: str, _state: Path | None, differences: bool
    ) -> tuple[int, str | None]:
        runs.append((session, look))
        return 0, "said afterwards"

    def no_problem(*_: object) -> None:
        return None

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(stepper, "terminal_problem", no_problem)
    monkeypatch.setattr(app, "run_stepper", run_stepper)

    def opened(*words: str) -> tuple[Session, Look]:
        assert main(words) == 0
        return runs[-1]

    return opened


def test_it_opens_the_lecture(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    """At the start of its first update; what the app leaves to say goes to standard error."""
    assert opened()[0] == start(open_lesson("lecture"))
    assert capsys.readouterr() == ("", "said afterwards\n")


def test_it_opens_another_lesson_at_a_place(opened: Opened) -> None:
    """An update and a step, or an update alone."""
    session, _ = opened("mazur", "--at", "2.18")
    assert (session.lesson, session.update, session.step) == (open_lesson("mazur"), 2, 18)
    session, _ = opened("--at", "7")
    assert (session.lesson, session.update, session.step) == (open_lesson("lecture"), 7, 0)


def test_ascii_can_be_chosen(opened: Opened) -> None:
    """For or against."""
    assert opened("--ascii")[1].ascii
    assert not opened("--no-ascii")[1].ascii


def test_it_takes_up_the_last_position(opened: Opened, tmp_path: Path) -> None:
    """Of whatever lesson that was; of a lesson that is named, only its own."""
    last = replace(start(open_lesson("mazur")), update=3, step=5)
    save(last, tmp_path / "tinynet-tui" / "session.json")
    assert opened("--resume")[0] == last
    assert opened("mazur", "--resume")[0] == last
    assert opened("--resume", "--at", "9.1")[0] == replace(last, update=9, step=1)
    assert opened()[0] == start(open_lesson("lecture"))
    session, _ = opened("lecture", "--resume")
    assert session.bare == start(open_lesson("lecture"))
    assert "another lesson" in session.notice


def test_without_a_last_position_it_starts(opened: Opened) -> None:
    """And says why."""
    session, _ = opened("--resume")
    assert session.bare == start(open_lesson("lecture"))
    assert "no last position" in session.notice
