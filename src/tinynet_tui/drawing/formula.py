"""A formula in two rows, letters above numbers, each number below its letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Line
from tinynet_tui.engine.expression_reading import Piece
from tinynet_tui.teaching.step_line import StepLine


class Column(NamedTuple):
    """A part of a formula that stays together: text above text, and how each looks."""

    above: str
    below: str = ""
    above_role: str = ""
    below_role: str = ""
    least: int = 0
    """Cells that it takes at least, so that it stands below another one."""

    @property
    def width(self) -> int:
        """Cells of the wider text."""
        return max(len(self.above), len(self.below), self.least)

    @property
    def rows(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(text, role) above and below."""
        return (self.above, self.above_role), (self.below, self.below_role)


def step_columns(
    line: StepLine, parts: Sequence[tuple[Piece, Piece]], role_of: Callable[[str], str], look: Look
) -> list[Column]:
    """A step: its name and its formula above, the same in numbers and the result below.

    parts: those of the formula, in letters and in numbers; role_of: the role of a quantity, by its name.
    """
    say = look.say
    name, value = Column(say(line.name), "", "strong"), say(line.value)
    assigns, reads, equals = (say(f" {sign} ") for sign in (line.assigns, line.reads, line.equals))
    if line.letters is None:
        return [name, Column(equals), Column(value, "", "written")]
    if line.numbers is None:
        # A lone letter, and what comes to itself in numbers: −q at q = 1.5.
        return [name, Column(assigns, equals), Column(say(line.letters), value, "", "written")]
    terms = [_column(above, below, role_of, look) for above, below in parts]
    return [name, Column(assigns, reads), *terms, Column("", equals), Column("", value, "", "written")]


def _column(above: Piece, below: Piece, role_of: Callable[[str], str], look: Look) -> Column:
    name = above.name
    role = role_of(name.name) if name is not None and name.sample is None else ""
    if role == "written":
        role = "read"  # an update reads the old value of what it writes
    return Column(look.say(above.text), look.say(below.text), role and "strong", role)


def draw_rows(canvas: Canvas, x: int, y: int, rows: Sequence[Line]) -> int:
    """Write rows below each other from (x, y); return how many they are."""
    for down, row in enumerate(rows):
        canvas.line_of_text(x, y + down, row)
    return len(rows)


def formula_rows(columns: Sequence[Column], room: int, look: Look, most: int | None = None) -> list[Line]:
    """Columns in rows of `room` cells, letters above numbers: in at most `most` rows, if that is given.

    Where terms do not fit, an ellipsis says how many are missing; the last two columns, the result, stay.
    """
    result = list(columns[-2:])
    kept = _terms(columns[:-2])
    rows = _rows_of(_filled([*kept, result], room))
    terms = len(kept)
    while most is not None and len(rows) > most and len(kept) > 1:
        kept = kept[:-1]
        more = look.say(f" + … {terms - len(kept)} more") if kept else ""
        rows = _rows_of(_filled([*kept, [Column(more, more)], result], room))
    return rows


def _rows_of(lines: list[list[Column]]) -> list[Line]:
    """Two rows for each line, but one where a line, such as that of the result, has nothing in the other."""
    rows = []
    for line in lines:
        for texts in zip(*(column.rows for column in line), strict=True):
            if any(text for text, _ in texts) or len(lines) == 1:
                centred = (_centred(text, column.width) for text, column in zip(texts, line, strict=True))
                rows.append(tuple(part for parts in centred for part in parts))
    return rows


def _centred(part: tuple[str, str], width: int) -> Line:
    """A text in its role in the middle of some cells."""
    text = part[0]
    if len(text) == width:
        return (part,)
    left, right = (width - len(text)) // 2, -((len(text) - width) // 2)
    return (" " * left, ""), part, (" " * right, "")


_LEADS = ("=", "≈", "~", "←", "<-", "+")
"""What a line may begin with: it is broken before these signs, not in the middle of a product."""


_TIMES = ("·", "*")


def _terms(columns: Sequence[Column]) -> list[list[Column]]:
    """Columns that stay on one line, where there is room for them."""
    terms: list[list[Column]] = [[]]
    for column in columns:
        leads = (column.above or column.below).strip() in _LEADS
        if leads and terms[-1]:
            terms.append([])
        terms[-1].append(column)
    return terms


def _filled(terms: list[list[Column]], room: int) -> list[list[Column]]:
    """Terms in lines of `room` cells; a term that is wider than a line is broken between its factors."""
    lines: list[list[Column]] = [[]]
    used = 0
    for term in terms:
        width = sum(column.width for column in term)
        if used + width > room and lines[-1]:
            lines.append([])
            used = 0
        for column, after in zip(term, [*term[1:], Column("")], strict=True):
            # A factor takes the sign before it along.
            wanted = column.width + (after.width if column.above.strip() in _TIMES else 0)
            if used + wanted > room and lines[-1]:
                lines.append([])
                used = 0
            lines[-1].append(column)
            used += column.width
    return lines
