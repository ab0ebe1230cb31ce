"""Prediction before reveal: how a session asks for the next step, and takes what is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from tinynet_tui.session import moves
from tinynet_tui.session.history import program_of
from tinynet_tui.session.session import HINTS, LEVELS, Answer, Result, Session


def with_question(session: Session) -> Session:
    """The session with the step after its own asked for; at the end of an update, the last one again."""
    return replace(
        session, step=_before_question(session, session.step), stage="asking", variant=None, tried=(), hints=0
    )


def asked_alone(session: Session, step: int) -> Session:
    """The session with the number of one step asked for, and none after it."""
    asking = with_question(replace(session, step=step - 1))
    return replace(asking, level="number", back_to=session.level)


def _before_question(session: Session, step: int) -> int:
    """The step after which one is asked for: what is given is shown, not asked for."""
    program = program_of(session)
    return next(
        at for at in range(min(step, len(program) - 1), len(program)) if not program.step(at + 1).is_given
    )


def switch(session: Session) -> Session:
    """Prediction begun or ended; at the end of an update it begins with the next one."""
    return next_question(session) if session.stage == "off" else ended(session)


def ended(session: Session) -> Session:
    """The session with prediction off; the answers are kept."""
    words = "" if session.back_to else "Predicting is over: each step is shown at once again."
    return replace(session.unasked, notice=words)


def next_level(session: Session) -> Session:
    """The same question at the next level; after the last one, at what the learner's record says."""
    if session.back_to is not None:
        return moves.refused(session, "Here the number is asked for.")
    *_, last = levels = list(LEVELS)
    if session.level == last and not session.fades:
        words = "Predict as your record says: what you know well is shown less."
        return replace(session, fades=True, tried=(), hints=0, notice=words)
    level = levels[0] if session.fades else levels[levels.index(session.level) + 1]
    return replace(session, level=level, fades=False, tried=(), hints=0, notice=f"Predict {LEVELS[level]}.")


def is_answered(before: Session, there: Session) -> bool:
    """Whether what was asked for at `before` has been told."""
    is_same = (before.lesson, before.update, before.step + 1) == (there.lesson, there.update, there.step)
    return is_same and before.stage == "asking" and there.stage == "telling"


def next_step(session: Session) -> Session:
    """One step on: what is asked for is looked up, and what has been told is left for the next question."""
    match session.stage:
        case "asking":
            tried = session.tried
            return _told(session, tried[-1], "wrong") if tried else _told(session, "", "shown")
        case "telling":
            return next_question(session)
        case "off":
            return moves.next_step(session)
        case _:
            assert_never(session.stage)


def next_question(session: Session) -> Session:
    """The next step asked for; after the last one, the first of the next update."""
    return with_question(moves.next_step(session) if session.step == len(program_of(session)) else session)


def answered(session: Session, judged: tuple[str, Result]) -> Session:
    """The step that was asked for, done, and what was answered to it kept: (text, result).

    A wrong number has a second try first; from then on each brings a hint, as long as there is one. A wrong
    sign has no second try: of two signs the other one would be all that is left.
    """
    if session.stage != "asking":
        return moves.refused(session, "Nothing is asked now.")
    text, result = judged
    hints, is_second = len(HINTS[session.level]), bool(session.tried)
    is_helped = is_second or session.hints > 0
    if result == "wrong" and session.level != "sign" and (session.hints < hints or not is_second):
        return replace(session, tried=(*session.tried, text), hints=session.hints + is_second)
    return _told(session, text, "helped" if result == "right" and is_helped else result)


def hinted(session: Session) -> Session:
    """The session with one more hint to the open question; after the last one, with its value."""
    if session.stage != "asking":
        return moves.refused(session, "Nothing is asked now.")
    if session.hints < len(HINTS[session.level]):
        return replace(session, hints=session.hints + 1)
    return next_step(session)


def _told(session: Session, text: str, result: Result) -> Session:
    """The session after the step that was asked for, with what was answered to it."""
    told = replace(session, step=session.step + 1, stage="telling", tried=(), hints=0)
    here = [a for a in session.answers if (a.update, a.step) == (told.update, told.step)]
    if here and result == "shown":
        return told  # who looks again at what was answered takes nothing from that
    others = (a for a in session.answers if a not in here)
    return replace(told, answers=(*others, Answer(told.update, told.step, session.level, text, result)))


def previous_step(session: Session) -> Session:
    """One step back; while steps are predicted, to the question before."""
    there = moves.previous_step(session)
    if session.stage == "off":
        return there
    while not there.notice and there.step < _before_question(there, there.step):
        there = moves.previous_step(there)
    return replace(session, notice=there.notice) if there.notice else with_question(there)


def moved(session: Session, move: Callable[[Session], Session]) -> Session:
    """Where a move leads; while steps are predicted, to the question about the step that it leads to."""
    if session.stage == "off":
        return move(session)
    here = replace(session, step=session.step + (session.stage == "asking"))
    there = move(here)
    if (there.update, there.step) == (here.update, here.step):
        return replace(session, notice=there.notice)
    step = _before_question(there, max(there.step - 1, 0))
    return replace(there, step=step, stage="asking", tried=(), hints=0)


def asked_again(session: Session, place: tuple[int, int]) -> Session:
    """A step of an update asked for, from the one before it."""
    update, step = place
    return with_question(moves.at_update(session, update, step - 1))


def last_answer(session: Session) -> Answer | None:
    """What has just been answered to the step that the session is at, if anything has."""
    if session.stage != "telling" or not session.answers:
        return None
    answer = session.answers[-1]
    return answer if (answer.update, answer.step) == (session.update, session.step) else None


def asked_anew(session: Session) -> Session:
    """A session in which a number was changed: while steps are predicted, it asks again."""
    return session if session.stage == "off" else with_question(session)


def returned(session: Session, other: Session) -> Session:
    """Another session in place of this one; what was predicted in its lesson is no change to take back."""
    if other.lesson != session.lesson:
        return other
    kept = replace(other, level=session.level, fades=session.fades, answers=session.answers)
    if session.stage == "off":
        return kept
    is_done = other.step == len(program_of(other))
    return (
        replace(kept, stage="telling")
        if is_done
        else replace(kept, step=_before_question(other, other.step), stage="asking")
    )
