"""Values in a lesson file: a fraction in quotes is a number, and how a fault names what stands there."""

from __future__ import annotations

import re

from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.safety.foreign_text import shortened

_FRACTION = r"([+-]?[0-9]+) ?/ ?([0-9]+)"
_NUMBER = r"[+-]?[0-9][0-9_]*(\.[0-9_]+)?([eE][+-]?[0-9_]+)?"
_LARGEST_SHOWN = 10**20


def fraction(text: str) -> float | None:
    """The number nearest to a fraction such as "1/3" or "-1/2"; None for any other text.

    Example:
        >>> fraction("-1/2"), fraction("0.5"), fraction("1/0")
        (-0.5, None, None)
    """
    match = _match(text)
    if match is None or not int(match[2]):
        return None
    try:
        return int(match[1]) / int(match[2])  # Python rounds the quotient of whole numbers once, and rightly
    except OverflowError:
        return None


def advice_on(text: str) -> str:
    """How a text that stands for a number would be one, to be said behind a fault; "" for any other text."""
    match = _match(text)
    if fraction(text) is not None:
        return ""
    if match is not None:
        return "; the number below the line must not be 0" if not int(match[2]) else "; this one is too large"
    if re.fullmatch(_NUMBER, text):
        return "; write numbers without quotes"
    return '; a fraction has two whole numbers, such as "1/3"' if "/" in text else ""


def _match(text: str) -> re.Match[str] | None:
    """The parts of a fraction."""
    return re.fullmatch(_FRACTION, text) if len(text) <= LIMITS.digits else None


def shown(value: object) -> str:
    """A value from a file as a fault names it."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() if fraction(value) is not None:
            return f'"{shortened(value)}"'
        case str():
            return f'the text "{shortened(value)}"'
        case int() if abs(value) >= _LARGEST_SHOWN:
            return f"a number of about {value.bit_length() * 30103 // 100_000 + 1} digits"
        case int() | float():
            return str(value)
        case dict():
            return "a table"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
        case _:
            return "a date or a time"
