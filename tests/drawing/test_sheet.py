"""The sheet: every number is the trace's, every line holds, and the line that is lit is the step's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from tests.engine.programs import PROGRAMS, model_of, setup_of
from tests.session.opened_programs import Opened
from tests.session.random_lessons import LECTURE
from tests.shown_equations import faults, holds
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import diagram_rows, screen
from tinynet_tui.drawing.sheet import _SheetPen, names_on_sheet, sheet
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import editable_names, program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import PANELS, Session
from tinynet_tui.teaching.numbers import cell

SIZES = ((60, 20), (80, 24), (120, 36), (200, 60))
_LINE = re.compile(
    r"(?P<margin>.{5})(?P<name>\S+) += (?P<formula>.+?) +(?P<value>[+−][\d.e+−-]+|·)"
    r"(?: +∂ +(?P<gradient>[+−][\d.e+−-]+|·))?(?:  |$)"
)
"""A line as it stands on the sheet."""


class Shown(NamedTuple):
    """A line that was read back."""

    y: int
    margin: str
    name: str
    formula: str
    value: str
    gradient: str | None


def shown(picture: Picture, names: dict[str, str]) -> Iterator[Shown]:
    """The lines of a sheet; names: those of quantities by their symbols."""
    for y, row in enumerate(picture.text().splitlines()):
        found = _LINE.match(row)
        if found and found["name"] in names:
            yield Shown(
                y,
                found["margin"],
                names[found["name"]],
                found["formula"].strip(),
                found["value"],
                found["gradient"],
            )


def known(now: Moment, name: str) -> float | None:
    """What the trace has of a quantity up to the step, or at the check after the update."""
    if now.phase == "check":
        return None if name.startswith("dL/") else now.trace.checked(name, now.sample)
    number = now.program.number(name, now.sample)
    return now.trace.value(number) if number is not None and number <= now.session.step else None


def written(value: float | None) -> str:
    """How a value stands in a cell of the sheet."""
    return "·" if value is None else cell(value, 7, 4).strip()


def sessions(name: str, opened: Opened, samples: int = 1) -> Iterator[Session]:
    """A session at each of its steps, the start among them."""
    if name == "lecture":
        session = replace(start(LECTURE), view="sheet")
    else:
        samples = samples if PROGRAMS[name][0].assignments else 1
        session = opened(setup_of(model_of(name), name, samples, samples))
    for step in range(len(program_of(session)) + 1):
        yield replace(session, step=step)


@pytest.mark.parametrize("name", [*PROGRAMS, "lecture"])
@pytest.mark.parametrize("samples", [1, 2])
def test_every_number_is_the_traces_and_every_line_holds(name: str, samples: int, opened: Opened) -> None:
    """At every step, read back from the picture."""
    for session in sessions(name, opened, samples):
        now = moment(session)
        names = {symbol(line.name): line.name for line in now.model.forward.assignments} | {"L": "L"}
        lines = list(shown(sheet(Scene(now, Look()), 100, 60), names))
        assert [line.name for line in lines] == [a.name for a in now.model.forward.assignments] + ["L"]
        for line in lines:
            assert line.value == written(known(now, line.name)), (now.step, line)
            if line.name != "L":
                assert line.gradient == written(known(now, f"dL/d{line.name}")), (now.step, line)
            if line.value != "·" and now.phase in ("loss", "check"):
                numbers, value = in_numbers(line.formula, now), value_of(now, line.name)
                assert holds(numbers, "=", value, 12) or holds(numbers, "≈", value, 12), (numbers, value)


@pytest.mark.parametrize("name", [*PROGRAMS, "lecture"])
@pytest.mark.parametrize("samples", [1, 2])
def test_the_lines_in_numbers_hold(name: str, samples: int, opened: Opened) -> None:
    """Where there is room for them: one for each line that is done, each read back and worked out."""
    for session in list(sessions(name, opened, samples))[::4]:
        now = moment(session)
        rows = sheet(Scene(now, Look()), 200, 40).text().splitlines()
        last = [re.split(r"\s{3,}", row.strip("▏ "))[1:][-1:] for row in rows]
        found = [text for parts in last for text in parts if re.search("[=≈]", text)]
        assert faults(found, 4) == []
        done = [line.name for line in now.model.forward.assignments if known(now, line.name) is not None]
        assert len(found) == (0 if now.phase == "check" else len(done) + (known(now, "L") is not None))


def value_of(now: Moment, name: str) -> str:
    """A value in more digits than are shown, as the reader of equations reads it."""
    value = now.value(name)
    assert value is not None
    return f"{value:.12g}".replace("-", "−")


def in_numbers(formula: str, now: Moment) -> str:
    """A formula with the values of what it reads."""
    model = now.model
    names = (*editable_names(model), *(line.name for line in model.forward.assignments))
    values = {symbol(name): value_of(now, name) for name in names if now.value(name) is not None}
    signs = "|".join(sorted(map(re.escape, values), key=len, reverse=True))
    return re.sub(rf"(?<![A-Za-z])(?:{signs})(?![₀-₉,])", lambda found: f"({values[found[0]]})", formula)


@pytest.mark.parametrize("name", [*PROGRAMS, "lecture"])
def test_the_line_that_is_lit_is_the_steps_own(name: str, opened: Opened) -> None:
    """Its arrow, its number, what it reads underlined, and the lines that these come from."""
    for session in sessions(name, opened):
        now = moment(session)
        picture = sheet(Scene(now, Look()), 100, 60)
        names = {symbol(line.name): line.name for line in now.model.forward.assignments} | {"L": "L"}
        lines = list(shown(picture, names))
        arrows = [line.name for line in lines if "▸" in line.margin]
        dots = {line.name for line in lines if "•" in line.margin}
        lit = [(run.text.strip(), run.style) for row in picture.rows for run in row if "written" in run.style]
        step = now.step
        if step is None or step.phase == "check":
            assert (arrows, dots, lit) == ([], set(), [])
            continue
        if step.role in ("value", "loss", "gradient", "update"):
            assert [text for text, _ in lit] == [written(now.trace.value(session.step))], step
        read = {name.split("/d")[-1] if "/" in name else name for name in now.reads}
        match step.role:
            case "value" | "loss":
                assert arrows == [step.name]
                assert dots == read & set(names.values())
                row = picture.rows[next(line.y for line in lines if line.name == step.name)]
                underlined = {run.text for run in row if "read" in run.style}
                assert underlined >= {symbol(name) for name in now.reads}
            case "local":
                top, bottom = step.name[1:].split("/d")
                assert dots == {top}
                assert arrows == ([bottom] if bottom in names.values() else [])
            case "gradient":
                bottom = step.name.removeprefix("dL/d")
                assert arrows == ([bottom] if bottom in names.values() else [])
                through = {n.removeprefix("dL/d") for n in now.reads if n.startswith("dL/d")}
                assert through <= dots <= through | {"L"}
            case _:
                assert (arrows, dots) == ([], set())


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii", [False, True])
def test_screens_of_any_program(name: str, size: tuple[int, int], ascii: bool, opened: Opened) -> None:
    """With each panel in turn: the picture fills its size, and the step's value is there."""
    panels = list(PANELS)
    for session in list(sessions(name, opened))[::7]:
        now = moment(replace(session, view="sheet", panel=panels[session.step % len(panels)]))
        picture = screen(now, *size, Look(ascii))
        assert {sum(len(run.text) for run in row) for row in picture.rows} == {size[0]}
        assert len(picture.rows) == size[1]
        assert picture.text().isascii() or not ascii
        if now.step is not None and now.step.role == "value":
            assert (
                written(now.trace.value(session.step)).replace("−", "-" if ascii else "−") in picture.text()
            )


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_said_to_be_in_sight_is(name: str, opened: Opened) -> None:
    """In little room, where most of a program is out of it."""
    for session in sessions(name, opened):
        scene = Scene(moment(session), Look())
        text = sheet(scene, 60, 9).text()
        for found in names_on_sheet(scene, 60, 9):
            assert symbol(found.removeprefix("dL/d")) in text


