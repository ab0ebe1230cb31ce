"""The head of a handout: the network, the conventions its numbers rest on, and what is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinynet_tui.engine.expressions import Expr, names_in
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.python_code import CONSTANTS, constants
from tinynet_tui.engine.steps import closing_steps
from tinynet_tui.handouts.rows import Pen
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.lessons.schema import setup_of
from tinynet_tui.networks.dense import Network, activation_name, dense_model, parameters_of, target_name
from tinynet_tui.session.session import ALL_DIGITS
from tinynet_tui.teaching.forward import ACTIVATION_TITLES, loss_convention


@dataclass(frozen=True, slots=True)
class Rule:
    """A formula in letters."""

    left: str
    """The name of what it gives."""
    sign: str
    expression: Expr


@dataclass(frozen=True, slots=True)
class Given:
    """A number that is given."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the head: a label, then words, rules and given numbers, as many as there are of each."""

    label: str
    words: str = ""
    rules: tuple[Rule, ...] = ()
    given: tuple[Given, ...] = ()

    def formulas(self, pen: Pen) -> Iterator[str]:
        """Its rules and given numbers as a format writes them."""
        for rule in self.rules:
            yield f"{pen.symbol(rule.left)} {pen.signs(rule.sign)} {pen.letters(rule.expression)}"
        for item in self.given:
            yield f"{pen.symbol(item.name)} {pen.result(item.value)}"


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a handout."""

    title: str
    about: str
    """The lesson's own words; a worksheet has none, for they may tell a result."""
    student: str
    is_worksheet: bool
    facts: tuple[Fact, ...]


def heading_of(sheet: Sheet) -> Heading:
    """The head of a sheet."""
    setup = setup_of(sheet.lesson)
    return Heading(
        sheet.lesson.title,
        "" if sheet.is_worksheet else sheet.lesson.about,
        sheet.student,
        sheet.is_worksheet,
        (*_conventions(setup, sheet.digits), *_given(setup)),
    )


def _conventions(setup: Setup, digits: int) -> Iterator[Fact]:
    network = setup.network
    yield Fact("Network", _shape(network))
    if "relu" in network.activations:
        yield Fact("ReLU", "Its derivative at exactly 0 is taken as 0, as PyTorch and TensorFlow do.")
    yield Fact("Loss", loss_convention(network), (Rule("L", "=", dense_model(network).forward.loss),))
    if len(setup.inputs) > 1 or network.regularized:
        yield _batch(setup)
    yield _descent(setup)
    yield Fact("Gradients", "All are taken at the old values; parameters change only afterwards.")
    if digits < ALL_DIGITS:
        yield Fact(
            "Numbers", f"Computed in full, shown with {digits} significant digits; after ≈ they are rounded."
        )
    else:
        yield Fact("Numbers", "Computed and shown in full; after ≈ a last digit may be rounded.")


def _shape(network: Network) -> str:
    """2 inputs, 2 hidden neurons (ReLU), 1 output (ReLU)."""
    kinds = ["input", *["hidden neuron"] * (network.depth - 1), "output"]
    rules = ["", *(f" ({ACTIVATION_TITLES[name]})" for name in network.activations)]
    return ", ".join(
        f"{width} {kind}{'s' * (width > 1)}{rule}"
        for width, kind, rule in zip(network.layers, kinds, rules, strict=True)
    )


def _batch(setup: Setup) -> Fact:
    """How the samples of an update are joined, and what L2 adds."""
    network, samples = setup.network, len(setup.inputs)
    words = []
    if samples > 1:
        each = "all samples" if setup.batch == samples else f"{setup.batch} of the {samples} samples"
        words.append(f"An update takes the {network.reduction} over {each}.")
    if network.regularized:
        words.append("L2 adds ½ · λ · Σw² to the loss, over the weights alone.")
    return Fact("Batch" if samples > 1 else "L2", " ".join(words))


def _descent(setup: Setup) -> Fact:
    """The rule that changes a parameter, with the numbers that steer it."""
    network = setup.network
    first = dense_model(network).trained_parameters[0].name
    own = [step for step in closing_steps(dense_model(network), (1,)) if step.name.split("_")[-1] == first]
    rules = tuple(Rule(step.name, "←", step.expression) for step in own)
    read = {name.name for step in own for name in names_in(step.expression)}
    read |= {"alpha"} if "leaky_relu" in network.activations else set()
    read |= {"lambda"} if network.regularized else set()
    steering = zip(CONSTANTS, constants(setup.hyperparameters), strict=True)
    every = "weight and bias." if network.train_biases else "weight; the biases are frozen."
    return Fact(
        "Update",
        f"As for {symbol(first)}, so for every {every}",
        rules,
        tuple(Given(name, value) for name, value in steering if name in read),
    )


def _given(setup: Setup) -> Iterator[Fact]:
    """The samples and the parameters."""
    network, alone = setup.network, len(setup.inputs) == 1
    for number, (inputs, targets) in enumerate(zip(setup.inputs, setup.targets, strict=True), start=1):
        names = (
            *(activation_name(network, 0, i) for i in range(1, len(inputs) + 1)),
            *(target_name(network, k) for k in range(1, len(targets) + 1)),
        )
        values = map(Given, names, (*inputs, *targets))
        yield Fact("Sample" if alone else f"Sample {number}", given=tuple(values))
    own = {
        kind: tuple(
            Given(parameter.name, value)
            for parameter, value in zip(parameters_of(network), setup.parameters, strict=True)
            if parameter.is_weight == (kind == "Weights")
        )
        for kind in ("Weights", "Biases")
    }
    yield from (Fact(kind, given=given) for kind, given in own.items())
