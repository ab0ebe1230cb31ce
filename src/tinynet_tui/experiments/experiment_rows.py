"""An experiment is one complete row: what it asks for, computes, shows, prints and writes.

The page, its keys and prompts, the command line with its help, and the files are general functions over rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, cast

from msgspec import Struct

from tinynet_tui.engine.model import Setup
from tinynet_tui.experiments.long_work import Watch
from tinynet_tui.teaching.charts import AnyChart, UprightLine

if TYPE_CHECKING:
    from tinynet_tui.experiments.varied_run import RunTable

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R")

SHELL_WIDTH, SHELL_HEIGHT = 80, 23
"""Cells of what is printed: a screen of 80 × 24, with a row left for the shell's prompt."""
MOST_PRINTED = 8
"""Runs that have a row and a curve in what is printed; of others it says how many they are."""


MORE, LESS, OPEN = "+", "-", "enter"
"""The keys of the page that its experiments name in sentences."""


# What an experiment asks for


class Flag(Struct, frozen=True):
    """How the command line asks for something."""

    name: str
    """"--updates"."""
    metavar: str
    help: str
    read: Callable[[str], Any] | None
    """What a word means; None: the flag is a switch.

    Raises: ValueError with what is wrong, in words that follow the quoted word: "is not …".
    """
    several: bool
    """Whether it takes one word or more; those that are repeated count once."""


class Prompt(Struct, Generic[T], frozen=True):
    """How the page asks for something."""

    name: str
    """Of the key."""
    key: str
    title: str
    about: str
    """One sentence for the help."""
    label: str
    written: Callable[[T], str]
    """The present value as it is offered to be changed."""
    read: Callable[[str], T]
    """What an answer means.

    Raises: ValueError with a sentence that says what is wrong.
    """
    notice: Callable[[T], str]
    """What is said when it is changed."""
    notice_elsewhere: Callable[[T], str] | None
    """The same on a page that has no use for it; None: the page goes to an experiment that has."""


class Count(Struct, Generic[T], frozen=True):
    """How the keys + and − change something."""

    step: Callable[[Setup, T, int], tuple[T, str]]
    """(what it then is, what is said), given the present value and +1 or −1."""
    is_seed: bool
    """Whether the key for another seed takes the next one."""


class Option(Struct, Generic[T_co], frozen=True):
    """Something that an experiment asks for; several experiments may share it."""

    name: str
    default: Callable[[Setup], T_co]
    flag: Flag | None
    prompt: Prompt[Any] | None
    count: Count[Any] | None
    of_choice: Callable[[Any], T_co] | None
    """What becomes of it when something else is chosen on its tab; None: it stays."""


class Inputs(Struct, frozen=True):
    """What an experiment is done with: equal inputs have equal results."""

    experiment: str
    setup: Setup
    values: tuple[tuple[str, object], ...]
    """(the name of an option, its value); an option that is not among them has its default."""
    chosen: str
    """What is chosen on the tab; empty: everything that could be, or nothing can."""

    def __getitem__(self, option: Option[T]) -> T:
        """The value of an option."""
        for name, value in self.values:
            if name == option.name:
                return cast(T, value)
        return option.default(self.setup)


class Choice(Struct, frozen=True):
    """What is chosen on a tab of the page: a curve, recipe, bias or parameter."""

    names: Callable[[Inputs], tuple[str, ...]]
    first: Callable[[Sequence[str], str], int]
    """Which of the names (from 0) is chosen first, given the parameter that is selected in the stepper."""
    flag: Flag | None
    nothing: tuple[str, ...]
    """What the page says where there is nothing to choose from; () where there always is something."""
    no_chart: str
    """What a key then says."""


def selected_or_first(names: Sequence[str], selected: str) -> int:
    """The place of the selected parameter among the names, or else of the first of them."""
    return names.index(selected) if selected in names else 0


def one_of_runs(names: Callable[[Inputs], tuple[str, ...]]) -> Choice:
    """What is chosen where there is a curve for each run."""
    return Choice(names, selected_or_first, flag=None, nothing=(), no_chart="")


class Topic(Struct, frozen=True):
    """Experiments that share a tab of the page and a word of the command line."""

    verb: str
    about: str
    """What it is about, in the list of experiments."""
    description: str
    """One sentence for its help."""
    examples: tuple[str, ...]
    tab: str
    tab_about: str
    """One sentence for the key of its tab: that of the first topic on the tab is read."""
    choice: Choice


# What it shows


