"""What a step comes to from other numbers than the true ones: those that somebody worked out before it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial

from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import Name, names_in
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.trace import Trace
from tinynet_tui.engine.training import forward, joined_loss


def steps_behind(program: Program, number: int, own: Container[int] = ()) -> list[int]:
    """The steps that a step's value comes from, the last first; behind the check are the updates.

    own: steps whose values are known, so that nothing behind them counts.
    """
    open_, found = [number], set[int]()
    while open_:
        new = set(_read_by(program, open_.pop())) - found
        found |= new
        open_ += (step for step in new if step not in own)
    return sorted(found, reverse=True)


def _read_by(program: Program, number: int) -> Iterator[int]:
    step = program.step(number)
    if step.role == "check":
        steps = [program.number(name) for name in program.model.parameter_names]
    else:
        steps = [program.assigned_at(name, number) for name in names_in(step.expression)]
    return (read for read in steps if read is not None)


def value_from(trace: Trace, number: int, own: Mapping[int, float], behind: Sequence[int]) -> float:
    """What a step comes to where some steps have own values, by their numbers.

    behind: the steps behind it, as `steps_behind` has them; in a large batch it takes long to find them.
    """
    program, values = trace.program, {step: own[step] for step in behind if step in own}

    def value_at(reader: int, name: Name) -> float:
        assigned = program.assigned_at(name, reader)
        return values[assigned] if assigned in values else trace.value_of(reader, name)

    first = min(values, default=number)
    for step in (*(step for step in reversed(behind) if step > first and step not in values), number):
        if program.step(step).role == "check":
            values[step] = _loss_after(trace, values)
        else:
            values[step] = value(program.step(step).expression, partial(value_at, step))
    return values[number]


def _loss_after(trace: Trace, values: Mapping[int, float]) -> float:
    """The loss of the batch with the parameters that an update's steps have as values."""
    program = trace.program
    parameters = tuple(
        after if number is None else values.get(number, after)
        for after, number in zip(
            trace.parameters_after, map(program.number, program.model.parameter_names), strict=True
        )
    )
    losses = [row[-1] for row in forward(trace.setup)(parameters)]
    return joined_loss(trace.setup, parameters, [losses[sample - 1] for sample in program.samples])
