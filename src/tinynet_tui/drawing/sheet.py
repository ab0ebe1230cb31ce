"""The sheet: a program as lines, as people write it by hand, with every number as far as it is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from tinynet_tui.drawing.given_numbers import (
    GivenNumbers,
    draw_gradient,
    given_rows,
    places_cells,
    with_gradients,
)
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.program_lines import ProgramLine, ProgramLines, lines_of, way_of
from tinynet_tui.drawing.scene import Scene, draw_number
from tinynet_tui.drawing.sheet_layout import MARGIN, Columns, columns_of
from tinynet_tui.engine.expression_reading import Piece
from tinynet_tui.teaching.step_line import line_of

_LEAST_NUMBERS = 44
"""Cells without which the lines do not stand in numbers, too."""
_BEFORE_NUMBERS = 3
_MOST_BETWEEN = 6
"""Cells between the lines and the given numbers, where there is room."""


def sheet_rows(scene: Scene, width: int, height: int) -> int:
    """The rows that the sheet can use."""
    lines = len(lines_of(scene.moment.model, scene.look).rows)
    columns = columns_of(scene.moment.model, scene.look, width, scene.number_width)
    if columns.is_beside:
        return min(height, max(lines, given_rows(scene, 1)))
    given = given_rows(scene, columns.across(width))
    return min(height, lines + given + bool(given))


def fits_whole(scene: Scene, width: int, height: int) -> bool:
    """Whether all of a program's lines, uncut, and given numbers are in sight."""
    columns = columns_of(scene.moment.model, scene.look, width, scene.number_width)
    is_uncut = columns.formula == lines_of(scene.moment.model, scene.look).formulas
    return is_uncut and sheet_rows(scene, width, height + 1) <= height


def sheet(scene: Scene, width: int, height: int) -> Picture:
    """The lines around the step, what it reads underlined, and the given numbers."""
    return _SheetPen(scene, width, height).picture()


def names_on_sheet(scene: Scene, width: int, height: int) -> frozenset[str]:
    """The quantities whose values are in sight."""
    pen = _SheetPen(scene, width, height)
    lines = [row.name for row in pen.sheet.rows[pen.first : pen.last] if isinstance(row, ProgramLine)]
    return with_gradients((*lines, *pen.given.in_sight))


