"""All parameters side by side: which of them moves the loss most, and which the output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import fsum

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments import row
from tinynet_tui.experiments.gradients import loss_gradients, numerical_gradient, prediction_slopes
from tinynet_tui.experiments.sensitivity import TOPIC, size
from tinynet_tui.experiments.watch import Watch, unwatched
from tinynet_tui.teaching.charts import BarChart, BarColumn, bar_text, longest_size
from tinynet_tui.teaching.numbers import shown

_BAR = 24
"""Cells of the longest bar that is printed."""


@dataclass(frozen=True, slots=True)
class Influence:
    """How much a parameter moves the output and the loss."""

    parameter: str
    on_output: float
    """The mean of |∂ŷ/∂p| over samples and outputs."""
    on_loss: float
    """∂L/∂p over all samples, with its sign."""
    numeric: float
    """The same from differences of the loss."""
    uncertainty: float
    """How far off the numeric one may be, by its own estimate."""


def influences(setup: Setup, watch: Watch = unwatched) -> tuple[Influence, ...]:
    """The influence of every parameter, in the order of `parameters_of`."""
    slopes = [outputs for sample in prediction_slopes(setup) for outputs in sample]
    gradients, names = loss_gradients(setup), setup.model.parameter_names
    found = []
    for index, name in enumerate(names):
        watch(index / len(names))
        on_output = fsum(abs(of_output[name]) for of_output in slopes) / max(len(slopes), 1)
        found.append(Influence(name, on_output, gradients[name], *numerical_gradient(setup, name)))
    watch(1.0)
    return tuple(found)


def by_loss(found: Iterable[Influence]) -> tuple[Influence, ...]:
    """The parameters, the one that moves the loss most first; nan last, and those alike as they come."""
    return tuple(sorted(found, key=lambda influence: -size(influence.on_loss)))


def by_output(found: Iterable[Influence]) -> tuple[Influence, ...]:
    """The parameters, the one that moves the output most first; nan last, and those alike as they come."""
    return tuple(sorted(found, key=lambda influence: -size(influence.on_output)))


def most_words(found: Sequence[Influence]) -> str:
    """Which parameter moves the loss most, and which the output."""
    loss, output = by_loss(found)[0], by_output(found)[0]
    if loss.on_loss == 0:
        return "No parameter moves the loss: every gradient is 0."
    if loss.parameter == output.parameter:
        return f"{symbol(loss.parameter)} moves the loss most, and the output, too."
    return f"{symbol(loss.parameter)} moves the loss most, {symbol(output.parameter)} the output."


def _page(found: tuple[Influence, ...], at: row.At) -> row.Page:
    columns = (
        BarColumn("moves the loss most: ∂L/∂p", [(one.parameter, one.on_loss) for one in by_loss(found)]),
        BarColumn("moves ŷ most: |∂ŷ/∂p|", [(one.parameter, one.on_output) for one in by_output(found)]),
    )
    one, name = found[at.choice], symbol(at.choices[at.choice])
    gradients = (
        f"∂L/∂{name}: {shown(one.on_loss, 8)} by the chain rule, {shown(one.numeric, 8)} from "
        f"differences of the loss, give or take {shown(one.uncertainty, 2)}"
    )
    return row.Page(
        [BarChart(columns, at.choices, at.choices[at.choice])],
        [
            row.Words(gradients, "strong"),
            most_words(found),
            "A parameter with 0 does not change this output or this loss: its input is 0, or a ReLU is shut.",
            row.Words(f"The ± is an estimate of how far off the differences are: {_LARGE}.", "dim"),
        ],
    )


_LARGE = "large where a ReLU is about to shut"


def _printed(found: tuple[Influence, ...], title: str, _logarithmic: bool | None) -> row.Printed:
    ordered, most = by_loss(found), row.SHELL_HEIGHT - 4
    longest, more = longest_size(one.on_loss for one in ordered), len(ordered) - most
    rows = [
        (
            symbol(one.parameter),
            shown(one.on_loss, 6),
            shown(one.numeric, 6),
            f"± {shown(one.uncertainty, 1)}",
            shown(one.on_output, 6),
            bar_text(abs(one.on_loss) / longest, _BAR),
        )
        for one in ordered[:most]
    ]
    return row.Printed(
        f"{title}: what each parameter does to the loss and to the output",
        [("", "∂L/∂p", "differences", "", "|∂ŷ/∂p|", "|∂L/∂p|"), *rows],
        [f"… and {more:,} more that move the loss less."] if more > 0 else [],
        [most_words(found)],
        [],
    )


def _columns(found: tuple[Influence, ...]) -> Iterator[tuple[object, ...]]:
    yield "parameter", "on_output", "on_loss", "numeric", "uncertainty"
    yield from ((o.parameter, o.on_output, o.on_loss, o.numeric, o.uncertainty) for o in found)


INFLUENCES: row.Experiment[tuple[Influence, ...]] = row.Experiment(
    name="influences",
    title="All parameters",
    short_title="all parameters",
    topic=TOPIC,
    asked_by=None,
    options=(),
    computes_choice=False,
    compute=lambda inputs, watch: influences(inputs.setup, watch),
    settings=lambda _inputs: [],
    has_own_rate=False,
    has_own_start=False,
    cursor=None,
    scale=row.Scale(False, "These bars have a linear scale only."),
    order=lambda found: [one.parameter for one in by_loss(found)],
    opens=None,
    hints="down back second help quit",
    hint_titles=(),
    page=_page,
    printed=_printed,
    idle=(row.Idle("--by", (), "has no effect without --parameter."),),
    columns=_columns,
    objects=lambda found: found,
)
