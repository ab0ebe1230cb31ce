"""What a lesson says, and what each of its keys may be: this is the lesson file, table by table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from sys import float_info
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

from msgspec import NODEFAULT, Meta, Struct, defstruct
from msgspec.structs import fields

from tinynet_tui.engine.model import Hyperparameters, Reduction, Setup
from tinynet_tui.networks.dense import Network, Numbering, Weights, dense_setup, flat_parameters
from tinynet_tui.networks.initial import Initializer, initial_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Range, Rule, hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import GRADIENT_DESCENT, OPTIMISERS


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a lesson may hold, and how much is said about a bad one."""

    fewest_layers: int = 2
    """Inputs and outputs: no hidden layer at all."""
    most_layers: int = 6
    width: int = 16
    """Neurons in a layer, or inputs."""
    samples: int = 256
    file_bytes: int = 1_000_000
    entries: int = 30_000
    """Keys and values, and texts and comments: the largest lesson has some 10,000."""
    key_parts: int = 8
    """Parts of a dotted key. A TOML reader needs quadratic time for them; a lesson's keys have two."""
    depth: int = 16
    """Lists and tables in each other; a lesson's are three deep."""
    digits: int = 4300
    """Of a whole number: Python reads no longer ones."""
    initial_value: float = 1e300
    """Either way from 0: the distance between the two is still a number."""
    faults: int = 6
    """Lines about a bad file, before how many more there are."""


LIMITS = Limits()
_LARGEST = float_info.max

if TYPE_CHECKING:
    # No type checker knows the rows.
    ActivationName = str
    LossName = str
    OptimizerName = str
else:
    ActivationName = Literal[*ACTIVATIONS]
    LossName = Literal[*LOSSES]
    OptimizerName = Literal[*OPTIMISERS]

Finite = Annotated[float, Meta(ge=-_LARGEST, le=_LARGEST, description="a finite number")]
Positive = Annotated[float, Meta(gt=0, le=_LARGEST, description="a finite number above 0")]
NotNegative = Annotated[float, Meta(ge=0, le=_LARGEST, description="a finite number, 0 or above")]
Fraction = Annotated[float, Meta(ge=0, lt=1, description="a number from 0 to below 1")]
_IN_RANGE: dict[Range, Any] = {"finite": Finite, "above 0": Positive, "from 0 to below 1": Fraction}
Width = Annotated[int, Meta(ge=1, le=LIMITS.width, description=f"a whole number from 1 to {LIMITS.width}")]
Seed = Annotated[int, Meta(ge=0, le=2**63 - 1, description="a whole number from 0 to 9223372036854775807")]
InitialValue = Annotated[
    float,
    Meta(
        ge=-LIMITS.initial_value,
        le=LIMITS.initial_value,
        description=f"a number from {-LIMITS.initial_value:g} to {LIMITS.initial_value:g}",
    ),
]
Text = Annotated[str, Meta(min_length=1, description="a text of one character or more")]
Layers = Annotated[
    tuple[Width, ...],
    Meta(
        min_length=LIMITS.fewest_layers,
        max_length=LIMITS.most_layers,
        description=f"a list of {LIMITS.fewest_layers} to {LIMITS.most_layers} whole numbers: "
        "inputs, hidden layers, outputs",
    ),
]
Activations = Annotated[
    tuple[ActivationName, ...], Meta(description="a list with one name for each layer after the inputs")
]
Layout = Literal["neurons_by_inputs", "inputs_by_neurons"]
WeightLists = Annotated[
    tuple[tuple[tuple[Finite, ...], ...], ...],
    Meta(description="lists of numbers, [layer][neuron][input] or as weights_layout says"),
]
BiasLists = Annotated[tuple[tuple[Finite, ...], ...], Meta(description="lists of numbers, [layer][neuron]")]
Samples = Annotated[
    tuple[tuple[Finite, ...], ...],
    Meta(
        min_length=1,
        max_length=LIMITS.samples,
        description=f"a list of 1 to {LIMITS.samples} rows of numbers, one for each sample",
    ),
]
Batch = Annotated[
    Literal["full"] | Annotated[int, Meta(ge=1)], Meta(description='"full" or a whole number from 1')
]


