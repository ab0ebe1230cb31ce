"""Batch sizes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests import reference
from tests.engine.setups import LECTURE, reference_of
from tinynet_tui.experiments.batch_sizes import batch_runs, default_sizes
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson

XOR = setup_of(shipped_lesson("xor"))


def test_the_sizes_go_from_one_sample_to_all() -> None:
    """By powers of two; the lesson's own is one of them."""
    five = replace(XOR, inputs=(*XOR.inputs, (2.0, 2.0)), targets=(*XOR.targets, (0.0,)), batch=3)
    assert default_sizes(LECTURE) == (1,)
    assert default_sizes(XOR) == (1, 2, 4)
    assert default_sizes(five) == (1, 2, 3, 4, 5)


def test_a_run_is_that_of_the_reference_with_such_batches() -> None:
    """An update after another, each of its own samples; the loss is that of all samples."""
    rate = XOR.hyperparameters.learning_rate
    for run in batch_runs(XOR, (1, 2, 4), 6):
        size, model = int(run.value), reference_of(XOR)
        losses = [reference.batch_loss(model, XOR.inputs, XOR.targets)]
        for first in range(0, 6 * size, size):
            samples = slice(first % 4, first % 4 + size)
            weights, biases = reference.batch_gradients(model, XOR.inputs[samples], XOR.targets[samples])
            model.weights = [
                [_descended(row, gradients, rate) for row, gradients in zip(*rows, strict=True)]
                for rows in zip(model.weights, weights, strict=True)
            ]
            model.biases = [_descended(*rows, rate) for rows in zip(model.biases, biases, strict=True)]
            losses.append(reference.batch_loss(model, XOR.inputs, XOR.targets))
        assert list(run.losses) == pytest.approx(losses, rel=1e-12)


def _descended(values: Sequence[float], gradients: Sequence[float], rate: float) -> list[float]:
    return [value - rate * gradient for value, gradient in zip(values, gradients, strict=True)]


def test_a_size_that_no_batch_has_is_refused() -> None:
    """With the samples that there are."""
    with pytest.raises(ValueError, match="5 is not a batch size: this lesson has 4 samples"):
        batch_runs(XOR, (1, 5), 3)
    with pytest.raises(ValueError, match=r"this lesson has 1 sample$"):
        batch_runs(LECTURE, (2,), 3)
