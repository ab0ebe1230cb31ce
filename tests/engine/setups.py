"""Setups for tests: the lecture's own, and random ones over everything that a lesson can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests import reference
from tinynet_tui.engine.model import Hyperparameters, Reduction, Rows, Setup, hyperparameters_of
from tinynet_tui.networks.dense import (
    Network,
    Numbering,
    dense_model,
    dense_network,
    parameters_of,
)
from tinynet_tui.networks.layers import nested_parameters
from tinynet_tui.rules import activations, losses
from tinynet_tui.rules.activation_rows import Activation
from tinynet_tui.rules.optimisers import OPTIMISERS

LOSSES, OPTIMISER_NAMES = tuple(losses.LOSSES), tuple(OPTIMISERS)
ACTIVATIONS = tuple(name for name, row in activations.ACTIVATIONS.items() if isinstance(row, Activation))
"""Those of one neuron: softmax takes a whole layer."""
REDUCTIONS: tuple[Reduction, ...] = ("mean", "sum")
NUMBERINGS: tuple[Numbering, ...] = ("source", "target")


def last_activation(loss: str, otherwise: str) -> str:
    """The activation that a loss has to go with, or else another."""
    needs = losses.LOSSES[loss].needs
    return needs.last_activation or otherwise if needs else otherwise


def targets_allowed(loss: str, values: tuple[float, ...]) -> tuple[float, ...]:
    """Targets for the outputs of a sample, as the loss takes them: those given, or shares, or sides."""
    match loss:
        case "binary_cross_entropy" | "cross_entropy":
            return tuple(abs(value) % 1.0 for value in values)
        case "hinge":
            return tuple(1.0 if value > 0 else -1.0 for value in values)
    return values


def dense_setup(
    network: Network,
    parameters: tuple[float, ...],
    inputs: Rows,
    targets: Rows,
    hyperparameters: Hyperparameters,
    batch: int,
) -> Setup:
    """The start of training a dense network; parameters in the order of `parameters_of(network)`."""
    return Setup(dense_model(network), parameters, inputs, targets, hyperparameters, batch)


LECTURE = dense_setup(
    Network((2, 2, 1), ("relu", "relu"), numbering="source"),
    # w1, w2, w3, w4, w5, w6, b1, b2, b3
    (1.0, 0.5, 1.0, -0.5, 1.0, 1.0, 0.5, 0.0, 0.5),
    inputs=((1.0, 0.0),),
    targets=((2.0,),),
    hyperparameters=Hyperparameters(learning_rate=0.01),
    batch=1,
)


def setup_of(network: Network, parameters: Sequence[float], samples: int = 1, **changes: Any) -> Setup:
    """A setup of a network with made-up samples; `changes` are fields of Setup."""
    inputs = tuple(tuple(0.5 * (i + 1) - 0.75 * s for i in range(network.layers[0])) for s in range(samples))
    targets = tuple(
        targets_allowed(network.loss, tuple(0.25 * ((k + s) % 4) for k in range(network.layers[-1])))
        for s in range(samples)
    )
    setup = dense_setup(network, tuple(parameters), inputs, targets, Hyperparameters(), batch=samples)
    return replace(setup, **changes)


def rebuilt(setup: Setup, **changes: Any) -> Setup:
    """The setup with another network; `changes` are fields of Network."""
    return replace(setup, model=dense_model(dense_network(setup.model)._replace(**changes)))


def _numbers(bound: float) -> st.SearchStrategy[float]:
    # + 0.0 makes a plain 0 of −0.0: equal numbers share what is kept of them.
    return st.floats(-bound, bound, allow_nan=False, allow_subnormal=False).map(lambda x: round(x, 6) + 0.0)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Networks of every kind; at most one layer is wide."""
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=6))
    if draw(st.integers(0, 9)) == 9:
        widths[draw(st.integers(0, len(widths) - 1))] = 16
    functions = draw(
        st.lists(st.sampled_from(ACTIVATIONS), min_size=len(widths) - 1, max_size=len(widths) - 1)
    )
    loss = draw(st.sampled_from(LOSSES))
    functions[-1] = last_activation(loss, functions[-1])
    if loss == "cross_entropy":
        widths[-1] = max(2, widths[-1])
    return Network(
        tuple(widths),
        tuple(functions),
        loss,
        draw(st.sampled_from(REDUCTIONS)),
        draw(st.sampled_from(OPTIMISER_NAMES)),
        draw(st.sampled_from(NUMBERINGS)),
        draw(st.booleans()),
        draw(st.booleans()),
    )


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Setups over the whole of what a lesson can say, with numbers of ordinary size."""
    network = draw(networks())
    samples = draw(st.integers(1, 5))
    of_loss = {
        "binary_cross_entropy": st.sampled_from((0.0, 1.0, 0.25)),
        "cross_entropy": st.sampled_from((0.0, 1.0, 0.25)),
        "hinge": st.sampled_from((-1.0, 1.0)),
    }
    target = of_loss.get(network.loss, _numbers(2))

    def vector(numbers: st.SearchStrategy[float], size: int) -> tuple[float, ...]:
        return tuple(draw(st.lists(numbers, min_size=size, max_size=size)))

    return dense_setup(
        network,
        vector(_numbers(1.25), len(parameters_of(network))),
        tuple(vector(_numbers(2), network.layers[0]) for _ in range(samples)),
        tuple(vector(target, network.layers[-1]) for _ in range(samples)),
        Hyperparameters(
            learning_rate=draw(st.sampled_from((0.001, 0.01, 0.1))),
            l2=draw(st.sampled_from((0.01, 0.5))) if network.regularized else 0.0,
            of_rules=(
                ("alpha", draw(st.sampled_from((0.01, 0.2)))),
                ("mu", draw(st.sampled_from((0.0, 0.5, 0.9)))),
                ("beta1", draw(st.sampled_from((0.9, 0.5)))),
                ("beta2", draw(st.sampled_from((0.999, 0.9)))),
                ("rho", draw(st.sampled_from((0.9, 0.5)))),
                ("epsilon", draw(st.sampled_from((1e-8, 1e-3)))),
            ),
        ),
        draw(st.integers(1, samples)),
    )


def constant(setup: Setup, name: str) -> float:
    """A hyperparameter of a setup, by its name in formulas."""
    return hyperparameters_of(setup)[name]


def reference_of(setup: Setup, parameters: Sequence[float] | None = None) -> reference.Model:
    """The reference's model of a setup, with its own parameters or others."""
    values = setup.parameters if parameters is None else tuple(parameters)
    weights, biases = nested_parameters(setup.model, values)
    return reference.Model(
        [[list(row) for row in layer] for layer in weights],
        [list(row) for row in biases],
        dense_network(setup.model).activations,
        dense_network(setup.model).loss,
        hyperparameters_of(setup).get("alpha", 0.0),
        setup.hyperparameters.l2,
        dense_network(setup.model).reduction,
    )


