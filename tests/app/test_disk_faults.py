"""Disks that are full, homes that are none, state files of others: one line says so, and nothing is lost."""

from __future__ import annotations

import os
import resource
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pseudo_terminal import COMMAND, ENVIRON, Terminal, stepper, until
from tests.session.random_lessons import LECTURE
from tests.session.saving import save
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.saved_session import VERSION, encoded
from tinynet_tui.session.state_file import resume

AT = replace(start(LECTURE), update=2, step=17)
WITHOUT_STATE = {name: value for name, value in ENVIRON.items() if name != "XDG_STATE_HOME"}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the state file of the app is to be."""
    return tmp_path / "tinynet-tui" / "session.json"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment in which that is so."""
    return {**ENVIRON, "XDG_STATE_HOME": str(tmp_path)}


def said_at_the_end(terminal: Terminal) -> str:
    """What stands on the terminal's own screen after the end, as one text, however wide the screen is."""
    return "".join(terminal.screen.display).rstrip()


def fill_disk() -> None:
    """Let no file grow, which a program meets as it does a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def test_a_full_disk(tmp_path: Path, state: Path, environ: dict[str, str]) -> None:
    """One line for each file that cannot be written; nothing half-written stays, old files are as before."""
    here = tmp_path / "here"
    here.mkdir()
    save(AT, state)
    before = state.read_bytes()
    arguments = [*COMMAND, "--resume"]
    opened = Terminal(sys.executable, arguments, environ, preexec_fn=fill_disk, cwd=str(here))
    opened.wait_for("update 2 · step 17 of 46")
    opened.press("l")
    opened.wait_for("The position could not be kept")
    for keys, said in (
        ("y", "Nothing could be written here: File too large."),
        ("s", "Nothing could be written here: File too large."),
        ("wnew.toml\r", "It could not be saved: new.toml: File too large."),
    ):
        opened.press(keys)
        opened.wait_for(said)
        if keys == "y":  # what became of the clipboard is told a moment later, beside the same words
            opened.wait_for("clipboard")
        opened.press("l")
        opened.wait_until(lambda: "File too large" not in opened.screen.text)
    opened.press("q")
    assert opened.ended() == 0
    assert said_at_the_end(opened) == f"The position could not be kept: {state}: File too large."
    assert list(here.iterdir()) == []
    assert list(state.parent.iterdir()) == [state]
    assert state.read_bytes() == before


_FAULTY = (
    "import sys; from tinynet_tui.tui.stepper import StepperPage; StepperPage._copy = lambda self: 1 / 0;"
    "from tinynet_tui.cli import main; sys.exit(main())"
)
"""The command, with a fault of its own behind the key y."""


def test_a_fault_of_its_own(state: Path, environ: dict[str, str]) -> None:
    """Is told in a file, said in one line, and the position is kept."""
    opened = Terminal(sys.executable, ["-c", _FAULTY, "--at", "2.17"], environ)
    opened.wait_for("update 2 · step 17 of 46")
    opened.press("y")
    assert opened.ended() == 1
    report = state.parent / "fault.txt"
    words = f"The app stopped because of a fault in it: ZeroDivisionError; the report is {report}."
    words += " The position is kept."
    assert said_at_the_end(opened) == words
    assert "division by zero" in report.read_text()
    assert resume(state)[0] == AT


def test_memory_that_ran_out_is_called_so(state: Path, environ: dict[str, str]) -> None:
    """It need be no fault of the app."""
    program = _FAULTY.replace("lambda self: 1 / 0", "lambda self: bytearray(1 << 62)")
    opened = Terminal(sys.executable, ["-c", program, "--at", "2.17"], environ)
    opened.wait_for("update 2 · step 17 of 46")
    opened.press("y")
    assert opened.ended() == 1
    assert said_at_the_end(opened).startswith("The app stopped because its memory ran out: MemoryError; the")


def test_a_fault_of_its_own_on_a_full_disk(state: Path, environ: dict[str, str]) -> None:
    """Is named, with why there is no report; no part of a report stays."""
    opened = Terminal(sys.executable, ["-c", _FAULTY, "--at", "2.17"], environ, preexec_fn=fill_disk)
    opened.wait_for("update 2 · step 17 of 46")
    opened.press("y")
    assert opened.ended() == 1
    words = (
        "The app stopped because of a fault in it: ZeroDivisionError; no report could be written in "
        f"{state.parent}: File too large. The position could not be kept: {state}: File too large."
    )
    assert said_at_the_end(opened) == words
    assert list(state.parent.iterdir()) == []


@pytest.mark.parametrize(
    "place", ["HOME=/dev/null", "HOME=/proc", "XDG_STATE_HOME=/dev/null/state", "XDG_STATE_HOME=/proc/state"]
)
def test_a_home_that_is_none(place: str) -> None:
    """A file, or where nobody can make one: all works, but the position is not kept, and that is said."""
    name, path = place.split("=")
    opened = stepper({**WITHOUT_STATE, name: path}, "--resume")
    opened.wait_for("step  0 of 46")
    opened.press("l")
    opened.wait_for("step  1 of 46")
    opened.press("q")
    assert opened.ended() == 0
    words = said_at_the_end(opened)
    assert words.count("this is the start.") == 1
    assert words.count(f"The position could not be kept: {path}/") == 1
    assert "Traceback" not in words


def test_a_directory_where_nothing_can_be_written(environ: dict[str, str]) -> None:
    """Not even by root."""
    opened = Terminal(sys.executable, list(COMMAND), environ, cwd="/proc")
    opened.wait_for("step  0 of 46")
    for keys, said in (
        ("y", "Nothing could be written here: No such file or directory."),
        ("s", "Nothing could be written here: No such file or directory."),
        ("wnew.toml\r", "It could not be saved: new.toml: No such file or directory."),
    ):
        opened.press(keys)
        opened.wait_for(said)
        opened.press("\x1b")
        opened.wait_until(lambda: "No such file" not in opened.screen.text)
    opened.press("q")
    assert opened.ended() == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (encoded(AT)[:-40], "it is damaged."),
        (b"", "it is damaged."),
        (
            encoded(AT).replace(b'"version": %d' % VERSION, b'"version": 99'),
            "it was written by a newer version.",
        ),
    ],
    ids=["cut short", "empty", "from the future"],
)
def test_a_state_file_that_cannot_be_used(
    state: Path, environ: dict[str, str], text: bytes, said: str
) -> None:
    """It is said, on the screen and after it, and the file is set aside; the next position has its place."""
    state.parent.mkdir()
    state.write_bytes(text)
    opened = stepper(environ, "--resume")
    opened.wait_for("step  0 of 46")
    opened.wait_for("The last position cannot be used")
    opened.press("l")
    opened.wait_for("step  1 of 46")
    opened.press("q")
    assert opened.ended() == 0
    words = f"The last position cannot be used: {said} It was moved to {state}.1."
    assert said_at_the_end(opened) == words
    assert state.with_name("session.json.1").read_bytes() == text
    assert resume(state)[0] == replace(start(LECTURE), step=1)


def test_a_kill_loses_no_more_than_the_last_moment(state: Path, environ: dict[str, str]) -> None:
    """What had been kept a moment after the last key is taken up again, though nothing ended in order."""
    opened = stepper(environ)
    opened.wait_for("step  0 of 46")
    opened.press("lllll")
    until(lambda: resume(state)[0] == replace(start(LECTURE), step=5))
    os.kill(opened.child.pid, signal.SIGKILL)
    opened.ended()
    again = stepper(environ, "--resume")
    again.wait_for("update 1 · step  5 of 46")
    again.close()


def test_a_held_key_is_kept_on_the_way(state: Path, environ: dict[str, str]) -> None:
    """The file is written while keys go on coming, not when they pause."""
    opened = stepper(environ)
    opened.wait_for("step  0 of 46")

    def held() -> bool:
        opened.press("\x1b[C")
        opened.draw_what_is_there()
        return state.exists()

    until(held)
    opened.close()


def until_kept(state: Path, step: int) -> None:
    """Wait until a step is the last position."""
    until(lambda: (session := resume(state)[0]) is not None and session.step == step)


def test_two_at_once(state: Path, environ: dict[str, str]) -> None:
    """Each goes its way; the file is that of the last to do something, whoever is the last to leave."""
    first, second = stepper(environ), stepper(environ, "mazur")
    first.wait_for("step  0 of 46")
    second.wait_for("step  0 of 58")
    for terminal, keys, step in ((first, "lll", 3), (second, "ll", 2), (first, "l", 4), (second, "l", 3)):
        terminal.press(keys)
        until_kept(state, step)
    for terminal in (second, first):
        terminal.press("q")
        assert terminal.ended() == 0
        session, words = resume(state)
        assert words is None
        assert session is not None
        assert (session.step, session.lesson) == (3, shipped_lesson("mazur"))
    assert list(state.parent.iterdir()) == [state]


def test_a_connection_that_dies_late(state: Path, environ: dict[str, str]) -> None:
    """Whoever has gone on over another one finds place and answers as they were left there."""
    late = stepper(environ)
    late.wait_for("step  0 of 46")
    late.press("l")
    until_kept(state, 1)
    newer = stepper(environ, "--resume")
    newer.wait_for("step  1 of 46")
    newer.press("p")
    for step in range(2, 6):
        newer.press("+\r")
        newer.wait_for(f"step  {step} of 46")
        newer.press("\r")
    until(lambda: (session := resume(state)[0]) is not None and len(session.answers) == 4)
    left, _ = resume(state)
    assert late.vanish() == 128 + signal.SIGHUP
    assert resume(state)[0] == left
    assert left is not None
    assert left.step == 5
    newer.press("\x03")
    assert newer.ended() == 0
    session, _ = resume(state)
    assert session is not None
    assert session.answers == left.answers
