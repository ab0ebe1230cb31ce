"""The way of a copied step to the clipboard: from a terminal, from within tmux and from within GNU screen."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec.structs import replace

from tests.programs import program
from tests.pseudo_terminal import COMMAND, ENVIRON, Terminal
from tests.session.random_lessons import LECTURE
from tinynet_tui.lessons.schema import Note
from tinynet_tui.lessons.writing import write_lesson
from tinynet_tui.safety.foreign_text import harmless
from tinynet_tui.tui import clipboard
from tinynet_tui.tui.clipboard import MOST_SENT, copy_of, sendable, sequence_of

NAME = "tinynet"
_OSC_52 = re.compile(rb"\x1b\]52;[a-z]*;([A-Za-z0-9+/=]+)(?:\x07|\x1b\\)")
_IN_SCREEN = re.compile(rb"\x1bP(.*?)\x1b\\", re.DOTALL)


def decoded(sequences: bytes) -> list[str]:
    """What the clipboard was given, from all that was sent."""
    return [base64.b64decode(text).decode() for text in _OSC_52.findall(sequences)]


def wait_for_words(terminal: Terminal, words: str) -> None:
    """Wait until the screen says something, on one line or on two."""
    terminal.wait_until(lambda: words in " ".join(terminal.screen.text.split()))


def wait_for_copies(terminal: Terminal, texts: list[str]) -> None:
    """Wait until just these texts have been put on the terminal's clipboard."""
    terminal.wait_until(lambda: decoded(terminal.sent) == texts)


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment with a state, and with sockets of tmux and screen, of its own.

    A server that is still on its way out would take the next test's session with it.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as own:  # a short path: a socket has no long one
        yield {
            **ENVIRON, "XDG_STATE_HOME": str(tmp_path / "state"), "SCREENDIR": own, "TMUX_TMPDIR": own,
        }  # fmt: skip


def within(multiplexer: str, environ: dict[str, str], cwd: Path, before: str = "") -> Iterator[Terminal]:
    """The app within tmux or screen, on its first step, without any settings but those made before."""
    program(multiplexer)
    opening, closing = {
        "tmux": (["-L", NAME, "-f", "/dev/null", "new-session"], ["-L", NAME, "kill-server"]),
        "screen": (["-S", NAME, "-c", "/dev/null", "sh", "-c"], ["-S", NAME, "-X", "quit"]),
    }[multiplexer]
    script = f"{before} {sys.executable} -m tinynet_tui; read -r end"
    outside = Terminal(multiplexer, [*opening, script], environ, cwd=str(cwd))
    try:
        outside.wait_for("step  0 of 46")
        outside.press("l")
        outside.wait_for("step  1 of 46")
        yield outside
    finally:
        subprocess.run([multiplexer, *closing], env=environ, check=False, stdout=subprocess.DEVNULL)


@pytest.fixture
def in_tmux(environ: dict[str, str], tmp_path: Path) -> Iterator[Terminal]:
    """Within tmux as it is without a file of settings."""
    yield from within("tmux", environ, tmp_path)


@pytest.fixture
def in_screen(environ: dict[str, str], tmp_path: Path) -> Iterator[Terminal]:
    """Within screen as it is without a file of settings."""
    yield from within("screen", environ, tmp_path)


def buffer(environ: dict[str, str]) -> str:
    """What tmux would paste."""
    shown = subprocess.run(["tmux", "-L", NAME, "show-buffer"], env=environ, capture_output=True, check=True)
    return shown.stdout.decode()


def the_file(directory: Path) -> str:
    """What was written beside it."""
    return (directory / "tinynet-1.1.txt").read_text()


def test_from_a_terminal(environ: dict[str, str], tmp_path: Path) -> None:
    """All of it, in one sequence that every terminal with a clipboard knows."""
    terminal = Terminal(sys.executable, COMMAND, environ, cwd=str(tmp_path))
    terminal.wait_for("step  0 of 46")
    terminal.press("ly")
    wait_for_words(terminal, "Sent to the clipboard, if there is one.")
    assert decoded(terminal.sent) == [the_file(tmp_path)]
    terminal.press("q")
    assert terminal.ended() == 0


