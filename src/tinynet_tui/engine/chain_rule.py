"""The chain rule, written once for any program.

From the loss back: a quantity v passes its change on to every assignment u that reads it, so
∂L/∂v = Σ ∂L/∂u · ∂u/∂v. Each ∂u/∂v is a step of its own, and so is their sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tinynet_tui.engine.expressions import Expr, Name, add, apply, names_in
from tinynet_tui.engine.forward import Assignment, Forward, Parameter, Subject
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
    block: int | None
    """The position of the block that shows v; None for a parameter that the loss alone reads."""


def backward(forward: Forward) -> Iterator[Derivative]:
    """The derivatives of a forward pass, each after those that it reads.

    First the parameters that the loss alone reads; then the levels from the last to the first, their blocks
    in order, a block's assignments from its last to its first, and after them the parameters that it shows.
    """
    readers, in_loss = _readers(forward), {name.name for name in names_in(forward.loss)}
    shown = parameters_shown(forward)

    def derivatives(v: Assignment | Parameter, block: int | None) -> Iterator[Derivative]:
        """∂u/∂v for each u that reads v, and ∂L/∂v."""
        terms: list[Expr] = [derivative(forward.loss, v.name)] if v.name in in_loss else []
        for u in readers.get(v.name, ()):
            local = f"d{u.name}/d{v.name}"
            yield Derivative(local, "local", v.of, derivative(u.expression, v.name, Name(u.name)), block)
            terms.append(apply("multiply", Name(f"dL/d{u.name}"), Name(local)))
        yield Derivative(f"dL/d{v.name}", "gradient", v.of, add(*terms), block)

    for parameter in shown[None]:
        yield from derivatives(parameter, None)
    for position, block in forward.blocks_backward():
        for quantity in reversed(block.assignments):
            yield from derivatives(quantity, position)
        for parameter in shown[position]:
            yield from derivatives(parameter, position)


def _readers(forward: Forward) -> dict[str, list[Assignment]]:
    """For each name, the assignments that read it, in the order in which they are computed."""
    readers: dict[str, list[Assignment]] = {}
    for line in forward.assignments:
        for name in names_in(line.expression):
            readers.setdefault(name.name, []).append(line)
    return readers


def parameters_shown(forward: Forward) -> dict[int | None, list[Parameter]]:
    """For the position of each block, the parameters whose gradients follow those of its quantities.

    They stand in the order of reading. One that several blocks read is shown by the block that the backward
    pass reaches last; one that no block reads, under None.
    """
    by_name = {parameter.name: parameter for parameter in forward.parameters}
    last = {name: position for position, block in forward.blocks_backward() for name in block.names_read}
    shown: dict[int | None, list[Parameter]] = {
        position: [by_name[name] for name in block.names_read if name in by_name and last[name] == position]
        for position, block in enumerate(forward.blocks)
    }
    return {**shown, None: [parameter for parameter in forward.parameters if parameter.name not in last]}
