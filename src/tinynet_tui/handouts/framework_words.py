"""The step in the words of PyTorch and Keras: which call has done it, and where its number is kept."""

from __future__ import annotations

from typing import assert_never

from tinynet_tui.engine.expression_reading import written
from tinynet_tui.engine.expressions import Name, apply
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.trace import Trace
from tinynet_tui.experiments.variant_words import told_apart
from tinynet_tui.experiments.wrong_updates import accumulated_gradient
from tinynet_tui.handouts import keras, pytorch
from tinynet_tui.handouts.framework import Calls
from tinynet_tui.handouts.pytorch import weight_decay_words
from tinynet_tui.networks.dense import is_dense
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.equation import equation
from tinynet_tui.teaching.numbers import equals, shown

CALLS = (pytorch.CALLS, keras.CALLS)
"""Of the frameworks that the panel shows."""


def calls_for(model: Model) -> tuple[Calls, ...]:
    """Those that are shown for a model: they are of scripts that say a dense network."""
    return CALLS if is_dense(model) else ()


def kept(calls: Calls, moment: Moment, digits: int) -> str:
    """Where a framework has the present step's number: attribute and number, or what it does instead."""
    step = moment.step
    if step is None:
        return ""
    attribute = calls.framework.attribute(moment.model, step.name)
    if step.role == "loss" and len(moment.program.samples) == 1 and not moment.model.penalties:
        attribute = calls.loss
    if attribute is None:
        return _KEPT_NOWHERE[step.role]
    if step.role == "gradient" and moment.program.number(step.name) != moment.session.step:
        return f"part of {attribute}"
    value = moment.trace.value(moment.session.step)
    return f"{attribute} {equals(value, digits)} {shown(value, digits)}"


_KEPT_NOWHERE = {
    "value": "not kept; only ŷ comes out",
    "loss": "part of the loss of the batch",
    "local": "not kept",
    "gradient": "not kept",
    "state": "inside the optimizer",
    "update": "inside",
    "check": "in the next update",
}
"""What becomes of a number that has no attribute, by the role of its step."""


def phase_words(moment: Moment) -> str:
    """What a framework does in this phase, in one sentence."""
    samples = len(moment.program.samples)
    at_once = f" for all {samples} samples" if samples > 1 else ""
    match moment.phase:
        case "given":
            return "Gradients add up: zero_grad() begins each update. In Keras they start anew."
        case "forward":
            return f"One call does all of forward{at_once}."
        case "loss":
            return "The loss remembers how it was computed: backward() needs that."
        case "backward" if moment.step is not None and _is_penalized(moment, moment.step):
            return f"L2 is part of this loss; PyTorch's {weight_decay_words(moment.model)}"
        case "backward":
            known = _gradients_known(moment)
            return f"One call does all of backward{at_once}; {known} gradients are known."
        case "update" if written_out := keras.written_out(moment.model):
            return f"One call changes every parameter. Keras: written out, {written_out.why}."
        case "update":
            return "One call changes every parameter, once all gradients are known."
        case "check":
            return "Frameworks have no check: the next update's forward shows the new loss."
        case _:
            assert_never(moment.phase)


def _gradients_known(moment: Moment) -> str:
    """How many gradients of parameters are complete: 3 of 9."""
    numbers = [moment.program.number(f"dL/d{name}") for name in moment.model.parameter_names]
    known = sum(number is not None and number <= moment.session.step for number in numbers)
    return f"{known} of {len(numbers)}"


def _is_penalized(moment: Moment, step: Step) -> bool:
    regularized = bool(moment.model.penalties) and step.of.kind == "weight"
    return regularized and step.role == "gradient" and step.sample is None


_LEFT_AND_OWN = apply("add", Name("left"), Name("own"))
"""What .grad holds of the update before, and of its own."""


def zero_grad_words(before: Trace | None, moment: Moment, name: str, digits: int) -> str:
    """What .grad of a parameter would hold without zero_grad(), and what would become of the parameter.

    before: the update before this one, if there is one.
    """
    sign = symbol(name)
    if before is None:
        return f"Without zero_grad() {sign}'s .grad adds up from update 2 on."
    found = accumulated_gradient(before, moment.trace, name)
    left = shown(found.left, digits)
    whole = moment.program.number(f"dL/d{name}")
    if whole is None or whole > moment.session.step:
        if found.left == 0:
            return f"Without zero_grad() {sign}'s .grad would begin at 0, too: its last gradient was 0."
        return f"Without zero_grad() {sign}'s .grad would begin at {left}, not at 0."
    held = equation(_LEFT_AND_OWN, lambda name: getattr(found, name.name), found.held, digits)
    added = written(_LEFT_AND_OWN, "plain", lambda name: held.number(getattr(found, name.name)))
    words = f"Without zero_grad() {sign}'s .grad is {added} {held.sign} {held.value}"
    new = moment.program.number(name)
    if new is None or new > moment.session.step or found.parameter is None:
        return f"{words}."
    value = moment.trace.value(new)
    if found.parameter == value:
        return f"{words}, and {sign} {shown(value, digits)} all the same."
    wrong, right = told_apart(found.parameter, value, digits)
    return f"{words}, and {sign} {wrong} instead of {right}."
