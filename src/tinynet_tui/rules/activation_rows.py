"""What the row of an activation function holds: its formula, its words and how frameworks spell it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tinynet_tui.engine.expressions import Apply, Expr, Name
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.rules.hyperparameters import Hyperparameter


class NeuronAt(NamedTuple):
    """A neuron at the step that gives its activation or its slope, in numbers and in texts for sentences."""

    title: str
    """"node 1"."""
    z: float
    """Its sum."""
    value: float
    """What the step gives."""
    sum_name: str
    """"z₁"."""
    output_name: str
    """"h₁"."""
    sum_equals: str
    """"= 1.5" or "≈ 0.5933", to stand after the name of the sum."""
    sum_text: str
    value_text: str
    dead: str
    """"for this sample": for what it is dead if the sum is not above 0."""
    parameters: str
    """"its weights and its bias"; "" where formulas say what it reads: they may have some in common."""

    @property
    def noun(self) -> str:
        """What it is applied to, in a word: a neuron has a sum, a formula any number."""
        return "sum" if self.parameters else "number"


NeuronWords = Callable[[NeuronAt], Iterator[str]]
"""Sentences about a neuron at a step."""


class Activation(NamedTuple):
    """An activation function."""

    name: str
    """In a lesson's file: "relu"."""
    title: str
    """Where it stands alone: "ReLU"."""
    noun: str
    """Within a sentence: "the sigmoid"."""
    meaning: str
    """What it makes of a sum, for the glossary, as the beginning of a sentence; "" for nothing."""
    formula: Callable[[Expr], Expr]
    """What it makes of a sum."""
    hyperparameters: tuple[Hyperparameter, ...]
    doing: str
    """What a neuron does with it, with {neuron} and {z}: the title of the step that gives the activation."""
    value_words: NeuronWords
    """How the activation comes about."""
    slope_words: NeuronWords
    """Why its slope is what it is."""
    pytorch: str
    """The call in PyTorch, with {z} and its hyperparameters by their names in formulas."""
    keras: str
    """What a Keras layer is given; "" for nothing."""
    jax: str
    """The expression in JAX, of z."""
    is_gate: bool
    """Whether a sum that is not above 0 shuts it: output and slope are 0, and the neuron is dead. A sum above
    0 it hands on as it is."""
    convention: str
    """What has to be agreed on, for the head of a handout; "" for nothing."""
    keras_function: tuple[str, ...]
    """The lines of a function that this needs in a script; () for none."""

    @property
    def has_bend(self) -> bool:
        """Whether its slope jumps where the sum is 0, or it does itself."""
        formula = self.formula(_SUM)
        return isinstance(formula, Apply) and OPERATIONS[formula.operation].special.edge is not None


_SUM = Name("z")


def said(*sentences: str) -> NeuronWords:
    """Sentences that hold wherever the neuron is, with {at} for it."""
    return lambda at: (sentence.format(at=at) for sentence in sentences)


def so_near(end: str) -> str:
    """Why a value is the end that it never reaches."""
    return f"this one is so near that 64 bits round it to {end}"


def between(sign: str, ends: tuple[float, float], words: str) -> NeuronWords:
    """The words, with {noun}, for a value between two ends that it reaches by rounding alone."""

    def value_words(at: NeuronAt) -> Iterator[str]:
        result = at.value_text
        rounded = f"{sign} is never exactly {result}: {so_near(result)}."
        yield rounded if at.value in ends else words.format(noun=at.noun)

    return value_words


def never_flat(sign: str, slope: str, size: str) -> NeuronWords:
    """The words for a slope that is 0 by rounding alone; slope: what it is, size: how large."""

    def slope_words(at: NeuronAt) -> Iterator[str]:
        if at.value == 0:
            place = f"{at.sum_name} {at.sum_equals}"
            yield f"{sign}′ is never exactly 0: {place} is so far out that {sign} is rounded."
        else:
            yield f"{at.output_name} is {sign}({at.sum_name}), and {sign}′ = {slope}."
            yield f"{sign}′ is {size}."

    return slope_words
