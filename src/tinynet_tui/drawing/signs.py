"""Text that fits a grid of cells: made safe, wrapped, shortened, and written in ASCII."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from tinynet_tui.safety.foreign_text import harmless_line

UNSHOWABLE = "□"
"""Stands for a character that would fill two cells, or that has no known shape."""
SECOND_HALF = "\u200b"
"""Stands for the second cell of a letter that fills two (see `wide`), and is not sent to a terminal."""

_ASCII = {
    # numbers and arithmetic
    "−": "-", "·": "*", "⋅": "*", "×": "*", "÷": "/", "±": "+-", "½": "1/2", "¼": "1/4", "¾": "3/4",
    "≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "≪": "<<", "≫": ">>", "∝": "~", "∞": "inf",
    "‖": "||", "∈": "in", "⊙": "*", "°": "deg", "′": "'", "″": '"',
    # letters of the mathematics
    "∂": "d", "ŷ": "yhat", "∇": "grad", "√": "sqrt", "Σ": "sum", "∑": "sum", "Δ": "delta",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta",
    "λ": "lambda", "μ": "mu", "µ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "φ": "phi", "ℓ": "l",
    # arrows and marks
    "→": "->", "←": "<-", "↔": "<->", "↑": "^", "↓": "v", "↕": "^v", "⇒": "=>", "⇐": "<=", "↦": "->",
    "⟶": "->", "⟵": "<-", "↵": "Enter", "⏎": "Enter", "↺": "o", "▶": ">", "▸": ">", "►": ">",
    "◀": "<", "◂": "<", "◄": "<", "▲": "^", "▴": "^", "▼": "v", "▾": "v", "●": "*", "•": "*",
    "○": "o", "◦": "o", "◆": "*", "◇": "o", "■": "#", "✓": "ok", "✔": "ok", "✗": "x", "✘": "x",
    "★": "*", "☆": "*",
    # punctuation
    "…": "...", "—": "--", "–": "-", "‐": "-", "‑": "-", "‘": "'", "’": "'", "‚": "'", "“": '"',
    "”": '"', "„": '"', "«": '"', "»": '"', "‹": "'", "›": "'", "§": "section ", "©": "(c)",
    "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "\u00a0": " ",
    # lines, corners and blocks
    "─": "-", "━": "=", "═": "=", "╌": "-", "┄": "-", "│": "|", "┃": "|", "║": "|", "▏": "|", "▕": "|",
    "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+",
    "┤": "+", "┬": "+", "┴": "+", "┼": "+", "┏": "+", "┓": "+", "┗": "+", "┛": "+", "╱": "/",
    "╲": "\\", "╳": "X", "█": "#", "▓": "#", "▒": ":", "░": ".", "▁": "_", "▂": "_", "▃": "=",
    "▄": "=", "▅": "=", "▆": "#", "▇": "#", "▀": "'", "▌": "#", "▐": "#",
    # raised and lowered letters; a raised number gets its ^ from to_ascii
    "₊": "+", "₋": "-", "₍": "(", "₎": ")", "⁺": "+", "⁻": "-", "⁽": "(", "⁾": ")", "ᵀ": "T",
    "ᵢ": "i", "ⱼ": "j", "ₖ": "k", "ₙ": "n", "ₘ": "m", "ₜ": "t", "ₓ": "x", "ₐ": "a", "ₕ": "h", "ₗ": "l",
    "ⁿ": "n", "ⁱ": "i", "ᵏ": "k", "ˡ": "l", "ᵗ": "t",
    **{sign: str(digit) for digit, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    **{sign: str(digit) for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}  # fmt: skip
"""What each sign that the app writes is called where only ASCII can be shown."""
_KNOWN = frozenset((*_ASCII, *map(chr, range(ord(" "), ord("~") + 1))))
"""Signs of one cell, all that the app itself writes."""

_SAID_ALREADY = r"\b(falls|grows|lower \S+|raise \S+) [↑↓]"
"""An arrow after words that say the same: v and ^ in the middle of a sentence would be read as letters."""
_RAISED = "[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀⁿⁱᵏˡᵗ]+"
_RAISED_IN_BRACKETS = "⁽([^⁾]*)⁾"


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """The text with exactly one cell per character and nothing that a terminal would obey.

    Line breaks and tabs become spaces; escapes, other controls, marks of direction and joiners go;
    characters of two cells, of none, or without a known shape become □.

    Example:
        >>> clean("a\\x1b[31mb\\tc")
        'a[31mb c'
        >>> clean("e\\u0301 表")
        'é □'
    """
    if _KNOWN.issuperset(text):
        return text
    if SECOND_HALF in text:
        parts = _PAIR.split(text)
        return "".join(part if _is_pair(part) else clean(narrow(part)) for part in parts)
    composed = unicodedata.normalize("NFC", harmless_line(text))
    return "".join(_one_cell(character) for character in composed)


_PAIR = re.compile(f"(?s:(.{SECOND_HALF}))")


def _is_pair(part: str) -> bool:
    return part[1:] == SECOND_HALF and _is_wide(part[0])


def wide(text: str) -> str:
    """The text in which each letter of two cells has a sign for both of them, so that `clean` leaves it.

    Example:
        >>> clean("表 1"), clean(wide("表 1")), len(wide("表 1"))
        ('□ 1', '表\u200b 1', 4)
    """
    if text.isascii():
        return text
    return "".join(f"{sign}{SECOND_HALF}" if _is_wide(sign) else sign for sign in text)


def narrow(text: str) -> str:
    """The text as a terminal is sent it: a letter of two cells moves its cursor by both."""
    return text.replace(SECOND_HALF, "")


def _is_wide(sign: str) -> bool:
    return sign.isalpha() and unicodedata.east_asian_width(sign) in "WF"


def cut(text: str, width: int) -> str:
    """The first `width` cells of a text; no half of a letter is left."""
    return text[: width - (text[width : width + 1] == SECOND_HALF)] if width > 0 else ""


def typable(text: str) -> str:
    """The text as it was typed, without what has no cell of its own, or that a terminal would obey.

    Example:
        >>> typable("cafe\\u0301 表\\u200b")
        'café 表'
    """
    return "".join(filter(clean, unicodedata.normalize("NFC", harmless_line(text))))


def _one_cell(character: str) -> str:
    """The character itself, □ in its place, or nothing where it has no width of its own."""
    if character in _KNOWN:
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Zs":
        return " "
    if category in ("Cn", "Co", "Mc"):
        return UNSHOWABLE
    # Not with the other imports: what the app itself writes does not need it, and it takes some 15 ms.
    from wcwidth import wcwidth

    return character if wcwidth(character) == 1 else UNSHOWABLE


def wrap(text: str, width: int) -> tuple[str, ...]:
    """The text, made safe, in lines of at most `width` cells; line breaks in it are kept.

    A formula is broken before =, ≈ or +, not in a product; where parts stand three blanks apart,
    a line is broken between them alone.

    Example:
        >>> wrap("one two three", 8)
        ('one two', 'three')
        >>> wrap("z = 0.5 · 2 + 1.5 · 4 = 7", 16)
        ('z = 0.5 · 2', '+ 1.5 · 4 = 7')
    """
    if width < 1:
        return ()
    lines: list[str] = []
    for line in map(clean, text.splitlines()):
        if len(line) <= width:
            lines.append(line.rstrip(" "))
            continue
        wrapped = textwrap.wrap(_kept_together(line, width), width, break_on_hyphens=False)
        lines += (short.replace(_NO_BREAK, " ") for short in wrapped or [""])
    return tuple(lines)


_NO_BREAK = "\ue000"
"""Stands for a blank that a line is not broken at."""
_APART = "   "
"""Between parts of a line that are not broken in themselves."""
_WITHIN = r" ([·*/−×]) "
_LEADING = r" ([=≈~←+?]|<-) "


def _kept_together(text: str, width: int) -> str:
    """A text with such blanks in its formulas, as far as their parts fit on a line."""
    if _APART in text:
        return _APART.join(part.replace(" ", _NO_BREAK) for part in text.split(_APART))
    bound = re.sub(_LEADING, rf" \1{_NO_BREAK}", re.sub(_WITHIN, rf"{_NO_BREAK}\1{_NO_BREAK}", text))
    return bound if all(len(part) <= width for part in bound.split(" ")) else text


def shorten(text: str, width: int, ascii: bool = False) -> str:
    """The text, made safe, cut to `width` cells, with an ellipsis where something is missing.

    It is cut between words, unless that would leave too little of it.

    Example:
        >>> shorten("learning rate", 12)
        'learning…'
        >>> shorten("learning rate", 9, ascii=True)
        'learni...'
    """
    text = to_ascii(text, letters=True) if ascii else clean(text)  # a canvas tells whether it has letters
    if len(text) <= width:
        return text
    ellipsis = "..." if ascii else "…"
    room = width - len(ellipsis)
    if room < 0:
        return ellipsis[: max(width, 0)]
    words = text[: text.rfind(" ", 0, room + 1) + 1].rstrip(_JOINING)
    kept = words if len(words) * _LEAST_KEPT >= room else cut(text, room).rstrip()
    return kept + ellipsis


_JOINING = " ,:;·|"
"""What stands between words and goes with what comes after it."""
_LEAST_KEPT = 3
"""A cut between words leaves at least the third of what there is room for."""


@lru_cache(maxsize=4096)
def to_ascii(text: str, letters: bool = False) -> str:
    """The text, made safe, with every sign outside ASCII written as its ASCII name, or as "?".

    letters: whether those of two cells stay that are marked as such (see `Look.named`). Else none does: a
    stranger's text may have that mark, and a byte of such a letter may steer a terminal that knows no UTF-8.

    Example:
        >>> to_ascii("∂L/∂w₁ = −2 · ŷ²")
        'dL/dw1 = -2 * yhat^2'
        >>> to_ascii("w₁ falls ↓ by 0.1")
        'w1 falls by 0.1'
    """
    text = clean(text if letters else narrow(text))
    if text.isascii():
        return text
    text = re.sub(_SAID_ALREADY, r"\1", text)
    text = re.sub(_RAISED_IN_BRACKETS, lambda found: f"({_named(found[1])})", text)
    return _named(re.sub(_RAISED, lambda found: f"^{found[0]}", text))


def _named(text: str) -> str:
    """The text with each sign replaced; a name is kept apart from a letter after it: ηg is "eta g"."""
    written: list[str] = []
    for character, following in zip(text, (text + " ")[1:], strict=True):
        name = character if SECOND_HALF in (character, following) else _ascii_name(character)
        is_word = len(name) > 2 and name.isalpha() and not character.isascii()
        written.append(f"{name} " if is_word and following.isalpha() else name)
    return "".join(written)


def _ascii_name(character: str) -> str:
    """The ASCII name of one character: of a letter with an accent, the letter."""
    if character.isascii():
        return character
    if character in _ASCII:
        return _ASCII[character]
    base = unicodedata.normalize("NFKD", character)[0]
    return base if base.isascii() and base.isalnum() else "?"


def columns(rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """Rows of a name, numbers, and words: numbers are flush right, the others flush left.

    Two blanks are between them, or one where a width has no room for two.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    gap = "  " if sum(widths) + 2 * (len(widths) - 1) <= width else " "
    return [
        gap.join((name.ljust(widths[0]), *map(str.rjust, numbers, widths[1:]), words))
        for name, *numbers, words in rows
    ]
