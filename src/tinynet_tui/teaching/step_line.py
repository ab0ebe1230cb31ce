"""A step as one line of plain text, in parts: its name, its formula in letters and in numbers, its value."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.expressions import Name, Number
from tinynet_tui.engine.names import sample_mark, symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.walks import written
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.of_samples import letter_in


@dataclass(frozen=True, slots=True)
class StepLine:
    """The parts of the line, all as they are shown at the session's precision."""

    name: str
    """What the step gives: ∂L/∂w₅, with the number of its sample where there are several."""
    assigns: str
    """← where the name stands on both sides with two values, else =."""
    letters: str | None
    """The formula in letters; None where it is a constant, and says no more than the value."""
    reads: str
    """Between letters and numbers: = where these are all there, ≈ where one of them is rounded."""
    numbers: str | None
    """The formula with the values that it reads; None where it is the value itself."""
    equals: str
    """= where the shown numbers, worked out exactly, are the shown value; else ≈."""
    value: str
    whole: str
    """Between name and value: = where nothing has been rounded on the way, else ≈."""
    digits: int
    """Significant digits of the values that it reads."""

    @property
    def text(self) -> str:
        """The whole line.

        Example:
            >>> StepLine("∂L/∂ŷ", "=", "2 · (ŷ − y)", "≈", "2 · (2.425 − 2)", "=", "0.85", "≈", 4).text
            '∂L/∂ŷ = 2 · (ŷ − y) ≈ 2 · (2.425 − 2) = 0.85'
        """
        return " ".join(side.strip() for side in self.sides)

    @property
    def sides(self) -> tuple[str, ...]:
        """The whole line, each side of a sign of equality a line of its own below the first."""
        if not (self.letters or self.numbers):
            return (self.result,)
        sides = [(self.assigns, self.letters), (self.reads, self.numbers), (self.equals, self.value)]
        first, *rest = [f"{sign} {formula}" for sign, formula in sides if formula]
        return (f"{self.name} {first}", *(f"{' ' * len(self.name)} {side}" for side in rest))

    @property
    def result(self) -> str:
        """The name and the value alone."""
        return f"{self.name} {self.whole} {self.value}"


def step_line(moment: Moment) -> StepLine:
    """The line of a moment's step."""
    step, number = moment.step, moment.session.step
    assert step is not None, "the start of an update has no line"
    value = moment.trace.value(number)

    def value_of(name: Name) -> float:
        return moment.trace.value_of(number, name)

    came = equation(step.expression, value_of, value, moment.session.digits)
    in_letters = letter_in(moment.program, step.sample)
    numbers = written(step.expression, "plain", lambda name: came.number(value_of(name)))
    is_value = numbers == came.value
    return StepLine(
        quantity(moment.program, step),
        step.assigns,
        None if isinstance(step.expression, Number) else written(step.expression, "plain", in_letters),
        came.reads,
        None if is_value else numbers,
        came.whole if is_value else came.sign,
        came.value,
        came.whole,
        came.digits,
    )


def quantity(program: Program, step: Step) -> str:
    """What a step gives, by its symbol; of several samples, with the number of its own."""
    name = symbol(step.quantity)
    return f"{name}{sample_mark(step.sample)}" if step.sample and len(program.samples) > 1 else name
