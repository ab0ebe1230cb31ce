"""The training behind a session: its numbers at any update, with the learner's edits in it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from tinynet_tui.engine.model import Setup, batch_samples
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import Point, Run, first_point, run_from
from tinynet_tui.lessons.schema import Lesson, setup_of
from tinynet_tui.networks.initial import Initializer, initial_parameters
from tinynet_tui.session.edits import Edit, with_edit
from tinynet_tui.session.session import Session

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
    return replace(setup, parameters=initial_parameters(setup.network, recipe, seed, value))


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
