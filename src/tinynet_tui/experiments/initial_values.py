"""The same network trained from other initial weights: one run for each recipe."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf, isfinite
from typing import Literal

from tinynet_tui.engine.model import Model, Setup, Values
from tinynet_tui.engine.training import forward
from tinynet_tui.experiments.experiment_rows import (
    LOGARITHMIC,
    NOTHING_SPECIAL,
    Choice,
    Experiment,
    Flag,
    Idle,
    Inputs,
    Printed,
    Topic,
)
from tinynet_tui.experiments.long_work import Watch, part, unwatched
from tinynet_tui.experiments.options import UPDATES, seed_option
from tinynet_tui.experiments.relus import dead_for_all
from tinynet_tui.experiments.run_words import named, verdict_brief, verdict_sentences
from tinynet_tui.experiments.runs import check_updates, training_run
from tinynet_tui.experiments.side_by_side import (
    CURSOR,
    SideBySide,
    loss_columns,
    runs_page,
    runs_printed,
    side_by_side,
)
from tinynet_tui.experiments.varied_run import VariedRun
from tinynet_tui.networks.initial import NOT_ALIVE, Initializer, is_alive, random_parameters
from tinynet_tui.networks.layers import layer_sizes, nested_parameters
from tinynet_tui.teaching.numbers import shown, updates_text
from tinynet_tui.teaching.typed_values import OneOf

DEFAULT_SEED = 2
"""With it the lecture's network shows every fate."""
FIRST_SEED = 1
"""Of many starts: 200 of them have the seeds 1 to 200."""
FIRST_RECIPE = "uniform"
"""The one that is chosen first: it is random, so that many starts differ."""

Fate = Literal["alive", "dead", "twin", "not finite"]
"""dead: a ReLU that passes nothing on for any sample. twin: alive, with the very weights of another."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A way to choose the weights that training starts from; biases are 0."""

    about: str
    """A few words: "uniform, −1 to 1"."""
    initializer: Initializer
    value: float
    """Of the initializer: what all weights are, or the bound that they are drawn within; else 0."""
    alternates: bool
    """Whether the sign changes from input to input and from neuron to neuron, as on a chessboard."""

    @property
    def random(self) -> bool:
        """Whether another seed makes other weights."""
        return self.initializer not in ("same", "zeros")

    @property
    def is_for_formulas(self) -> bool:
        """Whether it asks for nothing of layers: then it draws all parameters of a program."""
        return self.initializer not in ("he", "xavier") and not self.alternates


RECIPES: dict[str, Recipe] = {
    "equal": Recipe("every weight 0.5", "same", 0.5, alternates=False),
    "zeros": Recipe("every weight 0", "zeros", 0.0, alternates=False),
    "mixed": Recipe("0.5 and −0.5 in turn", "same", 0.5, alternates=True),
    "large": Recipe("uniform, −10 to 10", "uniform", 10.0, alternates=False),
    "uniform": Recipe("uniform, −1 to 1", "uniform", 1.0, alternates=False),
    "he": Recipe("He: normal, √(2 / inputs)", "he", 0.0, alternates=False),
    "xavier": Recipe("Xavier: uniform, √(6 / (inputs + outputs))", "xavier", 0.0, alternates=False),
}
"""By name, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class HiddenNeuron:
    """What became of a hidden neuron."""

    name: str
    """"node 1"."""
    fate: Fate
    """After the last update."""
    twin_of: str | None
    """The neuron of its layer with the very same weights in, bias and weights out, dead or alive."""
    difference: float | None
    """The largest difference of these from the nearest neuron of its layer; None where it is alone."""


@dataclass(frozen=True, slots=True)
class StartRun(VariedRun[str]):
    """The run from the weights of one recipe, by its name in RECIPES."""

    seed: int
    neurons: tuple[HiddenNeuron, ...]

    @property
    def brief(self) -> str:
        """What it did and how many hidden neurons became what: 1 alive, 1 dead."""
        counts = Counter(neuron.fate for neuron in self.neurons)
        fates = [
            f"{count} {fate}{'s' if fate == 'twin' and count > 1 else ''}" for fate, count in counts.items()
        ]
        return f"{verdict_brief(self.verdict, self.at)}; hidden: {', '.join(fates) or 'none'}"

    @property
    def told(self) -> str:
        """How its weights are chosen, what it did and what became of its hidden neurons."""
        return f"{recipe_title(self.name)}. {self.words}"


def recipes_for(setup: Setup) -> tuple[str, ...]:
    """The recipes that a model's parameters can be drawn by."""
    sizes = layer_sizes(setup.model)
    return tuple(name for name, recipe in RECIPES.items() if sizes or recipe.is_for_formulas)


