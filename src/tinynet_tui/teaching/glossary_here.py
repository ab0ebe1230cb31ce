"""A moment as the entries of the glossary see it."""

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.engine.expression_reading import letters
from tinynet_tui.engine.model import Model
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.rules.activations import Activated
from tinynet_tui.rules.losses import loss_of
from tinynet_tui.session.keys import Keys
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.forward import is_weighted_sum
from tinynet_tui.teaching.numbers import MOST_IN_SENTENCES, shown, sign_and_number


class Here(NamedTuple):
    """A moment as the entries see it: a parameter, what reads it, an activation."""

    moment: Moment
    parameter: str
    """The selected one, or else the first."""
    reader: str
    """The quantity that reads it, by name; the loss, where that alone does."""
    activated: Activated | None
    """The activation that the reader goes into, or else the first there is."""
    keys: Keys
    """Those of whoever reads the entries."""

    def is_(self, name: str) -> str:
        """A quantity with its value: w₁ = 1; or that it is not known yet."""
        return f"{symbol(name)} {self.equals(self.moment.value(name))}"

    def equals(self, number: float | None) -> str:
        """A number after its name: = 1, or that it is not known yet."""
        digits = min(self.moment.session.digits, MOST_IN_SENTENCES)
        return "is not known yet" if number is None else sign_and_number(number, digits)

    def number(self, number: float) -> str:
        """A number as it stands in a sentence."""
        return shown(number, min(self.moment.session.digits, MOST_IN_SENTENCES))

    def is_of(self, function: str, name: str) -> str:
        """What a function makes of a quantity, in a sentence: Of w₁ = −1 it is 0.3679."""
        known = self.moment.value(name)
        if known is None:
            return f"{self.is_(name)}."
        return f"Of {self.is_(name)} it is {self.number(OPERATIONS[function].value(known))}."

    def made(self, found: Activated) -> str:
        """What an activation function makes of its sum, in a sentence's end: of z₁ = 3 it makes h₁ = 3."""
        if self.moment.value(found.name) is None:
            return f"it makes {symbol(found.name)} of {symbol(found.z)}, but {self.is_(found.name)}."
        return f"of {self.is_(found.z)} it makes {self.is_(found.name)}."

    def both(self, found: Activated) -> str:
        """A sum and what an activation function makes of it: z₁ = 3 and h₁ = 3."""
        if self.moment.value(found.name) is not None:
            return f"{self.is_(found.z)} and {self.is_(found.name)}"
        is_open = self.moment.value(found.z) is None
        z, are = (symbol(found.z), "are") if is_open else (self.is_(found.z), "is")
        return f"{z} and {symbol(found.name)}, which {are} not known yet"

    @property
    def model(self) -> Model:
        """What is trained."""
        return self.moment.model

    @property
    def gradient(self) -> str:
        """The name of the parameter's gradient."""
        return f"dL/d{self.parameter}"

    @property
    def local(self) -> str:
        """The name of the derivative of what reads the parameter."""
        return f"d{self.reader}/d{self.parameter}" if self.reader != "L" else self.gradient

    @property
    def rate(self) -> str:
        """The learning rate."""
        return self.number(self.moment.setup.hyperparameters.learning_rate)

    @property
    def formulas(self) -> tuple[str, ...]:
        """All that is worked out forward, in letters."""
        forward = self.model.forward
        return tuple(map(letters, (*(each.expression for each in forward.assignments), forward.loss)))

    def is_of_a_neuron(self, name: str) -> bool:
        """Whether a quantity is of a neuron in a layer, and of no formula of a lesson's own."""
        return self.moment.program.sample_step_of(name).of.layer is not None

    def weighted_sum(self, z: str) -> str:
        """What a neuron begins with."""
        return f"A sum of {'inputs times weights' if self.is_of_a_neuron(z) else 'numbers times parameters'}"

    def sum_that_is(self, where: str, z: str) -> str:
        """What goes into a function: The weighted sum of a neuron, before softmax: z₁ = 3."""
        what = "The weighted sum of a neuron" if self.is_of_a_neuron(z) else "The number"
        return f"{what}, {where}: {self.is_(z)}."

    def weighted(self, z: str) -> bool:
        """Whether a quantity is a sum of numbers times parameters."""
        expression = next(each.expression for each in self.model.forward.assignments if each.name == z)
        return is_weighted_sum(expression, self.model.parameter_names)

    @property
    def is_cross_entropy(self) -> bool:
        """Whether the loss is one of a probability."""
        loss = loss_of(self.model)
        return loss is not None and loss.logarithm is not None


Meanings = dict[tuple[str, str], str]
"""What each (word, signs) means."""
Subject = Callable[[Here, Meanings], None]
"""Says the entries of a subject that a model has a use for."""
