"""What the head of a handout tells: the network, the conventions its numbers rest on, and what is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinynet_tui.engine.expression_reading import ALL_DIGITS
from tinynet_tui.engine.model import Model, Setup, hyperparameters_of
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import closing_steps
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.teaching.notation import Notation

_LABELS = {"weight": "Weights", "bias": "Biases", "parameter": "Parameters"}
"""Of the parameters of a kind."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the head: a label, then words and formulas, as many as there are of each."""

    label: str
    words: str = ""
    formulas: tuple[str, ...] = ()


def facts_of(setup: Setup, digits: int, notation: Notation) -> Iterator[Fact]:
    """The conventions of a setup, then its samples and its parameters."""
    model = setup.model
    yield from (Fact(label, words) for label, words in model.facts)
    loss = f"{notation.symbol('L')} {notation.sign('=')} {notation.letters(model.forward.loss)}"
    yield Fact("Loss", LOSSES[model.loss].convention(len(model.targets)) if model.loss else "", (loss,))
    if len(setup.inputs) > 1 or model.penalties:
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
        if given:
            yield Fact(label, formulas=_numbers(given, digits, notation))


def _numbers(given: dict[str, float], digits: int, notation: Notation) -> tuple[str, ...]:
    """Numbers with their names as formulas."""
    return tuple(f"{notation.symbol(name)} {notation.result(value, digits)}" for name, value in given.items())


def _batch(setup: Setup) -> Fact:
    """How the samples of an update are joined, and what L2 adds."""
    model, samples = setup.model, len(setup.inputs)
    words = []
    if samples > 1:
        each = "all samples" if setup.batch == samples else f"{setup.batch} of the {samples} samples"
        words.append(f"An update takes the {model.reduction} over {each}.")
    words += (_penalty_words(model, name) for name in model.penalties)
    return Fact("Batch" if samples > 1 else " and ".join(model.penalties), " ".join(words))


def _penalty_words(model: Model, name: str) -> str:
    """What a regularisation adds to the loss."""
    adds = {"L1": "λ₁ · Σ|{}|", "L2": "½ · λ · Σ{}²"}[name]
    if _are_of_formulas(model):
        return f"{name} adds {adds.format('p')} to the loss, over all parameters p."
    is_of_all = all(name in parameter.penalties for parameter in model.parameters)
    over = f"over the weights {'and the biases' if is_of_all else 'alone'}"
    return f"{name} adds {adds.format('w')} to the loss, {over}."


def _descent(setup: Setup, digits: int, notation: Notation) -> Fact:
    """The rule that changes a parameter, with the numbers that steer it."""
    model = setup.model
    first = model.trained_parameters[0].name
    own = [step for step in closing_steps(model, (1,)) if step.name.split("_")[-1] == first]
    rules = (
        f"{notation.symbol(step.name)} {notation.sign('←')} {notation.letters(step.expression)}"
        for step in own
    )
    words = f"As for {symbol(first)}, so for every {_trained(model)}."
    return Fact("Update", words, (*rules, *_numbers(hyperparameters_of(setup), digits, notation)))


def _trained(model: Model) -> str:
    """What an update changes, each in turn: weight and bias."""
    has_frozen = len(model.trained_parameters) < len(model.parameters)
    if _are_of_formulas(model):
        return f"parameter{' that is not frozen' if has_frozen else ''}"
    return "weight; the biases are frozen" if has_frozen else "weight and bias"


def _are_of_formulas(model: Model) -> bool:
    """Whether it is of parameters alone: of formulas nobody knows which are weights, and which biases."""
    return any(parameter.of.kind == "parameter" for parameter in model.parameters)


def _given(setup: Setup) -> Iterator[tuple[str, dict[str, float]]]:
    """(label, numbers by their names) of each sample, and of the parameters."""
    model, alone = setup.model, len(setup.inputs) == 1
    names = (*model.inputs, *model.targets)
    for number, (inputs, targets) in enumerate(zip(setup.inputs, setup.targets, strict=True), start=1):
        yield "Sample" if alone else f"Sample {number}", dict(zip(names, (*inputs, *targets), strict=True))
    by_label: dict[str, dict[str, float]] = {}
    for parameter, value in zip(model.parameters, setup.parameters, strict=True):
        by_label.setdefault(_LABELS[parameter.of.kind], {})[parameter.name] = value
    yield from by_label.items()
