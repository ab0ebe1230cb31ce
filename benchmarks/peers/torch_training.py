"""The lecture network's training by PyTorch, eager and on the CPU, as its tutorials write it."""

from __future__ import annotations

import torch
from torch import nn

from tinynet_tui.engine.model import Setup
from tinynet_tui.networks.dense import dense_network
from tinynet_tui.networks.layers import nested_parameters


def trained(setup: Setup, updates: int) -> list[float]:
    """The loss before each of so many updates, of a setup with ReLU in every neuron."""
    torch.set_num_threads(1)
    weights, biases = nested_parameters(setup.model, setup.parameters)
    sizes = zip(dense_network(setup.model).layers, dense_network(setup.model).layers[1:], strict=False)
    linear = [nn.Linear(inputs, outputs, dtype=torch.float64) for inputs, outputs in sizes]
    with torch.no_grad():
        for layer, rows, offsets in zip(linear, weights, biases, strict=True):
            layer.weight.copy_(torch.tensor(rows))
            layer.bias.copy_(torch.tensor(offsets))
    model = nn.Sequential(*(part for layer in linear for part in (layer, nn.ReLU())))
    optimizer = torch.optim.SGD(model.parameters(), lr=setup.hyperparameters.learning_rate)
    inputs = torch.tensor(setup.inputs, dtype=torch.float64)
    targets = torch.tensor(setup.targets, dtype=torch.float64)
    losses = []
    for _ in range(updates):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
