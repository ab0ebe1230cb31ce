"""The kinds of steps that are practised, each with its rule in one sentence."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from tinynet_tui.engine.expressions import ONE, Apply
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import Step
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.rules.losses import loss_of
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.teaching.chain import products
from tinynet_tui.teaching.forward import is_weighted_sum

StepKind = Literal["sum", "activation", "slope", "path", "product", "update"]


class KindWords(NamedTuple):
    """What is said of a kind of step."""

    about: str
    """What is worked out, in half a line."""
    rule: str
    """How, in one sentence: the first hint."""


_ALONG_A_PATH = (
    "Changes along a path multiply: the gradient one step nearer to L, times the slope of the step between."
)

_UPDATE = "New value = old value − learning rate · {}."
"""With what the optimiser subtracts, in words."""

KINDS: Mapping[StepKind, KindWords] = {
    "sum": KindWords(
        "a weighted sum, or a formula",
        "Multiply each input by its weight; add the products, and the bias if there is one.",
    ),
    "activation": KindWords(
        "an activation function",
        "Put what it reads into the activation function, with a calculator where it has powers of e.",
    ),
    "slope": KindWords(
        "a local derivative: how fast one step changes with a quantity that it reads",
        "How many times as far does the one move as the other? As many as the number beside it in a product; "
        "where it is only added, just as far: 1.",
    ),
    "path": KindWords(
        "the gradient that comes back along a path, or the sum of several paths",
        f"{_ALONG_A_PATH} Where several paths lead on, add up their products.",
    ),
    "product": KindWords("a product of the chain rule", _ALONG_A_PATH),
    "update": KindWords("the new value of a parameter", _UPDATE.format("gradient")),
}
"""In the order in which an update has them."""


def kind_of(program: Program, step: Step) -> StepKind | None:
    """The kind of a step; None for what is given, the loss and the check, which are not practised.

    The derivative of the loss is a slope. A path leads on to a quantity that others before it have made; a
    product ends at a parameter, goes through an activation function, or joins the samples of a batch.
    """
    match step.role:
        case "value" if step.is_given:
            return None
        case "value":
            return "activation" if any(at.name == step.name for at in activated_in(program.model)) else "sum"
        case "local":
            return "slope"
        case "gradient" if step.sample is None:
            return "product"
        case "gradient":
            ways = products(program, step.name)
            if not ways:
                return "slope"
            is_of_parameter = step.name.removeprefix("dL/d") in program.model.parameter_names
            is_last = is_of_parameter or is_slope_of_function(program, ways[0][1])
            return "product" if is_last and len(ways) == 1 else "path"
        case "update" | "state":
            return "update"
        case "loss" | "check":
            return None


def rule_of(program: Program, step: Step) -> str:
    """How a step is worked out, in the words of school algebra: the first hint."""
    kind = kind_of(program, step)
    if kind is None:
        return "Put the numbers into the formula of the loss."
    if kind == "update":
        optimiser = optimiser_of(program.model)
        state = optimiser.state(step.name) if step.role == "state" else None
        return state.sentence if state is not None else _UPDATE.format(optimiser.subtracted.removesuffix(","))
    for at in activated_in(program.model):
        function = at.function.noun
        if step.name in (at.name, f"d{at.name}/d{at.z}") and at.function.is_gate:
            above, below = (", with slope 1", ", with slope 0") if kind == "slope" else (" as it is", "")
            what = "sum" if at.is_neuron else "number"
            gives = f"If not, {function} gives 0{below}."
            return f"Is the {what} above 0? Then {function} hands it on{above}. {gives}"
        if step.name == f"d{at.name}/d{at.z}":
            if step.expression == ONE:
                return "A linear neuron hands on z itself: the slope of z is 1, whatever z is."
            return f"Put the present numbers into the formula for the slope of {function}."
    if kind == "slope" and step.role == "gradient":
        loss = loss_of(program.model)
        own = loss.words.slope_rule if loss is not None else ""
        return own or "Put the present numbers into the formula for the slope of the loss."
    return _rule_of_formula(program, step, kind)


_BY_OPERATION: Mapping[str, tuple[str, str]] = {
    "exp": (
        "Take the power of e with a calculator, or from e ≈ 2.718.",
        "A power of e is its own slope: where it is 3, it moves 3 times as far as what is above the e.",
    ),
    "divide": (
        "The first number divided by the second.",
        "u / v moves 1 / v times as far as u, and −u / v² times as far as v.",
    ),
    "largest": ("Take the largest of them.", KINDS["slope"].rule),
}
"""Of formulas that are no weighted sums: how their value is worked out, and how their slope."""


def _rule_of_formula(program: Program, step: Step, kind: StepKind) -> str:
    """The rule of a step by the formula that it works out, or that it is the slope of."""
    model, is_slope = program.model, kind == "slope"
    name = step.name.partition("/d")[0].removeprefix("d") if is_slope else step.name
    found = model.formulas.get(name)
    if kind not in ("sum", "slope") or found is None:
        return KINDS[kind].rule
    if isinstance(found, Apply) and found.operation in _BY_OPERATION:
        return _BY_OPERATION[found.operation][is_slope]
    if is_slope:
        return KINDS[kind].rule
    if is_weighted_sum(found, model.parameter_names):
        of_formulas = (
            "Multiply each number by its parameter; add the products, and a parameter that stands alone."
        )
        return KINDS[kind].rule if model.noun == "weight" else of_formulas
    return "Put the present numbers into the formula."


def is_slope_of_function(program: Program, name: str) -> bool:
    """Whether a step of a name is the slope of an activation function."""
    return any(name == f"d{at.name}/d{at.z}" for at in activated_in(program.model))
