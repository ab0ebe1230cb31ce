"""The app on a driver that TEXTUAL_DRIVER names: in a browser, and on a terminal in Textual's own way."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver

from tests.chromium import PATIENCE, chromium_page, wait_for_server
from tests.cli.command import UTF8, run
from tests.programs import program
from tests.pseudo_terminal import COMMAND, ENVIRON, Emulator, Terminal
from tests.session.random_lessons import LECTURE
from tests.web_app import WebApp, web_app
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.writing import write_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import moment
from tinynet_tui.tui.clipboard import sendable
from tinynet_tui.tui.files import step_text
from tinynet_tui.tui.other_drivers import permissions_of
from tinynet_tui.tui.permissions import BROWSER, ELSEWHERE, OPEN

BECAUSE = "the screen is in a browser."


def drawn(step: int, size: tuple[int, int] = (80, 24), ascii: bool = False, selected: str = "w1") -> str:
    """What a pure drawing of the lecture has at a step of its first update."""
    session = replace(start(LECTURE), step=step, selected=selected)
    return screen(moment(session), *size, Look(ascii)).text()


def wait_for_drawing(app: WebApp | Terminal, *drawing: Any, **options: Any) -> None:
    """Wait until the screen shows just what is `drawn`."""
    text = drawn(*drawing, **options)
    app.wait_until(lambda: app.screen.text == text)


def test_it_draws_every_cell_and_takes_keys_and_sizes(tmp_path: Path) -> None:
    """As on a terminal; a browser's window has any size."""
    with web_app(tmp_path) as app:
        wait_for_drawing(app, 0)
        app.press("\x1b[C")
        wait_for_drawing(app, 1)
        row = next(y for y, line in enumerate(app.screen.display) if "w₂" in line)
        column = app.screen.display[row].index("w₂")
        for released in "Mm":
            app.press(f"\x1b[<0;{column + 1};{row + 1}{released}")
        wait_for_drawing(app, 1, selected="w2")
        app.press("$")
        wait_for_drawing(app, 46, selected="w2")
        for size in ((60, 20), (120, 36)):
            app.resize(*size)
            wait_for_drawing(app, 46, size, selected="w2")
        app.press("q")
        assert app.ended() == (0, "")
        assert app.told == [{"type": "exit"}]


def test_nothing_of_the_computer_is_written_run_or_shown(tmp_path: Path) -> None:
    """Files, measuring, the shell and the position are out of reach, and each key says why."""
    write_lesson(LECTURE, tmp_path / "own.toml")
    with web_app(tmp_path) as app:
        app.wait_for("step 0 of 46")
        for key, said in (
            ("w", "No lesson file is saved here"),
            ("s", "No picture is saved here"),
            ("m", "Nothing is measured here"),
            ("\x1a", "There is no shell to go back to here"),
            ("y", "No file is written here"),
        ):
            app.press(key)
            app.wait_for(f"{said}: {BECAUSE}")
            app.press("l")
            app.wait_until(lambda: BECAUSE not in app.screen.text)
        app.press("o")
        app.wait_for("mazur")
        assert "own.toml" not in app.screen.text
        app.press("\x1b")
        app.wait_for("step 5 of 46")
        app.press("q")
        assert app.ended() == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["own.toml"]


def test_no_position_is_taken_up(tmp_path: Path) -> None:
    """It would be another person's."""
    with web_app(tmp_path, "--resume") as app:
        app.wait_for("No position is kept here (the screen is in a browser): this is the start.")
        app.press("q")
        assert app.ended()[0] == 0


def test_a_copied_step_is_sent_to_the_browser(tmp_path: Path) -> None:
    """Which has a clipboard, if the page may write to it; the server's tmux is none of its business."""
    with web_app(tmp_path, TMUX="/tmp/tmux,1,0") as app:
        app.wait_for("step 0 of 46")
        app.press("y")
        app.wait_for("Sent to the clipboard, if there is one.")
        (copied,) = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", app.sent)
        assert base64.b64decode(copied).decode() == sendable(step_text(moment(start(LECTURE))))
        app.press("M")
        app.wait_for("The mouse stays with the app here")


@pytest.fixture(scope="module")
def dark(tmp_path_factory: pytest.TempPathFactory) -> Emulator:
    """The first screen where a dark background is asked for."""
    with web_app(tmp_path_factory.mktemp("dark"), "--dark") as app:
        wait_for_drawing(app, 0)
        return app.screen


