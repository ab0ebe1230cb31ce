"""How formulas are spelled: in plain text, or with the markup of a handout's format."""

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.engine.expression_reading import letter, written
from tinynet_tui.engine.expressions import Expr, Name
from tinynet_tui.teaching.numbers import equals, shown


class Notation(NamedTuple):
    """One way to spell formulas."""

    expression: Callable[[Expr, Callable[[Name], str]], str]
    """An expression, its names written by a function."""
    name: Callable[[Name], str]
    number: Callable[[str], str]
    """A number as it is shown, with what the format puts around it."""
    gap: str
    """A number to be filled in within a formula."""
    blank: str
    """A result to be filled in."""
    frozen: str
    """`FROZEN`, with what the format puts around it."""
    sign: Callable[[str], str]
    """The signs =, ≈ and ←."""

    def symbol(self, name: str) -> str:
        """A name, of no one sample."""
        return self.name(Name(name))

    def letters(self, expression: Expr) -> str:
        """An expression in letters."""
        return self.expression(expression, self.name)

    def number_or_gap(self, number: float | None, digits: int) -> str:
        """A number with that many significant digits, or the gap for it."""
        return self.gap if number is None else self.number(shown(number, digits))

    def result(self, number: float | None, digits: int) -> str:
        """A number after the sign that says whether it is rounded, or the blank for it."""
        if number is None:
            return f"{self.sign('=')} {self.blank}"
        return f"{self.sign(equals(number, digits))} {self.number(shown(number, digits))}"


FROZEN = "frozen"
"""What stands for the change of a parameter that no update changes."""

PLAIN = Notation(
    lambda expression, text_of: written(expression, "plain", text_of),
    letter,
    str,
    gap="____",
    blank="__________",
    frozen=FROZEN,
    sign=str,
)
"""Formulas in one line of text."""