def test_of_a_long_note_the_file_has_all(environ: dict[str, str], tmp_path: Path) -> None:
    """The clipboard has as much as a terminal takes, and it is said how much that is."""
    note = Note("given", "∂L/∂w₁ is told at length here. " * 4000)
    lesson = replace(LECTURE, notes=(note,))
    write_lesson(lesson, tmp_path / "long.toml")
    terminal = Terminal(sys.executable, [*COMMAND, "long.toml"], environ, cwd=str(tmp_path))
    terminal.wait_for("step  0 of 46")
    terminal.press("y")
    wait_for_words(terminal, "Only the first")
    written = (tmp_path / "tinynet-1.0.txt").read_text()
    (copied,) = decoded(terminal.sent)
    assert note.text.strip() in written
    assert written.startswith(copied)
    assert 48_000 < len(copied.encode()) <= 48 * 1024
    wait_for_words(terminal, f"Only the first {len(copied):,} characters.")
    terminal.press("q")
    assert terminal.ended() == 0


def test_a_console_has_no_clipboard(environ: dict[str, str], tmp_path: Path) -> None:
    """It is sent nothing that it may print as text, and that is said."""
    opened = Terminal(
        sys.executable,
        COMMAND,
        {**environ, "TERM": "linux"},
        cwd=str(tmp_path),
    )
    opened.wait_for("step  0 of 46")
    opened.press("ly")
    wait_for_words(opened, "This terminal has no clipboard.")
    assert b"\x1b]52" not in opened.sent
    assert the_file(tmp_path)
    opened.press("q")
    assert opened.ended() == 0


def test_from_tmux_with_its_default_settings(
    in_tmux: Terminal, environ: dict[str, str], tmp_path: Path
) -> None:
    """Its own buffer has the step, and so has the clipboard of the terminal around it: both are said."""
    in_tmux.press("y")
    wait_for_words(in_tmux, "Copied to tmux's buffer (prefix ] pastes) and sent to the clipboard.")
    assert buffer(environ) == the_file(tmp_path)
    wait_for_copies(in_tmux, [the_file(tmp_path)])


def test_from_tmux_on_a_terminal_that_it_does_not_trust_with_a_clipboard(
    environ: dict[str, str], tmp_path: Path
) -> None:
    """The buffer has it; what to set for the clipboard is said, and works."""
    environ["TERM"] = "vt220"
    for in_tmux in within("tmux", environ, tmp_path, before="TERM=tmux-256color"):
        in_tmux.press("y")
        wait_for_words(in_tmux, "Copied to tmux's buffer (prefix ] pastes);")
        wait_for_words(in_tmux, "',*:clipboard'")
        assert buffer(environ) == the_file(tmp_path)
        assert decoded(in_tmux.sent) == []
        tmux = ["tmux", "-L", NAME]
        subprocess.run([*tmux, "set", "-as", "terminal-features", ",*:clipboard"], env=environ, check=True)
        again = Terminal("tmux", ["-L", NAME, "attach-session", "-d"], environ)
        again.wait_for("step  1 of 46")
        again.press("y")
        wait_for_words(again, "and sent to the clipboard.")
        wait_for_copies(again, [the_file(tmp_path)])


def test_from_screen(in_screen: Terminal, tmp_path: Path) -> None:
    """It hands on what is wrapped for it, in pieces that it takes."""
    in_screen.press("y")
    wait_for_words(in_screen, "Sent through screen to the clipboard, if there is one.")
    wait_for_copies(in_screen, [the_file(tmp_path)])


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ({"TERM": "tmux-256color"}, "Sent to the clipboard, which needs: tmux set -s set-clipboard on."),
        ({"TERM": "screen", "STY": "1.pts"}, "Sent through screen to the clipboard, if there is one."),
        (
            {"TERM": "screen-256color"},
            "Sent through screen to the clipboard; if this is tmux, it needs TERM=tmux-256color and "
            "set-clipboard on.",
        ),
    ],
)
def test_over_ssh_the_terminal_is_known_by_its_name_alone(inside: dict[str, str], words: str) -> None:
    """tmux goes by the name of screen, too, in some settings: what was done is said of both."""
    copy = copy_of("w₁ = 1\n", inside)
    assert copy.words == words
    sequence = copy.sequence.encode()
    assert decoded(b"".join(_IN_SCREEN.findall(sequence)) or sequence) == ["w₁ = 1\n"]


# A tmux that is old, hangs or is none


