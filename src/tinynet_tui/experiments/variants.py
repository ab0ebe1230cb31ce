"""The ways to do an update wrong: the right program with one rule changed, and why that is wrong.

A rule is changed by writing some steps anew, or by doing the same steps in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from tinynet_tui.engine.expression_reading import terms_of, value
from tinynet_tui.engine.expressions import (
    ONE,
    ZERO,
    Apply,
    Expr,
    Name,
    Number,
    add,
    apply,
    negative,
)
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step, sample_steps
from tinynet_tui.engine.trace import Trace
from tinynet_tui.rules.activations import activated_in
from tinynet_tui.rules.loss_rows import LostConstant
from tinynet_tui.rules.losses import compared_pairs, loss_of
from tinynet_tui.rules.softmax import SoftmaxPlace, softmaxes_in

MOST_STEPS = 4_000
"""An update of more steps is not done wrong: the keys wait for it, about 60 µs for each step, and are not to
wait for longer than a quarter of a second."""


def too_early(right: Trace) -> Iterator[Step]:
    """The right steps, but each level is updated before the gradient goes on to the level before it."""
    program = right.program
    levels = program.model.forward.level_of_block
    samples = [step for step in program.steps() if step.sample is not None]
    yield from (step for step in samples if step.phase != "backward")
    backward = [step for step in samples if step.phase == "backward"]
    closing = [step for step in program.closing_steps if step.role != "check"]
    for level in (None, *reversed(range(len(program.model.forward.levels)))):
        for steps in (backward, closing):
            yield from (s for s in steps if (None if s.block is None else levels[s.block]) == level)


def without_output_slope(right: Trace) -> Iterator[Step]:
    """The right steps, but the slope of the output's activation function is left out: taken as 1.

    Of a softmax its off-diagonal is: what the sum of all classes changes, taken as 0.
    """
    model = right.program.model
    outputs = [found for found in activated_in(model) if found.name in model.predictions]
    taken: dict[str, Expr] = {f"d{output.name}/d{output.z}": ONE for output in outputs}
    for place in _output_softmax(model):
        taken |= {f"d{name}/d{place.total}": ZERO for name in place.outputs}
    for step in _right_steps(right):
        yield step._replace(expression=taken.get(step.name, step.expression))


def _output_softmax(model: Model) -> list[SoftmaxPlace]:
    """The softmax that gives the predictions, if one does."""
    return [place for place in softmaxes_in(model) if place.outputs == model.predictions]


def with_paths_forgotten(right: Trace) -> Iterator[Step]:
    """The right steps, but of a sum over paths only the last term is counted, the nearest to the loss.

    Where nothing but a softmax has such sums, all terms of those are counted but the largest.
    """
    sums = _sums_over_paths(right.program.model)
    totals = {f"dL/d{place.total}" for place in softmaxes_in(right.program.model)} if not sums else set()
    for step in _right_steps(right):
        if step.sample is not None and step.name in sums:
            yield step._replace(expression=sums[step.name])
        elif step.sample is not None and step.name in totals:
            yield step._replace(expression=_without_the_largest(right, step))
        else:
            yield step


def _without_the_largest(right: Trace, step: Step) -> Expr:
    """A sum without the term that is largest in size."""
    terms = terms_of(step.expression)
    read = partial(right.value_of, right.program.number_of(step.name, step.sample))
    sizes = [abs(value(term, read)) for term in terms]
    largest = sizes.index(max(sizes))
    return add(*terms[:largest], *terms[largest + 1 :]) if len(terms) > 1 else step.expression


@lru_cache(maxsize=8)
def _sums_over_paths(model: Model) -> Mapping[str, Expr]:
    """The last term of each gradient that is a sum over places where something is read: of the parameters,
    or where each of them is read in one place, of the quantities, but for those of softmax."""
    of_softmax = {name for place in softmaxes_in(model) for name in (place.total, *place.exponentials)}
    of_parameters, of_quantities = dict[str, Expr](), dict[str, Expr]()
    for step in sample_steps(model):
        match step.role, step.expression:
            case "gradient", Apply("add", (*_, Apply("multiply", (Name(), Name(local))) as last)):
                read = step.name.removeprefix("dL/d")
                if local.endswith(f"/d{read}") and read not in of_softmax:
                    found = of_parameters if read in model.parameter_names else of_quantities
                    found[step.name] = last
    return of_parameters or of_quantities


def _shares_a_parameter(model: Model) -> bool:
    """Whether a parameter is read in several places."""
    return not {f"dL/d{name}" for name in model.parameter_names}.isdisjoint(_sums_over_paths(model))


def without_constant(right: Trace) -> Iterator[Step]:
    """The right steps, but the 2 of a square is forgotten, or the ½ of a loss that has one."""
    loss = loss_of(right.program.model)
    return _begun_with(right, loss.lost_constant.without if loss is not None else _without_number)


def _without_number(expr: Expr) -> Expr:
    """A product without the number that it begins with."""
    match expr:
        case Apply("multiply", (Number(), first, *others)):
            return apply("multiply", first, *others) if others else first
    return expr


def with_wrong_sign(right: Trace) -> Iterator[Step]:
    """The right steps, but with y − ŷ in place of the error ŷ − y."""
    return _begun_with(right, _turned)


def _begun_with(right: Trace, changed: Callable[[Expr], Expr]) -> Iterator[Step]:
    """The right steps, but for the formulas that begin the way back."""
    for step in _right_steps(right):
        begins = _begins_backward(step, right.program.model)
        yield step._replace(expression=changed(step.expression)) if begins else step


def _right_steps(right: Trace) -> Iterator[Step]:
    return (step for step in right.program.steps() if step.role != "check")


def _begins_backward(step: Step, model: Model) -> bool:
    """Whether a step gives ∂L/∂ŷ."""
    return step.name in [f"dL/d{prediction}" for prediction in model.predictions]


def _turned(expr: Expr) -> Expr:
    """An expression with the terms of its differences of two names changed over, or else its negative."""
    turned = _with_differences_turned(expr)
    return negative(expr) if turned == expr else turned


def _with_differences_turned(expr: Expr) -> Expr:
    match expr:
        case Apply("subtract", (Name() as left, Name() as right)):
            return Apply("subtract", (right, left))
        case Apply(operation, arguments):
            return Apply(operation, tuple(map(_with_differences_turned, arguments)))
    return expr


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to do an update wrong, in steps and in words."""

    title: Callable[[Model], str]
    """What goes wrong, in a few words."""
    steps: Callable[[Trace], Iterator[Step]]
    """Those of the right update but the check, done wrong."""
    why: Callable[[Model], str]
    """Why that is wrong."""
    never: Callable[[Model], str]
    """Why it makes no difference to such a model at all; empty where it may."""
    same: str
    """Why it makes none to a gradient that is not 0; empty where the weights on the way say that."""


