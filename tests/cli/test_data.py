"""What the verbs print on standard output."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest

from tests.cli.command import ASCII_ONLY, C_LOCALE, UTF8, run
from tests.handouts.test_jsonl import STEP_18, UPDATE_1
from tests.published_cases import published_curves
from tinynet_tui.lessons.shipped import shipped_lessons, shipped_text


def _printed(*words: str, stdin: bytes = b"", environ: dict[str, str] = UTF8) -> str:
    done = run(*words, stdin=stdin, environ=environ)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def _objects(*words: str, stdin: bytes = b"") -> list[dict[str, Any]]:
    return [json.loads(line) for line in _printed(*words, "--format", "json", stdin=stdin).splitlines()]


def test_the_trace_of_the_lecture_has_its_published_numbers() -> None:
    """Printed by the lecture's notebook: T. Valtanen, Deep Learning 2025, nn_math_experiment1."""
    first, *steps = _objects("trace")
    assert (first["trace"], len(steps)) == (2, 46)
    values = {o["name"]: o["value"] for o in steps}
    expected = {
        "h1": 1.5, "h2": 0.5, "yhat": 2.5, "L": 0.25, "dL/dw5": 1.5, "dL/dw6": 0.5, "dL/db3": 1.0,
        "w1": 0.99, "w2": 0.49, "w3": 1.0, "w4": -0.5, "w5": 0.985, "w6": 0.995,
        "b1": 0.49, "b2": -0.01, "b3": 0.49, "check": 0.18096516,
    }  # fmt: skip
    assert {name: values[name] for name in expected} == pytest.approx(expected, rel=1e-14)


def test_a_line_of_the_trace_is_as_described() -> None:
    """Byte for byte, in UTF-8."""
    first, *steps = _printed("trace", "lecture", "--format", "json").splitlines()
    assert (first, steps[17]) == (UPDATE_1.replace("any", "Lecture network"), STEP_18)


def test_so_many_updates_are_traced() -> None:
    """Without a number, one."""
    assert [o["update"] for o in _objects("trace", "--updates", "3")] == [
        u for u in (1, 2, 3) for _ in range(1 + 46)
    ]


@pytest.mark.parametrize(
    ("lesson", "curves"),
    [("lecture", "LR0_lecture_default"), ("lecture-row-2", "LR4_lecture_init_row_2_1_6")],
)
def test_published_losses(lesson: str, curves: str) -> None:
    """Four learning rates over 25 updates, as tests/published/lecture_curves.json has them."""
    words = ("train", lesson, "--updates", "25", "--learning-rate", "0.005", "0.01", "0.1", "0.25")
    expected = [
        (curve.setup.hyperparameters.learning_rate, loss)
        for curve in published_curves()
        if curve.name.startswith(f"{curves} at")
        for loss in curve.losses
    ]
    assert len(expected) == 4 * 26
    rates, losses = zip(*expected, strict=True)
    objects = _objects(*words)
    assert tuple(o["learning_rate"] for o in objects) == rates
    assert [o["loss"] for o in objects] == pytest.approx(losses, rel=1e-11, abs=1e-30)
    table = list(csv.DictReader(StringIO(_printed(*words, "--format", "csv"))))
    assert [float(row["loss"]) for row in table] == [o["loss"] for o in objects]


@pytest.mark.parametrize(
    ("words", "outcomes"),
    [
        (("--updates", "25"), ["falls"]),
        (
            ("--updates", "25", "--learning-rate", "0.1", "0.25"),
            ["overshoots at update 1", "rises at update 1"],
        ),
        (("dead-output",), ["stuck from the start"]),
        (("lecture-row-2", "--learning-rate", "0.1"), ["stuck at update 2"]),
        (("lecture-row-2", "--learning-rate", "1e200"), ["diverged at update 1"]),
    ],
)
def test_what_becomes_of_training_is_said(words: tuple[str, ...], outcomes: list[str]) -> None:
    """At the end of each row of the table, in the words of the experiment that trains the same."""
    lines = _printed("train", *words).splitlines()[2 : 2 + len(outcomes)]
    assert [line.split("  ")[-1] for line in lines] == outcomes
    if "--learning-rate" in words:
        told = _objects("experiment", "rates", *words, "--updates", "25")
        assert [run["verdict"] for run in told] == [outcome.split()[0] for outcome in outcomes]


