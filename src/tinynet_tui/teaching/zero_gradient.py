"""Why the gradient of a parameter is 0: the answer is right, the input is 0, or a slope stops it."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.names import symbol
from tinynet_tui.networks.dense import activation_name, pre_activation_name
from tinynet_tui.teaching.step_in_moment import StepInMoment

STUCK = "Stuck, not done: the prediction is still off target."
"""What tells a gradient of 0 that something stops from one that nothing is left for."""


def why_zero(about: StepInMoment) -> Iterator[str]:
    """The sentences for the gradient of a weight or a bias that is 0 for a sample."""
    if about.is_error_zero:
        yield "0, because the error ŷ − y is 0: the prediction is on target."
    elif about.known(f"dL/d{about.z}") != 0:
        yield f"0, because {about.source} is 0: for this sample {symbol(about.bottom)} has no effect at all."
    elif about.is_output_on_target:
        yield "0, because this output is on target: its error ŷ − y is 0."
    else:
        yield f"0, because {_obstacle(about)}."
        yield STUCK


def _obstacle(about: StepInMoment) -> str:
    """What keeps the gradient from the sum of a neuron."""
    if _slope(about, *about.place) == 0:
        function = about.activation.noun
        return f"{function} has slope 0 at {symbol(about.z)}: no gradient gets through"
    network, (layer, neuron) = about.moment.network, about.place
    if layer == network.depth:
        return "the numbers are too small for 64 bits"
    after = [(layer + 1, k) for k in range(1, network.layers[layer + 1] + 1)]
    weights = [_weight(about, neuron, place) for place in after]
    arriving = [about.known(f"dL/d{pre_activation_name(network, *place)}") for place in after]
    if not any(weights):
        return f"the weights from {about.neuron} to the next layer are 0: no gradient comes back"
    if any(g * w for g, w in zip(arriving, weights, strict=True)):
        return f"what comes back to {about.neuron} along its paths adds up to 0"
    if any(_slope(about, *place) == 0 for place in _later(about)):
        return f"a slope of 0 nearer to the loss lets no gradient through to {about.neuron}"
    return f"no gradient comes back to {about.neuron}"


def _later(about: StepInMoment) -> Iterator[tuple[int, int]]:
    """The neurons of the layers behind, as (layer, neuron)."""
    layers = about.moment.network.layers
    return (
        (layer, k) for layer in range(about.place[0] + 1, len(layers)) for k in range(1, layers[layer] + 1)
    )


def _slope(about: StepInMoment, layer: int, neuron: int) -> float:
    network = about.moment.network
    activation = activation_name(network, layer, neuron)
    return about.known(f"d{activation}/d{pre_activation_name(network, layer, neuron)}")


def _weight(about: StepInMoment, neuron: int, to: tuple[int, int]) -> float:
    """The weight from a neuron to one of the next layer: ∂z/∂h."""
    network, layer = about.moment.network, to[0] - 1
    return about.known(f"d{pre_activation_name(network, *to)}/d{activation_name(network, layer, neuron)}")