@pytest.mark.parametrize(
    "server",
    [
        {"TERM": "dumb", "COLORTERM": ""},
        {"TERM": "linux", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "ja_JP.UTF-8", "COLORFGBG": "0;15"},
        {"TERM": "screen", "STY": "1.pts"},
    ],
    ids=str,
)
def test_the_terminal_of_the_server_does_not_count(
    server: dict[str, str], dark: Emulator, tmp_path: Path
) -> None:
    """Signs and all colours, on a dark background."""
    with web_app(tmp_path, **server) as app:
        wait_for_drawing(app, 0)
        assert app.screen.buffer == dark.buffer
        assert b"38;2;" in app.sent


@pytest.mark.parametrize(("option", "background"), [("--dark", b"#1b1e24"), ("--light", b"#ffffff")])
def test_the_page_has_the_background_that_the_palette_is_for(
    option: str, background: bytes, tmp_path: Path
) -> None:
    """Else dark letters would stand on the page's own black."""
    with web_app(tmp_path, option) as app:
        app.wait_until(lambda: b"\x1b]11;" + background + b"\x07" in app.sent)


def test_what_the_server_chooses_counts(tmp_path: Path) -> None:
    """NO_COLOR, ASCII, a palette."""
    with web_app(tmp_path, "--ascii", NO_COLOR="1") as app:
        wait_for_drawing(app, 0, ascii=True)
        assert b"38;" not in app.sent


def test_it_ends_when_nobody_is_left_to_press_a_key(tmp_path: Path) -> None:
    """Textual's driver itself would go on for ever."""
    with web_app(tmp_path) as app:
        app.wait_for("step 0 of 46")
        app.hang_up()
        assert app.ended() == (0, "")


def test_nothing_that_arrives_ends_input(tmp_path: Path) -> None:
    """Released keys, huge numbers, replies, pastes without an end: the next key counts."""
    sequences = (
        "\x1b[97;1:3u",
        "\x1b[99999999999A",
        "\x1b[?1;2c",
        "\x1b[<0;1M",
        "\x1b]52;c;!\x07",
        "\x1b[200~x\x1b[201~",
    )
    with web_app(tmp_path) as app:
        app.wait_for("step 0 of 46")
        for step, sequence in enumerate(sequences, start=1):
            app.press(f"{sequence}l")
            wait_for_drawing(app, step)


def test_a_signal_ends_it(tmp_path: Path) -> None:
    """As the server does when it is stopped."""
    with web_app(tmp_path) as app:
        app.wait_for("step 0 of 46")
        app.process.send_signal(signal.SIGTERM)
        assert app.ended() == (0, "")


@pytest.mark.parametrize(
    "name", ["nowhere:Driver", "os:path", ":", "textual.drivers.web_driver", "a\x1b[31m"]
)
def test_a_name_of_no_driver(name: str) -> None:
    """Is told in one line, before anything is opened."""
    done = run(environ={**UTF8, "TEXTUAL_DRIVER": name})
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert said.startswith("tinynet-tui: TEXTUAL_DRIVER: ")
    assert said.endswith("; unset it, or write module:Class, as textual-serve does.\n")
    assert said[:-1].isprintable()


