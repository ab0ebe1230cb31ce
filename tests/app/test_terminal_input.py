"""What terminals send beside keys, and keys that arrive together: each does what was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pyte
import pytest

from tests.pseudo_terminal import ENVIRON, Emulator, Terminal, stepper
from tests.session.random_lessons import LECTURE
from tests.terminal_input import REPLIES
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.painter import Painter

DEAF = (
    b"\x1b[97;1:3u",
    b"\x1b[99999999999A",
    b"\x1b[1114112u",
    b"\x1b[55296;1u",
    b"\x1b[;;u",
    b"\x1b[97;1;99999999u",
)
"""What ended all input once: a key that is let go, and numbers that are none of a character."""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment whose state directory is empty."""
    return {**ENVIRON, "XDG_STATE_HOME": str(tmp_path)}


@pytest.fixture
def terminal(environ: dict[str, str]) -> Iterator[Terminal]:
    """The lecture, opened on a terminal."""
    opened = stepper(environ)
    opened.wait_until(shows(opened, start(LECTURE)))
    yield opened
    opened.close()


def shows(terminal: Terminal, session: Session) -> Callable[[], bool]:
    """Whether a terminal shows a session, cell for cell."""
    drawing = screen(moment(session), 80, 24, Look()).text()
    return lambda: terminal.screen.text == drawing


def at(*commands: str) -> Session:
    """The lecture after some commands."""
    session = start(LECTURE)
    for name in commands:
        session = after(session, Command(name))
    return session


def test_it_goes_on_hearing(terminal: Terminal) -> None:
    """After what is no key, and after every reply of a terminal, of which no part is taken for one."""
    expected = at()
    for sent in (*DEAF, *REPLIES.values()):
        expected = after(expected, Command("next"))
        terminal.press(sent + b"l")
        terminal.wait_until(shows(terminal, expected))
    terminal.press(b"".join(DEAF) + b"\x03")
    assert terminal.ended() == 0


def test_escape_and_a_letter_in_one_packet(terminal: Terminal) -> None:
    """As a slow line brings them: they leave what is open, and then do what the letter does."""
    terminal.press("?")
    terminal.wait_for("Help: every key")
    terminal.press(b"\x1bn")
    terminal.wait_until(shows(terminal, at("next-group")))
    terminal.press("e")
    terminal.wait_for("before update 1:")
    terminal.press(b"\x1bn")
    terminal.wait_until(shows(terminal, at("next-group", "next-group")))
    terminal.press("?")
    terminal.wait_for("Help: every key")
    terminal.press(b"\x1b]")  # the start of a string, if anything followed
    terminal.wait_until(shows(terminal, at("next-group", "next-group", "next-phase")))


def test_escape_leaves_the_experiments_before_a_letter(terminal: Terminal) -> None:
    """The letter is the stepper's then."""
    terminal.press("x")
    terminal.wait_for("rates")
    terminal.wait_until(lambda: "step  0 of 46" not in terminal.screen.text)
    terminal.press(b"\x1bn")
    terminal.wait_until(shows(terminal, at("next-group")))


def test_alt_does_no_harm_where_nothing_is_open(terminal: Terminal) -> None:
    """Not even with q, and not the second time."""
    for _ in range(2):
        terminal.press(b"\x1bq")
        terminal.wait_for("alt+q does nothing here")
    terminal.press("l")
    terminal.wait_until(shows(terminal, at("next")))


def test_keys_that_arrive_together_are_done_one_after_another(terminal: Terminal) -> None:
    """A key that opens something is done before the next one: that is for what it has opened."""
    terminal.press("?same step of the next\rn")
    terminal.wait_until(lambda: "update 2" in terminal.screen.display[0])
    terminal.wait_until(shows(terminal, at("next-update", "next-group")))
    terminal.press("?\x1b[B\x1bg1.3\rl?\x03")
    assert terminal.ended() == 0


