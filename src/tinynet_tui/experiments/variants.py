"""The update done wrong: the right program with one rule changed, and the numerical gradient as judge.

A rule is changed by writing some steps anew, or by doing the same steps in another order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Literal

from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import (
    ONE,
    ZERO,
    Apply,
    Expr,
    Name,
    Number,
    add,
    apply,
    names_in,
    negative,
)
from tinynet_tui.engine.model import Model, Setup, Values, batch_setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step, sample_steps
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import Point, evaluation
from tinynet_tui.experiments.gradients import numerical_gradient
from tinynet_tui.networks.dense import Network
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
    number = right.program.number(step.name, step.sample)
    assert number is not None, "a step has a number"
    match step.expression:
        case Apply("add", terms):
            sizes = [abs(value(term, partial(right.value_of, number))) for term in terms]
            largest = sizes.index(max(sizes))
            return add(*terms[:largest], *terms[largest + 1 :])
    return step.expression


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
    without = loss.lost_constant.without if loss is not None else _without_number
    for step in _right_steps(right):
        begins = _begins_backward(step, right.program.model)
        yield step._replace(expression=without(step.expression)) if begins else step


def _without_number(expr: Expr) -> Expr:
    """A product without the number that it begins with."""
    match expr:
        case Apply("multiply", (Number(), first, *others)):
            return apply("multiply", first, *others) if others else first
    return expr


def with_wrong_sign(right: Trace) -> Iterator[Step]:
    """The right steps, but with y − ŷ in place of the error ŷ − y."""
    for step in _right_steps(right):
        is_first = _begins_backward(step, right.program.model)
        yield step._replace(expression=_turned(step.expression)) if is_first else step


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


def _has_no_constant(model: Model) -> str:
    """Where the loss is a formula of its own: that no way back from it begins with a number, if none does."""
    first = [step.expression for step in sample_steps(model) if _begins_backward(step, model)]
    has_one = any(_without_number(expression) != expression for expression in first)
    return (
        ""
        if has_one
        else "No difference: here no derivative of L by an output begins with a constant factor."
    )


def noun_of_parameters(model: Model) -> str:
    """What parameters are called: of formulas nobody knows whether they are weights."""
    return "weight" if isinstance(model.source, Network) else "parameter"


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
    if compared is None:
        return "the sign turned where the way back begins"
    output, target = compared
    return f"{target} − {output} in place of {output} − {target}"


def _why_the_sign_counts(model: Model) -> str:
    compared = _output_and_target(model)
    if compared is None:
        return "The way back begins with the slope of L: its sign is in every gradient."
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
        title=lambda model: f"a {noun_of_parameters(model)} updated too early",
        steps=too_early,
        why=lambda model: (
            f"This L came from the old {noun_of_parameters(model)}s: a mix of old and new is not its slope."
        ),
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
            "a shared weight counted once" if _shares_a_parameter(model) else "a path forgotten"
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
            else f"No difference: each {noun_of_parameters(model)} has one path to L here."
        ),
        same="No difference here: no path is left out, or what is left out brings 0.",
    ),
    "constant": Variant(
        title=_lost_constant(lambda lost: lost.title, "a constant factor forgotten"),
        steps=without_constant,
        why=_lost_constant(lambda lost: lost.why, "A constant factor of the loss is in every gradient."),
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

_SHARP = 10.0
"""Two gradients must differ by this many times the judge's uncertainty for it to tell which is right."""