def start_setup(setup: Setup, recipe: str, seed: int) -> Setup:
    """The setup with the initial weights of a recipe.

    Raises: ValueError with a sentence, where there is no such recipe, or none for formulas.
    """
    if recipe not in RECIPES:
        raise ValueError(f"there is no recipe {recipe}: there are {', '.join(RECIPES)}")
    if recipe not in recipes_for(setup):
        raise ValueError(f"the recipe {recipe} goes by inputs and outputs of layers, and formulas have none")
    chosen = RECIPES[recipe]
    drawn = random_parameters(setup.model, chosen.initializer, seed, chosen.value)
    if chosen.alternates:
        drawn = _in_turn(setup.model, drawn)
    return replace(setup, parameters=drawn)


def _in_turn(model: Model, parameters: Values) -> Values:
    return tuple(
        -value if p.of.kind == "weight" and ((p.of.neuron or 0) + (p.of.input or 0)) % 2 else value
        for p, value in zip(model.parameters, parameters, strict=True)
    )


def start_runs(
    setup: Setup, seed: int, updates: int, watch: Watch = unwatched, recipes: Sequence[str] = tuple(RECIPES)
) -> tuple[StartRun, ...]:
    """A run from the weights of each recipe, in their order.

    Raises: ValueError with a sentence, where there is no such recipe, or where there are no updates or more
    than training goes.
    """
    check_updates(updates)
    return tuple(
        _start_run(setup, recipe, seed, updates, part(watch, index, len(recipes)))
        for index, recipe in enumerate(recipes)
    )


def _start_run(setup: Setup, recipe: str, seed: int, updates: int, watch: Watch) -> StartRun:
    start = start_setup(setup, recipe, seed)
    run = training_run(start, updates, watch)
    neurons = hidden_neurons(start, run.parameters)
    sentences = [*verdict_sentences(start, run)]
    if run.verdict != "diverged":
        sentences += _fate_sentences(neurons)
    return StartRun(
        recipe, run.losses, len(run.rises), run.verdict, run.at, " ".join(sentences), run.run, seed, neurons
    )


def hidden_neurons(setup: Setup, parameters: Values) -> tuple[HiddenNeuron, ...]:
    """What the hidden neurons are with given parameters."""
    layers = _own_parameters(setup.model, parameters)
    dead = {relu.name for relu in dead_for_all(setup.model, forward(setup)(parameters))}
    return tuple(_hidden_neuron(name, own, name in dead) for own in layers for name in own)


def _own_parameters(model: Model, parameters: Values) -> Iterator[dict[str, Values]]:
    """For each hidden layer, of each neuron by its title: weights in, bias and weights out, in one order."""
    blocks = model.forward.blocks
    titles = {(line.of.layer, line.of.neuron): block.title for block in blocks for line in block.assignments}
    weights, biases = nested_parameters(model, parameters)
    for layer, (rows, after) in enumerate(pairwise(weights)):
        yield {
            titles[layer + 1, at + 1]: (*inward, *biases[layer][at : at + 1], *(out[at] for out in after))
            for at, inward in enumerate(rows)
        }


def _hidden_neuron(name: str, own: dict[str, Values], is_dead: bool) -> HiddenNeuron:
    """own: the parameters of every neuron in its layer."""
    apart = {other: _difference(own[name], own[other]) for other in own if other != name}
    nearest = min(apart, key=lambda other: apart[other], default=None)
    difference = None if nearest is None else apart[nearest]
    twin_of = nearest if difference == 0 else None
    fate: Fate = "twin" if twin_of else "alive"
    if not all(map(isfinite, own[name])):
        fate = "not finite"
    elif is_dead:
        fate = "dead"
    return HiddenNeuron(name, fate, twin_of, difference)


