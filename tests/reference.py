"""A dense network from the textbook, in lists: an outside measure that shares no code with the package.

Source: M. Nielsen, Neural Networks and Deep Learning (2015), chapter 2, equations BP1 to BP4; the losses and
the optimisers as their authors have them (momentum: Sutskever et al. 2013 as PyTorch has it; Adam: Kingma and
Ba 2015, algorithm 1; RMSprop: Tieleman and Hinton 2012, lecture 6.5; Nesterov's momentum as PyTorch has it;
AdaGrad: Duchi, Hazan and Singer 2011; AdamW: Loshchilov and Hutter 2019, algorithm 2). ELU: Clevert 2016;
GELU: Hendrycks and Gimpel 2016, the tanh form; swish: Ramachandran 2017.
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
    if kind == "elu":
        return z if z > 0 else math.exp(z) - 1
    if kind == "swish":
        return z / (1 + math.exp(-z))
    if kind == "gelu":
        return z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))) / 2
    if kind == "sine":
        return math.sin(z)
    if kind == "step":
        return 1.0 if z > 0 else 0.0
    assert kind == "linear", f"write {kind} by hand here, and its slope in `activation_slope`"
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
    if kind == "elu":
        return 1.0 if z > 0 else math.exp(z)
    if kind == "swish":
        share = 1 / (1 + math.exp(-z))
        return share + z * share * (1 - share)
    if kind == "gelu":
        root = math.sqrt(2 / math.pi)
        bend = math.tanh(root * (z + 0.044715 * z**3))
        return (1 + bend) / 2 + z / 2 * (1 - bend**2) * root * (1 + 3 * 0.044715 * z**2)
    if kind == "sine":
        return math.cos(z)
    if kind == "step":
        return 0.0
    return 1.0


def layer_values(kind: str, z: Vector, slope: float) -> list[float]:
    """The activations of a layer."""
    if kind != "softmax":
        return [activate(kind, value, slope) for value in z]
    powers = [math.exp(value - max(z)) for value in z]
    return [power / sum(powers) for power in powers]


def layer_deltas(kind: str, z: Vector, error: Vector, slope: float) -> list[float]:
    """∂L/∂z of a layer from ∂L/∂a; of a softmax through its Jacobian, a_j · ((i = j) − a_i)."""
    if kind != "softmax":
        return [e * activation_slope(kind, value, slope) for e, value in zip(error, z, strict=True)]
    a = layer_values(kind, z, slope)
    count = range(len(z))
    return [sum(error[j] * a[j] * ((i == j) - a[i]) for j in count) for i in count]


def sample_loss(kind: str, prediction: Vector, target: Vector) -> float:
    """The loss of one sample over its outputs."""
    squares = [(p - y) ** 2 for p, y in zip(prediction, target, strict=True)]
    if kind == "squared_error":
        return sum(squares)
    if kind == "half_squared_error":
        return sum(squares) / 2
    if kind == "mean_squared_error":
        return sum(squares) / len(squares)
    if kind == "absolute_error":
        return sum(abs(p - y) for p, y in zip(prediction, target, strict=True))
    if kind == "huber":
        sizes = [abs(p - y) for p, y in zip(prediction, target, strict=True)]
        return sum(size**2 / 2 if size <= 1 else size - 0.5 for size in sizes)
    if kind == "hinge":
        return sum(max(0.0, 1 - y * p) for p, y in zip(prediction, target, strict=True))
    if kind == "cross_entropy":
        return -sum(y * math.log(p) for p, y in zip(prediction, target, strict=True) if y)
    assert kind == "binary_cross_entropy", f"write {kind} by hand here, and its slope in `loss_slope`"
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
    if kind == "absolute_error":
        return [float((p > y) - (p < y)) for p, y in pairs]
    if kind == "huber":
        return [max(-1.0, min(1.0, p - y)) for p, y in pairs]
    if kind == "hinge":
        return [-y if y * p < 1 else 0.0 for p, y in pairs]
    if kind == "cross_entropy":
        return [-y / p for p, y in pairs]
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
        activations.append(layer_values(kind, z, model.slope))
        previous = activations[-1]
    return zs, activations


def passed(model: Model, inputs: Vector, targets: Vector) -> Passed:
    """One sample forward and back: BP1 for outputs, BP2 from layer to layer, BP3 and BP4 for gradients."""
    z, a = forward(model, inputs)
    error = loss_slope(model.loss, a[-1], targets)
    errors: list[list[float]] = []
    deltas: list[list[float]] = []
    for layer in reversed(range(len(z))):
        delta = layer_deltas(model.activations[layer], z[layer], error, model.slope)
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
    """The optimiser of Kingma and Ba for one number."""

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
class Nesterov:
    """Nesterov's momentum for one number."""

    rate: float
    mu: float
    v: float = 0.0

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        self.v = self.mu * self.v + gradient
        return parameter - self.rate * (gradient + self.mu * self.v)


@dataclass
class AdaGrad:
    """Duchi's rule for one number, ε outside the root."""

    rate: float
    epsilon: float
    s: float = 0.0

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        self.s += gradient**2
        return parameter - self.rate * gradient / (math.sqrt(self.s) + self.epsilon)


@dataclass
class AdamW(Adam):
    """Adam whose parameter decays apart from it."""

    decay: float = 0.01

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        return super().step(parameter, gradient) - self.rate * self.decay * parameter


@dataclass
class Descent:
    """Plain gradient descent for one number."""

    rate: float

    def step(self, parameter: float, gradient: float) -> float:
        """The parameter after one more update."""
        return parameter - self.rate * gradient


Optimizer = Adam | Momentum | RMSprop | Nesterov | AdaGrad | Descent
