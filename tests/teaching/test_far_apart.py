"""Formulas are worked out as they stand: what is said where scores of a softmax lie too far apart."""

from __future__ import annotations

import pytest

from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.sentences import explanation

FORMULAS = """\
z[1] = w*x
z[2] = b
z[3] = 0.5*b
{shift}
e[i] = exp({exponent}) for i in 1..3
S = sum(e[i] for i in 1..3)
a[i] = e[i]/S for i in 1..3
"""


def session(forward: str, loss: str = "-ln(a[2])") -> Session:
    """A lesson of formulas with w = 1000, b = 0 and x = 1."""
    program = f'[program]\nforward = """\n{forward}"""\nloss = "{loss}"\n'
    numbers = "[program.parameters]\nw = 1000\nb = 0\n[data]\ncolumns = ['x']\nrows = [[1]]\n"
    return start(parse_lesson(f"{program}{numbers}[training]\nlearning_rate = 0.1\n", "x"))


def at(of: Session, name: str) -> Moment:
    """The moment of a step by its name."""
    number = program_of(of).number(name, 1)
    assert number is not None
    return moment(Session(of.lesson, step=number))


def words(of: Session, name: str) -> str:
    """What is said there."""
    return " ".join(explanation(at(of, name)).sentences)


PLAIN = FORMULAS.format(shift="", exponent="z[i]")
SHIFTED = FORMULAS.format(shift="m = max(z[1], max(z[2], z[3]))", exponent="z[i] - m")


def test_a_power_that_is_too_large_has_a_remedy() -> None:
    """The formula stays as it was written; with the largest subtracted it has a value."""
    assert at(session(PLAIN), "e[1]").value("e[1]") == float("inf")
    assert words(session(PLAIN), "e[1]") == (
        "It is inf: the number is too large for 64 bits. Formulas are worked out as they stand. "
        "Take the largest of z₁ to z₃ from each: the shares stay, no power is above 1."
    )
    assert "add up to 1" not in words(session(PLAIN), "a[2]")
    assert at(session(SHIFTED), "a[1]").value("a[1]") == 1


def test_a_share_that_is_rounded_away_has_one_too() -> None:
    """What is to be written instead gives the loss that it should have: 1000 + ln(1 + 2e⁻¹⁰⁰⁰) is 1000."""
    assert words(session(SHIFTED), "L") == (
        "It is inf: ln(0) is −inf. a₂ is above 0, but 64 bits round it to 0. "
        "Write ln(S) − (z₂ − m) for −ln(a₂): it is the same, and divides nothing."
    )
    assert at(session(SHIFTED, "ln(S) - (z[2] - m)"), "L").value("L") == 1000


def test_the_largest_is_no_constant_of_formulas() -> None:
    """There max is differentiated as any other function is; so nothing else may be said of it."""
    shifted = session(SHIFTED)
    assert "m is subtracted from each z" in words(shifted, "m")
    assert "constant" not in words(shifted, "m")
    assert program_of(shifted).number("dm/dz[1]", 1) is not None


@pytest.mark.parametrize("shift", ["m = z[2]", "m = max(z[1], z[2])", "m = (z[1] + z[2] + z[3])/3"])
def test_another_number_is_not_called_the_largest(shift: str) -> None:
    """It may be subtracted just as well."""
    of = session(FORMULAS.format(shift=shift, exponent="z[i] - m"))
    said = " ".join(words(of, name) for name in ("m", "e[1]", "e[2]", "e[3]"))
    assert "largest of the sums" not in f"{explanation(at(of, 'm')).title} {said}"
    assert "Of the largest sum" not in said


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("q = sqrt(b - x)", "It is nan: √(0 − 1) has no value."),
        ("q = 1/(x - 1)", "It is inf: 1 / (1 − 1) is inf."),
        ("q = ln(b)", "It is −inf: ln(0) is −inf."),
        ("q = x + ln(b)", "It is −inf: ln(0) is −inf."),
        ("q = exp(w) - 1", "It is inf: the number is too large for 64 bits."),
        ("q = b*x + exp(w)*x", "It is inf: the number is too large for 64 bits."),
        ("q = w^w", "It is inf: the number is too large for 64 bits."),
    ],
)
def test_why_a_formula_has_no_finite_value(formula: str, said: str) -> None:
    """Of numbers that all are finite."""
    used = "p = w*x + b"
    assert words(session(f"{used}\n{formula}\n", "q + p"), "q") == said
