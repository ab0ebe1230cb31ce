"""The canvas that everything on screen is drawn on: cells with a character and the name of a style each."""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from tinynet_tui.drawing.signs import clean, cut, narrow, shorten, to_ascii, wrap

__all__ = [
    "LARGEST_HEIGHT",
    "LARGEST_WIDTH",
    "Canvas",
    "ClickArea",
    "Line",
    "Picture",
    "StyledRun",
    "cells_of",
    "clean",
    "shorten",
    "to_ascii",
    "within_reach",
    "wrap",
]

LARGEST_WIDTH, LARGEST_HEIGHT = 240, 80
"""Cells: a terminal may be larger; the picture stays in its corner."""

_BRAILLE_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a braille sign: _BRAILLE_DOTS[row][column], 4 rows of 2."""
_BRAILLE_BLANK = 0x2800

_UNWRITTEN = "\0"
"""Stands in a canvas for a cell without text, where dots may show."""

_ROUND_BOX = tuple("╭─╮││╰─╯")
_HEAVY_BOX = tuple("┏━┓┃┃┗━┛")
_ASCII_BOX = tuple("+-+||+-+")
_ASCII_HEAVY_BOX = tuple("#=####=#")

_FARTHEST = 1e6
"""Cells: a line's ends beyond this are brought back to it, so that no arithmetic overflows."""


def within_reach(width: int, height: int) -> tuple[int, int]:
    """The part of a size that pictures are drawn for: at most the largest, and at least one cell."""
    return max(1, min(width, LARGEST_WIDTH)), max(1, min(height, LARGEST_HEIGHT))


Line = tuple[tuple[str, str], ...]
"""Texts beside each other, each with its role."""


def cells_of(line: Line) -> int:
    """How many cells a line fills whose text is as it will stand on screen."""
    return sum(len(text) for text, _ in line)


class StyledRun(NamedTuple):
    """Neighbouring cells of one row that have the same style."""

    text: str
    """One character per cell; a letter of two has `signs.SECOND_HALF` after it."""
    style: str
    """Names of roles, separated by spaces; empty for the terminal's own look."""


Row = tuple[StyledRun, ...]
"""One row of a picture, from its left edge to its right edge; no two neighbours have the same style."""


