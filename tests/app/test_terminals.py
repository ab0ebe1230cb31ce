"""The command on the terminals that people have: what each shows, what it may be sent, how it is left."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.pseudo_terminal import COMMAND, ENVIRON, Terminal
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session

AT = replace(start(LECTURE), update=2, step=17)
THEN = after(AT, Command("next"))

_WAITING = 'stty -echo; echo "what was here before"; read -r go; exec "$@"'
"""A shell script: a terminal with something on it and a mode of its own, then the command."""
_STYLE = re.compile(rb"\x1b\[([0-9;:]*)m")
_ATTRIBUTES = {"", "0", "1", "2", "4", "7", "22", "24", "27", "39", "49"}
"""What all may be sent. A VT100 itself knows only 0, 1, 4 and 7 of it, and no move to a column; the emulators
that call themselves vt100 know the rest, too."""
_SIXTEEN = {str(base + colour) for base in (30, 40, 90, 100) for colour in range(8)}


class Case(NamedTuple):
    """A terminal, and what it can show."""

    term: str
    says: str
    """What else is in the environment, as a shell would write it."""
    size: tuple[int, int]
    colours: str
    ascii: bool


CASES = (
    Case("xterm-256color", "LANG=C.UTF-8", (80, 24), "256", False),
    Case("xterm-256color", "LANG=C.UTF-8 COLORTERM=truecolor", (80, 24), "truecolor", False),
    Case("xterm-256color", "LANG=C.UTF-8 COLORTERM=24bit NO_COLOR=1", (60, 20), "none", False),
    Case("xterm-256color", "LANG=C", (80, 24), "256", True),
    Case("xterm-256color", "LC_ALL=C COLORTERM=truecolor", (200, 60), "truecolor", True),
    Case("xterm-256color", "", (200, 60), "256", False),
    Case("xterm-256color", "LANG=C.UTF-8 COLORTERM=truecolor", (40, 10), "truecolor", False),
    Case("tmux-256color", "LANG=C.UTF-8 TMUX=/tmp/x,1,0 COLORTERM=truecolor", (200, 60), "truecolor", False),
    Case("tmux-256color", "LANG=C NO_COLOR=1", (80, 24), "none", True),
    Case("screen-256color", "LANG=C.UTF-8 COLORTERM=truecolor", (60, 20), "256", False),
    Case("screen-256color", "LANG=C.UTF-8 COLORTERM=truecolor TMUX=/tmp/x", (80, 24), "truecolor", False),
    Case("screen-256color", "LANG=C", (59, 19), "256", True),
    Case("xterm", "LANG=C.UTF-8", (80, 24), "16", False),
    Case("xterm", "LANG=C.UTF-8 NO_COLOR=1", (200, 60), "none", False),
    Case("linux", "LANG=C.UTF-8 COLORTERM=truecolor", (60, 20), "16", True),
    Case("linux", "LANG=C NO_COLOR=1", (200, 60), "none", True),
    Case("linux", "LANG=C.UTF-8", (40, 10), "16", True),
    Case("vt100", "LANG=C.UTF-8 COLORTERM=truecolor", (60, 20), "none", True),
    Case("xterm-kitty", "LANG=C.UTF-8", (80, 24), "truecolor", False),
)


def drawn(session: Session, size: tuple[int, int], ascii: bool) -> str:
    """The screen as a pure drawing of the session has it."""
    return screen(moment(session), *size, Look(ascii)).text()


def colours_in(sent: bytes) -> set[str]:
    """The numbers of colours that a terminal has to have for what it was sent."""
    found = set()
    for parameters in _STYLE.findall(sent):
        codes = iter(parameters.decode().split(";"))
        for code in codes:
            if code in ("38", "48"):
                found.add({"5": "256", "2": "truecolor"}[next(codes)])
                break
            found.add("16" if code in _SIXTEEN else "none" if code in _ATTRIBUTES else f"SGR {code}")
    return found - {"none"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.term} {case.says} {case.size}")
def test_a_terminal(case: Case, tmp_path: Path) -> None:
    """It shows the drawing, cell for cell, is sent no colour that it may not have, and is left as it was.

    A screen that is too small says so, and goes on when it is given room.
    """
    unsaid = ("LC_ALL", "LANG", "LC_CTYPE")
    environ = {name: value for name, value in ENVIRON.items() if name not in unsaid}
    environ |= {"TERM": case.term, "XDG_STATE_HOME": str(tmp_path)}
    environ |= dict(word.split("=", 1) for word in case.says.split())
    script = ["-c", _WAITING, "sh", sys.executable, *COMMAND, "--at", "2.17"]
    terminal = Terminal("/bin/sh", script, environ, case.size)
    terminal.wait_until(
        lambda: "what was here before" in terminal.screen.text and terminal.screen.cursor.y == 1
    )
    line_modes, state, before = terminal.line_modes, terminal.screen.state, len(terminal.sent)

    terminal.press("\n")
    terminal.wait_until(lambda: terminal.screen.text == drawn(AT, case.size, case.ascii))
    size = case.size
    if "too small" in terminal.screen.text:
        size = (80, 24)
        terminal.resize(*size)
    terminal.press("\x1b[C")
    terminal.wait_until(lambda: terminal.screen.text == drawn(THEN, size, case.ascii))
    assert terminal.line_modes != line_modes
    terminal.press("q")
    assert terminal.ended() == 0

    assert terminal.line_modes == line_modes
    assert terminal.screen.state == state
    sent = terminal.sent[before:]
    allowed = {case.colours, "256"} if case.colours == "truecolor" else {case.colours}
    assert case.colours in colours_in(sent) | {"none"}
    assert colours_in(sent) <= allowed
    assert sent.isascii() or not case.ascii
    within_screen = case.term.startswith("screen") and "TMUX" not in case.says
    assert (b"\x1b[?1000h" in sent) is not within_screen
