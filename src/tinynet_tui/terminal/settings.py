"""A user's settings: what the file of them may hold, and which value wins where several are given."""

# Without annotations from the future: these would be texts, which the checks of keys cannot read.

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from msgspec import Meta, Struct

from tinynet_tui.drawing.theme import ROLES, Palette, paint_faults
from tinynet_tui.engine.expression_reading import ALL_DIGITS, DIGITS
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.schema import LIMITS, OwnNames
from tinynet_tui.safety.foreign_text import printable
from tinynet_tui.session.own_key_faults import CHOOSABLE, key_faults
from tinynet_tui.session.session import AUTOPLAY, FIRST_PANEL, PANELS, PAUSES
from tinynet_tui.terminal.abilities import (
    PALETTE_SETTING,
    ascii_wanted,
    mouse_wanted,
    palette_wanted,
    signs_may_be_wide,
)

if TYPE_CHECKING:
    PanelName = str
else:
    PanelName = Literal[*PANELS]

Decimals = Annotated[
    int, Meta(ge=1, le=ALL_DIGITS, description=f"a whole number of digits, from 1 to {ALL_DIGITS}")
]
Pause = Annotated[
    float,
    Meta(
        ge=PAUSES[-1],
        le=PAUSES[0],
        description=f"seconds for a step, from {PAUSES[-1]:g} to {PAUSES[0]:g}",
    ),
]
Folder = Annotated[str, Meta(min_length=1, description="a folder in quotes")]
Colour = Annotated[
    str,
    Meta(
        min_length=1,
        description='a colour in quotes: "#rrggbb" or a name; a role with a dot, too, is in quotes',
    ),
]
Keys = Annotated[
    tuple[Annotated[str, Meta(min_length=1, description="a key in quotes")], ...],
    Meta(min_length=1, description='a list of keys, such as ["right", "x"]'),
]


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What a user has set; None, or nothing, where they have not."""

    palette: Palette | None = None
    ascii: bool | None = None
    decimals: Decimals | None = None
    mouse: bool | None = None
    panel: PanelName | None = None
    autoplay: Pause | None = None
    lessons: Annotated[tuple[Folder, ...], Meta(description="a list of folders with lessons")] = ()
    colours: Annotated[
        tuple[tuple[str, str], ...],
        Meta(description="a table of roles with their colours"),
        OwnNames(Colour, tuple(ROLES)),
    ] = ()
    keys: Annotated[
        tuple[tuple[str, tuple[str, ...]], ...],
        Meta(description="a table of commands with their keys"),
        OwnNames(Keys, CHOOSABLE),
    ] = ()

    @property
    def lesson_folders(self) -> tuple[str, ...]:
        """The folders with lessons, as paths."""
        return tuple(map(os.path.expanduser, self.lessons))

    @property
    def missing_folders(self) -> tuple[str, ...]:
        """What is wrong with the folders that are not there, a line each; all else is in force."""
        folders = enumerate(self.lesson_folders)
        return tuple(
            f"lessons[{number}]: there is no folder {printable(folder)}"
            for number, folder in folders
            if not os.path.isdir(folder)
        )


NO_SETTINGS = Settings()


def read_settings(path: Path | None) -> Settings:
    """The settings in a file; none are set where there is no file.

    Raises: LessonFault where it cannot be used.
    """
    if path is None or not os.path.lexists(path):
        return NO_SETTINGS
    from tinynet_tui.lessons.file_bytes import read_bounded
    from tinynet_tui.lessons.parsing import parse_struct  # for a file: many have none

    source = os.fspath(path)
    try:
        return parse_struct(Settings, read_bounded(source, LIMITS.file_bytes), source, _faults)
    except FileNotFoundError:
        raise LessonFault(source, ["is a link that leads nowhere"]) from None


def _faults(settings: Settings) -> Iterator[str]:
    for number, folder in enumerate(settings.lesson_folders):
        if not os.path.isabs(folder):
            yield f"lessons[{number}]: must be a whole path, or begin with ~/"
    yield from (f"colours.{fault}" for fault in paint_faults(settings.colours))
    yield from (f"keys.{fault}" for fault in key_faults(settings.keys))


Source = Literal["default", "file", "environment", "option"]
"""Where a value comes from. Each wins over those before it."""


class Value(Struct, frozen=True):
    """A value in force, and where it comes from."""

    value: Any
    source: Source


def values(
    settings: Settings, options: Mapping[str, Any], environ: Mapping[str, str], encoding: str | None
) -> dict[str, Value]:
    """The value in force of every setting but the tables and the folders, by name.

    Raises: ValueError where the environment has a value that is not allowed.
    """
    guessed = {name: value for name, value in environ.items() if name != PALETTE_SETTING}
    defaults = {
        "palette": palette_wanted(guessed),
        "ascii": ascii_wanted(environ, encoding) or signs_may_be_wide(environ),
        "decimals": DIGITS,
        "mouse": mouse_wanted(environ),
        "panel": FIRST_PANEL,
        "autoplay": AUTOPLAY,
    }
    environment = {"palette": palette_wanted(environ)} if environ.get(PALETTE_SETTING) else {}
    found = {}
    for name, default in defaults.items():
        given = (default, getattr(settings, name), environment.get(name), options.get(name))
        there = zip(given, get_args(Source), strict=True)
        found[name] = [Value(value, source) for value, source in there if value is not None][-1]
    return found
