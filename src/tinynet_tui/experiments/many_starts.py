"""Many random starts: how many of them learn, and how far."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor, isfinite, log, log10

from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.model import Setup, Values
from tinynet_tui.engine.training import evaluation, forward
from tinynet_tui.experiments.experiment_rows import (
    NOTHING_SPECIAL,
    At,
    Cursor,
    Experiment,
    Flag,
    Idle,
    Option,
    Page,
    Printed,
    Prompt,
    Scale,
    Words,
    cursor_rule,
    fields_of,
)
from tinynet_tui.experiments.initial_values import (
    FIRST_SEED,
    RECIPES,
    SEED_HELP,
    TOPIC,
    recipe_title,
    start_setup,
)
from tinynet_tui.experiments.long_work import Watch, unwatched
from tinynet_tui.experiments.options import seed_option, updates_option
from tinynet_tui.experiments.parallel_training import ends
from tinynet_tui.experiments.relus import dead_for_all
from tinynet_tui.experiments.runs import check_updates
from tinynet_tui.teaching.charts import Axis, Bar, Bins, Chart, UprightLine, axis_number
from tinynet_tui.teaching.numbers import positive_number, shown, updates_text
from tinynet_tui.teaching.typed_values import positive, whole_number

DEFAULT_STARTS = 200
MOST_STARTS = 10_000
DEFAULT_UPDATES = 200
DEFAULT_THRESHOLD = 0.01


@dataclass(frozen=True, slots=True)
class ManyStarts:
    """What became of the runs from many seeds of one recipe."""

    recipe: str
    """A name of RECIPES."""
    seed: int
    """Of the first start; the others have the seeds that follow."""
    starts: int
    updates: int
    threshold: float
    reached: int
    """Starts whose loss at the end is below the threshold."""
    died: int
    """Starts at whose end the outputs, or all neurons of a hidden layer, are dead for all samples; one of
    them may have reached the threshold."""
    not_finite: int
    """Starts whose loss at the end is inf or nan."""
    losses: tuple[float, ...]
    """The loss at the end of each, in the order of the seeds."""
    bins: tuple[tuple[float, float, int], ...]
    """(from, to below, starts that end there), ascending, with round edges; finite losses alone."""
    words: tuple[str, ...]
    """How many reached the threshold, how many died."""


def many_starts(
    setup: Setup,
    recipe: str,
    threshold: float = DEFAULT_THRESHOLD,
    watch: Watch = unwatched,
    starts: int = DEFAULT_STARTS,
    updates: int = DEFAULT_UPDATES,
    seed: int = FIRST_SEED,
) -> ManyStarts:
    """The runs from one seed after another.

    Raises: ValueError with a sentence, where there is no such recipe, or a number is out of its limits.
    """
    check_updates(updates)
    if not 1 <= starts <= MOST_STARTS:
        raise ValueError(f"{starts} is not a number of starts from 1 to {MOST_STARTS:,}")
    if not threshold > 0:
        raise ValueError(f"{shown(threshold)} is not a threshold: it has to be a number above 0")
    died = died_below = 0
    finals: list[float] = []
    for end in ends([start_setup(setup, recipe, seed + index) for index in range(starts)], updates, watch):
        finals.append(evaluation(setup, end).loss)
        if _has_dead_layer(setup, end):
            died += 1
            died_below += finals[-1] < threshold
    watch(1.0)
    reached = sum(loss < threshold for loss in finals)
    not_finite = sum(not isfinite(loss) for loss in finals)
    return ManyStarts(
        recipe,
        seed,
        starts,
        updates,
        threshold,
        reached,
        died,
        not_finite,
        tuple(finals),
        bins_of(finals),
        tuple(_words(starts, threshold, reached, died, died_below, not_finite)),
    )


def _has_dead_layer(setup: Setup, parameters: Values) -> bool:
    """Whether a whole layer of ReLUs passes nothing on for any sample; in formulas, other ways may lead round
    them."""
    dead_relus = dead_for_all(setup.model, forward(setup)(parameters))
    dead = Counter(relu.level for relu in dead_relus if relu.is_neuron)
    return any(count == len(setup.model.forward.levels[level]) for level, count in dead.items())


_MOST_BINS = 12
_SERIES = (((1, 2, 5), 1), *(((1,), apart) for apart in (1, 2, 3, 5, 10, 20, 50, 100)))
"""Round numbers, from fine to coarse: the digits in a power of ten, and how far apart those powers are."""
_LEARNED = 1e-10
"""Of the highest loss: one that is lower is counted with those that are 0."""


def bins_of(losses: Sequence[float]) -> tuple[tuple[float, float, int], ...]:
    """The finite losses counted between round edges, 1, 2, 5, 10, … or powers of ten, in at most 12 bins.

    (from, to below, how many): all bins from the lowest to the highest that has any. The lowest begins at 0
    where there is a loss of 0, or next to it.
    """
    finite = sorted(loss for loss in losses if isfinite(loss))
    edges = _edges(finite)
    return tuple(
        (low, high, bisect_left(finite, high) - bisect_left(finite, low)) for low, high in pairwise(edges)
    )


def _edges(ascending: Sequence[float]) -> list[float]:
    """Round edges around finite losses that are not negative."""
    above = [loss for loss in ascending if loss > ascending[-1] * _LEARNED]
    if not above:
        return [0.0, 1.0] if ascending else []
    series = (_between(above[0], above[-1], digits, apart) for digits, apart in _SERIES)
    down = (edges if edges[0] <= ascending[0] else [0.0, *edges] for edges in series)
    return next(edges for edges in down if len(edges) <= _MOST_BINS + 1)


def _between(low: float, high: float, digits: Sequence[int], apart: int) -> list[float]:
    """The numbers of a series from the last that is not above a range to the first that is."""
    # A power too low and one too high: the logarithm of 999.9999999999999 is 3.
    first, last = (floor(log10(low)) // apart - 1) * apart, floor(log10(high)) + apart + 1
    series = [float(f"{digit}e{power}") for power in range(first, last + 1, apart) for digit in digits]
    return series[bisect_right(series, low) - 1 : bisect_right(series, high) + 1]


def _words(
    starts: int, threshold: float, reached: int, died: int, died_below: int, not_finite: int
) -> Iterator[str]:
    yield f"{reached:,} of {starts:,} starts end below a loss of {shown(threshold)}."
    if died:
        of_both = f" {died_below:,} of them end below that loss all the same." if died_below else ""
        yield f"{died:,} died: the outputs, or all neurons of a hidden layer, pass nothing on.{of_both}"
    if not_finite:
        yield f"{not_finite:,} diverged: the loss is inf or nan."


def _chart(found: ManyStarts, cursor: int | None) -> Chart:
    """How many starts end with which loss; there has to be one that ends with a finite loss."""
    edges = [found.bins[0][0], *(high for _, high, _ in found.bins)]
    place = _place(found.threshold, edges)
    threshold = [] if place is None else [UprightLine(place, "strong", f"threshold {shown(found.threshold)}")]
    bars = [
        Bar(
            index,
            index + 1,
            count,
            "positive" if high <= found.threshold else "phase.loss",
            f"{count}" if count else "",
        )
        for index, (_, high, count) in enumerate(found.bins)
    ]
    return Chart(
        f"How many of {found.starts:,} starts end with which loss after {updates_text(found.updates)}",
        Bins(edges),
        # A little higher than the highest bar, for its label.
        Axis(0, 1.05 * max(count for _, _, count in found.bins) + 1),
        rules=[*threshold, *cursor_rule(None if cursor is None else cursor + 0.5)],
        bars=bars,
    )


def _place(value: float, edges: Sequence[float]) -> float | None:
    """Where between the edges of the bins, counted from 0, a value lies; None where it lies outside."""
    for index, (low, high) in enumerate(pairwise(edges)):
        if low <= value <= high:
            return index + (log(value / low) / log(high / low) if low > 0 else value / high)
    return None


def _page(found: ManyStarts, at: At) -> Page:
    chart: Chart | str = "No start ends with a finite loss: there is nothing to draw."
    here = []
    if found.bins:
        chart = _chart(found, at.cursor)
        low, high, count = found.bins[at.cursor]
        bounds = f"from {axis_number(low)} to below {axis_number(high)}"
        here = [f"At the cursor: {count} of {found.starts} end {bounds}."]
    about = recipe_title(found.recipe)
    if not RECIPES[found.recipe].random:
        about += "; nothing in it is random, so that all starts are the same"
    words = [Words(text, "strong") for text in found.words]
    return Page([chart], [*words, *here, Words(f"Start: {about}; {_seeds(found)}", "dim")])


def _seeds(found: ManyStarts) -> str:
    return f"seeds {found.seed} to {found.seed + found.starts - 1}"


def _printed(found: ManyStarts, title: str, _logarithmic: bool | None) -> Printed:
    none = () if found.bins else ("No loss at the end is finite: there is no chart.",)
    heading = f"{title}: {updates_text(found.updates)} from the recipe {found.recipe}, {_seeds(found)}"
    return Printed(heading, [], [], [*found.words, *none], [_chart(found, None)] if found.bins else [])


def _columns(found: ManyStarts) -> Iterator[tuple[object, ...]]:
    yield "recipe", "seed", "loss"
    yield from ((found.recipe, seed, loss) for seed, loss in enumerate(found.losses, found.seed))


def _objects(found: ManyStarts) -> list[object]:
    bins = [{"from": low, "below": high, "starts": count} for low, high, count in found.bins]
    return [fields_of(found, bins=bins, words=" ".join(found.words))]


SEED = seed_option(
    "first seed", FIRST_SEED, SEED_HELP, lambda _setup, seed: f"The first of the starts has seed {seed}."
)
UPDATES = updates_option(
    "updates of many starts",
    DEFAULT_UPDATES,
    f"number of updates (default: 25; for --starts {DEFAULT_UPDATES})",
)
STARTS: Option[int] = Option(
    "starts",
    lambda _setup: DEFAULT_STARTS,
    Flag(
        "--starts",
        "N",
        "number of starts from one recipe, each with the next seed, such as 200",
        whole_number(1, MOST_STARTS),
        several=False,
    ),
    prompt=None,
    count=None,
    of_choice=None,
)
THRESHOLD: Option[float] = Option(
    "threshold",
    lambda _setup: DEFAULT_THRESHOLD,
    Flag(
        "--threshold",
        "LOSS",
        f"with --starts: count losses below it (default: {DEFAULT_THRESHOLD})",
        positive,
        several=False,
    ),
    Prompt(
        name="threshold",
        key="t",
        title="threshold",
        about="Type the loss that many starts are to reach.",
        label="loss to reach:",
        written=number_text,
        read=positive_number,
        notice=lambda _threshold: "",
        notice_elsewhere=None,
    ),
    count=None,
    of_choice=None,
)

MANY_STARTS: Experiment[ManyStarts] = Experiment(
    name="many starts",
    title="Many starts",
    short_title="many seeds",
    topic=TOPIC,
    asked_by=STARTS.flag,
    options=(SEED, UPDATES, STARTS, THRESHOLD),
    computes_choice=True,
    compute=lambda inputs, watch: many_starts(
        inputs.setup, inputs.chosen, inputs[THRESHOLD], watch, inputs[STARTS], inputs[UPDATES], inputs[SEED]
    ),
    settings=lambda inputs: [updates_text(inputs[UPDATES]), f"seeds from {inputs[SEED]}"],
    has_own_rate=False,
    cursor=Cursor(places=lambda found: max(len(found.bins), 1), first=lambda _found: 0, over=None),
    scale=Scale(False, "This chart has one scale: its bins are fixed."),
    hints="right down seed back other-chart threshold updates help quit",
    page=_page,
    printed=_printed,
    columns=_columns,
    objects=_objects,
    special=replace(
        NOTHING_SPECIAL,
        hint_titles=(("seed", "seed"),),
        idle=(
            Idle("--linear", (), "has no effect with --starts: the bins of its chart are fixed."),
            Idle("--logarithmic", (), "has no effect with --starts: the bins of its chart are fixed."),
        ),
    ),
)
