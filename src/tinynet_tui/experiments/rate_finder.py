"""The rate finder: the loss at the end against the learning rate, over five powers of ten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from math import isfinite

from tinynet_tui.engine.expression_reading import number_text
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.training import evaluation
from tinynet_tui.experiments.experiment_rows import (
    LOGARITHMIC,
    NOTHING_SPECIAL,
    OPEN,
    At,
    Cursor,
    Experiment,
    Flag,
    Idle,
    Page,
    Printed,
    Words,
    cursor_rule,
)
from tinynet_tui.experiments.learning_rates import TOPIC, with_rate
from tinynet_tui.experiments.long_work import Watch, part, unwatched
from tinynet_tui.experiments.options import UPDATES
from tinynet_tui.experiments.run_words import VERDICTS
from tinynet_tui.experiments.runs import Verdict, check_updates, has_risen, training_run
from tinynet_tui.experiments.side_by_side import loss_heading
from tinynet_tui.session.commands import key_sign
from tinynet_tui.teaching.charts import Axis, Chart, ChartLine, ChartSign, UprightLine, loss_range
from tinynet_tui.teaching.numbers import equals, shown, updates_text

LOWEST, HIGHEST = 1e-4, 10.0
STEPS = 40
"""Learning rates that are tried, from the lowest to the highest, evenly spaced in their logarithms."""


@dataclass(frozen=True, slots=True)
class RateSweep:
    """What became of the runs with many learning rates."""

    updates: int
    first: float
    """The loss before training."""
    rates: tuple[float, ...]
    """Ascending."""
    final: tuple[float, ...]
    """The loss after the last update with each; inf and nan as they are."""
    verdicts: tuple[Verdict, ...]
    """What the run with each did."""
    best: int | None
    """Which of them (from 0) ends lowest; None where no loss is finite."""
    cliff: float | None
    """The first rate above the best whose run is stuck, diverges, or is once above the first loss."""
    wall: float | None
    """The first rate above the best from which on every run ends stuck or diverged: the cliff, or above."""

    @property
    def words(self) -> tuple[str, ...]:
        """A sentence about the best, and others about the cliff and the wall."""
        return tuple(_words(self))


def rate_sweep(setup: Setup, updates: int, watch: Watch = unwatched) -> RateSweep:
    """The sweep over many learning rates, each for a number of updates.

    Raises: ValueError with a sentence, where there are no updates or more than training goes.
    """
    check_updates(updates)
    rates = tuple(_rate(step) for step in range(STEPS))
    ends = tuple(
        _end(with_rate(setup, rate), updates, part(watch, index, STEPS)) for index, rate in enumerate(rates)
    )
    finite = [index for index, end in enumerate(ends) if isfinite(end.loss)]
    best = min(finite, key=lambda index: ends[index].loss, default=None)
    cliff = wall = None
    if best is not None and ends[best].verdict != "stuck":
        above = range(best + 1, STEPS)
        cliff = next((rates[index] for index in above if ends[index].rose or ends[index].is_lost), None)
        lost = sum(1 for _ in takewhile(lambda end: end.is_lost, reversed(ends)))
        wall = rates[STEPS - lost] if lost else None
    return RateSweep(
        updates,
        evaluation(setup, setup.parameters).loss,
        rates,
        tuple(end.loss for end in ends),
        tuple(end.verdict for end in ends),
        best,
        cliff,
        wall,
    )


@dataclass(frozen=True, slots=True)
class _End:
    """What is kept of a run."""

    loss: float
    verdict: Verdict
    rose: bool
    """Whether its loss is once above the first."""

    @property
    def is_lost(self) -> bool:
        """Whether it ends stuck or diverged."""
        return bool(VERDICTS[self.verdict].first_lost)


def _end(setup: Setup, updates: int, watch: Watch) -> _End:
    run = training_run(setup, updates, watch)
    return _End(run.losses[-1], run.verdict, has_risen(run.losses[0], max(run.losses)))


def _rate(step: int) -> float:
    """A learning rate of the sweep, in three digits."""
    return float(f"{LOWEST * (HIGHEST / LOWEST) ** (step / (STEPS - 1)):.2e}")


def _words(sweep: RateSweep) -> Iterator[str]:
    if sweep.best is None:
        yield "The loss is not finite with any of these learning rates."
        return
    many, verdicts = updates_text(sweep.updates), dict(zip(sweep.rates, sweep.verdicts, strict=True))
    best, lowest = sweep.rates[sweep.best], shown(sweep.final[sweep.best])
    if verdicts[best] == "stuck":
        yield f"With each of these learning rates it is stuck after {many}, or worse."
        return
    yield f"After {many} the loss is lowest at the learning rate {shown(best)}: {lowest}."
    if sweep.cliff is None:
        yield f"There is no cliff above it, up to {shown(HIGHEST)}."
    elif sweep.cliff != sweep.wall:
        how = VERDICTS[verdicts[sweep.cliff]].first_lost or "the loss first rises above where it began"
        yield f"At {shown(sweep.cliff)} {how}."
    if sweep.wall is not None:
        ends = dict.fromkeys(verdict for rate, verdict in verdicts.items() if rate >= sweep.wall)
        yield f"From {shown(sweep.wall)} on, every run ends {' or '.join(ends)}."


def _chart(sweep: RateSweep, logarithmic: bool, cursor: float | None) -> Chart:
    """The loss at the end over the learning rates, with the best place, the cliff and the wall."""
    low, high = loss_range((*sweep.final, sweep.first), [sweep.first], logarithmic)
    points = list(zip(sweep.rates, sweep.final, strict=True))
    lost = [ChartSign(x, high, "✗", "negative") for x, y in points if not isfinite(y)]
    best = [] if sweep.best is None else [ChartSign(*points[sweep.best], "●", "strong")]
    return Chart(
        f"Loss after {updates_text(sweep.updates)} (upwards) for each η (to the right); ● the best",
        Axis(sweep.rates[0], sweep.rates[-1], logarithmic=True),
        Axis(low, high, logarithmic),
        [ChartLine(points, "phase.loss")],
        [*cursor_rule(cursor), *_limits(sweep)],
        spots=[*lost, *best],
    )


def _limits(sweep: RateSweep) -> Iterator[UprightLine]:
    """Rules where the loss first rises above its start, and where all runs begin to be stuck or diverged."""
    verdicts = dict(zip(sweep.rates, sweep.verdicts, strict=True))
    if sweep.cliff is not None and sweep.cliff != sweep.wall:
        yield UprightLine(sweep.cliff, "negative", f"rises {shown(sweep.cliff, 3)}")
    if sweep.wall is not None:
        yield UprightLine(sweep.wall, "negative", f"{verdicts[sweep.wall]} {shown(sweep.wall, 3)}▸")


def _cut_off(sweep: RateSweep, logarithmic: bool) -> Iterator[str]:
    """A sentence where the chart has no place for the smallest losses."""
    low, _ = loss_range((*sweep.final, sweep.first), [sweep.first], logarithmic)
    if any(loss < low for loss in sweep.final):
        edge = "stands at its lower edge"
        yield f"The chart is cut off below: a loss under {shown(low, 1)}, such as 0, {edge}."


def _page(sweep: RateSweep, at: At) -> Page:
    rate, final = sweep.rates[at.cursor], sweep.final[at.cursor]
    here = Words(
        f"At the cursor: η {equals(rate)} {shown(rate)}, loss {equals(final, 6)} {shown(final, 6)}, "
        f"{sweep.verdicts[at.cursor]}. {key_sign(OPEN)} opens it.",
        "strong",
    )
    present = Words(f"η now: {number_text(at.inputs.setup.hyperparameters.learning_rate)}", "dim")
    told = (*_cut_off(sweep, at.logarithmic), *sweep.words)
    return Page([_chart(sweep, at.logarithmic, rate)], [here, *told, present])


def _printed(sweep: RateSweep, title: str, logarithmic: bool | None) -> Printed:
    scale = logarithmic is not False
    return Printed(
        loss_heading(title, sweep.updates, sweep.first),
        [],
        [],
        [*sweep.words, *_cut_off(sweep, scale)],
        [_chart(sweep, scale, None)],
    )


def _objects(sweep: RateSweep) -> Iterator[dict[str, object]]:
    for index, rate in enumerate(sweep.rates):
        yield {
            "learning_rate": rate,
            "loss": sweep.final[index],
            "verdict": sweep.verdicts[index],
            "best": index == sweep.best,
            "cliff": rate == sweep.cliff,
            "wall": rate == sweep.wall,
        }


RATE_FINDER: Experiment[RateSweep] = Experiment(
    name="rate finder",
    title="Rate finder",
    short_title="rate finder",
    topic=TOPIC,
    asked_by=Flag(
        "--find",
        "",
        f"the rate finder: {STEPS} learning rates from {LOWEST:g} to {HIGHEST:g}, "
        "and the loss at the end of each",
        None,
        several=False,
    ),
    options=(UPDATES,),
    computes_choice=False,
    compute=lambda inputs, watch: rate_sweep(inputs.setup, inputs[UPDATES], watch),
    settings=lambda inputs: [updates_text(inputs[UPDATES])],
    has_own_rate=True,
    cursor=Cursor(places=lambda sweep: len(sweep.rates), first=lambda sweep: sweep.best or 0, over=None),
    scale=LOGARITHMIC,
    hints="right open back other-chart scale updates help quit",
    page=_page,
    printed=_printed,
    columns=lambda sweep: [
        ("learning_rate", "loss", "verdict"),
        *zip(sweep.rates, sweep.final, sweep.verdicts, strict=True),
    ],
    objects=_objects,
    special=replace(
        NOTHING_SPECIAL,
        opens=lambda sweep, at: (sweep.rates[at.cursor], sweep.updates),
        idle=(Idle("--learning-rate", (), f"has no effect with --find, which tries {STEPS} of its own."),),
    ),
)
