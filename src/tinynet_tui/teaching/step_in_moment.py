"""A step in its moment: what sentences about it look up."""

from math import isfinite
from typing import NamedTuple, assert_never

from tinynet_tui.engine.expression_reading import limits, terms_of
from tinynet_tui.engine.expressions import ONE, Expr, Name
from tinynet_tui.engine.forward import Parameter
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step
from tinynet_tui.rules.activation_rows import NeuronAt
from tinynet_tui.rules.activations import Activated, activated_in
from tinynet_tui.rules.loss_rows import Loss
from tinynet_tui.rules.losses import compared_pairs, loss_of
from tinynet_tui.rules.optimiser_rows import Optimiser
from tinynet_tui.rules.optimisers import optimiser_of
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.chain import products
from tinynet_tui.teaching.edges import edge_here
from tinynet_tui.teaching.numbers import MOST_IN_SENTENCES, shown, sign_and_number
from tinynet_tui.teaching.sample_or_batch import letter_in


class Explanation(NamedTuple):
    """The words for a moment."""

    title: str
    """What the step is, in half a line."""
    sentences: tuple[str, ...]
    """Why it is so, the most telling first."""


class StepInMoment(NamedTuple):
    """A step in its moment, with the lookups that sentences need."""

    moment: Moment
    step: Step

    @property
    def digits(self) -> int:
        """The significant digits of a number in a sentence."""
        return min(self.moment.session.digits, MOST_IN_SENTENCES)

    def text(self, value: float) -> str:
        """A number as it stands in a sentence."""
        return shown(value, self.digits)

    def equals(self, value: float) -> str:
        """A number as it stands after a name in a sentence: = 0.5, or ≈ 0.5933 where it is rounded."""
        return sign_and_number(value, self.digits)

    def edge_in(self, top: str) -> str:
        """The edge that the formula of a quantity, or of the loss, stands on by what is moved; "" of none."""
        text_of = letter_in(self.moment.program, self.step.sample)
        return edge_here(self.local(top), self.bottom, lambda name: self.known(name.name), text_of)

    def known(self, name: str) -> float:
        """A value that the step has or has read."""
        value = self.moment.value(name)
        assert value is not None, f"{name} is known at {self.step.name}"
        return value

    def read(self, name: Name) -> float:
        """The value that the step reads under a name: for an update the old one."""
        return self.moment.trace.value_of(self.moment.session.step, name)

    @property
    def value(self) -> float:
        """What the step assigns."""
        return self.moment.trace.value(self.moment.session.step)

    @property
    def reads(self) -> tuple[str, ...]:
        """The names that the step reads."""
        return self.moment.trace.reads(self.moment.session.step)

    @property
    def limits(self) -> tuple[str, ...]:
        """The operations of the step's formula whose value is a limit here: xlogy, where it is 0 · ln(0)."""
        return limits(self.step.expression, self.read)

    @property
    def has_diverged(self) -> bool:
        """Whether a parameter was inf or nan before this update."""
        return not all(map(isfinite, self.moment.trace.start.parameters))

    @property
    def model(self) -> Model:
        """What is trained."""
        return self.moment.model

    @property
    def loss(self) -> Loss | None:
        """The loss, where it is one of the usual ones."""
        return loss_of(self.model)

    @property
    def optimiser(self) -> Optimiser:
        """The optimiser."""
        return optimiser_of(self.model)

    @property
    def block(self) -> str:
        """What the block is called that the step is about: node 1."""
        assert self.step.block is not None, f"{self.step.name} is about a quantity of a block"
        return self.moment.block_title(self.step.block)

    @property
    def top(self) -> str:
        """The numerator of a derivative, by name."""
        return self.step.name.split("/")[0][1:]

    @property
    def bottom(self) -> str:
        """The denominator of a derivative, by name."""
        return self.step.name.split("/d", 1)[1]

    @property
    def parameter(self) -> Parameter | None:
        """The parameter that a derivative is by; None for any other quantity."""
        return next((found for found in self.model.parameters if found.name == self.bottom), None)

    @property
    def slope_of(self) -> Activated | None:
        """The activation whose slope a local derivative is; None for any other local derivative."""
        found = activated_in(self.model)
        return next((each for each in found if (each.name, each.z) == (self.top, self.bottom)), None)

    @property
    def paths(self) -> tuple[tuple[str, str], ...]:
        """(gradient, local derivative) of each product that a gradient is the sum of; none where the loss
        gives it."""
        return products(self.moment.program, self.step.name)

    @property
    def only_reader(self) -> str | None:
        """The one quantity that reads what a gradient is by; None where several do, or none."""
        return self.paths[0][0].removeprefix("dL/d") if len(self.paths) == 1 else None

    def local(self, name: str) -> Expr:
        """The expression of a local derivative, or of a quantity."""
        return self.moment.program.sample_step_of(name).expression

    @property
    def source(self) -> str:
        """What a parameter is multiplied by in its one reader: x₁, h₂; of a bias the 1."""
        match self.local(self.paths[0][1]):
            case Name(name):
                return symbol(name)
            case expression if expression == ONE:
                return "1"
        return symbol(self.paths[0][1])

    @property
    def point(self) -> str | None:
        """The quantity at which a gradient is: its own, or for a parameter that which alone reads it."""
        return self.only_reader if self.parameter else self.bottom

    @property
    def activated(self) -> Activated | None:
        """The activation that a step is about: the one it gives, or the one of the sum that it is at."""
        found = activated_in(self.model)
        match self.step.role:
            case "value":
                return next((each for each in found if each.name == self.step.name), None)
            case "gradient":
                return next((each for each in found if each.z == self.point), None)
            case "loss" | "local" | "state" | "update" | "check":
                return None
            case _:
                assert_never(self.step.role)

    def neuron_at(self, at: Activated) -> NeuronAt:
        """An activation as the words of its function see it."""
        z, dead = self.known(at.z), self.moment.dead(at.z)
        is_only_sample = dead == "for all samples" and len(self.moment.setup.inputs) == 1
        own = "its weights and its bias" if self.has_bias(at.z) else "its weights"
        return NeuronAt(
            title=self.moment.block_title(at.block),
            z=z,
            value=self.value,
            sum_name=symbol(at.z),
            output_name=symbol(at.name),
            sum_equals=self.equals(z),
            sum_text=self.text(z),
            value_text=self.text(self.value),
            dead="for the one sample there is" if is_only_sample else dead or "for this sample",
            parameters=own if at.is_neuron else "",
        )

    def has_bias(self, z: str) -> bool:
        """Whether a bias is added to a neuron's sum: it has a term that is no product."""
        return any(isinstance(term, Name) for term in terms_of(self.model.formulas[z]))

    @property
    def pairs(self) -> tuple[tuple[float, float], ...]:
        """(prediction, target) of each output, once they are known; none where the loss is no distance."""
        return tuple((self.known(one), self.known(other)) for one, other in compared_pairs(self.model))

    @property
    def error(self) -> str:
        """The error in letters: ŷ − y, or by the names that formulas have for them."""
        named = compared_pairs(self.model)
        return " − ".join(map(symbol, named[0])) if len(named) == 1 else "ŷ − y"

    @property
    def is_error_zero(self) -> bool:
        """Whether every output is exactly on its target."""
        return bool(self.pairs) and all(prediction == target for prediction, target in self.pairs)

    @property
    def output(self) -> tuple[float, float] | None:
        """(prediction, target) of the output that a gradient is at, or at whose sum; None elsewhere."""
        at = self.activated
        outputs = zip(compared_pairs(self.model), self.pairs, strict=True)
        return next((pair for (name, _), pair in outputs if name in (self.point, at and at.name)), None)

    @property
    def is_output_on_target(self) -> bool:
        """Whether that prediction is exactly its target."""
        return self.output is not None and self.output[0] == self.output[1]
