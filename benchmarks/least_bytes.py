"""The least that any encoder would have to send to turn one screen into another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from pyte.screens import Char

from tinynet_tui.tui.pen import PLAIN, Style, change

Rows = Sequence[Sequence[Char]]

_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
"""The emulator's names of colours 30 to 37."""
_ERASE = len("\x1b[K")


class Stretch(NamedTuple):
    """Neighbouring cells of one style that have changed."""

    row: int
    start: int
    text: str
    style: Style


def least_bytes(before: Rows, after: Rows) -> int:
    """A lower bound for the bytes between two screens of one size.

    Every changed stretch has to be reached and printed. Its way and its style can come from the end of one
    other stretch, or, for a single one of them, from where the cursor happens to be; here each takes what is
    cheapest for itself, which no real order of them can do better than.
    """
    stretches = list(_stretches(before, after))
    if not stretches:
        return 0
    ways = [
        min((_way(other, one) for other in stretches if other is not one), default=0) for one in stretches
    ]
    return sum(_printed(one, after[one.row]) for one in stretches) + sum(ways) - max(ways)


def _stretches(before: Rows, after: Rows) -> list[Stretch]:
    found = []
    for row, (old, new) in enumerate(zip(before, after, strict=True)):
        changed = [(column, cell) for column, cell in enumerate(new) if cell != old[column]]
        # Neighbours have the same difference between their column and their position in the list.
        cells = (
            (column - position, _style(cell), column, cell) for position, (column, cell) in enumerate(changed)
        )
        for _, group in groupby(cells, key=lambda cell: cell[:2]):
            same = list(group)
            text = "".join(cell.data for *_, cell in same)
            found.append(Stretch(row, same[0][2], text, same[0][1]))
    return found


def _printed(stretch: Stretch, row: Sequence[Char]) -> int:
    """The bytes of a stretch itself; where all is blank from there to the edge, it can be erased."""
    printed = len(stretch.text.encode())
    blank = all(cell.data == " " and _style(cell) == PLAIN for cell in row[stretch.start :])
    return min(printed, _ERASE) if blank else printed


def _way(end: Stretch, start: Stretch) -> int:
    """The bytes from the end of one stretch to the start of another: a move and a change of style."""
    row, column = start.row, start.start
    down, right = row - end.row, column - end.start - len(end.text)
    moves = [len(f"\x1b[{row + 1};{column + 1}H")]
    if down == 0:
        # By one byte a cell: back, or over cells that are printed again.
        moves += [abs(right), len(f"\x1b[{abs(right)}C"), len(f"\x1b[{column + 1}G")]
    if right == 0:
        moves += [len(f"\x1b[{abs(down)}B")]
    if column == 0:
        moves += [len(f"\x1b[{row + 1}H")] + [len("\r") + down] * (down >= 0)
    return min(moves) + len(change(end.style, start.style))


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
    return f"{first + 8};2;{red};{green};{blue}"
