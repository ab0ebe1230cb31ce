"""What becomes of a training run."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.engine.setups import LECTURE
from tests.published_cases import PublishedCurve, published_curves
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.experiments.training_summary import training_summary


def _with_rate(rate: float, setup: Setup = LECTURE) -> Setup:
    return replace(setup, hyperparameters=Hyperparameters(learning_rate=rate))


ROW_2 = replace(LECTURE, inputs=((2.0, 1.0),), targets=((6.0,),))


@pytest.mark.parametrize("curve", published_curves(), ids=lambda curve: curve.name)
def test_published_curves(curve: PublishedCurve) -> None:
    """First, last and lowest loss, and how often it rose."""
    losses = list(curve.losses)
    summary = training_summary(curve.setup, len(losses) - 1)
    assert (summary.first, summary.last, summary.best) == pytest.approx(
        (losses[0], losses[-1], min(losses)), rel=1e-11, abs=1e-30
    )
    assert summary.curve.losses == pytest.approx(losses, rel=1e-11, abs=1e-30)
    assert summary.rises == curve.rises
    # Below this, a loss is noise of the last bits, which may rise here and fall there.
    if min(losses) > 1e-20:
        assert summary.best_update == losses.index(min(losses))


@pytest.mark.parametrize(
    ("setup", "updates", "outcome", "since"),
    [
        (LECTURE, 0, "not trained", None),
        (LECTURE, 25, "falling", None),
        (_with_rate(0.1, ROW_2), 25, "stuck", 2),
        (_with_rate(0.25, ROW_2), 25, "stuck", 2),
        (replace(LECTURE, parameters=(0.0,) * 9), 25, "stuck", 0),
        (replace(LECTURE, targets=((2.5,),)), 25, "at rest", 0),
        (replace(_with_rate(1e200), targets=((9.0,),)), 25, "diverged", 1),
        (_with_rate(0.25), 3, "rising", None),
    ],
)
def test_outcomes(setup: Setup, updates: int, outcome: str, since: int | None) -> None:
    """Stuck is not diverged: on the lecture's second row a large rate ends at 36 for ever."""
    summary = training_summary(setup, updates)
    assert (summary.outcome, summary.since) == (outcome, since)


def test_the_rises_of_the_lecture() -> None:
    """At 0.25 five in 25 updates; at 0.1 none, and it is the fastest."""
    runs = {rate: training_summary(_with_rate(rate), 25) for rate in (0.005, 0.01, 0.1, 0.25)}
    assert {rate: run.rises for rate, run in runs.items()} == {0.005: 0, 0.01: 0, 0.1: 0, 0.25: 5}
    assert min(runs, key=lambda rate: runs[rate].last) == 0.1


def test_rounding_is_no_rise() -> None:
    """At 0.03 row 2 comes to its target, where an update makes the loss higher in the last bits alone."""
    settled = training_summary(_with_rate(0.03, ROW_2), 500)
    assert settled.last < 1e-25
    assert settled.rises == 0


def test_a_run_that_was_never_finite_has_no_best() -> None:
    """Its lowest loss is nan."""
    summary = training_summary(replace(LECTURE, inputs=((1e200, 0.0),)), 3)
    assert math.isnan(summary.best)
    assert (summary.outcome, summary.since) == ("diverged", 0)