class ClickArea(NamedTuple):
    """A named rectangle, for the mouse."""

    name: str
    x: int
    y: int
    width: int
    height: int

    def covers(self, x: int, y: int) -> bool:
        """Whether a cell lies in the rectangle."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


class Picture(NamedTuple):
    """A finished drawing: rows of cells, and the regions in it that have names."""

    width: int
    """Cells per row."""
    height: int
    """Rows."""
    rows: tuple[Row, ...]
    """From the top; each is exactly `width` cells."""
    marks: tuple[ClickArea, ...] = ()
    """Named regions; where two overlap, the later one counts."""

    def at(self, x: int, y: int) -> str | None:
        """The name of the region that a cell lies in, if any."""
        return next((mark.name for mark in reversed(self.marks) if mark.covers(x, y)), None)

    def over(self, below: "Picture") -> "Picture":
        """This picture, and above it as much of another one as it leaves of it: it covers the last rows."""
        above = max(below.height - self.height, 0)
        if not above:
            return self
        marks = tuple(mark for mark in below.marks if mark.y + mark.height <= above)
        return Picture(self.width, below.height, (*below.rows[:above], *self.rows), marks)

    def text(self) -> str:
        """The characters alone, one line per row, without spaces at the ends of lines."""
        return "\n".join(narrow("".join(run.text for run in row)).rstrip() for row in self.rows)


class Canvas:
    """A grid of cells to draw on. Whatever lies outside it is clipped; nothing raises for odd sizes.

    Text covers what was there before; dots (of lines) show only where there is no text, whichever came first.

    Example:
        >>> canvas = Canvas(12, 3)
        >>> canvas.box(0, 0, 12, 3, "node 1")
        >>> canvas.text(1, 1, "+1.5", "positive")
        >>> print(canvas.picture().text())
        ╭─ node 1 ─╮
        │+1.5      │
        ╰──────────╯
    """

    __slots__ = (
        "_characters",
        "_dot_styles",
        "_dots",
        "_laid",
        "_marks",
        "_strokes",
        "_styles",
        "ascii",
        "height",
        "letters",
        "width",
    )

    def __init__(self, width: int, height: int, ascii: bool = False, letters: bool = False) -> None:
        self.width = max(width, 0)
        self.height = max(height, 0)
        self.ascii = ascii
        self.letters = letters
        self._characters = [[_UNWRITTEN] * self.width for _ in range(self.height)]
        self._styles = [[""] * self.width for _ in range(self.height)]
        self._laid: list[Row | None] = [None] * self.height
        """Whole rows of other pictures, as long as nothing is drawn on them."""
        self._dots: dict[tuple[int, int], int] = {}
        self._strokes: dict[tuple[int, int], str] = {}
        self._dot_styles: dict[tuple[int, int], str] = {}
        self._marks: list[ClickArea] = []

    def text(self, x: int, y: int, text: str, style: str = "") -> int:
        """Write one line from cell (x, y) to the right, and return the column after it.

        The text is made safe first (see `clean`), and in ASCII mode translated (see `to_ascii`), which can
        make it longer: a drawing that counts cells passes text that is translated already.
        """
        text = to_ascii(text, self.letters) if self.ascii else clean(text)
        after = x + len(text)
        if 0 <= y < self.height:
            if x < 0 or after > self.width:
                text = cut(text, self.width - x)[max(-x, 0) :]
                x = max(x, 0)
            if self._laid[y] is not None:
                self._take_up(y)
            end = x + len(text)
            self._characters[y][x:end] = text
            self._styles[y][x:end] = [style] * (end - x)
        return after

    def line_of_text(self, x: int, y: int, line: Line) -> int:
        """Write texts in their roles from cell (x, y) to the right, and return the column after them."""
        for text, style in line:
            x = self.text(x, y, text, style)
        return x

    def fill(self, x: int, y: int, width: int, height: int, character: str = " ", style: str = "") -> None:
        """Write the same character in every cell of a rectangle."""
        for row in range(y, y + height):
            self.text(x, row, character * width, style)

    def restyle(self, x: int, y: int, style: str) -> None:
        """Add roles to the style of a cell that has text; the character stays."""
        if 0 <= x < self.width and 0 <= y < self.height:
            self._take_up(y)
            if self._characters[y][x] != _UNWRITTEN:
                self._styles[y][x] = f"{self._styles[y][x]} {style}".strip()

    def box(
        self,
        x: int,
        y: int,
        width: int,
        height: int,
        title: str = "",
        style: str = "",
        title_style: str | None = None,
        heavy: bool = False,
    ) -> None:
        """Draw a frame of width × height cells, edges included, with a title in it on top; blank its inside.

        `title_style` is that of the frame when not given; a heavy frame stands out without any colour.
        """
        if width < 2 or height < 2:
            return
        if self.ascii:
            signs = _ASCII_HEAVY_BOX if heavy else _ASCII_BOX
        else:
            signs = _HEAVY_BOX if heavy else _ROUND_BOX
        top_left, top, top_right, left, right, bottom_left, bottom, bottom_right = signs
        inside = width - 2
        self.text(x, y, top_left + top * inside + top_right, style)
        for row in range(y + 1, y + height - 1):
            self.text(x, row, left + " " * inside + right, style)
            self.text(x + 1, row, " " * inside)
        self.text(x, y + height - 1, bottom_left + bottom * inside + bottom_right, style)
        if title and width > 6:
            shown = shorten(title, width - 6, self.ascii)
            self.text(x + 2, y, f" {shown} ", style if title_style is None else title_style)

    def blit(self, picture: Picture, x: int, y: int) -> None:
        """Lay a finished picture, blanks included, with its top left cell on (x, y); its marks come along."""
        left = max(-x, 0)
        right = max(min(picture.width, self.width - x), left)
        is_whole = x == 0 and picture.width == self.width
        for row, runs in enumerate(picture.rows, start=y):
            if 0 <= row < self.height:
                self._take_up(row)
                if is_whole:
                    self._laid[row] = runs
                else:
                    self._write(row, runs, x, left, right)
        self._marks += [ClickArea(m.name, m.x + x, m.y + y, m.width, m.height) for m in picture.marks]

    def _take_up(self, row: int) -> None:
        """Have a row that was laid whole in cells, so that it can be drawn on."""
        laid, self._laid[row] = self._laid[row], None
        if laid is not None:
            self._write(row, laid, 0, 0, self.width)

    def _write(self, row: int, runs: Row, x: int, left: int, right: int) -> None:
        """Write the cells from `left` to `right` of another picture's row, with its own left edge at x."""
        characters, styles = _cells(runs)
        self._characters[row][x + left : x + right] = characters[left:right]
        self._styles[row][x + left : x + right] = styles[left:right]

    def mark(self, name: str, x: int, y: int, width: int, height: int = 1) -> None:
        """Give a rectangle a name, so that a click in it can be told (see `Picture.at`)."""
        self._marks.append(ClickArea(name, x, y, width, height))

    def line(self, x0: float, y0: float, x1: float, y1: float, style: str = "", weight: int = 1) -> None:
        """Draw a straight line between two cells, both covered to their outer side edges.

        A whole y is the middle of a row, y + 0.25 one dot lower. Weight 0 is dotted, 1 thin, 2 and 3 thicker.
        Lines that share a cell join their dots; its style is that of the line drawn last.
        """
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            return
        if x0 == x1:
            down = y1 >= y0
            top, bottom = (0, 3) if down else (3, 0)
            self.dot_line(_dot(x0, 2), _dot(y0, 4) + top, _dot(x1, 2), _dot(y1, 4) + bottom, style, weight)
            return
        first, last = (0, 1) if x1 > x0 else (1, 0)
        self.dot_line(
            _dot(x0, 2) + first, _dot(y0, 4) + 2, _dot(x1, 2) + last, _dot(y1, 4) + 2, style, weight
        )

    def dot_line(self, x0: int, y0: int, x1: int, y1: int, style: str = "", weight: int = 1) -> None:
        """Draw a straight line between two dots; each cell has 2 columns and 4 rows of dots. For curves."""
        if self.ascii:
            self._draw_strokes(x0, y0, x1, y1, style, weight)
            return
        for cell, dots in _cells_of_line(x0, y0, x1, y1, self.width, self.height, weight):
            self._dots[cell] = self._dots.get(cell, 0) | dots
            self._dot_styles[cell] = style

    def is_free(self, x: int, y: int, width: int, may_cross: bool = False) -> bool:
        """Whether cells are there and have no text; nor a line, unless it may be crossed."""
        if x < 0 or x + width > self.width or not 0 <= y < self.height:
            return False
        self._take_up(y)
        is_unwritten = all(sign == _UNWRITTEN for sign in self._characters[y][x : x + width])
        cells = ((column, y) for column in range(x, x + width))
        return is_unwritten and (may_cross or not any(c in self._dot_styles for c in cells))

    def picture(self) -> Picture:
        """What has been drawn so far, finished."""
        characters = [row.copy() for row in self._characters]
        styles = [row.copy() for row in self._styles]
        for (x, y), sign in self._dot_signs():
            if characters[y][x] == _UNWRITTEN:
                characters[y][x] = sign
                styles[y][x] = self._dot_styles[x, y]
        rows = tuple(
            laid or _row("".join(row).replace(_UNWRITTEN, " "), tuple(row_styles))
            for laid, row, row_styles in zip(self._laid, characters, styles, strict=True)
        )
        return Picture(self.width, self.height, rows, tuple(self._marks))

    def _dot_signs(self) -> Iterator[tuple[tuple[int, int], str]]:
        """Each cell that a line passes through, and the sign that shows it."""
        if self.ascii:
            yield from self._strokes.items()
        else:
            for cell, dots in self._dots.items():
                yield cell, chr(_BRAILLE_BLANK + dots)

    def _draw_strokes(self, x0: int, y0: int, x1: int, y1: int, style: str, weight: int) -> None:
        """Draw a line with ASCII signs, chosen by its slope and by how high it passes in each cell."""
        for cell, sign in _strokes_between(x0, y0, x1, y1, self.width, self.height, weight):
            if 0 <= cell[0] < self.width and 0 <= cell[1] < self.height:
                self._strokes[cell] = _joined(self._strokes.get(cell, sign), sign)
                self._dot_styles[cell] = style


