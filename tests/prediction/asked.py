"""Steps that are asked for, by lesson and name."""

from __future__ import annotations

from dataclasses import replace

from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Edit, Session


def lesson(name: str, **values: float) -> Session:
    """The start of a shipped lesson, with some of its numbers changed."""
    session = start(shipped_lesson(name))
    for changed, value in values.items():
        sample = 1 if changed[0] in "xy" else None
        session = after(session, Command("edit", Edit(1, changed, value, sample)))
    return session


def at(session: Session, step: str, digits: int = 4) -> Moment:
    """The moment after a step, at a precision."""
    number = program_of(session).number(step) or program_of(session).number(step, 1)
    assert number is not None, step
    return moment(replace(session, step=number, digits=digits))
