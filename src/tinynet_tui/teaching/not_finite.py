"""The words where a step comes to inf or nan: which number it took that from, or how it came about."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isinf

from tinynet_tui.engine.expressions import names_in
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.walks import letter
from tinynet_tui.teaching.step_in_moment import StepInMoment


def not_finite_sentences(about: StepInMoment) -> Iterator[str]:
    """Why a step's value is inf or nan."""
    value = about.text(about.value)
    read = {name: about.read(name) for name in names_in(about.step.expression)}
    source = next((name for name, number in read.items() if not isfinite(number)), None)
    if source is None and _is_cross_entropy(about):
        yield from _saturated(about, value)
    elif source is None:
        because = f"It is {value}: the number is too large for 64 bits."
        yield f"{because} Training has diverged." if about.step.role == "update" else because
    elif isinf(read[source]) and 0 in read.values():
        yield f"It is {value}: {about.text(read[source])} · 0 has no value."
        if _is_cross_entropy(about):
            at = symbol(about.bottom)
            yield f"With exact numbers ∂L/∂{at} is {_exact(about)}: σ′ would cancel the inf."
            yield "PyTorch's BCEWithLogitsLoss takes σ and the loss together, and gets that number."
    else:
        because = f"It is {value}, because {letter(source)} is {about.text(read[source])}"
        # Where σ is saturated nothing has diverged; that is so only where a parameter was inf or nan before.
        yield f"{because}: training has diverged." if about.has_diverged else f"{because}."


def _is_cross_entropy(about: StepInMoment) -> bool:
    """Whether the step is the loss of cross-entropy, or the way back from it through the σ of an output."""
    if about.loss is None or not about.loss.has_logarithm:
        return False
    is_on_the_way = about.step.role == "gradient" and about.parameter is None and about.output is not None
    return about.step.role == "loss" or is_on_the_way


def _saturated(about: StepInMoment, value: str) -> Iterator[str]:
    """The loss, and its derivative, where σ is rounded to the answer that the target rules out."""
    pairs = [(p, y) for p, y in about.pairs if p in (0.0, 1.0) and p != y]
    if about.step.role == "gradient" and about.output is not None:
        pairs = [about.output]
    prediction, target = map(about.text, pairs[0])
    yield f"It is {value}: σ is rounded to exactly {prediction}, the target is {target}."
    if about.step.role == "loss":
        yield "Then ln(0) = −inf is part of the loss. PyTorch's BCELoss stops at 100 instead."
    else:
        yield "Then the derivative of ln(0) is part of the gradient: a division by 0."


def _exact(about: StepInMoment) -> str:
    """What the gradient at the sum of an output's σ is: ŷ − y, shared by the outputs."""
    assert about.output is not None, "it is at an output"
    prediction, target = about.output
    outputs = len(about.pairs)
    exact = about.text((prediction - target) / outputs)
    return f"ŷ − y = {exact}" if outputs == 1 else f"(ŷ − y) / {outputs} = {exact}"
