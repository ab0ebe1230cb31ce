"""What a panel has no room for: it says so, and the page of the key that it names has it, word for word."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import cycle, product

import pytest

from tinynet_tui.drawing import chain_panel, step_panel, variants_panel
from tinynet_tui.drawing.formula import formula_rows
from tinynet_tui.drawing.framework_panel import framework_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, Picture, Row
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.text_page import text_of_step
from tinynet_tui.handouts.framework_words import CALLS
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import HINTS, VARIANTS, Session

ENOUGH = 90
"""Rows that every panel is whole in."""
ROOMS = ((58, 5), (60, 4), (80, 6), (80, 4), (116, 8))
"""Cells and rows of a panel."""


def drawn(scene: Scene, width: int, height: int) -> Picture:
    """The panel that is shown, or the question that has its place."""
    if scene.asked is not None:
        return step_panel.question_panel(scene, scene.asked, (), width, height)
    match scene.moment.session.shown_panel:
        case "step":
            return step_panel.step_panel(scene, width, height)
        case "chain":
            return chain_panel.chain_panel(scene, width, height)
        case "framework":
            return framework_panel(scene, width, height)
    return variants_panel.variants_panel(scene, width, height)


def first_of_words(scene: Scene, rows: list[str], width: int) -> int:
    """The first row below the formulas and the numbers, which other tests look after."""
    panel = "" if scene.asked is not None else scene.moment.session.shown_panel
    if panel == "step" and scene.moment.step is not None:
        return len(formula_rows(scene.formula, width - 1, scene.look))
    if panel == "chain" and scene.chain is not None:
        return len(chain_panel._rows(scene, width - 2, ENOUGH - 1))
    if panel == "variants":
        return next((y for y, row in enumerate(rows, start=1) if "numerical gradient: " in row), len(rows))
    return len(CALLS) if panel == "framework" and "PyTorch" in rows[0] else 0


def flat(rows: list[str]) -> str:
    """The words of some rows, wherever their lines break; without what stands after a nudge where that has
    room."""
    return " ".join(" ".join(rows).replace(step_panel.CHANGES, "").split())


def _is_dim(runs: Row) -> bool:
    """Whether a row only helps along."""
    return any(run.style == "dim" for run in runs)


_LEFT_OUT = r"(?:…|\.\.\.) [\d,]+ more (?:…|\.\.\.)"


def assert_nothing_is_lost(session: Session, width: int, height: int, look: Look) -> bool:
    """Whether a panel is cut: then it names the key, and the page of that has all of its words."""
    scene = Scene(moment(session), look)
    whole, shown = (drawn(scene, width, rows) for rows in (ENOUGH, height))
    rows = whole.text().splitlines()
    dim = {row for row, runs in zip(rows, whole.rows, strict=False) if scene.asked and _is_dim(runs)}
    words = flat([row for row in rows[first_of_words(scene, rows, width) :] if row not in dim]).removesuffix(
        "d read on"
    )
    if words in flat(shown.text().splitlines()):
        return False
    read = flat([line for _, line in text_of_step(scene, width).lines(width, look)])
    where = (session.lesson.title, session.step, session.shown_panel, width, height)
    # What the panel leaves out of a nudge, the page has.
    assert all(part.strip() in read for part in re.split(_LEFT_OUT, words)), where
    assert "d read on" in shown.text()
    assert [mark.name for mark in shown.marks if mark.name == "command:read"]
    return True


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_what_is_cut_is_on_the_page(name: str) -> None:
    """At the start, on the way and at the end, with the knob turned up and down, after another update."""
    first = start(shipped_lesson(name))
    last = len(program_of(first))
    ways = cycle((0.01, 0.02, -0.05, 0.01, -0.01))
    names = cycle(moment(first).model.parameter_names)
    cut = 0
    for number, (width, height) in enumerate(ROOMS):
        for step in sorted({0, 1, last * (2 + number) // 8, last * 6 // 7, last}):
            look, at = Look(ascii=bool((step + number) % 2)), replace(first, step=step, knob=next(ways))
            at = replace(at, selected=next(names), update=1 + (step == 1))
            for panel in ("step", "chain", "framework"):
                cut += assert_nothing_is_lost(replace(at, panel=panel), width, height, look)
            if last < 200:
                wrong = replace(at, variant=VARIANTS[(step + number) % len(VARIANTS)])
                cut += assert_nothing_is_lost(wrong, width, height, look)
    assert cut > 3, "this would show nothing"


def test_what_is_cut_of_a_question_is_on_the_page() -> None:
    """With all hints open a question is longer than its panel."""
    session, cut = start(shipped_lesson("first")), 0
    for step in range(0, 40, 3):
        asking = replace(session, step=step, stage="asking", level="number", hints=len(HINTS["number"]))
        for width, height in ROOMS:
            cut += assert_nothing_is_lost(asking, width, height, Look())
    assert cut


def test_no_text_goes_on_past_the_edge(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no room in its row ends with an ellipsis: nothing is cut by the edge of a canvas alone."""
    cut = list[str]()
    write = Canvas.text

    def text(canvas: Canvas, x: int, y: int, text: str, style: str = "") -> int:
        after = x + len(Look(canvas.ascii).say(text).rstrip())
        if 0 <= y < canvas.height and text.strip() and not (x >= 0 and after <= canvas.width):
            cut.append(text)
        return write(canvas, x, y, text, style)

    monkeypatch.setattr(Canvas, "text", text)
    places = cycle(product(("step", "chain", "table", "code", "framework"), ((60, 20), (80, 24), (120, 36))))
    for number, name in enumerate(SHIPPED_NAMES):
        session = start(shipped_lesson(name))
        last = len(program_of(session))
        for part in range(6):
            panel, size = next(places)
            here = replace(session, panel=panel, step=last * part // 5)
            screen(moment(here), *size, Look(ascii=bool((part + number) % 2)))
    assert cut == []