class _SheetPen:
    """Draws one sheet."""

    def __init__(self, scene: Scene, width: int, height: int) -> None:
        self.scene, self.moment, self.look = scene, scene.moment, scene.look
        self.canvas: Canvas = scene.look.canvas(width, height)
        self.sheet: ProgramLines = lines_of(scene.moment.model, scene.look)
        self.columns: Columns = columns_of(scene.moment.model, scene.look, width, scene.number_width)
        self.given = self._place_given(width, height)
        self.top = 0 if self.columns.is_beside or not self.given.rows else self.given.rows + 1
        """The first row of the lines."""
        self.height = max(0, height - self.top)
        """Their rows."""
        self.way = way_of(scene)
        self.first, self.last = self._window()
        self.depending = self.sheet.depending_on(scene.moment.session.selected)

    def _place_given(self, width: int, height: int) -> GivenNumbers:
        """Beside the lines, or above them, where they leave these as many rows as they can."""
        columns = self.columns
        if columns.is_beside:
            left = width - columns.lines - columns.given
            places = places_cells(self.moment.model, self.look)
            places = places if places <= left - _MOST_BETWEEN else 0
            x = columns.lines + max(0, min(_MOST_BETWEEN, left - places))
            return GivenNumbers(self.scene, x, 0, height, 1, columns.number, places)
        across = columns.across(width)
        left = height - len(self.sheet.rows) - 1
        rows = min(given_rows(self.scene, across), max(left, height // 3, 1))
        return GivenNumbers(self.scene, 0, 0, rows, across, columns.number)

    def picture(self) -> Picture:
        """The whole."""
        self._lines()
        self._in_numbers()
        self._legend()
        self._links()
        self.given.draw(self.canvas)
        if self.top:
            self.canvas.text(0, self.top - 1, self.look.say("─") * self.canvas.width, "dim")
        return self.canvas.picture()

    # Lines

    def _window(self) -> tuple[int, int]:
        """(first, after the last) of the rows in sight: the view moves a third of them at a time."""
        count, rows = len(self.sheet.rows), self.height
        if count <= rows:
            return 0, count
        focus = min(map(self.sheet.row_of.__getitem__, self.way.focus[:1]), default=0)
        if self.moment.phase == "check":
            focus = count - 1
        leap = max(1, rows // 3)
        first = max(0, min(round((focus - rows / 2) / leap) * leap, count - rows))
        last = first + rows
        # A row at an edge tells what is beyond it.
        return first + (first > 0), last - (last < count)

    def _row(self, name: str) -> int | None:
        """Where a line stands, if it is in sight."""
        row = self.sheet.row_of.get(name)
        if row is None or not self.first <= row < self.last:
            return None
        return self.top + (self.first > 0) + row - self.first

    def _lines(self) -> None:
        top = self.top + (self.first > 0)
        for y, row in enumerate(self.sheet.rows[self.first : self.last], start=top):
            if isinstance(row, ProgramLine):
                self._line(y, row)
            else:
                rule = self.look.say("╌") * max(0, self.columns.lines - MARGIN - len(row) - 1)
                self.canvas.text(self.canvas.text(MARGIN, y, row, "label") + 1, y, rule, "dim")

    def _line(self, y: int, line: ProgramLine) -> None:
        canvas, look, columns = self.canvas, self.look, self.columns
        is_lit = line.name == self.way.to or line.name in self.way.come_from
        canvas.mark(line.name, 0, y, columns.lines)
        if line.name in self.depending:
            canvas.text(0, y, look.say("▏"), "edge.lit")
        is_dead = self.scene.is_dead(line.name)
        role = "strong" if line.name == self.way.to else "dead" if is_dead else ""
        canvas.text(MARGIN, y, line.symbol.ljust(self.sheet.names), role)
        x = canvas.text(MARGIN + self.sheet.names, y, " = ", role)
        self._formula(x, y, line, role)
        words = look.say("✗ dead")
        if is_dead and line.cells + 1 + len(words) <= columns.formula:
            canvas.text(x + line.cells + 1, y, words, "dead")
        x += columns.formula + 1
        self._number(x, y, line.name, "strong" if line.name == "L" else "")
        if line.name != "L":
            x, role = x + columns.number + 1, "" if is_lit else "dim"
            draw_gradient(canvas, x, y, self.scene, line.name, columns.number, role=role)

    def _legend(self) -> None:
        """What the marks of the factors are, at the end of the first rule that has room."""
        top, end = self.top + (self.first > 0), self.columns.lines
        for words in self.scene.legend:
            text = self.look.say(words)
            for y, row in enumerate(self.sheet.rows[self.first : self.last], start=top):
                if isinstance(row, str) and MARGIN + len(row) + 2 + len(text) <= end:
                    self.canvas.text(end - len(text) - 1, y, f" {text}", "edge.lit")
                    return

    def _in_numbers(self) -> None:
        """Beside all else, where there is room: each line with the values that it reads."""
        moment, canvas = self.moment, self.canvas
        x = self.given.x + self.given.cells + _BEFORE_NUMBERS
        if not self.columns.is_beside or canvas.width - x < _LEAST_NUMBERS or moment.phase == "check":
            return
        mark = moment.sample if len(moment.program.samples) > 1 else None
        top = self.top + (self.first > 0)
        for y, row in enumerate(self.sheet.rows[self.first : self.last], start=top):
            number = moment.program.number(row.name, moment.sample) if isinstance(row, ProgramLine) else None
            if isinstance(row, str) or number is None or number > moment.session.step:
                continue
            line = line_of(moment.trace, number, moment.session.digits, mark)
            text = self.look.say(" ".join((line.name, *filter(None, line.parts[2:]))))
            role = "" if row.name == self.way.to else "dim"
            canvas.text(x, y, shorten(text, canvas.width - x - 1, self.look.ascii), role)

    def _formula(self, x: int, y: int, line: ProgramLine, role: str) -> None:
        if self._is_hidden(line.name):
            self.canvas.text(x, y, self.look.say("…"), "dim")
            return
        end = x + self.columns.formula
        underlined = self.way.underlined.get(line.name, frozenset())
        selected = self.moment.session.selected
        for piece in _cut(line, self.columns.formula, underlined | {selected}, self.look):
            name = piece.name.name if piece.name else None
            own = "read" if name in underlined else role
            x = self.canvas.text(x, y, piece.text[: end - x], f"{own} selected" if name == selected else own)

    def _is_hidden(self, name: str) -> bool:
        """Whether a formula would tell what is asked for without it."""
        asked = self.scene.asked
        return asked is not None and asked.level == "diagram" and name == self.scene.highlights.written

    def _number(self, x: int, y: int, name: str, role: str = "") -> None:
        draw_number(self.canvas, x, y, self.scene, name, self.columns.number, "/" in name, role)

    # The way from what reads to what is read

    def _links(self) -> None:
        """A line in the margin through all that the step joins, an arrow where it arrives."""
        sheet, to = self.sheet, self.way.to
        above = self._beyond(0, self.first)
        below = self._beyond(self.last, len(sheet.rows))
        top, bottom = self.top, self.top + self.height - 1
        ends = [row for name in self.way.focus if (row := self._row(name)) is not None]
        joined = [*ends, *([top] if above else []), *([bottom] if below else [])]
        if len(joined) > 1:
            for y in range(min(joined) + 1, max(joined)):
                self.canvas.text(1, y, self.look.say("│"), "edge.lit")
            for y in joined:
                corner = "╭" if y == min(joined) else "╰" if y == max(joined) else "├"
                self.canvas.text(1, y, self.look.say(f"{corner}─"), "edge.lit")
        for name in self.way.come_from:
            if (row := self._row(name)) is not None:
                self.canvas.text(3, row, self.look.say("•"), "edge.lit")
        if to and (row := self._row(to)) is not None:
            self.canvas.text(3, row, self.look.say("▸"), "edge.lit")
        if self.first:
            self._edge(top, "↑", sheet.rows[: self.first], above)
        if self.last < len(sheet.rows):
            self._edge(bottom, "↓", sheet.rows[self.last :], below)

    def _beyond(self, first: int, last: int) -> list[str]:
        """What the step joins in rows out of sight."""
        row_of = self.sheet.row_of
        return sorted((n for n in self.way.focus if first <= row_of[n] < last), key=row_of.__getitem__)

    def _edge(self, y: int, sign: str, rows: Sequence[ProgramLine | str], joined: Iterable[str]) -> None:
        """How many rows are out of sight, how many of them the lit paths go through, and the values there
        that the step reads."""
        look, digits, number = self.look, self.moment.session.digits, self.columns.number
        cells = ((name, look.number(self.moment.displayed(name), number, digits)) for name in joined)
        values = [f"{look.symbol(name)} {cell.strip()}" for name, cell in cells]
        lit = sum(isinstance(row, ProgramLine) and row.name in self.depending for row in rows)
        on_way = f", {lit} of them on the way to L" if lit and self.scene.legend else ""
        words = f"{len(rows)} more{on_way}" + (": " + ", ".join(values) if values else "")
        self.canvas.text(3, y, look.say(sign)[:1], "selected")
        self.canvas.text(MARGIN, y, shorten(words, self.columns.lines - MARGIN, look.ascii), "dim")


def _cut(line: ProgramLine, room: int, wanted: frozenset[str], look: Look) -> tuple[Piece, ...]:
    """The pieces of a formula that have room: of a long sum, the wanted terms and the first ones."""
    if line.cells <= room:
        return line.formula
    terms = _terms(line.formula)
    is_wanted = [any(piece.name and piece.name.name in wanted for piece in term) for term in terms]
    kept: set[int] = set()
    for index in sorted(range(len(terms)), key=lambda index: (not is_wanted[index], index)):
        if sum(len(piece.text) for piece in _with_gaps(terms, {*kept, index}, look)) > room:
            break
        kept.add(index)
    if kept:
        return _with_gaps(terms, kept, look)
    ellipsis = Piece(look.say("…"))
    ends = accumulate(len(piece.text) for piece in line.formula)
    return (
        *(p for p, end in zip(line.formula, ends, strict=True) if end + len(ellipsis.text) <= room),
        ellipsis,
    )


def _with_gaps(terms: list[list[Piece]], kept: set[int], look: Look) -> tuple[Piece, ...]:
    """Some terms of a sum, and an ellipsis in place of each run of others."""
    gap, found, before = look.say("…"), list[Piece](), True
    for index, term in enumerate(terms):
        if index in kept:
            found += term
        elif before:
            found.append(Piece(f" + {gap}" if index else gap))
        before = index in kept
    return tuple(found)


def _terms(formula: tuple[Piece, ...]) -> list[list[Piece]]:
    """A formula cut before each + and − that stands in no brackets."""
    terms: list[list[Piece]] = [[]]
    depth = 0
    for piece in formula:
        if depth == 0 and piece.name is None and piece.text in (" + ", " − ", " - "):
            terms.append([])
        terms[-1].append(piece)
        if piece.name is None:
            depth += piece.text.count("(") - piece.text.count(")")
    return terms
