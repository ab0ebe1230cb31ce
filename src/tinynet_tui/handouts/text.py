"""A trace as plain text: one line per step, with its formula in letters, in numbers, and its value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby

from tinynet_tui.engine.steps import PHASES
from tinynet_tui.engine.trace import Trace
from tinynet_tui.handouts.blanks import Blanks
from tinynet_tui.handouts.formats import Writer
from tinynet_tui.handouts.rows import PLAIN, Pen, row_of
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.handouts.traces import traces
from tinynet_tui.lessons.foreign_text import one_line
from tinynet_tui.lessons.schema import setup_of

_WIDEST = 48
"""Cells: a longer formula is written in full, but does not push the columns of the others apart."""


_PHASE_WIDTH = max(map(len, PHASES))


def lines(sheet: Sheet, to_ascii: Writer | None) -> Iterator[str]:
    """One line per step: 1.5 forward z₃ = w₅ · h₁ + w₆ · h₂ + b₃ = 1 · 1.5 + 1 · 0.5 + 0.5 = 2.5."""
    write, pen = to_ascii or str, PLAIN.with_digits(sheet.digits)
    if sheet.student:
        yield write(f"Name: {one_line(sheet.student)}")
    blanks = Blanks(sheet.blank_every)
    for update in traces(setup_of(sheet.lesson), sheet.updates):
        numbers = sheet.shown.numbers(update.program)
        # Columns are aligned for one sample at a time, so that a large batch is never all in memory.
        for _, together in groupby(sheet.watched(update, numbers), key=partial(_sample, update)):
            rows = (_row(update, number, blanks, pen) for number in together)
            yield from _aligned([tuple(map(write, row)) for row in rows])
        blanks = blanks.after(update.program)


def _sample(trace: Trace, number: int) -> int | None:
    """The position in the batch of the sample that a step belongs to, if it has several."""
    return trace.program.place(number)[0] if len(trace.program.samples) > 1 else None


def _row(trace: Trace, number: int, blanks: Blanks, pen: Pen) -> tuple[str, ...]:
    """The parts of a step's line; a formula that says no more than the value is left out."""
    row = row_of(trace, number, blanks)
    last_place = f"{trace.start.update}.{len(trace.program)}"
    return (
        row.place.ljust(len(last_place)),
        row.step.phase.ljust(_PHASE_WIDTH),
        row.quantity(pen),
        *row.equals(pen),
    )


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Each row as one line, its parts under each other."""
    columns = list(zip(*rows, strict=True))[:-1]
    widths = [max((len(part) for part in column if len(part) <= _WIDEST), default=0) for column in columns]
    for row in rows:
        parts = [part.ljust(width) for part, width in zip(row, (*widths, 0), strict=True)]
        yield "  ".join(parts[:4]) + " " + " ".join(parts[4:])
