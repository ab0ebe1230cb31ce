"""Changes that undo takes back: edits, random starts, another lesson."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.networks.initial import NOT_ALIVE, is_alive, tries
from tinynet_tui.session import moves, predicting
from tinynet_tui.session.history import edit_fault, first_session, initial_setup, program_of, trace_of
from tinynet_tui.session.moves import refused
from tinynet_tui.session.session import LEARNING_RATE, Edit, Session

_UNDOABLE = 200
"""How many changes can be taken back."""


def _changed(session: Session, **changes: Any) -> Session:
    """The session with a change that undo takes back."""
    past = (*session.past, session.bare)[-_UNDOABLE:]
    changed = replace(session, past=past, future=(), **{"before_edit": None, **changes})
    return predicting.asked_anew(changed)


def edited(session: Session, edit: Edit) -> Session:
    """The session with a number changed from an update on; unchanged where it cannot be that number, or is it
    already."""
    fault = edit_fault(initial_setup(session).model, edit.name, edit.value)
    if fault is not None:
        return refused(session, f"{symbol(edit.name)} stays as it is: {fault}.")
    is_here = edit.update == session.update
    if is_here and trace_of(session).given(edit.sample or 1)[edit.name] == edit.value:
        there = replace(session, before_edit=None)
        return refused(there, f"{symbol(edit.name)} is {number_text(edit.value)} already.")
    same = [e for e in session.edits if (e.update, e.name, e.sample) != (edit.update, edit.name, edit.sample)]
    edits = tuple(sorted((*same, edit), key=lambda e: e.update))
    words = f"{symbol(edit.name)} is {number_text(edit.value)} from update {edit.update} on."
    return _changed(session, edits=edits, before_edit=session.bare, notice=words)


def with_rate(session: Session, value: float) -> Session:
    """Another learning rate from this update on."""
    return edited(session, Edit(session.update, LEARNING_RATE, value))


def with_tried_rate(session: Session, tried: tuple[float, int]) -> Session:
    """Another learning rate from this update on, and updates done with it, without later edits."""
    rate, updates = tried
    edits = [
        e
        for e in session.edits
        if e.update < session.update or (e.update == session.update and e.name != LEARNING_RATE)
    ]
    edit = Edit(session.update, LEARNING_RATE, rate)
    tried_session = _changed(session, edits=(*edits, edit))
    if updates == 0:
        return replace(tried_session, step=0)
    moved = moves.at_update(tried_session, session.update + updates - 1, 0)
    return predicting.asked_anew(replace(moved, step=len(program_of(moved))))


def with_random_start(session: Session) -> Session:
    """The session at a new random start: at the next seed whose network is alive, or else at the next one."""
    first = (session.seed or 0) + 1
    seeds = range(first, first + tries(initial_setup(session)))
    alive = next((seed for seed in seeds if is_alive(initial_setup(replace(session, seed=seed)))), None)
    seed = first if alive is None else alive
    return _changed(session, edits=(), seed=seed, update=1, step=0, notice=_random_start_words(seeds, alive))


def _random_start_words(seeds: range, alive: int | None) -> str:
    """Which seed was taken, and which were passed over and why."""
    if alive is None:
        others = f" The next {len(seeds) - 1} seeds are no better." if len(seeds) > 1 else ""
        return f"A new random start, seed {seeds[0]}, without edits. It is dead: {NOT_ALIVE}.{others}"
    words = f"A new random start, seed {alive}, without edits."
    match [*range(seeds[0], alive)]:
        case []:
            return words
        case [passed]:
            return f"{words} Seed {passed} was passed over as dead: {NOT_ALIVE}."
        case [one, other]:
            return f"{words} Seeds {one} and {other} were passed over as dead: {NOT_ALIVE}."
        case passed:
            return f"{words} Seeds {passed[0]} to {passed[-1]} were passed over as dead: {NOT_ALIVE}."


def opened(session: Session, lesson: Lesson) -> Session:
    """Another lesson as the program begins with it; digits and how steps are predicted stay."""
    # A file is read anew each time: what undo knows has a lesson once, not once for each time.
    known = (session.lesson, *(before.lesson for before in session.past))
    lesson = next((same for same in known if same == lesson and same.own.text == lesson.own.text), lesson)
    kept = {name: getattr(session, name) for name in ("digits", "level", "fades", "leads")}
    opened = replace(first_session(lesson), **kept)
    # What was predicted in a lesson stays when that lesson is opened anew: it is no change to take back.
    answers = session.answers if lesson == session.lesson else ()
    return replace(opened, answers=answers, past=(*session.past, session.bare)[-_UNDOABLE:])


def taken_back(before: Session, there: Session) -> Session:
    """Where whoever was lent the lead has gone, with what is the leader's own: private notes, and undo.

    before: where the leader was when they lent it; all that was changed meanwhile is one change.
    """
    lesson = before.lesson if there.lesson == before.lesson.for_all else there.lesson
    past, future = before.past, before.future
    if (lesson, there.edits, there.seed) != (before.lesson, before.edits, before.seed):
        past, future = (*past, before.bare)[-_UNDOABLE:], ()
    return replace(there, lesson=lesson, leads=before.leads, past=past, future=future)


def undone(session: Session) -> Session:
    """The session before the last change."""
    if not session.past:
        return refused(session, "There is no change to undo.")
    *past, before = session.past
    future = (*session.future, session.bare)
    there = replace(before, past=tuple(past), future=future, variant=session.variant)
    return predicting.returned(session, there)


def redone(session: Session) -> Session:
    """The session after the change that was taken back last."""
    if not session.future:
        return refused(session, "There is nothing to redo.")
    *future, after_it = session.future
    past = (*session.past, session.bare)
    there = replace(after_it, past=past, future=tuple(future), variant=session.variant)
    return predicting.returned(session, there)
