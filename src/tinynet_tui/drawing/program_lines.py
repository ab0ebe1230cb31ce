"""A program as lines, in the letters of a screen: what each reads, and the way that a step takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.engine.expression_reading import Piece, letter, pieces
from tinynet_tui.engine.expressions import Expr, names_in
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import of_derivative, symbol


class ProgramLine(NamedTuple):
    """An assignment of the forward pass, or the loss."""

    name: str
    symbol: str
    """As it stands on screen."""
    formula: tuple[Piece, ...]
    """In letters, as on screen."""
    reads: frozenset[str]

    @property
    def cells(self) -> int:
        """How many its formula fills."""
        return sum(len(piece.text) for piece in self.formula)


@dataclass(frozen=True, slots=True, eq=False)
class ProgramLines:
    """All lines of a program and the headings of its levels, from the top."""

    rows: tuple[ProgramLine | str, ...]
    row_of: dict[str, int]
    """The row of each quantity and of the loss."""
    readers: dict[str, tuple[str, ...]]
    """The names of the lines that read a name."""
    names: int
    """Cells of the longest symbol of a line."""
    formulas: int
    """Cells of the longest formula."""

    def depending_on(self, name: str) -> frozenset[str]:
        """The lines on the paths from a name to the loss."""
        return _depending(self, name)


@lru_cache(maxsize=16)
def lines_of(model: Model, look: Look) -> ProgramLines:
    """The lines of a model as they are written in a look."""
    rows = tuple(_rows(model, look))
    lines = tuple(row for row in rows if isinstance(row, ProgramLine))
    readers: dict[str, list[str]] = {}
    for line in lines:
        for name in line.reads:
            readers.setdefault(name, []).append(line.name)
    return ProgramLines(
        rows,
        {row.name: number for number, row in enumerate(rows) if isinstance(row, ProgramLine)},
        {name: tuple(found) for name, found in readers.items()},
        max(len(line.symbol) for line in lines),
        max(line.cells for line in lines),
    )


def _rows(model: Model, look: Look) -> Iterator[ProgramLine | str]:
    """Each level below its title, or else each block below its own."""
    heading = ""
    for number, level in enumerate(model.forward.levels):
        for block in level:
            title = level_title(model, number) or block.title
            if title and title != heading:
                yield look.say(title)
            heading = title
            for line in block.assignments:
                yield _line(line.name, line.expression, look)
    if heading:
        yield "loss"
    yield _line("L", model.forward.loss, look)


def level_title(model: Model, level: int) -> str:
    """What a level is called; "" where it has no name."""
    titles = model.forward.level_titles
    return titles[level] if titles else ""


def _line(name: str, expression: Expr, look: Look) -> ProgramLine:
    formula = tuple(
        piece._replace(text=look.say(piece.text)) for piece in pieces(expression, "plain", letter)
    )
    return ProgramLine(name, look.say(symbol(name)), formula, frozenset(n.name for n in names_in(expression)))


@lru_cache(maxsize=16)
def _depending(lines: ProgramLines, name: str) -> frozenset[str]:
    found: set[str] = set()
    coming = list(lines.readers.get(name, ()))
    while coming:
        reader = coming.pop()
        if reader not in found:
            found.add(reader)
            coming += lines.readers.get(reader, ())
    return frozenset(found)


class Way(NamedTuple):
    """Where a step arrives, and where it comes from; both as names of quantities, or L."""

    to: str | None = None
    """The line whose value or gradient it gives; None where that is a given number's."""
    come_from: frozenset[str] = frozenset()
    underlined: Mapping[str, frozenset[str]] = MappingProxyType({})
    """For the name of a line, the names in its formula that the step is about."""

    @property
    def focus(self) -> tuple[str, ...]:
        """The lines to have in sight, the one that is needed most first."""
        return ((self.to,) if self.to else ()) + tuple(sorted(self.come_from))


def way_of(scene: Scene) -> Way:
    """The way of a step, or of the one that is asked for; nothing of what is for the learner to find."""
    moment = scene.asked.answer if scene.asked else scene.moment
    sheet = lines_of(moment.model, scene.look)
    step = moment.step
    if step is None or step.phase not in ("forward", "loss", "backward"):
        return Way()
    if scene.asked is not None and scene.asked.level == "diagram":
        return Way(step.name if step.name in sheet.row_of else None)
    derivative = of_derivative(step.name)
    if derivative is None:
        return Way(step.name, moment.reads & sheet.row_of.keys(), {step.name: moment.reads})
    top, bottom = derivative
    joins_samples = step.sample is None
    readers = (top,) if step.role == "local" else () if joins_samples else sheet.readers.get(bottom, ())
    # A given number has no line: its way begins at those that read it.
    to = bottom if bottom in sheet.row_of else None
    return Way(to, frozenset(readers), dict.fromkeys(readers, frozenset((bottom,))))
