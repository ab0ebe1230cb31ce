"""The formulas a network is made of: weighted sums, activations, losses and update rules, as expressions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

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
from tinynet_tui.engine.model import Named

Activation = Literal["relu", "leaky_relu", "sigmoid", "tanh", "linear"]
Loss = Literal["squared_error", "half_squared_error", "mean_squared_error", "binary_cross_entropy"]
Optimizer = Literal["gradient_descent", "momentum", "adam"]


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


@dataclass(frozen=True, slots=True)
class OptimizerRow:
    """An optimiser: how a parameter follows its gradient."""

    direction: Callable[[str], tuple[tuple[Named, ...], Expr]]
    """For a parameter's name: (its new state; the direction it steps against)."""


def _gradient(parameter: str) -> Name:
    return Name(f"dL/d{parameter}")


def _momentum_direction(parameter: str) -> tuple[tuple[Named, ...], Expr]:
    velocity = f"v_{parameter}"
    return ((velocity, momentum(Name(velocity), _gradient(parameter))),), Name(velocity)


def _adam_direction(parameter: str) -> tuple[tuple[Named, ...], Expr]:
    first, second, gradient = f"m_{parameter}", f"v_{parameter}", _gradient(parameter)
    means = (
        (first, running_mean(Name(first), gradient, "beta1")),
        (second, running_mean(Name(second), apply("square", gradient), "beta2")),
    )
    return means, adam_direction(corrected(Name(first), "beta1"), corrected(Name(second), "beta2"))


OPTIMIZERS: dict[Optimizer, OptimizerRow] = {
    "gradient_descent": OptimizerRow(lambda parameter: ((), _gradient(parameter))),
    "momentum": OptimizerRow(_momentum_direction),
    "adam": OptimizerRow(_adam_direction),
}