def test_a_dead_neuron_is_told() -> None:
    """As soon as its gate is shut, in words; while steps are predicted, not before its slope is known."""
    session = replace(start(shipped_lesson("dead-relu")), view="sheet")
    rows = {step: sheet(Scene(moment(replace(session, step=step)), Look()), 80, 24).text() for step in (0, 2)}
    assert "dead" not in rows[0]
    assert next(row for row in rows[2].splitlines() if "✗ dead" in row).startswith(
        "▏╰─▸ h₁ = ReLU(z₁) ✗ dead"
    )
    asking = after(replace(session, step=2), Command("predict"))
    assert "dead" not in sheet(Scene(moment(asking), Look()), 80, 24).text()


def test_the_view_changes_and_back(opened: Opened) -> None:
    """Every program has both; what is shown decides what the key leads to: diagram, sheet, picture."""
    dense = after(start(LECTURE), Command("view", "diagram"))
    assert dense.view == "sheet"
    assert "z₁ = w₁ · x₁ + w₃ · x₂ + b₁" in screen(moment(dense), 80, 24, Look()).text()
    assert after(after(dense, Command("view")), Command("view")).view == "diagram"


@pytest.mark.parametrize("panel", ["step", "chain"])
@pytest.mark.parametrize("name", ["recurrent", "softmax-misprint"])
def test_the_line_of_a_step_is_in_sight_on_the_smallest_screen(name: str, panel: str) -> None:
    """However many paths the panel below has."""
    session = replace(start(shipped_lesson(name)), panel=panel)
    parameters = moment(session).model.parameter_names
    for step in range(len(program_of(session)) + 1):
        for selected in parameters if panel == "chain" and step % 9 == 0 else parameters[:1]:
            scene = Scene(moment(replace(session, step=step, selected=selected)), Look())
            pen = _SheetPen(scene, 60, diagram_rows(scene, 60, 20))
            rows = [pen.sheet.row_of[name] for name in pen.way.focus[:1]] or [pen.first]
            assert all(pen.first <= row < pen.last for row in rows)
