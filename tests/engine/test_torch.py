"""One update against PyTorch's autograd and optimisers, where they are installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from tests.engine.setups import ACTIVATIONS, LOSSES, OPTIMISER_NAMES, constant, last_activation, setup_of
from tests.frameworks.one_process import installed
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.training import evaluation, first_point, trained
from tinynet_tui.networks.dense import (
    Network,
    dense_network,
    flat_parameters,
    parameters_of,
)
from tinynet_tui.networks.layers import nested_parameters

installed("PyTorch")
torch: Any = import_module("torch")


def _loss(setup: Setup, weights: list[Any], biases: list[Any]) -> Any:
    functions = {
        "relu": torch.relu,
        "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, constant(setup, "alpha")),
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softplus": torch.nn.functional.softplus,
        "linear": lambda z: z,
        "elu": torch.nn.functional.elu,
        "swish": torch.nn.functional.silu,
        "gelu": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
        "sine": torch.sin,
        "step": lambda z: torch.sign(torch.relu(z)),
        "softmax": lambda z: z,  # its cross-entropy takes the sums
    }
    a = torch.tensor(setup.inputs, dtype=torch.float64)
    y = torch.tensor(setup.targets, dtype=torch.float64)
    for w, b, kind in zip(weights, biases, dense_network(setup.model).activations, strict=True):
        a = functions[kind](a @ w.T + b)
    summed = {
        "cross_entropy": torch.nn.functional.cross_entropy,
        "absolute_error": torch.nn.functional.l1_loss,
        "huber": torch.nn.functional.huber_loss,
    }
    kind = dense_network(setup.model).loss
    if kind == "binary_cross_entropy":
        loss = torch.nn.functional.binary_cross_entropy(a, y)
    elif kind in summed:
        loss = summed[kind](a, y, reduction="sum") / len(y)
    elif kind == "hinge":
        loss = (1 - y * a).clamp(min=0).sum() / len(y)
    else:
        divisor = {"squared_error": 1, "half_squared_error": 2, "mean_squared_error": y.shape[1]}
        loss = ((a - y) ** 2).sum() / divisor[dense_network(setup.model).loss] / len(y)
    return loss + 0.5 * setup.hyperparameters.l2 * sum((w**2).sum() for w in weights)


@pytest.mark.parametrize("optimizer", OPTIMISER_NAMES)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_training_is_pytorch_s(activation: str, loss: str, optimizer: str) -> None:
    """Ten updates of a 2-3-2 network over three samples, L2 included."""
    last = last_activation(loss, activation)
    network = Network((2, 3, 2), (activation, last), loss, "mean", optimizer, regularized=True)
    values = [0.31 * (-1) ** n * (1 + n % 5) / 2 for n in range(len(parameters_of(network)))]
    numbers = Hyperparameters(learning_rate=0.01, l2=0.1)
    setup = setup_of(network, values, 3, hyperparameters=numbers)
    weights, biases = (
        [torch.tensor(layer, dtype=torch.float64, requires_grad=True) for layer in part]
        for part in nested_parameters(setup.model, setup.parameters)
    )
    torch_optimizer = {
        "gradient_descent": lambda p: torch.optim.SGD(p, lr=0.01),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-8),
        "momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01),
        "nesterov": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.01, eps=1e-8),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.01),
    }[optimizer]([*weights, *biases])
    for _ in range(10):
        torch_optimizer.zero_grad()
        _loss(setup, weights, biases).backward()
        torch_optimizer.step()
    point = trained(setup, first_point(setup), 10)
    flat = flat_parameters(network, [w.tolist() for w in weights], [b.tolist() for b in biases])  # type: ignore[arg-type]
    assert point.parameters == pytest.approx(flat, rel=1e-9, abs=1e-12)
    assert evaluation(setup, point.parameters).loss == pytest.approx(
        _loss(setup, weights, biases).item(), rel=1e-9
    )
