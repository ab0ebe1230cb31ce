"""How the output and the loss change with a parameter: what the gradient promises beside what comes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum, isfinite, isnan

from tinynet_tui.engine.model import Rows, Setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.training import evaluation
from tinynet_tui.experiments.gradients import (
    loss_gradients,
    loss_of,
    numerical_gradient,
    position_of,
    prediction_slopes,
    with_parameter,
)
from tinynet_tui.experiments.watch import Watch, unwatched
from tinynet_tui.networks.dense import parameters_of
from tinynet_tui.rules.optimisers import OPTIMISERS
from tinynet_tui.session.session import ALL_DIGITS, DIGITS
from tinynet_tui.teaching.numbers import equals, shown

SLICE_POINTS = 121
DEFAULT_NUDGE = 0.1
_FARTHEST = 1e300
"""No slice is taken around values, or for steps, beyond: the width of the chart would overflow."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The loss along one parameter, all others held."""

    name: str
    """"w5"."""
    value: float
    """Its present value."""
    points: tuple[tuple[float, float], ...]
    """(value, loss), ascending; the middle one is the present."""
    loss: float
    """The present loss, over all samples."""
    gradient: float
    """∂L/∂p over all samples: the slope of the tangent."""
    numeric: float
    """The same from differences of the loss."""
    uncertainty: float
    """How far off the numeric one may be, by its own estimate; large where a ReLU opens or shuts nearby."""
    step: float
    """−η·g: what plain descent adds to it."""
    lands: float
    """The value after that step, the others held."""
    loss_there: float
    promised: float
    """The change of the loss that the gradient foretells for it: g · step."""
    words: tuple[str, ...]
    """What the gradient's sign means, and what the step brings beside what was promised."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """One parameter changed by a little, all others held."""

    name: str
    by: float
    outputs_before: Rows
    """Shape: samples × outputs."""
    outputs_after: Rows
    promised_outputs: Rows
    """The change of each output that its derivative foretells: ∂ŷ/∂p · by."""
    loss_before: float
    loss_after: float
    promised_loss: float
    """The change of the loss that the gradient foretells: ∂L/∂p · by."""

    @property
    def most_moved(self) -> tuple[int, int]:
        """(sample, output), from 0: of the prediction that changes most; the first of those alike."""
        changes = {
            (sample, output): after - before
            for sample, rows in enumerate(zip(self.outputs_before, self.outputs_after, strict=True))
            for output, (before, after) in enumerate(zip(*rows, strict=True))
        }
        return max(changes, key=lambda place: _size(changes[place]))


@dataclass(frozen=True, slots=True)
class Influence:
    """How much a parameter moves the output and the loss."""

    name: str
    on_output: float
    """The mean of |∂ŷ/∂p| over samples and outputs."""
    on_loss: float
    """∂L/∂p over all samples, with its sign."""
    numeric: float
    """The same from differences of the loss."""
    uncertainty: float
    """How far off the numeric one may be, by its own estimate."""


def loss_slice(setup: Setup, name: str) -> Slice:
    """The loss along a parameter, around its present value, or around 0 where that is out of all bounds.

    Raises: ValueError with a sentence, where there is no parameter of that name.
    """
    position = position_of(setup, name)
    value, loss, gradient = setup.parameters[position], loss_of(setup), loss_gradients(setup)[name]
    step = _step(setup, gradient)
    numeric, uncertainty = numerical_gradient(setup, name)
    reach = max(size for size in (1.0, abs(value), 1.5 * abs(step)) if size <= _FARTHEST)
    center, middle = value if abs(value) <= _FARTHEST else 0.0, SLICE_POINTS // 2
    values = [center + reach * (place - middle) / middle for place in range(SLICE_POINTS)]
    there = loss_of(with_parameter(setup, position, value + step))
    return Slice(
        name,
        value,
        tuple((at, loss_of(with_parameter(setup, position, at))) for at in values),
        loss,
        gradient,
        numeric,
        uncertainty,
        step,
        value + step,
        there,
        gradient * step,
        tuple(_slice_words(setup, name, value, gradient, loss, there)),
    )


def _slice_words(
    setup: Setup, name: str, value: float, gradient: float, loss: float, there: float
) -> Iterator[str]:
    sign, step = symbol(name), _step(setup, gradient)
    if not isfinite(gradient):
        yield f"∂L/∂{sign} is {shown(gradient)}: there is no step to take."
        return
    if gradient == 0:
        yield f"∂L/∂{sign} = 0: here the loss is flat along {sign}, and the step is 0."
        return
    way = "raises" if gradient > 0 else "lowers"
    yield f"∂L/∂{sign} {equals(gradient)} {shown(gradient)}: a larger {sign} {way} the loss."
    yield (
        f"The step of {shown(step)}, changing {sign} alone, leads to {shown(value + step)} and promises a "
        f"change of {shown(gradient * step)}; the loss {_change(loss, there)}."
    )
    if name not in (parameter.name for parameter in setup.model.trained_parameters):
        yield f"Training does not take it: {sign} is frozen."
    elif not (optimiser := OPTIMISERS[setup.network.optimizer]).is_plain:
        yield f"That is plain descent; {optimiser.noun} takes its own step."


def _step(setup: Setup, gradient: float) -> float:
    """−η·g."""
    return -setup.hyperparameters.learning_rate * gradient


def _change(before: float, after: float) -> str:
    change = after - before
    if not isfinite(change):
        return f"becomes {shown(after)}"
    if change == 0:
        return "stays as it is"
    way = f"{'rises' if change > 0 else 'falls'} by {shown(abs(change))}"
    if shown(before) != shown(after):
        return f"{way}, to {shown(after)}"
    digits = next(n for n in range(DIGITS, ALL_DIGITS + 1) if shown(before, n) != shown(after, n))
    return f"{way}, from {shown(before, digits)} to {shown(after, digits)}"


def nudge(setup: Setup, name: str, by: float) -> Nudge:
    """A parameter changed by so much.

    Raises: ValueError with a sentence, where there is no parameter of that name.
    """
    position = position_of(setup, name)
    changed = with_parameter(setup, position, setup.parameters[position] + by)
    before, after = evaluation(setup, setup.parameters), evaluation(changed, changed.parameters)
    return Nudge(
        name,
        by,
        before.predictions,
        after.predictions,
        tuple(tuple(slopes[name] * by for slopes in sample) for sample in prediction_slopes(setup)),
        before.loss,
        after.loss,
        loss_gradients(setup)[name] * by,
    )


def influences(setup: Setup, watch: Watch = unwatched) -> tuple[Influence, ...]:
    """The influence of every parameter, in the order of `parameters_of`."""
    slopes = [outputs for sample in prediction_slopes(setup) for outputs in sample]
    gradients, names = loss_gradients(setup), [p.name for p in parameters_of(setup.network)]
    found = []
    for index, name in enumerate(names):
        watch(index / len(names))
        on_output = fsum(abs(of_output[name]) for of_output in slopes) / len(slopes)
        found.append(Influence(name, on_output, gradients[name], *numerical_gradient(setup, name)))
    watch(1.0)
    return tuple(found)


def by_loss(found: Iterable[Influence]) -> tuple[Influence, ...]:
    """The parameters, the one that moves the loss most first; nan last, and those alike as they come."""
    return tuple(sorted(found, key=lambda influence: -_size(influence.on_loss)))


def by_output(found: Iterable[Influence]) -> tuple[Influence, ...]:
    """The parameters, the one that moves the output most first; nan last, and those alike as they come."""
    return tuple(sorted(found, key=lambda influence: -_size(influence.on_output)))


def longest_size(values: Iterable[float]) -> float:
    """The largest finite size among numbers, for the longest bar; 1 where there is none above 0."""
    return max((abs(value) for value in values if isfinite(value)), default=0.0) or 1.0


def most_words(found: Sequence[Influence]) -> str:
    """Which parameter moves the loss most, and which the output."""
    loss, output = by_loss(found)[0], by_output(found)[0]
    if loss.on_loss == 0:
        return "No parameter moves the loss: every gradient is 0."
    if loss.name == output.name:
        return f"{symbol(loss.name)} moves the loss most, and the output, too."
    return f"{symbol(loss.name)} moves the loss most, {symbol(output.name)} the output."


def _size(value: float) -> float:
    """How large a number is, whatever its sign; nan is smaller than any."""
    return -1.0 if isnan(value) else abs(value)
