"""The losses: a row for each, with its formula, its words, its limits and how frameworks spell it.

To add one, write its row in `distance_losses` or `class_losses` and put it into `LOSSES`.
"""

from __future__ import annotations

from tinynet_tui.engine.expressions import Apply, Expr, Name, Number
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


def compared_pairs(model: Model) -> tuple[tuple[str, str], ...]:
    """The names of each (prediction, target) whose distance the loss measures; empty for any other loss.

    A lesson's own formula measures one where it is a sum of squares or absolute values of differences.
    """
    if loss := loss_of(model):
        return () if loss.words.measure else tuple(zip(model.predictions, model.targets, strict=True))
    found = _differences(model.forward.loss)
    ordered = [pair if pair[0] in model.predictions else pair[::-1] for pair in found or ()]
    are_pairs = all(one in model.predictions and other in model.targets for one, other in ordered)
    return tuple(dict.fromkeys(ordered)) if are_pairs else ()


def _differences(loss: Expr) -> list[tuple[str, str]] | None:
    """The two names in each term of a sum of squared or absolute differences; None for any other loss."""
    match loss:
        case Apply("add", terms):
            found = [_differences(term) for term in terms]
            return None if None in found else [pair for pairs in found for pair in pairs or ()]
        case Apply("multiply", (Number(factor), term)) | Apply("share", (term, Number(factor))) if factor > 0:
            return _differences(term)
        case Apply("square" | "absolute", (Apply("subtract", (Name(one), Name(other))),)):
            return [(one, other)]
    return None


def loss_of(model: Model) -> Loss | None:
    """The loss of a model; None where it is a formula of its own."""
    return LOSSES[model.loss] if model.loss else None
