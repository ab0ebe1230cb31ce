"""Numbers as they are shown: of one width, rounded rightly, and none that is not 0 looks like 0."""

from __future__ import annotations

from decimal import Decimal
from math import inf, nan

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tinynet_tui.session.session import PRECISIONS
from tinynet_tui.teaching.numbers import CELL, cell, equals, shown

FINITE = st.floats(allow_nan=False, allow_infinity=False)
WIDTHS = st.integers(CELL, 24)
DECIMALS = st.one_of(st.none(), st.sampled_from(PRECISIONS))


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
        (0.0005, "+0.0005"), (0.0004, "+4.0e-4"), (9.99999, "+10.000"), (5e-324, "+5e-324"),
        (1.7e308, "+2e+308"), (-1.7e308, "−2e+308"), (inf, "   +inf"), (-inf, "   −inf"), (nan, "    nan"),
    ],
)  # fmt: skip
def test_cells(value: float, text: str) -> None:
    """A number in seven cells."""
    assert cell(value) == text


@given(st.floats(), WIDTHS, DECIMALS)
def test_a_cell_has_exactly_its_width(value: float, width: int, decimals: int | None) -> None:
    """So that nothing jumps."""
    assert len(cell(value, width, decimals)) == width


@given(FINITE, WIDTHS, DECIMALS)
@example(0.00049999, 7, None)
@example(0.04999, 7, 2)
@example(9.9999999, 7, 4)
@example(999999.9, 7, None)
@example(5e-324, 7, 17)
@example(1.7976931348623157e308, 7, 2)
def test_a_cell_is_the_number_rounded(value: float, width: int, decimals: int | None) -> None:
    """Off by half of its last digit at most, with its sign, and never 0 where the number is not."""
    text = cell(value, width, decimals)
    assert abs(read(text) - Decimal(value)) <= last_place(text) / 2
    assert text.strip()[0] == ("−" if value < 0 else "+")
    assert (read(text) == 0) == (value == 0)


@given(FINITE, st.sampled_from(PRECISIONS))
@example(0.05, 2)
@example(0.00049, 4)
@example(999999.99999, 2)
@example(1e-300, 8)
def test_a_shown_number_is_the_number_rounded(value: float, decimals: int) -> None:
    """Likewise in running text; with all decimals it is the very number."""
    text = shown(value, decimals)
    # A number of all digits is written as short as it can be, not as the binary fraction that it is.
    off = min(abs(read(text) - exactly) for exactly in (Decimal(repr(value)), Decimal(value)))
    assert off <= last_place(text) / 2
    assert (read(text) == 0) == (value == 0)
    if decimals == PRECISIONS[-1]:
        assert float(read(text)) == value
    assert "+" not in text.partition("e")[0]
    assert "-" not in text.partition("e")[0]


@given(FINITE, st.sampled_from(PRECISIONS))
def test_equals_says_whether_digits_are_missing(value: float, decimals: int) -> None:
    """= only where the shown number is the very number."""
    sign = equals(value, decimals)
    assert sign in ("=", "≈")
    if sign == "=":
        assert float(read(shown(value, decimals))) == value
    elif abs(value) < 1e6 and abs(value) > 5e-3:
        assert float(read(shown(value, decimals))) != value


@pytest.mark.parametrize(
    ("value", "decimals", "text", "sign"),
    [
        (0.25, 4, "0.25", "="), (0.18096516, 4, "0.1810", "≈"), (0.18096516, 8, "0.18096516", "="),
        (0.18096516, 2, "0.18", "≈"), (-0.5, 4, "−0.5", "="), (1 / 3, 17, "0.3333333333333333", "="),
        (2.0, 2, "2", "="), (0.0, 2, "0", "="), (1234567.8914, 2, "1.23e+6", "≈"),
        (-0.00001234, 4, "−1.23e-5", "≈"),
    ],
)  # fmt: skip
def test_numbers_in_running_text(value: float, decimals: int, text: str, sign: str) -> None:
    """All of a number where it is short, else rounded, with the sign that says so."""
    assert (shown(value, decimals), equals(value, decimals)) == (text, sign)


@pytest.mark.parametrize("value", [inf, -inf, nan])
def test_what_is_no_number_is_named(value: float) -> None:
    """With a minus sign like any other."""
    assert {shown(value), cell(value).strip()} <= {"inf", "+inf", "−inf", "nan"}
