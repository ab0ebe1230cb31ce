"""What the environment says about the terminal."""

from __future__ import annotations

import io
import sys

import pytest

from tinynet_tui.terminal.abilities import (
    ascii_wanted,
    colours_wanted,
    has_terminals,
    mouse_wanted,
    palette_wanted,
    signs_may_be_wide,
    terminal_problem,
)

EAST_ASIAN = ("ja_JP.UTF-8", "ja", "zh_CN.utf8", "zh_TW.UTF-8", "ko_KR.UTF-8", "yue_HK.UTF-8")


@pytest.mark.parametrize(
    ("environ", "encoding", "wanted"),
    [
        ({"LANG": "de_DE.UTF-8", "TERM": "xterm-256color"}, "utf-8", False),
        ({"LANG": "de_DE.utf8@euro", "TERM": "xterm"}, "UTF-8", False),
        ({"TERM": "xterm"}, "utf-8", False),
        ({"TERM": "xterm"}, "ascii", True),
        ({"TERM": "xterm"}, None, True),
        ({"TERM": "xterm"}, "latin-1", True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8", "TERM": "xterm"}, "utf-8", True),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "C.UTF-8", "TERM": "xterm"}, "utf-8", False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8", "TERM": "xterm"}, "utf-8", True),
        ({"LC_ALL": "POSIX", "TERM": "xterm"}, "utf-8", True),
        ({"LC_ALL": "de_DE.ISO-8859-1", "TERM": "xterm"}, "utf-8", True),
        ({"LC_CTYPE": "UTF-8", "TERM": "xterm"}, "utf-8", False),
        ({"TMUX": "/tmp/t"}, "utf-8", True),
        ({"STY": "1.pts"}, "utf-8", True),
        ({"STY": "1.pts", "LANG": "en_US.UTF-8"}, "utf-8", False),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, "utf-8", True),
        ({"LANG": "en_US.UTF-8", "TERM": "vt100"}, "utf-8", True),
        ({"LANG": "en_US.UTF-8", "TERM": "vt220"}, "utf-8", True),
        ({"LANG": "en_US.UTF-8", "TERM": "tmux-256color"}, "utf-8", False),
    ],
)
def test_ascii_is_chosen_where_signs_cannot_be_shown(
    environ: dict[str, str], encoding: str | None, wanted: bool
) -> None:
    """By encoding, by locale, by kind of terminal."""
    assert ascii_wanted(environ, encoding) is wanted


@pytest.mark.parametrize(
    ("environ", "wide"),
    [
        *(({"LANG": language}, True) for language in EAST_ASIAN),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "en_GB.UTF-8"}, False),
        ({"LANG": "en_GB.UTF-8", "LC_CTYPE": "ko_KR.UTF-8"}, True),
        ({"LANG": "ja_JP.UTF-8", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "ja_JP.UTF-8@cjknarrow"}, False),
        ({"LANG": "en_US.UTF-8@cjkwide"}, True),
        ({"LANG": "zu_ZA.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({}, False),
    ],
)
def test_signs_may_be_wide_by_the_language(environ: dict[str, str], wide: bool) -> None:
    """Of the locale that counts; some locales' names say it themselves."""
    assert signs_may_be_wide(environ) is wide


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "truecolor"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "screen-256color", "COLORTERM": "truecolor", "TMUX": "/tmp/t"}, "truecolor"),
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "16"),
        ({"TERM": "vt100"}, "none"),
        ({"TERM": "dumb"}, "none"),
        ({}, "none"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_colours_are_as_many_as_the_terminal_has(environ: dict[str, str], wanted: str) -> None:
    """NO_COLOR comes first, and counts unless it is empty."""
    assert colours_wanted(environ) == wanted


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, "dark"),
        ({"COLORFGBG": "15;0"}, "dark"),
        ({"COLORFGBG": "0;15"}, "light"),
        ({"COLORFGBG": "0;default;15"}, "light"),
        ({"COLORFGBG": "0;7"}, "light"),
        ({"COLORFGBG": "15;8"}, "dark"),
        ({"COLORFGBG": "0;default"}, "dark"),
        ({"COLORFGBG": "0;115"}, "dark"),
        ({"COLORFGBG": "0;15", "TINYNET_TUI_PALETTE": "dark"}, "dark"),
        ({"COLORFGBG": "15;0", "TINYNET_TUI_PALETTE": "light"}, "light"),
        ({"COLORFGBG": "0;15", "TINYNET_TUI_PALETTE": ""}, "light"),
    ],
)
def test_the_palette_is_for_the_background(environ: dict[str, str], wanted: str) -> None:
    """The setting comes first, then what the terminal tells of itself."""
    assert palette_wanted(environ) == wanted


