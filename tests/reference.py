"""A dense network from the textbook, in lists: an outside measure that shares no code with the package.

Source: M. Nielsen, Neural Networks and Deep Learning (2015), chapter 2, equations BP1 to BP4; the losses and
the optimizers as their authors have them (momentum: Sutskever et al. 2013 as PyTorch has it; Adam: Kingma and
Ba 2015, algorithm 1; RMSprop: Tieleman and Hinton 2012, lecture 6.5).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Vector = Sequence[float]
Matrix = Sequence[Vector]


@dataclass
class Model:
    """A network with its parameters and the rules for its loss."""

    weights: list[list[list[float]]]
    """weights[layer][neuron][input]."""
    biases: list[list[float]]
    """biases[layer][neuron]."""
    activations: Sequence[str]
    loss: str
    slope: float = 0.01
    """Of a leaky ReLU below 0."""
    l2: float = 0.0
    reduction: str = "mean"


@dataclass
class Passed:
    """What one sample leaves behind on its way forward and back."""

    z: list[list[float]]
    a: list[list[float]]
    loss: float
    errors: list[list[float]]
    """∂L/∂a, by layer and neuron."""
    deltas: list[list[float]]
    """∂L/∂z, by layer and neuron."""
    weight_gradients: list[list[list[float]]]
    bias_gradients: list[list[float]]


def activate(kind: str, z: float, slope: float) -> float:
    """An activation function."""
    if kind == "relu":
        return max(0.0, z)
    if kind == "leaky_relu":
        return z if z > 0 else slope * z
    if kind == "sigmoid":
        return 0.5 * (1 + math.tanh(z / 2))
    if kind == "tanh":
        return math.tanh(z)
    if kind == "softplus":
        return math.log(1 + math.exp(z)) if z < 30 else z
    return z


def activation_slope(kind: str, z: float, slope: float) -> float:
    """The derivative of an activation function; of a ReLU at 0 the one from the left."""
    if kind == "relu":
        return 1.0 if z > 0 else 0.0
    if kind == "leaky_relu":
        return 1.0 if z > 0 else slope
    if kind == "sigmoid":
        return 1 / (4 * math.cosh(z / 2) ** 2)
    if kind == "tanh":
        return 1 / math.cosh(z) ** 2
    if kind == "softplus":
        return 0.5 * (1 + math.tanh(z / 2))
    return 1.0


def sample_loss(kind: str, prediction: Vector, target: Vector) -> float:
    """The loss of one sample over its outputs."""
    squares = [(p - y) ** 2 for p, y in zip(prediction, target, strict=True)]
    if kind == "squared_error":
        return sum(squares)
    if kind == "half_squared_error":
        return sum(squares) / 2
    if kind == "mean_squared_error":
        return sum(squares) / len(squares)
    entropies = [
        -(y * math.log(p) + (1 - y) * math.log(1 - p)) for p, y in zip(prediction, target, strict=True)
    ]
    return sum(entropies) / len(entropies)


def loss_slope(kind: str, prediction: Vector, target: Vector) -> list[float]:
    """The derivative of one sample's loss by each output."""
    count = len(prediction)
    pairs = list(zip(prediction, target, strict=True))
    if kind == "binary_cross_entropy":
        return [(p - y) / (p * (1 - p)) / count for p, y in pairs]
    factor = {"squared_error": 2.0, "half_squared_error": 1.0, "mean_squared_error": 2.0 / count}[kind]
    return [factor * (p - y) for p, y in pairs]


def forward(model: Model, inputs: Vector) -> tuple[list[list[float]], list[list[float]]]:
    """(z, a) of every layer for one sample."""
    zs: list[list[float]] = []
    activations: list[list[float]] = []
    previous: Vector = inputs
    for weights, biases, kind in zip(model.weights, model.biases, model.activations, strict=True):
        z = [
            sum(w * x for w, x in zip(row, previous, strict=True)) + b
            for row, b in zip(weights, biases, strict=True)
        ]
        zs.append(z)
        activations.append([activate(kind, value, model.slope) for value in z])
        previous = activations[-1]
    return zs, activations