Quantity = tuple[str, int | None]
"""A name, and the sample (from 1) that it belongs to, or None for the whole batch."""
Verdict = Literal["right", "same", "open"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A parameter's gradient by the right rule and by the wrong one, and what differences of the loss say."""

    name: str
    """"w5"."""
    right: float
    wrong: float
    numeric: float
    """∂L/∂p from differences of the loss."""
    uncertainty: float
    """How far off that may be, by its own estimate."""

    @property
    def verdict(self) -> Verdict:
        """right: the numerical gradient is the right one; same: the rules do not differ here; open: it is not
        exact enough to tell, as where a ReLU opens or shuts."""
        if self.right == self.wrong:
            return "same"
        sharp = self.uncertainty <= abs(self.right - self.wrong) / _SHARP
        return "right" if sharp and abs(self.right - self.numeric) <= self.uncertainty else "open"


@dataclass(frozen=True, slots=True)
class WrongUpdate:
    """An update done in a wrong way, every step with its value."""

    variant: str
    """A key of `WRONG_WAYS`."""
    right: Trace
    """The same update as it should be."""
    steps: tuple[Step, ...]
    """In the order in which they are done; the check is not among them."""
    places: Mapping[Quantity, int]
    """Where (from 0) each quantity is assigned."""
    given: Mapping[int, Mapping[str, float]]
    """What is known before, by sample."""
    values: Values
    """Of each step."""

    def _assigned(self, place: int, name: str, sample: int | None) -> int | None:
        """The place before another one at which a quantity is assigned, or None."""
        found = self.places.get((name, sample))
        return found if found is not None and found < place else None

    def place(self, name: str, sample: int | None = None) -> int | None:
        """Where (from 0) a name is assigned for a sample; without one, for the batch. As `Program.number`."""
        samples = self.right.program.samples
        place = self.places.get((name, sample))
        return self.places.get((name, samples[0])) if place is None and len(samples) == 1 else place

    def step(self, place: int) -> Step:
        """The step at a place (from 0)."""
        return self.steps[place]

    def gradient(self, name: str) -> float:
        """∂L/∂p of a parameter."""
        place = self.place(f"dL/d{name}")
        assert place is not None, "every parameter has a gradient"
        return self.values[place]

    def value_of(self, place: int, name: Name) -> float:
        """The value that the step at a place reads under a name, of those assigned before it."""

        def before(quantity: Quantity) -> float | None:
            assigned = self._assigned(place, *quantity)
            return None if assigned is None else self.values[assigned]

        return _value_read(self.steps[place], name, before, self.given)

    def is_new(self, place: int, name: Name) -> bool:
        """Whether what the step at a place reads is a parameter that has been updated already."""
        # Backward reads nothing else that belongs to the whole batch.
        is_backward = self.step(place).phase == "backward" and name.sample is None
        return is_backward and self._assigned(place, name.name, None) is not None

    def is_changed(self, place: int) -> bool:
        """Whether the wrong rule is at work in a step: it is written anew, or reads a new parameter."""
        step = self.step(place)
        number = self.right.program.number(step.name, step.sample)
        assert number is not None, "a wrong program assigns what the right one does"
        rewritten = step.expression != self.right.program.step(number).expression
        return rewritten or any(self.is_new(place, name) for name in names_in(step.expression))

    def rule(self, name: str, sample: int) -> int | None:
        """The place of the last changed step that a parameter's gradient for a sample follows from: of one
        that counts, if there is any."""
        wanted, idle = {f"dL/d{name}"}, None
        for place in reversed(range(len(self.steps))):
            step = self.step(place)
            if step.name in wanted and step.sample == sample:
                if self.is_changed(place):
                    if self._counts(step):
                        return place
                    idle = place if idle is None else idle
                wanted |= {read.name for read in names_in(step.expression)}
        return idle

    def _counts(self, step: Step) -> bool:
        """Whether a step's value gets on to any gradient: a local derivative may meet one of 0."""
        arrived = self.place(f"dL/d{step.name.split('/')[0][1:]}", step.sample)
        return step.role != "local" or arrived is None or self.values[arrived] != 0

    @property
    def parameters_after(self) -> Values:
        """The parameters after the update, in the order of the model's; a frozen one keeps its value."""
        start = self.right.start.parameters
        places = (self.places.get((name, None)) for name in self.right.setup.model.parameter_names)
        return tuple(
            old if place is None else self.values[place] for place, old in zip(places, start, strict=True)
        )

    @property
    def loss_after(self) -> float:
        """The batch's loss with the parameters after the update."""
        return evaluation(batch_of(self.right), self.parameters_after).loss


def _value_read(
    step: Step,
    name: Name,
    before: Callable[[Quantity], float | None],
    given: Mapping[int, Mapping[str, float]],
) -> float:
    """What a step reads under a name: what was assigned before it, or else what is given, by sample."""
    first = next(iter(given))
    own: tuple[int | None, ...] = (None, first) if step.sample is None else (step.sample, None)
    for sample in own if name.sample is None else (name.sample,):
        assigned = before((name.name, sample))
        if assigned is not None:
            return assigned
    return given[name.sample or step.sample or first][name.name]


@lru_cache(maxsize=8)
def wrong_update(setup: Setup, start: Point, variant: str) -> WrongUpdate:
    """An update of a variant, run from a point of training."""
    right = trace(setup, start)
    steps = tuple(WRONG_WAYS[variant].steps(right))
    places = {(step.name, step.sample): place for place, step in enumerate(steps)}
    given = {sample: dict(right.given(sample)) for sample in right.program.samples}
    assigned: dict[Quantity, float] = {}
    for step in steps:
        read = partial(_value_read, step, before=assigned.get, given=given)
        assigned[step.name, step.sample] = value(step.expression, read)
    return WrongUpdate(variant, right, steps, places, given, tuple(assigned.values()))


def batch_of(right: Trace) -> Setup:
    """The numbers that an update learns from: its own samples, and the parameters before it."""
    return replace(batch_setup(right.setup, right.start.update), parameters=right.start.parameters)


@lru_cache(maxsize=32)
def judgement(setup: Setup, start: Point, variant: str, name: str) -> Judgement:
    """The judgement on a parameter's gradient in an update of a variant."""
    wrong = wrong_update(setup, start, variant)
    numeric, uncertainty = numerical_gradient(batch_of(wrong.right), name)
    return Judgement(name, wrong.right.gradient(name) + 0.0, wrong.gradient(name) + 0.0, numeric, uncertainty)


@dataclass(frozen=True, slots=True)
class AccumulatedGradient:
    """A parameter in an update in which the gradient of the update before was left in .grad."""

    left: float
    """What the update before left there."""
    own: float
    """This update's gradient."""
    parameter: float | None
    """What the parameter becomes with both; None for one that is frozen."""

    @property
    def held(self) -> float:
        """What .grad holds then."""
        return self.left + self.own


def accumulated_gradient(before: Trace, now: Trace, name: str) -> AccumulatedGradient:
    """A parameter's update, had zero_grad() been left out between two updates."""
    left, own = before.gradient(name), now.gradient(name)
    changed = {f"dL/d{name}": left + own}
    state, _ = now.setup.model.optimizer.direction(name)
    follows = {name, *(number for number, _ in state)}

    def read(at: int, quantity: Name) -> float:
        return changed[quantity.name] if quantity.name in changed else now.value_of(at, quantity)

    for step in now.program.closing_steps:
        if step.name in follows:
            at = now.program.number(step.name)
            assert at is not None, "a step has a number"
            changed[step.name] = value(step.expression, partial(read, at))
    return AccumulatedGradient(left, own, changed.get(name))
