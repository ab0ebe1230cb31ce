"""Edits at any update: training goes on from there, as the engine does when trained by hand in pieces."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.session.random_lessons import LECTURE, lessons
from tinynet_tui.engine.model import Rows, Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import Point, first_point, trained
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import editable_names, initial_setup, losses, trace_of
from tinynet_tui.session.session import LEARNING_RATE, Edit, Session


def edited(setup: Setup, point: Point, edit: Edit) -> tuple[Setup, Point]:
    """A setup and a point of training with one number changed, written down once more, by name."""
    if edit.name == LEARNING_RATE:
        steering = setup.hyperparameters._replace(learning_rate=edit.value)
        return replace(setup, hyperparameters=steering), point
    model = setup.model
    if edit.name in model.inputs:
        return replace(setup, inputs=_with(setup.inputs, edit, model.inputs)), point
    if edit.name in model.targets:
        return replace(setup, targets=_with(setup.targets, edit, model.targets)), point
    values = list(point.parameters)
    values[model.parameter_names.index(edit.name)] = edit.value
    return setup, point._replace(parameters=tuple(values))


def _with(rows: Rows, edit: Edit, names: tuple[str, ...]) -> Rows:
    """Rows with the cell of a sample's x2, y or x[1,2] changed."""
    changed = [list(row) for row in rows]
    assert edit.sample is not None
    changed[edit.sample - 1][names.index(edit.name)] = edit.value
    return tuple(map(tuple, changed))


def by_hand(lesson: Lesson, edits: tuple[Edit, ...], update: int) -> tuple[Setup, Point]:
    """What training stands on before an update, trained one piece after another."""
    setup = setup_of(lesson)
    point = first_point(setup)
    for edit in sorted(edits, key=lambda e: e.update):
        if edit.update <= update:
            point = trained(setup, point, edit.update - point.update)
            setup, point = edited(setup, point, edit)
    return setup, trained(setup, point, update - point.update)


def with_edits(lesson: Lesson, *edits: Edit) -> Session:
    """A session after edits, each made at its update."""
    session = start(lesson)
    for edit in edits:
        session = after(session, Command("goto", (edit.update, 0)))
        command = Command("rate", edit.value) if edit.name == LEARNING_RATE else Command("edit", edit)
        session = after(session, command)
    return session


def assert_as_by_hand(session: Session, updates: range) -> None:
    """The session stands on the same numbers as training by hand, at each of the updates."""
    for update in updates:
        setup, point = by_hand(session.lesson, session.edits, update)
        assert trace_of(replace(session, update=update)) == trace(setup, point), update


EDITS = (
    Edit(3, "w1", -2.0),
    Edit(3, "b2", 0.5),
    Edit(5, "x2", 1.0, 1),
    Edit(7, "y", 0.0, 1),
    Edit(1, "eta", 0.002),
    Edit(9, "eta", 0.05),
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_one_edit(edit: Edit) -> None:
    """Before it nothing changes; from its update on it holds."""
    session = with_edits(LECTURE, edit)
    assert session.edits == (edit,)
    assert_as_by_hand(session, range(1, 12))
    unedited = start(LECTURE)
    assert losses(session, edit.update - 1) == losses(unedited, edit.update - 1)


@pytest.mark.parametrize("order", list(itertools.permutations(EDITS[1:5])))
def test_edits_made_in_any_order(order: tuple[Edit, ...]) -> None:
    """What is made first does not matter, only at which update it stands."""
    session = with_edits(LECTURE, *order)
    assert_as_by_hand(session, range(1, 10))
    assert [edit.update for edit in session.edits] == sorted(edit.update for edit in order)


def test_the_numbers_of_an_edit_by_hand() -> None:
    """w5 = 2 at the lecture's first update: ŷ = 2 · 1.5 + 0.5 + 0.5 = 4, ∂L/∂w₅ = 2 · 2 · 1.5 = 6."""
    session = with_edits(LECTURE, Edit(1, "w5", 2.0))
    values = dict(zip([s.name for s in trace_of(session).program.steps()], _values(session), strict=True))
    assert (values["yhat"], values["L"], values["dL/dw5"]) == (4.0, 4.0, 6.0)
    # The other factor back: ∂L/∂h₁ = 4 · the old w₅ = 8.
    assert values["dL/dh1"] == 8.0


def _values(session: Session) -> list[float]:
    run = trace_of(session)
    return [run.value(number) for number in range(1, len(run.program) + 1)]


def test_of_two_edits_of_one_number_at_one_update_the_later_holds() -> None:
    """The first is gone, but undo still finds it."""
    session = with_edits(LECTURE, Edit(2, "w1", 3.0), Edit(2, "w1", 4.0))
    assert session.edits == (Edit(2, "w1", 4.0),)
    assert after(session, Command("undo")).edits == (Edit(2, "w1", 3.0),)


def test_samples_are_edited_one_by_one() -> None:
    """The same input of two samples holds two edits, and a target of XOR is its own sample's."""
    edits = (Edit(1, "x1", 0.5, 2), Edit(1, "x1", 0.25, 3), Edit(2, "y", 0.5, 4))
    session = with_edits(shipped_lesson("xor"), *edits)
    assert session.edits == edits
    setup = trace_of(replace(session, update=2)).setup
    assert setup.inputs == ((0, 0), (0.5, 1), (0.25, 0), (1, 1))
    assert setup.targets == ((0,), (1,), (1,), (0.5,))
    assert_as_by_hand(session, range(1, 4))


@st.composite
def edited_sessions(draw: st.DrawFn) -> Session:
    """A session with edits of its first updates, made in any order."""
    session = start(draw(lessons()))
    setup = initial_setup(session)
    names = (LEARNING_RATE, *editable_names(setup.model))
    given = (*setup.model.inputs, *setup.model.targets)
    for _ in range(draw(st.integers(0, 6))):
        name, update = draw(st.sampled_from(names)), draw(st.integers(1, 6))
        value = draw(st.sampled_from((0.01, 0.5, 1.0)))
        sample = draw(st.integers(1, len(setup.inputs))) if name in given else None
        session = after(replace(session, update=update), Command("edit", Edit(update, name, value, sample)))
    return session


@given(edited_sessions())
@examples(35)
def test_any_edits_of_any_lesson_are_as_by_hand(session: Session) -> None:
    """To the last bit, at every update, in whatever order the updates are looked at."""
    for update in (7, 1, 4, 6, 2):
        assert_as_by_hand(session, range(update, update + 1))


@given(edited_sessions(), st.integers(1, 8))
@examples(25)
def test_going_back_never_changes_history(session: Session, later: int) -> None:
    """Values at an update are the same however one came there."""
    here = replace(session, update=3)
    first = trace_of(here)
    for command in (Command("goto", (later, 0)), Command("next-update"), Command("restart")):
        session = after(session, command)
        trace_of(session)
    assert trace_of(after(session, Command("goto", (3, here.step)))) == first


def test_names_that_can_be_edited() -> None:
    """Parameters, inputs and targets, in the order in which they are selected."""
    model = setup_of(shipped_lesson("mazur")).model
    assert editable_names(model) == (
        *(f"w{number}" for number in range(1, 9)),
        *("b1", "b2", "b3", "b4", "x1", "x2", "y1", "y2"),
    )
