"""Terminals that draw characters of ambiguous width (−, ∂, ·, Greek, boxes) in two cells."""

from __future__ import annotations

import unicodedata
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pyte
import pytest
from wcwidth import wcwidth

from tests.pseudo_terminal import ENVIRON, Terminal, stepper
from tinynet_tui.cli.stepper import are_letters_shown, values_in_force
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.settings import Settings

LESSON = shipped_lesson("mazur")
AT = replace(start(LESSON), update=1, step=21)
LOCALES = ("ja_JP.UTF-8", "zh_CN.UTF-8", "ko_KR.UTF-8")


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a terminal."""

    def cells(character: str) -> int:
        return 2 if unicodedata.east_asian_width(character) == "A" else wcwidth(character)

    monkeypatch.setattr(pyte.screens, "wcwidth", cells)


def opened(tmp_path: Path, locale: str, *options: str) -> Terminal:
    """A lesson in which the minus signs and the crossing edges are many."""
    environ = {**ENVIRON, "LC_ALL": locale, "XDG_STATE_HOME": str(tmp_path)}
    return stepper(environ, "mazur", "--at", "1.21", *options)


def wait_for_drawing(terminal: Terminal, session: Session, ascii: bool) -> None:
    """Wait until the terminal shows what a pure drawing of the session has, in every cell."""
    drawn = screen(moment(session), 80, 24, Look(ascii)).text()
    terminal.wait_until(lambda: terminal.screen.text == drawn)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("locale", LOCALES)
def test_every_cell_is_right_in_the_locales_that_have_them(locale: str, tmp_path: Path) -> None:
    """In ASCII, chosen by itself; one line says so, and what draws the signs."""
    terminal = opened(tmp_path, locale)
    terminal.wait_for("The screen is in ASCII: signs may be too wide here; --no-ascii draws them.")
    here = AT
    for _ in range(30):
        terminal.press("l")
        here = after(here, Command("next"))
        wait_for_drawing(terminal, here, ascii=True)
    terminal.press("q")
    assert terminal.ended() == 0
    assert terminal.sent.isascii()


@pytest.mark.parametrize(
    ("locale", "chosen", "are_shown"),
    [("ja_JP.UTF-8", None, True), ("C.UTF-8", None, True), ("ja_JP.UTF-8", True, False), ("C", None, False)],
)
def test_names_have_their_letters_where_signs_alone_are_too_wide(
    locale: str, chosen: bool | None, are_shown: bool
) -> None:
    """Not where ASCII was asked for, nor where the terminal has nothing else."""
    environ, arguments = {"LC_ALL": locale}, Namespace(ascii=chosen, palette="dark", decimals=None)
    held = values_in_force(Settings(), arguments, environ, "utf-8")
    assert are_letters_shown(held, environ, "utf-8") is are_shown


@pytest.mark.parametrize("locale", LOCALES)
def test_the_signs_can_be_had_all_the_same(locale: str, tmp_path: Path) -> None:
    """Many a terminal there draws them in one cell; nothing is said where it was chosen."""
    terminal = opened(tmp_path, locale, "--no-ascii")
    wait_for_drawing(terminal, AT, ascii=False)
    terminal.press("q")
    assert terminal.ended() == 0


@pytest.mark.usefixtures("wide")
def test_such_a_terminal_in_another_locale_is_right_with_ascii(tmp_path: Path) -> None:
    """Nothing tells that it is one."""
    terminal = opened(tmp_path, "C.UTF-8", "--ascii")
    wait_for_drawing(terminal, AT, ascii=True)
    terminal.press("q")
    assert terminal.ended() == 0
