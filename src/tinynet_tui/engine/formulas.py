"""What a batch and an update make of losses and gradients, as expressions."""

from __future__ import annotations

from tinynet_tui.engine.expressions import Expr, Name, Number, add, apply, divide, multiply, subtract
from tinynet_tui.engine.network import Reduction


def joined(terms: tuple[Expr, ...], reduction: Reduction) -> Expr:
    """What a batch makes of one quantity of each of its samples: their mean or their sum."""
    total = add(*terms)
    return divide(total, Number(float(len(terms)))) if reduction == "mean" else total


def penalty(weights: tuple[Expr, ...]) -> Expr:
    """What L2 regularisation adds to a batch's loss: ½ · λ · Σ w²."""
    return multiply(Number(0.5), Name("lambda"), add(*(apply("square", weight) for weight in weights)))


def descent(parameter: Expr, direction: Expr) -> Expr:
    """An update rule: p − η · direction."""
    return subtract(parameter, multiply(Name("eta"), direction))
