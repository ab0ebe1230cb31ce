"""Numbers as they are shown: of one width, rounded rightly, and none that is not 0 looks like 0."""

from __future__ import annotations

import re
from decimal import Decimal
from math import inf, nan
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tinynet_tui.engine.expression_reading import ALL_DIGITS
from tinynet_tui.teaching.numbers import CELL, cell, equals, number, shown

FINITE = st.floats(allow_nan=False, allow_infinity=False)
WIDTHS = st.integers(CELL, 24)
PLACES = st.integers(1, ALL_DIGITS)
DIGITS = st.one_of(st.none(), PLACES)


def read(text: str) -> Decimal:
    """A shown number as it is read."""
    return Decimal(text.strip().replace("−", "-"))


def last_place(text: str) -> Decimal:
    """What the last digit of a shown number counts."""
    mantissa, _, exponent = text.strip().replace("−", "-").partition("e")
    return Decimal(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "+0.0000"), (-0.0, "+0.0000"), (0.4975, "+0.4975"), (-12.3456, "−12.346"),
        (99999.0, " +99999"), (123456.0, "+123456"), (1234567.0, "+1.2e+6"), (-0.00004, "−4.0e-5"),
        (0.0005, "+0.0005"), (0.0004, "+0.0004"), (0.00044, "+4.4e-4"), (0.008771, "+0.0088"),
        (9.99999, "+10.000"), (5e-324, "+5e-324"),
        (1.7e308, "+2e+308"), (-1.7e308, "−2e+308"), (inf, "   +inf"), (-inf, "   −inf"), (nan, "    nan"),
    ],
)  # fmt: skip
def test_cells(value: float, text: str) -> None:
    """A number in seven cells."""
    assert cell(value) == text


@given(st.floats(), WIDTHS, DIGITS)
def test_a_cell_has_exactly_its_width(value: float, width: int, digits: int | None) -> None:
    """So that nothing jumps."""
    assert len(cell(value, width, digits)) == width


@given(FINITE, WIDTHS, DIGITS)
@example(0.00049999, 7, None)
@example(0.04999, 7, 2)
@example(9.9999999, 7, 4)
@example(999999.9, 7, None)
@example(5e-324, 7, 17)
@example(1.7976931348623157e308, 7, 2)
def test_a_cell_is_the_number_rounded(value: float, width: int, digits: int | None) -> None:
    """Off by half of its last digit at most, with its sign, and never 0 where the number is not."""
    text = cell(value, width, digits)
    assert abs(read(text) - Decimal(value)) <= last_place(text) / 2
    assert text.strip()[0] == ("−" if value < 0 else "+")
    assert (read(text) == 0) == (value == 0)


@given(FINITE, PLACES)
@example(0.05, 2)
@example(0.00049, 4)
@example(999999.99999, 2)
@example(1e-300, 8)
def test_a_shown_number_is_the_number_rounded(value: float, digits: int) -> None:
    """Likewise in running text; with all digits it is the very number."""
    text = shown(value, digits)
    # A number of all digits is written as short as it can be, not as the binary fraction that it is.
    off = min(abs(read(text) - exactly) for exactly in (Decimal(repr(value)), Decimal(value)))
    assert off <= last_place(text) / 2
    assert (read(text) == 0) == (value == 0)
    if digits == ALL_DIGITS:
        assert float(read(text)) == value
    assert "+" not in text.partition("e")[0]
    assert "-" not in text.partition("e")[0]


@given(FINITE.filter(lambda value: value == 0 or abs(value) > 1e-300), PLACES)
@example(0.5932699921071872, 12)
@example(0.5932699921071872, 13)
@example(0.1 + 0.2, 8)
@example(0.1 + 0.2, 15)
def test_equals_says_whether_digits_are_missing(value: float, digits: int) -> None:
    """= only where the shown number is the very number, but for the noise of its last bits."""
    sign, seen, very = equals(value, digits), read(shown(value, digits)), abs(Decimal(repr(value)))
    assert sign in ("=", "≈")
    off = abs(abs(seen) - very)
    if off == 0:
        assert sign == "="
    if off > Decimal("5e-12") * very:
        assert sign == "≈"


@pytest.mark.parametrize("digits", range(1, ALL_DIGITS))
def test_numbers_of_chance_are_rounded(digits: int) -> None:
    """They have 15 to 17 digits. With fewer, hardly any seems to be all there, and then for its last bits."""
    chance = Random(digits)
    values = [chance.uniform(-1, 1) for _ in range(2000)]
    seen = [(value, read(shown(value, digits)), equals(value, digits)) for value in values]
    for value, read_back, sign in seen:
        if float(read_back) == value:
            assert sign == "="
        elif sign == "=":
            assert float(read_back) == pytest.approx(value, rel=5e-15, abs=0)
        else:
            assert len(read_back.as_tuple().digits) == digits
    by_chance = [value for value, read_back, sign in seen if sign == "=" and float(read_back) != value]
    assert len(by_chance) <= len(seen) * (0.001 if digits < 12 else 0.03)


