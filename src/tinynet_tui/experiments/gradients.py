"""Derivatives of the loss and of the predictions over all samples, and the loss with a parameter changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf, isfinite, nextafter

from tinynet_tui.engine.expression_reading import value as value_of_expression
from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.model import Setup, Values, hyperparameters_of
from tinynet_tui.engine.python_code import constants, sample_block
from tinynet_tui.engine.steps import sample_positions
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import evaluation, first_point, forward, joined_loss, loses_digits
from tinynet_tui.rules.activations import activated_in

_APART = 2.0**-16
"""Of a parameter's size: the distance of differences. Nearer, digits are lost; farther, ReLUs switch."""
_LAST_BIT = 2.0**-52
_MOST_LISTED = 8
"""Names of parameters that are listed in a sentence."""


def position_of(setup: Setup, name: str) -> int:
    """Where a parameter stands among the parameters.

    Raises: ValueError with a sentence that names those that there are.
    """
    names = setup.model.parameter_names
    if name not in names:
        raise ValueError(f"there is no parameter {name}: {_there_are(names)}")
    return names.index(name)


def _there_are(names: Sequence[str]) -> str:
    """Which parameters there are: w1 to w6 and b1 to b3, or k[1], k[2], b and v."""
    counts = {letter: sum(name.startswith(letter) for name in names) for letter in "wb"}
    numbered = {f"{letter}{n}" for letter, count in counts.items() for n in range(1, count + 1)}
    if numbered == {*names}:
        names = [f"{letter}1 to {letter}{count}" for letter, count in counts.items() if count]
    elif len(names) > _MOST_LISTED:
        return f"there are {', '.join(names[: _MOST_LISTED - 1])}, …"
    *most, last = names
    return f"there are {', '.join(most)}{' and ' if most else ''}{last}"


def with_parameter(setup: Setup, position: int, value: float) -> Setup:
    """The setup with one parameter changed."""
    parameters = setup.parameters
    return replace(setup, parameters=(*parameters[:position], value, *parameters[position + 1 :]))


def loss_of(setup: Setup) -> float:
    """The loss over all samples of a setup's own parameters."""
    # The last value of a sample's forward pass is its loss.
    return joined_loss(setup, setup.parameters, [row[-1] for row in forward(setup)(setup.parameters)])


def loss_gradients(setup: Setup) -> Mapping[str, float]:
    """∂L/∂p of every parameter, over all samples."""
    whole = replace(setup, batch=len(setup.inputs))
    update = trace(whole, first_point(whole))
    # + 0.0 makes a plain 0 of −0.0.
    return {name: update.gradient(name) + 0.0 for name in setup.model.parameter_names}


def prediction_slopes(setup: Setup) -> tuple[tuple[Mapping[str, float], ...], ...]:
    """∂ŷ/∂p by the name of the parameter. Shape: samples × outputs.

    It is the gradient of a loss that is that output itself.
    """
    by_output = [_slopes_of(setup, name) for name in setup.model.predictions]
    return tuple(zip(*by_output, strict=True)) if by_output else tuple(() for _ in setup.inputs)


def _slopes_of(setup: Setup, output: str) -> list[Mapping[str, float]]:
    """∂ŷ/∂p of one output, for each sample."""
    model = setup.model
    forward = replace(model.forward, loss=Name(output), stable_forms=())
    plain = replace(model, source=(model.source, output), forward=forward)
    positions, block, fixed = sample_positions(plain), sample_block(plain), constants(setup)
    names = {name: positions[f"dL/d{name}"] for name in model.parameter_names}
    rows = [
        block(setup.parameters, fixed, *sample) for sample in zip(setup.inputs, setup.targets, strict=True)
    ]
    return [{name: values[position] for name, position in names.items()} for values in rows]


@dataclass(frozen=True, slots=True)
class NumericalGradient:
    """∂L/∂p from differences of the loss."""

    value: float
    uncertainty: float
    """How far off it may be where the loss is smooth: what the last improvement changed, and rounding."""
    coarseness: float
    """The part of it that comes from the rounding of the predictions: large where σ is close to 0 or 1."""
    bend: float
    """Half of how much steeper the loss is on one side than on the other: 0 where it is smooth."""


