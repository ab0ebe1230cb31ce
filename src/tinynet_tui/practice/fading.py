"""Fading: the better a learner knows a kind of step, the less of it the stepper shows before it asks."""

from __future__ import annotations

from dataclasses import replace

from tinynet_tui.practice.exercise import Origin, asked_of, given_answer
from tinynet_tui.practice.record import Record, standings
from tinynet_tui.prediction.kinds import KINDS, StepKind, kind_of
from tinynet_tui.session.predicting import is_answered, next_step
from tinynet_tui.session.session import Session

COURSE = "stepper"
"""What stands in the record in place of a course."""


class Fading:
    """A learner's record while steps are predicted: it decides what is shown, and grows with each answer."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._shown = set[StepKind]()
        """Kinds of which a step was shown, and none asked since."""
        self._since = 0.0

    def after(self, before: Session, there: Session, now: float) -> Session:
        """A session after a command, with as much of its question shown as the learner needs.

        there: as the command alone left it; now: in seconds since 1970.
        """
        if before.fades and is_answered(before, there):
            self._keep(before, there, now)
        elif before.fades and before.tried and _question(before) != _question(there):
            self._keep(before, next_step(before), now)  # what was tried in vain, and left
        if not there.fades:
            return there
        if there.stage != "asking" or there.tried or there.hints:
            return there
        was_open = _question(before) == _question(there)
        if was_open and before.fades:
            return there
        self._since = now
        answer = asked_of(there).answer
        assert answer.step is not None, "a question is about a step"
        kind = kind_of(answer.program, answer.step)
        if kind is None:  # the loss and the check are of no kind
            return replace(there, level="number")
        support = standings(self._record.answers)[kind].support
        if support == "shown" and kind not in self._shown and not was_open:
            self._shown.add(kind)
            words = f"Still new: {KINDS[kind].about}. This one is shown, the next is asked."
            return replace(there, step=there.step + 1, stage="telling", notice=words)
        self._shown.discard(kind)
        return replace(there, level="diagram" if support == "asked" else "number")

    def _keep(self, before: Session, there: Session, now: float) -> None:
        origin = Origin(COURSE, before.lesson.title, before.seed or 0, 0, self._since)
        given = given_answer(before, there, origin, now)
        if given is not None:
            self._record.keep(given)


def _question(session: Session) -> tuple[object, ...]:
    """What tells one open question from another."""
    return session.stage, session.update, session.step, session.lesson
