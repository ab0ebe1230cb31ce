"""The sheet: a program as lines, as people write it by hand, with every number as far as it is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from tinynet_tui.drawing.look import Look, sign_role
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.sheet_layout import (
    MARGIN,
    Columns,
    Line,
    Room,
    Sheet,
    columns_of,
    room_of,
    sheet_of,
)
from tinynet_tui.engine.names import of_derivative
from tinynet_tui.engine.walks import Piece
from tinynet_tui.teaching.of_samples import joined_gradient, marked


class Way(NamedTuple):
    """Which lines a step joins: that at which it arrives, and those it comes from."""

    to: str | None = None
    """The name of the line that the step writes to, or that reads what it writes to."""
    come_from: frozenset[str] = frozenset()
    underlined: Mapping[str, frozenset[str]] = MappingProxyType({})
    """For the name of a line, the names in its formula that the step is about."""


def sheet_rows(scene: Scene, width: int, height: int) -> int:
    """The rows that the sheet can use."""
    sheet = sheet_of(scene.moment.model, scene.look)
    columns = columns_of(sheet, width, scene.number_width)
    given = len(sheet.given) + _has_heading(scene)
    if columns.is_beside:
        return min(height, max(len(sheet.rows), given))
    return min(height, len(sheet.rows) + 1 + -(-given // max(1, width // columns.given)))


def sheet(scene: Scene, width: int, height: int) -> Picture:
    """The lines around the step, what it reads underlined, and the given numbers."""
    return _Pen(scene, width, height).picture()


def names_on_sheet(scene: Scene, width: int, height: int) -> frozenset[str]:
    """The quantities whose values are in sight."""
    pen = _Pen(scene, width, height)
    lines = [row.name for row in pen.sheet.rows[pen.first : pen.last] if isinstance(row, Line)]
    shown = {*lines, *pen.given_in_sight}
    return frozenset((*shown, *(f"dL/d{name}" for name in shown)))


class _Pen:
    """Draws one sheet."""

    def __init__(self, scene: Scene, width: int, height: int) -> None:
        self.scene, self.moment, self.look = scene, scene.moment, scene.look
        self.canvas: Canvas = scene.look.canvas(width, height)
        self.sheet: Sheet = sheet_of(scene.moment.model, scene.look)
        self.columns: Columns = columns_of(self.sheet, width, scene.number_width)
        self.room: Room = room_of(self.sheet, self.columns, width, height, _has_heading(scene))
        self.way = _way(scene)
        self.first, self.last = self._window()
        self.depending = self.sheet.depending_on(scene.moment.session.selected)

    def picture(self) -> Picture:
        """The whole."""
        self._lines()
        self._links()
        self._given()
        return self.canvas.picture()

    # Lines

    def _window(self) -> tuple[int, int]:
        """(first, after the last) of the rows in sight: the view moves a third of them at a time."""
        count, rows = len(self.sheet.rows), self.room.rows
        if count <= rows:
            return 0, count
        row_of = self.sheet.row_of
        focus = (
            row_of[self.way.to]
            if self.way.to
            else min(map(row_of.__getitem__, self.way.come_from), default=0)
        )
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
        return self.room.first + (self.first > 0) + row - self.first

    def _lines(self) -> None:
        top = self.room.first + (self.first > 0)
        for y, row in enumerate(self.sheet.rows[self.first : self.last], start=top):
            if isinstance(row, Line):
                self._line(y, row)
            else:
                rule = self.look.say("╌") * max(0, self.columns.lines - MARGIN - len(row) - 1)
                self.canvas.text(self.canvas.text(MARGIN, y, row, "label") + 1, y, rule, "dim")

    def _line(self, y: int, line: Line) -> None:
        canvas, look, columns = self.canvas, self.look, self.columns
        is_lit = line.name == self.way.to or line.name in self.way.come_from
        canvas.mark(line.name, 0, y, columns.lines)
        if line.name in self.depending:
            canvas.text(0, y, look.say("▏"), "edge.lit")
        role = "strong" if line.name == self.way.to else ""
        canvas.text(MARGIN, y, line.symbol.ljust(self.sheet.names), role)
        x = canvas.text(MARGIN + self.sheet.names, y, " = ", role)
        self._formula(x, y, line, role)
        x += columns.formula + 1
        self._number(x, y, line.name, "strong" if line.name == "L" else "")
        if line.name != "L":
            canvas.text(x + columns.number + 1, y, look.say("∂"), "" if is_lit else "dim")
            self._number(x + columns.number + 3, y, f"dL/d{line.name}")

    def _formula(self, x: int, y: int, line: Line, role: str) -> None:
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
        """A value as it is displayed; what is asked for has a question mark."""
        value = self.moment.displayed(name)
        width, digits = self.columns.number, self.moment.session.digits
        if value is None and name == self.scene.highlights.written:
            text = "?".center(width)
        else:
            text = self.look.number(value, width, digits)
        own = sign_role(value) if value is None or "/" in name else role
        self.canvas.text(x, y, text, self.scene.highlights.role(name, own))

    # The way from what reads to what is read

    def _links(self) -> None:
        """A line in the margin through all that the step joins, an arrow where it arrives."""
        sheet, to = self.sheet, self.way.to
        above = self._beyond(0, self.first)
        below = self._beyond(self.last, len(sheet.rows))
        top, bottom = self.room.first, self.room.first + self.room.rows - 1
        ends = [row for name in (to, *self.way.come_from) if name and (row := self._row(name)) is not None]
        joined = ends + [top] * bool(above) + [bottom] * bool(below)
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
            self._edge(top, "↑", self.first, above)
        if self.last < len(sheet.rows):
            self._edge(bottom, "↓", len(sheet.rows) - self.last, below)

    def _beyond(self, first: int, last: int) -> list[str]:
        """What the step joins in rows out of sight."""
        names = (*self.way.come_from, *((self.way.to,) if self.way.to else ()))
        row_of = self.sheet.row_of
        return sorted((name for name in names if first <= row_of[name] < last), key=row_of.__getitem__)

    def _edge(self, y: int, sign: str, rows: int, joined: Iterable[str]) -> None:
        """How many rows are out of sight, and the values there that the step reads."""
        look, digits, number = self.look, self.moment.session.digits, self.columns.number
        cells = ((name, look.number(self.moment.displayed(name), number, digits)) for name in joined)
        values = [f"{look.symbol(name)} {cell.strip()}" for name, cell in cells]
        words = f"{rows} more" + (": " + ", ".join(values) if values else "")
        self.canvas.text(3, y, look.say(sign)[:1], "selected")
        self.canvas.text(MARGIN, y, shorten(words, self.columns.lines - MARGIN, look.ascii), "dim")

    # Given numbers

    @property
    def given_in_sight(self) -> tuple[str, ...]:
        """Those in sight: around what the step is about, or else what is selected."""
        given, room = self.sheet.given, self.room
        count = max(0, room.given_rows - _has_heading(self.scene)) * room.given_across
        if len(given) <= count:
            return given
        count -= room.given_across  # for the row that tells how many there are besides
        step = self.moment.step
        about = [step.name, *(of_derivative(step.name) or ())[1:]] if step else []
        names = (*about, *sorted(self.scene.highlights.read), self.moment.session.selected)
        focus = next((given.index(name) for name in names if name in given), 0)
        leap = max(1, count // 2)
        first = max(0, min((focus - leap // 2) // leap * leap, len(given) - count))
        return given[first : first + max(count, 0)]

    def _given(self) -> None:
        shown, room, across = self.given_in_sight, self.room, self.room.given_across
        if not self.sheet.given:
            return
        y = 0
        if _has_heading(self.scene):
            words = self.look.say(_heading(self.scene))
            self.canvas.text(room.given_x + 1, y, shorten(words, self.columns.given - 1), "dim")
            y += 1
        for number, name in enumerate(shown):
            self._given_number(
                room.given_x + number % across * self.columns.given, y + number // across, name
            )
        if len(shown) < len(self.sheet.given):
            more = self.look.say(f"{len(self.sheet.given) - len(shown)} more, as they are selected ↑↓")
            y += -(-len(shown) // across)
            self.canvas.text(room.given_x + 1, y, shorten(more, self.columns.given - 1), "dim")
        if not self.columns.is_beside:
            self.canvas.text(0, room.given_rows, self.look.say("─") * self.canvas.width, "dim")

    def _given_number(self, x: int, y: int, name: str) -> None:
        canvas, moment, number = self.canvas, self.moment, self.columns.number
        canvas.mark(name, x, y, self.columns.given)
        is_selected = name == moment.session.selected
        symbol = self.look.symbol(name)
        canvas.text(x + 1, y, symbol, "selected" if is_selected else "label")
        x += 1 + self.sheet.given_names
        learned = name in moment.model.parameter_names
        if learned and moment.value(name) != moment.given[name]:
            canvas.text(x, y, self.look.say("▸"), "dim")
        role = sign_role(moment.displayed(name)) if learned else ""
        text = self.look.number(moment.displayed(name), number, moment.session.digits)
        canvas.text(x + 1, y, text, self.scene.highlights.role(name, role))
        if learned:
            canvas.text(x + 1 + number + 1, y, self.look.say("∂"), "dim")
            self._number(x + 1 + number + 3, y, f"dL/d{name}")


def _cut(line: Line, room: int, wanted: frozenset[str], look: Look) -> tuple[Piece, ...]:
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
    return _with_gaps(terms, kept, look)


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


def _has_heading(scene: Scene) -> bool:
    """Whether it has to be said what the gradients of parameters are of."""
    return len(scene.moment.program.samples) > 1 or bool(scene.moment.model.penalties)


def _heading(scene: Scene) -> str:
    moment = scene.moment
    samples = len(moment.program.samples)
    if moment.is_of_batch or samples == 1:
        return f"∂ is {joined_gradient(moment.model, samples)}"
    return f"∂ is {marked('∂L', moment)}"


def _way(scene: Scene) -> Way:
    """What a step joins on the sheet; nothing while it is for the learner to find."""
    moment = scene.asked.answer if scene.asked else scene.moment
    sheet = sheet_of(moment.model, scene.look)
    step = moment.step
    if step is None or step.phase in ("given", "update", "check"):
        return Way()
    if scene.asked is not None and scene.asked.level == "diagram":
        return Way(step.name if step.name in sheet.row_of else None)
    derivative = of_derivative(step.name)
    if derivative is None:
        read = moment.reads
        return Way(step.name, read & sheet.row_of.keys(), {step.name: read})
    top, bottom = derivative
    if step.role == "local":
        readers = frozenset((top,))
    elif step.sample is None:
        readers = frozenset()
    else:
        readers = frozenset(sheet.readers.get(bottom, ()))
    underlined = {reader: frozenset((bottom,)) for reader in readers}
    if bottom in sheet.row_of:
        return Way(bottom, readers, underlined)
    # A given number has no line: the way ends at those that read it.
    return Way(None, readers, underlined)
