"""The columns of the sheet, in a width."""

from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.drawing.given_numbers import given_cells
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.program_lines import ProgramLines, lines_of
from tinynet_tui.engine.model import Model
from tinynet_tui.teaching.numbers import CELL

MARGIN = 5
"""Cells before the names, for the way from what reads to what is read."""
_BETWEEN = 2
"""Cells between the lines and the given numbers beside them."""
_LEAST_FORMULA = 26
"""Cells that a longer formula keeps of itself beside the given numbers."""


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

    def across(self, width: int) -> int:
        """How many given numbers fit beside each other."""
        return max(1, width // self.given)


@lru_cache(maxsize=64)
def columns_of(model: Model, look: Look, width: int, number: int) -> Columns:
    """The columns in a width, for numbers that would like to have some cells.

    Given numbers stand beside the lines where there is room, and very long formulas are cut there.
    """
    lines = lines_of(model, look)
    for cells in (number, CELL):
        fixed, given = _lines_without_formula(lines, cells), given_cells(model, look, cells)
        least = min(lines.formulas, _LEAST_FORMULA) if cells == CELL else lines.formulas
        beside = width - given - _BETWEEN - fixed
        if beside >= least:
            formula = min(lines.formulas, beside)
            return Columns(formula, cells, fixed + formula, given, True)
    cells = number if _lines_without_formula(lines, number) + lines.formulas <= width else CELL
    fixed = _lines_without_formula(lines, cells)
    formula = max(0, min(lines.formulas, width - fixed))
    return Columns(formula, cells, fixed + formula, given_cells(model, look, cells), False)


def _lines_without_formula(lines: ProgramLines, number: int) -> int:
    """Margin, name and sign, value, sign and gradient, each with a blank before it."""
    return MARGIN + lines.names + 3 + 1 + number + 3 + number
