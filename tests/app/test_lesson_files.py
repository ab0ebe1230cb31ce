"""The files of the working directory in the list of lessons: read beside the keyboard, as far as shown."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from tests.app.running import key_event, list_is_open, press, run_app, settled, shown
from tests.pseudo_terminal import ENVIRON, Terminal
from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.reading import lesson_file
from tinynet_tui.lessons.schema import LIMITS, Lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson, shipped_text
from tinynet_tui.session.commands import start
from tinynet_tui.tui import stepper_lists
from tinynet_tui.tui.app import Stepper

_MANY = 200
_ROWS = 12
"""Rows of the list that are in view at 80×24."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read."""
    names, reader = list[str](), lesson_file

    def noted(name: str) -> Lesson | None:
        names.append(name)
        return reader(name)

    monkeypatch.setattr(stepper_lists, "lesson_file", noted)
    return names


def _make_many(directory: Path) -> None:
    for number in range(_MANY):
        text = shipped_text("mazur").replace('title = "', f'title = "number {number:03} ')
        (directory / f"l{number:03}.toml").write_text(text, encoding="utf-8")


def _top(app: Stepper) -> str:
    return shown(app).splitlines()[0]


def test_only_what_is_shown_is_read(
    elsewhere: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page and the next; a search reads on until it has found as many, or all."""
    monkeypatch.setattr(stepper_lists, "_AT_ONCE", 0.0)  # the next one only when the last one was not enough

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o")
        assert len(read) == 2 * _ROWS - len(SHIPPED_NAMES)
        assert _top(app).endswith(f"1 of {2 * _ROWS}…")
        await press(app, "pagedown", "pagedown", "pagedown")
        assert len(read) < 6 * _ROWS
        assert f"./l{3 * _ROWS - len(SHIPPED_NAMES):03}.toml" in shown(app)
        await press(app, *"l199")
        assert len(read) == len(set(read)) == _MANY
        assert _top(app).endswith("1 of 1")
        await press(app, "enter")
        assert app.session.lesson.title.startswith("number 199 ")

    _make_many(elsewhere)
    run_app(check)


def test_what_cannot_be_read_is_passed_over(elsewhere: Path, read: list[str]) -> None:
    """A FIFO would wait for ever, a device has no end, and some names lead nowhere."""
    os.mkfifo(elsewhere / "fifo.toml")
    for name, target in (("zero", "/dev/zero"), ("nowhere", "missing"), ("loop", "loop.toml"), ("here", ".")):
        (elsewhere / f"{name}.toml").symlink_to(target)
    (elsewhere / "directory.toml").mkdir()
    (elsewhere / "large.toml").write_bytes(b"[network]\n" * LIMITS.file_bytes)
    (elsewhere / "escapes.toml").write_text("# " + '\\"' * 400_000 + "\n" + shipped_text("mazur"))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o", *".toml")
        assert read == ["./escapes.toml", "./large.toml"]
        assert _top(app).endswith("1 of 1")
        await press(app, "enter")
        assert app.session.lesson == shipped_lesson("mazur")

    run_app(check)


def test_a_file_that_was_meant_as_a_lesson_says_why_it_is_none(elsewhere: Path) -> None:
    """In one line, whether it is TOML at all or not."""
    (elsewhere / "open.toml").write_text("[network]\nlayers = [2,\n")
    (elsewhere / "dotted.toml").write_text("network.layers = 3\n")
    (elsewhere / "other.toml").write_text('[tool]\nnetwork = [1\n# [network]\nx = "network."\n')

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o", *".toml", "down")
        assert _top(app).endswith("2 of 2")
        words = " ".join(shown(app).split())
        assert (
            "Cannot be opened: line 2, at the end: not TOML: this is not a value; must be a number" in words
        )
        await press(app, "enter")
        assert app.session.notice.startswith("./open.toml: line 2, at the end: not TOML: ")

    run_app(check)


@pytest.fixture
def hanging(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Event:
    """One file of three hangs, as on a disk that is gone, until this is set."""
    for name in ("a", "b", "c"):
        (elsewhere / f"{name}.toml").write_text(shipped_text("mazur"))
    goes_on, reader = Event(), lesson_file

    def read(name: str) -> Lesson | None:
        if name == "./b.toml":
            goes_on.wait()
        return reader(name)

    monkeypatch.setattr(stepper_lists, "lesson_file", read)
    return goes_on


def test_a_file_that_hangs_keeps_the_others_not_away(hanging: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said to take long."""
    monkeypatch.setattr(stepper_lists, "PATIENCE", 0.01)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o", *".toml")
        assert _top(app).endswith("1 of 3")
        assert all(f"./{name}.toml" in shown(app) for name in "abc")
        await press(app, "down", "enter")
        assert app.session.notice == "./b.toml takes long to read: is its disk or network still there?"
        hanging.set()

    run_app(check)


def test_keys_work_while_a_file_hangs(hanging: Event) -> None:
    """The list can be moved in, and left."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        app.post_message(key_event("o"))
        await pilot.pause()
        app.post_message(key_event("down"))
        await pilot.pause()
        # One of the files may have been read by now; the one that hangs has not.
        assert re.search(r" 2 of \d+…$", _top(app))
        assert f"▸ {SHIPPED_NAMES[1]}" in shown(app)
        app.post_message(key_event("escape"))
        await settled(app)
        assert not list_is_open(app)
        await press(app, "right")
        assert app.session.step == start(LECTURE).step + 1

    run_app(check)
    hanging.set()


_HANGING = """
import sys, threading
from tinynet_tui.cli import main
from tinynet_tui.tui import stepper_lists
stepper_lists.lesson_file = lambda name: threading.Event().wait()
sys.exit(main(["--no-ascii"]))
"""


def _leave_and_quit(opened: Terminal) -> None:
    opened.press("\x1b")
    opened.wait_for("step  0 of 46")
    opened.press("q")


_ENDINGS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "Esc and q": (_leave_and_quit, 0),
    "Ctrl+C": (lambda opened: opened.press("\x03"), 0),
    "SIGTERM": (lambda opened: os.kill(opened.child.pid, signal.SIGTERM), 143),
    "SIGHUP": (lambda opened: os.kill(opened.child.pid, signal.SIGHUP), 129),
}


@pytest.mark.parametrize(("end", "status"), _ENDINGS.values(), ids=list(_ENDINGS))
def test_it_ends_while_a_file_hangs(elsewhere: Path, end: Callable[[Terminal], None], status: int) -> None:
    """As it does otherwise: the thread that waits for the file holds nothing up."""
    (elsewhere / "a.toml").touch()
    environ = {**ENVIRON, "XDG_STATE_HOME": str(elsewhere / "state")}
    opened = Terminal(sys.executable, ["-c", _HANGING], environ)
    opened.wait_for("step  0 of 46")
    opened.press("o")
    opened.wait_for(f"1 of {len(SHIPPED_NAMES)}…")
    end(opened)
    assert opened.ended() == status
    assert b"Traceback" not in opened.sent
