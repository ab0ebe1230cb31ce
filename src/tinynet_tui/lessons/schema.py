"""What a lesson says, and what each of its keys may be: this is the lesson file, table by table."""

# Without annotations from the future: these would be texts, to be evaluated whenever the program starts.

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from sys import float_info
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from msgspec import Meta, Struct, defstruct

from tinynet_tui.engine.model import Hyperparameters, Reduction, Setup
from tinynet_tui.networks.dense import Network, Numbering, Weights, dense_model, flat_parameters
from tinynet_tui.networks.initial import Initializer, initial_parameters
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Range, Rule, hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import GRADIENT_DESCENT, OPTIMISERS


class Limits(Struct, frozen=True):
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


class Needs(Struct, frozen=True):
    """The choice without which a key does nothing: such a key is a fault in a file, and is never written."""

    choice: str
    """A key of the same table."""
    names: tuple[str, ...]
    """What has to be chosen there: one of these."""
    words: str
    """In a fault, with {} for the names."""


def _needs_init(*names: Initializer) -> Needs:
    return Needs("init", names, "init = {}")


class Key(Struct, frozen=True):
    """What there is to say of a key beside its kind, its limits and its default."""

    comment: str
    """Behind it in a file that is written; "" where the key says it."""
    is_always_written: bool = False
    """Whether it tells something even where it has its default."""
    needs: Needs | None = None


def _choice(names: Iterable[str]) -> str:
    return " | ".join(f'"{name}"' for name in names)


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
_IN_RANGE: dict[Range, Any] = {
    "finite": Finite,
    "above 0": Positive,
    "0 or above": NotNegative,
    "from 0 to below 1": Fraction,
}
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


def with_own_keys(
    rules: Mapping[str, Rule], choice: str, words: str
) -> Callable[[type[Struct]], type[Struct]]:
    """A table that has the hyperparameters of some rules as keys too, after the key that chooses a rule."""
    own: list[Any] = []
    for parameter in hyperparameters(rules.values()):
        names = tuple(
            name for name, rule in rules.items() if parameter.key in (own.key for own in rule.hyperparameters)
        )
        key = Key(parameter.comment, needs=Needs(choice, names, words))
        own.append((parameter.key, Annotated[_IN_RANGE[parameter.range], key], parameter.default))

    def extended(table: type[Struct]) -> type[Struct]:
        names, defaults = table.__struct_fields__, table.__struct_defaults__
        default_of = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
        keys: list[Any] = []
        for name in names:
            default = (default_of[name],) if name in default_of else ()
            keys.append((name, table.__annotations__[name], *default))
            keys += own if name == choice else []
        made = defstruct(
            table.__name__, keys, frozen=True, cache_hash=True, forbid_unknown_fields=True, module=__name__
        )
        made.__doc__ = table.__doc__
        return made

    return extended


@with_own_keys(ACTIVATIONS, "activations", "{} in activations")
class NetworkTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [network]: the shape, and the parameters to start from or the recipe that draws them."""

    layers: Annotated[Layers, Key("inputs, hidden layers, outputs")]
    activations: Annotated[Activations, Key(f"for each layer after the inputs: {', '.join(ACTIVATIONS)}")]
    weights: Annotated[
        WeightLists | None, Key("weights[layer][neuron][input], or as weights_layout says")
    ] = None
    biases: Annotated[BiasLists | None, Key("biases[layer][neuron]")] = None
    weights_layout: Annotated[Layout, Key("weights[layer][input][neuron]")] = "neurons_by_inputs"
    init: Annotated[Initializer | None, Key(_choice(get_args(Initializer)))] = None
    seed: Annotated[
        Seed,
        Key("the same seed draws the same weights", True, _needs_init("uniform", "he", "xavier")),
    ] = 1
    value: Annotated[
        InitialValue,
        Key('bound of "uniform", every weight of "same"', True, _needs_init("uniform", "same")),
    ] = 0.5
    numbering: Annotated[
        Numbering,
        Key('w1, w2, … counted by the neuron they leave ("source") or enter ("target")', True),
    ] = "target"
    train_biases: Annotated[bool, Key("", True)] = True


class DataTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [data]: the samples to learn from."""

    inputs: Annotated[Samples, Key("one row per sample")]
    targets: Annotated[Samples, Key("one row per sample")]


@with_own_keys(OPTIMISERS, "optimizer", "optimizer = {}")
@with_own_keys(LOSSES, "loss", "loss = {}")
class TrainingTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [training]: the loss, and how parameters follow its gradient."""

    learning_rate: Annotated[Positive, Key("")]
    loss: Annotated[LossName, Key(_choice(LOSSES))]
    batch: Annotated[Batch, Key('samples per update: "full" or 1, 2, …', True)] = "full"
    reduction: Annotated[Reduction, Key(f"how a batch joins its samples: {_choice(get_args(Reduction))}")] = (
        "mean"
    )
    optimizer: Annotated[OptimizerName, Key(_choice(OPTIMISERS), True)] = GRADIENT_DESCENT.name
    l2: Annotated[NotNegative, Key("adds ½ · l2 · Σw² to the loss")] = 0.0


class Note(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The teacher's words at a step."""

    at: Annotated[Text, Key("")]
    """A phase, or the name of a step such as dL/dw5."""
    text: Annotated[Text, Key("")]


Notes = Annotated[tuple[Note, ...], Meta(description="tables, each under [[notes]]")]


class Lesson(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """A lesson file. Frozen all through: it can be hashed, kept and sent."""

    title: Annotated[Text, Key("")]
    network: NetworkTable
    data: DataTable
    training: TrainingTable
    about: Annotated[str, Key("")] = ""
    """Shown on opening."""
    notes: Notes = ()


TABLES: Mapping[str, type[Struct]] = {
    "": Lesson,
    "network": NetworkTable,
    "data": DataTable,
    "training": TrainingTable,
}
"""The tables of a lesson file by name; the keys above the first table are those of ""."""


def kinds_of(table: type[Struct]) -> Mapping[str, Any]:
    """What each key of a table may be."""
    return table.__annotations__


@cache
def keys_of(table: type[Struct]) -> Mapping[str, Key]:
    """What else there is to say of each key of a table; not of those that are tables themselves."""
    metadata = {name: getattr(kind, "__metadata__", ()) for name, kind in kinds_of(table).items()}
    return {name: item for name, items in metadata.items() for item in items if isinstance(item, Key)}


def idle_keys(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """(table, key) of every key that would do nothing in a lesson."""
    for name in ("network", "data", "training"):
        table: Struct = getattr(lesson, name)
        for key, row in keys_of(type(table)).items():
            if row.needs and is_idle(row.needs, getattr(table, row.needs.choice)):
                yield name, key


def is_idle(needs: Needs, chosen: str | Iterable[str] | None) -> bool:
    """Whether a key does nothing beside what was chosen: a name, one for each layer, or None."""
    names = (chosen,) if isinstance(chosen, str) else chosen or ()
    return not set(needs.names).intersection(names)


def setup_of(lesson: Lesson) -> Setup:
    """What the lesson's training starts from."""
    table, training = lesson.network, lesson.training
    network = network_of(lesson)
    samples = len(lesson.data.inputs)
    return Setup(
        dense_model(network),
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
    """The hyperparameters of activations, losses and optimisers, by their names in formulas."""
    tables = ((lesson.network, ACTIVATIONS), (lesson.training, LOSSES), (lesson.training, OPTIMISERS))
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
