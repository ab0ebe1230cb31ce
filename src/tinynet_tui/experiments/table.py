"""The experiments, in the order of their tabs. Each is one complete row, in a file of its own."""

from __future__ import annotations

from typing import Any

from tinynet_tui.experiments.batch_sizes import BATCH_SIZES
from tinynet_tui.experiments.dead_relu import DEAD_RELU
from tinynet_tui.experiments.experiment_rows import Experiment
from tinynet_tui.experiments.influences import INFLUENCES
from tinynet_tui.experiments.initial_values import INITIAL_VALUES
from tinynet_tui.experiments.learning_rates import LEARNING_RATES
from tinynet_tui.experiments.loss_slice import LOSS_SLICE
from tinynet_tui.experiments.many_starts import MANY_STARTS
from tinynet_tui.experiments.optimizers import OPTIMISERS_SIDE_BY_SIDE
from tinynet_tui.experiments.rate_finder import RATE_FINDER

EXPERIMENTS: tuple[Experiment[Any], ...] = (
    LEARNING_RATES,
    RATE_FINDER,
    INITIAL_VALUES,
    MANY_STARTS,
    DEAD_RELU,
    LOSS_SLICE,
    INFLUENCES,
    BATCH_SIZES,
    OPTIMISERS_SIDE_BY_SIDE,
)