def test_a_name_of_no_driver_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The same is said, and nothing is drawn."""
    with web_app(tmp_path, TEXTUAL_DRIVER="nowhere:Driver") as app:
        assert app.ended() == (2, run(environ={**UTF8, "TEXTUAL_DRIVER": "nowhere:Driver"}).stderr.decode())
    assert app.sent == b""


_BROKEN = {
    "a fault": ("1 / 0", "broken:Own cannot be loaded (ZeroDivisionError: division by zero)"),
    "an end": ("raise SystemExit(7)", "broken:Own cannot be loaded (SystemExit: 7)"),
    "lines": ('raise OSError("one\\ntwo")', "broken:Own cannot be loaded (OSError: one two)"),
    "no such class": (
        "",
        "broken:Own cannot be loaded (AttributeError: module 'broken' has no attribute 'Own')",
    ),
    "abstract": ("from textual.driver import Driver as Own", "broken:Own is a driver that draws nothing"),
    "headless": (
        "from textual.drivers.headless_driver import HeadlessDriver as Own",
        "broken:Own is a driver that draws nothing",
    ),
    "inline": (
        "from textual.drivers.linux_inline_driver import LinuxInlineDriver as Own",
        "broken:Own draws below the shell's prompt, and this screen needs the whole terminal",
    ),
    "no driver": ("from pathlib import Path as Own", "broken:Own is no driver of Textual's"),
}
"""Modules, and what is said of each."""


@pytest.mark.parametrize("kind", _BROKEN)
def test_a_driver_that_cannot_be_used(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever its module does."""
    code, said = _BROKEN[kind]
    (tmp_path / "broken.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "broken", raising=False)
    done = run(environ={**UTF8, "TEXTUAL_DRIVER": "broken:Own"})
    assert (done.returncode, done.stdout, done.stderr.decode()) == (
        2,
        b"",
        f"tinynet-tui: TEXTUAL_DRIVER: {said}; unset it, or write module:Class, as textual-serve does.\n",
    )


class _Unknown(Driver):
    """A driver of somebody else's."""


def test_which_drivers_draw_on_this_terminal() -> None:
    """Textual's own for terminals, and what is built on it; of others nobody can tell, but of the web's."""
    kinds = (LinuxDriver, type("Own", (LinuxDriver,), {}), WebDriver, _Unknown)
    assert [permissions_of(kind) for kind in kinds] == [OPEN, OPEN, BROWSER, ELSEWHERE]


# On a terminal


def test_another_driver_on_a_terminal_shows_the_same(tmp_path: Path) -> None:
    """Cell for cell, in Textual's own way; files are within reach, and the position is kept."""
    environ = {**ENVIRON, "XDG_STATE_HOME": str(tmp_path / "state")}
    shown = []
    for driver in ({}, {"TEXTUAL_DRIVER": "textual.drivers.linux_driver:LinuxDriver"}):
        opened = Terminal(sys.executable, COMMAND, {**environ, **driver}, cwd=str(tmp_path))
        wait_for_drawing(opened, 0)
        opened.press("\x1b[97;1:3u\x1b[C")
        wait_for_drawing(opened, 1)
        shown.append([[opened.screen.buffer[y][x] for x in range(80)] for y in range(24)])
        opened.press("y")
        opened.wait_for("Written as text to")
        opened.press("q")
        assert opened.ended() == 0
    assert shown[0] == shown[1]
    assert sorted(os.listdir(tmp_path)) == ["state", "tinynet-1.1-2.txt", "tinynet-1.1.txt"]


def test_another_driver_of_a_terminal_needs_one_too(tmp_path: Path) -> None:
    """It would otherwise draw into a file for ever."""
    with web_app(tmp_path, TEXTUAL_DRIVER="textual.drivers.linux_driver:LinuxDriver") as app:
        status, said = app.ended()
    assert status == 2
    assert said.startswith("The screen cannot open: standard input and output are not terminals;")


# A real browser

_SERVE = """
import socket
import sys
from aiohttp import web
from textual_serve.server import Server

command, bound, port = sys.argv[1:]
run_app = web.run_app
# The socket is bound already, so that no other program can take its port meanwhile.
web.run_app = lambda app, host, port, **rest: run_app(app, sock=socket.socket(fileno=int(bound)), **rest)
Server(command, host="127.0.0.1", port=int(port)).serve()
"""


def test_in_chromium(tmp_path: Path) -> None:
    """The page of textual-serve shows the diagram, and → takes the first step; no other host is needed."""
    chromium = program("chromium")
    with socket.socket() as bound, (tmp_path / "server.log").open("wb") as log:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        command = f"{shlex.quote(sys.executable)} {' '.join(COMMAND)}"
        server = subprocess.Popen(
            (sys.executable, "-c", _SERVE, command, str(bound.fileno()), str(port)),
            cwd=tmp_path, env=ENVIRON, stdout=log, stderr=log, pass_fds=(bound.fileno(),),
        )  # fmt: skip

    async def look() -> None:
        url = f"http://127.0.0.1:{port}/"
        await wait_for_server(server, url)
        async with chromium_page(chromium, tmp_path / "profile") as page:
            await page.open(url)
            await page.wait_until(lambda: page.screen.text == drawn(0, page.size))
            await page.click(500, 5)  # on the title, where nothing is selected: the page gets the keys then
            await page.press("ArrowRight", 39)
            await page.wait_until(lambda: page.screen.text == drawn(1, page.size))

    try:
        asyncio.run(asyncio.wait_for(look(), PATIENCE))
    finally:
        server.terminate()
        server.wait()
