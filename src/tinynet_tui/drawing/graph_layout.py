"""Where the parts of a program's graph stand: blocks as boxes, a column for each level."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from tinynet_tui.drawing.given_numbers import given_cells, places_cells
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.program_lines import ProgramLine, level_title, lines_of
from tinynet_tui.engine.model import Model
from tinynet_tui.teaching.numbers import CELL

_GAPS = (8, 6, 4)
"""Cells between two columns, from wide to narrow; edges need them."""
_MOST_GAP = 14
"""Cells: wider gaps would show nothing more."""


class BoxForm(NamedTuple):
    """How much a box shows of its quantities, and how."""

    is_framed: bool
    is_stacked: bool
    """Whether the gradient stands below the value, not beside it."""

    def rows(self, line: ProgramLine) -> int:
        """The rows of one quantity; the loss has no gradient."""
        return 1 + (self.is_stacked and line.name != "L")


_FORMS = (BoxForm(True, False), BoxForm(True, True), BoxForm(False, False), BoxForm(False, True))
"""The first is taken that fits."""


class BlockBox(NamedTuple):
    """A block, or the loss."""

    column: int
    """Its level, from 0; that of the loss comes last."""
    x: int
    y: int
    width: int
    height: int
    title: str
    lines: tuple[ProgramLine, ...]


class Edge(NamedTuple):
    """A way from a quantity, or a given number, to a line of another box that reads it."""

    source: str
    reader: str


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """The whole graph; it may need more room than there is."""

    form: BoxForm
    number: int
    given: int
    """Cells of the given numbers before the first column."""
    places: int
    """Cells of these for the lines that read them."""
    boxes: tuple[BlockBox, ...]
    columns: tuple[tuple[int, int], ...]
    """(x, width) of each."""
    edges: tuple[Edge, ...]
    place: dict[str, tuple[BlockBox, int]]
    """For each quantity, its box and the row of its value."""
    width: int
    height: int
    fits: bool
    """Whether it is whole in its room."""

    def lane(self, column: int, y: float) -> float:
        """The row next to another one where a line can cross a column without touching a box."""
        taken = {
            row for box in self.boxes if box.column == column for row in range(box.y, box.y + box.height)
        }
        free = [row for row in range(self.height) if row not in taken]
        return min(free, key=lambda row: (abs(row - y), row))


@lru_cache(maxsize=32)
def graph_of(model: Model, look: Look, width: int, height: int, number: int) -> Graph:
    """The graph in the fullest form that fits a room; if none does, one that fits its width; else stacked."""
    places_or_none = dict.fromkeys((places_cells(model, look), 0))
    for cells, form, places, gap in product(dict.fromkeys((number, CELL)), _FORMS, places_or_none, _GAPS):
        graph = _laid_out(model, look, (width, height), cells, form, gap, places)
        if graph.fits:
            return graph
    cut = [_laid_out(model, look, (width, height), CELL, form, _GAPS[-1], 0) for form in _FORMS]
    return next((graph for graph in cut if graph.width <= width), cut[1])


def _laid_out(
    model: Model, look: Look, room: tuple[int, int], number: int, form: BoxForm, gap: int, places: int
) -> Graph:
    width, height = room
    levels = list(_levels(model, look))
    widths = [max(_cells(form, number, *block) for block in blocks) for blocks in levels]
    given = given_cells(model, look, number) + places
    needed = given + sum(widths) + gap * len(levels)
    gap = min(gap + max(0, (width - needed) // len(levels)), _MOST_GAP)
    heights = [_rows(form, blocks) for blocks in levels]
    # Lines that cross a column without a gap, of the full height, have a row of their own above it.
    above = any(
        heights[column] == max(heights) and (form.is_framed or len(levels[column]) == 1)
        for column in _crossed(levels)
    )
    tallest = max(heights)
    boxes: list[BlockBox] = []
    columns: list[tuple[int, int]] = []
    x = given + gap
    for column, (blocks, cells) in enumerate(zip(levels, widths, strict=True)):
        y = (tallest - heights[column]) // 2 + above
        columns.append((x, cells))
        for title, lines in blocks:
            rows = _height(form, lines)
            boxes.append(BlockBox(column, x, y, cells, rows, title, lines))
            y += rows + (not form.is_framed)
        x += cells + gap
    place = {
        line.name: (box, box.y + form.is_framed + sum(map(form.rows, box.lines[:index])))
        for box in boxes
        for index, line in enumerate(box.lines)
    }
    edges = tuple(
        Edge(name, line.name)
        for box in boxes
        for line in box.lines
        for name in sorted(line.reads)
        if name in place and place[name][0] is not box
    )
    fits = x - gap <= width and tallest + above <= height
    return Graph(
        form,
        number,
        given,
        places,
        tuple(boxes),
        tuple(columns),
        edges,
        place,
        x - gap,
        tallest + above,
        fits,
    )


def _crossed(levels: list[list[tuple[str, tuple[ProgramLine, ...]]]]) -> set[int]:
    """The columns that lie between one and another that reads from it; given numbers are before the first."""
    lines = [(column, line) for column, blocks in enumerate(levels) for _, lines in blocks for line in lines]
    column_of = {line.name: column for column, line in lines}
    return {
        between
        for column, line in lines
        for name in line.reads
        for between in range(column_of.get(name, -1) + 1, column)
    }


def _levels(model: Model, look: Look) -> Iterator[list[tuple[str, tuple[ProgramLine, ...]]]]:
    """The blocks of each level, by title and lines; the loss is the last."""
    sheet = lines_of(model, look)
    lines = {row.name: row for row in sheet.rows if isinstance(row, ProgramLine)}
    for number, level in enumerate(model.forward.levels):
        level_is_one = len(level) == 1
        yield [
            (
                look.say(block.title or (level_title(model, number) if level_is_one else "")),
                tuple(lines[line.name] for line in block.assignments),
            )
            for block in level
        ]
    yield [("loss", (lines["L"],))]


def _cells(form: BoxForm, number: int, title: str, lines: tuple[ProgramLine, ...]) -> int:
    """The cells of a box: sign, name, value, sign and gradient; its title has to fit in the frame."""
    names = max(len(line.symbol) for line in lines)
    is_loss = lines[0].name == "L"
    inside = 1 + names + 1 + number + (0 if form.is_stacked or is_loss else 3 + number)
    return max(inside + 2 * form.is_framed, len(title) + 6 if form.is_framed and title else 0)


def _rows(form: BoxForm, blocks: list[tuple[str, tuple[ProgramLine, ...]]]) -> int:
    """The rows of a column."""
    rows = sum(_height(form, lines) for _, lines in blocks)
    return rows + (0 if form.is_framed else len(blocks) - 1)


def _height(form: BoxForm, lines: tuple[ProgramLine, ...]) -> int:
    """The rows of a box."""
    return sum(map(form.rows, lines)) + 2 * form.is_framed
