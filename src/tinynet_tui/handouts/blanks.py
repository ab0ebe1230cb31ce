"""Which results a worksheet leaves out, and what else must not be told because it would give them away."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.expressions import ONE, Apply, Name
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import state_names
from tinynet_tui.networks.dense import dense_model, parameters_of


@dataclass(frozen=True, slots=True)
class Blanks:
    """The blanks of one update."""

    every: int | None = None
    """Every n-th result is blank; None: none is."""
    carried: frozenset[str] = frozenset()
    """Parameters and optimizer state whose values at the start the update before has left out."""

    def at(self, program: Program, number: int | None) -> bool:
        """Whether the result of a step (from 1) is left out; of no step, never.

        So is that of a step which only repeats one that is left out: ∂z₃/∂w₆ = h₂ would tell h₂.
        """
        if number is None or self.every is None:
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
        network = program.model.source
        kept = (*(p.name for p in parameters_of(network)), *state_names(dense_model(network)))
        return Blanks(self.every, frozenset(name for name in kept if self.at(program, program.number(name))))


def _repeated(program: Program, number: int) -> Name | None:
    """The name whose value a step always repeats: it stands alone, or only ever times 1."""
    match program.step(number).expression:
        case Name() as name:
            return name
        case Apply("multiply", (Name() as left, Name() as right)):
            factor = program.assigned_at(right, number)
            return left if factor and program.step(factor).expression == ONE else None
    return None