@pytest.mark.parametrize(
    ("value", "digits", "text", "sign"),
    [
        (0.25, 4, "0.25", "="), (0.18096516, 4, "0.1810", "≈"), (0.18096516, 8, "0.18096516", "="),
        (0.18096516, 2, "0.18", "≈"), (-0.5, 4, "−0.5", "="), (1 / 3, 17, "0.3333333333333333", "="),
        (2.0, 2, "2", "="), (0.0, 2, "0", "="), (1234567.8914, 3, "1.23e+6", "≈"),
        (-0.00001234, 4, "−1.234e-5", "="), (-0.000012345, 4, "−1.234e-5", "≈"), (1e-5, 4, "1e-5", "="),
        (0.008771, 4, "0.008771", "="), (0.00043856, 4, "0.0004386", "≈"), (12345.6, 4, "12346", "≈"),
        (123456.0, 4, "123456", "="), (9.99996, 4, "10.00", "≈"), (999999.9, 4, "1.000e+6", "≈"),
        (0.1 + 0.2, 4, "0.3", "="), (0.4 * 0.5 + 0.5 + 0.2, 8, "0.9", "="), (0.5 - 0.49, 4, "0.01", "="),
        (0.1 + 0.2, 17, "0.30000000000000004", "="), (0.30000000001, 4, "0.3000", "≈"),
        (0.5932699921071872, 12, "0.593269992107", "≈"), (0.5932699921071872, 14, "0.59326999210719", "≈"),
        (0.5932699921071872, 16, "0.5932699921071872", "="), (0.1, 13, "0.1", "="), (0.1, 16, "0.1", "="),
        (0.1 + 0.2, 10, "0.3", "="), (0.1 + 0.2, 13, "0.3", "="),
        (0.25 * 0.05 + 0.3 * 0.1 + 0.35, 13, "0.3925", "="),
        (0.1 + 0.2, 16, "0.3000000000000000", "≈"), (1e-5, 15, "1e-5", "="),
        (1.5e300, 4, "1.5e+300", "="),
    ],
)  # fmt: skip
def test_numbers_in_running_text(value: float, digits: int, text: str, sign: str) -> None:
    """All of a number where it is short, else its significant digits, with the sign that says so."""
    assert (shown(value, digits), equals(value, digits)) == (text, sign)


@pytest.mark.parametrize("value", [inf, -inf, nan])
def test_what_is_no_number_is_named(value: float) -> None:
    """With a minus sign like any other."""
    assert {shown(value), cell(value).strip()} <= {"inf", "+inf", "−inf", "nan"}


@pytest.mark.parametrize("value", [2.8929114, 0.51211301, 12.345, 0.0087712, 9.96, 0.000012345, -2.89])
@pytest.mark.parametrize("digits", [1, 2, 3])
def test_with_few_digits_a_cell_has_those_of_a_formula(value: float, digits: int) -> None:
    """--decimals 2 is 2.9 in both, not 2.89 in the one."""
    assert read(cell(value, 12, digits)) == read(shown(value, digits))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        (" −1 ", -1.0),
        ("1e-3", 0.001),
        ("1/4", 0.25),
        ("−1/4", -0.25),
        ("½", 0.5),
        ("−½", -0.5),
        ("2*3", 6.0),
        ("−2 · 1 · (−1) · 1 · 3", 6.0),
        ("−3/2×4", -6.0),
        ("(½)", 0.5),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float) -> None:
    """With a sign of either kind, an exponent, as a fraction, or as a product that is not worked out."""
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("inf", "it has to be a finite number"),
        ("nan", "it has to be a finite number"),
        ("1/inf", "it has to be a finite number"),
        ("1/0", "nothing can be divided by 0"),
        ("0,5", "“0,5” is not a number: write a point, as in 1.5"),
        ("1_0", "“1_0” is not a number, such as 0.5 or −1/3"),
        ("٣", "“٣” is not a number, such as 0.5 or −1/3"),
        ("1/2/3", "“1/2/3” is not a number, such as 0.5 or −1/3"),
        ("", "“” is not a number, such as 0.5 or −1/3"),
        ("2**3", "“2**3” is not a number, such as 0.5 or −1/3"),
        ("2*", "“2*” is not a number, such as 0.5 or −1/3"),
        ("1e200*1e200", "it has to be a finite number"),
        ("0*inf", "it has to be a finite number"),
    ],
)
def test_what_is_no_number_is_said_why(text: str, words: str) -> None:
    """In half a sentence."""
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        number(text)
