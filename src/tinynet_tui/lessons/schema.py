"""What a lesson says, and what each of its keys may be: this is the lesson file, table by table."""

# Without annotations from the future: these would be texts, to be evaluated whenever the program starts.

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from sys import float_info
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from msgspec import NODEFAULT, Meta, Struct, defstruct
from msgspec.structs import replace

from tinynet_tui.engine.model import Reduction
from tinynet_tui.engine.names import STATE_LETTERS
from tinynet_tui.networks.dense import Numbering
from tinynet_tui.networks.initial import Initializer
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Range, Rule, hyperparameters
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimiser_rows import USUAL, MomentumForm
from tinynet_tui.rules.optimisers import GRADIENT_DESCENT, OPTIMISERS


class Limits(Struct, frozen=True):
    """How much a lesson may hold, and how much is said about a bad one."""

    fewest_layers: int = 2
    """Inputs and outputs: no hidden layer at all."""
    most_layers: int = 6
    width: int = 16
    """Neurons in a layer, or inputs."""
    samples: int = 256
    """In the lesson's own file."""
    rows: int = 10_000
    """In a file of data beside it."""
    batch: int = 256
    data_bytes: int = 4_000_000
    kept_bytes: int = 8_000_000
    """Of a lesson with its samples, as this program keeps and sends it."""
    kept_entries: int = 400_000
    columns: int = 256
    formulas: int = 200_000
    """Characters of a text of formulas: parsing them takes longer than parsing a text."""
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


