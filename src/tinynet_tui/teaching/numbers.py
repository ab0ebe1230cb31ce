"""Numbers as they are shown and as people write them.

They are rounded for the eye, never so far that a value that is not 0 looks like 0.
"""

from __future__ import annotations

import re
import unicodedata
from math import isfinite, isinf, isnan

from tinynet_tui.engine.walks import number_text

UNKNOWN = "·"
"""Stands for a value that is not computed yet."""

DIGITS_OF_A_FLOAT = 17
"""So many decimals mean: all that the number has."""


CELL = 7
"""The least width of a number in a fixed place: +0.4975, −12.346, +1.2e+5, −2e+308 all fit."""


_FRACTION = re.compile(r"([^/]+)/([^/]+)")


def cell_width(decimals: int) -> int:
    """The cells that a number with so many decimals would like to have in a fixed place."""
    return max(CELL, 3 + min(decimals, DIGITS_OF_A_FLOAT - 1))


def cell(value: float, width: int = CELL, decimals: int | None = None) -> str:
    """A number in a fixed width, with its sign, so that nothing jumps when it changes.

    Without `decimals` as many are shown as fit.

    Example:
        >>> cell(0.4975), cell(-12.3456), cell(1234567.0), cell(0.00004), cell(0.5, 7, 2)
        ('+0.4975', '−12.346', '+1.2e+6', '+4.0e-5', '  +0.50')
    """
    if isnan(value):
        return "nan".rjust(width)
    if isinf(value):
        return ("+inf" if value > 0 else "−inf").rjust(width)
    most = width - 3 if decimals is None else min(decimals, width - 3)
    return (("−" if value < 0 else "+") + _magnitude(abs(value), width - 1, most)).rjust(width)


def _magnitude(size: float, width: int, most: int) -> str:
    """A number that is not negative, in at most so many cells and with at most so many decimals."""
    if size == 0 or size >= 5 * 10**-most:
        for decimals in range(most, -1, -1):
            text = f"{size:.{decimals}f}"
            if len(text) <= width:
                return text
    for decimals in range(most, 0, -1):
        text = _scientific(size, decimals)
        if len(text) <= width:
            return text
    return _scientific(size, 0)


def _scientific(value: float, decimals: int) -> str:
    mantissa, _, exponent = f"{value:.{decimals}e}".partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0') or '0'}"


def shown(value: float, decimals: int = 4) -> str:
    """A number in running text: all of it where it is short, else rounded to so many decimals.

    Example:
        >>> shown(1.5), shown(2.0), shown(-0.18096516), shown(0.000012345), shown(123456789.123)
        ('1.5', '2', '−0.1810', '1.23e-5', '1.23e+8')
    """
    exact = number_text(value)
    if not isfinite(value) or decimals >= DIGITS_OF_A_FLOAT or _is_short(exact, decimals):
        return exact
    if 10**-decimals * 5 <= abs(value) < 1e6:
        text = f"{value:.{decimals}f}"
    else:
        text = _scientific(value, min(decimals, 2))
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _is_short(exact: str, decimals: int) -> bool:
    """Whether a number in full is shown as it is, at so many decimals."""
    fraction = exact.partition(".")[2]
    return "e" not in exact and len(fraction) <= decimals and len(exact) <= 12


def updates_text(count: int) -> str:
    """A number of updates.

    Example:
        >>> updates_text(1), updates_text(1000)
        ('1 update', '1,000 updates')
    """
    return f"{count:,} update{'' if count == 1 else 's'}"


def equals(value: float, decimals: int = 4) -> str:
    """The sign before a shown number: = where it is all there, ≈ where it is rounded."""
    exact = number_text(value)
    return "=" if shown(value, decimals) == exact else "≈"


def number(text: str) -> float:
    """A number as people write it: 0.5, −1, 1e-3, 1/3, ½.

    Raises: ValueError with a sentence that says what is wrong.
    """
    plain = _plain(text)
    try:
        match = _FRACTION.fullmatch(plain)
        top, bottom = map(float, match.groups() if match else (plain, "1"))
        value = top / bottom
    except ZeroDivisionError:
        raise ValueError("nothing can be divided by 0") from None
    except ValueError:
        remedy = ": write a point, as in 1.5" if "," in text else ", such as 0.5 or −1/3"
        raise ValueError(f"“{text.strip()}” is not a number{remedy}") from None
    # What is divided by inf is finite.
    if not (isfinite(value) and isfinite(bottom)):
        raise ValueError("it has to be a finite number")
    return value


_NO_NUMBER_HAS = re.compile(r"[^\x00-\x7f]|_")
"""Signs that Python would take for a part of a number: digits of other scripts, and _ between digits."""


def _plain(text: str) -> str:
    """The text of a number in ASCII, ½ as 1/2 where it stands alone; what no number has is a ?."""
    plain = text.strip().replace("−", "-")
    alone = plain.lstrip("+-")
    if len(alone) == 1 and unicodedata.decomposition(alone).startswith("<fraction>"):
        plain = plain.replace(alone, unicodedata.normalize("NFKC", alone).replace("\N{FRACTION SLASH}", "/"))
    return _NO_NUMBER_HAS.sub("?", plain)
