"""What is still to be predicted is nowhere on the screen."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product

import pytest
from msgspec.structs import replace as replaced

from tests.prediction.asked import lesson
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing import loss_panel
from tinynet_tui.drawing.code_panel import code_panel
from tinynet_tui.drawing.framework_panel import framework_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen
from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.engine.trace import Trace
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES
from tinynet_tui.session import history
from tinynet_tui.session import moment as moments
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of, trace_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import LEVELS, PANELS, PRECISIONS, VIEWS, Edit, Session, Stage
from tinynet_tui.teaching.numbers import cell, cell_width, shown

SIZES = ((60, 20), (80, 24), (120, 36), (200, 60))


def asking_everywhere(session: Session, stage: Stage = "asking") -> Iterator[Session]:
    """The session at its steps, or at some of many, each level, panel and view taking turns."""
    panels, levels, views = list(PANELS), list(LEVELS), [None, *VIEWS]
    steps = len(program_of(session))
    for step in range(0, steps, 1 if steps < 60 else 3 if steps < 200 else 11):
        yield replace(
            session,
            step=step,
            stage=stage,
            panel=panels[step % len(panels)],
            level=levels[(step // len(panels)) % len(levels)],
            view=views[step % len(views)],
        )


def half_of(sessions: Iterable[Session], turn: int) -> Iterator[Session]:
    """Every second session, those between at the next turn; panels that take turns all come in each."""
    for number, session in enumerate(sessions):
        if (number + number // len(PANELS) + turn) % 2 == 0:
            yield session


def wrong(values: tuple[float, ...]) -> tuple[float, ...]:
    """Other numbers, none of which is near the right one, or of its sign."""
    return tuple(-3.7 * value - 0.77 for value in values)


def with_wrong_future(trace: Trace, done: int) -> Trace:
    """A trace in which every value after so many steps is wrong.

    What the check reads belongs to no step, so its question tells it.
    """
    length = len(trace.program.sample_steps)
    rows = []
    for position, row in enumerate(trace.sample_values):
        known = max(0, min(length, done - position * length))
        rows.append(row[:known] + wrong(row[known:]))
    known = max(0, done - length * len(rows))
    closing = trace.closing_values[:known] + wrong(trace.closing_values[known:])
    told = read_by_check(trace) if done == len(trace.program) - 1 else set()
    is_checked = done == len(trace.program)
    check_rows = tuple(
        tuple(row[i] if i in told else other for i, other in enumerate(wrong(row)))
        for row in trace.check_values
    )
    return replace(
        trace,
        sample_values=tuple(rows),
        closing_values=closing,
        check_values=trace.check_values if is_checked else check_rows,
        loss_before=trace.loss_before if known else wrong((trace.loss_before,))[0],
    )


def read_by_check(trace: Trace) -> set[int | None]:
    """The places in a row of what the last step reads of each sample: of the lecture, that of ŷ."""
    expression = trace.program.step(len(trace.program)).expression
    return {trace.program.sample_position(name.name) for name in names_in(expression)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*SHIPPED_NAMES, "edited"])
def test_the_screen_does_not_depend_on_what_is_to_come(
    name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every later value replaced by another one the picture is the same, cell for cell and style for
    style: diagram, header, timeline and each of the panels."""
    session = lesson("lecture", b1=-0.5) if name == "edited" else lesson(name)
    for asking in half_of(asking_everywhere(session), SIZES.index(size)):
        honest = screen(moment(asking), *size, Look())
        future = with_wrong_future(trace_of(asking), asking.step)
        monkeypatch.setattr(moments, "trace_of", lambda _session, future=future: future)
        monkeypatch.setattr(moments, "shut_for_all", all_dead)
        assert screen(moment(asking), *size, Look()) == honest, (asking.step, asking.panel, asking.level)
        monkeypatch.undo()


@pytest.mark.parametrize("size", SIZES)
def test_no_panel_multiplies_what_is_asked_for(size: tuple[int, int]) -> None:
    """By hand: y = 8, ŷ = 2 · 3 + 1 · 4 = 10, so ∂L/∂w₁ = 4 · 1 · 3 = 12: all factors are known."""
    two_in = """
title = "Neuron"
[network]
layers = [2, 1]
activations = ["linear"]
weights = [[[2, 1]]]
biases = [[0]]
[data]
inputs = [[3, 4]]
targets = [[8]]
[training]
learning_rate = 0.1
loss = "squared_error"
"""
    session = start(parse_lesson(two_in, "neuron"))
    number = program_of(session).number("dL/dw1", 1)
    assert number is not None
    for panel, level in product(PANELS, LEVELS):
        asking = replace(session, step=number - 1, stage="asking", panel=panel, level=level)
        assert not re.search(r"[=+] *12(?!\d)", screen(moment(asking), *size, Look()).text()), (panel, level)


