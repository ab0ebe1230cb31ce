"""All optimisers side by side, and what their runs have learnt as a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.experiment_rows import At, Experiment, Inputs
from tinynet_tui.experiments.learning_rates import LEARNING_RATES
from tinynet_tui.experiments.optimizers import (
    OPTIMISERS_SIDE_BY_SIDE,
    optimiser_runs,
    optimisers_for,
    with_optimiser,
)
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.rules.optimisers import OPTIMISERS, optimiser_of
from tinynet_tui.teaching.charts import Chart, LossChart

VALLEY = setup_of(shipped_lesson("valley"))


def _charts(experiment: str, setup: Setup, choice: int, cursor: int) -> list[object]:
    rows: dict[str, Experiment[Any]] = {row.name: row for row in (OPTIMISERS_SIDE_BY_SIDE, LEARNING_RATES)}
    inputs = Inputs(experiment, setup, (), "")
    found = rows[experiment].compute(inputs, lambda _share: None)
    return list(rows[experiment].page(found, At(inputs, cursor, choice, (), False)).charts)


def test_each_optimiser_takes_its_own_first_steps() -> None:
    """From (2, 1) on x² + 3y² with η 0.1: the gradient is (4, 6), descent comes to (1.6, 0.4)."""
    runs = {run.value: run.run for run in optimiser_runs(VALLEY, tuple(OPTIMISERS), 2)}
    first = {name: run.point(2).parameters for name, run in runs.items() if run is not None}
    assert first["gradient_descent"] == pytest.approx((1.6, 0.4))
    assert first["momentum"] == pytest.approx((1.6, 0.4))
    assert first["adam"] == pytest.approx((1.9, 0.9))
    # √(0.1 · 16) and √(0.1 · 36) for RMSprop, whose ρ is 0.9; AdaGrad divides by 4 and 6.
    assert first["rmsprop"] == pytest.approx((2 - 0.4 / 1.6**0.5, 1 - 0.6 / 3.6**0.5))
    assert first["adagrad"] == pytest.approx((1.9, 0.9))


def test_a_name_that_an_optimiser_has_is_not_taken() -> None:
    """μ is a number of momentum's: where a parameter is called so, that optimiser is left out."""
    text = (
        'title = "x"\n[program]\nloss = "mu^2"\n[program.parameters]\nmu = 1\n[training]\nlearning_rate = 0.1'
    )
    setup = setup_of(parse_lesson(text, "x"))
    assert "gradient_descent" in optimisers_for(setup)
    assert "momentum" not in optimisers_for(setup)
    with pytest.raises(ValueError, match="the name of one of momentum's numbers"):
        optimiser_runs(setup, ("momentum",), 5)


def test_networks_have_them_too() -> None:
    """The same shape and start, and what the optimiser remembered is left behind."""
    xor = setup_of(shipped_lesson("xor"))
    other = with_optimiser(replace(xor, state=(("v_w1", 1.0),)), "adam")
    assert (other.parameters, other.state) == (xor.parameters, ())
    assert optimiser_of(other.model).name == "adam"


def test_the_paths_of_all_runs_are_on_the_level_lines() -> None:
    """From the start to where each is at the cursor; the chosen one is the first."""
    losses, valley = _charts("optimizers", VALLEY, 2, 3)
    assert isinstance(losses, LossChart)
    assert isinstance(valley, Chart)
    assert len(valley.lines) == len(OPTIMISERS)
    assert {line.points[0] for line in valley.lines} == {(2.0, 1.0)}
    assert {len(line.points) for line in valley.lines} == {4}
    # Descent multiplies x by 0.8 and y by 0.4 in each update.
    ends = [line.points[-1] for line in valley.lines]
    assert any(end == pytest.approx((2 * 0.8**3, 0.4**3)) for end in ends)
    assert valley.ground is not None
    assert valley.ground.value(2, 1) == 7


def test_the_plane_is_that_of_the_chosen_run_at_the_cursor() -> None:
    """Before any update every run has the same; after it another rate has another plane."""
    xor = setup_of(shipped_lesson("xor"))

    def value(choice: int, cursor: int) -> float:
        _, plane = _charts("rates", xor, choice, cursor)
        assert isinstance(plane, Chart)
        assert plane.ground is not None
        return plane.ground.value(0.3, 0.7)

    assert value(0, 0) == value(4, 0)
    assert len({value(0, 0), value(0, 25), value(4, 25)}) == 3


def test_there_is_no_picture_where_nothing_can_be_drawn() -> None:
    """Of three inputs and more."""
    assert len(_charts("rates", setup_of(shipped_lesson("recurrent")), 0, 1)) == 1
