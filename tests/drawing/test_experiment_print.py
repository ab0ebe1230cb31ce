"""The experiments as they are printed in the shell, character by character."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest

from tests.engine.setups import LECTURE
from tests.goldens import assert_golden
from tinynet_tui.drawing.printed_pages import printed_picture
from tinynet_tui.experiments.dead_relu import DEAD_RELU
from tinynet_tui.experiments.experiment_rows import Experiment, Inputs, Printed
from tinynet_tui.experiments.influences import INFLUENCES, Influence
from tinynet_tui.experiments.initial_values import INITIAL_VALUES
from tinynet_tui.experiments.learning_rates import DEFAULT_RATES, LEARNING_RATES, RATES, with_rate
from tinynet_tui.experiments.long_work import unwatched
from tinynet_tui.experiments.loss_slice import LOSS_SLICE, loss_slice, slice_chart
from tinynet_tui.experiments.many_starts import MANY_STARTS, many_starts
from tinynet_tui.experiments.rate_finder import RATE_FINDER
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson

PRINTED: dict[str, tuple[Experiment[Any], str]] = {
    "rates": (LEARNING_RATES, ""),
    "rate-finder": (RATE_FINDER, ""),
    "starts": (INITIAL_VALUES, ""),
    "many-starts": (MANY_STARTS, "he"),
    "bias": (DEAD_RELU, "b1"),
    "influences": (INFLUENCES, ""),
    "slice": (LOSS_SLICE, "w5"),
}
"""By the name of a golden file: the experiment, and what is chosen."""


def test_a_long_heading_is_told_whole() -> None:
    """The loss before at its end stands nowhere else."""
    inputs = Inputs(LEARNING_RATES.name, LECTURE, ((RATES.name, DEFAULT_RATES),), "")
    title = "Two moons from a file, of which each has thirty points (mean of 60 samples)"
    printed = LEARNING_RATES.printed(LEARNING_RATES.compute(inputs, unwatched), title, None)
    assert "the loss before is 0.25" in " ".join(printed_picture(printed).text().split())


def test_a_run_that_diverges_at_the_very_end_is_told_whole() -> None:
    """The longest name, verdict and numbers that a run with an optimiser can have, in 80 columns."""
    row = ("a", "gradient_descent", "0.000178246", "0.000137682", "999,999", "diverged at update 1,000,000")
    assert printed_picture(Printed("", [row], [], [], [])).text() == " ".join(row)


def test_no_layer_of_formulas_is_said_to_be_dead() -> None:
    """A residual leads round ReLUs that are all shut."""
    setup = setup_of(shipped_lesson("gpt-block"))
    found = many_starts(setup, "uniform", starts=100, updates=1)
    assert found.died == 0


@pytest.mark.parametrize("name", PRINTED)
def test_the_experiments_on_the_lecture(name: str) -> None:
    """In Unicode and in ASCII, within 80 × 23."""
    row, chosen = PRINTED[name]
    inputs = Inputs(row.name, LECTURE, ((RATES.name, DEFAULT_RATES),), chosen)
    printed = row.printed(row.compute(inputs, unwatched), "Lecture", None)
    for ascii in (False, True):
        picture = printed_picture(printed, ascii)
        assert picture.width <= 80
        assert picture.height <= 23
        assert_golden(f"experiment-{name}{'-ascii' if ascii else ''}.txt", picture.text() + "\n")


def test_gradients_that_are_not_finite_have_their_place() -> None:
    """inf is first with a whole bar, nan last with none, and the finite ones between are drawn to scale."""
    gradients = {"w1": nan, "w2": -2.0, "w3": inf, "w4": 4.0, "w5": 0.0}
    found = tuple(Influence(name, 1.0, gradient, gradient, 0.0) for name, gradient in gradients.items())
    rows = printed_picture(INFLUENCES.printed(found, "Lecture", None)).text().splitlines()[2:7]
    assert [row.split()[0] for row in rows] == ["w₃", "w₄", "w₂", "w₅", "w₁"]
    assert [row.count("█") for row in rows] == [24, 24, 12, 0, 0]


@pytest.mark.parametrize(("by", "sign"), [(0.5, "+"), (-0.5, "−"), (0.0, "●")])
def test_a_nudge_has_a_spot_where_it_leads_elsewhere(by: float, sign: str) -> None:
    """+ or −, the last one drawn; one of 0 stays at ●, which it does not cover."""
    chart = slice_chart(loss_slice(LECTURE, "w5", by), True, None)
    assert chart.spots[-1].sign == sign


@pytest.mark.parametrize(("rate", "says"), [(0.01, "hidden under ●"), (0.1, "all else held")])
def test_a_step_too_short_for_its_own_spot_is_said_to_be(rate: float, says: str) -> None:
    """The lecture's w₅ goes 1.5 η of the 2 that are drawn: at 0.01 half a cell of 60, at 0.1 four."""
    assert says in slice_chart(loss_slice(with_rate(LECTURE, rate), "w5"), False, None).heading
