"""Each experiment on one page for the shell: a table, the words, and the chart, in 80 × 24."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinynet_tui.drawing.chart import Chart, chart_picture, charts_side_by_side
from tinynet_tui.drawing.columns import columns
from tinynet_tui.drawing.experiments.bars import bar_text
from tinynet_tui.drawing.experiments.charts import (
    bias_charts,
    cut_off_words,
    many_starts_chart,
    rate_finder_chart,
    slice_chart,
)
from tinynet_tui.drawing.experiments.many_starts import seeds_text
from tinynet_tui.drawing.experiments.slice import moved_prediction
from tinynet_tui.drawing.experiments.starts import start_brief
from tinynet_tui.drawing.experiments.words import LEAST_CHART
from tinynet_tui.drawing.loss_chart import LETTERS, loss_chart
from tinynet_tui.drawing.picture import Canvas, Picture
from tinynet_tui.drawing.signs import clean, shorten, to_ascii, wrap
from tinynet_tui.engine.names import symbol
from tinynet_tui.experiments.dead_relu import BiasPoint, BiasSweep
from tinynet_tui.experiments.initial_values import StartRun
from tinynet_tui.experiments.learning_rates import RateRun
from tinynet_tui.experiments.many_starts import ManyStarts
from tinynet_tui.experiments.rate_finder import RateSweep
from tinynet_tui.experiments.runs import verdict_brief
from tinynet_tui.experiments.sensitivity import Influence, Nudge, Slice, by_loss, longest_size, most_words
from tinynet_tui.handouts.loss_curve import Curve
from tinynet_tui.handouts.training_summary import rate_text
from tinynet_tui.teaching.numbers import shown, updates_text

WIDTH, HEIGHT = 80, 23
"""Cells: a screen of 80 × 24, with a row left for the shell's prompt."""

_MOST_RUNS = 8
"""So many runs have a row and a curve; of others the page says how many they are."""
_DIGITS = 6
_BAR = 24
"""Cells of the longest bar."""

_Chart = Callable[[int], Picture]
"""A chart in a given number of rows."""


def rates_page(
    title: str, runs: Sequence[RateRun], ascii: bool = False, logarithmic: bool | None = None
) -> Picture:
    """The runs with several learning rates."""
    letters = _letters(runs)
    rows = [
        (
            letter,
            rate_text(run.learning_rate),
            _loss(run.losses[-1]),
            f"{run.rises:,}",
            verdict_brief(run.verdict, run.at),
        )
        for letter, run in zip(letters, runs, strict=False)
    ]
    curves = [Curve(rate_text(run.learning_rate), range(len(run.losses)), run.losses) for run in runs]
    return _page(
        [
            _heading(title, len(runs[0].losses) - 1, runs[0].losses[0]),
            *_table([("", "learning rate", "loss", "rises", "what it did"), *rows], ascii),
            *_others(len(runs), "learning rates"),
        ],
        [f"{letter} {run.words}".lstrip() for letter, run in zip(letters, runs, strict=False)],
        _runs_chart(curves, ascii, logarithmic),
        ascii,
    )


def starts_page(
    title: str, runs: Sequence[StartRun], ascii: bool = False, logarithmic: bool | None = None
) -> Picture:
    """The runs from several initial weights."""
    letters = _letters(runs)
    rows = [
        (f"{letter} {run.recipe}".lstrip(), _loss(run.losses[0]), _loss(run.losses[-1]), start_brief(run))
        for letter, run in zip(letters, runs, strict=False)
    ]
    curves = [Curve(run.recipe, range(len(run.losses)), run.losses) for run in runs]
    updates = len(runs[0].losses) - 1
    return _page(
        [
            f"{title}: {updates_text(updates)}, seed {runs[0].seed}",
            *_table([("weights", "first loss", "loss", "what it did"), *rows], ascii),
        ],
        [f"{letter} {run.words}".lstrip() for letter, run in zip(letters, runs, strict=False)],
        _runs_chart(curves, ascii, logarithmic),
        ascii,
    )


def rate_finder_page(
    title: str, sweep: RateSweep, ascii: bool = False, logarithmic: bool | None = None
) -> Picture:
    """The final loss against the learning rate."""
    scale = logarithmic is not False
    return _page(
        [_heading(title, sweep.updates, sweep.first)],
        (*sweep.words, *cut_off_words(sweep, scale)),
        _drawn(rate_finder_chart(sweep, scale), ascii),
        ascii,
    )


def many_starts_page(title: str, starts: ManyStarts, ascii: bool = False) -> Picture:
    """The final losses of many starts."""
    return _page(
        [f"{title}: {updates_text(starts.updates)} from the recipe {starts.recipe}, {seeds_text(starts)}"],
        starts.words if starts.bins else (*starts.words, "No loss at the end is finite: there is no chart."),
        _drawn(many_starts_chart(starts), ascii) if starts.bins else None,
        ascii,
    )


def bias_page(title: str, sweep: BiasSweep, ascii: bool = False, logarithmic: bool | None = None) -> Picture:
    """A bias swept: a row here and there, the cliff, and the present bias."""
    name = symbol(sweep.name)
    heading = (name, "gradient", "loss", f"after {sweep.updates:,}", "dead")
    every = (len(sweep.points) - 1) // 5
    points = {point.bias: point for point in (*sweep.points[::every], sweep.present)}
    rows = [_bias_row(points[bias], bias == sweep.present.bias) for bias in sorted(points)]
    return _page(
        [f"{title}: the bias {name} of {sweep.neuron}, {sweep.kind}", *_table([heading, *rows], ascii)],
        sweep.words,
        lambda height: charts_side_by_side(bias_charts(sweep, bool(logarithmic)), WIDTH, height, ascii),
        ascii,
    )


