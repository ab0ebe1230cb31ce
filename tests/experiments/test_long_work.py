"""Long work tells how far it is, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from weakref import ref

import pytest

from tests.engine.setups import LECTURE, setup_of
from tinynet_tui.engine.training import Run, first_point, trained
from tinynet_tui.experiments import long_work
from tinynet_tui.experiments.dead_relu import bias_sweep
from tinynet_tui.experiments.influences import influences
from tinynet_tui.experiments.initial_values import start_runs
from tinynet_tui.experiments.learning_rates import DEFAULT_RATES, rate_runs, with_rate
from tinynet_tui.experiments.long_work import Stopped, Watch, point_after, point_later, unwatched
from tinynet_tui.experiments.many_starts import many_starts
from tinynet_tui.experiments.rate_finder import rate_sweep
from tinynet_tui.experiments.side_by_side import _first_parameters
from tinynet_tui.networks.dense import Network, dense_network

WORKS: dict[str, Callable[[Watch], object]] = {
    "rates": lambda watch: rate_runs(LECTURE, DEFAULT_RATES, 25, watch),
    "one long run": lambda watch: rate_runs(LECTURE, (0.25,), 200_000, watch),
    "rate finder": lambda watch: rate_sweep(LECTURE, 25, watch),
    "starts": lambda watch: start_runs(LECTURE, 1, 25, watch),
    "many starts": lambda watch: many_starts(LECTURE, "he", 0.01, watch, starts=30),
    "bias": lambda watch: bias_sweep(LECTURE, "b1", 25, watch),
    "influences": lambda watch: influences(LECTURE, watch),
}


@pytest.mark.parametrize("name", WORKS)
def test_shares_grow_from_0_to_1(name: str) -> None:
    """In steps of less than half of the work."""
    shares: list[float] = []
    WORKS[name](shares.append)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert all(0 <= b - a < 0.5 for a, b in pairwise(shares))


@pytest.mark.parametrize("updates", [1, 2, 3])
def test_so_many_updates_are_done(updates: int) -> None:
    """One weight of 3 on x = 1 and y = 0: with η = 0.25 each update halves it."""
    one_weight = setup_of(Network((1, 1), ("linear",), train_biases=False), (3.0, 0.0))
    halving = with_rate(replace(one_weight, inputs=((1.0,),), targets=((0.0,),)), 0.25)
    point = point_after(halving, updates, unwatched)
    assert (point.update, point.parameters[0]) == (updates + 1, 3.0 / 2**updates)


ONE_WEIGHT = setup_of(Network((1, 1), ("linear",), train_biases=False), (3.0, 0.0))
COMES_BACK = {
    "at rest": LECTURE,
    "to and fro": with_rate(replace(ONE_WEIGHT, inputs=((1.0,),), targets=((0.0,),)), 1.0),
    "sample by sample": with_rate(replace(ONE_WEIGHT, inputs=((1.0,),) * 2, targets=((0.0,),) * 2), 1.0),
    "never: it counts": setup_of(
        dense_network(LECTURE.model)._replace(optimizer="adam"), (*LECTURE.parameters[:-1], -100.0)
    ),
}


@pytest.mark.parametrize("name", COMES_BACK)
def test_a_training_that_comes_back_is_not_gone_through(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its end is that of all updates, done one after another."""
    setup, updates = COMES_BACK[name], 20_001
    monkeypatch.setattr(long_work, "_WORK", 500 * len(setup.parameters) * len(setup.inputs))
    shares = list[float]()
    end = point_later(setup, first_point(setup), updates, shares.append)
    assert end == trained(setup, first_point(setup), updates)
    assert (len(shares) < 20) == ("never" not in name)


@pytest.mark.parametrize("name", WORKS)
def test_a_watch_stops_the_work(name: str) -> None:
    """What it raises comes out, and it is not called again."""
    shares: list[float] = []

    def watch(share: float) -> None:
        shares.append(share)
        if share > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        WORKS[name](watch)
    assert sum(share > 0.3 for share in shares) == 1


def test_a_run_that_is_shown_no_more_is_let_go() -> None:
    """A million updates have 8 MB of losses."""
    run = Run(LECTURE, first_point(LECTURE))
    run.extend(10)
    found = ref(run)
    assert len(_first_parameters(run)) == len(run.losses)
    del run
    assert found() is None
