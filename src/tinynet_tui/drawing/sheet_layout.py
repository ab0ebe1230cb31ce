"""What stands where on the sheet: the lines of a program, what each reads, and the columns they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.engine.expressions import Expr, names_in
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import Piece, letter, pieces
from tinynet_tui.session.history import editable_names
from tinynet_tui.teaching.numbers import CELL

MARGIN = 5
"""Cells before the names, for the way from what reads to what is read."""
_BETWEEN = 2
"""Cells between the lines and the given numbers beside them."""
_LEAST_FORMULA = 30
"""Cells that a longer formula keeps of itself beside the given numbers."""


class Line(NamedTuple):
    """An assignment of the forward pass, or the loss."""

    name: str
    symbol: str
    """As it stands on screen."""
    formula: tuple[Piece, ...]
    """In letters, as on screen."""
    reads: frozenset[str]

    @property
    def cells(self) -> int:
        """How many its formula fills."""
        return sum(len(piece.text) for piece in self.formula)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """All lines of a program and the headings of its levels, from the top."""

    rows: tuple[Line | str, ...]
    row_of: dict[str, int]
    """The row of each quantity and of the loss."""
    readers: dict[str, tuple[str, ...]]
    """The names of the lines that read a name."""
    names: int
    """Cells of the longest symbol of a line."""
    formulas: int
    """Cells of the longest formula."""
    given: tuple[str, ...]
    """The parameters, inputs and targets."""
    given_names: int
    """Cells of the longest of their symbols."""

    def depending_on(self, name: str) -> frozenset[str]:
        """The lines on the paths from a name to the loss."""
        return _depending(self, name)


@lru_cache(maxsize=16)
def sheet_of(model: Model, look: Look) -> Sheet:
    """The sheet of a model as it is written in a look."""
    rows = tuple(_rows(model, look))
    lines = [row for row in rows if isinstance(row, Line)]
    readers: dict[str, list[str]] = {}
    for line in lines:
        for name in line.reads:
            readers.setdefault(name, []).append(line.name)
    given = editable_names(model)
    return Sheet(
        rows,
        {row.name: number for number, row in enumerate(rows) if isinstance(row, Line)},
        {name: tuple(found) for name, found in readers.items()},
        max(len(line.symbol) for line in lines),
        max(line.cells for line in lines),
        given,
        max((len(look.symbol(name)) for name in given), default=0),
    )


def _rows(model: Model, look: Look) -> Iterator[Line | str]:
    heading = ""
    for level in model.forward.levels:
        for block in level:
            if block.title and block.title != heading:
                yield look.say(block.title)
            heading = block.title
            for line in block.assignments:
                yield _line(line.name, line.expression, look)
    if heading:
        yield "loss"
    yield _line("L", model.forward.loss, look)


def _line(name: str, expression: Expr, look: Look) -> Line:
    formula = tuple(
        piece._replace(text=look.say(piece.text)) for piece in pieces(expression, "plain", letter)
    )
    return Line(name, look.say(symbol(name)), formula, frozenset(n.name for n in names_in(expression)))


@lru_cache(maxsize=16)
def _depending(sheet: Sheet, name: str) -> frozenset[str]:
    found: set[str] = set()
    coming = list(sheet.readers.get(name, ()))
    while coming:
        reader = coming.pop()
        if reader not in found:
            found.add(reader)
            coming += sheet.readers.get(reader, ())
    return frozenset(found)


class Columns(NamedTuple):
    """The cells of the sheet's columns."""

    formula: int
    number: int
    lines: int
    """Of the lines in all, their margin included."""
    given: int
    """Of one given number with its gradient."""
    is_beside: bool
    """Whether the given numbers stand beside the lines, not above them."""


@lru_cache(maxsize=64)
def columns_of(sheet: Sheet, width: int, number: int) -> Columns:
    """The columns in a width, for numbers that would like to have some cells.

    Given numbers stand beside the lines where there is room, and very long formulas are cut there.
    """
    for cells in (number, CELL):
        fixed, given = _lines_without_formula(sheet, cells), _given(sheet, cells)
        beside = width - given - _BETWEEN - fixed
        if sheet.given and beside >= min(sheet.formulas, _LEAST_FORMULA if cells == CELL else sheet.formulas):
            formula = min(sheet.formulas, beside)
            return Columns(formula, cells, fixed + formula, given, True)
    cells = number if _lines_without_formula(sheet, number) + sheet.formulas <= width else CELL
    fixed = _lines_without_formula(sheet, cells)
    formula = max(0, min(sheet.formulas, width - fixed))
    return Columns(formula, cells, fixed + formula, _given(sheet, cells), False)


def _lines_without_formula(sheet: Sheet, number: int) -> int:
    """Margin, name and sign, value, sign and gradient, each with a blank before it."""
    return MARGIN + sheet.names + 3 + 1 + number + 3 + number


def _given(sheet: Sheet, number: int) -> int:
    """Name, value, sign and gradient, with blanks around."""
    return 1 + sheet.given_names + 1 + number + 3 + number


class Room(NamedTuple):
    """Where lines and given numbers stand in a height."""

    given_x: int
    given_rows: int
    """Rows of given numbers in sight."""
    given_across: int
    """How many stand in a row."""
    first: int
    """The row of the lines' first, below the given numbers that stand above."""
    rows: int
    """The rows of the lines."""


def room_of(sheet: Sheet, columns: Columns, width: int, height: int, has_heading: bool) -> Room:
    """Where the parts stand; has_heading: a row above the given numbers says what their gradients are of."""
    if not sheet.given:
        return Room(0, 0, 1, 0, height)
    if columns.is_beside:
        x = width - columns.given
        return Room(x, height, 1, 0, height)
    across = max(1, width // columns.given)
    wanted = -(-len(sheet.given) // across) + has_heading
    left = height - len(sheet.rows) - 1
    rows = min(wanted, max(left, height // 3, 1))
    return Room(0, rows, across, rows + 1, max(0, height - rows - 1))
