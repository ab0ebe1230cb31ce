"""The kinds of steps that are practised, each with its rule in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.teaching.chain import products

StepKind = Literal["sum", "activation", "slope", "path", "product", "update"]


class KindWords(NamedTuple):
    """What is said of a kind of step."""

    about: str
    """What is worked out, in half a line."""
    rule: str
    """How, in one sentence: the first hint."""


KINDS: Mapping[StepKind, KindWords] = {
    "sum": KindWords(
        "the weighted sum of a neuron", "Multiply each input by its weight; add the products and the bias."
    ),
    "activation": KindWords("the activation of a neuron", "Put the sum into the activation function."),
    "slope": KindWords(
        "the slope of a function at its present value",
        "Take the derivative of the function, and put the present numbers into it.",
    ),
    "path": KindWords(
        "what one step of a path passes on, or the sum of several paths",
        "In a sum, a quantity is passed on times what it is multiplied by; several paths are added.",
    ),
    "product": KindWords(
        "a product of the chain rule", "Multiply the gradient that arrives by the local derivative."
    ),
    "update": KindWords("the new value of a parameter", "New value = old value − learning rate · gradient."),
}
"""In the order in which an update has them."""


def kind_of(program: Program, step: Step) -> StepKind | None:
    """The kind of a step; None of the loss and the check, which are not practised.

    The derivative of the loss is a slope; a gradient that comes along several paths belongs to the paths.
    """
    match step.role:
        case "value":
            return "activation" if any(at.name == step.name for at in activated_in(program.model)) else "sum"
        case "local":
            slopes = (f"d{at.name}/d{at.z}" for at in activated_in(program.model))
            return "slope" if step.name in slopes else "path"
        case "gradient":
            paths = 1 if step.sample is None else len(products(program, step.name))
            return "product" if paths == 1 else "path" if paths else "slope"
        case "update" | "state":
            return "update"
        case "loss" | "check":
            return None
