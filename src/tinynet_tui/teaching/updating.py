"""The words of the update and of the check after it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.optimisers import Optimiser, State
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.step_in_moment import StepInMoment


def state_title(about: StepInMoment) -> str:
    """What the optimizer keeps."""
    state = _state(about)
    return state.title.format(parameter=symbol(about.step.name.removeprefix(f"{state.letter}_")))


def state_sentences(about: StepInMoment) -> Iterator[str]:
    """What the optimizer keeps it for."""
    yield _state(about).sentence


def _state(about: StepInMoment) -> State:
    state = about.optimiser.state(about.step.name)
    assert state is not None, f"{about.step.name} is kept by the optimizer"
    return state


def update_sentences(about: StepInMoment) -> Iterator[str]:
    """Which way a parameter goes, and why."""
    name = about.step.name
    change = difference(about.value, about.moment.given[name])
    subtracted = about.optimiser.subtracted
    if change == 0:
        yield f"The step is 0, so {symbol(name)} stays as it is."
    elif change < 0:
        yield f"A positive {subtracted} is subtracted: {symbol(name)} falls ↓ by {about.text(-change)}."
    else:
        yield f"A negative {subtracted} is subtracted: {symbol(name)} grows ↑ by {about.text(change)}."
    yield "All gradients come from the old values, so the order of the updates does not matter."


def _nothing_moved(about: StepInMoment, loss: str) -> Iterator[str]:
    """The sentences after an update that has changed no parameter."""
    trace = about.moment.trace
    stays = f"L stays {loss}: no parameter moved"
    if trace.loss_before == 0:
        yield f"{stays}, because the loss is 0."
    elif any(trace.gradient(p.name) for p in about.moment.model.trained_parameters):
        yield f"{stays}, because the steps are too small to change a number."
    elif _is_stopped_at_the_outputs(about):
        yield f"{stays}, because every gradient is 0."
        yield "Stuck, not done: the output has slope 0, so no gradient gets through."
    else:
        yield f"{stays}, because every gradient is 0: here the loss is flat."


def _is_stopped_at_the_outputs(about: StepInMoment) -> bool:
    """Whether a gradient arrives at an output, and none gets through its activation function."""
    model, trace = about.moment.model, about.moment.trace
    outputs = [b for b in model.forward.blocks if b.assignments[-1].name in model.predictions]

    def any_of(names: list[str]) -> bool:
        positions = [trace.program.sample_position(f"dL/d{name}") for name in names]
        return any(row[position] for row in trace.sample_values for position in positions if position)

    arriving, passed_on = ([block.assignments[place].name for block in outputs] for place in (-1, 0))
    return any_of(arriving) and not any_of(passed_on)


def promise_formula(model: Model) -> str:
    """How the change of the loss that the gradient promises is computed."""
    return "−η‖∇L‖²" if _is_plain(model) else "Σ ∂L/∂p · Δp"


def promise_words(model: Model) -> str:
    """What that formula says."""
    if not _is_plain(model):
        return "each gradient times the change of its parameter, added up"
    of = "" if all(parameter.is_trained for parameter in model.parameters) else " of all trained parameters"
    return f"−η times the sum of the squared gradients{of}"


def _is_plain(model: Model) -> bool:
    return isinstance(model.optimizer, Optimiser) and model.optimizer.is_plain


def check_sentences(about: StepInMoment) -> Iterator[str]:
    """What became of the loss, beside what the gradient promised."""
    trace = about.moment.trace
    before, now = trace.loss_before, trace.loss_after
    if not (isfinite(before) and isfinite(now)):
        yield f"L {about.text(before)} → {about.text(now)}: {_what_is_left(about)}"
        return
    if trace.parameters_after == trace.start.parameters:
        yield from _nothing_moved(about, about.text(now))
        return
    change = difference(now, before)
    if change == 0:
        yield f"L stays {about.text(now)}, to the last digit."
    else:
        word = "rose" if change > 0 else "fell"
        yield f"L {about.text(before)} → {about.text(now)}: it {word} by {about.text(abs(change))}."
    promised, model = about.equals(trace.promised), about.moment.model
    words = f"{promise_formula(model)} {promised} ({promise_words(model)})"
    yield f"If the slope stayed the same, L would change by {words}. {_came(change, trace.promised)}"


def _what_is_left(about: StepInMoment) -> str:
    """What the check says where a loss is inf or nan."""
    trace = about.moment.trace
    if about.has_diverged:
        return "training has diverged."
    for name, value in zip(about.moment.model.parameter_names, trace.parameters_after, strict=True):
        if not isfinite(value):
            return f"{symbol(name)} is {about.text(value)} now, and no update makes it finite again."
    if isfinite(trace.loss_after):
        return "the loss is finite again."
    return "the loss is not finite, the parameters still are."


def _came(change: float, promised: float) -> str:
    """How the loss went, beside what the slope at the start of the step promised."""
    if change == promised:
        return "And so it did."
    return f"The slope changes on the way: L {_went(change, promised)}."


def _went(change: float, promised: float) -> str:
    """How the loss went where it did not go as promised."""
    if change == 0:
        return "stayed the same"
    word = "rose" if change > 0 else "fell"
    if change * promised <= 0:
        return f"{word} instead"
    return f"{word} by {'more' if abs(change) > abs(promised) else 'less'}"
