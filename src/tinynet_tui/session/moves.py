"""Moves: where a step, group, phase or update begins and ends, and how a session gets there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.training import LAST_UPDATE
from tinynet_tui.session.history import program_of
from tinynet_tui.session.session import Session

Move = Callable[[Session], Session]
Starts = Callable[[Program], tuple[int, ...]]
"""Where the parts of a program begin: phases or groups."""

_NOTHING_BEFORE = "This is the start of training: there is nothing before it."


def refused(session: Session, why: str) -> Session:
    """The same session, saying why a command could do nothing."""
    return replace(session, notice=why)


def next_step(session: Session) -> Session:
    """One step on; after the last step, the start of the next update."""
    if session.step < len(program_of(session)):
        return replace(session, step=session.step + 1)
    return at_update(session, session.update + 1, 0)


def previous_step(session: Session) -> Session:
    """One step back; before the start of an update, the end of the one before."""
    if session.step > 0:
        return replace(session, step=session.step - 1)
    if session.update == 1:
        return refused(session, _NOTHING_BEFORE)
    return last_step(at_update(session, session.update - 1, 0))


def at_update(session: Session, update: int, step: int) -> Session:
    """An update at a step, or at its last step where it has fewer."""
    if not 1 <= update <= LAST_UPDATE:
        limit = "The first update is 1." if update < 1 else f"{LAST_UPDATE:,} is the last update."
        return refused(session, limit)
    moved = replace(session, update=update)
    return replace(moved, step=max(0, min(step, len(program_of(moved)))))


def first_step(session: Session) -> Session:
    """The start of this update: nothing computed yet."""
    if session.step == 0:
        return refused(session, "This is the start of the update.")
    return replace(session, step=0)


def last_step(session: Session) -> Session:
    """The last step of this update."""
    last = len(program_of(session))
    if session.step == last:
        return refused(session, "This is the last step of the update.")
    return replace(session, step=last)


def by_updates(count: int) -> Move:
    """The move to the same step of a later update, or of an earlier one."""
    return lambda session: at_update(session, session.update + count, session.step)


def finish_phase(session: Session) -> Session:
    """The last step of this phase."""
    program = program_of(session)
    starts = phase_starts(program)
    after = bisect_right(starts, session.step)
    end = starts[after] - 1 if after < len(starts) else len(program)
    if end == session.step:
        return refused(session, "This phase is finished.")
    return replace(session, step=end)


def selected_gradient(session: Session) -> Session:
    """The step that gives the gradient of what is selected."""
    number = program_of(session).number(f"dL/d{session.selected}")
    if number is None:
        return refused(session, f"{symbol(session.selected)} is given, not learned: it has no gradient step.")
    if number == session.step:
        return refused(session, f"This is the gradient of {symbol(session.selected)}.")
    return replace(session, step=number)


def to_next(starts_of: Starts) -> Move:
    """The move to the first step of what comes next: a group or a phase."""

    def moved(session: Session) -> Session:
        starts = starts_of(program_of(session))
        position = bisect_right(starts, session.step)
        if position == len(starts):
            return at_update(session, session.update + 1, 0)
        return replace(session, step=starts[position])

    return moved


def to_previous(starts_of: Starts) -> Move:
    """The move to the first step of this group or phase, or from there to that of the one before."""

    def moved(session: Session) -> Session:
        position = bisect_left(starts_of(program_of(session)), session.step)
        if position > 0:
            return replace(session, step=starts_of(program_of(session))[position - 1])
        if session.update == 1:
            return refused(session, _NOTHING_BEFORE)
        before = at_update(session, session.update - 1, 0)
        return replace(before, step=starts_of(program_of(before))[-1])

    return moved


@lru_cache(maxsize=16)
def phase_starts(program: Program) -> tuple[int, ...]:
    """Step 0, and the first step of every phase; each sample of a batch has phases of its own."""
    return _starts(program, lambda step: (step.phase,), lambda step: (step.phase,))


@lru_cache(maxsize=16)
def group_starts(program: Program) -> tuple[int, ...]:
    """Step 0, and the first step of every group: a block, or a whole level that has a name."""
    levels, titles = program.model.forward.level_of_block, program.model.forward.level_titles

    def part(block: int | None) -> int | None:
        """The first block of a level with a name, or the block itself."""
        is_named = block is not None and titles and titles[levels[block]]
        return levels.index(levels[block]) if block is not None and is_named else block

    return _starts(
        program,
        lambda step: (step.phase, part(step.block)),
        lambda step: (step.phase, None if step.block is None else levels[step.block], step.of.kind),
    )


_Key = Callable[[Step], tuple[object, ...]]


def _starts(program: Program, sample_key: _Key, closing_key: _Key) -> tuple[int, ...]:
    per_sample = _changes([sample_key(step) for step in program.sample_steps])
    closing = _changes([closing_key(step) for step in program.closing_outline])
    length = len(program.sample_steps)
    samples = (1 + index * length + start for index in range(len(program.samples)) for start in per_sample)
    before = 1 + len(program.samples) * length
    return (0, *samples, *(before + start for start in closing))


def _changes(keys: list[tuple[object, ...]]) -> list[int]:
    """The positions at which a key differs from the one before it."""
    return [position for position, key in enumerate(keys) if position == 0 or key != keys[position - 1]]
