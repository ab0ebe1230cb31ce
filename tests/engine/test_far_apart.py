"""Softmax with cross-entropy where the sums are far apart: ŷ is rounded to 0, and the loss is still known."""

from __future__ import annotations

from array import array
from dataclasses import replace
from decimal import Context, Decimal, localcontext
from importlib import import_module
from math import inf
from typing import Any

import pytest

from tests.engine.bits import bits
from tests.engine.setups import setup_of
from tests.frameworks.one_process import installed
from tests.handouts.test_python import assert_agrees
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import evaluation, first_point, trained
from tinynet_tui.experiments.long_work import unwatched
from tinynet_tui.experiments.parallel_training import ends_as_arrays, has_numpy
from tinynet_tui.frameworks.gradient_check import numeric_check
from tinynet_tui.handouts.python import lines
from tinynet_tui.networks.dense import Network

THREE_CLASSES = Network((1, 3), ("softmax",), "cross_entropy")
RATE = Hyperparameters(learning_rate=0.5)
GAPS = (1.0, 650.0, 699.0, 701.0, 709.0, 720.0, 740.0, 746.0, 1000.0, 1e6)
"""From e^−708 on digits are lost, from e^−746 on all of them; 1 / ŷ is inf from e^−710 on."""
SOFT = ((0.25, 0.75, 0.0), (0.999, 0.001, 0.0), (0.5, 0.25, 0.25), (0.0, 1e-9, 1.0), (1.0, 0.0, 0.0))
SOFT_GAPS = (370.0, 372.5, 665.0, 700.0, 709.0, 720.0, 735.0, 744.0, 745.0, 746.0, 1e4)


def far_apart(gap: float, samples: int = 1) -> Setup:
    """Sums of gap, 0 and −5 for the first sample, whose class is the second one."""
    inputs = ((1.0,), (0.5,), (-2.0,))[:samples]
    targets = ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.25, 0.25, 0.5))[:samples]
    return setup_of(
        THREE_CLASSES, (gap, 0.0, -5.0, 0.0, 0.0, 0.0),
        inputs=inputs, targets=targets, batch=samples, hyperparameters=RATE,
    )  # fmt: skip


def value(update: Trace, name: str) -> float:
    """What a step of an update with one sample gives."""
    number = update.program.number(name)
    assert number is not None
    return update.value(number)


@pytest.mark.parametrize("gap", [gap for gap in GAPS if gap > 36])
def test_the_loss_is_the_gap_and_the_gradients_are_the_errors(gap: float) -> None:
    """By hand: −ln(ŷ₂) = gap + ln(1 + e^−gap + …) = gap, and ŷ − y = (1, −1, 0)."""
    update = trace(far_apart(gap), first_point(far_apart(gap)))
    assert value(update, "L") == pytest.approx(gap, rel=1e-15)
    assert [value(update, f"dL/dz{n}") for n in (1, 2, 3)] == pytest.approx([1.0, -1.0, 0.0], abs=1e-15)
    assert value(update, "dL/dS") == pytest.approx(1.0, rel=1e-15)


def soft(targets: tuple[float, ...], gap: float, third: float = -5.0) -> Setup:
    """One sample with sums of gap, 0 and a third one, and any targets."""
    return replace(
        far_apart(gap), parameters=(gap, 0.0, third, 0.0, 0.0, 0.0), targets=(targets,)
    )  # fmt: skip


@pytest.mark.parametrize("targets", SOFT)
@pytest.mark.parametrize("gap", SOFT_GAPS)
@pytest.mark.parametrize("level", [False, True])
def test_loss_and_gradients_are_exact_whatever_the_target(
    targets: tuple[float, ...], gap: float, level: bool
) -> None:
    """Against 60 digits: Σ y · (ln Σ e^z − z) and ŷ · Σ y − y, for a small weight of the far class too.

    level: the first and the third class are alike, so that S is 2 and a small ŷ is not its e.
    """
    setup = soft(targets, gap, third=gap if level else -5.0)
    with localcontext(Context(prec=60)):
        sums, shares = [Decimal(z) for z in setup.parameters[:3]], [Decimal(y) for y in targets]
        powers = [(z - max(sums)).exp() for z in sums]
        whole = sum(powers, Decimal(0))
        log = max(sums) + whole.ln()
        loss = float(sum(y * (log - z) for y, z in zip(shares, sums, strict=True)))
        slopes = [float(e / whole * sum(shares) - y) for e, y in zip(powers, shares, strict=True)]
    update = trace(setup, first_point(setup))
    assert value(update, "L") == pytest.approx(loss, rel=4e-15, abs=1e-300)
    assert [value(update, f"dL/dz{n}") for n in (1, 2, 3)] == pytest.approx(slopes, rel=4e-15, abs=2e-16)
    assert value(update, "dL/dS") == pytest.approx(sum(targets) / (2.0 if level else 1.0), rel=4e-15)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("gap", GAPS)
