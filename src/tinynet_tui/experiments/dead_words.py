"""The words for a ReLU neuron: which samples keep it alive, what its death means, what would wake it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.neurons import Relu
from tinynet_tui.networks.dense import pre_activation_name
from tinynet_tui.teaching.numbers import equals, shown, sign_and_number

_MOST_SAMPLES = 6
"""Samples that are named in a sentence; of more it says how many they are."""


def sweep_words(
    setup: Setup, bias: str, relu: Relu, z: Sequence[float], cliffs: Sequence[tuple[int, float]]
) -> Iterator[str]:
    """The words for a neuron with its present bias, its z for each sample, and the cliffs of its bias."""
    if not all(map(isfinite, z)):
        yield f"The weighted sum of {relu.name} is not finite."
        return
    keeper, alive_from = min(cliffs, key=lambda cliff: cliff[1])
    below = f"at {symbol(bias)} {sign_and_number(alive_from)} and below"
    yield _state(relu, symbol(pre_activation_name(setup.network, relu.layer, relu.neuron)), z)
    if len(z) == 1:
        yield f"The cliff: {below}, the neuron is dead; above, it is alive."
    else:
        yield f"Sample {keeper} keeps it alive the longest: {below} it is dead for all samples."
    if all(value <= 0.0 for value in z):
        yield from _death(setup, relu, f"a {symbol(bias)} above {shown(alive_from)}")


def _state(relu: Relu, sign: str, z: Sequence[float]) -> str:
    """For which samples a neuron is alive."""
    name = relu.name.capitalize()
    if len(z) == 1:
        state, why = ("alive", "") if z[0] > 0 else ("dead", " is not above 0")
        return f"{name} is {state}: {sign} {equals(z[0])} {shown(z[0])}{why}."
    alive = [sample for sample, value in enumerate(z, start=1) if value > 0]
    dead = [sample for sample, value in enumerate(z, start=1) if value <= 0]
    if not alive:
        return f"{name} is dead for all samples: {sign} is above 0 for none of them."
    if not dead:
        return f"{name} is alive for all {len(z)} samples: {sign} is above 0 for each."
    return f"{name} is alive for {_samples(alive)}, dead for {_samples(dead)}."


def _samples(numbers: Sequence[int]) -> str:
    if len(numbers) > _MOST_SAMPLES:
        return f"{len(numbers)} samples"
    return f"sample{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _death(setup: Setup, relu: Relu, other_bias: str) -> Iterator[str]:
    """What the death of a neuron means, and what would wake it."""
    is_output = relu.layer == setup.network.depth
    stops_all = is_output and setup.network.layers[-1] == 1
    kind = "output" if is_output else "hidden neuron"
    what = "nothing in the network learns" if stops_all else "its weights and its bias do not learn"
    yield f"A dead {kind}: no gradient gets past it, so {what}."
    if setup.network.regularized:
        yield f"It would wake with {other_bias}, or with other weights, which L2 still draws to 0."
    elif stops_all or relu.layer == 1:
        yield f"Training cannot wake it; {other_bias} would, or other weights or inputs."
    else:
        yield f"It would wake with {other_bias}, or with other values from the layer before, which may learn."