def with_own_keys(rules: Iterable[Rule], after: str) -> Callable[[type[Struct]], type[Struct]]:
    """A table that has the hyperparameters of some rules as keys too, after one of its own."""
    own = [(own.key, _IN_RANGE[own.range], own.default) for own in hyperparameters(rules)]

    def extended(table: type[Struct]) -> type[Struct]:
        kinds = get_type_hints(table, include_extras=True)
        keys: list[Any] = []
        for field in fields(table):
            is_required = field.default is NODEFAULT
            keys.append((field.name, kinds[field.name], *(() if is_required else (field.default,))))
            keys += own if field.name == after else []
        made = defstruct(
            table.__name__, keys, frozen=True, cache_hash=True, forbid_unknown_fields=True, module=__name__
        )
        made.__doc__ = table.__doc__
        return made

    return extended


@with_own_keys(ACTIVATIONS.values(), after="activations")
class NetworkTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [network]: the shape, and the parameters to start from or the recipe that draws them."""

    layers: Layers
    activations: Activations
    weights: WeightLists | None = None
    """With biases, or None where init stands."""
    biases: BiasLists | None = None
    """biases[layer][neuron]."""
    weights_layout: Layout = "neurons_by_inputs"
    """weights[layer][neuron][input], or weights[layer][input][neuron], as numpy's x @ W has them."""
    init: Initializer | None = None
    seed: Seed = 1
    """Of init's random numbers."""
    value: InitialValue = 0.5
    """The bound of init "uniform", every weight of init "same"."""
    numbering: Numbering = "target"
    train_biases: bool = True


class DataTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [data]: the samples to learn from."""

    inputs: Samples
    targets: Samples


@with_own_keys(OPTIMISERS.values(), after="optimizer")
class TrainingTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [training]: the loss, and how parameters follow its gradient."""

    learning_rate: Positive
    loss: LossName
    batch: Batch = "full"
    """Samples per update, in the order of the file."""
    reduction: Reduction = "mean"
    optimizer: OptimizerName = GRADIENT_DESCENT.name
    l2: NotNegative = 0.0


class Note(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The teacher's words at a step."""

    at: Text
    """A phase, or the name of a step such as dL/dw5."""
    text: Text


Notes = Annotated[tuple[Note, ...], Meta(description="tables, each under [[notes]]")]


class Lesson(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """A lesson file. Frozen all through: it can be hashed, kept and sent."""

    title: Text
    network: NetworkTable
    data: DataTable
    training: TrainingTable
    about: str = ""
    """Shown on opening."""
    notes: Notes = ()


def setup_of(lesson: Lesson) -> Setup:
    """What the lesson's training starts from."""
    table, training = lesson.network, lesson.training
    network = network_of(lesson)
    samples = len(lesson.data.inputs)
    return dense_setup(
        network,
        _initial_parameters(network, table),
        lesson.data.inputs,
        lesson.data.targets,
        Hyperparameters(training.learning_rate, training.l2, _of_rules(lesson)),
        samples if training.batch == "full" else training.batch,
    )


def network_of(lesson: Lesson) -> Network:
    """The lesson's network, without its numbers."""
    table, training = lesson.network, lesson.training
    return Network(
        table.layers,
        table.activations,
        training.loss,
        training.reduction,
        training.optimizer,
        table.numbering,
        table.train_biases,
        regularized=training.l2 != 0,
    )


def _of_rules(lesson: Lesson) -> tuple[tuple[str, float], ...]:
    """The hyperparameters of activations and optimisers, by their names in formulas."""
    tables = ((lesson.network, ACTIVATIONS), (lesson.training, OPTIMISERS))
    return tuple(
        (own.name, getattr(table, own.key))
        for table, rules in tables
        for own in hyperparameters(rules.values())
    )


def _initial_parameters(network: Network, table: NetworkTable) -> tuple[float, ...]:
    if table.init is not None:
        return initial_parameters(network, table.init, table.seed, table.value)
    assert table.weights is not None, "a lesson has weights or init"
    assert table.biases is not None, "weights come with biases"
    return flat_parameters(network, laid_out(table.weights, table.weights_layout), table.biases)


def laid_out(weights: Weights, layout: Layout) -> Weights:
    """Matrices of neurons × inputs in a layout, or matrices in that layout as neurons × inputs again."""
    if layout == "neurons_by_inputs":
        return weights
    return tuple(tuple(zip(*matrix, strict=True)) for matrix in weights)