def passed(model: Model, inputs: Vector, targets: Vector) -> Passed:
    """One sample forward and back: BP1 for outputs, BP2 from layer to layer, BP3 and BP4 for gradients."""
    z, a = forward(model, inputs)
    error = loss_slope(model.loss, a[-1], targets)
    errors: list[list[float]] = []
    deltas: list[list[float]] = []
    for layer in reversed(range(len(z))):
        slopes = [activation_slope(model.activations[layer], value, model.slope) for value in z[layer]]
        delta = [e * s for e, s in zip(error, slopes, strict=True)]
        errors.insert(0, error)
        deltas.insert(0, delta)
        columns = zip(*model.weights[layer], strict=True)
        error = [sum(w * d for w, d in zip(column, delta, strict=True)) for column in columns]
    sources: list[Vector] = [inputs, *a[:-1]]
    gradients = [
        [[d * x for x in source] for d in delta] for delta, source in zip(deltas, sources, strict=True)
    ]
    return Passed(z, a, sample_loss(model.loss, a[-1], targets), errors, deltas, gradients, deltas)


def join(values: Vector, reduction: str) -> float:
    """The mean or the sum of one number of each sample."""
    return sum(values) / (len(values) if reduction == "mean" else 1)


def batch_loss(model: Model, inputs: Matrix, targets: Matrix) -> float:
    """The loss of a batch: its samples joined, and ½ · l2 · Σ w²."""
    losses = [
        sample_loss(model.loss, forward(model, x)[1][-1], y) for x, y in zip(inputs, targets, strict=True)
    ]
    squares = [w * w for layer in model.weights for row in layer for w in row]
    return join(losses, model.reduction) + 0.5 * model.l2 * sum(squares)


def batch_gradients(
    model: Model, inputs: Matrix, targets: Matrix
) -> tuple[list[list[list[float]]], list[list[float]]]:
    """The gradients of `batch_loss` by weights and by biases."""
    samples = [passed(model, x, y) for x, y in zip(inputs, targets, strict=True)]
    weights = [
        [
            [
                join([s.weight_gradients[layer][neuron][source] for s in samples], model.reduction)
                + model.l2 * w
                for source, w in enumerate(row)
            ]
            for neuron, row in enumerate(rows)
        ]
        for layer, rows in enumerate(model.weights)
    ]
    biases = [
        [
            join([s.bias_gradients[layer][neuron] for s in samples], model.reduction)
            for neuron in range(len(row))
        ]
        for layer, row in enumerate(model.biases)
    ]
    return weights, biases


@dataclass
class Adam:
    """The optimizer of Kingma and Ba for one number."""

    rate: float
    beta1: float
    beta2: float
    epsilon: float
    m: float = 0.0
    v: float = 0.0
    t: int = 0

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * gradient
        self.v = self.beta2 * self.v + (1 - self.beta2) * gradient**2
        first = self.m / (1 - self.beta1**self.t)
        second = self.v / (1 - self.beta2**self.t)
        return parameter - self.rate * first / (math.sqrt(second) + self.epsilon)


@dataclass
class Momentum:
    """Gradient descent with momentum for one number."""

    rate: float
    mu: float
    v: float = 0.0

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        self.v = self.mu * self.v + gradient
        return parameter - self.rate * self.v


@dataclass
class RMSprop:
    """Hinton's rule for one number, ε outside the root."""

    rate: float
    rho: float
    epsilon: float
    s: float = 0.0

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        self.s = self.rho * self.s + (1 - self.rho) * gradient**2
        return parameter - self.rate * gradient / (math.sqrt(self.s) + self.epsilon)


@dataclass
class Descent:
    """Plain gradient descent for one number."""

    rate: float

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        return parameter - self.rate * gradient


Optimizer = Adam | Momentum | RMSprop | Descent
