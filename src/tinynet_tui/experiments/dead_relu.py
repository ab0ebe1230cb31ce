"""A ReLU neuron's bias swept: where it dies, and how the gradient and the loss change with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, nan
from typing import Literal

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.engine.training import evaluation, forward
from tinynet_tui.experiments.experiment_rows import (
    LINEAR,
    NOTHING_SPECIAL,
    At,
    Choice,
    Cursor,
    Experiment,
    Flag,
    Page,
    Printed,
    Topic,
    Words,
    cursor_rule,
    fields_of,
    selected_or_first,
)
from tinynet_tui.experiments.gradients import loss_gradients, loss_of, position_of, with_parameter
from tinynet_tui.experiments.long_work import Watch, part, point_after, unwatched
from tinynet_tui.experiments.options import UPDATES
from tinynet_tui.experiments.relus import Relu, relus
from tinynet_tui.experiments.runs import check_updates
from tinynet_tui.teaching.charts import Axis, Chart, ChartLine, ChartSign, UprightLine, loss_range
from tinynet_tui.teaching.numbers import equals, shown, sign_and_number, updates_text
from tinynet_tui.teaching.typed_values import parameter_name

LOWEST, HIGHEST = -5.0, 5.0
"""The biases swept reach at least from here to there, and as far as the present one and every cliff."""
POINTS = 101
_ROUND = 5
"""The ends of what is swept are multiples of it."""
_FARTHEST = 1e300
"""Either way from 0."""
_MOST_SAMPLES, _MOST_SUMS, _MOST_RULES = 6, 4, 4
"""Samples that are named in a sentence, whose sums are told one by one, that are named in a chart."""

Dead = Literal["no", "for some samples", "for all samples"]


@dataclass(frozen=True, slots=True)
class BiasPoint:
    """The neuron with one bias, all else as it is."""

    bias: float
    z: tuple[float, ...]
    """Its pre-activation for each sample."""
    active: tuple[int, ...]
    """The samples (from 1) for which it is alive: z > 0."""
    gradient: float
    """∂L/∂b over all samples."""
    loss: float
    """With this bias, before training."""
    after: float
    """The loss after some more updates from there."""
    dead: Dead


@dataclass(frozen=True, slots=True)
class BiasSweep:
    """One neuron with many biases."""

    parameter: str
    """The bias: "b1"."""
    neuron: str
    """"node 1", "out"."""
    kind: Literal["hidden", "output"]
    updates: int
    """Before the loss `after` of a point."""
    present: BiasPoint
    """With the bias as it is."""
    cliffs: tuple[tuple[int, float], ...]
    """(sample from 1, the bias at which its z is exactly 0): at it and below, the neuron is dead for it."""
    alive_from: float
    """The lowest of the cliffs: at it and below, the neuron is dead for all samples."""
    points: tuple[BiasPoint, ...]
    """Ascending, evenly spaced."""
    words: tuple[str, ...]
    """Which samples keep it alive, what its death means, and what would wake it."""


def relu_biases(setup: Setup) -> tuple[str, ...]:
    """The biases that can be swept: those of ReLU neurons."""
    return tuple(_relus_by_bias(setup))


def _relus_by_bias(setup: Setup) -> dict[str, Relu]:
    return {relu.bias: relu for relu in relus(setup.model) if relu.bias is not None}


def bias_sweep(setup: Setup, name: str, updates: int, watch: Watch = unwatched) -> BiasSweep:
    """The sweep of one bias.

    Raises: ValueError with a sentence, where it is not the bias of a ReLU neuron, or where there are no
    updates or more than training goes.
    """
    check_updates(updates)
    if name not in relu_biases(setup):
        raise ValueError(_no_relu(setup, name))
    relu, position = _relus_by_bias(setup)[name], position_of(setup, name)
    cliffs = _cliffs(with_parameter(setup, position, 0.0), relu)
    present = setup.parameters[position]
    biases = (present, *_biases([present, *(bias for _, bias in cliffs)]))
    here, *points = (
        _point(with_parameter(setup, position, bias), name, relu, updates, part(watch, index, len(biases)))
        for index, bias in enumerate(biases)
    )
    watch(1.0)
    alive_from = min((bias for _, bias in cliffs if isfinite(bias)), default=nan)
    return BiasSweep(
        name,
        relu.name,
        "output" if relu.is_output else "hidden",
        updates,
        here,
        cliffs,
        alive_from,
        tuple(points),
        tuple(_words(setup, name, relu, here.z, cliffs)),
    )


def _no_relu(setup: Setup, name: str) -> str:
    """Why a name cannot be swept."""
    biases = relu_biases(setup)
    if not biases:
        return "no neuron of this network has a ReLU and a bias, so there is no bias to sweep"
    return f"{name} is not the bias of a ReLU neuron: choose one of {', '.join(biases)}"


def _cliffs(without_bias: Setup, relu: Relu) -> tuple[tuple[int, float], ...]:
    """For each sample the bias at which z is exactly 0: minus what z is without a bias, which comes last."""
    rows = forward(without_bias)(without_bias.parameters)
    return tuple((sample, 0.0 - values[relu.position]) for sample, values in enumerate(rows, start=1))


def _biases(within: Sequence[float]) -> list[float]:
    """Evenly spaced biases, between ends that are round and have some given ones within them."""
    sizes = [min(max(bias, -_FARTHEST), _FARTHEST) for bias in within if isfinite(bias)]
    low, high = min((LOWEST, *sizes)), max((HIGHEST, *sizes))
    low, high = _ROUND * floor(low / _ROUND), _ROUND * ceil(high / _ROUND)
    last = POINTS - 1
    return [(low * (last - place) + high * place) / last for place in range(POINTS)]


def _point(setup: Setup, name: str, relu: Relu, updates: int, watch: Watch) -> BiasPoint:
    """The neuron with the bias that a setup has."""
    z = tuple(values[relu.position] for values in forward(setup)(setup.parameters))
    active = tuple(sample for sample, value in enumerate(z, start=1) if not value <= 0.0)
    dead: Dead = "no" if len(active) == len(z) else "for some samples" if active else "for all samples"
    end = point_after(setup, updates, watch)
    return BiasPoint(
        setup.parameters[position_of(setup, name)],
        z,
        active,
        loss_gradients(setup)[name],
        loss_of(setup),
        evaluation(setup, end.parameters).loss,
        dead,
    )


# In words


def _words(
    setup: Setup, bias: str, relu: Relu, z: Sequence[float], cliffs: Sequence[tuple[int, float]]
) -> Iterator[str]:
    """The words for a neuron with its present bias, its z for each sample, and the cliffs of its bias."""
    if not all(map(isfinite, z)):
        yield f"The weighted sum of {relu.name} is not finite."
        return
    keeper, alive_from = min(cliffs, key=lambda cliff: cliff[1])
    below = f"at {symbol(bias)} {sign_and_number(alive_from)} and below"
    yield _state(relu, symbol(relu.z), z)
    if len(z) == 1:
        yield f"The cliff: {below}, the neuron is dead; above, it is alive."
    else:
        yield f"Sample {keeper} keeps it alive the longest: {below} it is dead for all samples."
    if all(value <= 0.0 for value in z):
        yield from _death(setup, relu, f"a {symbol(bias)} above {shown(alive_from)}")


def _state(relu: Relu, sign: str, z: Sequence[float]) -> str:
    """For which samples a neuron is alive."""
    name = relu.name.capitalize()
    if len(z) == 1:
        state, why = ("alive", "") if z[0] > 0 else ("dead", " is not above 0")
        return f"{name} is {state}: {sign} {equals(z[0])} {shown(z[0])}{why}."
    alive = [sample for sample, value in enumerate(z, start=1) if value > 0]
    dead = [sample for sample, value in enumerate(z, start=1) if value <= 0]
    if not alive:
        return f"{name} is dead for all samples: {sign} is above 0 for none of them."
    if not dead:
        return f"{name} is alive for all {len(z)} samples: {sign} is above 0 for each."
    return f"{name} is alive for {_samples(alive)}, dead for {_samples(dead)}."


def _samples(numbers: Sequence[int]) -> str:
    if len(numbers) > _MOST_SAMPLES:
        return f"{len(numbers)} samples"
    return f"sample{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _death(setup: Setup, relu: Relu, other_bias: str) -> Iterator[str]:
    """What the death of a neuron means, and what would wake it."""
    stops_all = relu.is_output and len(setup.model.predictions) == 1
    kind = "output" if relu.is_output else "hidden neuron"
    what = "nothing in the network learns" if stops_all else "its weights and its bias do not learn"
    yield f"A dead {kind}: no gradient gets past it, so {what}."
    if setup.model.penalties:
        draws = (
            f"{' and '.join(setup.model.penalties)} still {'draw' if setup.model.penalties[1:] else 'draws'}"
        )
        yield f"It would wake with {other_bias}, or with other weights, which {draws} to 0."
    elif stops_all or relu.level == 0:
        yield f"Training cannot wake it; {other_bias} would, or other weights or inputs."
    else:
        yield f"It would wake with {other_bias}, or with other values from the layer before, which may learn."


def _charts(sweep: BiasSweep, logarithmic: bool, cursor: float | None) -> tuple[Chart, Chart]:
    """The loss over the bias, before training and after it, and the gradient over it; with the cliffs."""
    before = [(point.bias, point.loss) for point in sweep.points]
    after = [(point.bias, point.after) for point in sweep.points]
    gradient = [(point.bias, point.gradient) for point in sweep.points]
    losses = [y for _, y in (*before, *after) if isfinite(y)]
    low, high = loss_range(losses, [y for _, y in before], logarithmic)
    slopes = [0.0, *(y for _, y in gradient if isfinite(y))]
    name, across = symbol(sweep.parameter), Axis(before[0][0], before[-1][0])
    rules = [*cursor_rule(cursor), *_rules(sweep)]
    return (
        Chart(
            f"Loss: n now, a after training; ● {name} now" if losses else "No loss is finite",
            across,
            Axis(low, high, logarithmic),
            [ChartLine(before, "phase.loss", "n", "n"), ChartLine(after, "phase.update", "a", "a")],
            rules,
            spots=[ChartSign(sweep.present.bias, sweep.present.loss, "●", "strong")],
        ),
        Chart(
            f"Gradient ∂L/∂{name} now; 0 where dead",
            across,
            Axis(min(slopes), max(slopes)),
            [ChartLine(gradient, "phase.backward")],
            rules,
            spots=[ChartSign(sweep.present.bias, sweep.present.gradient, "●", "strong")],
        ),
    )


def _rules(sweep: BiasSweep) -> Iterator[UprightLine]:
    """A rule where the neuron dies for all samples, and others where it dies for one."""
    for sample, bias in sweep.cliffs:
        if bias > sweep.alive_from:
            yield UprightLine(bias, "dim", f"sample {sample}" if len(sweep.cliffs) <= _MOST_RULES else "")
    yield UprightLine(sweep.alive_from, "negative", f"dead ◂ {shown(sweep.alive_from)} ▸ alive")


def _page(sweep: BiasSweep, at: At) -> Page:
    point = sweep.points[at.cursor]
    here = Words(_at_cursor(sweep, point, at.inputs.setup), "strong")
    return Page(_charts(sweep, at.logarithmic, point.bias), [here, *sweep.words])


def _at_cursor(sweep: BiasSweep, point: BiasPoint, setup: Setup) -> str:
    """The neuron with the bias at the cursor."""
    name, relu = symbol(sweep.parameter), _relus_by_bias(setup)[sweep.parameter]
    z = symbol(relu.z)
    state = "dead" if not point.active else "alive" if point.dead == "no" else "dead for some samples"
    if len(point.z) == 1:
        sums = f"{z} {sign_and_number(point.z[0])}"
    elif len(point.z) <= _MOST_SUMS:
        sums = f"{z} of the samples {', '.join(map(shown, point.z))}"
    else:
        sums = f"{z} > 0 for {len(point.active)} of {len(point.z)} samples"
    return (
        f"At the cursor: {name} {sign_and_number(point.bias)}; {sums}; {state}; "
        f"∂L/∂{name} {equals(point.gradient)} {shown(point.gradient)}; loss {shown(point.loss)}, "
        f"after {updates_text(sweep.updates)} {shown(point.after)}."
    )


def _printed(sweep: BiasSweep, title: str, logarithmic: bool | None) -> Printed:
    name, every = symbol(sweep.parameter), (len(sweep.points) - 1) // 5
    points = {point.bias: point for point in (*sweep.points[::every], sweep.present)}

    def cells(point: BiasPoint) -> tuple[str, ...]:
        numbers = (shown(number, 6) for number in (point.gradient, point.loss, point.after))
        dead = "" if point.dead == "no" else point.dead
        now = " (now)" if point.bias == sweep.present.bias else ""
        return shown(point.bias), *numbers, f"{dead}{now}".lstrip()

    return Printed(
        f"{title}: the bias {name} of {sweep.neuron}, {sweep.kind}",
        [
            (name, "gradient", "loss", f"after {sweep.updates:,}", "dead"),
            *(cells(points[bias]) for bias in sorted(points)),
        ],
        [],
        sweep.words,
        _charts(sweep, bool(logarithmic), None),
    )


def _columns(sweep: BiasSweep) -> Iterator[tuple[object, ...]]:
    samples = range(1, len(sweep.cliffs) + 1)
    sums = ["z"] if len(samples) == 1 else [f"z_sample{sample}" for sample in samples]
    yield "bias", *sums, "gradient", "loss", "after", "dead"
    for point in sweep.points:
        yield point.bias, *point.z, point.gradient, point.loss, point.after, point.dead


def _objects(sweep: BiasSweep) -> list[object]:
    cliffs = [{"sample": sample, "bias": bias} for sample, bias in sweep.cliffs]
    return [fields_of(sweep, cliffs=cliffs, words=" ".join(sweep.words))]


def _present(sweep: BiasSweep) -> int:
    """The point that is nearest to the present bias."""
    return min(range(len(sweep.points)), key=lambda place: abs(sweep.points[place].bias - sweep.present.bias))


TOPIC = Topic(
    verb="dead",
    about="the bias of a ReLU neuron swept, and the cliff where it dies",
    description="Sweep the bias of a ReLU neuron: where it dies, and what it then learns.",
    examples=(
        "tinynet-tui experiment dead",
        "tinynet-tui experiment dead dead-output --parameter b3",
        "tinynet-tui experiment dead --parameter b2 --updates 100 --format csv",
    ),
    tab="dead",
    tab_about="A ReLU neuron's bias swept: where it dies.",
    choice=Choice(
        names=lambda inputs: relu_biases(inputs.setup),
        first=selected_or_first,
        flag=Flag(
            "--parameter",
            "NAME",
            "the bias of a ReLU neuron, such as b1 (default: the first)",
            parameter_name,
            several=False,
        ),
        nothing=(
            "No neuron of this network has a ReLU and a bias: there is no bias to sweep.",
            "A dead neuron is a ReLU that passes 0 on for every sample, and 0 back to its weights.",
            "The lessons lecture, dead-relu and dead-output have ReLUs with a bias.",
        ),
        no_chart="There is no chart here: this network has no ReLU with a bias to sweep.",
    ),
)

DEAD_RELU: Experiment[BiasSweep] = Experiment(
    name="bias",
    title="Dead ReLU",
    short_title="dead ReLU",
    topic=TOPIC,
    asked_by=None,
    options=(UPDATES,),
    computes_choice=True,
    compute=lambda inputs, watch: bias_sweep(inputs.setup, inputs.chosen, inputs[UPDATES], watch),
    settings=lambda inputs: [updates_text(inputs[UPDATES])],
    has_own_rate=False,
    cursor=Cursor(places=lambda sweep: len(sweep.points), first=_present, over=None),
    scale=LINEAR,
    hints="right down back scale updates help quit",
    page=_page,
    printed=_printed,
    columns=_columns,
    objects=_objects,
    special=NOTHING_SPECIAL,
)
