"""A course: goals in order, each a lesson or a generator with the kinds of steps to be practised on it."""

# Without annotations from the future: these would be texts, which the checks of keys cannot read.

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta, Struct

from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.parsing import parse_struct
from tinynet_tui.lessons.reading import lesson_beside
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.practice.exercise import steps_by_kind
from tinynet_tui.practice.generated import GENERATORS, generated_lesson
from tinynet_tui.practice.record import PracticeAnswer
from tinynet_tui.prediction.kinds import KINDS, StepKind
from tinynet_tui.session.commands import start

SHIPPED_COURSES = ("update", "classifier", "programs", "recurrence", "attention", "gpt-block")
"""The names of the courses that come with the program."""
_MOST_RIGHT = 100
_MOST_GOALS = 50
_LONGEST_TITLE = 200

if TYPE_CHECKING:
    GeneratorName = str
else:
    GeneratorName = Literal[*GENERATORS]

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=_LONGEST_TITLE,
        description=f"a text of 1 to {_LONGEST_TITLE} characters",
    ),
]
Kinds = Annotated[
    tuple[StepKind, ...], Meta(min_length=1, description=f"a list of kinds of steps: {', '.join(KINDS)}")
]
Right = Annotated[int, Meta(ge=1, le=_MOST_RIGHT, description=f"a whole number from 1 to {_MOST_RIGHT}")]


class Goal(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be practised before the next goal."""

    title: Text
    kinds: Kinds
    right: Right = 3
    """How many right answers it takes."""
    lesson: Text | None = None
    """A shipped lesson, or a file beside the course."""
    generator: GeneratorName | None = None

    @property
    def source(self) -> str:
        """The lesson or the generator, by name."""
        return self.lesson or self.generator or ""


Goals = Annotated[
    tuple[Goal, ...],
    Meta(min_length=1, max_length=_MOST_GOALS, description="tables, each under [[goals]]"),
]


class CourseFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of a course."""

    title: Text
    goals: Goals
    about: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A course with the lessons that its goals name."""

    name: str
    title: str
    about: str
    goals: tuple[Goal, ...]
    lessons: Mapping[str, Lesson]

    def lesson(self, goal: Goal, seed: int) -> Lesson:
        """The lesson of a goal; a generator draws it from a seed."""
        if goal.generator is not None:
            return generated_lesson(goal.generator, seed)
        return self.lessons[goal.source]


def course_of_file(name: str, text: str | bytes, source: str) -> Course:
    """The course that a text holds.

    Raises: LessonFault when it holds none, or one of its lessons cannot be used.
    """
    file = parse_struct(CourseFile, text, source)
    if faults := list(_faults(file)):
        raise LessonFault(source, faults)
    lessons = {
        goal.lesson: lesson_beside(goal.lesson, source, f"goals[{number}].lesson")
        for number, goal in enumerate(file.goals)
        if goal.lesson
    }
    course = Course(name, file.title, file.about, file.goals, lessons)
    if faults := list(_faults_of_kinds(course)):
        raise LessonFault(source, faults)
    return course


_HAS_GOALS = re.compile(rb"^[ \t]*(?:\[\[[ \t]*[\"']?goals[\"']?[ \t]*\]\]|goals[ \t]*=)", re.MULTILINE)


def is_course(text: bytes) -> bool:
    """Whether a file is meant as a course: it has goals, however they are written."""
    return _HAS_GOALS.search(text) is not None


def _faults(file: CourseFile) -> Iterable[str]:
    for number, goal in enumerate(file.goals):
        if (goal.lesson is None) == (goal.generator is None):
            yield f"goals[{number}]: must have either lesson or generator"


def _faults_of_kinds(course: Course) -> Iterable[str]:
    for number, goal in enumerate(course.goals):
        there = steps_by_kind(start(course.lesson(goal, 1)))
        if not set(there) & set(goal.kinds):
            yield f"goals[{number}].kinds: {goal.source} has no such step; it has {', '.join(there)}"


@lru_cache
def shipped_course(name: str) -> Course:
    """The shipped course of a name."""
    file = os.path.join(os.path.dirname(__file__), "courses", f"{name}.toml")
    with open(file, "rb") as opened:
        return course_of_file(name, opened.read(), f"{name}.toml")


def course_of_lesson(name: str, lesson: Lesson) -> Course:
    """A lesson as a course of one goal: all kinds of steps that it has."""
    goal = Goal(lesson.title[:_LONGEST_TITLE], tuple(KINDS), right=10, lesson=name)
    return Course(name, lesson.title, lesson.about, (goal,), {name: lesson})


def reached(course: Course, answers: Iterable[PracticeAnswer]) -> tuple[int, ...]:
    """How many right answers each goal has, at most as many as it takes."""
    found = [0] * len(course.goals)
    for answer in answers:
        if answer.course == course.name and answer.is_unaided:
            for number, goal in enumerate(course.goals):
                is_of_goal = answer.source == goal.source and answer.kind in goal.kinds
                if is_of_goal and found[number] < goal.right:
                    found[number] += 1
                    break
    return tuple(found)


Parts = tuple[tuple[int, int], ...]
"""Of each goal of a course: how many answers count, and how many it takes."""


def parts(course: Course, answers: Iterable[PracticeAnswer]) -> Parts:
    """How far each goal is."""
    return tuple(zip(reached(course, answers), (goal.right for goal in course.goals), strict=True))


def how_far(parts: Parts) -> str:
    """How far a course is: 4 of 25 right, 1 of 6 parts done."""
    done = sum(count == right for count, right in parts)
    return f"{_counted(parts)}, {done} of {len(parts)} parts done"


def short_progress(course: Course, answers: Iterable[PracticeAnswer]) -> str:
    """How far a course is, in a few words."""
    return _counted(parts(course, answers))


def _counted(parts: Parts) -> str:
    return f"{sum(count for count, _ in parts)} of {sum(right for _, right in parts)} right"