def _difference(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The largest difference between two rows of numbers; inf where one is not finite."""
    differences = [abs(a - b) for a, b in zip(one, other, strict=True)]
    return max(differences) if all(map(isfinite, differences)) else inf


def _fate_sentences(neurons: Sequence[HiddenNeuron]) -> Iterator[str]:
    """Which hidden neurons are dead, and which are twins."""
    dead = [neuron.name for neuron in neurons if neuron.fate == "dead"]
    twins = [neuron.name for neuron in neurons if neuron.fate == "twin"]
    if dead:
        yield f"Dead at the end: {named(dead)}."
    if twins:
        yield f"Twins, with exactly equal weights: {named(twins)}."


StartRuns = SideBySide[StartRun]


def _objects(found: StartRuns) -> Iterator[dict[str, object]]:
    for run in found.runs:
        begin = {"recipe": run.value, "seed": run.seed, "losses": run.losses}
        yield begin | {"verdict": run.verdict, "at": run.at, "neurons": run.neurons, "words": run.words}


def _computed(inputs: Inputs, watch: Watch) -> StartRuns:
    recipes = (inputs.chosen,) if inputs.chosen else recipes_for(inputs.setup)
    return side_by_side(start_runs(inputs.setup, inputs[SEED], inputs[UPDATES], watch, recipes))


def recipe_title(recipe: str) -> str:
    """What a recipe is called, and how it chooses the weights."""
    about = RECIPES[recipe].about
    return about if about.casefold().startswith(recipe) else f"{recipe}, {about}"


def _printed(found: StartRuns, title: str, logarithmic: bool | None) -> Printed:
    def cells(letter: str, run: StartRun) -> tuple[str, ...]:
        first, last = shown(run.losses[0], 6), shown(run.losses[-1], 6)
        return f"{letter} {run.name}".lstrip(), first, last, run.brief

    heading = f"{title}: {updates_text(found.updates)}, seed {found.runs[0].seed}"
    names = ("weights", "first loss", "loss", "what it did")
    return runs_printed(found, heading, names, cells, (len(found.runs), "recipes"), logarithmic)


def _notice(setup: Setup, seed: int) -> str:
    random = [name for name in recipes_for(setup) if RECIPES[name].random]
    dead = [name for name in random if not is_alive(start_setup(setup, name, seed))]
    said = f" Dead, {NOT_ALIVE}: {', '.join(dead)}." if dead else ""
    return f"The random recipes have seed {seed}.{said}"


SEED_HELP = f"seed of the random weights ({DEFAULT_SEED}), or of the first start ({FIRST_SEED})"
SEED = seed_option("seed", DEFAULT_SEED, SEED_HELP, _notice)

TOPIC = Topic(
    verb="init",
    about="initial weights side by side, or many random starts",
    description="Train a lesson's network from other weights: what became of its neurons.",
    examples=(
        "tinynet-tui experiment init",
        "tinynet-tui experiment init xor --seed 7 --updates 1000",
        "tinynet-tui experiment init --recipe he --format json",
        "tinynet-tui experiment init --starts 200 --recipe uniform --threshold 0.001",
    ),
    tab="start",
    tab_about="Initial values: equal, zero, mixed, large, random.",
    choice=Choice(
        names=lambda inputs: recipes_for(inputs.setup),
        first=lambda names, _selected: names.index(FIRST_RECIPE),
        flag=Flag(
            "--recipe",
            "NAME",
            f"one of {', '.join(RECIPES)} (default: each; for --starts {FIRST_RECIPE})",
            OneOf(tuple(RECIPES)),
            several=False,
        ),
        nothing=(),
        no_chart="",
    ),
)

INITIAL_VALUES: Experiment[StartRuns] = Experiment(
    name="starts",
    title="Initial values",
    short_title="one seed",
    topic=TOPIC,
    asked_by=None,
    options=(SEED, UPDATES),
    computes_choice=False,
    compute=_computed,
    settings=lambda inputs: [updates_text(inputs[UPDATES]), f"seed {inputs[SEED]}"],
    has_own_rate=False,
    cursor=CURSOR,
    scale=LOGARITHMIC,
    hints="right down more back other-chart scale updates help quit",
    page=lambda found, at: runs_page(found, at, "start", "start"),
    printed=_printed,
    columns=lambda found: loss_columns(found, ("recipe", "seed"), lambda run: (run.value, run.seed)),
    objects=_objects,
    special=replace(
        NOTHING_SPECIAL,
        hint_titles=(("more", "seed"),),
        idle=(Idle("--threshold", (), "has no effect without --starts."),),
    ),
)
