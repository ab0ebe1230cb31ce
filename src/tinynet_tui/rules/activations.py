"""The activation functions: a row for each, with its formula, its words and how frameworks spell it.

To add one, write its row in `piecewise_activations` or `smooth_activations` and put it into `_NEURONS`; its
formula is made of the operations of `engine/operations.py`.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.model import Model, Values
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.rules.activation_rows import Activation
from tinynet_tui.rules.piecewise_activations import ELU, LEAKY_RELU, LINEAR, RELU, STEP
from tinynet_tui.rules.smooth_activations import GELU, SIGMOID, SINE, SOFTPLUS, SWISH, TANH
from tinynet_tui.rules.softmax import SOFTMAX, Softmax

_NEURONS = (RELU, LEAKY_RELU, SIGMOID, TANH, LINEAR, SOFTPLUS, ELU, SWISH, GELU, SINE, STEP)
ACTIVATIONS: dict[str, Activation | Softmax] = {row.name: row for row in (*_NEURONS, SOFTMAX)}
"""Every activation function, by its name in a lesson's file."""


class Activated(NamedTuple):
    """A quantity that is an activation function of another."""

    z: str
    name: str
    block: int
    """The position of its block."""
    function: Activation
    is_neuron: bool
    """Whether it is a neuron's: then its sum has weights of its own. A formula's may share what it reads."""


@lru_cache(maxsize=32)
def activated_in(model: Model) -> tuple[Activated, ...]:
    """The activations of a model, told by their formulas: h = ReLU(z), or z in a linear layer."""
    quantities = {line.name for line in model.forward.assignments}
    return tuple(
        Activated(z.name, line.name, block, function, line.of.kind == "activation")
        for block, found in enumerate(model.forward.blocks)
        for line in found.assignments
        for z in names_in(line.expression)[:1]
        for function in _NEURONS
        if z.name in quantities and function.formula(z) == line.expression
        if function is not LINEAR or line.of.kind == "activation"
    )


def gated_in(model: Model) -> frozenset[str]:
    """The sums that open or shut a gate."""
    return frozenset(found.z for found in activated_in(model) if found.function.is_gate)


def shut_in_all(model: Model, rows: Iterable[Values]) -> frozenset[str]:
    """The sums that shut their gate for every sample, by the values of the forward steps."""
    positions, shut = sample_positions(model), gated_in(model)
    for row in rows:
        shut = frozenset(z for z in shut if row[positions[z]] <= 0.0)
        if not shut:
            break
    return shut
