"""A formula in two rows, letters above numbers, each number below its letter."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.expressions import Apply, Expr, Name, Number
from tinynet_tui.engine.walks import Piece, letter, pieces
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.step_line import step_line
from tinynet_tui.tui.drawing.lit import Lit
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.picture import Canvas


@dataclass(frozen=True, slots=True)
class Column:
    """A part of a formula that stays together: text above text, and how each looks."""

    above: str
    below: str = ""
    above_role: str = ""
    below_role: str = ""

    @property
    def width(self) -> int:
        """Cells of the wider text."""
        return max(len(self.above), len(self.below))

    @property
    def rows(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(text, role) above and below."""
        return (self.above, self.above_role), (self.below, self.below_role)


def step_columns(moment: Moment, look: Look, lights: Lit) -> list[Column]:
    """The present step: its name and its expression above, the same in numbers and the result below."""
    step = moment.step
    assert step is not None, "the start of an update has no formula"
    line = step_line(moment)
    columns = [
        Column(look.say(line.name), "", "strong"),
        Column(look.say(f" {line.assigns} "), look.say(f" {line.reads} ")),
    ]
    value = Column(look.say(line.value), "", "written")
    if isinstance(step.expression, Number):
        return [*columns[:1], Column(look.say(f" {line.equals} ")), value]
    pairs = _pairs(moment, step.expression)
    if not isinstance(step.expression, Apply):
        # A lone letter is its own result.
        first = Column(look.say(f" {line.assigns} "), look.say(f" {line.equals} "))
        return [
            columns[0],
            first,
            Column(look.say(pairs[0][0].text), look.say(line.value), "", "written"),
        ]
    columns += [_column(look, lights, above, below) for above, below in pairs]
    columns.append(Column("", look.say(f" {line.equals} ")))
    columns.append(Column("", look.say(line.value), "", "written"))
    return columns


def _pairs(moment: Moment, expression: Expr) -> list[tuple[Piece, Piece]]:
    """The parts of an expression in letters beside those in numbers; signs around a number join it."""
    number, digits = moment.session.step, moment.session.digits

    def in_numbers(name: Name) -> str:
        return shown(moment.trace.value_of(number, name), digits)

    above = pieces(expression, "plain", letter)
    below = pieces(expression, "plain", in_numbers)
    return list(zip(above, below, strict=True))


def _column(look: Look, lights: Lit, above: Piece, below: Piece) -> Column:
    name = above.name
    role = lights.role(name.name) if name is not None and name.sample is None else ""
    if role == "written":
        role = "read"  # an update reads the old value of what it writes
    return Column(look.say(above.text), look.say(below.text), role and "strong", role)


def draw_columns(canvas: Canvas, x: int, y: int, columns: list[Column], rows: int) -> int:
    """Write columns from (x, y), two rows at a time, in at most so many rows; return the rows used.

    What does not fit is told by an ellipsis, the last two columns (the result) being kept.
    """
    lines = _broken(columns, canvas.width - x, max(1, rows // 2))
    row = y
    for line in lines:
        # A line of numbers alone, such as the result, needs no row for letters.
        for cells in zip(*(column.rows for column in line), strict=True):
            if any(text for text, _ in cells) or len(lines) == 1:
                _draw_row(canvas, x, row, cells, [column.width for column in line])
                row += 1
    return row - y


def _draw_row(canvas: Canvas, x: int, y: int, cells: tuple[tuple[str, str], ...], widths: list[int]) -> None:
    """Write (text, role) pairs beside each other, each in the middle of its width."""
    for (text, role), width in zip(cells, widths, strict=True):
        canvas.text(x + (width - len(text)) // 2, y, text, role)
        x += width


def _broken(columns: list[Column], room: int, lines: int) -> list[list[Column]]:
    """Columns in lines that fit; if they are too many, an ellipsis stands for those in the middle."""
    result = columns[-2:]
    broken = _filled(columns, room)
    kept = columns[:-2]
    while len(broken) > lines and kept:
        kept = kept[:-1]
        broken = _filled([*kept, Column(" … ", " … "), *result], room)
    return broken


def _filled(columns: list[Column], room: int) -> list[list[Column]]:
    lines: list[list[Column]] = [[]]
    used = 0
    for column in columns:
        if used + column.width > room and lines[-1]:
            lines.append([])
            used = 0
        lines[-1].append(column)
        used += column.width
    return lines
