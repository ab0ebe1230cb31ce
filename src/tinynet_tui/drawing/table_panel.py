"""The table of parameters: value, gradient, change and new value of each."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.drawing.look import sign_role
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import CELL, difference, have_exponents
from tinynet_tui.teaching.sample_or_batch import joined_gradient, marked

_QUANTITIES = ("value", "gradient", "change", "new")
_SIDE_HEADING = 9
"""The least cells that the headings of a table on its side take."""
_MOST_ALIKE = 2_000
"""Of more parameters those in sight alone are looked at: of all of them it would take long at each step."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A parameter as far as this step knows it."""

    name: str
    numbers: tuple[float | None, ...]
    """In the order of `_QUANTITIES`."""
    frozen: bool
    """Whether no update changes it."""


def table_panel(scene: Scene, width: int, height: int) -> Picture:
    """A row for each parameter where there is height for it, else a column; around the selected one."""
    canvas, names = scene.look.canvas(width, height), scene.moment.model.parameter_names
    headings = list(map(scene.look.say, _headings(scene.moment)))
    if height >= min(len(names) + 1, 10):
        _draw_upright(canvas, names, headings, scene)
    else:
        _draw_on_its_side(canvas, names, headings, scene)
    return canvas.picture()


def _headings(moment: Moment) -> tuple[str, ...]:
    """What the quantities are called: the gradient is that of one sample, or the batch's mean or sum."""
    samples = len(moment.program.samples)
    if moment.is_of_batch and (samples > 1 or moment.model.penalties):
        gradient = joined_gradient(moment.model, samples)
    else:
        gradient = "∂L/∂p" if samples == 1 else marked("∂L", moment)
    return ("value", gradient, "change", "new")


def _entry(moment: Moment, name: str) -> _Entry:
    number, old = moment.program.number(name), moment.given[name]
    new = moment.value(name) if number is not None and number <= moment.session.step else None
    change = None if new is None else difference(new, old)
    return _Entry(name, (old, moment.gradient(name), change, new), number is None)


def _in_sight(names: tuple[str, ...], room: int, scene: Scene) -> tuple[int, list[_Entry]]:
    """(index of the first, those) of the entries around the selected one, or else that of the step."""
    selected = scene.moment.session.selected
    at_work = scene.moment.step.name.rsplit("/d", 1)[-1] if scene.moment.step else ""
    focus = next((names.index(name) for name in (selected, at_work) if name in names), 0)
    first = max(0, min(focus - room // 2, len(names) - room))
    return first, [_entry(scene.moment, name) for name in names[first : first + room]]


def _draw_upright(canvas: Canvas, names: tuple[str, ...], headings: list[str], scene: Scene) -> None:
    number = min(scene.number_width, (canvas.width - 8) // len(_QUANTITIES) - 2)
    step = max(number + 2, CELL + 2, max(map(len, headings)) + 1)
    for index, heading in enumerate(headings):
        canvas.text(8 + index * step + number - len(heading), 0, heading, "dim")
    first, shown = _in_sight(names, canvas.height - 1, scene)
    for y, entry in enumerate(shown, start=1):
        canvas.mark(entry.name, 0, y, canvas.width)
        canvas.text(1, y, scene.look.symbol(entry.name).ljust(6), _name_role(entry, scene))
        for index in range(len(_QUANTITIES)):
            _draw_number(canvas, 8 + index * step, y, entry, index, number, scene)
    _tell_more(canvas, first, len(names) - first - len(shown), ("^", "v") if scene.look.ascii else ("↑", "↓"))


def _draw_on_its_side(canvas: Canvas, names: tuple[str, ...], headings: list[str], scene: Scene) -> None:
    for y, heading in enumerate(headings, start=1):
        canvas.text(1, y, heading, "dim")
    left, number = max(_SIDE_HEADING, max(map(len, headings)) + 2), scene.number_width
    first, shown = _in_sight(names, (canvas.width - left + 1) // (number + 1), scene)
    digits = scene.moment.session.digits
    # Numbers of one kind stand in a row: they are written alike.
    alike = [_entry(scene.moment, name) for name in names] if len(names) <= _MOST_ALIKE else shown
    rows = zip(*(entry.numbers for entry in alike), strict=True)
    exponents = [have_exponents(numbers, number, digits) for numbers in rows]
    for column, entry in enumerate(shown):
        x = left + column * (number + 1)
        canvas.mark(entry.name, x, 0, number, 1 + len(_QUANTITIES))
        canvas.text(x, 0, scene.look.symbol(entry.name).center(number), _name_role(entry, scene))
        for index, has_exponent in enumerate(exponents):
            _draw_number(canvas, x, 1 + index, entry, index, number, scene, has_exponent)
    _tell_more(canvas, first, len(names) - first - len(shown), ("<", ">") if scene.look.ascii else ("←", "→"))


def _name_role(entry: _Entry, scene: Scene) -> str:
    return "selected" if entry.name == scene.moment.session.selected else "strong"


def _draw_number(
    canvas: Canvas,
    x: int,
    y: int,
    entry: _Entry,
    index: int,
    width: int,
    scene: Scene,
    has_exponent: bool = False,
) -> None:
    if entry.frozen and _QUANTITIES[index] in ("change", "new"):
        canvas.text(x, y, "frozen".rjust(width), "dim")
        return
    value, is_new = entry.numbers[index], entry.numbers[-1] is not None
    name = (None if is_new else entry.name, f"dL/d{entry.name}", None, entry.name)[index]
    text = scene.look.number(value, width, scene.moment.session.digits, has_exponent)
    canvas.text(x, y, text, scene.highlights.role(name, sign_role(value)))


def _tell_more(canvas: Canvas, before: int, after: int, arrows: tuple[str, str]) -> None:
    """Say in the upper left corner how many parameters are out of sight, and on which sides."""
    back, on = arrows
    left, right = back * bool(before), on * bool(after)
    count = before + after
    forms = (f"{left} {count} more {right}".strip(), f"{left}{count} more{right}", f"{left}{count}{right}")
    text = next((form for form in forms if len(form) <= _SIDE_HEADING), forms[-1])
    if count:
        canvas.text(1 if len(text) < _SIDE_HEADING else 0, 0, text, "dim")
