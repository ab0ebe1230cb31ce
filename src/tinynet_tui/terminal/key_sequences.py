"""Which key sends which control sequence, on the terminals that people have.

Sources: ECMA-48; xterm's ctlseqs; the keyboard protocol of kitty; the keys of rxvt and of the Linux console.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from tinynet_tui.terminal.input_events import Click, Event, Heard, Key, TerminalAnswered, Wheel, typed

_ARROWS = {"A": "up", "B": "down", "C": "right", "D": "left"}
_BY_FINAL = {**_ARROWS, "F": "end", "H": "home", "P": "f1", "Q": "f2", "R": "f3", "S": "f4", "Z": "shift+tab"}
"""CSI and SS3: what the last character says."""
_BY_NUMBER = {
    1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end",
    **dict(zip((11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34),
               (f"f{number}" for number in range(1, 21)), strict=True)),
}  # fmt: skip
"""CSI … ~: what the first number says."""
BY_LINUX = dict(zip("ABCDE", ("f1", "f2", "f3", "f4", "f5"), strict=True))
"""CSI [ and a letter: the Linux console's first function keys."""
_BY_RXVT = {"^": 5, "@": 6, "$": 2}
"""In the place of ~: rxvt's way to tell modifiers."""
_KEYPAD = {
    "M": "\r", "I": "\t", "X": "=", " ": " ", **{chr(ord(sign) + 64): sign for sign in "*+,-./0123456789"}
}  # fmt: skip
"""SS3: the numeric keypad in its application mode."""
_BY_CODE = {
    9: "\t", 13: "\r", 27: "\x1b", 127: "\x7f",
    **{57399 + digit: str(digit) for digit in range(10)},
    **dict(zip(range(57409, 57417), "./*-+\r=,", strict=True)),
}  # fmt: skip
"""CSI … u: keys that older terminals have a character for."""
_NAMED_BY_CODE = {
    **{57376 + number: f"f{13 + number}" for number in range(23)},
    **dict(zip(range(57417, 57427), ("left", "right", "up", "down", "pageup", "pagedown", "home", "end",
                                     "insert", "delete"), strict=True)),
}  # fmt: skip
"""CSI … u: keys that have none; the numeric keypad's among them."""
_SHIFT, _ALT, _CTRL, _CAPS_LOCK = 1, 2, 4, 64
_MODIFIERS = {"alt": _ALT, "ctrl": _CTRL, "hyper": 16, "meta": 32, "shift": _SHIFT, "super": 8}
"""In the order in which a key's name has them."""
_PRESSED, _REPEATED = 1, 2
_READY, _BROKEN = 0, 3
"""CSI … n: how a terminal may say that it is."""

_MOUSE = "<([0-9]{1,3});([0-9]{1,5});([0-9]{1,5})"


def escaped(character: str) -> list[Event]:
    """What Escape and a character stand for when they arrive together."""
    if character == "\t":
        return [Key("shift+tab")]  # the Linux console
    key = typed(character)
    return [Key(f"alt+{key.name if character in _NOT_SIGNS else character}")]


_NOT_SIGNS = " \b\r\x7f"
"""Characters whose keys go by their names with Alt, too."""


def rxvt_key(number: int, final: str) -> list[Event]:
    """What a number and rxvt's sign of the modifiers stand for."""
    return _pressed(_BY_NUMBER.get(number), [_BY_RXVT[final]])


def keypad(final: str, modifiers: str) -> list[Event]:
    """What SS3 and a character stand for: an arrow, a function key, the numeric keypad."""
    if final in _KEYPAD:
        return [typed(_KEYPAD[final])]
    if final in "abcd":
        return [Key(f"ctrl+{_ARROWS[final.upper()]}")]  # rxvt
    return _pressed(_BY_FINAL.get(final), [int(modifiers or 1)])


def sequence(fields: list[list[int]], final: str, bare: bool) -> Sequence[Heard]:
    """What a control sequence of numbers stands for; bare: whether it has none."""
    first, *others = fields[0][0], *fields[1:]
    modifiers = others[0] if others else [1]
    if final == "u":
        return _coded(fields)
    if final == "~" and first == 27 and len(fields) == 3:
        return _coded([fields[2], modifiers])
    if len(fields) > 2:
        return []
    if final == "n":
        return [TerminalAnswered()] if not bare and fields in ([[_READY]], [[_BROKEN]]) else []
    if final == "~":
        return _pressed(_BY_NUMBER.get(first), modifiers)
    if final in _BY_RXVT:
        return rxvt_key(first, final)
    if bare and final in "abcd":
        return [Key(f"shift+{_ARROWS[final.upper()]}")]  # rxvt
    if final == "R" and not bare:
        return []  # where the cursor is: an answer
    if others and first > 1:
        return []
    return _pressed(_BY_FINAL.get(final), modifiers if others else fields[0])


def _pressed(name: str | None, modifiers: list[int]) -> list[Event]:
    """A key by its name, unless it has been let go or there is no such key."""
    held = _held_with(modifiers)
    if name is None or held is None:
        return []
    if name == "shift+tab":
        name, held = "tab", held | _SHIFT
    return [Key(_prefix(held) + name)]


def _held_with(modifiers: list[int]) -> int | None:
    """The bits of the keys that are held with a key; None if it has been let go, or nobody knows."""
    bits, kind = max(modifiers[0], 1) - 1, modifiers[1] if len(modifiers) == 2 else _PRESSED
    return bits if bits < 256 and kind in (_PRESSED, _REPEATED) and len(modifiers) <= 2 else None


def _prefix(held: int) -> str:
    """The names of the keys that are held, as they stand before the name of another."""
    return "".join(f"{name}+" for name, bit in _MODIFIERS.items() if held & bit)


def _coded(fields: list[list[int]]) -> list[Event]:
    """The key that has a code point: [code, the one with Shift, …], [modifiers, kind], what it types."""
    if len(fields) > 3:
        return []
    codes, modifiers, text = [*fields, *([1], [0])[len(fields) - 1 :]]
    held = _held_with(modifiers)
    if held is None:
        return []
    if any(text):
        return [key for code in text for key in keys_typing(_character(code))]
    if codes[0] in _NAMED_BY_CODE:
        return _pressed(_NAMED_BY_CODE[codes[0]], modifiers)
    character = _BY_CODE.get(codes[0]) or _character(codes[0])
    if not character:
        return []
    others = held & sum(_MODIFIERS.values()) & ~_SHIFT
    if others in (0, _ALT) and len(codes) > 1 and held & _SHIFT and _character(codes[1]):
        character = _character(codes[1])
    elif others in (0, _ALT) and character.isalpha() and bool(held & _SHIFT) != bool(held & _CAPS_LOCK):
        character = character.upper()[:1]
    elif held & _SHIFT and (others or character == "\t" or character.isdigit()):
        return [Key(_prefix(held) + typed(character).name)]
    if others == _CTRL and ("@" <= character.upper() <= "_" or character == " "):
        return [typed(chr(ord(character) & 31))]  # as terminals without codes have it
    if others == _ALT:
        return escaped(character) if character not in "\t\x1b" else [Key(f"alt+{typed(character).name}")]
    return [Key(_prefix(others) + typed(character).name)] if others else [typed(character)]


def _character(code: int) -> str:
    """The character of a code point, if it is one that can be typed."""
    return chr(code) if 32 <= code <= 0x10FFFF and chr(code).isprintable() else ""


def keys_typing(character: str) -> list[Event]:
    """The key that types a character; none for one that nobody could name."""
    return [typed(character)] if character and (character < " " or unicodedata.name(character, "")) else []


def mouse(parameters: str, pressed: bool) -> list[Event]:
    """A click or a notch of the wheel, in the decimal form; no motion, and no other buttons."""
    numbers = re.fullmatch(_MOUSE, parameters)
    if numbers is None:
        return []
    buttons, x, y = int(numbers[1]), int(numbers[2]) - 1, int(numbers[3]) - 1
    held = bool(buttons & 4), bool(buttons & 8), bool(buttons & 16)
    if x < 0 or y < 0:
        return []
    match buttons & ~28:
        case 0 | 1 | 2 as button:
            return [Click(pressed, button + 1, x, y, *held)]
        case 64 | 65 as direction if pressed:
            return [Wheel(-1 if direction == 64 else 1, x, y, *held)]
    return []
