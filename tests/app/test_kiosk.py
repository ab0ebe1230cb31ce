"""A kiosk: nothing but the position is written, nothing is run, and each key that is off says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.app.experimenting import press_and_work
from tests.app.running import bottom, press, run_app, settled, shown
from tests.cli.command import UTF8, run
from tests.pseudo_terminal import COMMAND, ENVIRON, Terminal
from tests.session.random_lessons import LECTURE
from tinynet_tui.experiments.page_keys import keys
from tinynet_tui.lessons.shipped import SHIPPED_NAMES
from tinynet_tui.lessons.writing import write_lesson
from tinynet_tui.session.commands import COMMANDS
from tinynet_tui.session.state_file import resume
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.permissions import KIOSK, OPEN, Permissions

BECAUSE = "this is a kiosk, which keeps your place and nothing else."


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a lesson of somebody's own."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    write_lesson(LECTURE, Path("own.toml"))
    return here


def files_of(directory: Path) -> set[str]:
    """Every file below a directory, by its path from there."""
    return {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}


def refuse(*_arguments: object, **_keywords: object) -> None:
    """Stand for a process that is begun."""
    raise AssertionError("a process was started")


def test_every_key_writes_nothing_and_runs_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of both tables, pressed in turn; the position alone is there in the end."""
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(os, "kill", refuse)
    state = here.parent / "state" / "session.json"

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        for entry in COMMANDS:
            for key in entry.keys:
                if entry.name not in ("quit", "experiments"):
                    await press(app, key, "n", "enter", "escape", "escape", "1", "r")
        await press(app, "x")
        for key_of_page in keys():
            for key in key_of_page.keys:
                if key_of_page.name not in ("quit", "leave", "back", "open"):
                    await press(app, key, "7", "enter", "escape")
                    if not app.screen.query("Board"):
                        await press(app, "escape")
        await settled(app)

    app = run_app(check, state=state, permissions=KIOSK)
    assert app.last_position.fault is None
    assert files_of(here.parent) == {"here/own.toml", "state/session.json"}


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("w", "No lesson file is saved here"),
        ("s", "No picture is saved here"),
        ("m", "Nothing is measured here"),
        ("ctrl+z", "There is no shell to go back to here"),
        ("y", "No file is written here"),
    ],
)
def test_keys_that_are_off_say_why(here: Path, key: str, said: str) -> None:
    """At once, in the line of hints; y has used the clipboard all the same."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, key)
        assert f"{said}: {BECAUSE}" in app.session.notice
        assert bool(app.clipboard) == (key == "y")
        if key in ("s", "ctrl+z"):
            await press_and_work(app, "x", key)
            assert f"{said}: {BECAUSE}" in bottom(app)

    run_app(check, size=(120, 36), permissions=KIOSK)


@pytest.mark.parametrize("permissions", [OPEN, KIOSK])
def test_lessons_of_ones_own_are_not_offered(here: Path, permissions: Permissions) -> None:
    """The list of lessons has the shipped ones alone; elsewhere the one that lies here, too."""

    async def check(app: Stepper, pilot: Pilot[None]) -> None:
        await press(app, "o")
        listed = shown(app)
        assert all(name in listed for name in SHIPPED_NAMES)
        assert ("own.toml" in listed) == permissions.is_open

    run_app(check, size=(120, 40), permissions=permissions)


@pytest.mark.parametrize(
    "name", ["own.toml", "./own.toml", "none.toml", "/etc/passwd", "/root", "-", "walks"]
)
def test_nothing_is_told_about_files(here: Path, name: str) -> None:
    """The same is said of every path, be there a file, a directory, nothing, or something forbidden."""
    done = run("--kiosk", name, cwd=here)
    said = f"tinynet-tui: --kiosk opens shipped lessons only: {', '.join(SHIPPED_NAMES)}\n"
    assert (done.returncode, done.stderr.decode(), done.stdout) == (2, said, b"")


def test_without_a_terminal_nothing_is_named_that_a_kiosk_has_not(here: Path) -> None:
    """The command of a line in `authorized_keys` is all that is run there."""
    done = run(
        "--kiosk", "--resume", cwd=here, environ={**UTF8, "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
    )
    said = "The screen cannot open: standard input and output are not terminals; connect with `ssh -t`.\n"
    assert (done.returncode, done.stderr.decode(), done.stdout) == (2, said, b"")


def kiosk(here: Path, *arguments: str, program: str = "", **environ: str) -> Terminal:
    """The command as a kiosk on a terminal."""
    words = ["-c", program, "--kiosk", *arguments] if program else [*COMMAND, "--kiosk", *arguments]
    return Terminal(
        sys.executable,
        words,
        {**ENVIRON, "XDG_STATE_HOME": str(here.parent / "state"), **environ},
        cwd=str(here),
    )


def test_a_kiosk_on_a_terminal(here: Path) -> None:
    """The place is kept under the person's name; Textual writes no log and presses no key when asked to."""
    textual = {
        "TEXTUAL_LOG": "log.txt",
        "TEXTUAL_SCREENSHOT": "0",
        "TEXTUAL": "debug",
        "TEXTUAL_PRESS": "l,l",
    }
    opened = kiosk(here, "mazur", "--as", "Åsa", **textual)
    opened.wait_for("step  0 of 58")
    opened.press("ll\x1a")
    opened.wait_for("There is no shell")
    opened.press("q")
    assert opened.ended() == 0
    file = "state/tinynet-tui/session-%C3%A5sa.json"
    assert files_of(here.parent) == {"here/own.toml", file}
    session, _ = resume(here.parent / file)
    assert session is not None
    assert session.step == 2


def test_no_path_is_told_when_the_position_cannot_be_read_or_kept(here: Path) -> None:
    """One line says what is wrong, on the screen and at the end."""
    (here.parent / "state").write_text("a file where the directory should be")
    opened = kiosk(here, "--resume")
    opened.wait_for("step  0 of 46")
    opened.press("l")
    opened.wait_for("step  1 of 46")
    opened.press("q")
    assert opened.ended() == 0
    said = "".join(opened.screen.display)
    assert "The last position cannot be read (the state file: Not a directory): this is the start." in said
    assert "The position could not be kept: " in said
    assert str(here.parent) not in said


_FAULTY = (
    "import sys; from tinynet_tui.tui.stepper import StepperPage; StepperPage._copy = lambda self: 1 / 0;"
    "from tinynet_tui.cli import main; sys.exit(main())"
)


def test_a_fault_of_its_own_is_written_nowhere(here: Path) -> None:
    """It is named, without a report and without a path."""
    opened = kiosk(here, program=_FAULTY)
    opened.wait_for("step  0 of 46")
    opened.press("ly")
    assert opened.ended() == 1
    said = "The app stopped because of a fault in it: ZeroDivisionError. The position is kept."
    assert "".join(opened.screen.text.split("\n")) == said  # the terminal breaks the line
    assert files_of(here.parent) == {"here/own.toml", "state/tinynet-tui/session.json"}
