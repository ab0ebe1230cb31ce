"""The keys of lessons of formulas that say what is trained and where the samples are, and the limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tinynet_tui.drawing.above_panels import MOST_BOXED
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments.variants import MOST_STEPS
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.writing import lesson_text, write_lesson
from tinynet_tui.networks import formula_expressions, formula_reading, formula_words
from tinynet_tui.networks.formulas import MOST_NAMES
from tinynet_tui.teaching.nudge import MOST_FOLLOWING

LESSON = """
[program]
forward = "yhat = w[1]*x[1] + w[2]*x[2,1] + b"
loss = "(yhat - y)^2"
[program.parameters]
w = [1, 2]
b = 1
[data]
file = "d.csv"
[training]
learning_rate = 0.1
batch = 2
"""
ROWS = """name,"x[2,1]",y,x[1]
Ada,2,3,1
Bob,3,1,2
Cy,1,1,0
"""


_TOO_LONG = (
    f'program.loss: must be a text of 1 to 200,000 characters, not the text "(w*x - y)^2 {"+ 0" * 9}+…"'
)


def _opened(folder: Path, text: str = LESSON, rows: str = ROWS) -> Path:
    (folder / "d.csv").write_text(rows)
    lesson = folder / "l.toml"
    lesson.write_text(text)
    return lesson


def test_columns_of_a_file_are_found_by_their_names(tmp_path: Path) -> None:
    """In any order; one that no formula reads may hold text. ŷ of the first row: 1 · 1 + 2 · 2 + 1 = 6."""
    lesson = open_lesson(str(_opened(tmp_path)))
    assert (lesson.data.columns, lesson.data.file) == (("x[2,1]", "y", "x[1]"), None)
    setup = setup_of(lesson)
    assert (setup.inputs, setup.targets) == (((2, 1), (3, 2), (1, 0)), ((3,), (1,), (1,)))
    run = trace(setup, first_point(setup))
    assert run.value(1) == 6


def test_columns_may_be_named_in_the_lesson(tmp_path: Path) -> None:
    """In their order: the header only says how many there are."""
    text = LESSON.replace("file =", 'columns = ["who", "x[1]", "y", "x[2,1]"]\nfile =')
    setup = setup_of(open_lesson(str(_opened(tmp_path, text))))
    assert (setup.inputs[0], setup.targets[0]) == ((2, 1), (3,))


def test_many_rows_are_saved_beside_the_lesson_again(tmp_path: Path) -> None:
    """And what this program keeps for itself has them all."""
    many = ROWS + "".join(f"n,{i % 7},{i % 5},{i % 3}\n" for i in range(997))
    opened = open_lesson(str(_opened(tmp_path, rows=many)))
    assert len(opened.samples) == 1000
    write_lesson(opened, tmp_path / "saved.toml")
    assert setup_of(open_lesson(str(tmp_path / "saved.toml"))) == setup_of(opened)
    assert parse_lesson(lesson_text(opened), "kept", is_kept=True) == opened


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (",x[1]\n", "\n", "data.file: d.csv: line 2: must have 3 columns, as the header has, not 4"),
        ("Ada,2,", "Ada,a,", 'data.file: d.csv: line 2, column x[2,1]: must be a finite number, not "a"'),
        (',"x[2,1]"', ",y", "data.file: d.csv: line 1: the column y is there twice; must be there once"),
        (ROWS, "p,q\n1,2\n", "data.file: d.csv: no formula reads a column of it; there are p, q"),
        (ROWS, "1,2\n", "data.file: d.csv: line 1: must be a header row"),
        (ROWS, "", "data.file: d.csv: is empty"),
        (",y,", ",z,", "program.loss, line 1, column 9: y is not known"),
        ("batch = 2", "", "training.batch: must be a whole number from 1 to 256 above 256 samples"),
        ('"d.csv"', '"../d.csv"', "data.file: ../d.csv: must be the name of a file beside the lesson"),
        ("file =", 'columns = ["a"]\nfile =', "data.file: d.csv: must have 1 columns, as data.columns has"),
        ("file =", "rows = [[1]]\nfile =", "data.file: must not be given with rows; keep one or the other"),
        ("b = 1", "b = 1\nc = [1, 2]", "program.parameters.c: no formula reads it; use it, or leave it out"),
        (
            "[data]",
            '[program.init]\nc = { init = "same" }\n[data]',
            "program.init.c: no formula reads it; use it, or leave it out",
        ),
        ("loss =", 'frozen = ["v"]\nloss =', 'program.frozen[0]: no parameter is called "v"'),
        ("loss =", 'frozen = ["w", "b"]\nloss =', "program.frozen: must leave a parameter to train"),
        (
            "loss =",
            'trained = ["w", "w"]\nloss =',
            "program.trained[1]: w is there twice; must be there once",
        ),
        ("loss =", "trained = []\nloss =", "program.trained: must leave a parameter to train"),
        (
            "loss =",
            'frozen = ["b"]\ntrained = ["w"]\nloss =',
            "program.frozen: must not be given with trained",
        ),
        (
            "batch = 2",
            'batch = 2\noptimizer = "momentum"\nstate = { v = { u = 1 } }',
            'training.state.v.u: no parameter is called "u"',
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """At its place, with what would be right."""
    rows = ROWS + "n,1,1,1\n" * (300 if new == "" and old.startswith("batch") else 0)
    assert old in LESSON + rows
    lesson = _opened(tmp_path, LESSON.replace(old, new), rows.replace(old, new))
    with pytest.raises(LessonFault) as raised:
        open_lesson(str(lesson))
    assert raised.value.lines[0].startswith(f"{lesson}: {fault}")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "batch = 1",
            'loss = "huber"',
            "training.loss: does nothing in a lesson of formulas; use loss in [program]",
        ),
        (
            "batch = 1",
            "huber_delta = 2",
            "training.huber_delta: does nothing in a lesson of formulas; use loss in [program]",
        ),
        (
            "batch = 1",
            "l2 = 0.1\nl2_biases = true",
            "training.l2_biases: does nothing in a lesson of formulas; use l2, which counts all parameters",
        ),
        (
            "[program.parameters]\nw = 1\n",
            '[program.init]\nw = { init = "he", value = 0.5 }\n',
            'program.init.w.value: does nothing without init = "uniform" or "same"; add that, or leave this '
            "out",
        ),
        (
            "[program.parameters]\nw = 1\n",
            '[program.init]\nw = { init = "zeros", seed = 1 }\n',
            'program.init.w.seed: does nothing without init = "uniform", "he" or "xavier"; add that, or '
            "leave this out",
        ),
        (
            "[training]",
            "classes = [1]\n[training]",
            "data.classes: does nothing in a lesson of formulas; use columns and rows",
        ),
        (
            "loss =",
            'trained = ["q"]\nloss =',
            'program.trained[0]: no parameter is called "q"; there are w …',
        ),
        ('"(w*x - y)^2"', f'"(w*x - y)^2 {"+ 0" * 70_000}"', _TOO_LONG),
    ],
)
def test_a_key_that_does_nothing_has_one_fault(old: str, new: str, fault: str) -> None:
    """Rather than being passed over; what an older version kept for itself is read without it."""
    text = (
        '[program]\nloss = "(w*x - y)^2"\n[program.parameters]\nw = 1\n'
        '[data]\ncolumns = ["x", "y"]\nrows = [[1, 2]]\n[training]\nlearning_rate = 0.1\nbatch = 1\n'
    )
    with pytest.raises(LessonFault) as raised:
        parse_lesson(text.replace(old, new), "x")
    assert raised.value.lines == (f"x: {fault}",)
    if "does nothing" in fault:
        assert parse_lesson(
            text.replace(old, f"{old}\n{new}" if old == "batch = 1" else new), "x", is_kept=True
        )


def test_no_file_is_read_where_there_is_no_folder() -> None:
    """As in a class, and in a kiosk."""
    with pytest.raises(LessonFault, match="no file is read here; must be columns and rows"):
        parse_lesson(LESSON, "x")


@pytest.mark.parametrize(
    ("keys", "changes"),
    [('frozen = ["w"]', {"b"}), ('frozen = ["w[2]", "b"]', {"w[1]"}), ('trained = ["w"]', {"w[1]", "w[2]"})],
)
def test_frozen_parameters_have_gradients_and_stay(tmp_path: Path, keys: str, changes: set[str]) -> None:
    """A list by its name, or one of its numbers; what is saved says the same."""
    lesson = open_lesson(str(_opened(tmp_path, LESSON.replace("loss =", f"{keys}\nloss ="))))
    setup = setup_of(lesson)
    run = trace(setup, first_point(setup))
    names = setup.model.parameter_names
    # The errors of the first two rows are 3 and 8: ∂L/∂b is the mean of 6 and 16.
    assert run.gradient("b") == 11
    for after in (run.parameters_after, trained(setup, first_point(setup), 3).parameters):
        moved = {n for n, old, new in zip(names, setup.parameters, after, strict=True) if old != new}
        assert moved == changes
    assert parse_lesson(lesson_text(lesson), "x") == lesson


def test_the_functions_are_those_that_the_page_names() -> None:
    """All of them, and no other."""
    page = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| functions |"))
    assert sorted(re.findall(r"`(\w+)`", row)) == sorted(formula_expressions.FUNCTIONS)


def test_the_limits_are_those_that_the_page_names() -> None:
    """Each number of the code stands in the table of limits, and no other."""
    page = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")
    table = page.partition("## Limits\n")[2].partition("\n\nThe lessons")[0]
    limits = (
        formula_reading.MOST_ASSIGNMENTS,
        MOST_NAMES,
        formula_expressions.MOST_TURNS,
        LIMITS.formulas,
        formula_words.MOST_TERMS,
        formula_expressions.MOST_PARTS,
        formula_expressions.MOST_DEPTH,
        formula_words.MOST_BRACKETS,
        formula_expressions.MOST_FACTORS,
        formula_expressions.LONGEST_NAME,
        formula_expressions.LARGEST_INDEX,
        formula_expressions.MOST_INDEX_SIGNS,
        formula_words.MOST_DIGITS,
        LIMITS.samples,
        LIMITS.rows,
        LIMITS.batch,
        MOST_FOLLOWING,
        MOST_STEPS,
        MOST_BOXED,
    )
    assert [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d|\d", table)] == list(limits)
