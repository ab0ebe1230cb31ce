"""The numbers that an activation, a loss or an optimiser has of its own, such as the μ of momentum."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

Range = Literal["finite", "above 0", "0 or above", "from 0 to below 1"]


class Hyperparameter(NamedTuple):
    """A number that steers training and that training does not change."""

    key: str
    """In a lesson's file: "momentum"."""
    name: str
    """In formulas: "mu"."""
    default: float
    range: Range
    words: str
    """What it is, beside its number in a script: "Adam's, for the mean of the gradients"."""
    comment: str
    """The same beside its key in a lesson's file; "" where the key says it."""


class Rule(Protocol):
    """An activation, a loss or an optimiser."""

    @property
    def hyperparameters(self) -> tuple[Hyperparameter, ...]:
        """Its own."""


def hyperparameters(rules: Iterable[Rule]) -> tuple[Hyperparameter, ...]:
    """The hyperparameters of some rules, each once: several rules may have one of the same name."""
    by_name: dict[str, Hyperparameter] = {}
    for rule in rules:
        for own in rule.hyperparameters:
            by_name.setdefault(own.name, own)
    return tuple(by_name.values())


def defaults(
    rules: Iterable[Rule], regularized: bool, shrinks: bool, counts_on: bool
) -> tuple[tuple[str, float], ...]:
    """(name, default) of every number that steers training by some rules, the learning rate first.

    regularized, shrinks: whether L2, and L1, is part of the loss; counts_on: whether updates
    were done before.
    """
    own = ((number.name, number.default) for number in hyperparameters(rules))
    chosen = {"lambda": regularized, "lambda1": shrinks, "t0": counts_on}
    return (("eta", 0.01), *own, *((name, 0.0) for name, is_chosen in chosen.items() if is_chosen))
