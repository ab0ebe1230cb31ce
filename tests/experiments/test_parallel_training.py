"""Many starts at once with numpy and on all cores, against the same starts one after another."""

from __future__ import annotations

import itertools
import math
import multiprocessing
import os
import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import programs
from tests.engine.programs import PROGRAMS
from tests.engine.setups import setups
from tests.examples import examples
from tests.session.random_lessons import NETWORKS
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments import parallel_training
from tinynet_tui.experiments.long_work import Stopped, unwatched
from tinynet_tui.experiments.many_starts import many_starts
from tinynet_tui.experiments.parallel_training import array_operations, ends_as_arrays, ends_on_all_cores
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import dense_network

EXACT = ("relu", "leaky_relu", "linear")
"""Activations that are made of sums, products and choices alone."""
CALLED = [name for name, row in OPERATIONS.items() if row.forms.python.template.startswith(f"{name}(")]
NUMBERS = (0.0, 0.5, 1.0, -1.0, 3.0, 1e-300, 1e300, -1e300, 710.0, -746.0, math.inf, -math.inf, math.nan)


def starts_of(setup: Setup) -> list[Setup]:
    """The setup and two others with other parameters."""
    return [
        replace(setup, parameters=tuple(factor * value for value in setup.parameters))
        for factor in (1.0, -0.5, 2.0)
    ]


@given(setups(), st.integers(1, 6))
@examples(35)
def test_each_start_is_trained_as_if_alone(setup: Setup, updates: int) -> None:
    """To the last bit without exp, ln and tanh, which numpy may round otherwise; else to nine digits."""
    starts = starts_of(setup)
    alone = [trained(start, first_point(start), updates).parameters for start in starts]
    together = ends_as_arrays(starts, updates, unwatched)
    exact = setup.model.loss != "binary_cross_entropy" and set(dense_network(setup.model).activations) <= set(
        EXACT
    )
    for one, other in zip(alone, together, strict=True):
        rounding = {"rel": 0.0, "abs": 0.0} if exact else {"rel": 1e-9, "abs": 1e-12}
        assert one == pytest.approx(other, nan_ok=True, **rounding)


@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_that_are_no_dense_networks(name: str, optimizer: str) -> None:
    """Each start as if alone, also where a gradient is the same for all samples."""
    for samples, batch in ((1, 1), (3, 3), (3, 2)):
        setup = programs.setup_of(programs.model_of(name, optimizer, l2=True), name, samples, batch)
        starts = starts_of(setup)
        alone = [trained(start, first_point(start), 5).parameters for start in starts]
        for one, other in zip(alone, ends_as_arrays(starts, 5, unwatched), strict=True):
            assert one == pytest.approx(other, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("operation", CALLED)
def test_operations_on_arrays_are_those_on_numbers(operation: str) -> None:
    """At the ends of the number line, too; an operation that is written as a call has to be in the table."""
    array, scalar = array_operations()[operation], OPERATIONS[operation].value
    places = (
        OPERATIONS[operation].forms.python.template.count("{}") or 2
    )  # one of any number of them has none
    rows = list(itertools.product(NUMBERS, repeat=places))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        found = array(*(np.array(column) for column in zip(*rows, strict=True)))
    for row, number in zip(rows, found, strict=True):
        assert float(number) == pytest.approx(scalar(*row), rel=1e-14, nan_ok=True), row


@pytest.mark.parametrize("name", NETWORKS)
def test_many_starts_come_to_the_same_without_numpy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same counts and words, and losses that differ by rounding at most."""
    setup = setup_of(shipped_lesson(name))
    monkeypatch.setattr(parallel_training, "_WORTH_ARRAYS", 0)
    together = many_starts(setup, "xavier", starts=20, updates=60)
    monkeypatch.setattr(parallel_training, "has_numpy", lambda: False)
    alone = many_starts(setup, "xavier", starts=20, updates=60)
    assert replace(together, losses=(), bins=()) == replace(alone, losses=(), bins=())
    assert together.losses == pytest.approx(alone.losses, rel=1e-9, nan_ok=True)


def test_on_all_cores_it_comes_to_the_very_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the seeds, to the last bit."""
    setup = setup_of(shipped_lesson("lecture"))
    monkeypatch.setattr(parallel_training, "has_numpy", lambda: False)
    alone = many_starts(setup, "he", starts=12, updates=50)
    monkeypatch.setattr(parallel_training, "_WORTH_CORES", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert many_starts(setup, "he", starts=12, updates=50) == alone


def test_work_on_all_cores_can_be_stopped() -> None:
    """What has not begun is not done; the processes are gone."""
    shares: list[float] = []

    def watch(share: float) -> None:
        shares.append(share)
        if len(shares) == 2:
            raise Stopped

    starts = [setup_of(shipped_lesson("lecture"))] * 200
    with pytest.raises(Stopped):
        list(ends_on_all_cores(starts, 20, watch))
    assert multiprocessing.active_children() == []
    assert shares == [0.0, 1 / 200]
