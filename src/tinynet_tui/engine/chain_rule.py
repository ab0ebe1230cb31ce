"""The chain rule, once for any program: ∂L/∂v = Σ ∂L/∂u · ∂u/∂v, over the assignments u that read v."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tinynet_tui.engine.expression_reading import derivative
from tinynet_tui.engine.expressions import Expr, Name, add, apply, names_in
from tinynet_tui.engine.forward import Assignment, Block, Forward, Parameter, Subject


class Derivative(NamedTuple):
    """One step back: a local derivative ∂u/∂v (dz3/dw5) or a gradient ∂L/∂v (dL/dw5)."""

    name: str
    role: Literal["local", "gradient"]
    of: Subject
    """What v is."""
    expression: Expr
    block: int | None
    """The position of the block that shows v; None for a parameter that the loss alone reads."""


def backward(forward: Forward) -> Iterator[Derivative]:
    """The derivatives of a forward pass, each after those that it reads; none of what counts as a constant.

    First the parameters that the loss alone reads; then the levels from the last to the first, their blocks
    in order, a block's assignments from its last to its first, and after them the parameters that it shows.
    """
    readers, in_loss = _readers(forward), {name.name for name in names_in(forward.loss)}
    shown, blocks = parameters_shown(forward), forward.blocks

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
    for position in _backward_order(forward):
        lines: list[Assignment | Parameter] = [q for q in blocks[position].assignments if not q.is_constant]
        for v in (*reversed(lines), *shown[position]):
            yield from derivatives(v, position)


def _backward_order(forward: Forward) -> list[int]:
    """The positions of the blocks in the order in which gradients reach them; of a level, in its own."""
    return sorted(range(len(forward.blocks)), key=forward.level_of_block.__getitem__, reverse=True)


def _readers(forward: Forward) -> dict[str, list[Assignment]]:
    """For each name, the assignments that read it, in their order, but for those that count as constants."""
    readers: dict[str, list[Assignment]] = {}
    for line in forward.assignments:
        if line.is_constant:
            continue
        for name in names_in(line.expression):
            readers.setdefault(name.name, []).append(line)
    return readers


def parameters_shown(forward: Forward) -> dict[int | None, list[Parameter]]:
    """For the position of each block, the parameters whose gradients follow those of its quantities.

    One that several blocks read belongs to the block that is reached last; one that none reads is under None.
    """
    by_name = {parameter.name: parameter for parameter in forward.parameters}
    reads = [_names_read(block) for block in forward.blocks]
    last = {name: position for position in _backward_order(forward) for name in reads[position]}
    shown: dict[int | None, list[Parameter]] = {None: [p for p in forward.parameters if p.name not in last]}
    for position, names in enumerate(reads):
        shown[position] = [by_name[n] for n in names if n in by_name and last[n] == position]
    return shown


def _names_read(block: Block) -> dict[str, None]:
    """The names that a block's assignments read, each once, in the order of reading."""
    return dict.fromkeys(name.name for line in block.assignments for name in names_in(line.expression))
