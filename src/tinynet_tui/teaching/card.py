"""The card at the end of an update: what came of it, for whoever has just gone through all of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isclose, isfinite

from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.forward import listed
from tinynet_tui.teaching.numbers import difference, ends_and_size, shown, signed

_NAMED = 3
"""Parameters that one sentence names; of more it says how many."""
_LISTED = 9
"""Gradients that are listed by size."""


def card(moment: Moment, digits: int) -> Iterator[str]:
    """What came of an update that has moved something: the loss, the gradients by size, who moved most."""
    trace, model = moment.trace, moment.model
    change = difference(trace.loss_after, trace.loss_before)
    said, promised = "the gradients promised", trace.promised
    size = shown(abs(promised), digits)
    whole = "no change" if promised == 0 else f"a {'rise' if promised > 0 else 'fall'} of {size}"
    if change == 0:
        yield f"L stays {shown(trace.loss_after, digits)}, to the last digit; {said} {whole}."
    else:
        old, new, by = ends_and_size(trace.loss_before, trace.loss_after, digits)
        went = f"it {'rose' if change > 0 else 'fell'} by {by}"
        came = f", though {said} {whole}" if change * promised <= 0 else f"; {said} {size}"
        yield f"L {old} → {new}: {went}{came}."
    yield from _sizes(moment, digits)
    formula = f"That promise is {promise_words(model)}; in books {promise_formula(model)}."
    yield f"{formula} {how_it_came(change, trace.promised)}"


def promise_formula(model: Model) -> str:
    """How the change of the loss that the gradient promises is computed."""
    return "−η‖∇L‖²" if optimiser_of(model).is_plain else "Σ ∂L/∂p · Δp"


def promise_words(model: Model) -> str:
    """What that formula says."""
    if not optimiser_of(model).is_plain:
        return "each gradient times the change of its parameter, added up"
    of = "" if len(model.trained_parameters) == len(model.parameters) else " of a trained parameter"
    return f"each gradient g{of} times its step −η · g, added up"


def how_it_came(change: float, promised: float) -> str:
    """How the loss went, beside what the slope at the start of the step promised."""
    if change == promised:
        return "It was kept."
    return f"The slope changes on the way: L {_went(change, promised)}."


def _went(change: float, promised: float) -> str:
    """How the loss went where it did not go as promised."""
    if change == 0:
        return "stayed the same"
    word = "rose" if change > 0 else "fell"
    if change * promised <= 0:
        return f"{word} instead"
    return f"{word} by {'more' if abs(change) > abs(promised) else 'less'}"


def _sizes(moment: Moment, digits: int) -> Iterator[str]:
    """Whose gradient was largest, who moved most, who did not move, and all gradients by their size."""
    trace, trained = moment.trace, {parameter.name for parameter in moment.model.trained_parameters}
    values = zip(trace.start.parameters, trace.parameters_after, strict=True)
    changes = {
        name: difference(new, old)
        for name, (old, new) in zip(moment.model.parameter_names, values, strict=True)
        if name in trained
    }
    gradients = {name: trace.gradient(name) for name in changes}
    if not all(map(isfinite, (*gradients.values(), *changes.values()))):
        return
    by_size = sorted(gradients, key=lambda name: -abs(gradients[name]))
    largest = _all_as_large(gradients, by_size[0])
    moved = _all_as_large(changes, max(changes, key=lambda name: abs(changes[name])))
    size = shown(gradients[by_size[0]] if len(largest) == 1 else abs(gradients[by_size[0]]), digits)
    step = signed(changes[moved[0]], digits) if len(moved) == 1 else shown(abs(changes[moved[0]]), digits)
    plural = "" if len(largest) == 1 else "s"
    who = "" if moved == largest else f"; {_listed(moved)}"
    verb = ", and moved most" if moved == largest else " moved most"
    if gradients[by_size[0]] == 0:
        yield f"Every gradient is 0; {_listed(moved)} moved most, by {step}."
        return
    frozen = (trace.gradient(p.name) for p in moment.model.parameters if p.name not in trained)
    among = (
        "Among the trained parameters, "
        if any(abs(found) > abs(gradients[by_size[0]]) for found in frozen)
        else ""
    )
    yield f"{among}{_listed(largest)} had the largest gradient{plural} in size, {size}{who}{verb}, by {step}."
    still = [name for name in changes if gradients[name] == 0 == changes[name]]
    if still:
        yield f"{_listed(still)} had a gradient of 0 and did not move."
    if len(by_size) > 1:
        listed = ", ".join(f"{symbol(name)} {shown(gradients[name], digits)}" for name in by_size[:_LISTED])
        rest = len(by_size) - _LISTED
        whose, more = "Their" if among else "The", f" … and {rest:,} more" if rest > 0 else ""
        yield f"{whose} gradients by size: {listed}{more}."


def _all_as_large(numbers: dict[str, float], name: str) -> list[str]:
    return [
        other for other, number in numbers.items() if isclose(abs(number), abs(numbers[name]), rel_tol=1e-6)
    ]


def _listed(names: Sequence[str]) -> str:
    """Names in a sentence: w₅, w₆ and b₃; of many, how many."""
    if len(names) > _NAMED:
        return f"{len(names):,} parameters"
    return listed(names)


def what_next(moment: Moment, keys: Keys) -> str:
    """What to do after an update, with the keys for it."""
    trace = moment.trace
    go, wrong, experiments, start, other = map(keys.of, ("next", "variants", "experiments", "random", "open"))
    if trace.loss_before != 0 and trace.parameters_after == trace.start.parameters:
        return f"Next: {start} starts from other {moment.model.noun}s, {experiments} shows when this happens."
    if trace.loss_after > trace.loss_before:
        return f"Next: {experiments} tries smaller learning rates side by side, {go} goes on."
    return f"Next: {go} on, {wrong} a wrong way, {experiments} learning rates, {other} another lesson."
