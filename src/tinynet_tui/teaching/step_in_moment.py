"""A step in its moment: what sentences about it look up."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.walks import limits
from tinynet_tui.networks.dense import activation_name, pre_activation_name, target_name
from tinynet_tui.rules.activations import ACTIVATIONS, Activation, NeuronAt
from tinynet_tui.rules.losses import LOSSES, Loss
from tinynet_tui.rules.optimisers import OPTIMISERS, Optimiser
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
    def place(self) -> tuple[int, int]:
        """The layer and number of the neuron it is about."""
        layer, neuron = self.step.of.layer, self.step.of.neuron
        assert layer is not None, f"{self.step.name} is about a neuron"
        assert neuron is not None, f"{self.step.name} is about a neuron"
        return layer, neuron

    @property
    def neuron(self) -> str:
        """The neuron it is about: node 1."""
        layer, neuron = self.place
        return self.moment.neuron_title(layer, neuron)

    @property
    def z(self) -> str:
        """The name of that neuron's pre-activation."""
        layer, neuron = self.place
        return pre_activation_name(self.moment.network, layer, neuron)

    @property
    def activation(self) -> Activation:
        """That neuron's activation function."""
        return ACTIVATIONS[self.moment.network.activations[self.place[0] - 1]]

    @property
    def loss(self) -> Loss:
        """The loss."""
        return LOSSES[self.moment.network.loss]

    @property
    def optimiser(self) -> Optimiser:
        """The optimiser."""
        return OPTIMISERS[self.moment.network.optimizer]

    @property
    def neuron_at(self) -> NeuronAt:
        """That neuron as the words of its activation function see it."""
        z, place = self.known(self.z), self.place
        return NeuronAt(
            title=self.neuron,
            z=z,
            value=self.value,
            sum_name=symbol(self.z),
            output_name=symbol(activation_name(self.moment.network, *place)),
            sum_equals=self.equals(z),
            sum_text=self.text(z),
            value_text=self.text(self.value),
            dead=self.dead_words,
        )

    @property
    def dead_words(self) -> str:
        """How dead that neuron is if it is: for this sample, or for all."""
        dead = self.moment.dead(*self.place)
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
    def pairs(self) -> tuple[tuple[float, float], ...]:
        """(prediction, target) of each output, once they are known."""
        network = self.moment.network
        outputs = range(1, network.layers[-1] + 1)
        return tuple(
            (self.known(activation_name(network, network.depth, k)), self.known(target_name(network, k)))
            for k in outputs
        )

    @property
    def is_error_zero(self) -> bool:
        """Whether every output is exactly on its target."""
        return all(prediction == target for prediction, target in self.pairs)

    @property
    def is_output_on_target(self) -> bool:
        """Whether the neuron is an output whose prediction is exactly its target."""
        layer, neuron = self.place
        if layer != self.moment.network.depth:
            return False
        prediction, target = self.pairs[neuron - 1]
        return prediction == target

    @property
    def has_diverged(self) -> bool:
        """Whether a parameter was inf or nan before this update."""
        return not all(map(isfinite, self.moment.trace.start.parameters))

    @property
    def source(self) -> str:
        """What the weight of the step multiplies: x₁, h₂; of a bias the 1."""
        layer, number = self.step.of.layer, self.step.of.input
        assert layer is not None, f"{self.step.name} is about a parameter"
        return "1" if number is None else symbol(activation_name(self.moment.network, layer - 1, number))

    @property
    def limits(self) -> tuple[str, ...]:
        """The operations of the step's formula whose value is a limit here: xlogy, where it is 0 · ln(0)."""
        return limits(self.step.expression, self.read)

    def read(self, name: Name) -> float:
        """The value that the step reads under a name: for an update the old one."""
        return self.moment.trace.value_of(self.moment.session.step, name)
