"""The ReLUs of a model, and which of them are dead for every sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tinynet_tui.engine.expression_reading import derivative
from tinynet_tui.engine.expressions import ONE, Expr, names_in
from tinynet_tui.engine.model import Model, Values
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.rules.activations import activated_in, shut_in_all


@dataclass(frozen=True, slots=True)
class Relu:
    """A quantity that is the ReLU of another."""

    name: str
    """"node 1", "out": the title of its block, or else what it gives."""
    gives: str
    """The name of its quantity, "h1"."""
    z: str
    """The name of its pre-activation."""
    bias: str | None
    """The parameter that its pre-activation adds as it is, if there is one."""
    level: int
    """From 0, the first level of blocks."""
    is_neuron: bool
    """Whether it is that of a neuron in a layer, and no formula of a lesson's own."""
    is_output: bool
    position: int
    """Of its pre-activation among the values of the forward steps."""


@lru_cache(maxsize=32)
def relus(model: Model) -> tuple[Relu, ...]:
    """Every ReLU of a model, level by level."""
    positions, levels = sample_positions(model), model.forward.level_of_block
    sums = model.formulas
    return tuple(
        Relu(
            model.forward.blocks[found.block].title or found.name,
            found.name,
            found.z,
            _bias(model, sums.get(found.z)),
            levels[found.block],
            found.is_neuron,
            found.name in model.predictions,
            positions[found.z],
        )
        for found in activated_in(model)
        if found.function.is_gate
    )


def _bias(model: Model, expression: Expr | None) -> str | None:
    read = () if expression is None else (name.name for name in names_in(expression))
    added = (name for name in read if expression and derivative(expression, name) == ONE)
    return next((name for name in added if name in model.parameter_names), None)


def dead_for_all(model: Model, rows: Iterable[Values]) -> tuple[Relu, ...]:
    """The ReLUs that pass nothing on for any sample, by the values of the forward steps."""
    shut = shut_in_all(model, rows)
    return tuple(relu for relu in relus(model) if relu.z in shut)
