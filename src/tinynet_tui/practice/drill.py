"""A drill: one exercise after another, drawn by how the ones before them went, as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from random import Random

from tinynet_tui.engine.expression_reading import DIGITS
from tinynet_tui.engine.expressions import Apply
from tinynet_tui.practice.course import Course, Goal, how_far, parts, reached
from tinynet_tui.practice.exercise import AskedBefore, Exercise, Origin, exercise, given_answer, steps_by_kind
from tinynet_tui.practice.generated import GENERATORS, dealt_anew, generated_lesson
from tinynet_tui.practice.record import PracticeAnswer, kinds_due, standings
from tinynet_tui.prediction.kinds import StepKind
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.predicting import is_answered
from tinynet_tui.session.session import Level, Session
from tinynet_tui.teaching.step_line import step_line

_MIXED = 0.4
"""The share of exercises of other kinds than the goal to be reached next has."""
_MENDED = 0.3
"""The share of exercises of a mastered kind that show a wrong result to be mended."""
SEEDS = 1_000_000
"""How many seeds there are to draw from; each makes its own numbers for an exercise."""
_LATELY = 2
"""Of each kind: the steps of as many answers are not asked again, where there is another."""
_MOST_ASKED = 8
"""Exercises that are drawn until one was not asked before."""
_MOST_DRAWN = 20
"""Seeds tried for a worked example, until it has a step of the same sort, and other numbers."""
_MOST_DEALT = 4
"""Deals of a lesson's own numbers tried for one: each works out a whole update."""
_OF_EXAMPLES = "two-outputs"
"""The generator of worked examples for a lesson: its networks have steps of every kind."""


