"""Prints cells on a terminal with as few characters as it takes: the shortest moves, the shortest styles."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.drawing.signs import narrow
from tinynet_tui.drawing.theme import PLAIN, Style

_ENDED_BY = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""SGR: each attribute (bold, dim, …) and what ends it."""
_LONGEST_REPRINT = 10
"""Cells: no cursor move is longer than this many characters."""
_BLANK, _LONG_BLANK = " " * 6, re.compile(" {11,}")
"""Blank cells that take more to print than to erase; and where something follows, to erase and to go past."""

Cell = tuple[str, Style]
"""A character that fills one cell, and its style."""
Cells = Sequence[Cell]
"""A whole row."""


class Stretch(NamedTuple):
    """Neighbouring cells of one row and one style."""

    row: int
    column: int
    """Where it begins."""
    text: str
    """Empty where it reaches to the right edge, and is erased."""
    style: Style


class Pen:
    r"""A terminal's cursor and style, as far as they are known, and what moves and changes them.

    Example:
        >>> pen = Pen(80)
        >>> pen.draw([Stretch(0, 4, "x", Style("31")), Stretch(1, 4, "y", Style("31"))], {0: [], 1: []})
        >>> pen.take_sent()
        '\x1b[1;5H\x1b[0;31mx\x1b[2;5Hy'
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
        return narrow(sent)

    def draw(
        self, stretches: Iterable[Stretch], rows: Mapping[int, Cells], most: int | None = None
    ) -> list[Stretch]:
        """Print parts of rows, given as they are to be: style by style, as a style takes more than a move.

        Returns those that are left, once as many bytes as `most` have been sent since that was last taken.
        """
        order = _by_style(stretches, self.style)
        counted = sent = 0
        for number, stretch in enumerate(order):
            if most is not None:
                sent += sum(len(text.encode()) for text in self._sent[counted:])
                counted = len(self._sent)
                if sent >= most:
                    return order[number:]
            self._print(stretch, rows[stretch.row])
        return []

    def _print(self, stretch: Stretch, cells: Cells) -> None:
        """Print a stretch of a row."""
        row, column, text, style = stretch
        if self.style is not style or self.place != (row, column):
            self._sent.append(self._lead(stretch, cells))
            self.style = style
        if _BLANK in text and style == PLAIN:
            printed = text.rstrip(" ") if text.endswith(_BLANK) else text
            self._sent.append(_LONG_BLANK.sub(_erased, printed))
            if blank := len(text) - len(printed):
                self._sent.append(f"\x1b[{blank}X")
            self.place = row, column + len(printed)
        else:
            self._sent.append(text or "\x1b[K")
            self.place = row, column + len(text)

    def _lead(self, stretch: Stretch, cells: Cells) -> str:
        """What brings the cursor to a stretch, in its style.

        That is a move, or the few cells before it once more, whichever is shorter.
        """
        row, column, _, style = stretch
        changed = change(self.style, style)
        if self.place == (row, column):
            return changed
        moved = way(self.place, row, column, self.width) + changed
        start = self.place[1] if self.place and self.place[0] == row else self.width
        if 0 < column - start <= _LONGEST_REPRINT:
            printed, current = "", self.style
            for character, other in cells[start:column]:
                printed += change(current, other) + character
                current = other
            printed += change(current, style)
            if len(printed.encode()) < len(moved):
                return printed
        return moved


def _erased(blank: re.Match[str]) -> str:
    """What erases blank cells, and then moves past them."""
    return f"\x1b[{len(blank[0])}X\x1b[{len(blank[0])}C"


def _by_style(stretches: Iterable[Stretch], first: Style | None) -> list[Stretch]:
    """The same, all of a style together, a given one first."""
    of_style: dict[Style | None, list[Stretch]] = {first: []}
    for stretch in stretches:
        of_style.setdefault(stretch.style, []).append(stretch)
    return [stretch for same in of_style.values() for stretch in same]


@lru_cache(maxsize=512)
def way(place: tuple[int, int] | None, row: int, column: int, width: int) -> str:
    """The shortest move of the cursor from a place to another one, on a screen of some width."""
    absolute = f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1 if row else ''}H"
    if place is None:
        return absolute
    right, down = column - place[1], row - place[0]
    shortest = ""
    if right:
        shortest = f"\x1b[{column + 1}G" if column else "\r"
        # Beyond the last column terminals differ in what a move by some cells starts from.
        if place[1] < width:
            relative = "\b" * -right if -3 <= right < 0 else _relative(right, "C", "D")
            shortest = min(shortest, relative, key=len)
    if down:
        shortest = _relative(down, "B", "A") + shortest
    return min(absolute, shortest, key=len)


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