def all_dead(setup: Setup, _parameters: object) -> frozenset[str]:
    """All quantities, as if all neurons were dead for all samples."""
    return frozenset(sample_positions(setup.model))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("panel", PANELS)
def test_the_number_asked_for_is_nowhere_in_the_picture(size: tuple[int, int], panel: str) -> None:
    """Mazur's numbers differ from each other: none is on the screen as panels or diagram write it before it
    is told, unless one that begins like it is known already; then it is there."""
    session = replace(lesson("mazur"), panel=panel)
    trace, looked_for, turn = trace_of(session), 0, SIZES.index(size) + list(PANELS).index(panel)
    for step in range(len(program_of(session))):
        digits = PRECISIONS[step % len(PRECISIONS)]
        value = trace.value(step + 1)
        writings = {shown(value, digits), cell(value, cell_width(digits), digits).strip("+ ")}
        known = [*trace.given(1).values(), *(trace.value(number) for number in range(1, step + 1))]
        seen = {
            form
            for other in (*known, 1.0)
            for form in (shown(other, digits), f"{other:.17f}", cell(other, cell_width(digits), digits))
        }
        if any(writing in form for writing in writings for form in seen):
            continue
        level = list(LEVELS)[(step + turn) % len(LEVELS)]
        asking = replace(session, step=step, digits=digits, stage="asking", level=level)
        text = screen(moment(asking), *size, Look()).text()
        assert not [writing for writing in writings if writing in text], (step, text)
        looked_for += 1
        told = screen(moment(replace(asking, step=step + 1, panel="step", stage="telling")), *size, Look())
        assert any(writing in told.text() for writing in writings)
    assert looked_for > 15


