"""A step as one line, in parts: its name, its formula in letters and in numbers, its value.

This is the only place where the line of a step of a trace is made: for the screen, the clipboard, the walk,
the tour, hints and every handout. The steps of a wrong way are none of a trace.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from tinynet_tui.engine.expression_reading import Piece, pieces, terms_of, value
from tinynet_tui.engine.expressions import Apply, Name, Number, apply, names_in
from tinynet_tui.engine.names import sample_mark, symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.trace import Trace
from tinynet_tui.teaching.equation import equation, sign_before
from tinynet_tui.teaching.notation import PLAIN, Notation
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.sample_or_batch import belongs_to_a_sample, letter_in

if TYPE_CHECKING:
    from tinynet_tui.session.moment import Moment


class StepLine(NamedTuple):
    """The parts of the line, all as they are shown at a precision."""

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
    """The value, or the blank for it."""
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
        return " ".join(filter(None, self.parts))

    @property
    def in_letters(self) -> str:
        """The name and the formula in letters; empty where it is a constant."""
        return f"{self.name} {self.assigns} {self.letters}" if self.letters else ""

    @property
    def in_numbers(self) -> str:
        """The name and the formula with the values that it reads; empty where it is the value itself."""
        return f"{self.name} {self.assigns} {self.numbers}" if self.numbers else ""

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """The name, "= letters", "= numbers" and "= value"; one that says nothing is empty."""
        return (
            self.name,
            f"{self.assigns} {self.letters}" if self.letters else "",
            f"{self.reads} {self.numbers}" if self.numbers else "",
            f"{self.equals} {self.value}",
        )

    @property
    def sides(self) -> tuple[str, ...]:
        """The whole line, each side of a sign of equality a line of its own below the first."""
        name, *sides = self.parts
        first, *rest = filter(None, sides)
        return (f"{name} {first}", *(f"{' ' * len(name)} {side}" for side in rest))

    @property
    def result(self) -> str:
        """The name and the value alone."""
        return f"{self.name} {self.whole} {self.value}"


def step_line(moment: "Moment") -> StepLine:
    """The line of a moment's step."""
    step, program = moment.step, moment.program
    assert step is not None, "the start of an update has no line"
    mark = step.sample if len(program.samples) > 1 else None
    return line_of(moment.trace, moment.session.step, moment.session.digits, mark)


def line_of(
    trace: Trace,
    number: int,
    digits: int,
    mark: int | None,
    notation: Notation = PLAIN,
    gaps: Collection[Name] = (),
    is_blank: bool = False,
) -> StepLine:
    """The line of a step (from 1) of an update, with `digits` significant digits.

    mark: the sample that its quantities bear the number of; gaps: the names whose values are to be filled in;
    is_blank: whether its own value is.
    """
    step = trace.step(number)
    expression = step.expression

    def value_of(name: Name) -> float:
        return trace.value_of(number, name)

    def letter_of(name: Name) -> str:
        is_marked = mark and belongs_to_a_sample(trace.program, name)
        return notation.name(name._replace(sample=mark) if is_marked else name)

    def number_of(name: Name) -> str:
        return notation.gap if name in gaps else notation.number(came.number(value_of(name)))

    came = equation(expression, value_of, trace.value(number), digits)
    shown_reads = [value_of(name) for name in names_in(expression) if name not in gaps]
    numbers = notation.expression(expression, number_of)
    value = notation.blank if is_blank else notation.number(came.value)
    is_value = not isinstance(expression, Apply) or numbers == value
    whole = "=" if is_blank else came.whole
    return StepLine(
        notation.name(Name(step.quantity, mark)),
        notation.sign(step.assigns),
        None if isinstance(expression, Number) else notation.expression(expression, letter_of),
        notation.sign(sign_before(shown_reads, came.digits)),
        None if is_value else numbers,
        notation.sign(whole if is_value or is_blank or gaps else came.sign),
        value,
        notation.sign(whole),
        came.digits,
    )


def aligned_pieces(moment: "Moment", line: StepLine) -> tuple[tuple[Piece, Piece], ...]:
    """The formula of a moment's step part by part: in letters, and the same part in numbers."""
    step, number = moment.step, moment.session.step
    assert step is not None, "the start of an update has no formula"
    letters = pieces(step.expression, "plain", letter_in(moment.program, step.sample))
    numbers = pieces(
        step.expression, "plain", lambda name: shown(moment.trace.value_of(number, name), line.digits)
    )
    return tuple(zip(letters, numbers, strict=True))


def parts_of_loss(moment: "Moment") -> str:
    """What a known loss adds up, a part for each of several outputs: = 1 + 4; else empty."""
    step, loss = moment.program.sample_step("L"), moment.displayed("L")
    terms = terms_of(step.expression) if step is not None else ()
    if loss is None or len(terms) < 2:
        return ""

    def value_of(name: Name) -> float:
        found = moment.displayed(name.name)
        assert found is not None, "what a known loss reads is known"
        return found

    parts = {f"part {n}": value(term, value_of) for n, term in enumerate(terms)}
    came = equation(
        apply("add", *map(Name, parts)), lambda part: parts[part.name], loss, moment.session.digits
    )
    return f"{came.sign} {' + '.join(map(came.number, parts.values()))}"


def quantity(program: Program, step: Step) -> str:
    """What a step gives, by its symbol; of several samples, with the number of its own."""
    name = symbol(step.quantity)
    return f"{name}{sample_mark(step.sample)}" if step.sample and len(program.samples) > 1 else name
