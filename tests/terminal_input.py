"""What terminals send, by the grammars of their protocols: for tests, and for as many random bytes as wanted.

Sources: ECMA-48; xterm's ctlseqs (replies, modifyOtherKeys, mouse); the keyboard protocol of kitty.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

ESCAPE, ST, BELL = b"\x1b", b"\x1b\\", b"\a"

REPLIES = {
    "primary device attributes": b"\x1b[?1;2c",
    "primary device attributes of a VT420": b"\x1b[?64;1;2;6;9;15;18;21;22c",
    "secondary device attributes": b"\x1b[>41;377;0c",
    "tertiary device attributes": b"\x1bP!|7E565445\x1b\\",
    "place of the cursor": b"\x1b[12;40R",
    "place of the cursor in the first row": b"\x1b[1;5R",
    "place of the cursor, with a page": b"\x1b[?12;40;1R",
    "state of a private mode": b"\x1b[?2026;2$y",
    "state of a mode": b"\x1b[4;1$y",
    "size in cells": b"\x1b[8;24;80t",
    "size in pixels": b"\x1b[4;480;640t",
    "size, by mode 2048": b"\x1b[48;24;80;480;640t",
    "title": "\x1b]lÜber \u039b qqq\x1b\\".encode(),
    "background, ended by ST": b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "background, ended by BEL": b"\x1b]11;rgb:1e1e/1e1e/1e1e\a",
    "colour of the palette": b"\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    "clipboard": b"\x1b]52;c;cXFxcXE=\a",
    "version": b"\x1bP>|XTerm(390)\x1b\\",
    "setting": b"\x1bP1$r0;1m\x1b\\",
    "terminfo": b"\x1bP1+r544e=787465726d\x1b\\",
    "graphics": b"\x1b_Gi=31;OK\x1b\\",
    "graphics attributes": b"\x1b[?2;0;800;600S",
    "flags of kitty's keyboard": b"\x1b[?5u",
    "setting of modifyOtherKeys": b"\x1b[>4;2m",
    "palette": b"\x1b[?997;1n",
    "focus in": b"\x1b[I",
    "focus out": b"\x1b[O",
    "a key is let go (kitty)": b"\x1b[97;1:3u",
    "an arrow is let go (kitty)": b"\x1b[1;1:3C",
    "Shift alone (kitty)": b"\x1b[57441;2u",
    "volume (kitty)": b"\x1b[57438u",
    "end of a paste that has not begun": b"\x1b[201~",
    "click of the oldest kind": b"\x1b[M !!",
    "click of the oldest kind, far right": b"\x1b[M \xc3\xa0",
    "click as rxvt tells it": b"\x1b[32;10;10M",
    "motion": b"\x1b[<35;10;10M",
    "wheel to the side": b"\x1b[<66;10;10M",
    "privacy message": b"\x1b^qqq\x1b\\",
    "start of string": b"\x1bXqqq\x1b\\",
    "attributes with controls of eight bits": b"\x9b?62;1c",
    "a string with controls of eight bits": b"\x9011;qqq\x9c",
}
"""What nobody has pressed."""

ANSWERS = (b"\x1b[0n", b"\x1b[3n", b"\x9b0n")
"""To the one question that is asked: all is well, or not."""

KEYS = {
    b"\x1b[A": "up", b"\x1bOA": "up", b"\x1b[B": "down", b"\x1b[C": "right", b"\x1bOC": "right",
    b"\x1b[1;5C": "ctrl+right", b"\x1b[1;3C": "alt+right", b"\x1b[1;2:1C": "shift+right",
    b"\x1b[1;1:2C": "right", b"\x1bO5C": "ctrl+right", b"\x1bOc": "ctrl+right", b"\x1b[c": "shift+right",
    b"\x1b[H": "home", b"\x1b[1~": "home", b"\x1b[7~": "home", b"\x1bOF": "end", b"\x1b[8~": "end",
    b"\x1b[5~": "pageup", b"\x1b[6~": "pagedown", b"\x1b[6;5~": "ctrl+pagedown", b"\x1b[3~": "delete",
    b"\x1b[3$": "shift+delete", b"\x1b[3^": "ctrl+delete", b"\x1b[3@": "ctrl+shift+delete",
    b"\x1bOP": "f1", b"\x1b[11~": "f1", b"\x1b[[A": "f1", b"\x1b[13~": "f3", b"\x1b[24~": "f12",
    b"\x1b[Z": "shift+tab", b"\x1b\t": "shift+tab", b"\x1b[9;2u": "shift+tab", b"\x1b[27;2;9~": "shift+tab",
    b"\x1bOM": "enter", b"\x1bOk": "plus", b"\x1bOq": "1", b"\x1b[57414u": "enter", b"\x1b[57400u": "1",
    b"\x1b[27u": "escape", b"\x1b[13u": "enter", b"\x1b[127u": "backspace", b"\x1b[32u": "space",
    b"\x1b[113u": "q", b"\x1b[113;;113u": "q", b"\x1b[97;2u": "A", b"\x1b[97:65;2u": "A",
    b"\x1b[97;65u": "A", b"\x1b[65;2u": "A", b"\x1b[49:33;2u": "exclamation_mark",
    b"\x1b[49;2;33u": "exclamation_mark", b"\x1b[99;5u": "ctrl+c", b"\x1b[99;5:1u": "ctrl+c",
    b"\x1b[27;5;99~": "ctrl+c", b"\x1b[27;2;65~": "A", b"\x1b[27;5;112~": "ctrl+p", b"\x1b[105;5u": "tab",
    b"\x1b[91;5u": "escape", b"\x1b[110;3u": "alt+n", b"\x1b[13;2u": "enter", b"\x1b[99;9u": "super+c",
    b"\x1b[57376u": "f13", b"\x1b[57419u": "up", b"\x1b[0;;1090u": "\u0442",
    b" ": "space", b"\r": "enter", b"\t": "tab", b"\x7f": "backspace", b"\b": "backspace", b"\x03": "ctrl+c",
    b"\x0c": "ctrl+l", b"\x1a": "ctrl+z", b"\x10": "ctrl+p", b"\0": "ctrl+@", b"$": "dollar_sign",
    "\u0442".encode(): "\u0442", "\u8868".encode(): "\u8868", b"\x1bn": "alt+n", b"\x1b?": "alt+?",
    b"\x1b\x7f": "alt+backspace", b"\x1b\r": "alt+enter", "\x1b\u0442".encode(): "alt+\u0442",
    b"\x9bA": "up", b"\x8fA": "up", b"\xc2\x9bA": "up",
}  # fmt: skip
"""Keys as one terminal or another sends them, and their names."""


def _numbers(chance: Random) -> bytes:
    """Parameters: right, missing, huge, with sub-parameters."""
    values = (
        "",
        "0",
        "1",
        "2",
        "3",
        "27",
        "57",
        "97",
        "99",
        "200",
        "201",
        "1114112",
        "55296",
        "9" * 11,
        "9" * 400,
    )
    fields = (
        ":".join(chance.choices(values, k=chance.choice((1, 1, 1, 2, 3))))
        for _ in range(chance.randint(1, 4))
    )
    return ";".join(fields).encode()


def _sequence(chance: Random) -> bytes:
    """A control sequence of any kind."""
    start = chance.choice((b"\x1b[", b"\x1b[", b"\x1b[?", b"\x1b[<", b"\x1b[>", b"\x1bO", b"\x9b", b"\x8f"))
    end = chance.choice((b"", b"", b"$", b" ")) + bytes([chance.randint(0x40, 0x7E)])
    return start + _numbers(chance) + end


def _string(chance: Random) -> bytes:
    """A string of any kind, and perhaps its end."""
    start = chance.choice((b"\x1bP", b"\x1b]", b"\x1bX", b"\x1b^", b"\x1b_", b"\x90", b"\x9d", b"\xc2\x9d"))
    return start + _text(chance) + chance.choice((ST, BELL, b"\x9c", b"\x18", b"", ESCAPE))


def _text(chance: Random) -> bytes:
    """Text, perhaps cut within a character."""
    text = "".join(chance.choices("qa0;:?Ü\u2202\u8868\U0001f600\u009c", k=chance.randint(0, 40))).encode()
    return text[: chance.randint(0, len(text))] if chance.random() < 0.5 else text


def _paste(chance: Random) -> bytes:
    """A paste, perhaps without its end, with what is not text in it."""
    inside = b"".join(chance.choice((_text, _sequence))(chance) for _ in range(chance.randint(0, 3)))
    return b"\x1b[200~" + inside + chance.choice((b"\x1b[201~", b"\x1b[201~", b"\x1b[201", b""))


def _mouse(chance: Random) -> bytes:
    """A click of one of the four kinds, perhaps an impossible one."""
    button, x, y = (chance.choice((0, 1, 2, 35, 64, 65, 255, 10**9)) for _ in range(3))
    old = bytes([*b"\x1b[M", *(min(32 + number, 255) for number in (button % 96, x, y))])
    decimal = f"{button};{x};{y}".encode()
    return chance.choice(
        (old, b"\x1b[<" + decimal + b"M", b"\x1b[<" + decimal + b"m", b"\x1b[" + decimal + b"M")
    )


_KINDS: tuple[Callable[[Random], bytes], ...] = (
    _sequence,
    _string,
    _text,
    _paste,
    _mouse,
    lambda chance: chance.choice(tuple(REPLIES.values())),
    lambda chance: chance.choice(ANSWERS),
    lambda chance: chance.choice(tuple(KEYS)),
    lambda chance: chance.randbytes(chance.randint(1, 6)),
)


def random_input(chance: Random) -> bytes:
    """Something of every protocol, whole, broken off or broken."""
    pieces = []
    for _ in range(chance.randint(1, 6)):
        piece = chance.choice(_KINDS)(chance)
        fate = chance.random()
        if fate < 0.2:
            piece = piece[: chance.randint(0, len(piece))]
        elif fate < 0.3 and piece:
            place = chance.randrange(len(piece))
            piece = piece[:place] + chance.randbytes(1) + piece[place + 1 :]
        pieces.append(piece)
    return b"".join(pieces)


def in_pieces(data: bytes, chance: Random) -> list[bytes]:
    """The same bytes in the pieces of a line that breaks them anywhere."""
    cuts = sorted(chance.choices(range(len(data) + 1), k=chance.randint(0, 8)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
