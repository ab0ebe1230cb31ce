"""The verb doctor: what this terminal and machine can show and do, to be read or to be sent with a report."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

from tinynet_tui.cli.faults import FAILED, PROGRAM
from tinynet_tui.cli.output import output_encoding, text_writer, write_lines
from tinynet_tui.cli.parser import Parser
from tinynet_tui.cli.stepper import add_screen, values_in_force, version_text
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.safety.foreign_text import shortened
from tinynet_tui.session.people import settings_path, state_path
from tinynet_tui.terminal.abilities import (
    ON_WINDOWS,
    colours_wanted,
    has_clipboard,
    has_terminals,
    is_screen,
    is_tmux,
    locale_of,
    signs_may_be_wide,
    terminal_problem,
)
from tinynet_tui.terminal.settings import NO_SETTINGS, Settings, read_settings

_EXAMPLES = ("tinynet-tui doctor", "tinynet-tui doctor --light --ascii")
_ABOUT = """Say in about ten lines what this terminal and machine can do: size, colours,
signs, mouse, clipboard, frameworks, and where your files are. The lines name no
folder of yours, and can be sent with a report. Exit status 1: the screen cannot
open here."""
_EXTRAS = {"browser": "textual-serve", "mqtt": "paho-mqtt", "numpy": "numpy", "ssh": "asyncssh"}
"""The extras of the package, each with the package that it installs."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("doctor", _ABOUT, _EXAMPLES)
    add_screen(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Print what can be told of this terminal and machine; returns whether the screen cannot open."""
    arguments = parser().read(words)
    environ = os.environ
    # What is printed may go to a file: the terminal is asked through the other stream then.
    screen = sys.stdout if sys.stdout is not None and sys.stdout.isatty() else sys.stderr
    problem = terminal_problem(sys.stdin, screen, environ) if has_terminals() else ON_WINDOWS
    try:
        settings, about_settings = read_settings(settings_path()), ""
    except LessonFault:
        settings, about_settings = NO_SETTINGS, f"cannot be used: `{PROGRAM} settings` says why"
    held = values_in_force(settings, arguments, environ, output_encoding())
    from_where = {name: value.source for name, value in held.items()}
    wide = "; they may be two cells wide here" if signs_may_be_wide(environ) else ""
    signs = "ASCII" if held["ascii"].value else f"Unicode, each one cell wide{wide}"
    mouse = "clicks and the wheel" if held["mouse"].value else "left to the terminal"
    rows = {
        "screen": problem or "can open here",
        "size": _size(screen),
        "colours": f"{colours_wanted(environ)} ({_named(environ, 'TERM', 'COLORTERM', 'NO_COLOR')})",
        "palette": f"{held['palette'].value} ({from_where['palette']})",
        "signs": f"{signs} ({from_where['ascii']})",
        "mouse": f"{mouse} ({from_where['mouse']})",
        "clipboard": _clipboard(environ),
        "locale": f"{shortened(locale_of(environ)) or 'none named'}, output in {output_encoding()}",
        "frameworks": ", ".join(f"{row.name} {_version_of(row.modules[-1])}" for row in FRAMEWORKS),
        "extras": ", ".join(f"{name} {_version_of(package)}" for name, package in _EXTRAS.items()),
        "state": _place(state_path()),
        "settings": _place(settings_path(), about_settings or _set(settings)),
    }
    head = f"{PROGRAM} {version_text()}, Python {platform.python_version()}, {platform.system()}"
    lines = (head, *(f"{name:12}{words}" for name, words in rows.items()))
    write_lines(map(text_writer(arguments.ascii), lines))
    return FAILED if problem else 0


def _size(screen: TextIO | None) -> str:
    try:
        columns, rows = os.get_terminal_size(screen.fileno() if screen else -1)
    except (OSError, ValueError):
        return "not known"
    is_enough = columns >= LEAST_WIDTH and rows >= LEAST_HEIGHT
    enough = "" if is_enough else f", too small: {LEAST_WIDTH} by {LEAST_HEIGHT} is needed"
    return f"{columns} by {rows}{enough}"


def _named(environ: Mapping[str, str], *names: str) -> str:
    """Variables of the environment, those that are there."""
    return " ".join(f"{name}={shortened(environ[name])}" for name in names if name in environ) or "no TERM"


def _clipboard(environ: Mapping[str, str]) -> str:
    if is_tmux(environ):
        return "through tmux"
    if is_screen(environ):
        return "through screen"
    return "sent by OSC 52, if the terminal takes it" if has_clipboard(environ) else "none"


def _version_of(package: str) -> str:
    """The version of a package, without loading it; – where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"


def _place(path: Path | None, words: str = "") -> str:
    """Where a file is, with the home directory as ~, and some words about it."""
    if path is None:
        return "no home directory to keep it in"
    place, home = str(path), os.path.expanduser("~")
    shown = f"~{place.removeprefix(home)}" if place.startswith(home + os.sep) else path.name
    return f"{shown} ({words if path.exists() and words else 'there' if path.exists() else 'none yet'})"


def _set(settings: Settings) -> str:
    """How much is set."""
    names = [name for name in settings.__struct_fields__ if getattr(settings, name) not in (None, ())]
    return f"sets {', '.join(names)}" if names else "sets nothing"
