"""A step as every handout has it: its formula in letters, in numbers, and its value or the blank for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from tinynet_tui.engine.expressions import Apply, Expr, Name, names_in
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.trace import Trace
from tinynet_tui.engine.walks import letter, written
from tinynet_tui.handouts.blanks import Blanks
from tinynet_tui.session.session import DIGITS
from tinynet_tui.teaching.equation import Equation, equation, sign_before
from tinynet_tui.teaching.numbers import equals, shown
from tinynet_tui.teaching.of_samples import belongs_to_a_sample


@dataclass(frozen=True, slots=True)
class Pen:
    """How a format writes formulas."""

    expression: Callable[[Expr, Callable[[Name], str]], str]
    """An expression, its names written by a function."""
    name: Callable[[Name], str]
    marked_number: Callable[[str], str]
    """A number as it is shown, with what the format puts around it."""
    gap: str
    """A number to be filled in within a formula."""
    blank: str
    """A result to be filled in."""
    frozen: str = "frozen"
    """Stands for the change of a parameter that no update changes."""
    signs: Callable[[str], str] = str
    """The signs =, ≈ and ←."""
    digits: int = DIGITS
    """Significant digits of a number; one that has more stands after ≈."""

    def with_digits(self, digits: int) -> Pen:
        """The same pen, but numbers have `digits` significant digits."""
        return replace(self, digits=digits)

    def number(self, number: float) -> str:
        """A number, rounded where it is long."""
        return self.marked_number(shown(number, self.digits))

    def symbol(self, name: str) -> str:
        """A name, of no one sample."""
        return self.name(Name(name))

    def letters(self, expression: Expr) -> str:
        """An expression in letters."""
        return self.expression(expression, self.name)

    def number_or_gap(self, number: float | None) -> str:
        """A number within a formula, or the gap for it."""
        return self.gap if number is None else self.number(number)

    def result(self, number: float | None) -> str:
        """A number after the sign that says whether it is rounded, or the blank for it."""
        if number is None:
            return f"{self.signs('=')} {self.blank}"
        return f"{self.signs(equals(number, self.digits))} {self.number(number)}"


def _plain(expression: Expr, text_of: Callable[[Name], str]) -> str:
    return written(expression, "plain", text_of)


PLAIN = Pen(_plain, letter, str, gap="____", blank="__________")
"""Formulas in one line of text."""


@dataclass(frozen=True, slots=True)
class Row:
    """A step with its numbers."""

    update: int
    number: int
    """From 1, in its update."""
    step: Step
    mark: int | None
    """The sample that its quantity is marked with, where the lesson has several."""
    reads: tuple[tuple[Name, float | None], ...]
    """The names of its expression with their values; None: to be filled in."""
    own: frozenset[Name]
    """The names of its expression that bear the mark, too."""
    value: float | None
    """What it assigns; None: to be filled in."""
    worked_out: Callable[[int], Equation]
    """The equation of all its numbers, filled in or not, by the significant digits of its value."""

    @property
    def place(self) -> str:
        """Where it is found in the app: 1.18."""
        return f"{self.update}.{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether nothing of it is to be filled in."""
        return self.value is not None and all(value is not None for _, value in self.reads)

    def quantity(self, pen: Pen) -> str:
        """What it assigns, with the mark of its sample."""
        return pen.name(Name(self.step.quantity, self.mark))

    def letters(self, pen: Pen) -> str:
        """Its expression in letters; empty where that is the value itself."""
        if not self.reads:
            return ""
        return pen.expression(
            self.step.expression,
            lambda name: pen.name(replace(name, sample=self.mark) if name in self.own else name),
        )

    def numbers(self, pen: Pen) -> str:
        """Its expression in numbers; empty where that says no more than the value does."""
        if not isinstance(self.step.expression, Apply):
            return ""
        values, longer = dict(self.reads), pen.with_digits(self.worked_out(pen.digits).digits)
        text = pen.expression(self.step.expression, lambda name: longer.number_or_gap(values[name]))
        return "" if self.value is not None and text == pen.number(self.value) else text

    def equals(self, pen: Pen) -> tuple[str, str, str]:
        """What follows the quantity: "= letters", "= numbers", "= value"; one that says nothing is empty."""
        letters, numbers = self.letters(pen), self.numbers(pen)
        result, came = pen.result(self.value), self.worked_out(pen.digits)
        reads = sign_before((value for _, value in self.reads), came.digits)
        if numbers and self.is_open:
            result = f"{pen.signs(came.sign)} {pen.marked_number(came.value)}"
        return (
            f"{pen.signs(self.step.assigns)} {letters}" if letters else "",
            f"{pen.signs(reads)} {numbers}" if numbers else "",
            result,
        )

    def sides(self, pen: Pen) -> tuple[str, ...]:
        """The whole line in parts: quantity, "= letters", "= numbers", "= value", without the empty ones."""
        return (self.quantity(pen), *filter(None, self.equals(pen)))


def row_of(trace: Trace, number: int, blanks: Blanks) -> Row:
    """A step (from 1) of an update, with its blanks."""
    step = trace.program.step(number)
    names = names_in(step.expression)
    return Row(
        trace.start.update,
        number,
        step,
        step.sample if len(trace.setup.inputs) > 1 else None,
        tuple(
            (name, None if blanks.hide(trace.program, number, name) else trace.value_of(number, name))
            for name in names
        ),
        frozenset(name for name in names if step.sample and belongs_to_a_sample(trace.program, name)),
        None if blanks.at(trace.program, number) else trace.value(number),
        partial(equation, step.expression, partial(trace.value_of, number), trace.value(number)),
    )