def reference_optimizer(setup: Setup) -> reference.Optimizer:
    """The reference's optimiser of a setup, for one number."""
    rate = setup.hyperparameters.learning_rate
    match dense_network(setup.model).optimizer:
        case "adam":
            return reference.Adam(
                rate, constant(setup, "beta1"), constant(setup, "beta2"), constant(setup, "epsilon")
            )
        case "momentum":
            return reference.Momentum(rate, constant(setup, "mu"))
        case "rmsprop":
            return reference.RMSprop(rate, constant(setup, "rho"), constant(setup, "epsilon"))
        case "nesterov":
            return reference.Nesterov(rate, constant(setup, "mu"))
        case "adagrad":
            return reference.AdaGrad(rate, constant(setup, "epsilon"))
        case "adamw":
            beta1, beta2, epsilon, decay = (
                constant(setup, n) for n in ("beta1", "beta2", "epsilon", "omega")
            )
            return reference.AdamW(rate, beta1, beta2, epsilon, decay=decay)
    assert dense_network(setup.model).optimizer == "gradient_descent"
    return reference.Descent(rate)


def is_smooth(setup: Setup, parameters: Sequence[float] | None = None) -> bool:
    """Whether nothing is near a bend or a jump, and no output of a cross-entropy is saturated."""
    model = reference_of(setup, parameters)
    for inputs, targets in zip(setup.inputs, setup.targets, strict=True):
        z, a = reference.forward(model, inputs)
        bends = {"absolute_error": 0.0, "huber": 1.0, "hinge": 1.0}
        if (at := bends.get(model.loss)) is not None and any(
            abs(abs(p * y if model.loss == "hinge" else p - y) - at) < 1e-3
            for p, y in zip(a[-1], targets, strict=True)
        ):
            return False
        for kind, row in zip(dense_network(setup.model).activations, z, strict=True):
            if kind in ("relu", "leaky_relu", "step") and any(abs(value) < 1e-3 for value in row):
                return False
        if "cross_entropy" in model.loss and any(abs(value) > 8 for value in z[-1]):
            return False
    return True
