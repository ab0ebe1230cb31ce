"""What the row of an optimiser holds: its formulas, its words and how frameworks spell it."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from tinynet_tui.engine.expression_reading import called_in_frameworks
from tinynet_tui.engine.expressions import Expr, Name, names_in
from tinynet_tui.engine.names import StateLetter
from tinynet_tui.engine.operation_rows import InFrameworks
from tinynet_tui.rules.hyperparameters import Hyperparameter

MomentumForm = Literal["sum", "average"]


class Variation(NamedTuple):
    """Which of the forms that go by one name an optimiser has."""

    momentum_form: MomentumForm
    """sum: v ← μ · v + g; average: v ← μ · v + (1 − μ) · g."""
    epsilon_inside: bool
    """Whether ε stands inside the root."""
    counts_on: bool
    """Whether t₀ updates were done before the first one here."""


USUAL = Variation(momentum_form="sum", epsilon_inside=False, counts_on=False)


class State(NamedTuple):
    """A number that an optimiser keeps for each parameter, 0 at the start unless the lesson gives it."""

    letter: StateLetter
    """"m": it is called m_w1 for w1. Scripts call it so too, beside their own g, i, p, t, x and y."""
    formula: Callable[[Expr, Expr], Expr]
    """Its new value, from (its old one, the gradient)."""
    title: str
    """What it is, with {parameter}."""
    sentence: str
    """What it is kept for."""
    is_of_squares: bool
    """Whether it is made of squares, so that it is never below 0."""
    pytorch: str
    """Its key in PyTorch's optimizer.state."""
    is_velocity: bool
    """Whether frameworks keep it in their SGD: PyTorch without a count of the updates, Keras times -eta."""


class Call(NamedTuple):
    """One of a framework's own optimisers."""

    call: str
    """With {eta} and its hyperparameters by their names in formulas, in PyTorch {parameters} too."""
    comment: tuple[str, ...]
    """Lines above it."""

    @property
    def needs_numpy(self) -> bool:
        """Whether the call has a number of numpy in it."""
        return "np." in self.call


class WrittenOut(NamedTuple):
    """Why an update is written out in a script: the framework has none like it."""

    why: str
    """In a sentence that begins with "Keras: written out,"."""
    comment: str
    """The same as a comment in a script."""


class Optimiser(NamedTuple):
    """A rule by which parameters follow their gradients: p ← p − η · direction."""

    name: str
    """In a lesson's file: "adam"."""
    noun: str
    """At the head of a sentence: "Adam"."""
    title: str
    """What it is called in full: "gradient descent with momentum"."""
    hyperparameters: tuple[Hyperparameter, ...]
    varies_by: tuple[str, ...]
    """The keys of a lesson's file that choose its form."""
    states: tuple[State, ...]
    direction_formula: Callable[[Expr, tuple[Expr, ...], Expr], Expr]
    """What it steps against, from (the gradient, its new states, the parameter)."""
    subtracted: str
    """What that is, in words: "velocity"."""
    goes_on_alone: bool
    """Whether a parameter may go on moving while its gradient is 0."""
    pytorch: Call | WrittenOut
    keras: Call | WrittenOut

    def direction(self, parameter: str) -> tuple[tuple[tuple[str, Expr], ...], Expr]:
        """(its new states for a parameter, by name; what it steps against)."""
        gradient = Name(f"dL/d{parameter}")
        names = [Name(f"{state.letter}_{parameter}") for state in self.states]
        states = tuple(
            (name.name, state.formula(name, gradient)) for name, state in zip(names, self.states, strict=True)
        )
        return states, self.direction_formula(gradient, tuple(names), Name(parameter))

    def functions(self) -> dict[str, InFrameworks]:
        """What its formulas call in the scripts of frameworks.

        Raises: ValueError where a framework has nothing for it.
        """
        states, direction = self.direction("w")
        return called_in_frameworks((direction, *(made for _, made in states)))

    def state(self, name: str) -> State | None:
        """The state that a name such as m_w1 is; None for any other name."""
        return next((state for state in self.states if name.startswith(f"{state.letter}_")), None)

    @property
    def counts_updates(self) -> bool:
        """Whether its formulas read t, the number of the update."""
        return self._reads("t")

    @property
    def reads_parameter(self) -> bool:
        """Whether the parameter itself is part of what it steps against."""
        return self._reads("w")

    def _reads(self, name: str) -> bool:
        states, direction = self.direction("w")
        return any(read.name == name for _, made in (*states, ("", direction)) for read in names_in(made))

    @property
    def is_plain(self) -> bool:
        """Whether it steps against the gradient itself."""
        return self.direction("w")[1] == Name("dL/dw")
