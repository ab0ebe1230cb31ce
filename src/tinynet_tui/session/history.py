"""The training behind a session: its numbers at any update, with the learner's edits in it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from math import isfinite
from typing import NamedTuple

from tinynet_tui.engine.model import Model, Rows, Setup, Values, batch_samples
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import Evaluation, Point, Run, evaluation, first_point, run_from
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.networks.initial import Initializer, random_parameters
from tinynet_tui.rules.losses import loss_of
from tinynet_tui.session.session import LEARNING_RATE, Edit, Session

RANDOM_START: tuple[Initializer, float] = ("uniform", 1.0)
"""The recipe of a random start, and its value: weights between −1 and 1."""


def initial_setup(session: Session) -> Setup:
    """What the session's training started from, before any edit."""
    return _initial_setup(session.lesson, session.seed)


@lru_cache(maxsize=64)
def _initial_setup(lesson: Lesson, seed: int | None) -> Setup:
    setup = setup_of(lesson)
    if seed is None:
        return setup
    recipe, value = RANDOM_START
    return replace(setup, parameters=random_parameters(setup.model, recipe, seed, value))


def first_session(lesson: Lesson) -> Session:
    """A session at the beginning of a lesson, its first parameter selected."""
    return Session(lesson, selected=_initial_setup(lesson, None).model.parameter_names[0])


def program_of(session: Session) -> Program:
    """The steps of the session's present update. Nothing is trained for it."""
    setup = initial_setup(session)
    samples = batch_samples(len(setup.inputs), setup.batch, session.update)
    return Program(setup.model, tuple(sample + 1 for sample in samples))


def _stretches(session: Session, update: int) -> Iterator[tuple[Run, int]]:
    """The stretches of training up to an update, and where each ends: every edit begins a new one.

    Each is trained to its end only when the next one is asked for.
    """
    runs = _runs(session.lesson, session.seed, session.edits)
    edits = groupby((e for e in session.edits if e.update <= update), key=lambda edit: edit.update)
    number = 0
    for number, (edited_update, together) in enumerate(edits, start=1):
        run = runs[number - 1]
        yield run, edited_update
        if len(runs) == number:
            runs.append(run_from(*_edited(run.setup, run.point(edited_update), tuple(together))))
    yield runs[number], update


@lru_cache(maxsize=8)
def _runs(lesson: Lesson, seed: int | None, edits: tuple[Edit, ...]) -> list[Run]:
    """The runs between the edits of a session, as far as training has come; the list grows with it."""
    setup = _initial_setup(lesson, seed)
    return [run_from(setup, first_point(setup))]


def _edited(setup: Setup, point: Point, edits: tuple[Edit, ...]) -> tuple[Setup, Point]:
    for edit in edits:
        setup, point = with_edit(setup, point, edit)
    return setup, point


def trace_of(session: Session) -> Trace:
    """The session's present update with all its values; trains up to it where that has not been done."""
    *_, (run, update) = _stretches(session, session.update)
    return trace(run.setup, run.point(update))


def train_on(session: Session, updates: int) -> int:
    """Do at most `updates` of the updates that the session still needs; return how many may be left."""
    for run, end in _stretches(session, session.update):
        if run.reached < end:
            run.extend(min(end, run.reached + updates))
            return session.update - run.reached
    return 0


_COMPUTED_AT_ONCE = 20_000
"""Parameters times samples: what an update of more comes to takes longer than a key may wait."""


def is_large(session: Session) -> bool:
    """Whether it takes long to compute what an update comes to."""
    setup = initial_setup(session)
    return len(setup.parameters) * len(setup.inputs) > _COMPUTED_AT_ONCE


def losses(session: Session, update: int, left_out: int = 0) -> array[float]:
    """The loss over all samples before each update up to `update`, without the first `left_out`."""
    joined = array("d")
    stretches = list(_stretches(session, update))
    for index, (run, end) in enumerate(stretches):
        end += index == len(stretches) - 1  # the last one tells the loss before its end, too
        run.extend(end)
        begin = run.start.update
        joined.extend(run.losses[max(left_out + 1 - begin, 0) : end - begin])
    return joined


