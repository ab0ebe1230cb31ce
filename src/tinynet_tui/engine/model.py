"""A model: a forward pass and the rules it is trained by; and a setup: the numbers training starts from."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

from tinynet_tui.engine.expressions import Expr
from tinynet_tui.engine.forward import Forward, Parameter

Values = tuple[float, ...]
Rows = tuple[Values, ...]
"""One row per sample."""
Reduction = Literal["mean", "sum"]

Named = tuple[str, Expr]
"""A name, and the expression that is assigned to it."""


class UpdateRule(Protocol):
    """What the engine asks of an optimiser's row."""

    @property
    def direction(self) -> Callable[[str], tuple[tuple[Named, ...], Expr]]:
        """For a parameter's name: (its new state, all 0 at the start; the direction it steps against)."""

    @property
    def counts_updates(self) -> bool:
        """Whether its formulas read the number of the update."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What is trained: a forward pass and its names, and how parameters follow the gradient. No numbers."""

    source: Hashable
    """What its builder made it of.

    Models are equal when their sources are: what is kept about a model is found by it, and to hash or compare
    whole trees of expressions at each look would take longer than what is looked for.
    """
    title: str
    """What it is, in a few words: "2-2-1 ReLU"."""
    facts: tuple[tuple[str, str], ...]
    """(label, words) of each line that tells at the head of a handout what it is."""
    with_optimiser: Callable[[str], "Model"]
    """The same, trained by another optimiser in its usual form."""
    forward: Forward
    loss: str | None
    """The name of its loss among the usual ones; None for a formula of its own."""
    inputs: tuple[str, ...]
    """The names of a sample's inputs, in the order of the data."""
    targets: tuple[str, ...]
    predictions: tuple[str, ...]
    """The names of what is held against the targets."""
    reduction: Reduction
    """How a batch's loss and gradient join its samples."""
    optimiser: UpdateRule
    hyperparameters: tuple[tuple[str, float], ...]
    """Those that its formulas and its optimiser's read, by name, each with its default."""
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.source))

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Model) and self.source == other.source)

    def __hash__(self) -> int:
        return self._hash

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, in the order of its numbers."""
        return self.forward.parameters

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return _parameter_names(self)

    @property
    def noun(self) -> str:
        """What its parameters are called: of formulas nobody knows whether they are weights."""
        return (
            "weight" if any(parameter.of.kind == "weight" for parameter in self.parameters) else "parameter"
        )

    @property
    def hyperparameter_names(self) -> tuple[str, ...]:
        """The names of its hyperparameters."""
        return tuple(name for name, _ in self.hyperparameters)

    @property
    def trained_parameters(self) -> tuple[Parameter, ...]:
        """The parameters that an update changes."""
        return tuple(parameter for parameter in self.parameters if parameter.is_trained)

    @property
    def formulas(self) -> dict[str, Expr]:
        """What gives each quantity of the forward pass, by its name, in order."""
        return {line.name: line.expression for line in self.forward.assignments}

    @property
    def penalties(self) -> tuple[str, ...]:
        """What regularisation is part of the loss: L2, L1."""
        return _penalties(self)


# Kept, since each look at a model asks for them, and a program may have thousands of parameters.


@lru_cache(maxsize=64)
def _parameter_names(model: Model) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in model.parameters)


@lru_cache(maxsize=64)
def _penalties(model: Model) -> tuple[str, ...]:
    every = {name for parameter in model.parameters for name in parameter.penalties}
    return tuple(sorted(every, reverse=True))


class Hyperparameters(NamedTuple):
    """The numbers that steer training and that training does not change."""

    learning_rate: float = 0.01
    l2: float = 0.0
    of_rules: tuple[tuple[str, float], ...] = ()
    """Those that activations and optimisers have of their own, by their names in formulas; one that is not
    among them has its default."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything that one training run starts from."""

    model: Model
    parameters: Values
    """In the order of `model.parameters`."""
    inputs: Rows
    """Shape: samples × `model.inputs`."""
    targets: Rows
    """Shape: samples × `model.targets`."""
    hyperparameters: Hyperparameters
    batch: int
    """Samples per update, in the order of the data; an epoch's last batch may be short."""
    state: tuple[tuple[str, float], ...] = ()
    """What the optimiser remembers at the start, by name; what is not among it is 0."""

    @property
    def batches(self) -> int:
        """Updates in an epoch."""
        return batch_count(len(self.inputs), self.batch)


def hyperparameters_of(setup: Setup) -> dict[str, float]:
    """The hyperparameters by their names in formulas, in the order of the model's."""
    numbers = setup.hyperparameters
    given = {"eta": numbers.learning_rate, "lambda": numbers.l2, **dict(numbers.of_rules)}
    return {name: given.get(name, default) for name, default in setup.model.hyperparameters}


def batch_count(samples: int, batch: int) -> int:
    """How many batches some samples make, each of the size of a batch; the last may be shorter."""
    return -(-samples // batch)


def batch_samples(samples: int, batch: int, update: int) -> range:
    """The samples (from 0) that an update (from 1) uses: batches follow each other as the data has them."""
    first = (update - 1) % batch_count(samples, batch) * batch
    return range(first, min(first + batch, samples))


def batch_setup(setup: Setup, update: int) -> Setup:
    """A setup with the samples of one update (from 1) alone, all of them in its batch."""
    samples = batch_samples(len(setup.inputs), setup.batch, update)
    batch = slice(samples.start, samples.stop)
    return replace(setup, inputs=setup.inputs[batch], targets=setup.targets[batch], batch=len(samples))