def test_a_palette_that_there_is_not_is_told() -> None:
    """Better than the wrong colours without a word."""
    with pytest.raises(ValueError, match="TINYNET_TUI_PALETTE must be dark or light, not “solarized”"):
        palette_wanted({"TINYNET_TUI_PALETTE": "solarized"})


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "screen-256color", "TMUX": "/tmp/t"}, True),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/t", "STY": "1.pts"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "screen.xterm-256color"}, False),
        ({"TERM": "xterm-256color", "STY": "1.pts"}, False),
    ],
)
def test_the_mouse_is_left_alone_in_screen(environ: dict[str, str], wanted: bool) -> None:
    """Which would keep Escape back; in tmux it is not."""
    assert mouse_wanted(environ) is wanted


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "stdout", "environ", "words"),
    [
        (io.StringIO(), io.StringIO(), {"TERM": "xterm"}, ["input and output", "tinynet-tui trace"]),
        (_Terminal(), io.StringIO(), {"TERM": "xterm"}, ["output is not a terminal"]),
        (io.StringIO(), _Terminal(), {"TERM": "xterm"}, ["input is not a terminal"]),
        (None, _Terminal(), {"TERM": "xterm"}, ["input is not a terminal"]),
        (io.StringIO(), io.StringIO(), {"TERM": "dumb", "SSH_CONNECTION": "1.2.3.4"}, ["ssh -t"]),
        (_Terminal(), _Terminal(), {"TERM": "dumb"}, ["TERM is dumb"]),
        (_Terminal(), _Terminal(), {}, ["TERM is not set"]),
    ],
)
def test_where_the_screen_cannot_open_one_sentence_says_why(
    stdin: io.StringIO | None, stdout: io.StringIO, environ: dict[str, str], words: list[str]
) -> None:
    """It names the end that is no terminal, and what to use instead."""
    problem = terminal_problem(stdin, stdout, environ)
    assert problem is not None
    assert "\n" not in problem
    assert [word for word in [*words, "trace"] if word not in problem] == []


@pytest.mark.parametrize("remote", [False, True])
@pytest.mark.parametrize(
    ("stdin", "term", "here", "over_ssh"),
    [
        (io.StringIO(), "xterm", "; open it on a terminal.", "; connect with `ssh -t`."),
        (_Terminal(), "dumb", "; open it on another terminal.", "; connect from another terminal."),
    ],
    ids=["no terminal", "dumb"],
)
def test_a_kiosk_names_no_verb(stdin: io.StringIO, term: str, here: str, over_ssh: str, remote: bool) -> None:
    """Nobody can run one there."""
    environ = {"TERM": term, **({"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"} if remote else {})}
    problem = terminal_problem(stdin, _Terminal(), environ, has_verbs=False)
    assert problem is not None
    assert problem.endswith(over_ssh if remote else here)
    assert "trace" not in problem


def test_a_terminal_on_both_ends_is_no_problem() -> None:
    """Whatever standard error is."""
    assert terminal_problem(_Terminal(), _Terminal(), {"TERM": "xterm", "SSH_CONNECTION": "1.2.3.4"}) is None


def test_a_system_without_terminals_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, or by what Python has not there."""
    assert has_terminals()
    for module in ("termios", "fcntl"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)
            assert not has_terminals()
    monkeypatch.setattr(sys, "platform", "win32")
    assert not has_terminals()
