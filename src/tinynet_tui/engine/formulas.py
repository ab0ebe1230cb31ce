"""The formulas a network is made of: weighted sums, activations, losses and update rules, as expressions."""

from __future__ import annotations

from collections.abc import Callable

from tinynet_tui.engine.expressions import (
    ONE,
    Expr,
    Name,
    Number,
    add,
    apply,
    divide,
    multiply,
    negative,
    subtract,
)
from tinynet_tui.engine.network import Activation, Loss, Reduction


def activation(name: Activation, z: Expr) -> Expr:
    """An activation function of a pre-activation."""
    match name:
        case "linear":
            return z
        case "leaky_relu":
            return apply("leaky_relu", z, Name("alpha"))
        case _:
            return apply(name, z)


def loss(name: Loss, predictions: tuple[Expr, ...], targets: tuple[Expr, ...]) -> Expr:
    """A loss over the outputs of one sample."""
    terms = [_LOSS_TERMS[name](p, y) for p, y in zip(predictions, targets, strict=True)]
    if name in _AVERAGED:
        return divide(add(*terms), Number(float(len(terms))))
    return add(*terms)


def _cross_entropy(prediction: Expr, target: Expr) -> Expr:
    return negative(
        add(
            apply("xlogy", target, prediction),
            apply("xlogy", subtract(ONE, target), subtract(ONE, prediction)),
        )
    )


def _squared_error(prediction: Expr, target: Expr) -> Expr:
    return apply("square", subtract(prediction, target))


_LOSS_TERMS: dict[Loss, Callable[[Expr, Expr], Expr]] = {
    "squared_error": _squared_error,
    "half_squared_error": lambda p, y: multiply(Number(0.5), _squared_error(p, y)),
    "mean_squared_error": _squared_error,
    "binary_cross_entropy": _cross_entropy,
}
_AVERAGED = frozenset({"mean_squared_error", "binary_cross_entropy"})


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


def momentum(velocity: Expr, gradient: Expr) -> Expr:
    """The velocity of gradient descent with momentum: μ · v + g."""
    return add(multiply(Name("mu"), velocity), gradient)


def running_mean(mean: Expr, new: Expr, beta: str) -> Expr:
    """Adam's exponential mean: β · mean + (1 − β) · new (Kingma and Ba 2015, algorithm 1)."""
    return add(multiply(Name(beta), mean), multiply(subtract(ONE, Name(beta)), new))


def corrected(mean: Expr, beta: str) -> Expr:
    """Adam's correction of a mean that started at 0: mean / (1 − βᵗ)."""
    return divide(mean, subtract(ONE, apply("power", Name(beta), Name("t"))))


def adam_direction(first: Expr, second: Expr) -> Expr:
    """Adam's direction from its corrected means, ε outside the root: m / (√v + ε)."""
    return divide(first, add(apply("root", second), Name("epsilon")))