def influences_page(title: str, influences: Sequence[Influence], ascii: bool = False) -> Picture:
    """Every parameter, those that move the loss most first."""
    ordered = by_loss(influences)
    most = HEIGHT - 4
    longest = longest_size(influence.on_loss for influence in ordered)
    rows = [
        (
            symbol(influence.name),
            _loss(influence.on_loss),
            _loss(influence.numeric),
            f"± {shown(influence.uncertainty, 1)}",
            shown(influence.on_output, _DIGITS),
            bar_text(abs(influence.on_loss) / longest, _BAR),
        )
        for influence in ordered[:most]
    ]
    heading = ("", "∂L/∂p", "differences", "", "|∂ŷ/∂p|", "|∂L/∂p|")
    more = len(ordered) - most
    return _page(
        [
            f"{title}: what each parameter does to the loss and to the output",
            *_table([heading, *rows], ascii),
            *([f"… and {more:,} more that move the loss less."] if more > 0 else []),
        ],
        [most_words(influences)],
        None,
        ascii,
    )


def slice_page(title: str, along: Slice, nudge: Nudge, ascii: bool = False) -> Picture:
    """The loss along one parameter."""
    name = symbol(along.name)
    rows = [
        ("now", _loss(along.value), _loss(along.loss), "", ""),
        ("after the step", _loss(along.lands), _loss(along.loss_there), *_changes(along)),
        (
            f"nudged by {shown(nudge.by)}",
            _loss(along.value + nudge.by),
            _loss(nudge.loss_after),
            _loss(nudge.loss_after - nudge.loss_before),
            _loss(nudge.promised_loss),
        ),
    ]
    return _page(
        [
            f"{title}: the loss along {name}",
            *_table([("", name, "loss", "change", "promised"), *rows], ascii),
            f"∂L/∂{name}: {shown(along.gradient, 8)}; "
            f"from differences of the loss: {shown(along.numeric, 8)} ± {shown(along.uncertainty, 1)}",
            _output_line(nudge),
        ],
        along.words,
        _drawn(slice_chart(along, nudge), ascii),
        ascii,
    )


def _page(lines: Sequence[str], words: Sequence[str], chart: _Chart | None, ascii: bool) -> Picture:
    """Lines, then the words if all of them have room, then the chart."""
    say = to_ascii if ascii else clean
    text = [shorten(say(line), WIDTH, ascii) for line in lines]
    least = LEAST_CHART + 1 if chart else 0
    told = [line for sentence in words for line in wrap(say(sentence), WIDTH)]
    if len(text) + len(told) + least <= HEIGHT:
        text += told
    drawn = chart(HEIGHT - len(text) - 1) if chart else None
    canvas = Canvas(WIDTH, len(text) + (drawn.height + 1 if drawn else 0), ascii)
    for row, line in enumerate(text):
        canvas.text(0, row, line)
    if drawn:
        canvas.blit(drawn, 0, len(text) + 1)
    return canvas.picture()


def _table(rows: Sequence[tuple[str, ...]], ascii: bool) -> list[str]:
    """A table whose cells are written before they are counted."""
    say = to_ascii if ascii else clean
    return columns([tuple(map(say, row)) for row in rows])


def _letters(runs: Sequence[object]) -> list[str]:
    """The letters of the curves that are shown; one alone needs none."""
    return [LETTERS[index] for index in range(min(len(runs), _MOST_RUNS))] if len(runs) > 1 else [""]


def _runs_chart(curves: Sequence[Curve], ascii: bool, logarithmic: bool | None) -> _Chart:
    return lambda height: loss_chart(curves[:_MOST_RUNS], WIDTH, height, ascii, logarithmic)


def _drawn(chart: Chart, ascii: bool) -> _Chart:
    return lambda height: chart_picture(chart, WIDTH, height, ascii)


def _others(runs: int, what: str) -> list[str]:
    return (
        [f"… and {runs - _MOST_RUNS:,} more {what}, which --format csv prints."] if runs > _MOST_RUNS else []
    )


def _heading(title: str, updates: int, first: float) -> str:
    return f"{title}: {updates_text(updates)}; the loss before is {_loss(first)}"


def _loss(loss: float) -> str:
    return shown(loss, _DIGITS)


def _bias_row(point: BiasPoint, is_present: bool) -> tuple[str, ...]:
    dead = "" if point.dead == "no" else point.dead
    return (
        shown(point.bias),
        _loss(point.gradient),
        _loss(point.loss),
        _loss(point.after),
        f"{dead} (now)".lstrip() if is_present else dead,
    )


def _changes(along: Slice) -> tuple[str, str]:
    return _loss(along.loss_there - along.loss), _loss(along.promised)


def _output_line(nudge: Nudge) -> str:
    """What the nudge does to the prediction that it moves most, beside what its derivative promised."""
    moved = moved_prediction(nudge)
    came = f"{_loss(moved.before)} → {_loss(moved.after)}, a change of {_loss(moved.after - moved.before)}"
    return f"Nudged, {moved.name} goes {came}; the gradient promised {_loss(moved.promised)}."
