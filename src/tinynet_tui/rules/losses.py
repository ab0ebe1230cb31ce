"""The losses: a row for each, with its formula, its words, its limits and how frameworks spell it.

To add one, write its row in `distance_losses` or `class_losses` and put it into `LOSSES`.
"""

from __future__ import annotations

from tinynet_tui.engine.model import Model
from tinynet_tui.rules.class_losses import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, HINGE
from tinynet_tui.rules.distance_losses import (
    ABSOLUTE_ERROR,
    HALF_SQUARED_ERROR,
    HUBER,
    MEAN_SQUARED_ERROR,
    SQUARED_ERROR,
)
from tinynet_tui.rules.loss_rows import Loss

_ROWS = (
    SQUARED_ERROR,
    HALF_SQUARED_ERROR,
    MEAN_SQUARED_ERROR,
    BINARY_CROSS_ENTROPY,
    CROSS_ENTROPY,
    ABSOLUTE_ERROR,
    HUBER,
    HINGE,
)
LOSSES = {row.name: row for row in _ROWS}
"""Every loss, by its name in a lesson's file."""


def loss_of(model: Model) -> Loss | None:
    """The loss of a model; None where it is a formula of its own."""
    return LOSSES[model.loss] if model.loss else None
