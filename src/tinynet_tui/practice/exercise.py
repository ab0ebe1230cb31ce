"""One exercise: a step of a lesson to be worked out, or a wrong result to be mended; and hints that grow."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import NamedTuple, assert_never

from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import Number, names_in
from tinynet_tui.practice.record import PracticeAnswer
from tinynet_tui.prediction.kinds import KINDS, StepKind, is_slope_of_function, kind_of
from tinynet_tui.prediction.mistakes import Mistake, mistake, mistakes, slips
from tinynet_tui.prediction.question import Question, question
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.predicting import last_answer, with_question
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.chain import products
from tinynet_tui.teaching.numbers import sign_and_number
from tinynet_tui.teaching.step_in_moment import StepInMoment


@dataclass(frozen=True, slots=True)
class Exercise:
    """A step that is asked for, and what is to be said of it before."""

    source: str
    """The lesson or the generator, by name."""
    seed: int
    """What the numbers were drawn from."""
    kind: StepKind
    session: Session
    """The session that asks for the step."""
    planted: Mistake | None = None
    """The mistake in the result that is to be mended, if one is."""

    @property
    def question(self) -> Question:
        """What is asked."""
        return asked_of(self.session)

    @property
    def wrong_result(self) -> str:
        """The result that is to be mended, in a sentence; empty where none is."""
        if self.planted is None:
            return ""
        asked = self.question
        value = sign_and_number(self.planted.expected.exact, asked.answer.session.digits)
        return f"Somebody found {asked.name} {value}. That is wrong: what is right?"

    @property
    def solution(self) -> str:
        """The whole line."""
        return self.question.line.text


def asked_of(session: Session) -> Question:
    """The question that a session asks."""
    asked = question(session)
    assert asked is not None, "the session asks for a step"
    return asked


class Origin(NamedTuple):
    """Where a question is from and when it was asked, as a `PracticeAnswer` tells it."""

    course: str
    source: str
    seed: int
    practice: int
    since: float
    """In seconds since 1970."""


def given_answer(before: Session, there: Session, origin: Origin, now: float) -> PracticeAnswer | None:
    """What a record keeps of the question that was open `before` and is answered; None of a loss or check,
    and of what is looked at again.

    now: in seconds since 1970.

    A sign that was told right is not the whole answer: that counts as right with help.
    """
    asked, told = asked_of(before), last_answer(there)
    step = asked.answer.step
    kind = kind_of(asked.answer.program, step) if step else None
    if step is None or kind is None or told is None:
        return None
    is_sign_alone = told.level == "sign" and told.result == "right"
    # Where it was looked up after wrong tries, the last of them stands for the answer.
    is_new = told.text and told.text not in before.tried[-1:]
    tried = (*before.tried, told.text) if is_new else before.tried
    named = mistake(asked.answer, before.level, tried[0]) if before.tried else None
    return PracticeAnswer(
        when=now,
        course=origin.course,
        source=origin.source,
        seed=origin.seed,
        practice=origin.practice,
        step=step.name,
        kind=kind,
        result="helped" if is_sign_alone else told.result,
        tries=len(tried),
        hints=before.hints,
        mistake=named or "",
        seconds=round(max(0.0, now - origin.since), 1),
        is_zero=asked.answer.trace.value(asked.answer.session.step) == 0,
    )


def steps_by_kind(session: Session) -> dict[StepKind, tuple[int, ...]]:
    """The steps of an update that can be practised, by kind; of several samples, those of the first."""
    program, found = program_of(session), dict[StepKind, tuple[int, ...]]()
    for number, step in enumerate(program.steps(), start=1):
        kind = kind_of(program, step)
        if kind is not None and step.sample in (program.samples[0], None):
            found[kind] = (*found.get(kind, ()), number)
    return found


class AskedBefore(NamedTuple):
    """What was asked and answered before, as far as the next step goes by it."""

    telling: Collection[StepKind]
    """The kinds of which it is to be a step that not everybody gets right, where there is one."""
    zeros: Collection[StepKind]
    """Those of which it is not to be a step whose value is 0, where there is another."""
    steps: Collection[str]
    """The names of those that were asked last: they are not asked again, where there is another."""


NOTHING_ASKED = AskedBefore((), (), ())
"""Before the first exercise."""


def exercise(
    source: str,
    seed: int,
    session: Session,
    kinds: Collection[StepKind],
    mends: bool,
    chance: Random,
    before: AskedBefore = NOTHING_ASKED,
) -> Exercise | None:
    """An exercise of one of some kinds, drawn from a session's update; None where it has no such step.

    mends: whether a wrong result is to be mended, where a mistake is known that gives one.
    """
    steps = steps_by_kind(session)
    offered = [kind for kind in KINDS if kind in kinds and kind in steps]
    if not offered:
        return None
    kind = chance.choice(offered)
    came = moment(session).trace.value
    clear = [number for number in steps[kind] if _is_clear(session, number)] or steps[kind]
    wanted = [number for number in clear if kind not in before.zeros or came(number) != 0]
    fresh = [number for number in wanted if program_of(session).step(number).name not in before.steps]
    hard = [number for number in wanted if kind in before.telling and _is_hard(session, kind, number)]
    both = [number for number in hard if number in fresh]
    number = chance.choice(both or hard or fresh or wanted or clear)
    asking = with_question(replace(session, step=number - 1, level="number"))
    return Exercise(source, seed, kind, asking, _planted(asked_of(asking).answer, chance) if mends else None)


_NOISE = 1e-9
"""Below it a number that is not 0 is what rounding left of a difference: by hand it is 0."""


def _is_clear(session: Session, number: int) -> bool:
    """Whether a step has no numbers that are 0 by hand and not as computed, as 4e-16."""
    trace, expression = moment(session).trace, program_of(session).step(number).expression
    values = (trace.value(number), *(trace.value_of(number, name) for name in names_in(expression)))
    return not any(0 < abs(value) < _NOISE for value in values)


def _is_hard(session: Session, kind: StepKind, number: int) -> bool:
    """Whether a step takes more than others of its kind: a shut ReLU, a slope not always 1, several paths."""
    trace, program = moment(session).trace, program_of(session)
    name, expression = program.step(number).name, program.step(number).expression
    match kind:
        case "activation":
            return trace.value(number) == 0
        case "slope":
            return is_slope_of_function(program, name) and not isinstance(expression, Number)
        case "path":
            return len(products(program, name)) > 1
        case "sum" | "product" | "update":
            return False
        case _:
            assert_never(kind)


def _planted(there: Moment, chance: Random) -> Mistake | None:
    """A mistake that is not seen at a glance, as a wrong sign is, and whose result no other slip gives."""
    assert there.step is not None, "a question is about a step"
    made = mistakes(StepInMoment(there, there.step), there.session.digits)
    others = [
        (slip, value(slip, partial(there.trace.value_of, there.session.step)))
        for slip in slips(there.step.expression)
    ]

    def is_plain(one: Mistake) -> bool:
        words = {other.words for other in made if other.expected.includes(one.expected.exact)}
        came = (came for slip, came in others if slip != one.expression)
        return not one.comes_first and words == {one.words} and not any(map(one.expected.includes, came))

    known = [*filter(is_plain, made)]
    return chance.choice(known) if known else None
