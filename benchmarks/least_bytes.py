"""A lower bound for what an encoder of changed cells has to send to turn one screen into another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pyte.screens import Char

from tinynet_tui.drawing.theme import PLAIN, Style, rgb_of_256
from tinynet_tui.terminal.pen import change, way

Rows = Sequence[Sequence[Char]]

_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
"""The emulator's names of colours 30 to 37."""
_NUMBERED = {rgb_of_256(number): number for number in range(16, 256)}
"""The colours that have a number in every terminal of 256: it is shorter than the colour itself."""
_ERASE = len("\x1b[K")


class Stretch(NamedTuple):
    """Changed cells that are printed in one go: neighbours of one style, or all those blank to the edge."""

    row: int
    start: int
    style: Style
    cost: int
    """The bytes to print it, or to erase it where that is shorter."""
    ends: tuple[int, ...]
    """The columns where the cursor can be afterwards: it stays where it is when it erases."""


def least_bytes(before: Rows, after: Rows) -> int:
    """A lower bound for the bytes between two screens of one size.

    It holds for every encoder that prints each stretch in one go, erases no more than what is blank up to the
    edge, and moves by absolute and relative CSI moves, returns, line feeds, backspaces, or over cells that it
    prints again. Each stretch has to be reached: from the end of another one, or, the first of them, from
    wherever the cursor is in whatever style. Here each takes the other one that is the cheapest for itself,
    and the one with the longest way is the first, which no real order of them can do better than.
    """
    stretches = list(_stretches(before, after))
    if not stretches:
        return 0
    width = len(after[0])
    ways = [
        min((_way(other, one, width) for other in stretches if other is not one), default=0)
        for one in stretches
    ]
    return sum(one.cost for one in stretches) + sum(ways) - max(ways)


def _stretches(before: Rows, after: Rows) -> Iterator[Stretch]:
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        blank_from = len(new)
        while blank_from and new[blank_from - 1].data == " " and _style(new[blank_from - 1]) == PLAIN:
            blank_from -= 1
        changed = [column for column, cell in enumerate(new) if cell != old[column]]
        blank = [column for column in changed if column >= blank_from]
        # Neighbours have the same difference between their column and their position in the list.
        cells = [
            (column - position, _style(new[column]), column)
            for position, column in enumerate(changed[: len(changed) - len(blank)])
        ]
        for (_, style), group in groupby(cells, key=lambda cell: cell[:2]):
            columns = [column for *_, column in group]
            text = "".join(new[column].data for column in columns)
            yield Stretch(row, columns[0], style, len(text.encode()), (columns[-1] + 1,))
        if blank:
            yield Stretch(row, blank[0], PLAIN, min(len(blank), _ERASE), (blank[0], blank[-1] + 1))


def _way(start: Stretch, to: Stretch, width: int) -> int:
    """The bytes from the end of one stretch to the start of another: a move and a change of style."""
    return min(_move(start.row, end, to, width) for end in start.ends) + len(change(start.style, to.style))


def _move(row: int, column: int, to: Stretch, width: int) -> int:
    down, right = to.row - row, to.start - column
    if not down and not right:
        return 0
    moves = [len(way((row, column), to.row, to.start, width))]
    if not down:
        moves.append(abs(right))  # by one byte a cell: back, or over cells that are printed again
    if not to.start and down >= 0:
        moves.append(len("\r") + down)
    return min(moves)


def _style(cell: Char) -> Style:
    marks = (("1", cell.bold), ("3", cell.italics), ("4", cell.underscore), ("7", cell.reverse))
    return Style(
        _colour(cell.fg, 30), _colour(cell.bg, 40), frozenset(code for code, is_set in marks if is_set)
    )


def _colour(name: str, first: int) -> str:
    """A colour of the emulator as parameters of SGR; `first`: 30 for foregrounds, 40 for backgrounds."""
    if name == "default":
        return ""
    if name in _NAMES:
        return str(first + _NAMES.index(name))
    red, green, blue = bytes.fromhex(name)
    number = _NUMBERED.get((red, green, blue))
    return f"{first + 8};5;{number}" if number is not None else f"{first + 8};2;{red};{green};{blue}"
