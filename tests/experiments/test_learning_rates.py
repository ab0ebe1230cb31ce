"""Learning rates side by side, and the rate finder."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite, log10, nan

import pytest
from hypothesis import given

from tests.engine.setups import LECTURE, setups
from tests.examples import examples
from tests.published_cases import published_curves
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import evaluation, first_point, trained
from tinynet_tui.experiments.learning_rates import (
    DEFAULT_RATES,
    MOST_RATES,
    default_rates,
    rate_runs,
    with_rate,
)
from tinynet_tui.experiments.rate_finder import rate_sweep
from tinynet_tui.experiments.runs import training_run
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson

NEVER_FINITE = replace(LECTURE, inputs=((1e200, 0.0),))


def test_the_report_s_figure_1() -> None:
    """Four rates over 25 updates, as published for the lecture's network."""
    runs = rate_runs(LECTURE, DEFAULT_RATES, 25)
    published = {
        curve.setup.hyperparameters.learning_rate: curve.losses
        for curve in published_curves()
        if curve.name.startswith("LR0_lecture_default")
    }
    assert [run.value for run in runs] == list(published)
    for run in runs:
        assert list(run.losses) == pytest.approx(published[run.value], rel=1e-11, abs=1e-27)
    assert [run.verdict for run in runs] == ["falls", "falls", "overshoots", "rises"]
    assert [run.rises for run in runs] == [0, 0, 0, 5]
    died = [training_run(with_rate(LECTURE, rate), 25).died for rate in published]
    assert died == [(), (), (), (("node 2", 1),)]


def test_the_rates_stay_in_their_order() -> None:
    """Also where one is named twice."""
    assert [run.value for run in rate_runs(LECTURE, (0.1, 0.01, 0.1), 2)] == [0.1, 0.01, 0.1]


@pytest.mark.parametrize(
    ("rates", "updates", "words"),
    [
        ((), 25, "there is no learning rate"),
        ((0.1,) * 10_000, 25, f"10,000 learning rates are too many: at most {MOST_RATES} go side by side"),
        ((0.1, 0.0), 25, "0 is not a learning rate: it has to be a finite number above 0"),
        ((-0.1,), 25, "−0.1 is not a learning rate: it has to be a finite number above 0"),
        ((inf,), 25, "inf is not a learning rate: it has to be a finite number above 0"),
        ((nan,), 25, "nan is not a learning rate: it has to be a finite number above 0"),
        ((0.1,), 0, "0 is not a number of updates from 1 to 1,000,000"),
        ((0.1,), 10**9, "1000000000 is not a number of updates from 1 to 1,000,000"),
    ],
)
def test_what_cannot_be_run_is_refused(rates: tuple[float, ...], updates: int, words: str) -> None:
    """With a sentence that says why."""
    with pytest.raises(ValueError, match=f"^{words}$"):
        rate_runs(LECTURE, rates, updates)


def test_a_run_that_is_never_finite_is_told_so() -> None:
    """With each rate: losses of inf are data too."""
    for run in rate_runs(NEVER_FINITE, (0.01, 0.1), 5):
        assert (run.verdict, run.at, run.losses[0]) == ("diverged", 0, inf)
        assert run.words == "Not finite from the start: the loss is inf."


def test_the_rate_finder_on_the_lecture() -> None:
    """The best rate lies below the cliff; 0.1 is on one side of it, 0.25 on the other. 0.25 still learns:
    the wall, beyond which all end stuck at y² = 4, lies higher."""
    sweep = rate_sweep(LECTURE, 25)
    assert len(sweep.rates) == 40
    assert (sweep.rates[0], sweep.rates[-1]) == (1e-4, 10.0)
    steps = {round(log10(b / a), 2) for a, b in zip(sweep.rates, sweep.rates[1:], strict=False)}
    assert steps == {0.13}
    assert sweep.best is not None
    assert sweep.cliff is not None
    assert sweep.rates[sweep.best] < 0.1 < sweep.cliff < 0.25
    assert sweep.wall is not None
    assert sweep.cliff < 0.25 < sweep.wall
    assert {rate for rate, final in zip(sweep.rates, sweep.final, strict=True) if final == 4.0} == {
        rate for rate in sweep.rates if rate >= sweep.wall
    }


