"""Why the gradient of a parameter is 0: the answer is right, the input is 0, or a slope stops it."""

from __future__ import annotations

from collections.abc import Iterator

from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.activations import Activated, activated_in
from tinynet_tui.teaching.chain import products
from tinynet_tui.teaching.step_in_moment import StepInMoment

STUCK = "Stuck, not done: the prediction is still off target."
"""What tells a gradient of 0 that something stops from one that nothing is left for."""


def why_zero(about: StepInMoment) -> Iterator[str]:
    """The sentences for the gradient of a parameter that is 0 for a sample."""
    reader = about.only_reader
    if about.is_error_zero:
        yield "0, because the error ŷ − y is 0: the prediction is on target."
    elif reader is None:
        yield f"0: a small change of {symbol(about.bottom)} does not change the loss."
    elif about.known(f"dL/d{reader}") != 0:
        yield f"0, because {about.source} is 0: for this sample {symbol(about.bottom)} has no effect at all."
    elif about.is_output_on_target:
        yield "0, because this output is on target: its error ŷ − y is 0."
    else:
        yield f"0, because {_obstacle(about, reader)}."
        if about.pairs:
            yield STUCK


def _obstacle(about: StepInMoment, reader: str) -> str:
    """What keeps the gradient from the quantity that reads a parameter."""
    at = about.activated
    if at is not None and _slope(about, at) == 0:
        return f"{at.function.noun} has slope 0 at {symbol(at.z)}: no gradient gets through"
    paths = products(about.moment.program, f"dL/d{at.name if at is not None else reader}")
    if not paths:
        return "the numbers are too small for 64 bits"
    arriving, factors = ([about.known(name) for name in names] for names in zip(*paths, strict=True))
    if not any(factors):
        if all(isinstance(about.local(local), Name) for _, local in paths):
            return f"the weights from {about.block} to the next layer are 0: no gradient comes back"
        return f"the local derivatives behind {about.block} are 0: no gradient comes back"
    if any(g * w for g, w in zip(arriving, factors, strict=True)):
        return f"what comes back to {about.block} along its paths adds up to 0"
    if any(_slope(about, later) == 0 for later in _later(about)):
        return f"a slope of 0 nearer to the loss lets no gradient through to {about.block}"
    return f"no gradient comes back to {about.block}"


def _later(about: StepInMoment) -> Iterator[Activated]:
    """The activations in later levels than that of the step."""
    levels = about.model.forward.level_of_block
    own = levels[about.step.block or 0]
    return (found for found in activated_in(about.model) if levels[found.block] > own)


def _slope(about: StepInMoment, at: Activated) -> float:
    return about.known(f"d{at.name}/d{at.z}")
