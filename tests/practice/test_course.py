"""Course files: what they may say, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.shipped import shipped_text
from tinynet_tui.practice.course import SHIPPED_COURSES, course_of_file, is_course, shipped_course
from tinynet_tui.prediction.kinds import KINDS

GOOD = """
title = "Mine"
[[goals]]
title = "One"
generator = "relu"
kinds = ["sum"]
[[goals]]
title = "Two"
lesson = "mazur"
kinds = ["product", "update"]
right = 5
"""


@pytest.mark.parametrize("name", SHIPPED_COURSES)
def test_shipped_courses_can_be_opened(name: str) -> None:
    """Each has an about, and together its goals have every kind of step."""
    course = shipped_course(name)
    assert course.about
    assert {kind for goal in course.goals for kind in goal.kinds} == set(KINDS)


def test_a_course_of_ones_own(tmp_path: Path) -> None:
    """With shipped lessons, generators, and lessons beside its file."""
    (tmp_path / "own.toml").write_text(shipped_text("xor"), encoding="utf-8")
    file = tmp_path / "course.toml"
    text = GOOD.replace('"mazur"', '"own.toml"')
    course = course_of_file("course", text, str(file))
    assert [(goal.source, goal.right) for goal in course.goals] == [("relu", 3), ("own.toml", 5)]
    assert course.lesson(course.goals[1], 1).title == "XOR"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "Mine"\n', "", "c.toml: title: missing; must be a text of 1 to 200 characters"),
        (
            '"relu"',
            '"rnn"',
            "c.toml: goals[0].generator: must be one of neuron, relu, relu-shut, two-outputs, not",
        ),
        (
            '["sum"]',
            '["sums"]',
            "c.toml: goals[0].kinds[0]: must be one of sum, activation, slope, path, product",
        ),
        ('["sum"]', "[]", "c.toml: goals[0].kinds: must be a list of kinds of steps: sum, activation"),
        ("right = 5", "right = 0", "c.toml: goals[1].right: must be a whole number from 1 to 100, not 0"),
        ("right = 5", "rigth = 5", "c.toml: goals[1].rigth: unknown key; did you mean right?"),
        ('generator = "relu"\n', "", "c.toml: goals[0]: must have either lesson or generator"),
        ('lesson = "mazur"', 'lesson = "mazur"\ngenerator = "relu"', "c.toml: goals[1]: must have either"),
        ('"mazur"', '"mazzur"', "c.toml: goals[1].lesson: mazzur: there is no such lesson or file; did you"),
        (
            'lesson = "mazur"\nkinds = ["product", "update"]',
            'lesson = "valley"\nkinds = ["activation"]',
            "c.toml: goals[1].kinds: valley has no such step; it has",
        ),
        ("[[goals]]", "[[goals]", "c.toml: Line 3"),
        (
            GOOD,
            'title = "Mine"\ngoals = [["One", ["sum"]]]',
            "c.toml: goals[0]: must be a table, not a list of 2",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, told: str) -> None:
    """As for lessons."""
    with pytest.raises(LessonFault) as fault:
        course_of_file("c", GOOD.replace(old, new), "c.toml")
    assert fault.value.lines[0].lower().startswith(told.lower()), fault.value.lines


def test_courses_are_told_from_lessons() -> None:
    """By their goals."""
    assert is_course(GOOD.encode())
    assert not is_course(shipped_text("mazur").encode())