class OwnNames(Struct, frozen=True):
    """Marks a table whose keys are names, a lesson's own or known ones. It is kept as pairs, to be hashed."""

    kind: Any
    """What each name may have."""
    names: tuple[str, ...] = ()
    """The names that there are, where they are known; else any."""


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
FormulaText = Annotated[
    str, Meta(max_length=LIMITS.formulas, description=f"a text of at most {LIMITS.formulas:,} characters")
]
LossText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LIMITS.formulas,
        description=f"a text of 1 to {LIMITS.formulas:,} characters",
    ),
]
Layers = Annotated[
    tuple[Width, ...],
    Meta(
        min_length=LIMITS.fewest_layers,
        max_length=LIMITS.most_layers,
        description=f"a list of {LIMITS.fewest_layers} to {LIMITS.most_layers} whole numbers "
        f"from 1 to {LIMITS.width}: inputs, hidden layers, outputs",
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
Shape = Annotated[
    tuple[
        Annotated[
            int, Meta(ge=1, le=LIMITS.samples, description=f"a whole number from 1 to {LIMITS.samples}")
        ],
        ...,
    ],
    Meta(max_length=3, description=f"a list of at most 3 whole numbers from 1 to {LIMITS.samples}"),
]
_NumberList = Annotated[tuple[Finite, ...], Meta(min_length=1)]
_NumberLists = Annotated[tuple[Finite | _NumberList, ...], Meta(min_length=1)]
Numbers = Annotated[
    Finite | Annotated[tuple[Finite | _NumberLists, ...], Meta(min_length=1)],
    Meta(description="a finite number, a list of them, or lists in lists, three deep at most"),
]
"""The numbers of a name: wq[1] is the first of its list."""
Columns = Annotated[
    tuple[Text, ...], Meta(max_length=LIMITS.columns, description="a list of names, such as x[1] and y")
]
Batch = Annotated[
    Literal["full"] | Annotated[int, Meta(ge=1)], Meta(description='"full" or a whole number from 1')
]
Bias = Annotated[
    bool | tuple[bool, ...],
    Meta(description="true or false, or a list with one of these for each layer after the inputs"),
]
ParameterNames = Annotated[tuple[Text, ...], Meta(description='a list of parameters by name, such as "w1"')]
Classes = Annotated[
    tuple[Annotated[int, Meta(ge=1, le=LIMITS.width, description="the number of an output, from 1")], ...],
    Meta(
        min_length=1,
        max_length=LIMITS.samples,
        description="a list with the number of an output for each sample",
    ),
]
FileName = Annotated[str, Meta(min_length=1, description="the name of a CSV file beside the lesson")]
NumbersByName = Annotated[
    tuple[tuple[str, Finite], ...],
    Meta(description="a table of parameters with their numbers"),
    OwnNames(Finite),
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
        keys = _keys(table)
        at = [name for name, *_ in keys].index(choice) + 1
        return _made_of(table, [*keys[:at], *own, *keys[at:]])

    return extended


def _with_states(table: type[Struct]) -> type[Struct]:
    """A table that has what optimisers remember as keys too, before its own."""
    states = [(letter, Annotated[NumbersByName, Key("")], ()) for letter in STATE_LETTERS]
    return _made_of(table, [*states, *_keys(table)])


def _keys(table: type[Struct]) -> list[Any]:
    """(name, kind) of each key of a table, or (name, kind, default)."""
    names, defaults = table.__struct_fields__, table.__struct_defaults__
    default_of = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    kinds = table.__annotations__
    return [(name, kinds[name], *([default_of[name]] if name in default_of else [])) for name in names]


def _made_of(table: type[Struct], keys: list[Any]) -> type[Struct]:
    """A table of some keys in place of its own."""
    made = defstruct(
        table.__name__, keys, frozen=True, cache_hash=True, forbid_unknown_fields=True, module=__name__
    )
    made.__doc__ = table.__doc__
    return made


@with_own_keys(ACTIVATIONS, "activations", "{} in activations")
class NetworkTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [network]: the shape, and the parameters to start from or the recipe that draws them."""

    layers: Annotated[Layers, Key("inputs, hidden layers, outputs")] = ()
    activations: Annotated[Activations, Key("one for each layer after the inputs")] = ()
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
    bias: Annotated[Bias, Key("false: sums without a bias; or true or false for each layer")] = True
    train_biases: Annotated[bool, Key("", True, Needs("bias", ("true",), "bias = {}"))] = True
    frozen: Annotated[ParameterNames, Key("parameters that stay as they are")] = ()
    trained: Annotated[ParameterNames | None, Key("the only parameters that are trained")] = None


class RecipeTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """An entry of [program.init]: how the numbers of the names that it stands for are drawn."""

    init: Annotated[Initializer, Key(_choice(get_args(Initializer)))]
    shape: Annotated[Shape | None, Key("as many numbers, in lists; else as many as formulas read")] = None
    value: Annotated[
        InitialValue,
        Key('bound of "uniform", every number of "same"', needs=_needs_init("uniform", "same")),
    ] = 0.5
    seed: Annotated[
        Seed,
        Key("the same seed draws the same numbers", needs=_needs_init("uniform", "he", "xavier")),
    ] = 1


class ProgramTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [program]: the formulas, and the parameters to start from or the recipes that draw them."""

    loss: Annotated[LossText, Key("")]
    forward: Annotated[FormulaText, Key("", True)] = ""
    parameters: Annotated[
        tuple[tuple[str, Numbers], ...],
        Meta(description="a table of names with their numbers"),
        OwnNames(Numbers),
        Key(""),
    ] = ()
    init: Annotated[
        tuple[tuple[str, RecipeTable], ...],
        Meta(description='a table of names or patterns such as "w*", each with { init = … }'),
        OwnNames(RecipeTable),
        Key(""),
    ] = ()
    frozen: Annotated[ParameterNames, Key("parameters that stay as they are")] = ()
    trained: Annotated[ParameterNames | None, Key("the only parameters that are trained")] = None


class DataTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [data]: the samples to learn from."""

    inputs: Annotated[Samples, Key("one row per sample")] = ()
    targets: Annotated[Samples, Key("one row per sample")] = ()
    classes: Annotated[Classes, Key("instead of targets: the output that is right, counted from 1")] = ()
    file: Annotated[FileName | None, Key("a CSV file beside the lesson, instead of inputs and targets")] = (
        None
    )
    columns: Annotated[Columns, Key("the names of a row's numbers, in formulas")] = ()
    rows: Annotated[Samples, Key("one row per sample")] = ()


@_with_states
class StateTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [training.state]: what the optimiser remembers of earlier updates."""

    t: Annotated[int, Meta(ge=0, le=10**9, description="a whole number, 0 or above"), Key("")] = 0
    """The updates that were done before."""


def _that_vary_by(key: str) -> Needs:
    names = tuple(name for name, rule in OPTIMISERS.items() if key in rule.varies_by)
    return Needs("optimizer", names, "optimizer = {}")


_WITH_STATE = Needs("optimizer", tuple(n for n, rule in OPTIMISERS.items() if rule.states), "optimizer = {}")


@with_own_keys(OPTIMISERS, "optimizer", "optimizer = {}")
@with_own_keys(LOSSES, "loss", "loss = {}")
class TrainingTable(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The table [training]: the loss, and how parameters follow its gradient."""

    learning_rate: Annotated[Positive, Key("")]
    loss: Annotated[LossName | None, Key("")]
    """None in a lesson of formulas, which has one of its own."""
    batch: Annotated[Batch, Key('samples per update: "full" or 1, 2, …', True)] = "full"
    reduction: Annotated[Reduction, Key(f"how a batch joins its samples: {_choice(get_args(Reduction))}")] = (
        "mean"
    )
    optimizer: Annotated[OptimizerName, Key("", True)] = GRADIENT_DESCENT.name
    momentum_form: Annotated[
        MomentumForm,
        Key('"sum": v ← μv + g, "average": v ← μv + (1 − μ)g', needs=_that_vary_by("momentum_form")),
    ] = USUAL.momentum_form
    epsilon_inside: Annotated[
        bool, Key("√(s + ε) instead of √s + ε", needs=_that_vary_by("epsilon_inside"))
    ] = USUAL.epsilon_inside
    state: Annotated[
        StateTable, Key("what the optimiser remembers: { v = { w1 = 0.5 } }", needs=_WITH_STATE)
    ] = StateTable()
    l1: Annotated[NotNegative, Key("adds l1 times the sum of the sizes of all w to the loss")] = 0.0
    l2: Annotated[NotNegative, Key("adds ½ · l2 · Σw² to the loss")] = 0.0
    l2_biases: Annotated[bool, Key("whether l2 counts biases too")] = False


class Note(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """The teacher's words at a step."""

    at: Annotated[Text, Key("")]
    """A phase, or the name of a step such as dL/dw5."""
    text: Annotated[Text, Key("")]
    kind: Annotated[
        Literal["note", "question", "private"],
        Key("a question stands on blank worksheets too, a private note is the leader's alone"),
    ] = "note"
    update: Annotated[
        Annotated[int, Meta(ge=1, le=10**6, description="a whole number from 1")] | None,
        Key("where its words are about the numbers of one update alone"),
    ] = None


Notes = Annotated[tuple[Note, ...], Meta(description="tables, each under [[notes]]")]


class Expectation(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """What a step is expected to give, for `tinynet-tui lessons --check`."""

    step: Annotated[Text, Key("")]
    """The name of a step such as dL/dw5."""
    value: Annotated[Finite, Key("")]
    """To one unit of its last decimal; a whole number to the number itself."""
    update: Annotated[Annotated[int, Meta(ge=1, le=10**6, description="a whole number from 1")], Key("")] = 1
    sample: Annotated[
        Annotated[int, Meta(ge=1, description="the number of a sample, from 1")] | None,
        Key("where the step is one of a sample's"),
    ] = None


Expectations = Annotated[tuple[Expectation, ...], Meta(description="tables, each under [[expect]]")]


class OwnText(Struct, frozen=True):
    """The text of the file that a person wrote a lesson in; lessons that differ in it alone are equal."""

    text: str | None = None
    """None of a lesson that is nobody's own: a shipped one, or a leader's at a follower's."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnText)

    def __hash__(self) -> int:
        return 0


class Lesson(Struct, frozen=True, cache_hash=True, forbid_unknown_fields=True):
    """A lesson file. Frozen all through: it can be hashed, kept and sent."""

    title: Annotated[Text, Key("")]
    network: NetworkTable
    """Empty in a lesson of formulas."""
    data: DataTable
    training: TrainingTable
    about: Annotated[str, Key("")] = ""
    """Shown on opening."""
    notes: Notes = ()
    expect: Expectations = ()
    program: ProgramTable | None = None
    """What a lesson of formulas has in place of a network."""
    own: OwnText = OwnText()

    @property
    def samples(self) -> tuple[tuple[float, ...], ...]:
        """A row for each sample, of all of its numbers or of its inputs."""
        return self.data.inputs or self.data.rows or ((),)

    @property
    def for_all(self) -> "Lesson":
        """The lesson without its private notes, as followers have it."""
        notes = tuple(note for note in self.notes if note.kind != "private")
        # Comments are private, too.
        is_for_all = notes == self.notes and self.own.text is None
        return self if is_for_all else replace(self, notes=notes, own=OwnText())

    @property
    def is_drawn(self) -> bool:
        """Whether any of its parameters come from a recipe."""
        return bool(self.network.init if self.program is None else self.program.init)


TABLES: Mapping[str, type[Struct]] = {
    "": Lesson,
    "network": NetworkTable,
    "data": DataTable,
    "training": TrainingTable,
    "program": ProgramTable,
}
"""The tables of a lesson file by name; the keys above the first table are those of ""."""
OF_NETWORKS = frozenset(
    {
        *("network", "network.layers", "network.activations"),
        *("data", "data.inputs", "data.targets"),
        "training.loss",
    }
)
"""The places of what a lesson must have, unless it has a program."""


@cache
def kinds_of(table: type[Struct]) -> Mapping[str, Any]:
    """What each key of a table may be."""
    return {key: kind for key, kind in table.__annotations__.items() if kind is not OwnText}


@cache
def defaults_of(table: type[Struct]) -> Mapping[str, Any]:
    """The default of each key of a table; NODEFAULT where it has none."""
    return {
        name: default[0] if default else NODEFAULT
        for name, kind, *default in _keys(table)
        if kind is not OwnText
    }


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


def needed(needs: Needs) -> str:
    """What a key needs, in words: optimizer = "momentum" or "nesterov"."""
    *names, last = [name if name == "true" else f'"{name}"' for name in needs.names]
    return needs.words.format(f"{', '.join(names)} or {last}" if names else last)


def is_idle(needs: Needs, chosen: object) -> bool:
    """Whether a key does nothing beside what was chosen: a name, true or false, one for each layer, None."""
    names = chosen if isinstance(chosen, tuple) else (chosen,)
    return not set(needs.names).intersection(
        str(name).lower() if isinstance(name, bool) else name for name in names
    )
