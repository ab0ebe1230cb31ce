"""What the head of a handout tells: the network, the conventions its numbers rest on, and what is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinynet_tui.engine.model import Setup, hyperparameters_of
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import closing_steps
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.session.session import ALL_DIGITS
from tinynet_tui.teaching.notation import Notation


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the head: a label, then words and formulas, as many as there are of each."""

    label: str
    words: str = ""
    formulas: tuple[str, ...] = ()


def facts_of(setup: Setup, digits: int, notation: Notation) -> Iterator[Fact]:
    """The conventions of a setup, then its samples and its parameters."""
    network = dense_network(setup.model)
    yield Fact("Network", _shape(network))
    for name in dict.fromkeys(network.activations):
        if convention := ACTIVATIONS[name].convention:
            yield Fact(ACTIVATIONS[name].title, convention)
    loss = f"{notation.symbol('L')} {notation.sign('=')} {notation.letters(setup.model.forward.loss)}"
    yield Fact("Loss", LOSSES[network.loss].convention(network.layers[-1]), (loss,))
    if len(setup.inputs) > 1 or network.regularized:
        yield _batch(setup)
    yield _descent(setup, digits, notation)
    yield Fact("Gradients", "All are taken at the old values; parameters change only afterwards.")
    if digits < ALL_DIGITS:
        yield Fact(
            "Numbers", f"Computed in full, shown with {digits} significant digits; after ≈ they are rounded."
        )
    else:
        yield Fact("Numbers", "Computed and shown in full; after ≈ a last digit may be rounded.")
    for label, given in _given(setup):
        yield Fact(label, formulas=_numbers(given, digits, notation))


def _numbers(given: dict[str, float], digits: int, notation: Notation) -> tuple[str, ...]:
    """Numbers with their names as formulas."""
    return tuple(f"{notation.symbol(name)} {notation.result(value, digits)}" for name, value in given.items())


def _shape(network: Network) -> str:
    """2 inputs, 2 hidden neurons (ReLU), 1 output (ReLU)."""
    kinds = ["input", *["hidden neuron"] * (network.depth - 1), "output"]
    rules = ["", *(f" ({ACTIVATIONS[name].title})" for name in network.activations)]
    return ", ".join(
        f"{width} {kind}{'s' * (width > 1)}{rule}"
        for width, kind, rule in zip(network.layers, kinds, rules, strict=True)
    )


def _batch(setup: Setup) -> Fact:
    """How the samples of an update are joined, and what L2 adds."""
    network, samples = dense_network(setup.model), len(setup.inputs)
    words = []
    if samples > 1:
        each = "all samples" if setup.batch == samples else f"{setup.batch} of the {samples} samples"
        words.append(f"An update takes the {network.reduction} over {each}.")
    if network.regularized:
        words.append("L2 adds ½ · λ · Σw² to the loss, over the weights alone.")
    return Fact("Batch" if samples > 1 else "L2", " ".join(words))


def _descent(setup: Setup, digits: int, notation: Notation) -> Fact:
    """The rule that changes a parameter, with the numbers that steer it."""
    network = dense_network(setup.model)
    first = dense_model(network).trained_parameters[0].name
    own = [step for step in closing_steps(dense_model(network), (1,)) if step.name.split("_")[-1] == first]
    rules = (
        f"{notation.symbol(step.name)} {notation.sign('←')} {notation.letters(step.expression)}"
        for step in own
    )
    every = "weight and bias." if network.train_biases else "weight; the biases are frozen."
    words = f"As for {symbol(first)}, so for every {every}"
    return Fact("Update", words, (*rules, *_numbers(hyperparameters_of(setup), digits, notation)))


def _given(setup: Setup) -> Iterator[tuple[str, dict[str, float]]]:
    """(label, numbers by their names) of each sample, and of the parameters."""
    network, alone = dense_network(setup.model), len(setup.inputs) == 1
    names = (*dense_model(network).inputs, *dense_model(network).targets)
    for number, (inputs, targets) in enumerate(zip(setup.inputs, setup.targets, strict=True), start=1):
        yield "Sample" if alone else f"Sample {number}", dict(zip(names, (*inputs, *targets), strict=True))
    parameters = list(zip(parameters_of(network), setup.parameters, strict=True))
    yield "Weights", {parameter.name: value for parameter, value in parameters if parameter.is_weight}
    yield "Biases", {parameter.name: value for parameter, value in parameters if not parameter.is_weight}
