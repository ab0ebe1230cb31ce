"""What a person does at a terminal, as plain values: keys, clicks, the wheel, pastes; and what it answers.

Escape and a character that arrive together may be two keys or one with Alt: no terminal tells which. Both
are named as the one, "alt+n"; `two_keys` gives the two.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_CONTROLS = {
    "\0": "ctrl+@", "\b": "backspace", "\t": "tab", "\r": "enter", "\x1b": "escape",
    "\x1c": "ctrl+backslash", "\x1d": "ctrl+right_square_bracket", "\x1e": "ctrl+circumflex_accent",
    "\x1f": "ctrl+underscore", "\x7f": "backspace",
}  # fmt: skip
"""Control characters, other than those of Ctrl and a letter."""
_REPLACED = {
    "solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
    "plus_sign": "plus", "low_line": "underscore",
}  # fmt: skip
"""Signs whose names are not those of Unicode."""


class Key(NamedTuple):
    """A key was pressed."""

    name: str
    """As Textual names it: "right", "ctrl+c", "question_mark"; with Alt and a character "alt+?"."""
    character: str | None = None
    """What it types, if it types something."""


class Click(NamedTuple):
    """A button of the mouse was pressed or let go."""

    pressed: bool
    button: int
    """1: left, 2: middle, 3: right."""
    x: int
    y: int
    """Cells, from 0."""
    shift: bool = False
    alt: bool = False
    ctrl: bool = False


class Wheel(NamedTuple):
    """The wheel was turned by a notch."""

    rows: int
    """−1: up, +1: down."""
    x: int
    y: int
    shift: bool = False
    alt: bool = False
    ctrl: bool = False


class Paste(NamedTuple):
    """Text was pasted, and its beginning and end were told."""

    text: str


class TerminalAnswered(NamedTuple):
    """The terminal has answered how it is: it has taken all that it was sent before the question."""


Event = Key | Click | Wheel | Paste
Heard = Event | TerminalAnswered


def by_hand(heard: Iterable[Heard]) -> list[Event]:
    """What of it a person has done."""
    return [event for event in heard if not isinstance(event, TerminalAnswered)]


def two_keys(key: Key) -> tuple[Key, Key] | None:
    """Escape and the second key, for one that may have been both: Alt with a character, or with Enter."""
    second = key.name.removeprefix("alt+")
    character = {"enter": "\r", "space": " "}.get(second, second)
    return (typed("\x1b"), typed(character)) if second != key.name and len(character) == 1 else None


def typed(character: str) -> Key:
    """The key that types a character, or that a control character stands for."""
    if character in _CONTROLS:
        name = _CONTROLS[character]
    elif character < " ":
        name = f"ctrl+{chr(ord(character) + 96)}"
    elif character.isalnum():
        name = character
    else:
        name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return Key(_REPLACED.get(name, name), character)