Asked = tuple[str, tuple[float, ...], int]
"""A network, its numbers, and the step before the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Drill:
    """Where a learner is: what has been answered, and the exercise that is open or has just been answered."""

    course: Course
    seed: int
    """All exercises follow from it, and from the answers."""
    answers: tuple[PracticeAnswer, ...]
    """All that the learner has ever answered, the latest last."""
    number: int
    """Of the exercise, from 1."""
    exercise: Exercise
    example: str
    """A worked example of the same kind, where the kind is new, in a sentence; else empty."""
    since: float
    """When it was asked, in seconds since 1970."""
    session: Session
    """The session that asks for the step, with what was tried and hinted; or that shows it."""
    chosen: Level | None = None
    """The level that the learner has chosen, if any; else the record decides."""
    asked: frozenset[Asked] = frozenset()
    """What has been asked, this exercise among it."""
    has_new_numbers: bool = False
    """Whether the exercise before it was on other numbers."""

    @property
    def is_over(self) -> bool:
        """Whether the exercise is answered, and the next one comes."""
        return self.session.stage != "asking"


def begun(
    course: Course, seed: int, answers: tuple[PracticeAnswer, ...], now: float, digits: int = DIGITS
) -> Drill:
    """The first exercise of a drill; digits: the significant ones of its numbers."""
    return _next_drill(course, seed, answers, 1, now, digits, frozenset())


def next_exercise(drill: Drill, now: float) -> Drill:
    """The exercise after the present one."""
    number, digits = drill.number + 1, drill.session.digits
    there = _next_drill(drill.course, drill.seed, drill.answers, number, now, digits, drill.asked)
    there = replace(there, has_new_numbers=_numbers(there.exercise) != _numbers(drill.exercise))
    if drill.chosen is None:
        return there
    return replace(there, session=replace(there.session, level=drill.chosen), chosen=drill.chosen)


def done(drill: Drill, command: Command, now: float) -> Drill:
    """The drill after a command of its session, such as an answer or a wish for a hint.

    Once the step is shown, what was answered is kept.
    """
    before, there = drill.session, after(drill.session, command)
    if there.fades:  # a drill goes by the record already
        there = after(there, Command("level"))
    if command.name == "level":
        drill = replace(drill, chosen=there.level)
    asked = drill.exercise
    if drill.is_over or before.step != asked.session.step or not is_answered(before, there):
        return replace(drill, session=there)
    origin = Origin(drill.course.name, asked.source, asked.seed, drill.seed, drill.since)
    answer = given_answer(before, there, origin, now)
    return replace(drill, answers=(*drill.answers, *([answer] if answer else [])), session=there)


def left(drill: Drill, now: float) -> Drill:
    """The drill as its learner leaves an exercise: what was tried in vain is kept, as if looked up."""
    return done(drill, Command("next"), now) if drill.session.tried else drill


# What comes next


def _next_drill(
    course: Course,
    seed: int,
    answers: tuple[PracticeAnswer, ...],
    number: int,
    now: float,
    digits: int,
    asked_before: frozenset[Asked],
) -> Drill:
    """One whose exercise was not asked before, if some draws find such a one."""
    chance = Random(f"{seed} {number}")
    for _ in range(_MOST_ASKED):
        drill = _drawn(course, seed, answers, number, now, digits, chance)
        if _asked(drill.exercise) not in asked_before:
            break
    return replace(drill, asked=asked_before | {_asked(drill.exercise)})


def _numbers(asked: Exercise) -> tuple[str, tuple[float, ...]]:
    """What an exercise is about: its network, and the numbers that this has."""
    return asked.session.lesson.title, tuple(moment(asked.session).given.values())


def _asked(asked: Exercise) -> Asked:
    return (*_numbers(asked), asked.session.step)


def _drawn(
    course: Course,
    seed: int,
    answers: tuple[PracticeAnswer, ...],
    number: int,
    now: float,
    digits: int,
    chance: Random,
) -> Drill:
    standing = standings(answers)
    for goal, kinds in _choices(course, answers, now, chance):
        drawn = chance.randrange(SEEDS)
        mends = all(standing[kind].level for kind in kinds) and chance.random() < _MENDED
        session = replace(start(course.lesson(goal, drawn)), digits=digits)
        if any((answer.course, answer.source) == (course.name, goal.lesson) for answer in answers):
            session = dealt_anew(session, drawn)
        before = _asked_before(kinds, answers, _is_new(goal, course, answers))
        asked = exercise(goal.source, drawn, session, kinds, mends, chance, before)
        if asked is not None:
            support = standing[asked.kind].support
            example = _example(asked, chance) if support == "shown" else ""
            session = replace(asked.session, level="diagram" if support == "asked" else "number")
            return Drill(course, seed, answers, number, asked, example, now, session)
    raise ValueError("its lessons have no step of the kinds that are to be practised")


def _asked_before(
    kinds: Collection[StepKind], answers: tuple[PracticeAnswer, ...], is_new: bool
) -> AskedBefore:
    """What some answers come to for an exercise of some kinds; is_new: whether it begins a part of a course.

    Whoever masters a kind has done a hard step of it, too: the second of the three in a row is one, and the
    first that a new part of the course has of it.
    """
    standing = standings(answers)
    return AskedBefore(
        telling=[k for k in kinds if standing[k].in_a_row == 1 or (is_new and standing[k].answered)],
        zeros=[kind for kind in kinds if standing[kind].has_zero],
        steps={answer.step for kind in kinds for answer in [a for a in answers if a.kind == kind][-_LATELY:]},
    )


def _is_new(goal: Goal, course: Course, answers: tuple[PracticeAnswer, ...]) -> bool:
    """Whether nothing was asked yet of the generator of a goal; what a lesson has may take a calculator."""
    return bool(goal.generator) and not any(
        (answer.course, answer.source) == (course.name, goal.source) for answer in answers
    )


def _choices(
    course: Course, answers: tuple[PracticeAnswer, ...], now: float, chance: Random
) -> Iterator[tuple[Goal, tuple[StepKind, ...]]]:
    """Goals to take an exercise from, each with kinds of steps, the best first.

    Each kind once, then the first kind of each goal that is new; then the first goal that is not reached,
    mixed with other kinds. Kinds that are due come first; never the same kind twice where there is another.
    """
    met = {answer.kind for answer in answers if answer.course == course.name}
    for goal in course.goals:
        if new := tuple(kind for kind in goal.kinds if kind not in met):
            yield goal, new
    yield from ((goal, goal.kinds[:1]) for goal in course.goals if _is_new(goal, course, answers))
    counts = reached(course, answers)
    open_ = [goal for goal, count in zip(course.goals, counts, strict=True) if count < goal.right]
    first = open_[0] if open_ else chance.choice(course.goals)
    due = kinds_due(standings(answers), now)
    last = answers[-1].kind if answers else None
    others = {
        kind: goal
        for goal in reversed(course.goals)
        for kind in goal.kinds
        if kind in due and kind not in (last, *first.kinds)
    }
    if others and chance.random() < _MIXED:
        kind = chance.choice([*others])
        yield others[kind], (kind,)
    for goal in (first, *course.goals):
        fresh = tuple(kind for kind in goal.kinds if kind in due and kind != last)
        yield from ((goal, kinds) for kinds in (fresh, goal.kinds) if kinds)


def _example(asked: Exercise, chance: Random) -> str:
    """A worked example of the same sort from another network, in a sentence; of a 0 also one that is none.

    Where no drawn network has such a step, as of a lesson of formulas: the step itself with other numbers.
    Of a slope that is a constant: the formula that it is the slope of. Empty where there is nothing such.
    """
    session, line, number = asked.session, asked.question.line, asked.session.step + 1
    program = program_of(session)
    if not line.letters:
        top = program.step(number).name.partition("/d")[0].removeprefix("d")
        formula = program.number(top, program.samples[0])
        return (
            f"It is a slope of {step_line(moment(replace(session, step=formula))).sides[0]}."
            if formula
            else ""
        )
    if session.lesson.program is not None:
        return _with_other_numbers(asked, chance)
    source = asked.source if asked.source in GENERATORS else _OF_EXAMPLES
    *sort, is_zero = _sort(session, number)
    found = dict[bool, str]()
    for _ in range(_MOST_DRAWN):
        lesson = generated_lesson(source, chance.randrange(SEEDS))
        there = replace(start(lesson), digits=session.digits)
        for wanted in {is_zero, False} - set(found):
            steps = steps_by_kind(there).get(asked.kind, ())
            if alike := [n for n in steps if _sort(there, n) == (*sort, wanted)]:
                shown = step_line(moment(replace(there, step=chance.choice(alike)))).text
                if shown != asked.solution:
                    found[wanted] = shown
        if len(found) == 1 + is_zero:
            break
    if is_zero not in found:
        return _with_other_numbers(asked, chance)
    examples = "; ".join(found[wanted] for wanted in sorted(found))
    return f"Worked example{'s' * (len(found) > 1)}, from another network: {examples}."


def _with_other_numbers(asked: Exercise, chance: Random) -> str:
    """The step that is asked for, worked out with the numbers of its lesson dealt anew; "" where that leaves
    its value as it is."""
    session, number = asked.session, asked.session.step + 1
    solution = asked.question.answer.trace.value(number)
    for _ in range(_MOST_DEALT):
        dealt = dealt_anew(replace(start(session.lesson), digits=session.digits), chance.randrange(SEEDS))
        there = moment(replace(dealt, step=number))
        shown, value = step_line(there).text, there.trace.value(number)
        is_other = shown != asked.solution and (value != solution or not value)
        if is_other and _sort(dealt, number) == _sort(session, number):
            return f"Worked example, with other numbers: {shown}."
    return ""


def _sort(session: Session, number: int) -> tuple[str, object, bool]:
    """What makes a step like another: by what it is a derivative of, by its operation, whether it gives 0."""
    there = moment(replace(session, step=number))
    assert there.step is not None, "it has a number"
    expression, name = there.step.expression, re.sub(r"\d", "", there.step.name)
    operation = expression.operation if isinstance(expression, Apply) else type(expression)
    return name.replace("yhat/", "h/"), operation, there.trace.value(number) == 0


# What there is to see


def due_again(course: Course, answers: tuple[PracticeAnswer, ...], now: float) -> str:
    """The kinds of steps of a course that were mastered and come back now, in a sentence; "" for none."""
    standing = standings(answers)
    back = [kind for kind in kinds_due(standing, now) if standing[kind].level]
    due = [kind for kind in back if any(kind in goal.kinds for goal in course.goals)]
    return f"Due again: {', '.join(due)}." if due else ""


def progress(drill: Drill) -> tuple[str, ...]:
    """How far the course is, and what is mastered: in lines that 80 columns have room for."""
    how = f"{drill.course.title}: {how_far(parts(drill.course, drill.answers))}."
    mastered = [kind for kind, each in standings(drill.answers).items() if each.level]
    return (how, *([f"Mastered: {', '.join(mastered)}."] if mastered else []))


def opening(drill: Drill) -> str:
    """What a drill begins with: its course, and what that is about. What a lesson says of itself is about its
    own numbers, and is left out where others are dealt."""
    course, asked = drill.course, drill.exercise.session
    is_of_others = asked.is_edited and course.about == asked.lesson.about
    return f"{course.title}. {'' if is_of_others else course.about}".strip()


def before_it(drill: Drill) -> str:
    """What is said before a step is asked for: that the numbers are others than those of the exercise before,
    or not the lesson's; a worked example, or the result that is to be mended."""
    is_drawn, is_dealt = drill.exercise.source in GENERATORS, drill.exercise.session.is_edited
    new = "New numbers." if drill.has_new_numbers and is_drawn else ""
    if is_dealt and (drill.has_new_numbers or drill.number == 1):
        new = "New numbers, not the lesson's own."
    return " ".join(filter(None, (new, drill.example, drill.exercise.wrong_result)))


def after_it(drill: Drill) -> str:
    """What is said once it is answered: the mistake in a wrong result; that it does not count with help."""
    planted = drill.exercise.planted
    mistake = f"The mistake was: {planted.words}" if planted else ""
    uncounted = ""
    if drill.is_over and drill.answers and drill.answers[-1].is_right:
        course, last = drill.course, drill.answers[-1]
        if not last.is_unaided:
            how = "with a hint" if last.hints else "at the second try"
            uncounted = f"Right {how}. It counts when it is right at the first try."
        elif reached(course, drill.answers) == reached(course, drill.answers[:-1]):
            uncounted = "This part is done: more of it keeps you in practice, and is not counted."
    return " ".join(filter(None, (mistake, uncounted)))
