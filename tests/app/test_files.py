"""What the app writes: the step as text, the screen as a picture, and the position."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import time

import pytest
from textual.pilot import Pilot

from tests.app.running import assert_screen_is_the_sessions, press, run_app, settled
from tests.pseudo_terminal import SAFETY
from tests.session.random_lessons import LECTURE
from tests.session.saving import save
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.lessons.writing import lesson_text, with_text
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.saved_session import Kept
from tinynet_tui.session.state_file import resume
from tinynet_tui.tui import app as tui_app
from tinynet_tui.tui import files, last_position
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.files import write_new
from tinynet_tui.tui.last_position import LastPosition

AT = replace(start(LECTURE), update=2, step=12)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def test_a_picture_that_is_asked_for_before_the_first_is_drawn() -> None:
    """As by a key that was typed ahead: it is of the whole screen."""

    async def check(app: Stepper, _pilot: Pilot[None]) -> None:
        drawn = app.page.screenshot()
        app.page.board.picture = Picture(0, 0, ())
        assert app.page.screenshot() == drawn

    run_app(check, AT)


@pytest.mark.parametrize(("count", "words"), [(1, ""), (1_600, " without 1,601 comments of its file")])
def test_saving_says_which_comments_are_left_out(elsewhere: Path, count: int, words: str) -> None:
    """Of a file that is too long to be changed in its own lines."""
    text = lesson_text(LECTURE) + "# a line of the notes of a careful teacher\n" * count
    session = after(start(with_text(LECTURE, f"# The first of them all\n{text}")), Command("rate", 0.5))
    assert files.saved(moment(session), Path("own.toml")) == f"Saved{words}: tinynet-tui own.toml opens it."


def test_copying_a_step(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is, letters, numbers, words; to a file that was not there, and to the clipboard."""
    copied: list[str] = []
    monkeypatch.setattr(Stepper, "copy_to_clipboard", lambda _app, text: copied.append(text))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "y")
        assert "tinynet-2.12.txt" in app.session.notice
        await press(app, "y")
        assert "tinynet-2.12-2.txt" in app.session.notice
        assert app.session.bare == AT

    run_app(check, AT)
    first, second = (elsewhere / name for name in ("tinynet-2.12.txt", "tinynet-2.12-2.txt"))
    assert [first.read_text(), second.read_text()] == copied
    lines = copied[0].splitlines()
    assert lines[0] == f"{LECTURE.title}, update 2, step 12 of 46"
    assert lines[1] == "backward: the gradient of w₅"
    assert lines[2].split() == ["∂L/∂w₅", "=", "∂L/∂z₃", "·", "∂z₃/∂w₅"]
    assert lines[3].startswith("       = 0.85")
    assert lines[4].startswith("       ≈ 1.259")


