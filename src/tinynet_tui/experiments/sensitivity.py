"""How the output and the loss change with a parameter: what the gradient promises beside what comes."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.engine.network import Rows, Setup
from tinynet_tui.experiments.watching import Watch, unwatched

SLICE_POINTS = 121


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
    error: float
    """How far off the numeric one may be, by its own estimate; large where the loss has a kink nearby."""
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
    error: float
    """How far off the numeric one may be, by its own estimate."""


def loss_slice(setup: Setup, name: str) -> Slice:
    """The loss along a parameter, from its present value.

    Raises: ValueError with a sentence, where there is no parameter of that name.
    """
    raise NotImplementedError(setup, name)


def nudge(setup: Setup, name: str, by: float) -> Nudge:
    """A parameter changed by so much.

    Raises: ValueError with a sentence, where there is no parameter of that name.
    """
    raise NotImplementedError(setup, name, by)


def influences(setup: Setup, watch: Watch = unwatched) -> tuple[Influence, ...]:
    """The influence of every parameter, in the order of `parameters_of`."""
    raise NotImplementedError(setup, watch)
