"""The graph of a program: its blocks with every number as far as it is known, and what reads what."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tinynet_tui.drawing.given_numbers import (
    GivenNumbers,
    draw_gradient,
    given_rows,
    with_gradients,
)
from tinynet_tui.drawing.graph_layout import BlockBox, Edge, Graph, graph_of
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.program_lines import ProgramLine, lines_of, way_of
from tinynet_tui.drawing.scene import Scene, draw_number

_MOST_EDGES = 60
"""Of more edges only those are drawn that the step, or the path of what is selected, takes."""


def graph_for(scene: Scene, width: int, height: int) -> Graph:
    """Where the parts of the graph stand in a room."""
    return graph_of(scene.moment.model, scene.look, width, height, scene.number_width)


def fits_whole(scene: Scene, width: int, height: int) -> bool:
    """Whether all of a program's blocks and given numbers are in sight."""
    return graph_for(scene, width, height).fits and given_rows(scene, 1) <= height


def graph_rows(scene: Scene, width: int, height: int) -> int:
    """The rows that the graph can use."""
    return min(height, max(graph_for(scene, width, height).height, given_rows(scene, 1)))


def graph(scene: Scene, width: int, height: int) -> Picture:
    """The blocks around the step, and the given numbers before them."""
    return _GraphPen(scene, width, height).picture()


def names_on_graph(scene: Scene, width: int, height: int) -> frozenset[str]:
    """The quantities whose values are in sight."""
    pen = _GraphPen(scene, width, height)
    lines = [line.name for box in pen.graph.boxes if pen.in_sight(box) for line in box.lines]
    return with_gradients((*lines, *pen.given.in_sight))