def test_a_picture_of_the_screen(elsewhere: Path) -> None:
    """Sound SVG of its own, with all the text of the board, and nothing to load."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        before = app.board.picture
        await press(app, "s")
        assert app.session.notice == "Written as a picture to tinynet-2.12.svg."
        root = ET.parse(elsewhere / "tinynet-2.12.svg").getroot()
        written = [(element.get("y"), element.text or "") for element in root.iter() if element.text]
        for row in before.rows:
            for run in row:
                words = [word for word in run.text.split() if not any("⠀" <= c <= "⣿" for c in word)]
                assert all(any(word in text for _, text in written) for word in words)
        assert not [element for element in root.iter() if "href" in str(element.attrib)]

    run_app(check, AT)


@pytest.mark.parametrize("key", ["y", "s"])
def test_a_directory_in_which_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """Is said, in words, and the app goes on."""

    def refused(*_arguments: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "write_new", refused)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, key)
        assert app.session.notice.startswith("Nothing could be written here: Permission denied.")
        await press(app, "right")
        assert app.session == after(AT, Command("next"))

    run_app(check, AT)


def test_new_files_have_the_first_free_name(tmp_path: Path) -> None:
    """Nothing is overwritten, not even a link to nowhere."""
    (tmp_path / "a-2.txt").symlink_to(tmp_path / "nowhere")
    names = [write_new(tmp_path, "a", ".txt", text).name for text in "xyz"]
    assert names == ["a.txt", "a-3.txt", "a-4.txt"]
    assert not (tmp_path / "nowhere").exists()


# The position


def keep(app: Stepper) -> None:
    """Do what the timer does, and wait for the disk."""
    app._keep()
    assert app.last_position.keep(app._place).wait(SAFETY)


def test_the_position_is_kept_when_the_app_ends(tmp_path: Path) -> None:
    """However it ends; without the notice."""
    path = tmp_path / "state" / "session.json"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "u", "right", "left", "left", "3", "q")

    app = run_app(check, AT, state=path)
    assert app.last_position.fault is None
    assert resume(path) == (app.session.bare, None)
    assert app.session.bare == replace(AT, update=3, step=11, panel="chain")


def test_the_position_is_kept_a_moment_after_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a timer of less than a second, once for all changes before it; not again for the same position."""
    path = tmp_path / "session.json"
    timers: list[float] = []

    def timed(_app: Stepper, seconds: float, _keep: Callable[[], None]) -> object:
        timers.append(seconds)
        return object()

    monkeypatch.setattr(tui_app, "later", timed)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "u", "u")
        assert not path.exists()
        assert len(timers) == 1
        assert timers[0] < 1
        keep(app)
        assert resume(path)[0] == replace(AT, update=4)
        path.unlink()
        await press(app, "u", "U")
        keep(app)
        assert not path.exists()

    run_app(check, AT, state=path)


def test_a_position_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    """By itself, once while the app goes on, again when it works, and at the end."""
    path = tmp_path / "file" / "session.json"
    (tmp_path / "file").write_text("no directory")

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        async def notice_after(key: str) -> str:
            await press(app, key)
            keep(app)
            await settled(app)
            assert_screen_is_the_sessions(app)
            return app.session.notice

        fault = f"The position could not be kept: {path}: Not a directory."
        assert await notice_after("right") == fault
        assert await notice_after("right") == ""
        (tmp_path / "file").unlink()
        assert await notice_after("right") == "The position is kept again."
        assert await notice_after("right") == ""
        path.unlink()
        path.parent.rmdir()
        (tmp_path / "file").write_text("no directory")
        assert await notice_after("right") == fault

    app = run_app(check, AT, state=path)
    assert app.last_position.fault == f"The position could not be kept: {path}: Not a directory."


def test_a_lesson_left_at_its_start_takes_no_place(tmp_path: Path) -> None:
    """Whoever forgets --resume and quits has lost nothing; a place that was asked for counts."""
    path = tmp_path / "session.json"
    save(AT, path)

    async def look(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "?", "escape", "q")

    run_app(look, start(LECTURE), state=path)
    assert resume(path)[0] == AT
    run_app(look, replace(start(LECTURE), update=7), state=path)
    assert resume(path)[0] == replace(start(LECTURE), update=7)


def test_of_two_that_are_open_the_last_to_act_wins(tmp_path: Path) -> None:
    """Not the last to leave; the file is always whole."""
    path = tmp_path / "session.json"
    first, second = (LastPosition(path, start(LECTURE)) for _ in range(2))
    first.keep_now(AT)
    assert first.has(AT)
    second.keep_now(replace(AT, step=5))
    first.keep_now(AT)
    assert resume(path) == (replace(AT, step=5), None)
    first.keep_now(replace(AT, step=13))
    assert resume(path) == (replace(AT, step=13), None)


def test_what_was_not_written_in_time_is_not_written_over_newer_work(tmp_path: Path) -> None:
    """An act of before the other's, though it has never been in the file."""
    path = tmp_path / "session.json"
    first, second = (LastPosition(path, start(LECTURE)) for _ in range(2))
    first._newest = Kept(AT, time())  # as for a disk that did not answer in time
    second.keep_now(replace(AT, step=5))
    first.keep_now(AT)
    assert resume(path) == (replace(AT, step=5), None)
    assert not first.has(AT)
    assert first.fault is None


