"""Every written form of every step of five networks, compared byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.engine.setups import LECTURE, dense_setup
from tests.goldens import assert_golden
from tinynet_tui.engine.expression_reading import written
from tinynet_tui.engine.model import Hyperparameters
from tinynet_tui.engine.names import latex, symbol
from tinynet_tui.engine.python_code import python_line
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.networks.dense import Network, dense_model, dense_network

SETUPS = {
    "lecture": LECTURE,
    "adam": dense_setup(
        Network((2, 2, 2), ("tanh", "sigmoid"), "binary_cross_entropy", "mean", "adam", regularized=True),
        (0.5, -0.25, 0.75, 1.0, -0.5, 0.25, 1.5, -1.0, 0.125, 0.0, -0.125, 0.25),
        ((1.0, -0.5), (0.0, 2.0)),
        ((1.0, 0.0), (0.0, 0.25)),
        Hyperparameters(learning_rate=0.1, l2=0.01),
        batch=2,
    ),
    "momentum": dense_setup(
        Network(
            (1, 1, 2),
            ("leaky_relu", "linear"),
            "mean_squared_error",
            "sum",
            "momentum",
            "source",
            train_biases=False,
        ),
        (0.5, -1.5, 2.0, -0.25, 0.125, 0.0),
        ((-2.0,), (4.0,), (1.0,)),
        ((1.0, -1.0), (0.0, 0.5), (2.0, 1.0)),
        Hyperparameters(learning_rate=0.1),
        batch=2,
    ),
    "cross-entropy": replace(
        LECTURE,
        model=dense_model(
            Network((2, 2, 1), ("relu", "sigmoid"), "binary_cross_entropy", numbering="source")
        ),
        targets=((1.0,),),
    ),
    "half-squared": replace(
        LECTURE,
        model=dense_model(dense_network(LECTURE.model)._replace(loss="half_squared_error", regularized=True)),
        hyperparameters=Hyperparameters(learning_rate=0.01, l2=0.5),
    ),
}


ROUNDED_ALIKE = {"lecture", "momentum", "half-squared"}
"""Networks without exp, ln or tanh, whose last digit is the business of a system's mathematical library."""


def _listing(run: Trace, with_numbers: bool) -> Iterator[str]:
    for number, step in enumerate(run.program.steps(), start=1):
        sample = f" sample {step.sample}" if step.sample else ""
        yield f"{number} {step.phase} {step.role}{sample}"
        yield f"  {symbol(step.name)} = {run.formula(number)}"
        if with_numbers:
            yield f"  {symbol(step.name)} = {run.numbers(number)}"
        formula = written(step.expression, "latex", lambda name: latex(name.name, name.sample))
        yield f"  {latex(step.name)} = {formula}"
        yield f"  {python_line(step)}"


@pytest.mark.parametrize("name", SETUPS)
def test_steps_as_written(name: str) -> None:
    """Letters, numbers, LaTeX and Python of the second update."""
    setup = SETUPS[name]
    run = trace(setup, trained(setup, first_point(setup), 1))
    text = "\n".join(_listing(run, name in ROUNDED_ALIKE)) + "\n"
    assert_golden(f"steps-{name}.txt", text)
