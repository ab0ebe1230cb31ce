"""The given numbers beside a program: parameters with their gradients, inputs, and targets."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, shorten
from tinynet_tui.drawing.program_lines import lines_of
from tinynet_tui.drawing.scene import Scene, draw_number
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import of_derivative
from tinynet_tui.session.history import editable_names
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.sample_or_batch import joined_gradient, marked


def with_gradients(names: Iterable[str]) -> frozenset[str]:
    """Some quantities with the gradients at them."""
    return frozenset(each for name in names for each in (name, f"dL/d{name}"))


def given_cells(model: Model, look: Look, number: int) -> int:
    """Cells of one given number: name, value, sign and gradient, with blanks around."""
    return 1 + _names(model, look) + 1 + number + 3 + number


@lru_cache(maxsize=64)
def places_cells(model: Model, look: Look) -> int:
    """Cells for the lines that read a number, where any is read by several, with a blank before them."""
    longest = max((len(_places(model, look, name)) for name in editable_names(model)), default=0)
    return longest and min(longest, _MOST_PLACES) + 1


_MOST_PLACES = 16
"""Cells: not all places need be named."""


def _places(model: Model, look: Look, name: str) -> str:
    """The lines that read a given number, where there are several."""
    readers = lines_of(model, look).readers.get(name, ())
    return f"in {' '.join(map(look.symbol, readers))}" if len(readers) > 1 else ""


@lru_cache(maxsize=64)
def _names(model: Model, look: Look) -> int:
    return max((len(look.symbol(name)) for name in editable_names(model)), default=0)


def given_rows(scene: Scene, across: int) -> int:
    """The rows that all of them need, where some stand beside each other in each."""
    names = editable_names(scene.moment.model)
    return -(-len(names) // across) + _has_heading(scene) if names else 0


class GivenNumbers(NamedTuple):
    """The given numbers in a place of their own: as many as fit, around what the step is about."""

    scene: Scene
    x: int
    y: int
    rows: int
    across: int
    """How many stand in a row."""
    number: int
    """Cells of a number."""
    places: int = 0
    """Cells for the lines that read a number; 0: they are not named."""
    end: int = 0
    """The column up to which factors may stand over what leads away from them, where they need that."""

    @property
    def cells(self) -> int:
        """Of one of them."""
        return given_cells(self.scene.moment.model, self.scene.look, self.number) + self.places

    @property
    def in_sight(self) -> tuple[str, ...]:
        """Those in sight: around what the step is about, or else what is selected."""
        moment = self.scene.moment
        given = editable_names(moment.model)
        count = max(0, self.rows - _has_heading(self.scene)) * self.across
        if len(given) <= count:
            return given
        count = max(count - self.across, 0)  # a row tells how many there are besides
        written = self.scene.highlights.written or ""
        read = self.scene.highlights.read
        about = (written, *(of_derivative(written) or ())[1:], *(name for name in given if name in read))
        focus = next((given.index(n) for n in (*about, moment.session.selected) if n in given), 0)
        leap = max(1, count // 2)
        first = max(0, min((focus - leap // 2) // leap * leap, len(given) - count))
        return given[first : first + count]

    def row_of(self, name: str) -> int | None:
        """The row of one, if it is in sight."""
        shown = self.in_sight
        if name not in shown:
            return None
        return self.y + _has_heading(self.scene) + shown.index(name) // self.across

    def draw(self, canvas: Canvas) -> None:
        """Draw them, and say how many are out of sight."""
        look, shown, y = self.scene.look, self.in_sight, self.y
        room = self.across * self.cells - 1
        if _has_heading(self.scene) and self.rows:
            canvas.text(self.x + 1, y, shorten(look.say(_heading(self.scene.moment)), room), "dim")
            y += 1
        for position, name in enumerate(shown):
            self._one(canvas, self.x + position % self.across * self.cells, y + position // self.across, name)
        more = len(editable_names(self.scene.moment.model)) - len(shown)
        if more and self.rows > _has_heading(self.scene):
            y += -(-len(shown) // self.across)
            canvas.text(self.x + 1, y, shorten(look.say(f"↑↓ {more} more"), room), "dim")

    def _one(self, canvas: Canvas, x: int, y: int, name: str) -> None:
        scene, moment, look = self.scene, self.scene.moment, self.scene.look
        canvas.mark(name, x, y, self.cells)
        is_selected = name == moment.session.selected
        canvas.text(x + 1, y, look.symbol(name), "selected" if is_selected else "label")
        x += 1 + _names(moment.model, look)
        is_learned = name in moment.model.parameter_names
        if is_learned and moment.value(name) != moment.given[name]:
            canvas.text(x, y, look.say("▸"), "dim")  # the new value
        x += 1
        draw_number(canvas, x, y, scene, name, self.number, is_signed=is_learned)
        if self.places:
            places = _places(moment.model, look, name)
            canvas.text(x + 2 * self.number + 4, y, shorten(places, self.places - 1, look.ascii), "dim")
        if is_learned:
            draw_gradient(canvas, x + self.number + 1, y, scene, name, self.number, self.places, end=self.end)


def draw_gradient(
    canvas: Canvas,
    x: int,
    y: int,
    scene: Scene,
    name: str,
    width: int,
    beside: int = 0,
    role: str = "dim",
    end: int = 0,
) -> None:
    """The sign ∂ and the gradient at a quantity; or the factors of the lit path that stand there.

    beside: cells to the right that several factors may have, too; role: that of the sign; end: as for
    `write_factors`.
    """
    factors = scene.path_on_lines.at.get(name, ()) if scene.path_on_lines else ()
    if factors:
        from tinynet_tui.drawing.lit_path import write_factors

        write_factors(canvas, scene, x, y, width + 2 + beside * (len(factors) > 1), factors, end)
        return
    canvas.text(x, y, scene.look.say("∂"), role)
    draw_number(canvas, x + 2, y, scene, f"dL/d{name}", width, is_signed=True)


def _has_heading(scene: Scene) -> bool:
    """Whether it has to be said what the gradients of parameters are of."""
    return len(scene.moment.program.samples) > 1 or bool(scene.moment.model.penalties)


def _heading(moment: Moment) -> str:
    samples = len(moment.program.samples)
    if moment.is_of_batch or samples == 1:
        return f"∂ is {joined_gradient(moment.model, samples)}"
    return f"∂ is {marked('∂L', moment)}"
