"""The pages of the experiments in the shell, character by character."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan

import pytest

from tests.engine.setups import LECTURE
from tests.goldens import assert_golden
from tinynet_tui.drawing import experiment_pages as pages
from tinynet_tui.drawing.experiments.charts import slice_chart
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.experiments.dead_relu import bias_sweep
from tinynet_tui.experiments.initial_values import start_runs
from tinynet_tui.experiments.learning_rates import DEFAULT_RATES, rate_runs, with_rate
from tinynet_tui.experiments.many_starts import many_starts
from tinynet_tui.experiments.rate_finder import rate_sweep
from tinynet_tui.experiments.sensitivity import Influence, influences, loss_slice, nudge

PAGES: dict[str, Callable[[bool], Picture]] = {
    "rates": lambda ascii: pages.rates_page("Lecture", rate_runs(LECTURE, DEFAULT_RATES), ascii),
    "rate-finder": lambda ascii: pages.rate_finder_page("Lecture", rate_sweep(LECTURE), ascii),
    "starts": lambda ascii: pages.starts_page("Lecture", start_runs(LECTURE), ascii),
    "many-starts": lambda ascii: pages.many_starts_page("Lecture", many_starts(LECTURE, "he"), ascii),
    "bias": lambda ascii: pages.bias_page("Lecture", bias_sweep(LECTURE, "b1"), ascii),
    "influences": lambda ascii: pages.influences_page("Lecture", influences(LECTURE), ascii),
    "slice": lambda ascii: pages.slice_page(
        "Lecture", loss_slice(LECTURE, "w5"), nudge(LECTURE, "w5", 0.1), ascii
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_the_lecture(name: str) -> None:
    """In Unicode and in ASCII, within 80 × 23."""
    for ascii in (False, True):
        picture = PAGES[name](ascii)
        assert picture.width <= 80
        assert picture.height <= 23
        assert_golden(f"experiment-{name}{'-ascii' if ascii else ''}.txt", picture.text() + "\n")


def test_gradients_that_are_not_finite_have_their_place() -> None:
    """inf is first with a whole bar, nan last with none, and the finite ones between are drawn to scale."""
    gradients = {"w1": nan, "w2": -2.0, "w3": inf, "w4": 4.0, "w5": 0.0}
    found = [Influence(name, 1.0, gradient, gradient, 0.0) for name, gradient in gradients.items()]
    rows = pages.influences_page("Lecture", found).text().splitlines()[2:7]
    assert [row.split()[0] for row in rows] == ["w₃", "w₄", "w₂", "w₅", "w₁"]
    assert [row.count("█") for row in rows] == [24, 24, 12, 0, 0]


@pytest.mark.parametrize(("by", "sign"), [(0.5, "+"), (-0.5, "−"), (0.0, "●")])
def test_a_nudge_has_a_spot_where_it_leads_elsewhere(by: float, sign: str) -> None:
    """+ or −, the last one drawn; one of 0 stays at ●, which it does not cover."""
    chart = slice_chart(loss_slice(LECTURE, "w5"), nudge(LECTURE, "w5", by))
    assert chart.spots[-1].sign == sign


@pytest.mark.parametrize(("rate", "says"), [(0.01, "hidden under ●"), (0.1, "all else held")])
def test_a_step_too_short_for_its_own_spot_is_said_to_be(rate: float, says: str) -> None:
    """The lecture's w₅ goes 1.5 η of the 2 that are drawn: at 0.01 half a cell of 60, at 0.1 four."""
    assert says in slice_chart(loss_slice(with_rate(LECTURE, rate), "w5")).heading
