"""Opening the screen from the command line, up to the app itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.command import COMMAND, UTF8, environment, run
from tests.session.saving import save
from tinynet_tui.cli import main, stepper
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Answer, Session
from tinynet_tui.tui import app

ON_WINDOWS = (COMMAND[0], "-m", "tests.cli.windows")
"""The command as if on Windows."""
Opened = Callable[..., tuple[Session, Look, Theme]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Opened:
    """A function that takes a command line, and gives what the app is run with."""
    runs: list[tuple[Session, Look, Theme]] = []

    def run_stepper(opened: app.Stepper, _state: Path | None, _mouse: bool) -> tuple[int, Session, str]:
        runs.append((opened.session, opened.look, opened.cell_theme))
        return 0, opened.session, "said afterwards"

    def no_problem(*_: object) -> None:
        return None

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(stepper, "terminal_problem", no_problem)
    monkeypatch.setattr(app, "run_stepper", run_stepper)

    def opened(*words: str) -> tuple[Session, Look, Theme]:
        assert main(words) == 0
        return runs[-1]

    return opened


def test_it_opens_the_lecture(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    """At the start of its first update; what the app leaves to say goes to standard error."""
    assert opened()[0] == start(open_lesson("lecture"))
    assert capsys.readouterr() == ("", "said afterwards\n")


def test_it_opens_with_as_many_digits_as_asked_for(opened: Opened) -> None:
    """At the start, and where the last position is taken up."""
    assert [opened(*words)[0].digits for words in ((), ("--decimals", "6"))] == [4, 6]
    assert opened("--resume", "--decimals", "6")[0].digits == 6


def test_it_opens_another_lesson_at_a_place(opened: Opened) -> None:
    """An update and a step, or an update alone."""
    session, *_ = opened("mazur", "--at", "2.18")
    assert (session.lesson, session.update, session.step) == (open_lesson("mazur"), 2, 18)
    session, *_ = opened("--at", "7")
    assert (session.lesson, session.update, session.step) == (open_lesson("lecture"), 7, 0)


def test_colours_are_for_the_background_that_is_asked_for(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option comes before the setting; of a setting that means nothing one line says so."""
    monkeypatch.delenv("COLORFGBG", raising=False)
    asked_for = ((), ("--light",), ("--dark",))
    assert [opened(*words)[2].palette for words in asked_for] == ["dark", "light", "dark"]
    monkeypatch.setenv("TINYNET_TUI_PALETTE", "light")
    assert [opened(*words)[2].palette for words in ((), ("--dark",))] == ["light", "dark"]
    monkeypatch.setenv("TINYNET_TUI_PALETTE", "beige")
    capsys.readouterr()
    assert main(()) == 2
    said = "tinynet-tui: TINYNET_TUI_PALETTE must be dark or light, not “beige”; or use --dark or --light\n"
    assert capsys.readouterr().err == said


