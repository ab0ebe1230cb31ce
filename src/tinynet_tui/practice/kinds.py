"""The kinds of steps that are practised, each with its rule in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from tinynet_tui.teaching.step_in_moment import StepInMoment

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
        "what one quantity passes on to another",
        "In a sum, a quantity is passed on times what it is multiplied by; several paths are added.",
    ),
    "product": KindWords(
        "a product of the chain rule", "Multiply the gradient that arrives by the local derivative."
    ),
    "update": KindWords("the new value of a parameter", "New value = old value − learning rate · gradient."),
}
"""In the order in which an update has them."""


def kind_of(about: StepInMoment) -> StepKind | None:
    """The kind of a step; None of the loss and the check, which are not practised.

    The derivative of the loss is a slope; a gradient that comes along several paths belongs to the paths.
    """
    match about.step.role:
        case "value":
            return "activation" if about.activated else "sum"
        case "local":
            return "slope" if about.slope_of else "path"
        case "gradient" if about.step.sample is None:
            return "product"
        case "gradient":
            return {0: "slope", 1: "product"}.get(len(about.paths), "path")  # type: ignore[return-value]
        case "update" | "state":
            return "update"
        case "loss" | "check":
            return None
