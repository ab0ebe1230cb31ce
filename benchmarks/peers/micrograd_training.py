"""The lecture network's training by micrograd (https://pypi.org/project/micrograd/)."""

from __future__ import annotations

from typing import Any

from micrograd.nn import Layer

from tinynet_tui.engine.model import Setup
from tinynet_tui.networks.dense import dense_network
from tinynet_tui.networks.layers import nested_parameters


def trained(setup: Setup, updates: int) -> list[float]:
    """The loss before each of so many updates, of a setup with one sample and ReLU in every neuron."""
    weights, biases = nested_parameters(setup.model, setup.parameters)
    sizes = zip(dense_network(setup.model).layers, dense_network(setup.model).layers[1:], strict=False)
    layers = [Layer(inputs, outputs) for inputs, outputs in sizes]
    for layer, rows, offsets in zip(layers, weights, biases, strict=True):
        for neuron, row, offset in zip(layer.neurons, rows, offsets, strict=True):
            neuron.b.data = offset
            for weight, value in zip(neuron.w, row, strict=True):
                weight.data = value
    (inputs,), ((target,),) = setup.inputs, setup.targets
    rate = setup.hyperparameters.learning_rate
    parameters = [parameter for layer in layers for parameter in layer.parameters()]
    losses = []
    for _ in range(updates):
        out: Any = inputs
        for layer in layers:
            out = layer(out)
        loss = (out - target) ** 2
        for parameter in parameters:
            parameter.grad = 0.0
        loss.backward()
        for parameter in parameters:
            parameter.data -= rate * parameter.grad
        losses.append(loss.data)
    return losses
