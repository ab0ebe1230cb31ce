"""How the predictions of a session went: counted by kind of step, with those to look at again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tinynet_tui.engine.program import Program
from tinynet_tui.prediction.kinds import KINDS, kind_of
from tinynet_tui.session.history import program_of
from tinynet_tui.session.session import Answer, Result, Session
from tinynet_tui.teaching.step_line import quantity

RESULT_WORDS: dict[Result, str] = {
    "right": "right",
    "helped": "right with help",
    "wrong": "wrong",
    "shown": "looked up",
}
"""What became of a question, in words."""
_LOSS = "loss"
"""What the steps are counted as that are of no kind."""


@dataclass(frozen=True, slots=True)
class Again:
    """A step to look at again."""

    answer: Answer
    name: str
    """The quantity that was asked for."""

    @property
    def place(self) -> str:
        """Its update and step: 1.8."""
        return f"{self.answer.update}.{self.answer.step}"

    @property
    def why(self) -> str:
        """What was answered, if anything was."""
        is_wrong = self.answer.result == "wrong"
        return f"you said {self.answer.written}" if is_wrong else RESULT_WORDS[self.answer.result]


def total(session: Session) -> str:
    """All predictions in one line."""
    if not session.answers:
        return "Nothing has been predicted."
    return f"Predicted: {_counted(session.answers)}."


def of_update(session: Session) -> str:
    """The predictions of the session's present update in one line."""
    return f"This update: {_counted([a for a in session.answers if a.update == session.update])}."


def by_kind(session: Session) -> tuple[tuple[str, str], ...]:
    """Each kind of step that was predicted, with how that went in words."""
    kinds: dict[str, list[Answer]] = {kind: [] for kind in (*KINDS, _LOSS)}
    for answer in session.answers:
        program = _program(session, answer)
        kinds[kind_of(program, program.step(answer.step)) or _LOSS].append(answer)
    return tuple((kind, _counted(answers)) for kind, answers in kinds.items() if answers)


def to_look_at_again(session: Session) -> tuple[Again, ...]:
    """The steps that were not predicted right, in the order of training."""
    missed = (answer for answer in session.answers if answer.result != "right")
    return tuple(
        Again(answer, _name(session, answer)) for answer in sorted(missed, key=lambda a: (a.update, a.step))
    )


def tally_lines(session: Session) -> Iterator[str]:
    """The whole tally as lines of text."""
    yield total(session)
    yield from (f"{kind}: {how}" for kind, how in by_kind(session))
    again = to_look_at_again(session)
    if again:
        yield "To look at again:"
        yield from (f"{step.place}  {step.name}, {step.why}" for step in again)


def _counted(answers: Sequence[Answer]) -> str:
    counts = Counter(answer.result for answer in answers)
    return ", ".join(f"{counts[result]} {words}" for result, words in RESULT_WORDS.items() if counts[result])


def _name(session: Session, answer: Answer) -> str:
    program = _program(session, answer)
    return quantity(program, program.step(answer.step))


def _program(session: Session, answer: Answer) -> Program:
    return program_of(replace(session, update=answer.update))