@pytest.fixture
def fake_tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, str]]:
    """A function that puts a shell script in tmux's place; returns the environment within it."""

    def fake(script: str) -> dict[str, str]:
        program = tmp_path / "tmux"
        program.write_text(f"#!/bin/sh\ncd {tmp_path}\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return {"TMUX": "/tmp/tmux,1,0", "TERM": "screen"}

    return fake


def test_a_tmux_before_3_2(fake_tmux: Callable[[str], dict[str, str]], tmp_path: Path) -> None:
    """Its buffer is filled; the clipboard has it where a setting lets it through, and that is said."""
    copy = copy_of(
        "w₁ = 1\n", fake_tmux('[ "$2" = -w ] && { echo "usage: load-buffer" >&2; exit 1; }; cat > buffer')
    )
    assert (tmp_path / "buffer").read_text() == "w₁ = 1\n"
    assert decoded(copy.sequence.encode()) == ["w₁ = 1\n"]
    assert copy.words == (
        "Copied to tmux's buffer (prefix ] pastes); sent to the clipboard, which needs: tmux set -s "
        "set-clipboard on."
    )


@pytest.mark.parametrize("script", ["exit 1", "exec sleep 1000"])
def test_a_tmux_that_does_not_take_it(
    fake_tmux: Callable[[str], dict[str, str]], monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """It is not waited for long, and not said to have it."""
    monkeypatch.setattr(clipboard, "_PATIENCE", 0.2)
    copy = copy_of("w₁ = 1\n", fake_tmux(script))
    assert decoded(copy.sequence.encode()) == ["w₁ = 1\n"]
    assert copy.words == "Sent to the clipboard, which needs: tmux set -s set-clipboard on."


def test_a_kiosk_runs_no_tmux(fake_tmux: Callable[[str], dict[str, str]], tmp_path: Path) -> None:
    """It runs no program at all; what a terminal is sent goes out all the same."""
    copy = copy_of("w₁ = 1\n", fake_tmux("touch asked"), asks_tmux=False)
    assert not (tmp_path / "asked").exists()
    assert decoded(copy.sequence.encode()) == ["w₁ = 1\n"]
    assert copy.words == "Sent to the clipboard, which needs: tmux set -s set-clipboard on."


def test_no_key_waits_for_tmux(environ: dict[str, str], tmp_path: Path) -> None:
    """While it hangs, steps go on."""
    program = tmp_path / "bin" / "tmux"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\nexec sleep 1000\n")
    program.chmod(0o755)
    inside = {"TMUX": "/tmp/tmux,1,0", "PATH": f"{program.parent}:{environ['PATH']}"}
    terminal = Terminal(sys.executable, COMMAND, {**environ, **inside}, cwd=str(tmp_path))
    terminal.wait_for("step  0 of 46")
    terminal.press("y")
    wait_for_words(terminal, "Written as text to tinynet-1.0.txt.")
    terminal.press("l")
    terminal.wait_for("step  1 of 46")
    wait_for_words(terminal, "Sent to the clipboard, which needs: tmux set -s set-clipboard on.")
    terminal.press("q")
    assert terminal.ended() == 0


# What is sent


LONG = "∂L/∂w₁ = 0.5\n" * 40_000


@pytest.mark.parametrize("inside", [{"TERM": "xterm"}, {"TERM": "screen", "STY": "1.pts"}])
def test_no_more_than_a_terminal_takes(inside: dict[str, str]) -> None:
    """Whole characters from the start, and how many is said."""
    copy = copy_of(LONG, inside)
    sequence = b"".join(_IN_SCREEN.findall(copy.sequence.encode())) or copy.sequence.encode()
    (text,) = decoded(sequence)
    assert LONG.startswith(text)
    assert MOST_SENT - 8 <= len(sequence) <= MOST_SENT <= 64 * 1024
    assert f"the first {len(text):,} characters" in copy.words


def test_what_screen_hands_on_is_short_enough() -> None:
    """Its oldest versions lose a string of more than 256 bytes."""
    copy = copy_of(LONG, {"TERM": "screen"})
    pieces = _IN_SCREEN.findall(copy.sequence.encode())
    assert max(map(len, pieces)) <= 256
    assert b"".join(pieces).decode() == sequence_of(sendable(LONG))


@pytest.mark.parametrize("inside", [{"TERM": "xterm"}, {"TERM": "screen"}])
def test_nothing_in_it_ends_a_paste_or_steers(inside: dict[str, str]) -> None:
    """Escapes, C1 controls and marks of direction are taken out on this way, too."""
    text = "x\x1b[201~;id\n\x9b31m\u202eabc\u2066\x7f\0"
    sequence = copy_of(text, inside).sequence.encode()
    assert decoded(b"".join(_IN_SCREEN.findall(sequence)) or sequence) == [harmless(text)]
    assert harmless(text) == "x[201~;id\n31mabc"
