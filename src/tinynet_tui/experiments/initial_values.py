"""The same network trained from other initial weights: one run for each recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tinynet_tui.engine.network import Setup
from tinynet_tui.experiments.course import Verdict
from tinynet_tui.experiments.watching import Watch, unwatched

DEFAULT_UPDATES = 25
DEFAULT_SEED = 1

Fate = Literal["alive", "dead", "twin", "not finite"]
"""dead: a ReLU that passes nothing on for any sample. twin: alive, with the very weights of another."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to choose the weights that training starts from; biases are 0."""

    about: str
    """A few words: "uniform, −1 to 1"."""
    random: bool
    """Whether another seed makes other weights."""


RECIPES: dict[str, Recipe] = {
    "equal": Recipe("every weight 0.5", random=False),
    "zeros": Recipe("every weight 0", random=False),
    "mixed": Recipe("0.5 and −0.5 in turn", random=False),
    "large": Recipe("uniform, −10 to 10", random=True),
    "uniform": Recipe("uniform, −1 to 1", random=True),
    "he": Recipe("He: normal, √(2 / inputs)", random=True),
    "xavier": Recipe("Xavier: uniform, √(6 / (inputs + outputs))", random=True),
}
"""By name, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class HiddenNeuron:
    """What became of a hidden neuron."""

    name: str
    """"node 1"."""
    fate: Fate
    """After the last update."""
    twin_of: str | None
    """The neuron of its layer with the very same weights in, bias and weights out, dead or alive."""
    difference: float | None
    """The largest difference of these from the nearest neuron of its layer; None where it is alone."""


@dataclass(frozen=True, slots=True)
class StartRun:
    """The run from the weights of one recipe."""

    recipe: str
    """A name of RECIPES."""
    seed: int
    losses: Sequence[float]
    """From update 0, which is before training, to the last; over all samples."""
    verdict: Verdict
    at: int | None
    """The update at which the verdict first shows; None for slow and falls."""
    neurons: tuple[HiddenNeuron, ...]
    words: str
    """What it did and what became of its hidden neurons, in a few short sentences."""


def start_setup(setup: Setup, recipe: str, seed: int) -> Setup:
    """The setup with the initial weights of a recipe.

    Raises: ValueError with a sentence, where there is no such recipe.
    """
    raise NotImplementedError(setup, recipe, seed)


def start_runs(
    setup: Setup, seed: int = DEFAULT_SEED, updates: int = DEFAULT_UPDATES, watch: Watch = unwatched
) -> tuple[StartRun, ...]:
    """A run from the weights of each recipe, in the order of RECIPES.

    Raises: ValueError with a sentence, where there are no updates or more than training goes.
    """
    raise NotImplementedError(setup, seed, updates, watch)