def test_the_tally_is_printed_where_it_is_asked_for(
    opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the app, on standard output; of a session that nothing was predicted in, too."""
    opened("--tally", "--no-ascii")
    assert capsys.readouterr().out == "Nothing has been predicted.\n"
    answers = (Answer(1, 7, "number", "0.25", "right"), Answer(1, 8, "number", "0.5", "wrong"))
    last = replace(start(open_lesson("lecture")), answers=answers)
    save(last, tmp_path / "tinynet-tui" / "session.json")
    opened("--resume", "--tally", "--no-ascii")
    assert capsys.readouterr().out.splitlines() == [
        "Predicted: 1 right, 1 wrong.",
        "slope: 1 wrong",
        "loss: 1 right",
        "To look at again:",
        "1.8  ∂L/∂ŷ, you said 0.5",
    ]
    opened("--resume", "--tally", "--ascii")
    assert capsys.readouterr().out.endswith("1.8  dL/dyhat, you said 0.5\n")


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
    session, *_ = opened("lecture", "--resume")
    assert session.bare == start(open_lesson("lecture"))
    assert "another lesson" in session.notice


def test_without_a_last_position_it_starts(opened: Opened) -> None:
    """And says why."""
    session, *_ = opened("--resume")
    assert session.bare == start(open_lesson("lecture"))
    assert "no last position" in session.notice


def test_a_person_s_first_time_is_no_fault(opened: Opened, tmp_path: Path) -> None:
    """--resume stands in the command line of a class account: of a new name it says whose place is kept."""
    session, *_ = opened("--resume", "--kiosk", "--as", "Ada")
    assert session.notice == "Welcome, Ada: from here on your place is kept under this name."
    assert opened("--resume", "--kiosk")[0].notice == ""
    last = replace(start(open_lesson("mazur")), update=3, step=5)
    save(last, tmp_path / "tinynet-tui" / "session.json")
    assert opened("--resume", "--kiosk")[0] == last


@pytest.mark.parametrize(
    ("ssh", "ends", "said"),
    [
        (False, ("in", "out"), "standard input and output are not terminals; use"),
        (False, ("in",), "standard input is not a terminal; use"),
        (False, ("out",), "standard output is not a terminal; use"),
        (True, ("in", "out"), "standard input and output are not terminals; connect with `ssh -t`, or use"),
        (True, ("in",), "standard input is not a terminal; connect with `ssh -t`, or use"),
        (True, ("out",), "standard output is not a terminal; connect with `ssh -t`, or use"),
    ],
)
def test_without_a_terminal_one_line_says_so(ssh: bool, ends: tuple[str, ...], said: str) -> None:
    """On either end, as over ssh without -t: exit status 2, and nothing is sent."""
    near, far = os.openpty()
    with open(os.devnull, "r+b") as no_terminal:
        done = subprocess.run(
            COMMAND,
            stdin=no_terminal if "in" in ends else far,
            stdout=no_terminal if "out" in ends else far,
            stderr=subprocess.PIPE,
            env=environment(**UTF8, **({"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"} if ssh else {})),
            check=False,
        )
    os.set_blocking(near, False)
    with pytest.raises(BlockingIOError):
        os.read(near, 1)
    os.close(near)
    os.close(far)
    assert done.returncode == 2
    words = f"The screen cannot open: {said} `tinynet-tui trace` to print the steps.\n"
    assert done.stderr.decode() == words


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("mazur", "--at", "2.18"),
        ("--resume",),
        ("tour",),
        ("lead", "class"),
        ("follow", "class"),
        ("serve",),
        ("desk", "class"),
    ],
    ids=str,
)
def test_on_windows_one_sentence_says_what_to_use(words: tuple[str, ...]) -> None:
    """On a terminal or none; no module that Windows does not have is missed."""
    near, far = os.openpty()
    for end in (far, subprocess.DEVNULL):
        done = subprocess.run(
            (*ON_WINDOWS, *words), stdin=end, stdout=end, stderr=subprocess.PIPE, env=environment(**UTF8)
        )
        assert done.returncode == 2
        assert done.stderr.decode() == (
            "The screen cannot open on Windows itself: run tinynet-tui within WSL; verbs that only print "
            "(trace, walk, check and others) work here, too.\n"
        )
    os.close(near)
    os.close(far)


@pytest.mark.parametrize(
    "words",
    [
        ("trace",),
        ("trace", "xor", "--format", "latex"),
        ("walk",),
        ("check",),
        ("train", "--updates", "3"),
        ("experiment", "rates"),
        ("lessons",),
        ("practise", "--progress"),
        ("schema", "lesson"),
        ("settings",),
        ("--version",),
        ("--help",),
    ],
    ids=" ".join,
)
def test_on_windows_the_verbs_print_what_they_print_elsewhere(words: tuple[str, ...]) -> None:
    """To the last character."""
    here = run(*words)
    there = subprocess.run(
        (*ON_WINDOWS, *words), stdin=subprocess.DEVNULL, capture_output=True, env=environment(**UTF8)
    )
    assert (there.returncode, there.stderr.decode(), there.stdout) == (0, here.stderr.decode(), here.stdout)


@pytest.mark.parametrize("closing", ["<&-", ">&-", "<&- >&-"])
def test_an_end_that_is_closed(closing: str) -> None:
    """Is no terminal either."""
    done = subprocess.run(
        ("sh", "-c", f'exec "$@" {closing}', "sh", *COMMAND),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(**UTF8),
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"The screen cannot open: standard input and output are not terminals; ")
    assert done.stderr.count(b"\n") == 1