def numerical_gradient(setup: Setup, name: str) -> tuple[float, float]:
    """(∂L/∂p from differences of the loss, how far off that may be, a bend of the loss included)."""
    found = gradient_from_differences(setup, name)
    return found.value, found.uncertainty + found.bend


def gradient_from_differences(setup: Setup, name: str) -> NumericalGradient:
    """∂L/∂p from central differences at a distance and at half of it, extrapolated to none (Richardson).

    Where the loss has a bend, the slopes to the left and to the right stay as far apart when the distance is
    halved.
    """
    position = position_of(setup, name)
    value, here = setup.parameters[position], loss_of(setup)

    def differences(distance: float) -> tuple[float, float]:
        """The slope, and by how much it is steeper to the right than to the left."""
        right = loss_of(with_parameter(setup, position, value + distance))
        left = loss_of(with_parameter(setup, position, value - distance))
        return (right - left) / (2 * distance), (right - here) / distance - (here - left) / distance

    distance = _distance(value)
    coarse, coarse_bend = differences(distance)
    fine, fine_bend = differences(distance / 2)
    numeric = fine + (fine - coarse) / 3
    coarseness = 2 * _rounding_of_predictions(setup) / distance
    rounding = 8 * _LAST_BIT * abs(here) / distance + coarseness
    return NumericalGradient(
        numeric, abs(numeric - fine) + rounding, coarseness, abs(2 * fine_bend - coarse_bend) / 2
    )


@lru_cache(maxsize=8)
def _rounding_of_predictions(setup: Setup) -> float:
    """How much the loss changes when each prediction is changed by its last bit."""
    changes = [
        _change_by_the_last_bit(setup, predictions, (*inputs, *targets))
        for predictions, inputs, targets in zip(
            evaluation(setup, setup.parameters).predictions, setup.inputs, setup.targets, strict=True
        )
    ]
    return sum(changes) / (len(changes) if setup.model.reduction == "mean" else 1)


def _change_by_the_last_bit(setup: Setup, predictions: Values, sample: Values) -> float:
    """The largest change of a sample's loss when one of its predictions is the next number up or down."""
    model = setup.model
    names, loss = model.predictions, model.forward.loss
    read = (*names, *model.inputs, *model.targets, *model.parameter_names)
    known = dict(zip(read, (*predictions, *sample, *setup.parameters), strict=True))
    known |= hyperparameters_of(setup)

    def loss_with(name: str, prediction: float) -> float:
        return value_of_expression(loss, lambda read: prediction if read.name == name else known[read.name])

    if loses_digits(model, predictions, sample[len(model.inputs) :]):
        return 0.0  # the loss does not come from its predictions there
    changes = (
        abs(loss_with(name, nextafter(known[name], end)) - loss_with(name, known[name]))
        for name in names
        for end in (-inf, inf)
    )
    return max((change for change in changes if isfinite(change)), default=0.0)


def _distance(value: float) -> float:
    """How far from a parameter's value differences are taken."""
    return _APART * max(1.0, abs(value))


def bends_along(setup: Setup, name: str) -> bool:
    """Whether the loss has a bend along a parameter where differences are taken: a ReLU opens or closes."""
    position = position_of(setup, name)
    value = setup.parameters[position]
    here = _open_gates(setup)
    around = (value - _distance(value), value + _distance(value))
    return any(_open_gates(with_parameter(setup, position, moved)) != here for moved in around)


def _open_gates(setup: Setup) -> tuple[tuple[bool, ...], ...]:
    """Whether each ReLU, leaky or not, has a sum above 0. Shape: samples × ReLUs."""
    positions = sample_positions(setup.model)
    sums = [positions[found.z] for found in activated_in(setup.model) if found.function.has_bend]
    rows = forward(setup)(setup.parameters)
    return tuple(tuple(row[position] > 0.0 for position in sums) for row in rows)
