"""The rows of the experiments: complete, each taken through everything, and one more in a file of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.cli.command import run
from tests.drawing.experiments import pressed, result_for, state_of
from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.experiment_page import experiments_page
from tinynet_tui.drawing.look import Look
from tinynet_tui.experiments import experiment_rows, table
from tinynet_tui.experiments.experiment_rows import (
    LINEAR,
    MOST_PRINTED,
    NOTHING_SPECIAL,
    Choice,
    Cursor,
    Experiment,
    Flag,
    Option,
    Page,
    Printed,
    Prompt,
    Topic,
)
from tinynet_tui.experiments.page_keys import after, key_named
from tinynet_tui.experiments.side_by_side import Noun, side_by_side, varied_printed, varied_runs
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.teaching.charts import Axis, Chart, ChartLine

ROWS: tuple[type[Any], ...] = tuple(
    kind
    for kind in vars(experiment_rows).values()
    if isinstance(kind, type)
    and kind.__module__ == experiment_rows.__name__
    and hasattr(kind, "__match_args__")
)
"""What has to be said in full: all that a row is made of."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_a_row_with_a_hole_cannot_be_made(row: type[Any]) -> None:
    """Nothing in it has a default, so that nothing is forgotten."""
    names = row.__match_args__
    for left_out in names:
        with pytest.raises(TypeError, match=left_out):
            row(**{name: None for name in names if name != left_out})


@pytest.mark.parametrize("row", table.EXPERIMENTS, ids=lambda row: row.name)
@pytest.mark.parametrize("format", ["text", "csv", "json"])
def test_every_row_is_printed_in_every_format(row: Experiment[Any], format: str) -> None:
    """By its word on the command line, and by its flag where it has one."""
    values = {"--starts": ("3",), "--parameter": ("w5",)}
    flag = () if row.asked_by is None else (row.asked_by.name, *values.get(row.asked_by.name, ()))
    done = run("experiment", row.topic.verb, *flag, "--updates", "3", "--format", format)
    if row.topic.verb == "sensitivity":
        done = run("experiment", row.topic.verb, *flag, "--format", format)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert len(lines) <= 23 if format == "text" else lines
    if format == "json":
        assert all(json.loads(line) for line in lines)


@pytest.mark.parametrize("row", table.EXPERIMENTS, ids=lambda row: row.name)
def test_every_row_hints_at_keys_that_there_are(row: Experiment[Any]) -> None:
    """And calls none of them by a name of its own that it does not hint at."""
    assert all(key_named(name) for name in row.hints.split())
    assert {name for name, _ in row.special.hint_titles} <= set(row.hints.split())


def test_what_is_varied_has_a_plural_of_its_own() -> None:
    """An s at its end would not be English for each."""
    runs = varied_runs([(number, setup_of(LECTURE)) for number in range(MOST_PRINTED + 2)], 1)
    noun = Noun("number of samples", "numbers of samples")
    printed = varied_printed(side_by_side(runs), "", len(runs), noun, None)
    assert printed.table[0][1] == "number of samples"
    assert printed.notes == ["… and 2 more numbers of samples, which --format csv prints."]


# One more, as it would stand in a file of its own

SQUARES: Option[int] = Option(
    "squares",
    lambda _setup: 5,
    Flag("--squares", "N", "how many (default: 5)", int, several=False),
    Prompt(
        "squares",
        "Q",
        "squares",
        "Type how many squares.",
        "squares:",
        str,
        int,
        lambda many: f"There are {many} squares.",
        None,
    ),
    None,
    None,
)

TOY: Experiment[list[int]] = Experiment(
    name="toy",
    title="Squares",
    short_title="toy",
    topic=Topic(
        verb="toy",
        about="the squares of whole numbers",
        description="Square whole numbers.",
        examples=("tinynet-tui experiment toy",),
        tab="toy",
        tab_about="The squares.",
        choice=Choice(lambda _inputs: ("all",), lambda _names, _selected: 0, None, (), ""),
    ),
    asked_by=None,
    options=(SQUARES,),
    computes_choice=False,
    compute=lambda inputs, _watch: [number * number for number in range(inputs[SQUARES])],
    settings=lambda inputs: [f"{inputs[SQUARES]} squares"],
    has_own_rate=True,
    cursor=Cursor(places=len, first=lambda _squares: 2, over=SQUARES),
    scale=LINEAR,
    hints="right squares back help quit",
    special=replace(NOTHING_SPECIAL, hint_titles=(("squares", "how many"),)),
    page=lambda squares, at: Page(
        [
            Chart(
                "Squares (upwards) of numbers (to the right)",
                Axis(0, len(squares) - 1),
                Axis(0, squares[-1]),
                [ChartLine(list(enumerate(squares)), "phase.loss")],
            )
        ],
        [f"{at.cursor} squared is {squares[at.cursor]}."],
    ),
    printed=lambda squares, title, _logarithmic: Printed(
        title, [("number", "square", ""), *((f"{n}", f"{s}", "") for n, s in enumerate(squares))], [], [], []
    ),
    columns=lambda squares: [("number", "square"), *enumerate(squares)],
    objects=lambda squares: [{"number": n, "square": s} for n, s in enumerate(squares)],
)


@pytest.fixture
def _with_a_toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list with one row more."""
    monkeypatch.setattr(table, "EXPERIMENTS", (*table.EXPERIMENTS, TOY))


def _printed(*words: str) -> list[str]:
    done = run("experiment", *words)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode().splitlines()


@pytest.mark.usefixtures("_with_a_toy")
def test_one_row_more_is_on_the_command_line() -> None:
    """With its help, its flag, and every format."""
    assert "  toy          the squares of whole numbers" in _printed("--help")
    assert any("--squares N" in line for line in _printed("toy", "--help"))
    assert _printed("toy", "--squares", "3", "--format", "csv") == ["number,square", "0,0", "1,1", "2,4"]
    assert _printed("toy", "--squares", "2", "--format", "json")[1] == '{"number": 1, "square": 1}'
    assert _printed("toy")[1].split() == ["number", "square"]


@pytest.mark.usefixtures("_with_a_toy")
def test_one_row_more_is_on_the_page() -> None:
    """With its tab, key, prompt, chart, cursor and hints."""
    state = pressed(state_of(LECTURE, "rates"), "tab:toy")
    assert (state.experiment, key_named("squares").keys) == ("toy", ("Q",))
    text = experiments_page(state, result_for(state), 100, 24, Look()).text()
    assert "Squares (upwards) of numbers (to the right)" in text
    assert "2 squared is 4." in text
    assert text.splitlines()[-1] == " → cursor  Q how many  x back  ? help  q quit"
    moved = pressed(state, "right")
    assert "3 squared is 9." in experiments_page(moved, result_for(moved), 100, 24, Look()).text()
    asked = after(state_of(LECTURE, "rates"), "squares", 9)
    assert (asked.experiment, asked[SQUARES], asked.notice) == ("toy", 9, "There are 9 squares.")
    assert replace(asked, notice="") == state.with_value(SQUARES, 9)
