"""The chain rule, written once for any program.

From the loss back: a quantity v passes its change on to every assignment u that reads it, so
∂L/∂v = Σ ∂L/∂u · ∂u/∂v. Each ∂u/∂v is a step of its own, and so is their sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tinynet_tui.engine.expressions import Expr, Name, add, apply, names_in
from tinynet_tui.engine.forward import Assignment, Block, Forward, Parameter, Subject
from tinynet_tui.engine.walks import derivative


@dataclass(frozen=True, slots=True)
class Derivative:
    """One step back: a local derivative ∂u/∂v, or the gradient of the loss by v."""

    name: str
    """"dz3/dw5", "dL/dw5"."""
    role: Literal["local", "gradient"]
    of: Subject
    """v."""
    expression: Expr


def backward(forward: Forward) -> Iterator[Derivative]:
    """The derivatives of a forward pass, each after those that it reads.

    First the parameters that the loss alone reads; then the levels from the last to the first, their blocks
    in order, a block's assignments from its last to its first, and after them the parameters that it shows.
    """
    readers, in_loss = _readers(forward), {name.name for name in names_in(forward.loss)}

    def derivatives(v: str, of: Subject) -> Iterator[Derivative]:
        """∂u/∂v for each u that reads v, and ∂L/∂v."""
        terms: list[Expr] = [derivative(forward.loss, v)] if v in in_loss else []
        for u in readers.get(v, ()):
            local = f"d{u.name}/d{v}"
            yield Derivative(local, "local", of, derivative(u.expression, v, result=Name(u.name)))
            terms.append(apply("multiply", Name(f"dL/d{u.name}"), Name(local)))
        yield Derivative(f"dL/d{v}", "gradient", of, add(*terms))

    shown = _parameters_shown(forward)
    for parameter in forward.parameters:
        if parameter.name not in readers:
            yield from derivatives(parameter.name, parameter.of)
    for block in _blocks_backward(forward):
        for line in reversed(block.assignments):
            yield from derivatives(line.name, line.of)
        for parameter in shown[block]:
            yield from derivatives(parameter.name, parameter.of)


def _blocks_backward(forward: Forward) -> Iterator[Block]:
    return (block for level in reversed(forward.levels) for block in level)


def _readers(forward: Forward) -> dict[str, list[Assignment]]:
    """For each name, the assignments that read it, in the order in which they are computed."""
    readers: dict[str, list[Assignment]] = {}
    for line in forward.assignments:
        for name in names_in(line.expression):
            readers.setdefault(name.name, []).append(line)
    return readers


def _parameters_shown(forward: Forward) -> dict[Block, list[Parameter]]:
    """For each block, the parameters whose gradients follow those of its quantities, in the order of reading.

    One that several blocks read is shown by the block that the backward pass reaches last.
    """
    by_name = {parameter.name: parameter for parameter in forward.parameters}
    last = {name: block for block in _blocks_backward(forward) for name in block.names_read}
    return {
        block: [by_name[name] for name in block.names_read if name in by_name and last[name] is block]
        for block in _blocks_backward(forward)
    }
