"""A drill: hints that grow, help that fades, a course that is gone through by nothing but its own words."""

from __future__ import annotations

import pytest

from tinynet_tui.engine.walks import number_text
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.practice.course import (
    SHIPPED_COURSES,
    course_of_lesson,
    reached,
    shipped_course,
)
from tinynet_tui.practice.drill import (
    Drill,
    answered,
    begun,
    exercise_lines,
    hinted,
    next_exercise,
    progress,
)


def right(drill: Drill) -> str:
    """The value that is asked for."""
    there = drill.exercise.question.answer
    return number_text(there.trace.value(there.session.step))


def first(course: str = "update", seed: int = 3) -> Drill:
    """The first exercise of a course, for somebody new."""
    return begun(shipped_course(course), seed, (), 0.0)


def test_hints_grow_from_the_rule_to_the_answer() -> None:
    """Enter gives one after another, the solution last; of a new kind, rule and formula are shown at once."""
    drill = first()
    assert drill.example
    assert [line.partition(":")[0] for line in drill.hints_shown] == ["Rule", "Formula"]
    drill = hinted(drill, 1.0)
    assert drill.hints_shown[-1].startswith("In numbers: ")
    assert not drill.is_over
    drill = hinted(drill, 2.0)
    assert drill.is_over
    assert drill.said == (drill.exercise.solution,)
    [answer] = drill.answers
    assert (answer.result, answer.tries, answer.hints, answer.seconds) == ("shown", 0, 1, 2.0)


def test_a_wrong_answer_has_a_second_try_before_any_hint() -> None:
    """Then each brings one; the mistake that was named first is kept."""
    drill = first()
    once = answered(drill, "-" + right(drill).replace("−", ""), 1.0)
    assert once.said[0].startswith("No, not -")
    assert "its sign is wrong" in once.said[1]
    assert once.hints == 0
    twice = answered(once, "1234", 2.0)
    assert twice.hints == 1
    over = answered(twice, right(drill), 3.0)
    assert over.is_over
    [answer] = over.answers
    assert (answer.result, answer.tries, answer.hints) == ("right", 3, 1)
    assert answer.mistake == "The number is right, but its sign is wrong."
    assert not answer.is_unaided


def test_what_is_no_number_is_no_try() -> None:
    """It is said, and the drill is as it was."""
    with pytest.raises(ValueError, match="is not a number"):
        answered(first(), "about 3", 1.0)


@pytest.mark.parametrize("name", SHIPPED_COURSES)
def test_a_course_can_be_gone_through_to_its_end(name: str) -> None:
    """By one who answers right: every goal is reached, the kinds come mixed, and then it goes on."""
    drill, kinds = first(name), list[str]()
    needed = sum(goal.right for goal in drill.course.goals)
    while sum(reached(drill.course, drill.answers)) < needed and drill.number < 4 * needed:
        kinds.append(drill.exercise.kind)
        drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))
    assert sum(reached(drill.course, drill.answers)) == needed
    assert (
        f"{needed} of {needed} right, {len(drill.course.goals)} of {len(drill.course.goals)} goals"
        in progress(drill)
    )
    assert len(set(kinds)) == 6
    for _ in range(20):
        drill = next_exercise(answered(drill, right(drill), float(drill.number)), float(drill.number))


def test_help_fades_and_wrong_results_come_to_be_mended() -> None:
    """For one who answers right: an example first, then none; no formula at the end; mistakes to be found."""
    drill, mended, supports = first(), 0, list[str]()
    for number in range(60):
        supports.append(drill.support)
        if drill.exercise.planted is not None:
            mended += 1
            assert "That is wrong: what is right?" in drill.exercise.task
        drill = answered(drill, right(drill), float(number))
        if drill.exercise.planted is not None:
            assert drill.said[-1] == f"The mistake was: {drill.exercise.planted.words}"
        drill = next_exercise(drill, float(number))
    assert supports[0] == "shown"
    assert supports.count("shown") == 6
    assert set(supports[-10:]) == {"asked"}
    assert mended > 3


def test_the_same_seed_asks_a_class_the_same() -> None:
    """As long as they answer alike."""
    one, other, third = first(seed=1), first(seed=1), first(seed=2)
    for _ in range(5):
        assert list(exercise_lines(one)) == list(exercise_lines(other))
        one, other = (next_exercise(answered(each, right(each), 1.0), 1.0) for each in (one, other))
    assert list(exercise_lines(first(seed=1))) != list(exercise_lines(third))


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_every_lesson_can_be_practised(name: str) -> None:
    """Ten exercises, each answered by its true value, and by one hint after another."""
    drill = begun(course_of_lesson(name, shipped_lesson(name)), 1, (), 0.0)
    for number in range(10):
        if number % 2:
            drill = answered(drill, right(drill), 1.0)
            assert drill.answers[-1].result == "right"
        while not drill.is_over:
            drill = hinted(drill, 1.0)
        drill = next_exercise(drill, 1.0)