@pytest.mark.parametrize(
    ("opening", "there", "leaving", "done"),
    [
        ("d\x1b[B\x1b[B", "back to the step", "\x1b[Bd", ()),
        ("?digits\x1b[B", "Show more or fewer digits.", "\x1b[B\r", ("precision",)),
        ("xm\x1b[C", "Learning rates", "m\x1b[Cx", ()),
    ],
)
def test_a_page_has_keys_before_it_is_there_and_until_it_is_left(
    terminal: Terminal, opening: str, there: str, leaving: str, done: tuple[str, ...]
) -> None:
    """Those that come in one packet with the key that opens it, or with the one that leaves it."""
    terminal.press(opening)
    terminal.wait_for(there)
    terminal.press(f"{leaving}l")
    terminal.wait_until(shows(terminal, at(*done, "next")))


def test_keys_after_ctrl_z_in_one_packet_count_when_the_app_is_back(terminal: Terminal) -> None:
    """At once here, where no shell could have the terminal."""
    terminal.press("l\x1al")
    terminal.wait_until(lambda: terminal.sent.count(b"?1049h") == 2)
    terminal.wait_until(shows(terminal, at("next", "next")))


def test_letters_of_another_script(terminal: Terminal) -> None:
    """The keyboard may have to be switched: that is said, as it cannot be seen."""
    terminal.press("т")
    terminal.wait_for("т does nothing here: switch the keyboard to Latin letters.")
    terminal.press("é")
    terminal.wait_for("é does nothing here: ? lists all keys.")


# Drawing anew

_WRITTEN = b"\x1b[5;1HBroadcast message from root\r\n  the system is going down\r\n\n" * 3
"""What another program writes, on any screen."""
_LEFT = _WRITTEN + b"\x1b(0\x1b[5;10r\x1b[?6h\x1b[4h\x1b[?7h\x1b[?25h\x1b[41mqqq"
"""And what it leaves the terminal in: lines for letters, margins, insertion, wrapping, a cursor, red."""


@pytest.mark.parametrize("options", [[], ["--no-diff"]])
@pytest.mark.parametrize("written", [_WRITTEN, _LEFT])
def test_everything_is_drawn_anew(environ: dict[str, str], options: list[str], written: bytes) -> None:
    """Every cell, over what another program has written, in whatever state it has left the terminal."""
    opened = stepper(environ, *options)
    opened.wait_until(shows(opened, at()))
    opened.press("lll")
    opened.wait_until(shows(opened, at("next", "next", "next")))
    painter, undisturbed = Painter(80, 24, theme_of("256")), Emulator(80, 24)
    painter.cleared()
    pyte.ByteStream(undisturbed).feed(
        painter.paint(screen(moment(at("next", "next", "next")), 80, 24, Look()))
    )
    opened.wait_until(lambda: opened.screen.cells == undisturbed.cells)
    opened.draw(written)
    assert "Broadcast" in opened.screen.text
    opened.press("\x0c")
    opened.wait_until(lambda: opened.screen.cells == undisturbed.cells)
    opened.press("l")
    opened.wait_until(shows(opened, at("next", "next", "next", "next")))
    assert opened.screen.cursor.hidden
    opened.press("q")
    assert opened.ended() == 0


def test_whatever_is_open_is_drawn_anew(terminal: Terminal) -> None:
    """A list, a question, the experiments: it stays open."""

    def is_whole(there: str) -> bool:
        return "Broadcast" not in terminal.screen.text and there in terminal.screen.text

    for opening, there, closing in (
        ("?", "Help: every key", "\x1b"),
        ("e", "before update 1:", "\x1b"),
        ("g", "go to:", "\x1b"),
        ("o", "Open", "\x1b"),
        ("x", "rates", ""),
        ("L", "learning rates:", ""),
    ):
        terminal.press(opening)
        terminal.wait_for(there)
        terminal.draw(_WRITTEN)
        assert not is_whole(there)
        terminal.press("\x0c")
        terminal.wait_until(partial(is_whole, there))
        terminal.press(closing)
        if closing:
            terminal.wait_until(shows(terminal, at()))
