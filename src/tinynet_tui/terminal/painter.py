"""What has to be sent so that a terminal shows a picture: only the cells that differ from what it shows."""

from __future__ import annotations

from bisect import bisect_left
from copy import copy
from functools import lru_cache
from itertools import compress, count
from operator import ne
from typing import NamedTuple

from tinynet_tui.drawing.picture import Picture, Row, StyledRun
from tinynet_tui.drawing.signs import SECOND_HALF
from tinynet_tui.drawing.theme import PLAIN, Style, Theme
from tinynet_tui.terminal.pen import Cell, Cells, Pen, Stretch

_BLANK: Cell = (" ", PLAIN)
_UNKNOWN: Cell = ("", PLAIN)
"""Stands for a cell of which nothing is known."""
_TOLD_FIRST = frozenset({"title", "badge", "written", "cursor"})
"""Roles of what a slow terminal is sent before the rest: where one is, and what is worked out there."""
_ERASED_FROM = 4
"""Blank cells up to the right edge that take more to print than to erase."""


class _Shown(NamedTuple):
    """A row as the terminal shows it."""

    row: Row
    cells: Cells


class Painter:
    r"""Knows what one terminal shows, and turns pictures into what has to be sent to it.

    Nothing is known of the terminal at first, and its cursor is taken to be hidden, its lines not to wrap.

    Example:
        >>> from tinynet_tui.drawing.picture import Canvas
        >>> from tinynet_tui.drawing.theme import theme_of
        >>> painter, canvas = Painter(20, 2, theme_of("none")), Canvas(20, 2)
        >>> painter.cleared()
        >>> end = canvas.text(0, 1, "w₁ = 0.5")
        >>> painter.paint(canvas.picture()).decode()
        '\x1b[2Hw₁ = 0.5'
        >>> end = canvas.text(0, 1, "w₁ = 0.6")
        >>> painter.paint(canvas.picture()), painter.paint(canvas.picture())
        (b'\x086', b'')
    """

    def __init__(self, width: int, height: int, theme: Theme, whole_rows: bool = False) -> None:
        """Have a terminal of a size; whole_rows: whether a row is sent whole where a cell of it differs."""
        self._theme = theme
        self._whole_rows = whole_rows
        self.resized(width, height)

    def resized(self, width: int, height: int) -> None:
        """Take another size, and rely on nothing: a terminal may move its cells about."""
        self.size = width, height
        self._blank: Row = (StyledRun(" " * max(width, 1), ""),)
        self._shown: list[_Shown | None] = [None] * max(height, 1)
        self._pen = Pen(max(width, 1))

    def forget(self) -> None:
        """Rely on nothing: something else may have written to the terminal."""
        self.resized(*self.size)

    def cleared(self) -> None:
        """Rely on blank cells: the terminal has just been cleared, in no style."""
        self.forget()
        self._shown = [_Shown(self._blank, self._cells(self._blank))] * len(self._shown)
        self._pen.style = PLAIN

    def paint(self, picture: Picture, most: int | None = None) -> bytes:
        """What to send so that the terminal shows a picture; nothing where it does.

        The picture stands in the upper left corner; cells of the terminal outside it are blank.

        most: bytes after which nothing else is begun; what tells the step comes first. The rest is what
        painting again gives. Where rows are sent whole, all are.
        """
        stretches: list[Stretch] = []
        rows: dict[int, _Shown] = {}
        for number, shown in enumerate(self._shown):
            row = picture.rows[number] if number < picture.height else self._blank
            if shown is not None and (shown.row is row or shown.row == row):
                continue
            rows[number] = wanted = _Shown(row, self._cells(row))
            stretches += _stretches(number, None if self._whole_rows else shown, wanted.cells, row)
        cells = {number: wanted.cells for number, wanted in rows.items()}
        left: list[Stretch] = []
        if most is None or self._whole_rows:
            self._pen.draw(stretches, cells)
        else:
            told = {number for number in cells if _tells_the_step(picture, number)}
            for first in (told, cells.keys() - told):
                some = [stretch for stretch in stretches if stretch.row in first]
                left += self._pen.draw(some, cells, most)
        for stretch in left:
            rows[stretch.row] = _without(stretch, rows[stretch.row].cells, self._shown[stretch.row])
        for number, reached in rows.items():
            self._shown[number] = reached
        return self._pen.take_sent().encode()

    def paint_and_lift(self, picture: Picture) -> bytes:
        """The same for a terminal on which something else is written before the next picture.

        What is painted after that depends neither on where the cursor was left nor on its style.
        """
        painted = self.paint(picture)
        self._pen.place = self._pen.style = None
        return painted

    def copy(self) -> Painter:
        """Another one that knows the same."""
        other = copy(self)
        other._shown, other._pen = self._shown.copy(), copy(self._pen)
        return other

    def _cells(self, row: Row) -> Cells:
        """The cells of a row, as many as the terminal has."""
        cells: list[Cell] = []
        for text, name in row:
            cells += map(_signs_in(self._theme.style(name)).__getitem__, text)
        width = self._pen.width
        return cells if len(cells) == width else [*cells[:width], *[_BLANK] * (width - len(cells))]


def _tells_the_step(picture: Picture, number: int) -> bool:
    """Whether a row of a picture tells which step it is; the two below the phase hold the formula."""
    return any(
        not told.isdisjoint(run.style.split())
        for row, told in ((number, _TOLD_FIRST), (number - 1, {"badge"}), (number - 2, {"badge"}))
        if 0 <= row < picture.height
        for run in picture.rows[row]
    )


def _without(stretch: Stretch, cells: Cells, shown: _Shown | None) -> _Shown:
    """A row as it is with a part of it not printed yet."""
    end = stretch.column + len(stretch.text) if stretch.text else len(cells)
    before = shown.cells[stretch.column : end] if shown else [_UNKNOWN] * (end - stretch.column)
    return _Shown((), [*cells[: stretch.column], *before, *cells[end:]])


class _Signs(dict[str, Cell]):
    """The cells of characters in one style, each once: a large screen has thousands of few."""

    def __init__(self, style: Style) -> None:
        self._style = style

    def __missing__(self, character: str) -> Cell:
        cell = self[character] = character, self._style
        return cell


_signs_in = lru_cache(maxsize=256)(_Signs)


def _stretches(number: int, shown: _Shown | None, wanted: Cells, row: Row) -> list[Stretch]:
    """The parts of a row that are not shown as they are wanted, from the left."""
    if shown is None:
        columns = list(range(len(wanted)))
    else:
        columns = [*compress(count(), map(ne, shown.cells, wanted))]
        if any(SECOND_HALF in text for text, _ in row):  # a letter is sent whole
            halves = {column for column, (sign, _) in enumerate(wanted) if sign == SECOND_HALF}
            columns = sorted({*columns, *halves.intersection(column + 1 for column in columns)})
    blank_from = len(wanted)
    while blank_from and wanted[blank_from - 1] == _BLANK:
        blank_from -= 1
    after = bisect_left(columns, blank_from)
    erased = columns[after:]
    if len(erased) < _ERASED_FROM:
        after, erased = len(columns), []
    found: list[Stretch] = []
    start = 0
    for end in range(1, after + 1):
        first = columns[start]
        style = wanted[first][1]
        if end == after or columns[end] - first != end - start or wanted[columns[end]][1] != style:
            text = "".join([character for character, _ in wanted[first : first + end - start]])
            found.append(Stretch(number, first, text, style))
            start = end
    return [*found, Stretch(number, erased[0], "", PLAIN)] if erased else found
