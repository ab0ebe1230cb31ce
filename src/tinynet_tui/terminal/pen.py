"""Prints cells on a terminal with as few characters as it takes: the shortest moves, the shortest styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from tinynet_tui.drawing.theme import PLAIN, Style

_ENDED_BY = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""SGR: each attribute (bold, dim, …) and what ends it."""
_LONGEST_REPRINT = 10
"""Cells: no cursor move is longer than this many characters."""
_ERASED_FROM = 4
"""Blank cells up to the right edge that take more to print than to erase."""

Cell = tuple[str, Style]
"""A character that fills one cell, and its style."""
BLANK: Cell = (" ", PLAIN)
Cells = Sequence[Cell]
"""A whole row."""
Piece = tuple[int, list[int]]
"""The number of a row, and some of its columns, from the left."""


class Pen:
    """A terminal's cursor and style, as far as they are known, and what moves and changes them.

    Example:
        >>> pen = Pen(80)
        >>> pen.go(0, 4), pen.print(("x", Style("31"))), pen.go(0, 0)
        (None, None, None)
        >>> pen.take_sent()
        '\\x1b[1;5H\\x1b[0;31mx\\r'
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.place: tuple[int, int] | None = None
        """Row and column of the cursor; a column equal to the width: the last one has just been printed."""
        self.style: Style | None = None
        self._sent: list[str] = []

    def take_sent(self) -> str:
        """All that was sent since this was last asked."""
        sent, self._sent = "".join(self._sent), []
        return sent

    @property
    def sent(self) -> int:
        """How many characters it has sent since that was last taken."""
        return sum(map(len, self._sent))

    def send(self, text: str) -> None:
        """Send text as it is."""
        self._sent.append(text)

    def draw(self, changed: list[Piece], rows: Mapping[int, Cells]) -> None:
        """Print some cells of rows: row by row or style by style, whichever is shorter."""
        before = self._sent
        place, style = self.place, self.style
        trials = []
        for pieces in (changed, _by_style(changed, rows, style)):
            self._sent, self.place, self.style = [], place, style
            for row, columns in pieces:
                self._draw(row, columns, rows[row])
            trials.append(("".join(self._sent), self.place, self.style))
        sent, self.place, self.style = min(trials, key=lambda trial: len(trial[0].encode()))
        self._sent = [*before, sent]

    def _draw(self, row: int, columns: list[int], cells: Cells) -> None:
        """Print the cells of some columns of a row, given the whole row as it is to be."""
        blank_from = self.width
        while blank_from and cells[blank_from - 1] == BLANK:
            blank_from -= 1
        erasing = sum(column >= blank_from for column in columns) >= _ERASED_FROM
        for column in columns:
            cell = cells[column]
            if self.place != (row, column):
                self._approach(row, column, cell[1], cells)
            if erasing and column >= blank_from:
                self.take_style(PLAIN)
                self.send("\x1b[K")
                return
            self.print(cell)

    def print(self, cell: Cell) -> None:
        """Print one cell where the cursor is."""
        assert self.place is not None
        self.take_style(cell[1])
        self.send(cell[0])
        self.place = self.place[0], self.place[1] + 1

    def take_style(self, style: Style) -> None:
        """Print in a style from here on."""
        if self.style is not style:
            self.send(change(self.style, style))
            self.style = style

    def go(self, row: int, column: int) -> None:
        """Move the cursor."""
        if self.place != (row, column):
            self.send(way(self.place, row, column, self.width))
            self.place = row, column

    def _approach(self, row: int, column: int, style: Style, cells: Cells) -> None:
        """Go to a cell, by a move or by printing the few cells before it again, whichever is shorter."""
        start = self.place[1] if self.place and self.place[0] == row else self.width
        between = cells[start:column]
        if not 0 < len(between) <= _LONGEST_REPRINT:
            self.go(row, column)
            return
        printed, current = "", self.style
        for character, other in between:
            printed += change(current, other) + character
            current = other
        moved = way(self.place, row, column, self.width) + change(self.style, style)
        if len((printed + change(current, style)).encode()) < len(moved):
            self.send(printed)
            self.place, self.style = (row, column), current
        else:
            self.go(row, column)


def _by_style(changed: list[Piece], rows: Mapping[int, Cells], first: Style | None) -> list[Piece]:
    """The same cells in pieces of one style, all of a style together, a given one first."""
    pieces: dict[Style | None, list[Piece]] = {first: []}
    for row, columns in changed:
        last = None
        for column in columns:
            style = rows[row][column][1]
            if last == (column - 1, style):
                pieces[style][-1][1].append(column)
            else:
                pieces.setdefault(style, []).append((row, [column]))
            last = (column, style)
    return [piece for same in pieces.values() for piece in same]


def way(place: tuple[int, int] | None, row: int, column: int, width: int) -> str:
    """The shortest move of the cursor from a place to another one, on a screen of some width."""
    ways = [f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1 if row else ''}H"]
    if place is not None:
        right, down = column - place[1], row - place[0]
        if not down:
            ways.append(f"\x1b[{column + 1}G" if column else "\r")
        # Beyond the last column terminals differ in what a move by some cells starts from.
        if not down and place[1] < width:
            ways.append("\b" * -right if -3 <= right < 0 else _relative(right, "C", "D"))
        if not right:
            ways.append(_relative(down, "B", "A"))
    return min(ways, key=len)


def _relative(count: int, ahead: str, back: str) -> str:
    """A move by some cells along one axis."""
    return f"\x1b[{abs(count) if abs(count) > 1 else ''}{ahead if count > 0 else back}"


@lru_cache(maxsize=1024)
def change(before: Style | None, after: Style) -> str:
    """The shortest SGR sequence from one style to another; from an unknown one, one that starts anew."""
    if before == after:
        return ""
    colours = [colour for colour in after[:2] if colour]
    anew = f"\x1b[{';'.join(['0', *sorted(after.attributes), *colours])}m" if after != PLAIN else "\x1b[m"
    if before is None:
        return anew
    ends = {_ENDED_BY[attribute] for attribute in before.attributes - after.attributes}
    # 22 ends bold and dim: the one that goes on is begun again.
    begins = {
        attribute
        for attribute in after.attributes
        if attribute not in before.attributes or _ENDED_BY[attribute] in ends
    }
    codes = [*sorted(ends), *sorted(begins)]
    codes += [after.foreground or "39"] if after.foreground != before.foreground else []
    codes += [after.background or "49"] if after.background != before.background else []
    return min(f"\x1b[{';'.join(codes)}m", anew, key=len)
