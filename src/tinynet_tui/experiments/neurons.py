"""The ReLU neurons of a network, and which of them are dead for every sample."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from tinynet_tui.engine.model import Setup, Values
from tinynet_tui.engine.python_code import constants, forward_block
from tinynet_tui.engine.steps import sample_steps
from tinynet_tui.networks.dense import Network, dense_model, neuron_title, pre_activation_name
from tinynet_tui.rules.activations import ACTIVATIONS


@dataclass(frozen=True, slots=True)
class Relu:
    """A ReLU neuron."""

    name: str
    """"node 1", "out"."""
    layer: int
    """From 1, the first layer after the inputs."""
    neuron: int
    """From 1, in its layer."""
    position: int
    """Of its pre-activation among the values of the forward steps."""


@lru_cache(maxsize=32)
def relus(network: Network) -> tuple[Relu, ...]:
    """Every ReLU neuron of a network, layer by layer."""
    positions = {step.name: position for position, step in enumerate(sample_steps(dense_model(network)))}
    return tuple(
        Relu(
            neuron_title(network, layer, neuron),
            layer,
            neuron,
            positions[pre_activation_name(network, layer, neuron)],
        )
        for layer in range(1, network.depth + 1)
        if ACTIVATIONS[network.activations[layer - 1]].is_gate
        for neuron in range(1, network.layers[layer] + 1)
    )


def forward(setup: Setup) -> Callable[[Values], tuple[Values, ...]]:
    """A function of the parameters: for each sample, the values of the forward steps and of the loss."""
    block, fixed = forward_block(setup.model), constants(setup)
    samples = tuple(zip(setup.inputs, setup.targets, strict=True))
    return lambda parameters: tuple(block(parameters, fixed, *sample) for sample in samples)


def dead_for_all(network: Network, rows: tuple[Values, ...]) -> tuple[Relu, ...]:
    """The ReLU neurons that pass nothing on for any sample, by the values of the forward steps."""
    return tuple(relu for relu in relus(network) if all(row[relu.position] <= 0.0 for row in rows))
