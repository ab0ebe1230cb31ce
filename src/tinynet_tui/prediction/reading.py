"""What is typed as a prediction, read or turned down with a reason."""

from __future__ import annotations

import re
from math import inf, nan

from tinynet_tui.session.session import Level
from tinynet_tui.teaching.numbers import number

LONGEST = 40
"""Characters: no number needs more."""

_SIGNS = {
    "+": 1.0, "plus": 1.0, "positive": 1.0,
    "-": -1.0, "−": -1.0, "minus": -1.0, "negative": -1.0,
    "zero": 0.0,
}  # fmt: skip
_NAME = re.compile(r"([^\d=+−.-][^=]*)?[=≈]\s*")
"""What may stand before an answer: z₁ =."""
_NOT_FINITE = {"inf": inf, "+inf": inf, "-inf": -inf, "−inf": -inf, "nan": nan}
"""What a run that has diverged is made of."""


def prediction(text: str, level: Level) -> float:
    """The number that was predicted; at the level of signs one that has the sign: +, −, 0, or any number.

    Raises: ValueError with a sentence that says what is wrong.

    Example:
        >>> prediction("−3/2", "number"), prediction("+", "sign"), prediction("0", "sign")
        (-1.5, 1.0, 0.0)
    """
    plain = text.strip()
    if name := _NAME.match(plain):
        plain = plain[name.end() :]
    if not plain:
        raise ValueError("write +, − or 0" if level == "sign" else "write a number, such as 0.5 or −3/2")
    if len(plain) > LONGEST:
        raise ValueError(f"that is longer than {LONGEST} characters")
    if level == "sign" and plain.lower() in _SIGNS:
        return _SIGNS[plain.lower()]
    if plain.lower() in _NOT_FINITE:
        return _NOT_FINITE[plain.lower()]
    try:
        return number(plain)
    except ValueError as error:
        if level == "sign":
            raise ValueError("write +, − or 0") from None
        raise ValueError(str(error)) from None
