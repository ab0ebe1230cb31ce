"""The whole screen: header, diagram or sheet, panels, timeline and hints, each where there is room for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, cast

from tinynet_tui.drawing.above_panels import Drawing, drawing_of, view_of
from tinynet_tui.drawing.header_and_hints import (
    draw_comparison,
    draw_header,
    draw_hints,
    draw_labels,
    draw_level,
    draw_panel_title,
    draw_step_title,
    draw_tabs,
    draw_timeline,
    draw_tour,
    name_of_panel,
    tour_rows,
)
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, shorten
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import question_panel, rows_of_step
from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step
from tinynet_tui.session.history import comparison
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.session import BY_RECORD, LEARNING_RATE, PANELS, Session, View

if TYPE_CHECKING:
    from tinynet_tui.frameworks.costs import Costs
    from tinynet_tui.prediction.question import Question

LEAST_WIDTH, LEAST_HEIGHT = 60, 20
"""Below this many cells the screen says what it needs."""

_BARS = 3
"""Rows of header, timeline and hints."""
_LEAST_PANEL = 6
"""Rows of the smallest panel, its title included."""
_LEAST_DIAGRAM = 8
"""Rows that words never take from the diagram."""
_LEAST_BESIDE_FORMULA = 4
"""Rows that a long formula never takes from it: where that is not enough to show the whole, it takes none."""
_LEAST_SHEET = 7
"""The same of a sheet: given numbers, a rule, and what is beyond the edges stand around its lines."""
TWO_COLUMNS = 110
"""Cells of the narrowest screen with two columns of panels."""


class Slot(NamedTuple):
    """A place for a panel, its title row included."""

    panel: str
    x: int
    y: int
    width: int
    height: int


def screen(moment: Moment, width: int, height: int, look: Look, costs: Costs | None = None) -> Picture:
    """The screen of a moment, with the costs of an update where they have been measured."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return too_small(width, height, look)
    scene, canvas = Scene(moment, look, costs), look.canvas(width, height)
    of_step = _rows_of_step(scene, width)
    rows, drawing = diagram_rows(scene, width, height), _drawing(scene, width, height)
    draw_header(canvas, scene)
    canvas.blit(drawing.draw(scene, width, rows), 0, 1)
    # The numbers of before and after an edit tell more than has been predicted.
    compared = comparison(moment.session) if moment.session.stage == "off" else None
    touring = tour_rows(scene, width)
    # The last row of a tour has the place of the hints, if that is free.
    is_free = not moment.session.notice and not scene.feedback and scene.asked is None
    in_hints = is_free and [role for _, role in touring].count("note") == 1
    above = len(touring) - in_hints
    bottom = height - 2 - (compared is not None) - above
    slots = panel_slots(
        moment.session.shown_panel,
        width,
        rows + 1,
        bottom,
        of_step,
        partial(_rows_of_chain, scene),
        _AROUND_TABLE + len(moment.model.parameter_names),
    )
    if scene.asked is not None and (scene.asked.level == "diagram" or len(slots) == 1):
        slots = [Slot("step", 0, rows + 1, width, height - 3 - rows - above)]
    for slot in slots:
        if scene.asked is not None and slot.panel == "step":
            # Some weights stand on their edges only where a question reads them.
            seen = drawing.names(scene, width, rows) | {mark.name for mark in canvas.picture().marks}
            _draw_question(canvas, slot, scene, scene.asked, _unseen(scene, scene.asked, seen))
        else:
            _draw_slot(canvas, slot, scene, alone=len(slots) == 1)
    if len(slots) > 1:
        # The panels that have no room, in the last rule: their digits open them.
        hidden = [panel for panel in PANELS if panel not in [slot.panel for slot in slots]]
        labels = [(name_of_panel(panel, scene.asked is not None, look.keys), panel) for panel in hidden]
        draw_labels(canvas, width, slots[-1].y, labels, apart=1)
    if compared is not None:
        draw_comparison(canvas, height - 3 - above, compared, moment.model, look)
    draw_tour(canvas, height - 2, touring[:above])
    draw_timeline(canvas, height - 2, scene)
    if in_hints:
        draw_tour(canvas, height, touring[above:])
    else:
        draw_hints(canvas, height - 1, scene)
    return canvas.picture()


def being_computed(session: Session, before: Picture, width: int, height: int, look: Look) -> Picture:
    """What was there before, and that the numbers of an update are on their way."""
    canvas = look.canvas(width, height)
    if (before.width, before.height) == (width, height):
        canvas.blit(before, 0, 0)
    canvas.fill(0, height - 1, width, 1)
    words = f"{session.lesson.title}: update {session.update:,} is being computed."
    canvas.text(1, height - 1, shorten(look.say(words), width - 2, look.ascii), "strong")
    return canvas.picture()


