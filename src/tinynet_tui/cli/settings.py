"""The verb settings: where they are read from, and the value of each with where it comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from json import dumps

from tinynet_tui.cli.output import output_encoding, text_writer, write_lines
from tinynet_tui.cli.parser import Parser
from tinynet_tui.cli.stepper import add_screen, values_in_force
from tinynet_tui.drawing.theme import ROLES
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.own_key_faults import CHOOSABLE
from tinynet_tui.session.people import settings_path
from tinynet_tui.terminal.settings import Settings, Source, read_settings

_EXAMPLES = (
    "tinynet-tui settings",
    "tinynet-tui settings --light",
    "echo 'palette = \"light\"' >> ~/.config/tinynet-tui/settings.toml",
)
_ABOUT = """Print where your settings are read from, and each value with where it comes
from: default, file, environment or option. Each wins over those before it. What
is wrong with the file is listed line by line, with exit status 2. The lines are
those of a settings file: copy what you want to change."""


def parser() -> Parser:
    """The parser of its arguments."""
    parser = Parser("settings", _ABOUT, _EXAMPLES)
    add_screen(parser)
    return parser


def run(words: Sequence[str]) -> int:
    """Print the settings as a command line has them.

    Raises: LessonFault with one line for each thing that is wrong with the file.
    """
    arguments = parser().read(words)
    path = settings_path()
    settings = read_settings(path)
    if settings.missing_folders:
        raise LessonFault(str(path), settings.missing_folders)
    place = "There is no home directory to keep settings in." if path is None else str(path)
    missing = "" if path is None or path.exists() else " (there is none yet)"
    held = values_in_force(settings, arguments, os.environ, output_encoding())
    lines = [f"# {place}{missing}", *(_line(name, found.value, found.source) for name, found in held.items())]
    lines.append(_line("lessons", settings.lessons, "file" if settings.lessons else "default"))
    write_lines(map(text_writer(None), [*lines, *_colours(settings), *_keys(settings)]))
    return 0


def _colours(settings: Settings) -> Iterator[str]:
    yield from ("", "[colours]")
    own = dict(settings.colours)
    for role, row in ROLES.items():
        yield f"# {role}: {row.about}"
        if role in own:
            yield _line(dumps(role) if "." in role else role, own[role], "file")


def _keys(settings: Settings) -> Iterator[str]:
    yield from ("", "[keys]")
    own, chosen = dict(settings.keys), Keys(settings.keys)
    for name in CHOOSABLE:
        keys = chosen.row(name).keys
        if keys:
            yield _line(name, keys, "file" if name in own else "default")
        else:
            yield f"# {name}: its key is another command's"


def _line(name: str, value: object, source: Source) -> str:
    written = dumps(value, ensure_ascii=False)
    return f"{name} = {written}".ljust(44) + f"  # {source}"
