"""Numbers as they are shown and as people write them.

They are rounded for the eye, never so far that a value that is not 0 looks like 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Context, Decimal
from functools import lru_cache
from math import isfinite, isinf, isnan, nan, prod

from tinynet_tui.engine.expression_reading import ALL_DIGITS, DIGITS, number_text

UNKNOWN = "·"
"""Stands for a value that is not computed yet."""

OPEN = "?"
"""Stands for such a value in a formula, where a dot is the sign of a product."""

MOST_IN_SENTENCES = 8
"""Significant digits of a number in a sentence, however many are chosen."""

CELL = 7
"""The least width of a number in a fixed place: +0.4975, −12.346, +1.2e+5, −2e+308 all fit."""


_FRACTION = r"([^/]+)/([^/]+)"

_SURE = 12
"""Significant digits of a sum or a product that are not the noise of binary fractions: 0.1 + 0.2 is 0.3."""
_BEYOND = 5
"""Digits beyond those shown that have to be 0, so that hardly any number seems to end there by chance."""
_NOISE_FROM = 15
"""Further digits are noise, where two beyond those shown are 0."""
_SMALLEST, _LARGEST = -4, 6
"""From 10⁻⁴ to below 10⁶ a number is written without an exponent."""
_LONGEST_WHOLE = 1e12
"""Below it a whole number is written in full."""


def cell_width(digits: int) -> int:
    """The cells that a number with `digits` digits after the point would like to have in a fixed place."""
    return max(CELL, 3 + min(digits, ALL_DIGITS - 1))


@lru_cache(maxsize=4096)
def cell(value: float, width: int = CELL, digits: int | None = None, has_exponent: bool = False) -> str:
    """A number in a fixed width, with its sign, so that nothing jumps when it changes.

    It has `digits` digits after the point, a small number as many after its zeros; without `digits`, or where
    there is less room, as many as fit. Where fewer are asked for than usual, it has no more in all than a
    number in running text has. has_exponent: it has one in any case, as its neighbours have.

    Example:
        >>> cell(0.4975), cell(-12.3456), cell(1234567.0), cell(0.000044), cell(0.5, 7, 2), cell(2.89, 7, 2)
        ('+0.4975', '−12.346', '+1.2e+6', '+4.4e-5', '  +0.50', '   +2.9')
    """
    if isnan(value):
        return "nan".rjust(width)
    if isinf(value):
        return ("+inf" if value > 0 else "−inf").rjust(width)
    most = mantissa = width if digits is None else digits
    if digits is not None and digits < DIGITS:
        most, mantissa = max(digits - 1 - max(exponent_of(value, digits), -1), 0), digits - 1
    size, room = abs(value), width - 1
    text = _with_exponent(size, room, mantissa) if has_exponent else _magnitude(size, room, most, mantissa)
    return (("−" if value < 0 else "+") + text).rjust(width)


def have_exponents(values: Iterable[float | None], width: int, digits: int) -> bool:
    """Whether one of some numbers that stand in a row needs an exponent: then each of them has one."""
    return any(value is not None and "e" in cell(value, width, digits) for value in values)


def _with_exponent(size: float, width: int, mantissa: int) -> str:
    """A number that is not negative, with an exponent, in at most `width` cells if there is such a form."""
    texts = (_scientific(size, d) for d in range(min(mantissa, width), -1, -1))
    return _widest(texts, width) or _scientific(size, 0)


def _magnitude(size: float, width: int, most: int, mantissa: int) -> str:
    """A number that is not negative, in at most `width` cells, with at most `most` digits after the point.

    One with an exponent where that shows more digits of it; mantissa: as many it then has after the point.
    """
    zeros = max(0, -exponent_of(size) - 1)
    plain = _widest((f"{size:.{d}f}" for d in range(min(most + zeros, width - 2), -1, -1)), width)
    scientific = _with_exponent(size, width, mantissa)
    if plain is None:
        return scientific
    is_whole_story = Decimal(plain) == _without_noise(size, most)
    return plain if is_whole_story or _significant(plain) >= _significant(scientific) else scientific


def _widest(texts: Iterable[str], width: int) -> str | None:
    return next((text for text in texts if len(text) <= width), None)


def _significant(text: str) -> int:
    """The significant digits of a number that is written without a sign."""
    return len(text.partition("e")[0].replace(".", "").lstrip("0"))


def exponent_of(value: float, digits: int = 7) -> int:
    """The power of 10 that a number begins with when it is rounded: 9.9999 to four digits begins with 10."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def _scientific(value: float, decimals: int) -> str:
    mantissa, _, exponent = f"{value:.{decimals}e}".partition("e")
    return f"{mantissa}e{exponent[0]}{exponent[1:].lstrip('0') or '0'}"