@dataclass(frozen=True, slots=True)
class At:
    """What the page shows of a result."""

    inputs: Inputs
    cursor: int
    """From 0."""
    choice: int
    """Of `choices`, from 0."""
    choices: tuple[str, ...]
    logarithmic: bool


class Words(Struct, frozen=True):
    """A paragraph that stands out, or stands back."""

    text: str
    style: Literal["strong", "dim"]


class Page(Struct, frozen=True):
    """What stands on the page: charts side by side, and what is said below them."""

    charts: Sequence[AnyChart | str]
    """Words stand in place of a chart that cannot be drawn."""
    below: RunTable | Sequence[Words | str]


class Printed(Struct, frozen=True):
    """What is printed for a person: lines, a table, words, and charts side by side."""

    heading: str
    table: Sequence[tuple[str, ...]]
    """Rows of a name, numbers, and words; the first is the heading."""
    notes: Sequence[str]
    words: Sequence[str]
    charts: Sequence[AnyChart]


class Cursor(Struct, Generic[R], frozen=True):
    """Where the cursor of a chart can be."""

    places: Callable[[R], int]
    """How many places it has."""
    first: Callable[[R], int]
    """Where it is at first, from 0: where the chart says most."""
    over: Option[int] | None
    """The option that says how many places there are; None: they are the same whatever is set."""


class Scale(Struct, frozen=True):
    """The scale of the losses in a chart."""

    logarithmic: bool
    """At first."""
    why_fixed: str
    """Why there is no other one; empty where there is."""


LINEAR, LOGARITHMIC = Scale(False, ""), Scale(True, "")


class Idle(Struct, frozen=True):
    """A flag that this experiment has no use for."""

    flag: str
    formats: tuple[str, ...]
    """With which it has none; empty: with any."""
    why: str
    """In words that follow the flag: "has no effect …"."""


@dataclass(frozen=True, slots=True)
class Special(Generic[R]):
    """What some experiments have and others have not."""

    order: Callable[[R], Sequence[str]] | None
    """The order in which names are chosen, where it is not that of the topic."""
    opens: Callable[[R, At], tuple[float, int]] | None
    """The learning rate and the update at the cursor, for the stepper."""
    hint_titles: tuple[tuple[str, str], ...]
    """(a key by its name, what its hint calls it here, where that says more than its title)."""
    idle: tuple[Idle, ...]


NOTHING_SPECIAL: Special[Any] = Special(order=None, opens=None, hint_titles=(), idle=())


@dataclass(frozen=True, slots=True)
class Experiment(Generic[R]):
    """One experiment. What it computes is of a type of its own, which the other columns read."""

    name: str
    title: str
    short_title: str
    """What the hint of the key that leads to it from another chart of its tab calls it."""
    topic: Topic
    asked_by: Flag | None
    """The flag by which it is asked for among those of its topic; None: it is the one without a flag."""
    options: tuple[Option[Any], ...]
    computes_choice: bool
    """Whether only what is chosen is computed, and not all that could be."""
    compute: Callable[[Inputs, Watch], R]
    """Raises: ValueError with a sentence, where there is something wrong with the inputs."""

    settings: Callable[[Inputs], Sequence[str]]
    """What is set, in words, for the title of the page."""
    has_own_rate: bool
    """Whether the learning rate of the lesson plays no part."""
    cursor: Cursor[R] | None
    """None: the chart has none."""
    scale: Scale
    hints: str
    """The names of the keys hinted at below, the most needed first; as many as fit."""
    page: Callable[[R, At], Page]

    printed: Callable[[R, str, bool | None], Printed]
    """Given the title of the lesson, and whether losses are to be on a logarithmic scale, if that is said."""
    columns: Callable[[R], Iterable[Sequence[object]]]
    """The rows of a table in full precision; the first is its heading."""
    objects: Callable[[R], Iterable[object]]
    """Mappings or dataclasses whose names and values are written as JSON. They are a contract."""

    special: Special[R]

    @property
    def has_own_start(self) -> bool:
        """Whether the parameters of the lesson play no part: it draws some of its own."""
        return any(option.count is not None and option.count.is_seed for option in self.options)


def cursor_rule(place: float | None) -> list[UprightLine]:
    """The cursor in a chart, if it has one."""
    return [] if place is None else [UprightLine(place, "dim")]


def fields_of(result: Any, **changed: object) -> dict[str, object]:
    """The fields of a dataclass by their names, some of them in another form."""
    return {field.name: changed.get(field.name, getattr(result, field.name)) for field in fields(result)}