def _dot(position: float, dots: int) -> int:
    """The first dot at a position that is given in cells."""
    return math.floor(max(-_FARTHEST, min(position, _FARTHEST)) * dots)


_ROWS_KEPT = 128
"""All that are drawn for a screen of 60 rows, some of them twice: fewer would be forgotten before the next
picture. Each takes 2.5 kB for 80 cells, in each of many apps over SSH."""


@lru_cache(_ROWS_KEPT)
def _row(text: str, styles: tuple[str, ...]) -> Row:
    """One row, cut where the style changes; most rows of a picture were in the one before it."""
    ends = accumulate(len(list(cells)) for _, cells in groupby(styles))
    return tuple(StyledRun(text[start:end], styles[start]) for start, end in pairwise((0, *ends)))


@lru_cache(_ROWS_KEPT)
def _cells(row: Row) -> tuple[str, tuple[str, ...]]:
    """The reverse: (the text of a row, the style of each of its cells)."""
    return "".join(run.text for run in row), tuple(run.style for run in row for _ in run.text)


@lru_cache(maxsize=256)
def _cells_of_line(
    x0: int, y0: int, x1: int, y1: int, width: int, height: int, weight: int
) -> tuple[tuple[tuple[int, int], int], ...]:
    """The cells of a canvas that a straight line between two dots passes through, and its dots in each."""
    cells: dict[tuple[int, int], int] = {}
    steep = abs(y1 - y0) > abs(x1 - x0)
    for dot_x, dot_y in _dots_between(x0, y0, x1, y1, width * 2, height * 4, 2 if weight == 0 else 1):
        for offset in range(max(weight, 1)):
            # 0, +1, −1, …: a thick line grows on both sides of the thin one.
            aside = (offset + 1) // 2 * (1 if offset % 2 else -1)
            x, y = dot_x + aside * steep, dot_y + aside * (not steep)
            if 0 <= x < width * 2 and 0 <= y < height * 4:
                cell = x // 2, y // 4
                cells[cell] = cells.get(cell, 0) | _BRAILLE_DOTS[y % 4][x % 2]
    return tuple(cells.items())


