"""The trace as plain text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.engine.setups import LECTURE
from tests.goldens import assert_golden
from tests.session.random_lessons import lesson_of
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.handouts.request import Request
from tinynet_tui.handouts.text import lines
from tinynet_tui.networks.dense import dense_model, dense_network

BOTH = replace(
    LECTURE,
    model=dense_model(dense_network(LECTURE.model)._replace(optimizer="momentum")),
    inputs=((1.0, 0.0), (2.0, 1.0)),
    targets=((2.0,), (6.0,)),
    batch=2,
)


@pytest.mark.parametrize(("name", "setup", "updates"), [("lecture", LECTURE, 2), ("two-samples", BOTH, 1)])
@pytest.mark.parametrize("ascii", [False, True])
def test_as_printed(name: str, setup: Setup, updates: int, ascii: bool) -> None:
    """Two updates of the lecture, and one of two samples with momentum."""
    text = "\n".join(lines(Request(lesson_of(setup), updates), to_ascii if ascii else None))
    assert_golden(f"trace-{name}{'-ascii' if ascii else ''}.txt", f"{text}\n")


def _values(updates: int, digits: int = 8) -> dict[str, str]:
    """The value at the end of each line, by place."""
    return {
        line.split()[0]: re.split("[=≈]", line)[-1].strip()
        for line in lines(Request(lesson_of(LECTURE), updates, digits=digits), None)
    }


def test_published_numbers() -> None:
    """Of the lecture's notebook (T. Valtanen, nn_math_experiment1), and the loss after its update."""
    values = _values(1)
    assert [values[f"1.{step}"] for step in (1, 3, 5, 7, 12, 14, 16)] == [
        "1.5", "0.5", "2.5", "0.25", "1.5", "0.5", "1",
    ]  # fmt: skip
    assert [values[f"1.{step}"] for step in range(37, 47)] == [
        "0.99", "0.49", "1", "−0.5", "0.985", "0.995", "0.49", "−0.01", "0.49", "0.18096516",
    ]  # fmt: skip
    assert _values(1, 4)["1.46"] == "0.1810"
    assert _values(1, 2)["1.46"] == "0.18"


def test_an_update_is_an_arrow_and_a_rounded_value_says_so() -> None:
    """w₁ does not equal w₁ − η · ∂L/∂w₁; and what is rounded stands after ≈."""
    text = list(lines(Request(lesson_of(LECTURE)), None))
    assert re.search("w₁ +← w₁ − η · ∂L/∂w₁ += 1 − 0.01 · 1 += 0.99$", text[36])
    assert text[45].endswith("≈ 0.1810")


def test_columns_stand_under_each_other() -> None:
    """In each update, for the phase, the quantity and the value."""
    text = list(lines(Request(lesson_of(LECTURE)), None))
    assert len({re.search(r"(forward|loss|backward|update|check)", line).start() for line in text}) == 1  # type: ignore[union-attr]
    assert len({max(line.rfind("="), line.rfind("≈")) for line in text}) == 1


def test_numbers_that_are_not_finite_are_written() -> None:
    """A diverging run goes on, with inf and nan."""
    wild = replace(LECTURE, hyperparameters=Hyperparameters(learning_rate=1e200), targets=((9.0,),))
    values = {re.split("[=≈]", line)[-1].strip() for line in lines(Request(lesson_of(wild), 4), None)}
    assert {"inf", "−inf", "nan"} <= values
