"""Written lessons read back as the same lessons, and files are written whole or not at all."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given

from tests.examples import examples
from tests.lessons.made import lessons
from tinynet_tui.lessons.reading import open_lesson, parse_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_lessons
from tinynet_tui.lessons.writing import lesson_text, write_lesson


@given(lessons())
@examples(35)
def test_a_written_lesson_reads_back_equal(lesson: Lesson) -> None:
    """With any text and any number; and what is written can be seen."""
    text = lesson_text(lesson)
    assert parse_lesson(text, "x") == lesson
    assert parse_lesson(text.encode(), "x") == lesson
    assert all(line.isprintable() for line in text.split("\n"))


@given(lessons())
def test_a_lesson_is_hashable(lesson: Lesson) -> None:
    """Frozen all through: equal lessons have one hash."""
    assert hash(parse_lesson(lesson_text(lesson), "x")) == hash(lesson)


def test_a_written_lesson_of_formulas_reads_back_equal() -> None:
    """With every key that it may have, and names with indices wherever a name may stand."""
    lesson = parse_lesson(
        '[program]\nforward = """\n# sums, a comment\nz[i] = sum(w[i,j]*x[j] for j in 1..2) for i in 1..2\n'
        '# beside\nyhat = v[1]*z[1] + v[2]*z[2] + b\n"""\nloss = "(yhat - y)^2"\nfrozen = ["w[1,2]", "b"]\n'
        '[program.parameters]\nb = "1/3"\n[program.init]\n"w*" = { init = "uniform", shape = [2, 2], '
        "seed = 7 }\n"
        'v = { init = "same", value = 0.25 }\n[data]\ncolumns = ["x[1]", "x[2]", "y"]\nrows = [[1, 2, 0.5]]\n'
        '[training]\nlearning_rate = 0.1\noptimizer = "rmsprop"\nrho = 0.8\nepsilon_inside = true\n'
        'state = { s = { "w[1,1]" = 0.5, "v[2]" = 0.25 } }\n'
        '[[notes]]\nat = "dL/dw[1,1]"\ntext = "here"\n[[expect]]\nstep = "z[1]"\nvalue = 0.5\n',
        "x.toml",
    )
    assert parse_lesson(lesson_text(lesson), "x.toml") == lesson


def test_minus_zero_is_read_as_zero() -> None:
    """Equal lessons show the same."""
    text = lesson_text(shipped_lesson("lecture")).replace("inputs = [[1, 0]]", "inputs = [[1, -0.0]]")
    assert math.copysign(1, parse_lesson(text, "x").data.inputs[0][1]) == 1


def test_lines_of_the_shipped_lessons_fit_the_width() -> None:
    """A file that a person would like to edit."""
    for item in shipped_lessons():
        assert max(map(len, lesson_text(item.lesson).split("\n"))) <= 120


def test_write_lesson_keeps_what_is_there(tmp_path: Path) -> None:
    """A lesson takes the place of no other file."""
    path = tmp_path / "mine.toml"
    write_lesson(shipped_lesson("lecture"), path)
    with pytest.raises(FileExistsError):
        write_lesson(shipped_lesson("mazur"), path)
    assert open_lesson(str(path)) == shipped_lesson("lecture")
    assert list(tmp_path.iterdir()) == [path]