def test_loop_script_and_judge_agree_with_the_steps(gap: float, samples: int) -> None:
    """Parameters and losses of several updates, to the last bit; differences of the loss agree."""
    setup = far_apart(gap, samples)
    point, losses = first_point(setup), array("d")
    for _ in range(3):
        stepped = trace(setup, point)
        before = evaluation(setup, point.parameters).loss
        point = trained(setup, point, 1, losses)
        assert bits(stepped.parameters_after) == bits(point.parameters)
        assert bits((stepped.loss_before, before)) == bits((losses[-1], losses[-1]))
    assert_agrees(setup, 2)
    judged = numeric_check(setup, 60.0, unwatched)
    assert (judged.status, judged.checked, judged.overflowing) == ("agrees", 6, ())


def test_what_a_step_is_worked_out_from_is_what_it_shows() -> None:
    """The other form where it gives the value, and the steps' own where no ŷ has lost digits."""
    far, near = (trace(far_apart(gap), first_point(far_apart(gap))) for gap in (1000.0, 600.0))
    number = far.program.number("dL/dz2")
    assert number is not None
    assert far.formula(number) == "ŷ₂ · (y₁ + y₂ + y₃) − y₂"
    assert far.reads(number) == ("yhat2", "y1", "y2", "y3")
    assert near.formula(number) == "∂L/∂e₂ · ∂e₂/∂z₂"
    assert value(far, "dL/dyhat2") == -inf


@pytest.mark.skipif(not has_numpy(), reason="numpy is not installed")
@pytest.mark.parametrize("samples", [1, 3])
def test_many_at_once_end_where_each_ends_alone(samples: int) -> None:
    """As arrays, near and far."""
    setups = [far_apart(gap, samples) for gap in GAPS[:-1]]
    alone = [trained(setup, first_point(setup), 5).parameters for setup in setups]
    for at_once, end in zip(ends_as_arrays(setups, 5, unwatched), alone, strict=True):
        assert at_once == pytest.approx(end, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("updates", [1, 2])
@pytest.mark.parametrize("gap", [1.0, 600.0])
def test_a_script_says_what_the_steps_say(gap: float, updates: int) -> None:
    """Nothing of another form stands in it where no update takes one."""
    text = "\n".join(lines(far_apart(gap), updates))
    assert "precise_or" not in text
    assert "L = -(xlogy(y1, yhat1) + xlogy(y2, yhat2) + xlogy(y3, yhat3))" in text
    assert "dL_dz1 = dL_de1 * de1_dz1" in text


def test_a_script_has_the_form_that_the_update_takes() -> None:
    """The other one where its one update does, without a choice; and a choice where updates differ."""
    far = "\n".join(lines(far_apart(1000.0), 1))
    assert "precise_or" not in far
    assert "dL_dz2 = yhat2 * (y1 + y2 + y3) - y2" in far
    differing = replace(far_apart(1000.0), hyperparameters=Hyperparameters(learning_rate=250.0))
    assert "precise_or(dL_de2 * de2_dz2, " in "\n".join(lines(differing, 2))
    assert_agrees(differing, 2)
    assert_agrees(far_apart(1000.0), 1)
    assert_agrees(differing, 1)


@pytest.mark.parametrize("targets", SOFT)
@pytest.mark.parametrize("gap", SOFT_GAPS)
def test_pytorch_has_the_same_loss_of_soft_targets(targets: tuple[float, ...], gap: float) -> None:
    """Where it is installed."""
    assert_pytorch_agrees(soft(targets, gap), samples=1)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("gap", GAPS)
def test_pytorch_has_the_same_loss_and_gradients(gap: float, samples: int) -> None:
    """Where it is installed: its cross_entropy of the sums, in 64 bits."""
    assert_pytorch_agrees(far_apart(gap, samples), samples)


def assert_pytorch_agrees(setup: Setup, samples: int) -> None:
    """Fail unless its cross_entropy has the same loss and gradients of a batch."""
    installed("PyTorch")
    torch: Any = import_module("torch")
    p = [torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in setup.parameters]
    x, y = (torch.tensor(rows, dtype=torch.float64) for rows in (setup.inputs, setup.targets))
    loss = torch.nn.functional.cross_entropy(x * torch.stack(p[:3]) + torch.stack(p[3:]), y)
    loss.backward()
    whole = replace(setup, batch=samples)
    update = trace(whole, first_point(whole))
    assert update.loss_before == pytest.approx(loss.item(), rel=1e-15)
    ours = [update.gradient(name) for name in setup.model.parameter_names]
    assert ours == pytest.approx([float(number.grad) for number in p], rel=1e-15, abs=1e-16)
