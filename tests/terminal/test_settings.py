"""A user's settings: what a file may hold, what is said of a bad one, and which value wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.terminal.settings import NO_SETTINGS, Settings, Value, read_settings, values

FAULTS = {
    "pallette = 1": "pallette: unknown key; did you mean palette?",
    'palette = "blue"': 'palette: must be one of dark, light, not the text "blue"',
    "decimals = 0": "decimals: must be a whole number of digits, from 1 to 17, not 0",
    "autoplay = 5": "autoplay: must be seconds for a step, from 0.1 to 4, not 5",
    'panel = "tables"': "panel: must be one of",
    'lessons = ["lessons"]': "lessons[0]: must be a whole path, or begin with ~/",
    '[colours]\nposetive = "#ff0000"': "colours.posetive: there is no such role",
    '[colours]\npositive = "redish"': "colours.positive: must be #rrggbb or a name",
    '[colours]\nedge.positive = "red"': "colours.edge: must be a colour in quotes",
    'colours = [["note", "red"]]': "colours: must be a table of roles with their colours, not a list of 1",
    '[colours]\nnote = ""': "colours.note: must be a colour in quotes",
    "keys = []": "keys: must be a table of commands with their keys, not an empty list",
    'keys = [["next", ["x"]]]': "keys: must be a table of commands with their keys, not a list of 1",
    "[keys]\nnext = []": "keys.next: must be a list of keys",
    '[keys]\nnxt = ["x"]': "keys.nxt: there is no such command; did you mean next?",
    '[keys]\nnext = "x"': "keys.next: must be a list of keys",
    '[keys]\nnext = ["xy"]': "keys.next: xy is no key",
    '[keys]\nnext = ["\u0301"]': "keys.next: \u0301 is no key",
    '[keys]\nnext = ["x"]\nback = ["x"]': "keys.back: x is given to next, too",
    '[keys]\nnext = ["ctrl+c"]': "keys.next: Ctrl+C does the same everywhere",
    '[keys]\nnext = ["?", "f1"]': "keys.help: is left without a key",
    "[keys": "not TOML",
}
"""What a file may have, and what is said of it."""


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_one_line_with_place_and_remedy(text: str, tmp_path: Path) -> None:
    """As those of a lesson are."""
    file = tmp_path / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LessonFault) as raised:
        read_settings(file)
    (line,) = raised.value.lines
    assert line.startswith(f"{file}: ")
    assert FAULTS[text] in line


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """Those of a key by itself, and those that keys have with each other and with what there is."""
    file = tmp_path / "settings.toml"
    file.write_text(
        'decimals = 99\nlessons = ["here"]\n[colours]\npositive = 1\nedge = "red"\n'
        '[keys]\nback = "x"\nnxt = ["y"]\nnext = ["ctrl+c"]\n'
    )
    with pytest.raises(LessonFault) as raised:
        read_settings(file)
    places = [line.removeprefix(f"{file}: ").partition(": ")[0] for line in raised.value.lines]
    assert places == [
        *("decimals", "colours.positive", "keys.back"),
        *("lessons[0]", "colours.edge", "keys.nxt", "… and 1 more"),
    ]


def test_a_fraction_is_a_number(tmp_path: Path) -> None:
    """As in a lesson."""
    file = tmp_path / "settings.toml"
    file.write_text('autoplay = "1/2"')
    assert read_settings(file) == Settings(autoplay=0.5)


def test_what_a_file_may_hold(tmp_path: Path) -> None:
    """All of it; the keys as their command table writes them."""
    file = tmp_path / "settings.toml"
    file.write_text(
        'palette = "light"\nascii = true\ndecimals = 6\nmouse = false\npanel = "chain"\nautoplay = 0.3\n'
        'lessons = ["~/lessons"]\n[colours]\npositive = "#00aaff"\n"edge.lit" = "black on bright_yellow"\n'
        '[keys]\nnext = ["right", "x"]\nnext-phase = ["b"]\n'
    )
    settings = read_settings(file)
    assert settings == Settings(
        *("light", True, 6, False, "chain", 0.3, ("~/lessons",)),
        (("positive", "#00aaff"), ("edge.lit", "black on bright_yellow")),
        (("next", ("right", "x")), ("next-phase", ("b",))),
    )
    assert settings.lesson_folders == (str(Path.home() / "lessons"),)
    assert read_settings(tmp_path / "none.toml") == NO_SETTINGS == read_settings(None)


def test_default_file_environment_option() -> None:
    """Each wins over those before it."""
    file = Settings(palette="light", decimals=6, ascii=False)
    environ = {"TERM": "xterm", "LANG": "C", "COLORFGBG": "0;15", "TINYNET_TUI_PALETTE": "dark"}
    options = {"decimals": 3, "palette": None, "mouse": None}
    found = values(file, options, environ, "ascii")
    assert found["palette"] == Value("dark", "environment")
    assert found["decimals"] == Value(3, "option")
    assert found["ascii"] == Value(False, "file")
    assert found["mouse"] == Value(True, "default")
    del environ["TINYNET_TUI_PALETTE"]
    assert values(Settings(palette="dark"), {}, environ, "utf-8")["palette"] == Value("dark", "file")
    assert values(NO_SETTINGS, {}, environ, "utf-8")["palette"] == Value("light", "default")
    assert values(NO_SETTINGS, {}, environ, "utf-8")["ascii"] == Value(True, "default")