class _GraphPen:
    """Draws one graph."""

    def __init__(self, scene: Scene, width: int, height: int) -> None:
        self.scene, self.moment, self.look = scene, scene.moment, scene.look
        self.canvas: Canvas = scene.look.canvas(width, height)
        self.graph = graph_for(scene, width, height)
        self.way = way_of(scene)
        rows = min(height, given_rows(scene, 1))
        self.given = GivenNumbers(
            scene,
            0,
            max(0, (height - rows) // 2),
            rows,
            1,
            self.graph.number,
            self.graph.places,
            width,
        )
        sheet = lines_of(scene.moment.model, scene.look)
        self.readers = sheet.readers
        self.path = sheet.depending_on(scene.moment.session.selected)
        self.left, self.top = self._window()

    def _window(self) -> tuple[int, int]:
        """(the first column, the first row) in sight: those around the line that the step is about."""
        graph, width, height = self.graph, self.canvas.width, self.canvas.height
        focus = next((graph.place[name] for name in self.way.focus), None)
        if focus is None:
            last = graph.boxes[-1] if self.moment.phase == "check" else graph.boxes[0]
            focus = last, last.y
        box, row = focus
        first = 0
        while graph.columns[box.column][0] + box.width - self._shift(first) > width and first < box.column:
            first += 1
        if graph.height <= height:
            return first, -((height - graph.height) // 2)
        return first, max(0, min(row - height // 2, graph.height - height))

    def _shift(self, first: int) -> int:
        """Cells that the columns move to the left, where one is the first beside the given numbers."""
        return self.graph.columns[first][0] - self.graph.columns[0][0]

    def _x(self, box: BlockBox) -> int:
        return self._x_of(box.column)

    def _x_of(self, column: int) -> int:
        return self.graph.columns[column][0] - self._shift(self.left)

    def in_sight(self, box: BlockBox) -> bool:
        """Whether a box is there as a whole."""
        is_inside = self._x(box) + box.width <= self.canvas.width and box.column >= self.left
        return is_inside and self.top <= box.y and box.y + box.height - self.top <= self.canvas.height

    def _is_column_in_sight(self, column: int) -> bool:
        x, width = self.graph.columns[column]
        return column >= self.left and x + width - self._shift(self.left) <= self.canvas.width

    @property
    def _columns_in_sight(self) -> list[int]:
        return [n for n in range(len(self.graph.columns)) if self._is_column_in_sight(n)]

    def picture(self) -> Picture:
        """The whole."""
        for style, weight, edges in self._edges():
            for edge in edges:
                self._edge(edge, style, weight)
        for box in reversed(self.graph.boxes):  # factors behind one need to know where the next ones are
            if self._is_column_in_sight(box.column):
                self._box(box)
        self.given.draw(self.canvas)
        self._beyond()
        self._legend()
        return self.canvas.picture()

    # Edges

    def _edges(self) -> Iterator[tuple[str, int, list[Edge]]]:
        """(role, weight, edges): the plain ones, those on the path of what is selected, those of the step."""
        selected = self.moment.session.selected
        all_edges = self.graph.edges
        path = [edge for edge in all_edges if edge.source in self.path]
        places = [Edge(selected, reader) for reader in self.readers.get(selected, ())]
        is_backward = self.moment.phase == "backward"
        if is_backward:
            joined = self.way.underlined.items()
            step = [Edge(source, reader) for reader, names in joined for source in sorted(names)]
        else:
            to = self.way.to
            step = [Edge(source, to) for source in sorted(self._read())] if to else []
        lit = set(step)
        path = [edge for edge in (*path, *places) if edge not in lit]
        plain = [] if len(all_edges) > _MOST_EDGES else [e for e in all_edges if e not in lit | set(path)]
        yield "dim", 0, plain
        yield "edge.positive", 1, path
        # From given numbers they come close together: thick ones would be a blot.
        yield "edge.lit", 1, [edge for edge in step if edge.source not in self.graph.place]
        yield "edge.lit", 2, [edge for edge in step if edge.source in self.graph.place]

    def _read(self) -> frozenset[str]:
        """What the step of the forward pass reads, beside its hyperparameters."""
        return next(iter(self.way.underlined.values()), frozenset())

    def _edge(self, edge: Edge, style: str, weight: int) -> None:
        """A line from what is read to what reads it, around the boxes between."""
        graph = self.graph
        target, y1 = graph.place[edge.reader]
        if edge.source in graph.place:
            source, y0 = graph.place[edge.source]
            if source is target:
                return
            x, column = self._x(source) + source.width, source.column
            y: float = y0 - self.top
        else:
            row = self.given.row_of(edge.source)
            if row is None:
                return
            x, column, y = graph.given, -1, row
        if not self._is_column_in_sight(target.column) or column not in (-1, *self._columns_in_sight):
            return
        for between in range(max(column + 1, self.left), target.column):
            start, cells = graph.columns[between]
            start -= self._shift(self.left)
            share = (between - column) / (target.column - column)
            lane = graph.lane(between, y + self.top + (y1 - self.top - y) * share) - self.top
            self.canvas.line(x, y, start - 1, lane, style, weight)
            self.canvas.line(start, lane, start + cells - 1, lane, style, weight)
            x, y = start + cells, lane
        self.canvas.line(x, y, self._x(target) - 1, y1 - self.top, style, weight)

    # Boxes

    def _box(self, box: BlockBox) -> None:
        x, y = self._x(box), box.y - self.top
        is_at_work = self.way.to in [line.name for line in box.lines]
        if self.graph.form.is_framed:
            self.canvas.box(
                x, y, box.width, box.height, box.title, "strong" if is_at_work else "label", heavy=is_at_work
            )
            x, y = x + 1, y + 1
        else:
            self.canvas.fill(x, y, box.width, box.height)
        for line in box.lines:
            self._line(x, y, box, line)
            y += self.graph.form.rows(line)

    def _line(self, x: int, y: int, box: BlockBox, line: ProgramLine) -> None:
        canvas, look, form, number = self.canvas, self.look, self.graph.form, self.graph.number
        canvas.mark(line.name, x, y, box.width - 2 * form.is_framed, form.rows(line))
        names = max(len(line.symbol) for line in box.lines)
        sign = "▸" if line.name == self.way.to else "•" if line.name in self.way.come_from else ""
        edge = "▏" if line.name in self.path else ""
        canvas.text(x, y, look.say(sign or edge), "edge.lit" if sign else "positive")
        role = "strong" if line.name == self.way.to else "positive" if line.name in self.path else "label"
        canvas.text(x + 1, y, line.symbol, role)
        x += 1 + names + 1
        draw_number(canvas, x, y, self.scene, line.name, number, False, "strong" if line.name == "L" else "")
        if line.name != "L":
            x, y = (x - 2, y + 1) if form.is_stacked else (x + number + 1, y)
            draw_gradient(canvas, x, y, self.scene, line.name, number, end=canvas.width)

    # What is out of sight

    def _beyond(self) -> None:
        """How many columns and rows there are beside what is shown."""
        graph, columns = self.graph, self._columns_in_sight
        width, height = self.canvas.width, self.canvas.height
        before = graph.given + 1
        # Between the last two columns, where the last one reaches to the edge.
        gap = self._x_of(columns[-1]) if columns else width
        after = sum(not self._is_column_in_sight(n) for n in range(self.left, len(graph.columns)))
        rows_after = max(graph.height - height - self.top, 0)
        top, middle, bottom = 0, height // 2, height - 1
        self._tell("↑", max(self.top, 0), "row", top, lambda cells: (before,))
        self._tell("↓", rows_after, "row", bottom, lambda cells: (before,))
        self._tell("←", self.left, "column", middle, lambda cells: (before,))
        self._tell("→", after, "column", middle, lambda cells: (width - cells, gap - cells))

    def _legend(self) -> None:
        """What the marks of the factors are, below all else, where a row has room for that."""
        for words in self.scene.legend:
            text = self.look.say(words)
            for row in reversed(range(self.canvas.height)):
                for x in (1, self.graph.given + 1, self.canvas.width - len(text) - 1):
                    if self.canvas.is_free(x, row, len(text), False):
                        self.canvas.text(x, row, text, "edge.lit")
                        return

    def _tell(
        self, sign: str, count: int, noun: str, near: int, starts: Callable[[int], tuple[int, ...]]
    ) -> None:
        """How much is out of sight, in words where they have room; never over a box or a number.

        near: the row that is best; starts: where words may begin in a row, by how many cells they take.
        """
        if not count:
            return
        height, short = self.canvas.height, f"{sign}{count}"
        rows = sorted(range(height), key=lambda row: abs(row - near))
        for words, may_cross in (
            (f"{sign} {count} more {noun if count == 1 else f'{noun}s'}", False),
            (f"{sign} {count} more", False),
            (short, False),
            (short, True),
        ):
            text = self.look.say(words)
            # Words far from the upper or the lower edge would not be about it.
            for row in rows[: height // 2] if words != short and noun == "row" else rows:
                for x in starts(len(text)):
                    if self.canvas.is_free(x, row, len(text), may_cross):
                        self.canvas.text(x, row, text, "selected")
                        return