def test_the_lowest_loss_is_told_of_however_many_rates() -> None:
    """Also where no sentence has room: these begin at (4.5 − 6)² = 2.25, and lose their output at once."""
    rates = ("0.1", "0.12", "0.14", "0.16", "0.18", "0.2", "0.22", "0.24")
    lines = _printed("train", "lecture-row-2", "--learning-rate", *rates).splitlines()
    assert lines[1].split()[:4] == ["learning", "rate", "loss", "lowest"]
    assert [line.split()[2:4] for line in lines[2:10]] == [["36", "2.25"]] * 8
    assert not any("Lowest" in line for line in lines)


@pytest.mark.parametrize("updates", ["0", "1", "100", "20000"])
@pytest.mark.parametrize("rates", [1, 4, 30])
def test_the_summary_fits_one_screen(updates: str, rates: int) -> None:
    """However many updates and learning rates: 80 columns, and a row of 24 left for the prompt."""
    words = [f"{0.001 * (rate + 1):g}" for rate in range(rates)]
    lines = _printed("train", "--updates", updates, "--learning-rate", *words).splitlines()
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 80


def test_every_kth_update() -> None:
    """Update 0 and the last are always there; text has no use for it, and says so."""
    objects = _objects("train", "--updates", "10", "--every", "4")
    assert [o["update"] for o in objects] == [0, 4, 8, 10]
    done = run("train", "--every", "4")
    assert done.returncode == 0
    assert done.stderr == b"--every has no effect on text, which is a summary of all updates.\n"


def test_one_learning_rate_takes_the_place_of_the_lessons_own() -> None:
    """And one that is named twice is taken once."""
    objects = _objects("train", "--updates", "1", "--learning-rate", "0.1", "1/10")
    assert [o["update"] for o in objects] == [0, 1]
    assert objects[1]["loss"] == pytest.approx(0.0441, rel=1e-12)


def test_a_lesson_comes_from_standard_input() -> None:
    """With -, for every verb that takes a lesson."""
    lesson = shipped_text("mazur").encode()
    assert _objects("trace", "-", stdin=lesson) == _objects("trace", "mazur")
    assert _objects("train", "-", stdin=lesson) == _objects("train", "mazur")


def test_the_shipped_lessons_are_listed() -> None:
    """Each name begins a line; --show prints the file that makes the same lesson again."""
    names = [line.split()[0] for line in _printed("lessons").splitlines()]
    assert names == [row.name for row in shipped_lessons()]
    assert _printed("lessons", "--show", "lecture") == shipped_text("lecture")


@pytest.mark.parametrize("environ", [C_LOCALE, ASCII_ONLY])
@pytest.mark.parametrize(
    "words", [("trace",), ("train",), ("lessons",), ("trace", "mazur", "--updates", "2")]
)
def test_in_a_c_locale_text_is_ascii(words: tuple[str, ...], environ: dict[str, str]) -> None:
    """As with --ascii."""
    text = _printed(*words, environ=environ)
    assert text.isascii()
    assert text == _printed(*words, "--ascii")


def test_in_a_c_locale_data_stays_what_it_is() -> None:
    """JSON is escaped where the encoding is not UTF-8; a lesson file is UTF-8 always."""
    json_lines = _printed("trace", "--format", "json", environ=ASCII_ONLY)
    assert json_lines.isascii()
    unicode = _printed("trace", "--format", "json")
    assert not unicode.isascii()
    assert list(map(json.loads, json_lines.splitlines())) == list(map(json.loads, unicode.splitlines()))
    assert _printed("lessons", "--show", "lecture", environ=ASCII_ONLY) == shipped_text("lecture")


def test_unicode_can_be_asked_for() -> None:
    """--no-ascii holds whatever the locale is."""
    assert _printed("trace", "--no-ascii", environ=ASCII_ONLY) == _printed("trace")


def test_the_version() -> None:
    """One line."""
    assert _printed("--version").startswith("tinynet-tui ")
