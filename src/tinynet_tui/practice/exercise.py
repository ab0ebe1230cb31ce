"""One exercise: a step of a lesson to be worked out, or a wrong result to be mended; and hints that grow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random

from tinynet_tui.prediction.kinds import KINDS, StepKind, kind_of
from tinynet_tui.prediction.mistakes import Mistake, mistakes
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment
from tinynet_tui.session.predicting import with_question
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.numbers import sign_and_number
from tinynet_tui.teaching.step_in_moment import StepInMoment


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question about a step, of which the result is wanted."""

    source: str
    """The lesson or the generator, by name."""
    seed: int
    """What the numbers were drawn from."""
    kind: StepKind
    question: Question
    planted: Mistake | None = None
    """The mistake in the result that is to be mended, if one is."""

    @property
    def step_name(self) -> str:
        """The step as a trace names it."""
        step = self.question.answer.step
        assert step is not None, "an exercise is about a step"
        return step.name

    @property
    def task(self) -> str:
        """What is wanted, in one line."""
        if self.planted is None:
            return f"{self.question.name} = ?"
        value = sign_and_number(self.planted.expected.values[0], self.question.answer.session.digits)
        return f"Somebody found {self.question.name} {value}. That is wrong: what is right?"

    @property
    def heading(self) -> str:
        """What the step does, and in which network."""
        return f"{self.question.title} ({self.question.answer.model.title})"

    @property
    def hints(self) -> tuple[str, ...]:
        """What helps, each more than the one before: the rule, the formula in letters, then in numbers."""
        line = self.question.line
        formula = f"Formula: {line.name} {line.assigns} {line.letters}" if line.letters else ""
        numbers = f"In numbers: {line.numbers}" if line.numbers else ""
        return (f"Rule: {KINDS[self.kind].rule}", *filter(None, (formula, numbers)))

    @property
    def solution(self) -> str:
        """The whole line."""
        return self.question.line.text


def steps_by_kind(session: Session) -> dict[StepKind, tuple[int, ...]]:
    """The steps of an update that can be practised, by kind; of several samples, those of the first."""
    program, found = program_of(session), dict[StepKind, tuple[int, ...]]()
    for number, step in enumerate(program.steps(), start=1):
        kind = kind_of(program, step)
        if kind is not None and step.sample in (program.samples[0], None):
            found[kind] = (*found.get(kind, ()), number)
    return found


def exercise(
    source: str, seed: int, session: Session, kinds: Collection[StepKind], mends: bool, chance: Random
) -> Exercise | None:
    """An exercise of one of some kinds, drawn from a session's update; None where it has no such step.

    mends: whether a wrong result is to be mended, where a mistake is known that gives one.
    """
    steps = steps_by_kind(session)
    offered = [kind for kind in KINDS if kind in kinds and kind in steps]
    if not offered:
        return None
    kind = chance.choice(offered)
    number = chance.choice(steps[kind])
    asked = question(with_question(replace(session, step=number - 1, level="number")))
    assert asked is not None, "it has just been asked"
    return Exercise(source, seed, kind, asked, _planted(asked.answer, chance) if mends else None)


def _planted(there: Moment, chance: Random) -> Mistake | None:
    assert there.step is not None, "a question is about a step"
    known = mistakes(StepInMoment(there, there.step), there.session.digits)
    # A wrong sign alone is seen at a glance.
    known = tuple(each for each in known if not each.comes_first)
    return chance.choice(known) if known else None