@lru_cache(maxsize=4096)
def shown(value: float, digits: int = DIGITS, in_full: bool = True) -> str:
    """A number in running text: all of it where it is short, else rounded to `digits` significant digits.

    in_full: whether whole numbers are written in full, however long.

    Example:
        >>> shown(1.5), shown(2.0), shown(-0.18096516), shown(0.0087712), shown(0.5 - 0.49)
        ('1.5', '2', '−0.1810', '0.008771', '0.01')
        >>> shown(0.000012345), shown(123456789.123), shown(1e-5)
        ('1.234e-5', '1.235e+8', '1e-5')
    """
    value = float(value)
    if not isfinite(value) or digits >= ALL_DIGITS or (in_full and _is_whole(value)):
        return number_text(value)
    size = abs(value)
    mantissa, _, exponent = f"{_without_noise(size, digits):e}".partition("e")
    used = len(mantissa.rstrip("0").rstrip(".").replace(".", ""))
    if used <= digits:
        text = _in_digits(size, used, int(exponent))
    else:
        text = _in_digits(size, digits, exponent_of(size, digits))
    return f"−{text}" if value < 0 else text


def without_last_zeros(text: str) -> str:
    """A shown number without the zeros that end its decimals.

    Example:
        >>> without_last_zeros("0.1810"), without_last_zeros("1.000e-5"), without_last_zeros("100")
        ('0.181', '1e-5', '100')
    """
    mantissa, letter, exponent = text.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + letter + exponent


def _is_whole(value: float) -> bool:
    return value.is_integer() and abs(value) < _LONGEST_WHOLE


def _in_digits(size: float, digits: int, exponent: int) -> str:
    """A number in `digits` significant digits; exponent: the power of 10 of the first of them."""
    if _SMALLEST <= exponent < _LARGEST:
        return f"{size:.{max(digits - 1 - exponent, 0)}f}"
    return _scientific(size, digits - 1)


def _without_noise(value: float, digits: int) -> Decimal:
    """What a number is where `digits` digits of it are shown: it, without the noise of its last bits."""
    kept = max(_SURE, min(digits + _BEYOND, _NOISE_FROM), digits + 2)
    return Context(prec=kept).create_decimal(repr(value))


def difference(left: float, right: float) -> float:
    """left − right as people work it out from the numbers as they are written.

    Example:
        >>> difference(0.5, 0.49), 0.5 - 0.49
        (0.01, 0.010000000000000009)
    """
    if not (isfinite(left) and isfinite(right)):
        return left - right
    return float(Decimal(repr(left)) - Decimal(repr(right)))


def updates_text(count: int) -> str:
    """A number of updates.

    Example:
        >>> updates_text(1), updates_text(1000)
        ('1 update', '1,000 updates')
    """
    return f"{count:,} update{'' if count == 1 else 's'}"


@lru_cache(maxsize=4096)
def equals(value: float, digits: int = DIGITS) -> str:
    """The sign before a shown number: = where it is all there but for the noise of its last bits, else ≈."""
    text = shown(value, digits)
    if text == number_text(value):
        return "="
    return "=" if Decimal(text.replace("−", "-")) == _without_noise(value, digits) else "≈"


def sign_and_number(value: float, digits: int = DIGITS) -> str:
    """A number as it stands after a name: = 0.5, or ≈ 0.5933 where it is rounded."""
    return f"{equals(value, digits)} {shown(value, digits)}"


def signed(number: float, digits: int = DIGITS) -> str:
    """A change: with its sign, 0 too: −0.02, +0.02, +0."""
    text = shown(number, digits)
    return text if text.startswith("−") or text == "nan" else f"+{text}"


def ends(before: float, after: float, digits: int = DIGITS) -> tuple[str, str]:
    """Two numbers as they are shown, with as many digits as it takes to see by how much they differ."""
    for enough in range(digits, ALL_DIGITS + 1):
        texts = shown(before, enough), shown(after, enough)
        if ("e" in texts[0]) != ("e" in texts[1]):
            texts = shown(before, enough, in_full=False), shown(after, enough, in_full=False)
        if not (isfinite(before) and isfinite(after)):
            break
        change = after - before
        if abs(float(_decimal(texts[1]) - _decimal(texts[0])) - change) <= abs(change) / 1000:
            break
    return texts