def _lost_constant(words: Callable[[LostConstant], str], else_words: str) -> Callable[[Model], str]:
    """What there is to say of the constant that a model's loss has in its derivative."""

    def said(model: Model) -> str:
        loss = loss_of(model)
        return words(loss.lost_constant) if loss is not None else else_words

    return said


_why_the_constant_counts = _lost_constant(
    lambda lost: lost.why, "A constant factor of the loss is in {what}."
)


def _has_no_constant(model: Model) -> str:
    """Where the loss is a formula of its own: that no way back from it begins with a number, if none does."""
    first = [step.expression for step in sample_steps(model) if _begins_backward(step, model)]
    has_one = any(_without_number(expression) != expression for expression in first)
    return (
        ""
        if has_one
        else "No difference: here no derivative of L by an output begins with a constant factor."
    )


def _output_and_target(model: Model) -> tuple[str, str] | None:
    """The letters of the pair that the loss compares, ŷ and y for several; None where it compares none."""
    named = compared_pairs(model)
    if model.loss is None and not named:
        return None
    if len(named) != 1:
        return "ŷ", "y"
    output, target = named[0]
    return symbol(output), symbol(target)


def _error_turned(model: Model) -> str:
    """What the wrong sign puts in place of the error, by the names that a model has for it."""
    compared = _output_and_target(model)
    if compared is None or _own_slope(model):
        return "the sign turned where backward begins"
    output, target = compared
    return f"{target} − {output} in place of {output} − {target}"


def _own_slope(model: Model) -> str:
    """What there is to say of the sign of ∂L/∂ŷ, where that is not the one of the error."""
    loss = loss_of(model)
    return loss.words.slope if loss is not None else ""


def _why_the_sign_counts(model: Model) -> str:
    if own := _own_slope(model):
        return own
    compared = _output_and_target(model)
    if compared is None:
        return "The way back begins with the slope of L: its sign is in every chain."
    output, target = compared
    return f"Above {target}, L rises with {output}: its slope has the sign of {output} − {target}."


def _why_the_output_counts(model: Model) -> str:
    if _output_softmax(model):
        total = symbol(_output_softmax(model)[0].total)
        return f"Each class changes {total}, and {total} every ŷ: these paths are in every chain."
    nouns = (found.function.noun for found in activated_in(model) if found.name in model.predictions)
    return f"ŷ goes through {next(nouns, 'formulas of its own')}: its slope is in every chain."


WRONG_WAYS: dict[str, Variant] = {
    "too early": Variant(
        title=lambda model: f"a {model.noun} updated too early",
        steps=too_early,
        why=lambda model: f"This L came from the old {model.noun}s: a mix of old and new is not its slope.",
        never=lambda _model: "",
        same="",
    ),
    "output slope": Variant(
        title=lambda model: (
            "softmax's off-diagonal left out"
            if _output_softmax(model)
            else "the slope of the output left out"
        ),
        steps=without_output_slope,
        why=_why_the_output_counts,
        never=lambda model: (
            ""
            if _output_softmax(model) or {found.name for found in activated_in(model)} & {*model.predictions}
            else "No difference: no activation function gives the output here."
        ),
        same="No difference here: the slope is 1, which changes nothing.",
    ),
    "path": Variant(
        title=lambda model: (
            f"a shared {model.noun} counted once" if _shares_a_parameter(model) else "a path forgotten"
        ),
        steps=with_paths_forgotten,
        why=lambda model: (
            "It changes L from each place where it is read: all of them count."
            if _shares_a_parameter(model)
            else "It changes L along each of its paths: all of them count."
        ),
        never=lambda model: (
            ""
            if _sums_over_paths(model) or softmaxes_in(model)
            else f"No difference: each {model.noun} has one path to L here."
        ),
        same="No difference here: no path is left out, or what is left out brings 0.",
    ),
    "constant": Variant(
        title=_lost_constant(lambda lost: lost.title, "a constant factor forgotten"),
        steps=without_constant,
        why=lambda model: _why_the_constant_counts(model).format(
            what="what comes from the loss" if model.penalties else "every gradient"
        ),
        never=lambda model: (
            loss.lost_constant.no_difference if (loss := loss_of(model)) else _has_no_constant(model)
        ),
        same="",
    ),
    "sign": Variant(
        title=_error_turned,
        steps=with_wrong_sign,
        why=_why_the_sign_counts,
        never=lambda model: "" if model.predictions else "No difference: L reads parameters alone here.",
        same="",
    ),
}
"""The wrong ways, by the names that a session has for them."""
