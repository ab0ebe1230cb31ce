"""What the words for larger models, their losses and their drawing mean; "" where a model needs none."""

from __future__ import annotations

from tinynet_tui.rules.activations import activated_in
from tinynet_tui.rules.losses import loss_of
from tinynet_tui.rules.softmax import SoftmaxPlace, softmaxes_in
from tinynet_tui.teaching.meanings import Here


def _attention(here: Here) -> SoftmaxPlace | None:
    """A softmax whose shares are no predictions: it mixes something."""
    model = here.moment.model
    return next((at for at in softmaxes_in(model) if not {*at.outputs} & {*model.predictions}), None)


def softmax_means(here: Here) -> str:
    """Shares of a sum."""
    found = next(iter(softmaxes_in(here.moment.model)), None)
    if found is None:
        return ""
    return f"Powers of e, each divided by the sum of all: they add up to 1, and {here.is_(found.outputs[0])}."


def head_means(here: Here) -> str:
    """One attention."""
    found = _attention(here)
    if found is None:
        return ""
    return (
        "One attention: a query times each key is a score, softmax makes shares of the scores, and they "
        f"mix the values. {here.is_(found.outputs[0])}."
    )


def token_means(here: Here) -> str:
    """A piece of text."""
    if _attention(here) is None:
        return ""
    first = here.moment.model.inputs[0]
    return f"A piece of text, such as a word, given as a row of numbers: {here.is_(first)}."


def causal_means(here: Here) -> str:
    """No look at what comes later."""
    found = _attention(here)
    if found is None:
        return ""
    return (
        "Each token reads itself and those before it, never one that comes later. Of the last share: "
        f"{here.is_(found.outputs[-1])}."
    )


def normed_means(here: Here) -> str:
    """Brought to one size."""
    return "" if _attention(here) is None else "Divided by its own size: the mean of the squares is 1 then."


def mlp_means(here: Here) -> str:
    """Layers of neurons."""
    bent = [at for at in activated_in(here.moment.model) if at.function.name != "linear"]
    if not bent or not (here.is_of_neurons or _attention(here)):
        return ""
    return f"Layers of neurons, each of which reads all of the layer before: here {here.is_(bent[0].name)}."


def cross_entropy_means(here: Here) -> str:
    """The loss of classes, where the model's own loss has not said so already."""
    loss = loss_of(here.moment.model)
    if loss is not None and "entropy" in loss.name:
        return ""
    return "A loss for classes: −ln of the probability that the right class gets, so 0 where that is 1."


def mean_squared_error_means(here: Here) -> str:
    """The loss of numbers, where the model's own loss has not said so already."""
    loss = loss_of(here.moment.model)
    if loss is not None and "squared" in loss.name:
        return ""
    return "A loss for numbers: the mean of all squared errors; of the errors 1 and 3 it is 5."


def graph_means(here: Here) -> str:
    """What reads what."""
    count = len(here.moment.model.forward.assignments)
    return (
        f"A drawing of what reads what, with {count:,} formulas here. At its sides →4 or ↓7 says how many "
        "columns or rows are out of sight."
    )
