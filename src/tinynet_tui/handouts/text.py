"""A trace as plain text: one line per step, with its formula in letters, in numbers, and its value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.request import Request
from tinynet_tui.handouts.updates import HandoutUpdate, handout_updates
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.teaching.notation import PLAIN

_WIDEST = 48
"""Cells: a longer formula is written in full, but does not push the columns of the others apart."""

_PHASE_WIDTH = max(map(len, PHASES))


def lines(request: Request, to_ascii: Writer | None) -> Iterator[str]:
    """One line per step: 1.5 forward z₃ = w₅ · h₁ + w₆ · h₂ + b₃ = 1 · 1.5 + 1 · 0.5 + 0.5 = 2.5."""
    write = to_ascii or str
    if request.student:
        yield write(f"Name: {one_line(request.student)}")
    for update in handout_updates(request):
        program = update.trace.program
        # Columns are aligned for one sample at a time, so that a large batch is never all in memory.
        for _, together in groupby(update.step_numbers(), key=lambda n: _sample(program, n)):
            yield from _aligned([tuple(map(write, _cells(update, number))) for number in together])


def _sample(program: Program, number: int) -> int | None:
    """The position in the batch of the sample that a step belongs to, if it has several."""
    return program.place(number)[0] if len(program.samples) > 1 else None


def _cells(update: HandoutUpdate, number: int) -> tuple[str, ...]:
    """The parts of a step's line; a formula that says no more than the value is empty."""
    program, at = update.trace.program, update.trace.start.update
    return (
        f"{at}.{number}".ljust(len(f"{at}.{len(program)}")),
        program.step(number).phase.ljust(_PHASE_WIDTH),
        *update.line(number, PLAIN).parts,
    )


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Each row as one line, its parts under each other."""
    columns = list(zip(*rows, strict=True))[:-1]
    widths = [max((len(part) for part in column if len(part) <= _WIDEST), default=0) for column in columns]
    for row in rows:
        parts = [part.ljust(width) for part, width in zip(row, (*widths, 0), strict=True)]
        yield "  ".join(parts[:4]) + " " + " ".join(parts[4:])