def _dots_between(
    x0: int, y0: int, x1: int, y1: int, width: int, height: int, stride: int
) -> Iterator[tuple[int, int]]:
    """Every `stride`-th dot of a straight line, without the parts far outside width × height dots."""
    length = max(abs(x1 - x0), abs(y1 - y0))
    if length == 0:
        yield x0, y0
        return
    step_x, step_y = (x1 - x0) / length, (y1 - y0) / length
    start, size, step = (x0, width, step_x) if abs(step_x) == 1 else (y0, height, step_y)
    # Where the longer direction is inside: a line to a far-off point costs no more than the canvas is wide.
    first, last = sorted((-start * step, (size - 1 - start) * step))
    for index in range(max(0, round(first)), min(length, round(last)) + 1):
        if index % stride == 0:
            yield x0 + math.floor(index * step_x + 0.5), y0 + math.floor(index * step_y + 0.5)


def _strokes_between(
    x0: int, y0: int, x1: int, y1: int, width: int, height: int, weight: int
) -> Iterator[tuple[tuple[int, int], str]]:
    """The cells of a straight line between two dots, with an ASCII sign for each."""
    across, down = (x1 - x0) / 2, (y1 - y0) / 4
    stride = 2 if weight == 0 else 1
    if abs(down) > 0.7 * abs(across):
        upright = abs(across) < 0.3 * abs(down)
        sign = "|" if upright else "\\" if across * down > 0 else "/"
        top, bottom = sorted((y0 // 4, y1 // 4))
        for row in range(max(top, 0), min(bottom, height - 1) + 1, stride):
            part = min(max((row * 4 + 2 - y0) / (y1 - y0), 0), 1)
            yield (math.floor((x0 + part * (x1 - x0) + 0.5) / 2), row), sign
        return
    left, right = sorted((x0 // 2, x1 // 2))
    level = "=" if weight > 1 else "-"
    for column in range(max(left, 0), min(right, width - 1) + 1, stride):
        part = min(max((column * 2 + 0.5 - x0) / (x1 - x0), 0), 1) if x1 != x0 else 0
        height_in_cells = (y0 + part * (y1 - y0)) / 4
        row = math.floor(height_in_cells)
        yield (column, row), f"'{level}."[math.floor((height_in_cells - row) * 3)]


def _joined(old: str, new: str) -> str:
    """The sign for two lines that share a cell."""
    signs = {old, new}
    if signs == {"'", "."}:
        return ":"
    # Two flat lines that touch read as one; anything else is a crossing.
    level = next((sign for sign in "=-" if sign in signs), "")
    return level if level and signs <= set("'.-=") else old if old == new else "+"
