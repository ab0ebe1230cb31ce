"""A program as lines: its assignments and its loss, in the letters of a screen, and what each reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.engine.expression_reading import Piece, letter, pieces
from tinynet_tui.engine.expressions import Expr, names_in
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol


class ProgramLine(NamedTuple):
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
class ProgramLines:
    """All lines of a program and the headings of its levels, from the top."""

    rows: tuple[ProgramLine | str, ...]
    row_of: dict[str, int]
    """The row of each quantity and of the loss."""
    readers: dict[str, tuple[str, ...]]
    """The names of the lines that read a name."""
    names: int
    """Cells of the longest symbol of a line."""
    formulas: int
    """Cells of the longest formula."""

    def depending_on(self, name: str) -> frozenset[str]:
        """The lines on the paths from a name to the loss."""
        return _depending(self, name)


@lru_cache(maxsize=16)
def lines_of(model: Model, look: Look) -> ProgramLines:
    """The lines of a model as they are written in a look."""
    rows = tuple(_rows(model, look))
    lines = tuple(row for row in rows if isinstance(row, ProgramLine))
    readers: dict[str, list[str]] = {}
    for line in lines:
        for name in line.reads:
            readers.setdefault(name, []).append(line.name)
    return ProgramLines(
        rows,
        {row.name: number for number, row in enumerate(rows) if isinstance(row, ProgramLine)},
        {name: tuple(found) for name, found in readers.items()},
        max(len(line.symbol) for line in lines),
        max(line.cells for line in lines),
    )


def _rows(model: Model, look: Look) -> Iterator[ProgramLine | str]:
    """Each level below its title, or else each block below its own."""
    heading = ""
    for number, level in enumerate(model.forward.levels):
        for block in level:
            title = level_title(model, number) or block.title
            if title and title != heading:
                yield look.say(title)
            heading = title
            for line in block.assignments:
                yield _line(line.name, line.expression, look)
    if heading:
        yield "loss"
    yield _line("L", model.forward.loss, look)


def level_title(model: Model, level: int) -> str:
    """What a level is called; "" where it has no name."""
    titles = model.forward.level_titles
    return titles[level] if titles else ""


def _line(name: str, expression: Expr, look: Look) -> ProgramLine:
    formula = tuple(
        piece._replace(text=look.say(piece.text)) for piece in pieces(expression, "plain", letter)
    )
    return ProgramLine(name, look.say(symbol(name)), formula, frozenset(n.name for n in names_in(expression)))


@lru_cache(maxsize=16)
def _depending(lines: ProgramLines, name: str) -> frozenset[str]:
    found: set[str] = set()
    coming = list(lines.readers.get(name, ()))
    while coming:
        reader = coming.pop()
        if reader not in found:
            found.add(reader)
            coming += lines.readers.get(reader, ())
    return frozenset(found)
