"""A trace as plain text: one line per step, with its formula in letters, in numbers, and its value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.names import sample_mark, symbol
from tinynet_tui.engine.network import Setup
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.engine.trace import Trace
from tinynet_tui.engine.walks import letters, written
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.traces import traces
from tinynet_tui.teaching.numbers import equals, shown

DECIMALS = 8
"""A number that has more is rounded to these, and stands after ≈."""

_WIDEST = 48
"""Cells: a longer formula is written in full, but does not push the columns of the others apart."""


_PHASE_WIDTH = max(map(len, PHASES))


def lines(setup: Setup, updates: int, to_ascii: Writer | None) -> Iterator[str]:
    """One line per step: 1.5 forward z₃ = w₅ · h₁ + w₆ · h₂ + b₃ = 1 · 1.5 + 1 · 0.5 + 0.5 = 2.5."""
    for update in traces(setup, updates):
        numbers = range(1, len(update.program) + 1)
        # Columns are aligned for one sample at a time, so that a large batch is never all in memory.
        for _, together in groupby(numbers, key=partial(_sample, update)):
            rows = [_row(update, number) for number in together]
            yield from _aligned([tuple(map(to_ascii, row)) for row in rows] if to_ascii else rows)


def _sample(trace: Trace, number: int) -> int | None:
    """The position in the batch of the sample that a step belongs to, if it has several."""
    return trace.program.place(number)[0] if len(trace.program.samples) > 1 else None


def _row(trace: Trace, number: int) -> tuple[str, ...]:
    """The parts of a step's line; a formula that says no more than the value is left out."""
    step = trace.program.step(number)
    value = trace.value(number)
    text = shown(value, DECIMALS)
    mark = sample_mark(step.sample) if step.sample and len(trace.setup.inputs) > 1 else ""
    in_letters = letters(step.expression)
    in_numbers = written(step.expression, "plain", partial(_number, trace, number))
    assigns = "←" if step.role in ("update", "state") else "="
    last_place = f"{trace.start.update}.{len(trace.program)}"
    return (
        f"{trace.start.update}.{number}".ljust(len(last_place)),
        step.phase.ljust(_PHASE_WIDTH),
        symbol(step.name) + mark,
        f"{assigns} {in_letters}" if in_letters != text else assigns if assigns == "←" else "",
        f"= {in_numbers}" if in_numbers not in (text, in_letters) else "",
        f"{equals(value, DECIMALS)} {text}",
    )


def _number(trace: Trace, number: int, name: Name) -> str:
    return shown(trace.value_of(number, name), DECIMALS)


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Each row as one line, its parts under each other."""
    columns = list(zip(*rows, strict=True))[:-1]
    widths = [max((len(part) for part in column if len(part) <= _WIDEST), default=0) for column in columns]
    for row in rows:
        parts = [part.ljust(width) for part, width in zip(row, (*widths, 0), strict=True)]
        yield "  ".join(parts[:4]) + " " + " ".join(parts[4:])
