"""The words of the update and of the check after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite

from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.teaching.card import card
from tinynet_tui.teaching.numbers import difference
from tinynet_tui.teaching.step_in_moment import StepInMoment


def state_words(about: StepInMoment) -> tuple[str, Iterable[str]]:
    """What the optimiser keeps, and what for."""
    state = about.optimiser.state(about.step.name)
    assert state is not None, f"{about.step.name} is kept by the optimizer"
    return state.title.format(parameter=symbol(about.step.name.partition("_")[2])), (state.sentence,)


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
    if trace.loss_before == 0 and about.loss is not None:
        yield f"{stays}, because the loss is 0."
    elif any(trace.gradient(p.name) for p in about.model.trained_parameters):
        yield f"{stays}, because the steps are too small to change a number."
    elif _is_stopped_at_the_outputs(about):
        yield f"{stays}, because every gradient is 0."
        yield "Stuck, not done: the output has slope 0, so no gradient gets through."
    else:
        yield f"{stays}, because every gradient is 0: here the loss is flat."


def _is_stopped_at_the_outputs(about: StepInMoment) -> bool:
    """Whether a gradient arrives at an output, and none gets through its activation function."""
    trace, predictions = about.moment.trace, about.model.predictions
    outputs = [found for found in activated_in(about.model) if found.name in predictions]
    arriving = [f"dL/d{output.name}" for output in outputs]
    passed_on = [f"dL/d{output.z}" for output in outputs]

    def any_of(names: list[str]) -> bool:
        positions = [trace.program.sample_position(name) for name in names]
        return any(row[position] for row in trace.sample_values for position in positions if position)

    return any_of(arriving) and not any_of(passed_on)


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
    yield from card(about.moment, about.digits)


def _what_is_left(about: StepInMoment) -> str:
    """What the check says where a loss is inf or nan."""
    trace = about.moment.trace
    if about.has_diverged:
        return "training has diverged."
    after = zip(about.model.parameter_names, trace.parameters_after, strict=True)
    for name, value in after:
        if not isfinite(value):
            return f"{symbol(name)} is {about.text(value)} now, and no update makes it finite again."
    if isfinite(trace.loss_after):
        return "the loss is finite again."
    return "the loss is not finite, the parameters still are."
