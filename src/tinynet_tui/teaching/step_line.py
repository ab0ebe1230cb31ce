"""A step as one line of plain text, in parts: its name, its formula in letters and in numbers, its value."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.expressions import Name, Number
from tinynet_tui.engine.names import sample_mark, symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.walks import letters, written
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import equals, shown


@dataclass(frozen=True, slots=True)
class StepLine:
    """The parts of the line, all as they are shown at the session's precision."""

    name: str
    """What the step gives: ∂L/∂w₅, with the number of its sample where there are several."""
    assigns: str
    """← where the name stands on both sides with two values, else =."""
    letters: str | None
    """The formula in letters; None where it is a constant, and says no more than the value."""
    numbers: str | None
    """The formula with the values that it reads; None where it is the value itself."""
    equals: str
    """= where the value is all there, ≈ where it is rounded."""
    value: str

    @property
    def text(self) -> str:
        """The whole line.

        Example:
            >>> StepLine("∂L/∂ŷ", "=", "2 · (ŷ − y)", "2 · (2.5 − 2)", "=", "1").text
            '∂L/∂ŷ = 2 · (ŷ − y) = 2 · (2.5 − 2) = 1'
        """
        formulas = " = ".join(formula for formula in (self.letters, self.numbers) if formula)
        if not formulas:
            return self.result
        return f"{self.name} {self.assigns} {formulas} {self.equals} {self.value}"

    @property
    def result(self) -> str:
        """The name and the value alone."""
        return f"{self.name} {self.equals} {self.value}"


def step_line(moment: Moment) -> StepLine:
    """The line of a moment's step."""
    step, number = moment.step, moment.session.step
    assert step is not None, "the start of an update has no line"
    digits = moment.session.digits
    value = moment.trace.value(number)

    def in_numbers(name: Name) -> str:
        return shown(moment.trace.value_of(number, name), digits)

    text = shown(value, digits)
    numbers = written(step.expression, "plain", in_numbers)
    return StepLine(
        quantity(moment.program, step),
        "←" if step.role in ("update", "state") else "=",
        None if isinstance(step.expression, Number) else letters(step.expression),
        None if numbers == text else numbers,
        equals(value, digits),
        text,
    )


def quantity(program: Program, step: Step) -> str:
    """What a step gives, by its symbol; of several samples, with the number of its own."""
    name = symbol("L" if step.role == "check" else step.name)
    return f"{name}{sample_mark(step.sample)}" if step.sample and len(program.samples) > 1 else name
