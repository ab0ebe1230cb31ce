"""A step in its moment: what sentences about it look up."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.forward import Block, Parameter
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.walks import limits
from tinynet_tui.networks.dense import Network
from tinynet_tui.rules.activations import Activation, NeuronAt, activation_of
from tinynet_tui.rules.losses import LOSSES, Loss
from tinynet_tui.rules.optimisers import Optimiser
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.numbers import shown, sign_and_number


@dataclass(frozen=True, slots=True)
class StepInMoment:
    """A step in its moment, with the lookups that sentences need."""

    moment: Moment
    step: Step

    def number(self, name: str) -> str:
        """A known value as it stands in a sentence."""
        return self.text(self.known(name))

    def text(self, value: float) -> str:
        """A number as it stands in a sentence."""
        return shown(value, min(self.moment.session.digits, 8))

    def equals(self, value: float) -> str:
        """A number as it stands after a name in a sentence: = 0.5, or ≈ 0.5933 where it is rounded."""
        return sign_and_number(value, min(self.moment.session.digits, 8))

    def known(self, name: str) -> float:
        """A value that the step has or has read."""
        value = self.moment.value(name)
        assert value is not None, f"{name} is known at {self.step.name}"
        return value

    @property
    def value(self) -> float:
        """What the step assigns."""
        return self.moment.trace.value(self.moment.session.step)

    @property
    def block(self) -> Block:
        """The block that it is about, such as a neuron."""
        assert self.step.block is not None, f"{self.step.name} is about a block"
        return self.moment.model.forward.blocks[self.step.block]

    @property
    def neuron(self) -> str:
        """The neuron it is about: node 1."""
        return self.block.title

    @property
    def z(self) -> str:
        """The name of that neuron's pre-activation."""
        return self.block.assignments[0].name

    @property
    def output(self) -> str:
        """The name of what comes out of that neuron."""
        return self.block.assignments[-1].name

    @property
    def activation(self) -> Activation:
        """That neuron's activation function."""
        activation = activation_of(self.block)
        assert activation is not None, f"{self.step.name} is about a neuron"
        return activation

    @property
    def loss(self) -> Loss | None:
        """The row of the loss; None where it is a lesson's own formula."""
        source = self.moment.model.source
        return LOSSES[source.loss] if isinstance(source, Network) else None

    @property
    def optimiser(self) -> Optimiser:
        """The optimiser."""
        row = self.moment.model.optimizer
        assert isinstance(row, Optimiser), "models are trained by the rows of the optimisers"
        return row

    @property
    def neuron_at(self) -> NeuronAt:
        """That neuron as the words of its activation function see it."""
        z = self.known(self.z)
        return NeuronAt(
            title=self.neuron,
            z=z,
            value=self.value,
            sum_name=symbol(self.z),
            output_name=symbol(self.output),
            sum_equals=self.equals(z),
            sum_text=self.text(z),
            value_text=self.text(self.value),
            dead=self._dead_words,
        )

    @property
    def _dead_words(self) -> str:
        """How dead that neuron is if it is: for this sample, or for all."""
        dead = self.moment.dead(self.z)
        if dead == "for all samples" and len(self.moment.setup.inputs) == 1:
            return "for the only sample there is"
        return dead or "for this sample"

    @property
    def reads(self) -> tuple[str, ...]:
        """The names that the step reads."""
        return self.moment.trace.reads(self.moment.session.step)

    @property
    def top(self) -> str:
        """The numerator of a derivative, by name."""
        return self.step.name.split("/")[0][1:]

    @property
    def bottom(self) -> str:
        """The denominator of a derivative, by name."""
        return self.step.name.split("/")[1][1:]

    @property
    def is_of_parameter(self) -> bool:
        """Whether a gradient is that of a parameter."""
        return self.bottom in self.moment.model.parameter_names

    @property
    def parameter(self) -> Parameter:
        """The parameter whose gradient it is."""
        model = self.moment.model
        return model.parameters[model.parameter_names.index(self.bottom)]

    @property
    def pairs(self) -> tuple[tuple[float, float], ...]:
        """(prediction, target) of each output, once they are known."""
        model = self.moment.model
        return tuple(zip(map(self.known, model.predictions), map(self.known, model.targets), strict=True))

    @property
    def own_pair(self) -> tuple[float, float] | None:
        """(prediction, target) where the block gives an output; else None."""
        predictions = self.moment.model.predictions
        return self.pairs[predictions.index(self.output)] if self.output in predictions else None

    @property
    def is_error_zero(self) -> bool:
        """Whether every output is exactly on its target."""
        return all(prediction == target for prediction, target in self.pairs)

    @property
    def is_output_on_target(self) -> bool:
        """Whether the neuron is an output whose prediction is exactly its target."""
        own = self.own_pair
        return own is not None and own[0] == own[1]

    @property
    def has_diverged(self) -> bool:
        """Whether a parameter was inf or nan before this update."""
        return not all(map(isfinite, self.moment.trace.start.parameters))

    @property
    def multiplied(self) -> str:
        """What a gradient's local derivative is: the input that a weight multiplies, or the weight itself.

        Example: x₁ in ∂z₁/∂w₁ = x₁.
        """
        number = self.moment.program.number(self.reads[1], self.step.sample)
        assert number is not None, "a product's factors are steps"
        return symbol(self.moment.trace.reads(number)[0])

    @property
    def limits(self) -> tuple[str, ...]:
        """The operations of the step's formula whose value is a limit here: xlogy, where it is 0 · ln(0)."""
        return limits(self.step.expression, self.read)

    def read(self, name: Name) -> float:
        """The value that the step reads under a name: for an update the old one."""
        return self.moment.trace.value_of(self.moment.session.step, name)
