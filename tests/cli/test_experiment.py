"""The verb experiment: what it prints in each format, and what it refuses."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest

from tests.cli.command import ASCII_ONLY, UTF8, run
from tests.published_cases import published_curves
from tinynet_tui.experiments.dead_relu import bias_sweep
from tinynet_tui.experiments.influences import influences
from tinynet_tui.experiments.initial_values import RECIPES, start_runs
from tinynet_tui.experiments.learning_rates import DEFAULT_RATES, rate_runs
from tinynet_tui.experiments.loss_slice import loss_slice, parameter_change
from tinynet_tui.experiments.many_starts import many_starts
from tinynet_tui.experiments.rate_finder import rate_sweep
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_text

LECTURE = setup_of(shipped_lesson("lecture"))

EXPERIMENTS = (
    "rates",
    "rates lecture-row-2 --logarithmic",
    "rates xor --learning-rate 0.1 1 10 --updates 500",
    "rates --updates 1000 --linear",
    "rates --learning-rate 0.25",
    "rates --find",
    "rates dead-output --find",
    "init",
    "init xor --seed 7 --updates 300",
    "init --recipe he",
    "init --starts 200",
    "init mazur --starts 20 --recipe large --threshold 0.1",
    "dead",
    "dead dead-output --parameter b3",
    "dead large-weights --parameter b3 --updates 100",
    "sensitivity",
    "sensitivity deep-sigmoid",
    "sensitivity xor --parameter w5 --by -0.1",
)


def _printed(line: str, stdin: bytes = b"", environ: dict[str, str] = UTF8) -> str:
    done = run("experiment", *line.split(), stdin=stdin, environ=environ)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def _objects(line: str, stdin: bytes = b"") -> list[dict[str, Any]]:
    return [json.loads(row) for row in _printed(f"{line} --format json", stdin).splitlines()]


def _rows(line: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(_printed(f"{line} --format csv"))))


@pytest.mark.parametrize(
    ("lesson", "curves"),
    [("lecture", "LR0_lecture_default"), ("lecture-row-2", "LR4_lecture_init_row_2_1_6")],
)
def test_published_curves(lesson: str, curves: str) -> None:
    """One JSON line for each rate, with the losses of update 0 to 25 that are published."""
    objects = _objects(f"rates {lesson} --learning-rate 0.005 0.01 0.1 0.25 --updates 25")
    published = [curve for curve in published_curves() if curve.name.startswith(f"{curves} at")]
    assert len(objects) == len(published) == 4
    for found, curve in zip(objects, published, strict=True):
        assert list(found) == ["learning_rate", "losses", "rises", "verdict", "at", "words"]
        assert found["learning_rate"] == curve.setup.hyperparameters.learning_rate
        assert found["losses"] == pytest.approx(curve.losses, rel=1e-11, abs=1e-27)
        assert found["rises"] == curve.rises


def test_what_the_rates_of_the_lecture_do() -> None:
    """Byte for byte but for the losses."""
    objects = [
        {key: o[key] for key in o if key != "losses"} for o in _objects("rates --learning-rate 0.1 0.25")
    ]
    assert objects == [
        {
            "learning_rate": 0.1,
            "rises": 0,
            "verdict": "overshoots",
            "at": 1,
            "words": "Overshoots at update 1, past the target, and settles; the loss never rises.",
        },
        {
            "learning_rate": 0.25,
            "rises": 5,
            "verdict": "rises",
            "at": 1,
            "words": "Rises 5 times, first at update 1: 0.25 → 1.266. Dead since update 1: node 2.",
        },
    ]


def test_every_experiment_prints_its_own_numbers() -> None:
    """JSON and CSV are those of the pure functions, in full precision."""
    runs = rate_runs(LECTURE, DEFAULT_RATES, 25)
    assert [o["losses"] for o in _objects("rates")] == [list(r.losses) for r in runs]
    assert [float(row["loss"]) for row in _rows("rates")] == [loss for r in runs for loss in r.losses]

    sweep = rate_sweep(LECTURE, 25)
    assert [o["loss"] for o in _objects("rates --find")] == list(sweep.final)
    for key, rate in (("best", 0.0661), ("cliff", 0.16), ("wall", 0.702)):
        assert [o["learning_rate"] for o in _objects("rates --find") if o[key]] == [rate]
    assert [float(row["loss"]) for row in _rows("rates --find")] == list(sweep.final)

    starts = start_runs(LECTURE, 3, 10)
    assert [o["recipe"] for o in _objects("init --seed 3 --updates 10")] == list(RECIPES)
    assert [o["losses"] for o in _objects("init --seed 3 --updates 10")] == [list(r.losses) for r in starts]
    assert [o["neurons"][1]["fate"] for o in _objects("init --seed 3 --updates 10")] == [
        r.neurons[1].fate for r in starts
    ]
    assert len(_rows("init --seed 3 --updates 10")) == 7 * 11

    many = many_starts(LECTURE, "he", 0.1, starts=30, updates=50, seed=3)
    line = "init --starts 30 --recipe he --threshold 0.1 --updates 50 --seed 3"
    (found,) = _objects(line)
    assert (found["losses"], found["reached"], found["died"]) == (list(many.losses), many.reached, many.died)
    assert [(b["from"], b["below"], b["starts"]) for b in found["bins"]] == list(many.bins)
    assert [(int(row["seed"]), float(row["loss"])) for row in _rows(line)] == list(enumerate(many.losses, 3))

    bias = bias_sweep(LECTURE, "b2", 10)
    (found,) = _objects("dead --parameter b2 --updates 10")
    assert [p["after"] for p in found["points"]] == [point.after for point in bias.points]
    assert found["cliffs"] == [{"sample": 1, "bias": -0.5}]
    assert [float(row["z"]) for row in _rows("dead --parameter b2 --updates 10")] == [
        point.z[0] for point in bias.points
    ]

    assert [(o["parameter"], o["on_loss"], o["on_output"]) for o in _objects("sensitivity")] == [
        (i.parameter, i.on_loss, i.on_output) for i in influences(LECTURE)
    ]
    found_numbers = [(float(row["numeric"]), float(row["uncertainty"])) for row in _rows("sensitivity")]
    assert found_numbers == [(i.numeric, i.uncertainty) for i in influences(LECTURE)]
    (found,) = _objects("sensitivity --parameter w5 --by 0.25")
    along, nudged = loss_slice(LECTURE, "w5"), parameter_change(LECTURE, "w5", 0.25)
    assert (found["gradient"], found["lands"], found["loss_there"]) == (1.5, along.lands, along.loss_there)
    assert found["nudge"]["loss_after"] == nudged.loss_after
    assert [tuple(point) for point in found["points"]] == list(along.points)
    assert [float(row["loss"]) for row in _rows("sensitivity --parameter w5")] == [y for _, y in along.points]


@pytest.mark.parametrize("line", EXPERIMENTS)
def test_the_text_fits_one_screen(line: str) -> None:
    """80 columns, and a row of 24 left for the prompt; in ASCII too."""
    for text in (_printed(line), _printed(f"{line} --ascii")):
        lines = text.splitlines()
        assert len(lines) <= 23
        assert max(map(len, lines)) <= 80
    assert text.isascii()


@pytest.mark.parametrize("line", EXPERIMENTS)
def test_in_a_c_locale_the_text_is_ascii(line: str) -> None:
    """As with --ascii."""
    assert _printed(line, environ=ASCII_ONLY) == _printed(f"{line} --ascii")


def test_many_rates_fit_too() -> None:
    """The page says how many have no row."""
    rates = " ".join(f"{0.001 * (n + 1):g}" for n in range(24))
    lines = _printed(f"rates --learning-rate {rates}").splitlines()
    assert len(lines) <= 23
    assert any("and 16 more learning rates" in line for line in lines)


NEVER_FINITE = shipped_text("lecture").replace("inputs = [[1, 0]]", "inputs = [[1e200, 0]]").encode()


@pytest.mark.parametrize("line", ["rates", "rates --find", "init", "init --starts 5", "dead", "sensitivity"])
def test_a_lesson_whose_runs_are_never_finite(line: str) -> None:
    """Every experiment says something about it, in every format; inf and nan are strings in JSON."""
    assert b"1e200" in NEVER_FINITE
    text = _printed(f"{line} -", NEVER_FINITE)
    assert "inf" in text or "finite" in text
    objects = _objects(f"{line} -", NEVER_FINITE)
    assert set(re.findall(r'"(nan|inf)"', json.dumps(objects)))
    assert re.search(r"\b(nan|inf)\b", _printed(f"{line} - --format csv", NEVER_FINITE))


def test_options_without_effect_are_told() -> None:
    """On standard error; the exit status is 0."""
    for line, said in (
        ("rates --find --learning-rate 0.1", "--learning-rate has no effect with --find"),
        ("init --threshold 0.1", "--threshold has no effect without --starts"),
        ("init --starts 2 --linear", "--linear has no effect with --starts"),
        ("init --starts 2 --logarithmic", "--logarithmic has no effect with --starts"),
        ("sensitivity --by 0.1", "--by has no effect without --parameter"),
        ("sensitivity --parameter w5 --by 0.1 --format csv", "--by has no effect with --format csv"),
    ):
        done = run("experiment", *line.split())
        assert done.returncode == 0
        assert said in done.stderr.decode()


def test_ten_thousand_rates_are_refused() -> None:
    """In one line, with the limit."""
    done = run("experiment", "rates", "--learning-rate", *(f"{n + 1}e-5" for n in range(10_000)))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[0] == (
        "tinynet-tui experiment rates: 10,000 learning rates are too many: at most 24 go side by side"
    )
