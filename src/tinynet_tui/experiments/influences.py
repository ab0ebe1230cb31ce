"""All parameters side by side: which of them moves the loss most, and which the output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import fsum

from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.experiment_rows import (
    NOTHING_SPECIAL,
    SHELL_HEIGHT,
    At,
    Experiment,
    Idle,
    Page,
    Printed,
    Scale,
    Words,
)
from tinynet_tui.experiments.gradients import loss_gradients, numerical_gradient, prediction_slopes
from tinynet_tui.experiments.long_work import Watch, unwatched
from tinynet_tui.experiments.loss_slice import TOPIC, size
from tinynet_tui.teaching.charts import BarChart, BarColumn, bar_text, longest_size
from tinynet_tui.teaching.numbers import shown

_BAR = 24
"""Cells of the longest bar that is printed."""


@dataclass(frozen=True, slots=True)
class Influence:
    """How much a parameter moves the output and the loss."""

    parameter: str
    on_output: float | None
    """Of the output that it moves most, the mean of |∂ŷ/∂p| over the samples; None where there is none."""
    on_loss: float
    """∂L/∂p over all samples, with its sign."""
    numeric: float
    """The same from differences of the loss."""
    uncertainty: float
    """How far off the numeric one may be, by its own estimate."""
    output: str = "yhat"
    """The name of that output; "" where there is none."""


def influences(setup: Setup, watch: Watch = unwatched) -> tuple[Influence, ...]:
    """The influence of every parameter, in the order of `parameters_of`."""
    by_sample, outputs = prediction_slopes(setup), setup.model.predictions
    gradients, names = loss_gradients(setup), setup.model.parameter_names
    found = []
    for index, name in enumerate(names):
        watch(index / len(names))
        moved = {
            output: fsum(abs(slopes[place][name]) for slopes in by_sample) / len(by_sample)
            for place, output in enumerate(outputs)
        }
        output = max(moved, key=lambda one: size(moved[one]), default="")
        numeric = numerical_gradient(setup, name)
        found.append(Influence(name, moved.get(output), gradients[name], *numeric, output))
    watch(1.0)
    return tuple(found)


def by_loss(found: Iterable[Influence]) -> tuple[Influence, ...]:
    """The parameters, the one that moves the loss most first; nan last, and those alike as they come."""
    return tuple(sorted(found, key=lambda influence: -size(influence.on_loss)))


def by_output(found: Iterable[Influence]) -> tuple[Influence, ...]:
    """The parameters, the one that moves the output most first; nan last, and those alike as they come."""
    return tuple(sorted(found, key=lambda influence: -size(influence.on_output or 0.0)))


def most_words(found: Sequence[Influence]) -> str:
    """Which parameter moves the loss most, and which the output."""
    loss, output = by_loss(found)[0], by_output(found)[0]
    if loss.on_loss == 0:
        return "No parameter moves the loss: every gradient is 0."
    most = f"{symbol(loss.parameter)} moves the loss most"
    if output.on_output is None:
        return f"{most}."
    called = "the output" if output.output == "yhat" else symbol(output.output)
    if loss.parameter == output.parameter:
        return f"{most}, and {called}, too."
    return f"{most}, {symbol(output.parameter)} {called}."


def _output_of(found: Sequence[Influence]) -> str:
    """The sign of the output that all of them move most; of several what they have in common."""
    outputs = {one.output for one in found}
    if len(outputs) == 1:
        return "".join(map(symbol, filter(None, outputs)))
    return symbol("yhat") if all(name.startswith("yhat") for name in outputs) else "output"


def _are_several(found: Sequence[Influence]) -> bool:
    """Whether one parameter moves another output most than another parameter does."""
    return len({one.output for one in found}) > 1


def _page(found: tuple[Influence, ...], at: At) -> Page:
    columns = [
        BarColumn("moves the loss most: ∂L/∂p", [(one.parameter, one.on_loss) for one in by_loss(found)])
    ]
    bars = [(one.parameter, one.on_output) for one in by_output(found) if one.on_output is not None]
    if bars:
        called = _output_of(found)
        moves = f"moves one {called} most" if _are_several(found) else f"moves {called} most"
        columns.append(BarColumn(f"{moves}: |∂{called}/∂p|", bars))
    one, name = found[at.choice], symbol(at.choices[at.choice])
    gradients = (
        f"∂L/∂{name}: {shown(one.on_loss, 8)} by the chain rule, {shown(one.numeric, 8)} ± "
        f"{shown(one.uncertainty, 2)} from differences of the loss"
    )
    moved, setup = [], at.inputs.setup
    if one.on_output is not None and max(len(setup.inputs), len(setup.model.predictions)) > 1:
        of = symbol(one.output)
        most = " most" if len(setup.model.predictions) > 1 else ""
        mean = ", the mean over the samples" if len(setup.inputs) > 1 else ""
        moved = [f"{name} moves {of}{most}: |∂{of}/∂{name}| is {shown(one.on_output)}{mean}."]
    return Page(
        [BarChart(tuple(columns), at.choices, at.choices[at.choice])],
        [
            Words(gradients, "strong"),
            *moved,
            most_words(found),
            "A parameter with 0 does not change this output or this loss: its input is 0, or a ReLU is shut.",
            Words(f"The ± is an estimate of how far off the differences are: {_LARGE}.", "dim"),
        ],
    )


_LARGE = "large where a ReLU is about to shut"


def _printed(found: tuple[Influence, ...], title: str, _logarithmic: bool | None) -> Printed:
    ordered, most = by_loss(found), SHELL_HEIGHT - 4
    longest, more = longest_size(one.on_loss for one in ordered), len(ordered) - most
    called, has_output = _output_of(found), found[0].on_output is not None
    are_several = _are_several(found)
    whole = "the output" if are_several or found[0].output == "yhat" else called
    rows = [
        (
            symbol(one.parameter),
            shown(one.on_loss, 6),
            shown(one.numeric, 6),
            f"± {shown(one.uncertainty, 1)}",
            *([] if one.on_output is None else [shown(one.on_output, 6)]),
            *([f"of {symbol(one.output)}"] if are_several else []),
            bar_text(abs(one.on_loss) / longest, _BAR),
        )
        for one in ordered[:most]
    ]
    of_output = [f"|∂{called}/∂p|"] if has_output else []
    heads = "", "∂L/∂p", "differences", "", *of_output, *([""] if are_several else []), "|∂L/∂p|"
    return Printed(
        f"{title}: what each parameter does to the loss{f' and to {whole}' if has_output else ''}",
        [heads, *rows],
        [f"… and {more:,} more that move the loss less."] if more > 0 else [],
        [most_words(found)],
        [],
    )


def _columns(found: tuple[Influence, ...]) -> Iterator[tuple[object, ...]]:
    yield "parameter", "on_output", "on_loss", "numeric", "uncertainty", "output"
    yield from ((o.parameter, o.on_output, o.on_loss, o.numeric, o.uncertainty, o.output) for o in found)


INFLUENCES: Experiment[tuple[Influence, ...]] = Experiment(
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
    cursor=None,
    scale=Scale(False, "These bars have a linear scale only."),
    hints="down back other-chart help quit",
    page=_page,
    printed=_printed,
    columns=_columns,
    objects=lambda found: found,
    special=replace(
        NOTHING_SPECIAL,
        order=lambda found: [one.parameter for one in by_loss(found)],
        idle=(Idle("--by", (), "has no effect without --parameter."),),
    ),
)
