"""The updates of a handout: traced one after another, with their lines and with what is left out of them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tinynet_tui.engine.expressions import ONE, Apply, Name, names_in
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import state_names
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.teaching.notation import Notation
from tinynet_tui.teaching.step_line import StepLine, line_of

_STEPS_PER_TELLING = 100
"""Steps between two calls of the watch: some milliseconds."""


def traces(setup: Setup, updates: int) -> Iterator[Trace]:
    """The traces of the first updates, each when it is asked for."""
    point = first_point(setup)
    for done in range(updates):
        point = trained(setup, point, 1) if done else point
        yield trace(setup, point)


class Blanks(Struct, frozen=True):
    """The blanks of one update."""

    every: int | None = None
    """Every n-th result is blank; None: none is."""
    carried: frozenset[str] = frozenset()
    """Parameters and optimiser state whose values at the start the update before has left out."""

    def at(self, program: Program, number: int | None) -> bool:
        """Whether the result of a step (from 1) is left out; of no step, and of what is given, never.

        So is that of a step which only repeats one that is left out: ∂z₃/∂w₆ = h₂ would tell h₂.
        """
        if number is None or self.every is None or program.step(number).is_given:
            return False
        repeated = _repeated(program, number)
        return number % self.every == 0 or (repeated is not None and self.hide(program, number, repeated))

    def hide(self, program: Program, reader: int, name: Name) -> bool:
        """Whether what a step reads under a name is left out.

        What the check computes anew is left out with its result.
        """
        if self.every is None:
            return False
        source = program.assigned_at(name, reader)
        if source is not None:
            return self.at(program, source)
        if reader == len(program) and program.sample_position(name.name) is not None:
            return self.at(program, reader)
        return name.name in self.carried

    def after(self, program: Program) -> Blanks:
        """The blanks of the next update."""
        kept = (*program.model.parameter_names, *state_names(program.model))
        return Blanks(self.every, frozenset(name for name in kept if self.at(program, program.number(name))))


class HandoutUpdate(Struct, frozen=True):
    """One update with its numbers, and what is left out of it; nothing else may give that away."""

    request: Request
    trace: Trace
    blanks: Blanks

    def step_numbers(self) -> Iterator[int]:
        """The numbers (from 1) of its steps that are shown, each when it is written: the watch is told."""
        numbers = self.request.shown.numbers(self.trace.program)
        for index, number in enumerate(numbers):
            if index % _STEPS_PER_TELLING == 0:
                done = self.trace.start.update - 1 + index / len(numbers)
                self.request.watch(done / self.request.updates)
            yield number

    def is_blank(self, number: int | None) -> bool:
        """Whether the result of a step is left out; of no step, never."""
        return self.blanks.at(self.trace.program, number)

    def gaps(self, number: int) -> list[Name]:
        """The names that a step reads whose values are left out."""
        if self.blanks.every is None:
            return []
        program = self.trace.program
        names = names_in(self.trace.step(number).expression)
        return [name for name in names if self.blanks.hide(program, number, name)]

    def line(self, number: int, notation: Notation) -> StepLine:
        """The line of a step, with its blanks."""
        mark = self.trace.program.step(number).sample if len(self.trace.setup.inputs) > 1 else None
        digits, gaps = self.request.digits, self.gaps(number)
        return line_of(self.trace, number, digits, mark, notation, gaps, self.is_blank(number))


def handout_updates(request: Request) -> Iterator[HandoutUpdate]:
    """The updates that are asked for, each traced when its turn comes."""
    blanks = Blanks(request.blank_every)
    here = request.here
    for update in traces(setup_of(request.lesson), request.updates) if here is None else (here.trace,):
        yield HandoutUpdate(request, update, blanks)
        blanks = blanks.after(update.program)


def _repeated(program: Program, number: int) -> Name | None:
    """The name whose value a step always repeats: it stands alone, or only ever times 1."""
    match program.step(number).expression:
        case Name() as name:
            return name
        case Apply("multiply", (Name() as left, Name() as right)):
            factor = program.assigned_at(right, number)
            return left if factor and program.step(factor).expression == ONE else None
    return None