def ends_and_size(before: float, after: float, digits: int = DIGITS) -> tuple[str, str, str]:
    """Two numbers as they are shown, and by how much they differ: the true difference, rounded.

    They have as many digits as it takes for whoever subtracts the shown ones, and rounds, to find the same.

    Example:
        >>> ends_and_size(1.0, 0.623952), ends_and_size(1.4076059, 0.0652834)
        (('1', '0.6240', '0.3760'), ('1.4076', '0.065283', '1.3423'))
        >>> ends_and_size(288123456.7, 144987654.3), ends_and_size(0.12345678, 0.12345608)
        (('2.881e+8', '1.450e+8', '1.431e+8'), ('0.1234568', '0.1234561', '7e-7'))
    """
    for enough in range(digits, ALL_DIGITS + 1):
        old, new = ends(before, after, enough)
        if not (isfinite(before) and isfinite(after)):
            return old, new, shown(abs(after - before))
        shown_ends, true_ends = (
            (_decimal(old), _decimal(new)),
            (_without_noise(before, enough), _without_noise(after, enough)),
        )
        rounded = [text for text, true in zip(shown_ends, true_ends, strict=True) if text != true]
        place = max(rounded, key=lambda text: int(text.as_tuple().exponent), default=None)
        size, true_size = (
            found if place is None else found.quantize(place, context=_EXACT)
            for found in (abs(_EXACT.subtract(*both)) for both in (shown_ends, true_ends))
        )
        if size == true_size:
            break
    if len(size.as_tuple().digits) > max(digits, _SURE):
        size = Context(prec=max(digits, _SURE)).create_decimal(size).normalize()
    return old, new, _in_digits(float(size), len(size.as_tuple().digits), size.adjusted())


_EXACT = Context(prec=700)
"""Digits that the difference of any two finite numbers has room in."""


def as_read(text: str) -> float:
    """The value of a number as it is shown.

    Example:
        >>> as_read("−0.1810"), as_read("inf")
        (-0.181, inf)
    """
    return float(text.replace("−", "-"))


def last_place(text: str) -> float:
    """What the last digit of a shown number counts: of 237958 it is 1, of 1.450e+8 100000."""
    return float(f"1e{_decimal(text).as_tuple().exponent}")


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


_SHORT = 9
"""Characters of a learning rate that is shown in full."""


def rate_text(rate: float) -> str:
    """A learning rate, in full where that is short: 0.005, 1e+99, 0.0333."""
    exact = number_text(rate)
    return exact if len(exact) <= _SHORT else shown(rate)


def number(text: str) -> float:
    """A number as people write it: 0.5, −1, 1e-3, 1/3, ½, or a product of such: 2 · 3, −2*(−1).

    Raises: ValueError with a sentence that says what is wrong.
    """
    try:
        value = prod(map(_factor, _TIMES.split(text)))
    except ZeroDivisionError:
        raise ValueError("nothing can be divided by 0") from None
    except ValueError:
        remedy = ": write a point, as in 1.5" if "," in text else ", such as 0.5 or −1/3"
        raise ValueError(f"“{text.strip()}” is not a number{remedy}") from None
    if not isfinite(value):
        raise ValueError("it has to be a finite number")
    return value


_TIMES = re.compile("[*·×]")
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")


def _factor(text: str) -> float:
    """A number or a fraction, in brackets or not; nan where it divides by what is not finite."""
    bare = _IN_BRACKETS.fullmatch(text)
    plain = _plain(bare.group(1) if bare else text)
    match = re.fullmatch(_FRACTION, plain)
    top, bottom = map(float, match.groups() if match else (plain, "1"))
    return top / bottom if isfinite(bottom) else nan


def positive_number(text: str) -> float:
    """A number above 0.

    Raises: ValueError with a sentence that says what is wrong.
    """
    value = number(text)
    if value <= 0:
        raise ValueError("it has to be greater than 0")
    return value


_NO_NUMBER_HAS = r"[^\x00-\x7f]|_"
"""Signs that Python would take for a part of a number: digits of other scripts, and _ between digits."""


def _plain(text: str) -> str:
    """The text of a number in ASCII, ½ as 1/2 where it stands alone; what no number has is a ?."""
    plain = text.strip().replace("−", "-")
    alone = plain.lstrip("+-")
    if len(alone) == 1 and unicodedata.decomposition(alone).startswith("<fraction>"):
        plain = plain.replace(alone, unicodedata.normalize("NFKC", alone).replace("\N{FRACTION SLASH}", "/"))
    return re.sub(_NO_NUMBER_HAS, "?", plain)
