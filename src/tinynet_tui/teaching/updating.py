"""The words of the update and of the check after it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.network import Network
from tinynet_tui.engine.steps import trained_parameters
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.step_in_moment import StepInMoment


def state_title(about: StepInMoment) -> str:
    """What the optimizer keeps."""
    if about.step.name.startswith("m_"):
        return f"the mean of the gradients of {_parameter(about)} so far"
    if about.moment.network.optimizer == "adam":
        return f"the mean of their squares, for {_parameter(about)}"
    return f"the velocity of {_parameter(about)}"


def state_sentences(about: StepInMoment) -> Iterator[str]:
    """What the optimizer keeps it for."""
    if about.moment.network.optimizer == "momentum":
        yield "Momentum: a part μ of the velocity stays, and the new gradient is added."
    elif about.step.name.startswith("m_"):
        yield "Adam keeps a running mean of the gradients: the direction."
    else:
        yield "Adam keeps a running mean of the squared gradients: the scale of the step."


def _parameter(about: StepInMoment) -> str:
    return symbol(about.step.name.split("_")[1])


def update_sentences(about: StepInMoment) -> Iterator[str]:
    """Which way a parameter goes, and why."""
    name = about.step.name
    change = difference(about.value, about.moment.given[name])
    gradient = about.known(f"dL/d{name}")
    if change == 0:
        yield f"The step is 0, so {symbol(name)} stays as it is."
    elif about.moment.network.optimizer != "gradient_descent":
        against = "velocity" if about.moment.network.optimizer == "momentum" else "mean gradient"
        yield f"It {_direction(change)} by {about.text(abs(change))}, against its {against}."
    elif gradient > 0:
        yield f"A positive gradient is subtracted: {symbol(name)} falls ↓ by {about.text(abs(change))}."
    elif gradient < 0:
        yield f"Minus a negative gradient: {symbol(name)} grows ↑ by {about.text(abs(change))}."
    yield "Every gradient was taken at the old values, so the order of the updates is free."


def _direction(change: float) -> str:
    return "grows ↑" if change > 0 else "falls ↓"


def _why_nothing_moved(about: StepInMoment) -> str:
    trace = about.moment.trace
    if trace.loss_before == 0:
        return "the error is 0"
    if any(trace.gradient(p.name) for p in trained_parameters(about.moment.network)):
        return "the steps are too small to change a number"
    if about.is_a_gate_shut:
        return "every gradient is 0: a gate is shut, it is stuck"
    return "every gradient is 0: a place where the loss is level"


def promise_formula(network: Network) -> str:
    """How the change of the loss that the gradient promises is computed."""
    return "−η‖∇L‖²" if network.optimizer == "gradient_descent" else "Σ ∂L/∂p · Δp"


def check_sentences(about: StepInMoment) -> Iterator[str]:
    """What became of the loss, beside what the gradient promised."""
    trace = about.moment.trace
    before, now = trace.loss_before, trace.loss_after
    promise = promise_formula(about.moment.network)
    if not (isfinite(before) and isfinite(now)):
        yield f"L {about.text(before)} → {about.text(now)}: training has diverged."
        return
    if trace.parameters_after == trace.start.parameters:
        yield f"L stays {about.text(now)}: no parameter moved, because {_why_nothing_moved(about)}."
        return
    change = difference(now, before)
    if change == 0:
        yield f"L stays {about.text(now)}, to the last digit."
    else:
        word = "rose" if change > 0 else "fell"
        yield f"L {about.text(before)} → {about.text(now)}: it {word} by {about.text(abs(change))}."
    if change > 0:
        came = "rose instead" if trace.promised < 0 else "rose, too"
    else:
        came = "fell as far" if change <= trace.promised else "fell by less"
    yield f"The gradient promised {promise} = {about.text(trace.promised)}; along the curve it {came}."
