"""An update done in a wrong way, step by step with its values, and the numerical gradient as judge of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Literal

from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import Name, names_in
from tinynet_tui.engine.model import Setup, Values, batch_setup
from tinynet_tui.engine.names import of_derivative
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import Point, evaluation
from tinynet_tui.experiments.gradients import numerical_gradient
from tinynet_tui.experiments.variants import WRONG_WAYS

_SHARP = 10.0
"""Two gradients must differ by this many times the judge's uncertainty for it to tell which is right."""

Quantity = tuple[str, int | None]
"""A name, and the sample (from 1) that it belongs to, or None for the whole batch."""


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
    def verdict(self) -> Literal["right", "same", "open"]:
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
        number = self.right.program.number_of(step.name, step.sample)
        rewritten = step.expression != self.right.program.step(number).expression
        return rewritten or any(self.is_new(place, name) for name in names_in(step.expression))

    def rule(self, name: str, sample: int) -> int | None:
        """The place of the last changed step that a parameter's gradient for a sample follows from: of one
        that counts, if there is any."""
        changed = self._changed(name, sample)
        return next(filter(self._counts, changed), next(iter(changed), None))

    def rules(self, name: str, sample: int) -> tuple[int, ...]:
        """The places of all changed steps that count, and that a parameter's gradient follows from."""
        return tuple(reversed([*filter(self._counts, self._changed(name, sample))]))

    def _changed(self, name: str, sample: int) -> list[int]:
        """The places of the changed steps that a parameter's gradient of a sample follows from, backwards."""
        wanted, found = {f"dL/d{name}"}, list[int]()
        for place in reversed(range(len(self.steps))):
            step = self.step(place)
            if step.name in wanted and step.sample == sample:
                if self.is_changed(place):
                    found.append(place)
                wanted |= {read.name for read in names_in(step.expression)}
        return found

    def _counts(self, place: int) -> bool:
        """Whether a step's value is another one that gets on to any gradient: −y / ŷ stays 0 where y is 0,
        and a local derivative may meet a gradient of 0."""
        step = self.step(place)
        number = self.right.program.number(step.name, step.sample)
        if number is not None and self.values[place] == self.right.value(number):
            return False
        derivative = of_derivative(step.name)
        if step.role != "local" or derivative is None:
            return True
        arrived = self.place(f"dL/d{derivative[0]}", step.sample)
        return arrived is None or self.values[arrived] != 0

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
    state, _ = now.setup.model.optimiser.direction(name)
    follows = {name, *(number for number, _ in state)}

    def read(at: int, quantity: Name) -> float:
        return changed[quantity.name] if quantity.name in changed else now.value_of(at, quantity)

    for step in now.program.closing_steps:
        if step.name in follows:
            changed[step.name] = value(step.expression, partial(read, now.program.number_of(step.name)))
    return AccumulatedGradient(left, own, changed.get(name))