@pytest.mark.parametrize("step", [0, 3, 6, 7])
def test_the_loss_curve_ends_before_the_loss_that_is_asked_for(
    step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever that loss is, the picture is the same; from step 7 on, which gives it, it is not."""
    session = replace(lesson("lecture"), panel="loss", update=4, step=step, stage="asking")
    pictures = set()
    for factor in (1.0, 7.0):

        def losses(s: Session, update: int, left_out: int = 0, factor: float = factor) -> array[float]:
            joined = history.losses(s, update, left_out)
            joined[-1] *= factor if update == 4 else 1.0
            return joined

        monkeypatch.setattr(loss_panel, "losses", losses)
        loss_panel._part.cache_clear()
        pictures.add(screen(moment(session), 200, 60, Look()))
    loss_panel._part.cache_clear()
    assert len(pictures) == (2 if step == 7 else 1)


def test_before_the_first_loss_there_is_no_curve() -> None:
    """And the panel says so."""
    asking = replace(lesson("lecture"), panel="loss", step=6, stage="asking")
    assert "still to be predicted" in screen(moment(asking), 200, 60, Look()).text()
    assert "still to be predicted" not in screen(moment(replace(asking, step=7)), 200, 60, Look()).text()


def test_a_constant_is_given_away_by_no_panel() -> None:
    """∂z₃/∂b₃ = 1 stands in the chain and in the code of every network; not before it has been told."""
    session = replace(lesson("lecture"), selected="b3")
    number = program_of(session).number("dz3/db3")
    assert number is not None
    for panel, given_away in (("chain", "∂z₃/∂b₃ = 1"), ("code", "dz3_db3 = 1")):
        off = replace(session, panel=panel, step=number - 1)
        assert given_away in screen(moment(off), 80, 24, Look()).text()
        for level in LEVELS:
            asking = replace(off, stage="asking", level=level)
            assert given_away not in screen(moment(asking), 80, 24, Look()).text()


def test_the_code_ends_where_predicting_has_come_to() -> None:
    """With what has been told, or a line with what is asked for; in a panel with rows for all of it."""
    session = replace(lesson("lecture"), step=15)
    off, told, asking = (
        code_panel(Scene(moment(replace(session, stage=stage)), Look()), 80, 100).text().rstrip()
        for stage in ("off", "telling", "asking")
    )
    assert "dL_db3 = dL_dz3 * dz3_db3\n" in off
    assert told.endswith("dz3_db3 = 1  # 1")
    assert asking.splitlines()[-2:] == [told.splitlines()[-1], "    61  dL_db3 = ?"]


def test_the_framework_panel_does_not_depend_on_what_is_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in the second update either, where it tells of gradients that were left: of no parameter, at no
    step."""
    session = replace(lesson("lecture"), panel="framework", update=2, stage="asking")
    told = set()
    for step, selected in product(range(len(program_of(session))), ("w1", "w4", "b3")):
        asking = replace(session, step=step, selected=selected)
        honest = framework_panel(Scene(moment(asking), Look()), 80, 8)
        future = with_wrong_future(trace_of(asking), step)
        monkeypatch.setattr(moments, "trace_of", lambda _session, future=future: future)
        assert framework_panel(Scene(moment(asking), Look()), 80, 8) == honest, (step, selected)
        monkeypatch.undo()
        told.add(honest.text().splitlines()[2])
    # Before its gradient is known, with it, and with what it becomes.
    assert len(told) == 9


def test_a_dead_neuron_is_not_marked_before_its_gate_has_been_told() -> None:
    """z₁ = −9 is known, that nothing passes is for the learner to find."""
    session = lesson("dead-relu")
    gate = program_of(session).number("dh1/dz1")
    assert gate is not None
    for step, stage, marked in (
        (1, "off", True), (1, "asking", False), (2, "telling", False), (gate - 1, "asking", False),
        (gate, "telling", True), (gate, "asking", True),
    ):  # fmt: skip
        text = screen(moment(replace(session, step=step, stage=stage)), 80, 24, Look()).text()  # type: ignore[arg-type]
        assert ("✗ node 1" in text) == marked, (step, stage)


def test_a_gate_that_has_been_told_tells_nothing_of_other_samples() -> None:
    """b₁ = −5 shuts node 1 for x = (1, 0) and for x = (3, 0), which is asked for later."""
    two = replaced(LECTURE, data=replaced(LECTURE.data, inputs=((1, 0), (3, 0)), targets=((2,), (2,))))
    session = after(start(two), Command("edit", Edit(1, "b1", -5.0)))
    gate = program_of(session).number("dh1/dz1", 1)
    assert gate is not None
    # With eight digits the frame of a neuron is wide enough for the words.
    session = replace(session, step=gate, digits=8)
    told, asking = (
        screen(moment(replace(session, stage=stage)), 160, 48, Look()).text()
        for stage in ("telling", "asking")
    )
    off = screen(moment(session), 160, 48, Look()).text()
    assert "━ dead for all samples ━" in off
    for text in (told, asking):
        assert "━ dead for this sample ━" in text


def test_the_numbers_from_before_an_edit_are_hidden() -> None:
    """They tell outputs and loss."""
    session = after(lesson("lecture"), Command("edit", Edit(1, "w1", 3.0)))
    assert "Esc closes" in screen(moment(session), 80, 24, Look()).text()
    assert "Esc closes" not in screen(moment(replace(session, stage="asking")), 80, 24, Look()).text()
    assert "Esc closes" not in screen(moment(replace(session, stage="telling")), 80, 24, Look()).text()


def test_the_sample_on_screen_is_that_of_the_question() -> None:
    """At the end of the first of four samples the inputs of the second are shown, with nothing computed."""
    session = replace(lesson("xor"), step=36)
    told, asked = moment(session), moment(replace(session, stage="asking"))
    assert (told.sample, asked.sample) == (1, 2)
    assert (asked.value("x1"), asked.value("x2"), asked.value("z1")) == (0.0, 1.0, None)
    assert told.value("z1") is not None


def test_with_the_diagram_alone_there_is_no_formula() -> None:
    """And no panel with one; of what is read only that is named which the diagram does not show."""
    session = replace(lesson("lecture"), step=17, stage="asking", level="diagram", panel="code")
    text = screen(moment(session), 120, 36, Look()).text()
    assert "∂L/∂h₁ = ?" in text
    assert "∂L/∂z₃" not in text
    assert "dL_dz3" not in text
    assert (
        "∂L/∂h₁ = ∂L/∂z₃ · ∂z₃/∂h₁ = ?"
        in screen(moment(replace(session, level="number", panel="step")), 80, 24, Look()).text()
    )
