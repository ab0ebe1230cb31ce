"""The table of parameters: value, gradient, change and new value of each."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.drawing.look import Look, sign_role
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.networks.dense import parameters_of
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import CELL, difference
from tinynet_tui.teaching.of_samples import joined_gradient, marked

_COLUMNS = ("value", "gradient", "change", "new")
_SIDE_HEADING = 9
"""The least cells that the headings of a table on its side take."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A parameter as far as this step knows it."""

    name: str
    value: float
    gradient: float | None
    change: float | None
    new: float | None
    frozen: bool
    """Whether no update changes it."""

    @property
    def numbers(self) -> tuple[float | None, ...]:
        """In the order of the columns."""
        return self.value, self.gradient, self.change, self.new


def table_panel(scene: Scene, width: int, height: int) -> Picture:
    """A row for each parameter where there is height for it, else a column; around the selected one."""
    canvas, selected = scene.look.canvas(width, height), scene.moment.session.selected
    rows = _rows(scene.moment)
    names = [row.name for row in rows]
    focus = names.index(selected) if selected in names else _at_work(scene.moment, names)
    if height >= min(len(rows) + 1, 10):
        _draw_upright(canvas, rows, focus, scene)
    else:
        _draw_on_its_side(canvas, rows, focus, scene)
    return canvas.picture()


def _headings(moment: Moment) -> tuple[str, ...]:
    """What the columns are called: the gradient is that of one sample, or the batch's mean or sum."""
    samples = len(moment.program.samples)
    if moment.is_of_batch and (samples > 1 or moment.network.regularized):
        gradient = joined_gradient(moment.model, samples)
    else:
        gradient = "∂L/∂p" if samples == 1 else marked("∂L", moment)
    return ("value", gradient, "change", "new")


def _at_work(moment: Moment, names: list[str]) -> int:
    """The parameter that the step is about, to keep it in sight."""
    about = moment.step.name.rsplit("/d", 1)[-1] if moment.step else ""
    return names.index(about) if about in names else 0


def _rows(moment: Moment) -> list[_Row]:
    given = moment.given
    rows = []
    for parameter in parameters_of(moment.network):
        name = parameter.name
        number = moment.program.number(name)
        done = number is not None and number <= moment.session.step
        new = moment.value(name) if done else None
        change = None if new is None else difference(new, given[name])
        rows.append(_Row(name, given[name], moment.gradient(name), change, new, number is None))
    return rows


def _shown(rows: list[_Row], focus: int, room: int) -> tuple[int, list[_Row]]:
    """(index of the first, those) of the `room` rows around one of them."""
    first = max(0, min(focus - room // 2, len(rows) - room))
    return first, rows[first : first + room]


def _draw_upright(canvas: Canvas, rows: list[_Row], focus: int, scene: Scene) -> None:
    number = min(scene.number_width, (canvas.width - 8) // len(_COLUMNS) - 2)
    headings = list(map(scene.look.say, _headings(scene.moment)))
    step = max(number + 2, CELL + 2, max(map(len, headings)) + 1)
    for index, heading in enumerate(headings):
        canvas.text(8 + index * step + number - len(heading), 0, heading, "dim")
    first, shown = _shown(rows, focus, canvas.height - 1)
    for y, row in enumerate(shown, start=1):
        canvas.mark(row.name, 0, y, canvas.width)
        canvas.text(1, y, scene.look.symbol(row.name).ljust(6), _name_role(row, scene))
        for index in range(len(_COLUMNS)):
            _draw_number(canvas, 8 + index * step, y, row, index, number, scene)
    _tell_more(canvas, first, len(rows) - first - len(shown), scene.look)


def _draw_on_its_side(canvas: Canvas, rows: list[_Row], focus: int, scene: Scene) -> None:
    headings = list(map(scene.look.say, _headings(scene.moment)))
    for y, heading in enumerate(headings, start=1):
        canvas.text(1, y, heading, "dim")
    left, number = max(_SIDE_HEADING, max(map(len, headings)) + 2), scene.number_width
    first, shown = _shown(rows, focus, (canvas.width - left + 1) // (number + 1))
    for column, row in enumerate(shown):
        x = left + column * (number + 1)
        canvas.mark(row.name, x, 0, number, 1 + len(_COLUMNS))
        canvas.text(x, 0, scene.look.symbol(row.name).center(number), _name_role(row, scene))
        for index in range(len(_COLUMNS)):
            _draw_number(canvas, x, 1 + index, row, index, number, scene)
    _tell_more(canvas, first, len(rows) - first - len(shown), scene.look)


def _name_role(row: _Row, scene: Scene) -> str:
    return "selected" if row.name == scene.moment.session.selected else "strong"


def _draw_number(canvas: Canvas, x: int, y: int, row: _Row, index: int, width: int, scene: Scene) -> None:
    if row.frozen and _COLUMNS[index] in ("change", "new"):
        canvas.text(x, y, "frozen".rjust(width), "dim")
        return
    value = row.numbers[index]
    name = (row.name if row.new is None else None, f"dL/d{row.name}", None, row.name)[index]
    role = scene.highlights.role(name, sign_role(value))
    canvas.text(x, y, scene.look.number(value, width, scene.moment.session.digits), role)


def _tell_more(canvas: Canvas, before: int, after: int, look: Look) -> None:
    """Say how many parameters are out of sight, in the corner."""
    text = look.say(" ".join(f"{sign}{count}" for sign, count in (("←", before), ("→", after)) if count))
    canvas.text(canvas.width - len(text), 0, text, "dim")
