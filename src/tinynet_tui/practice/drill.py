"""A drill: one exercise after another, tries and hints in between, as one frozen value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tinynet_tui.practice.course import Course, Goal, reached
from tinynet_tui.practice.exercise import Exercise, exercise
from tinynet_tui.practice.generated import generated_lesson
from tinynet_tui.practice.record import Answered, Support, kinds_due, standings
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.kinds import StepKind
from tinynet_tui.prediction.mistakes import mistake
from tinynet_tui.session.commands import start
from tinynet_tui.session.session import Result

_REVIEWED = 0.25
"""Of the exercises, as many are from goals that have been reached."""
_MENDED = 0.3
"""Of the exercises of a kind that is mastered, as many are wrong results to be mended."""
_SEEDS = 1_000_000
_OF_EXAMPLES = "two-outputs"
"""The generator of worked examples: its networks have steps of every kind."""


@dataclass(frozen=True, slots=True)
class Drill:
    """Where a learner is: what has been answered, what is asked now, and what help was taken."""

    course: Course
    seed: int
    """All exercises follow from it, and from the answers."""
    answers: tuple[Answered, ...]
    """All that the learner has ever answered, the latest last."""
    number: int
    """Of the exercise, from 1."""
    exercise: Exercise
    support: Support
    example: str
    """A worked example of the same kind, where the kind is new; else empty."""
    since: float
    """When it was asked, in seconds since 1970."""
    tries: int = 0
    hints: int = 0
    """How many hints have been taken, beside those that are shown at once."""
    mistake: str = ""
    said: tuple[str, ...] = ()
    """What is said of the last answer."""
    is_over: bool = False
    """Whether the solution is shown, and the next exercise comes."""

    @property
    def hints_shown(self) -> tuple[str, ...]:
        """The hints in sight: those that have been taken, and what is shown of this kind at once."""
        free = 0 if self.support == "asked" else 2
        return self.exercise.hints[: min(free + self.hints, len(self.exercise.hints))]


def begun(course: Course, seed: int, answers: tuple[Answered, ...], now: float) -> Drill:
    """The first exercise of a drill."""
    return _asked(course, seed, answers, 1, now)


def next_exercise(drill: Drill, now: float) -> Drill:
    """The exercise after the one that is over."""
    return _asked(drill.course, drill.seed, drill.answers, drill.number + 1, now)


def answered(drill: Drill, text: str, now: float) -> Drill:
    """The drill after something was typed: over if it is right, or else with what is said of it.

    From the second wrong answer on each one brings a hint, and after the last hint the solution.

    Raises: ValueError when the text is no number, or says too little to be judged.
    """
    there = drill.exercise.question.answer
    judged = result(there, "number", text)
    tried = replace(drill, tries=drill.tries + 1)
    if judged == "right":
        return _over(tried, "right", (f"Right: {drill.exercise.solution}", *_planted(drill)), now)
    named = mistake(there, "number", text) or ""
    said = tuple(filter(None, (f"No, not {text.strip()}.", named)))
    tried = replace(tried, mistake=drill.mistake or named, said=said)
    if tried.tries == 1:
        return tried
    helped = hinted(tried, now)
    return replace(helped, said=(*said, *helped.said))


def hinted(drill: Drill, now: float) -> Drill:
    """The drill with one more hint; after the last one, with the solution."""
    if len(drill.hints_shown) == len(drill.exercise.hints):
        what: Result = "wrong" if drill.tries else "shown"
        return _over(drill, what, (drill.exercise.solution, *_planted(drill)), now)
    return replace(drill, hints=drill.hints + 1, said=())


def _planted(drill: Drill) -> tuple[str, ...]:
    """The mistake in a wrong result that was to be mended."""
    planted = drill.exercise.planted
    return (f"The mistake was: {planted.words}",) if planted else ()


def _over(drill: Drill, what: Result, said: tuple[str, ...], now: float) -> Drill:
    asked = drill.exercise
    answer = Answered(
        now,
        drill.course.name,
        asked.source,
        asked.seed,
        asked.step_name,
        asked.kind,
        what,
        drill.tries,
        drill.hints,
        drill.mistake,
        round(max(0.0, now - drill.since), 1),
    )
    return replace(drill, answers=(*drill.answers, answer), said=said, is_over=True)


# What comes next


def _asked(course: Course, seed: int, answers: tuple[Answered, ...], number: int, now: float) -> Drill:
    chance = Random(f"{seed} {number}")
    standing = standings(answers)
    for goal, kinds in _choices(course, answers, now, chance):
        drawn = chance.randrange(_SEEDS)
        mends = all(standing[kind].level for kind in kinds) and chance.random() < _MENDED
        asked = exercise(goal.source, drawn, start(course.lesson(goal, drawn)), kinds, mends, chance)
        if asked is not None:
            support = standing[asked.kind].support
            example = _example(asked.kind, chance) if support == "shown" else ""
            return Drill(course, seed, answers, number, asked, support, example, now)
    raise ValueError("its lessons have no step of the kinds that are to be practised")


def _choices(
    course: Course, answers: tuple[Answered, ...], now: float, chance: Random
) -> Iterator[tuple[Goal, tuple[StepKind, ...]]]:
    """Goals to take an exercise from, each with kinds of steps, the best first.

    The first goal that is not reached, now and then one before it; kinds that are due come first, and never
    the same kind twice where there is another.
    """
    counts = reached(course, answers)
    open_ = [goal for goal, count in zip(course.goals, counts, strict=True) if count < goal.right]
    done = [goal for goal in course.goals if goal not in open_]
    first = open_[:1] or [chance.choice(done)]
    if open_ and done and chance.random() < _REVIEWED:
        first.insert(0, chance.choice(done))
    due = kinds_due(standings(answers), now)
    last = answers[-1].kind if answers else None
    for goal in (*first, *course.goals):
        fresh = tuple(kind for kind in goal.kinds if kind in due and kind != last)
        yield from ((goal, kinds) for kinds in (fresh, goal.kinds) if kinds)


def _example(kind: StepKind, chance: Random) -> str:
    """A worked example of a kind from a network of its own; empty where such a network has none."""
    drawn = chance.randrange(_SEEDS)
    lesson = generated_lesson(_OF_EXAMPLES, drawn)
    shown = exercise(_OF_EXAMPLES, drawn, start(lesson), (kind,), False, chance)
    return shown.solution if shown else ""


# What there is to see


def progress(drill: Drill) -> str:
    """How far the course is, in one line."""
    counts = reached(drill.course, drill.answers)
    goals = sum(count == goal.right for count, goal in zip(counts, drill.course.goals, strict=True))
    mastered = [kind for kind, each in standings(drill.answers).items() if each.level]
    return (
        f"{drill.course.title}: {sum(counts)} of {sum(goal.right for goal in drill.course.goals)} right, "
        f"{goals} of {len(counts)} goals; mastered: {', '.join(mastered) or 'nothing yet'}."
    )


def exercise_lines(drill: Drill) -> Iterator[str]:
    """What is asked, with the numbers that it takes and the help that is in sight."""
    asked = drill.exercise
    yield f"Exercise {drill.number}: {asked.heading}."
    if drill.example:
        yield f"Worked example, from other numbers: {drill.example}"
    if asked.question.reads:
        yield f"Given: {', '.join(reading.text for reading in asked.question.reads)}."
    yield from drill.hints_shown
    yield asked.task