def test_what_goes_on_by_itself_is_no_act(tmp_path: Path) -> None:
    """Autoplay that nobody watches any more leaves newer work alone; without any it is kept."""
    path = tmp_path / "session.json"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "a")
        app.page.autoplay.go_on()
        keep(app)
        assert resume(path)[0] == replace(AT, step=13)
        elsewhere = replace(AT, step=5)
        LastPosition(path, start(LECTURE)).keep_now(elsewhere)
        app.page.autoplay.go_on()
        keep(app)
        assert app.session.step == 14
        assert resume(path)[0] == elsewhere
        await press(app, "right")
        keep(app)
        assert resume(path)[0] == replace(AT, step=15)

    run_app(check, AT, state=path)


def test_a_slow_disk_holds_no_key_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys count while a position is being written, and the newest is kept in the end."""
    path = tmp_path / "session.json"
    go_on, sync = Event(), os.fsync

    def slow(number: int) -> None:
        assert go_on.wait(SAFETY)
        sync(number)

    monkeypatch.setattr(os, "fsync", slow)

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for step in range(13, 20):
            await press(app, "right")
            app._keep()
            assert app.session.step == step
        assert not path.exists()
        go_on.set()

    run_app(check, AT, state=path)
    assert resume(path)[0] == replace(AT, step=19)


def test_a_disk_that_never_answers_does_not_keep_the_app_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaving waits for it a while, and then says so."""
    path, go_on = tmp_path / "session.json", Event()
    monkeypatch.setattr(last_position, "_PATIENCE", 0.0)
    monkeypatch.setattr(os, "fsync", lambda _number: go_on.wait(SAFETY))

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "right", "q")

    app = run_app(check, AT, state=path)
    go_on.set()
    assert app.last_position.fault == f"The position could not be kept: {path}: the disk does not answer."
    assert not app.last_position.has(app.session)


def test_keys_that_never_pause_do_not_put_it_off(tmp_path: Path) -> None:
    """The timer that the first change starts is the one that keeps."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "right")
        timer = app._keeping
        assert timer is not None
        await press(app, *["right"] * 5)
        assert app._keeping is timer

    run_app(check, AT, state=tmp_path / "session.json")


def test_a_user_without_a_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept, nothing is made where the app was started, and that is said."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "right")
        keep(app)

    app = run_app(check, AT, state=None)
    assert app.last_position.fault == "The position could not be kept: this user has no home directory."


def test_a_position_taken_up_is_where_it_was_left(tmp_path: Path) -> None:
    """With its edits, and the same numbers on screen."""
    path = tmp_path / "session.json"
    edited = after(AT, Command("rate", 0.05))
    save(edited, path)
    session, _ = resume(path)
    assert session is not None

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await settled(app)
        assert app.session == edited.bare
        assert_screen_is_the_sessions(app)

    run_app(check, session, state=path)


@pytest.mark.parametrize(
    ("name", "endings", "words"),
    [
        ("h.pdf", files.HANDOUT_ENDINGS, "must end in .html or .md or .tex or .txt, not in .pdf"),
        ("h.html", (".toml",), "must end in .toml, not in .html"),
        ("~nobody-has-this-name/h.html", files.HANDOUT_ENDINGS, "there is no such directory"),
        ("/dev/full", files.HANDOUT_ENDINGS, "/dev/full is no file"),
    ],
)
def test_a_name_that_asks_for_something_else_is_refused(
    name: str, endings: tuple[str, ...], words: str
) -> None:
    """It is not written under another name in silence; a dot of another meaning stays."""
    with pytest.raises(ValueError, match=words):
        files.new_file(name, endings)
    assert files.new_file("lesson-1.5", endings).name.startswith("lesson-1.5.")