def parameters_before(session: Session, most: int) -> list[Values]:
    """The parameters before each update up to the present one, the last `most` of them."""
    first = max(1, session.update - most + 1)
    found = []
    for run, end in _stretches(session, session.update):
        is_last = end == session.update
        begin = max(first, run.start.update)
        found += [run.point(update).parameters for update in range(begin, end + is_last)]
    return found


# Edits


@lru_cache(maxsize=64)
def editable_names(model: Model) -> tuple[str, ...]:
    """What can be selected and edited, in order: parameters, inputs, targets."""
    return (*model.parameter_names, *model.inputs, *model.targets)


def has_picture(model: Model) -> bool:
    """Whether what it learns can be drawn: over one or two inputs, or as a loss of two parameters."""
    return (len(model.inputs) in (1, 2) and bool(model.predictions)) or (
        not model.inputs and not model.targets and len(model.parameters) == 2
    )


def edit_fault(model: Model, name: str, value: float) -> str | None:
    """Why a number cannot take the place of another, or None."""
    if not isfinite(value):
        return "it has to be a finite number"
    if name == LEARNING_RATE and value <= 0:
        return "it has to be greater than 0"
    loss = loss_of(model)
    if loss is not None and loss.needs and name in model.targets and not loss.needs.allows(value):
        return f"for {loss.needs.noun} a target has to be {loss.needs.targets}"
    return None


def with_edit(setup: Setup, point: Point, edit: Edit) -> tuple[Setup, Point]:
    """A setup and a point of its training with one number changed."""
    model = setup.model
    if edit.name == LEARNING_RATE:
        hyperparameters = setup.hyperparameters._replace(learning_rate=edit.value)
        return replace(setup, hyperparameters=hyperparameters), point
    if edit.name in model.inputs:
        return replace(setup, inputs=_with_cell(setup.inputs, edit, model.inputs)), point
    if edit.name in model.targets:
        return replace(setup, targets=_with_cell(setup.targets, edit, model.targets)), point
    index = model.parameter_names.index(edit.name)
    return setup, point._replace(parameters=_with_value(point.parameters, index, edit.value))


def _with_cell(rows: Rows, edit: Edit, names: tuple[str, ...]) -> Rows:
    assert edit.sample is not None, "an edit of an input or a target names its sample"
    index = edit.sample - 1
    row = _with_value(rows[index], names.index(edit.name), edit.value)
    return (*rows[:index], row, *rows[index + 1 :])


def _with_value(values: tuple[float, ...], index: int, value: float) -> tuple[float, ...]:
    return (*values[:index], value, *values[index + 1 :])


class Comparison(NamedTuple):
    """What an edit has made of the update that it was made at."""

    edit: Edit
    sample: int
    """From 1: the one whose outputs are compared."""
    samples: int
    """How many the loss is over."""
    value: tuple[float, float]
    """Before and after the edit, as the other numbers."""
    outputs: tuple[tuple[float, float], ...]
    loss: tuple[float, float]


def comparison(session: Session) -> Comparison | None:
    """The comparison that a session shows, if it shows one.

    A learning rate changes nothing until the update is done, so there the output and the loss after it are
    compared; else those before it.
    """
    if session.before_edit is None:
        return None
    return _comparison(session.before_edit, session.edits)


@lru_cache(maxsize=4)
def _comparison(before: Session, edits: tuple[Edit, ...]) -> Comparison | None:
    edit = next((edit for edit in edits if edit not in before.edits), None)
    if edit is None:
        return None
    old, new = (
        trace_of(replace(session, update=edit.update)) for session in (before, replace(before, edits=edits))
    )
    sample = edit.sample or new.program.samples[0]
    then, now = _evaluated(old, edit), _evaluated(new, edit)
    return Comparison(
        edit,
        sample,
        len(new.setup.inputs),
        (old.given(sample)[edit.name], edit.value),
        tuple(zip(then.predictions[sample - 1], now.predictions[sample - 1], strict=True)),
        (then.loss, now.loss),
    )


def _evaluated(trace: Trace, edit: Edit) -> Evaluation:
    after = edit.name == LEARNING_RATE
    return evaluation(trace.setup, trace.parameters_after if after else trace.start.parameters)