def too_small(width: int, height: int, look: Look) -> Picture:
    """What the screen says when it has not the room it needs."""
    canvas = look.canvas(width, height)
    lines = (
        f"{width}×{height} is too small:",
        f"{LEAST_WIDTH}×{LEAST_HEIGHT} needed.",
        f"{look.keys.of('quit')} quits",
    )
    for row, line in enumerate(lines, start=max(0, (height - len(lines)) // 2)):
        text = line.replace("×", "x") if look.ascii else line
        canvas.text(max(0, (width - len(text)) // 2), row, text)
    return canvas.picture()


def diagram_rows(scene: Scene, width: int, height: int) -> int:
    """The rows that the diagram or the sheet gets: what it can use, but never the last ones of the panels.

    It leaves more of them where these are needed: to the words of the start, a long sum, or the chain of
    several paths.
    """
    moment = scene.moment
    # Where the words of a tour take more than a row, the panels keep theirs, at the cost of the diagram:
    # the same at most stops, so that it stays where it is.
    touring = len(tour_rows(scene, width))
    most = max(_rows_above_panels(height) - max(touring, _OF_TOUR) + 2, _LEAST_BESIDE_FORMULA)
    most = most if touring else _rows_above_panels(height)
    needed = _rows_needed(scene, width) - _panel_rows(height)
    if touring and moment.session.shown_panel == "chain":
        needed = 0  # a learner finds the picture as it was: of several paths each has a row, and the nudge
    is_sheet = view_of(scene, width, _rows_above_panels(height)) == "sheet"
    if width < TWO_COLUMNS and needed > 0:
        if moment.step is None and moment.session.shown_panel == "step":
            most = max(most - needed, min(most, _LEAST_DIAGRAM))
        elif most - needed >= (_LEAST_SHEET if is_sheet else _LEAST_BESIDE_FORMULA):
            most -= needed
    return min(most, max(_drawing(scene, width, height).rows(scene, width, most), 1))


def shown_view(moment: Moment, width: int, height: int, look: Look) -> View:
    """What stands above the panels of a screen."""
    return view_of(Scene(moment, look), width, _rows_above_panels(height))


def _drawing(scene: Scene, width: int, height: int) -> Drawing:
    """What draws it. The size of the screen decides, not the step, so that no step changes the view."""
    return drawing_of(scene, width, _rows_above_panels(height))


def _rows_above_panels(height: int) -> int:
    """The rows that there are above the panels, where these need no more than usual."""
    return height - _BARS - _panel_rows(height)


def _rows_needed(scene: Scene, width: int) -> int:
    """The rows that the chosen panel needs to show its formulas whole, with its title; 0 of another one."""
    match scene.moment.session.shown_panel:
        case "step":
            return _rows_of_step(scene, width)
        case "chain":
            return _rows_of_chain(scene, width, _UNLIMITED)
        case "variants":
            return _OF_VARIANTS
    return 0


_UNLIMITED = 1_000
"""Rows."""
_OF_TOUR = 4
"""Rows that the words of a tour have at most stops: what was done, and what is asked."""
_OF_VARIANTS = 8
"""Rows to a wrong way: panel, mistake, the right and the wrong line, the judge on two, and why on two."""


def _rows_of_chain(scene: Scene, width: int, most: int) -> int:
    """The rows that the chain panel has use for, of some, with its title; 0 while it is asked for."""
    if scene.moment.session.stage == "asking":
        return 0
    from tinynet_tui.drawing.chain_panel import rows_of_chain

    return 1 + rows_of_chain(scene, width, most - 1)


def _rows_of_step(scene: Scene, width: int) -> int:
    """The rows that the step panel needs, with its title: for the words of the start, or for the formula."""
    session = scene.moment.session
    if session.stage == "asking" or (scene.moment.step is None and session.stage != "off"):
        return 0
    return 1 + rows_of_step(scene, _columns(width)[0][1])


def _panel_rows(height: int) -> int:
    """The rows left to the panels, titles included: 7 at 24 rows, and a good half of what is more."""
    return max(_LEAST_PANEL, 7 + (height - 24) * 3 // 5)


def panel_slots(
    chosen: str,
    width: int,
    top: int,
    bottom: int,
    step: int = 0,
    of_chain: Callable[[int, int], int] = lambda width, most: 0,
    table: int = 0,
) -> list[Slot]:
    """Where panels stand between two rows; where not all do, the chosen one takes the last place.

    One of lines takes it in the first column, which is the widest, unless the step stands alone there.
    step: the rows that the step wants, if more than usual; of_chain: those that the chain has use for, by its
    width and how many it could have; table: those that the whole table takes.
    """
    needed = {**_NEEDED, "step": max(step, _NEEDED["step"])}
    rows, widths = bottom - top, [cells for _, cells in _columns(width)]
    columns = [_fitting(column, rows, needed) for column, _ in _columns(width)]
    if not any(chosen in column for column in columns):
        column = columns[0] if chosen in _OF_LINES and len(columns[0]) > 1 else columns[-1]
        column[-1] = chosen
    if columns[0][-1] == "loss":
        # Of what is left the chain takes as much as it has use for; the chart grows with the screen, too.
        most = needed["chain"] + (rows - sum(needed[panel] for panel in columns[0])) * 2 // 3
        needed["chain"] = max(needed["chain"], min(of_chain(widths[0], most), most))
    if columns[-1] == ["table", "code"] and table + needed["code"] <= rows:
        needed["table"] = max(needed["table"], table)
    slots, x = list[Slot](), 0
    for column, cells in zip(columns, widths, strict=True):
        slots += _stacked(column, needed, x, top, cells, rows)
        x += cells + _BETWEEN
    return slots


_NEEDED = {"step": 8, "chain": 6, "table": 11, "loss": 9, "code": 8}
"""The rows that a panel wants beside others, its title included."""
_AROUND_TABLE = 2
"""Rows of the table's title and its headings."""
_OF_LINES = ("chain", "framework", "variants")
"""The panels that are lines of text and formulas."""


_BETWEEN = 2
"""Cells between two columns of panels."""


def _columns(width: int) -> tuple[tuple[tuple[str, ...], int], ...]:
    """The panels of each column, in the order of their importance, and its cells."""
    if width < TWO_COLUMNS:
        return ((("step", "table", "chain", "loss", "code"), width),)
    right = 52 if width < 165 else 72
    return (("step", "chain", "loss"), width - right - _BETWEEN), (("table", "code"), right)


def _fitting(column: tuple[str, ...], rows: int, needed: dict[str, int]) -> list[str]:
    """The panels of a column that have room, from the first; one always has."""
    shown = [column[0]]
    used = needed[column[0]]
    for panel in column[1:]:
        if used + needed[panel] <= rows:
            shown.append(panel)
            used += needed[panel]
    return shown


def _stacked(
    panels: list[str], needed: dict[str, int], x: int, top: int, width: int, rows: int
) -> list[Slot]:
    """Slots below each other; rows that are left go to the last."""
    slots = []
    y = top
    for index, panel in enumerate(panels):
        last = index == len(panels) - 1
        height = top + rows - y if last else needed[panel]
        slots.append(Slot(panel, x, y, width, height))
        y += height
    return slots


def _unseen(scene: Scene, asked: Question, seen: frozenset[str]) -> tuple[str, ...]:
    """What a question reads that is not in sight above the panels, or by another name, in sentences."""
    program = scene.moment.program

    def in_sight(name: str, value: float) -> bool:
        return name in seen and scene.moment.displayed(name) == value

    found: dict[str, list[str]] = {}
    for read in asked.reads:
        if in_sight(read.name, read.value):
            continue
        where, text = "Not in the diagram: ", read.text
        match program.sample_step(read.name):
            case Step(expression=Name(same)) if in_sight(same, read.value):
                where, text = "In the diagram: ", f"{symbol(same)} = {text}"
        if read.name == LEARNING_RATE:
            where = "At the top: "
        found.setdefault(where, []).append(text)
    return tuple(f"{where}{', '.join(texts)}." for where, texts in found.items())


def _draw_question(
    canvas: Canvas, slot: Slot, scene: Scene, asked: Question, unseen: tuple[str, ...]
) -> None:
    session, end = scene.moment.session, slot.x + slot.width
    if session.back_to is None:  # of one step that is asked for alone there is no other level
        level = BY_RECORD if session.fades else asked.level
        end = draw_level(canvas, end, slot.y, level, scene.look.keys.while_typing) - 1
    draw_step_title(canvas, slot.x, slot.y, end - slot.x, scene)
    canvas.blit(question_panel(scene, asked, unseen, slot.width, slot.height - 1), slot.x, slot.y + 1)


def _draw_slot(canvas: Canvas, slot: Slot, scene: Scene, alone: bool) -> None:
    if alone:
        tabs = draw_tabs(canvas, slot.y, slot.panel, scene.look.keys)
        draw_step_title(canvas, slot.x, slot.y, tabs - 1, scene, _of_another(scene.moment, slot.panel))
    elif slot.panel == "step":
        draw_step_title(canvas, slot.x, slot.y, slot.width, scene)
    else:
        chosen = slot.panel == scene.moment.session.shown_panel
        asking = scene.asked is not None
        draw_panel_title(canvas, slot.x, slot.y, slot.width, slot.panel, chosen, scene.look, asking)
    canvas.blit(_panel_named(slot.panel)(scene, slot.width, slot.height - 1), slot.x, slot.y + 1)


def _of_another(moment: Moment, panel: str) -> str:
    """The gradient that a panel is about where the step gives another one, or a slope; else empty."""
    selected = f"dL/d{moment.session.selected}"
    is_gradient = moment.step is not None and moment.step.role in ("gradient", "local")
    is_other = is_gradient and moment.step is not None and moment.step.name != selected
    return symbol(selected) if panel == "chain" and is_other else ""


def _panel_named(name: str) -> Callable[[Scene, int, int], Picture]:
    """What draws a panel below its title: the function NAME_panel of the file of that name. Each but the
    first is loaded when it is asked for."""
    panel = f"{name}_panel"
    found = getattr(import_module(f"{__package__}.{panel}"), panel)
    return cast(Callable[[Scene, int, int], Picture], found)