def _is_over_the_cliff(setup: Setup, rate: float, updates: int) -> bool:
    """Whether a run is once above its first loss, is not finite, or ends with a dead output."""
    run = training_run(with_rate(setup, rate), updates)
    thrown = any(not loss <= 1.001 * run.losses[0] for loss in run.losses)
    return thrown or "out" in dict(run.died)


@pytest.mark.parametrize("lesson", ["lecture", "lecture-row-2", "dead-relu", "twins", "xor", "mazur"])
def test_the_cliff_is_the_first_bad_rate_above_the_best(lesson: str) -> None:
    """Each rate between the two is a good one. Xor is best at one that throws its loss up for a while."""
    setup = setup_of(shipped_lesson(lesson))
    sweep = rate_sweep(setup, 25)
    assert sweep.best is not None
    assert sweep.final[sweep.best] == min(filter(isfinite, sweep.final))
    above = sweep.rates[sweep.best + 1 :]
    bad = [rate for rate in above if _is_over_the_cliff(setup, rate, 25)]
    assert sweep.cliff == (bad[0] if bad else None)


@pytest.mark.parametrize("lesson", ["lecture", "lecture-row-2", "dead-relu", "dead-output", "xor", "mazur"])
def test_from_the_wall_on_all_runs_are_lost(lesson: str) -> None:
    """Their losses are not finite, or their output is dead; the rate before it ends otherwise."""
    setup = setup_of(shipped_lesson(lesson))
    sweep = rate_sweep(setup, 25)
    lost = [
        not isfinite(run.losses[-1]) or "out" in dict(run.died)
        for rate in sweep.rates
        for run in (training_run(with_rate(setup, rate), 25),)
    ]
    if sweep.wall is None:
        assert all(lost) or not lost[-1]
    else:
        wall = sweep.rates.index(sweep.wall)
        assert all(lost[wall:])
        assert not lost[wall - 1]


def test_what_the_rate_finder_says() -> None:
    """Where there is a best rate and a cliff, where all are stuck, and where nothing is finite."""
    assert rate_sweep(LECTURE, 25).words == (
        "After 25 updates the loss is lowest at the learning rate 0.0661: 0.",
        "At 0.16 the loss first rises above where it began.",
        "From 0.702 on, every run ends stuck.",
    )
    stuck = rate_sweep(replace(LECTURE, parameters=(0.0,) * 9), 25)
    assert stuck.words == ("With each of these learning rates it is stuck after 25 updates, or worse.",)
    assert stuck.cliff is None
    nowhere = rate_sweep(NEVER_FINITE, 25)
    assert nowhere.words == ("The loss is not finite with any of these learning rates.",)
    assert (nowhere.best, nowhere.cliff, nowhere.wall) == (None, None, None)


@examples(15)
@given(setups())
def test_the_finder_s_losses_are_those_of_the_runs(setup: Setup) -> None:
    """Over all that a lesson can say, bit for bit."""
    sweep = rate_sweep(setup, 3)
    assert sweep.first == evaluation(setup, setup.parameters).loss
    for rate, final in list(zip(sweep.rates, sweep.final, strict=True))[::13]:
        chosen = with_rate(setup, rate)
        end = trained(chosen, first_point(chosen), 3)
        assert repr(final) == repr(evaluation(chosen, end.parameters).loss)


def test_the_lesson_s_own_rate_is_among_those_tried() -> None:
    """Mazur's is 0.5; the lecture's 0.01 is one of the four that are always tried."""
    mazur = setup_of(shipped_lesson("mazur"))
    assert default_rates(mazur) == (0.005, 0.01, 0.1, 0.25, 0.5)
    assert default_rates(LECTURE) == (0.005, 0.01, 0.1, 0.25)
