"""Runs side by side: what several experiments that differ in what they vary have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from tinynet_tui.engine.model import Setup, Values
from tinynet_tui.engine.training import Run, trained
from tinynet_tui.experiments.experiment_rows import (
    MOST_PRINTED,
    NOTHING_SPECIAL,
    At,
    Cursor,
    Experiment,
    Option,
    Page,
    Printed,
    Scale,
    Topic,
    fields_of,
)
from tinynet_tui.experiments.long_work import Watch, part, unwatched
from tinynet_tui.experiments.options import UPDATES
from tinynet_tui.experiments.run_words import end_sentences, lowest_of, run_words
from tinynet_tui.experiments.runs import check_updates, training_run
from tinynet_tui.experiments.varied_run import RunTable, Value, VariedRun
from tinynet_tui.session.history import has_picture
from tinynet_tui.teaching.charts import LETTERS, Chart, Curve, LossChart, curve_style, thinned
from tinynet_tui.teaching.learnt_charts import learnt_chart, valley_chart
from tinynet_tui.teaching.numbers import shown, updates_text

_PATH = 60
"""Updates of a path."""
_NEAR = 3.0
"""Times the size of the first loss: where it is higher by more, a path is out of the picture."""
_STRETCHES = 1000
"""More than any screen has columns of dots."""


AnyRun = TypeVar("AnyRun", bound=VariedRun[Any])


class Noun(NamedTuple):
    """What is varied, in words: "learning rate", "learning rates"."""

    one: str
    many: str


@dataclass(frozen=True, slots=True)
class SideBySide(Generic[AnyRun]):
    """Runs that differ in one thing, and their curves in few points."""

    runs: tuple[AnyRun, ...]
    curves: tuple[Curve, ...]

    @property
    def updates(self) -> int:
        """How many each of them has."""
        return len(self.runs[0].losses) - 1


def side_by_side(runs: Sequence[AnyRun]) -> SideBySide[AnyRun]:
    """Some runs, as they are shown."""
    return SideBySide(tuple(runs), tuple(thinned(run.curve, _STRETCHES) for run in runs))


def varied_runs(
    setups: Sequence[tuple[Value, Setup]], updates: int, watch: Watch = unwatched
) -> tuple[VariedRun[Value], ...]:
    """A run from each setup, given the value that makes it differ from the others.

    Raises: ValueError with a sentence, where there are no updates or more than training goes.
    """
    check_updates(updates)
    runs = [
        (value, setup, training_run(setup, updates, part(watch, index, len(setups))))
        for index, (value, setup) in enumerate(setups)
    ]
    return tuple(
        VariedRun(value, run.losses, len(run.rises), run.verdict, run.at, run_words(setup, run), run.run)
        for value, setup, run in runs
    )


CURSOR: Cursor[SideBySide[Any]] = Cursor(
    places=lambda found: found.updates + 1, first=lambda found: found.updates, over=UPDATES
)


def runs_page(found: SideBySide[AnyRun], at: At, differ_in: str, what: str) -> Page:
    """The curves with the cursor, and below each run its loss there and what it did."""
    heading = f"Loss over all samples; after each update; a letter for each {what}"
    chart = LossChart(found.curves, at.logarithmic, heading, at.cursor)
    return Page([chart, *_learnt(found, at)], RunTable(differ_in, found.runs, at.choice, at.cursor))


def _learnt(found: SideBySide[AnyRun], at: At) -> Iterator[Chart]:
    """What the chosen run has learnt at the cursor; of a loss of two parameters the paths of all runs."""
    run = found.runs[at.choice].run
    if not has_picture(run.setup.model):
        return
    if run.setup.model.inputs:
        if len(run.setup.inputs) == 1:
            return  # there is nothing to be told apart
        when = f"; {found.runs[at.choice].name}, update {at.cursor:,}"
        yield learnt_chart(run.setup, _parameters(run, at.cursor), when)
        return
    several = len(found.runs) > 1
    paths = [
        (_path(told.run, at.cursor), LETTERS[place] if several else "●", curve_style(place))
        for place, told in enumerate(found.runs)
    ]
    chosen = paths.pop(at.choice)
    yield valley_chart(run.setup, [chosen, *paths], "paths from ○")


def _path(run: Run, updates: int) -> list[Values]:
    """Where a run was after each of its first updates, as far as it stays near, and where it is."""
    highest = run.losses[0] + _NEAR * abs(run.losses[0])
    numbers = [*range(1, min(updates, _PATH) + 1), *([updates] if updates > _PATH else [])]
    near = [number for number in numbers if run.losses[number] <= highest]
    return [_parameters(run, number) for number in (0, *near)]


def _parameters(run: Run, update: int) -> Values:
    """The parameters of a run after an update."""
    return _first_parameters(run)[update] if update <= _PATH else run.point(update + 1).parameters


_FIRST: MutableMapping[Run, list[Values]] = WeakKeyDictionary()
"""Of each run that is still there, the parameters at first, and after each of its first updates."""


def _first_parameters(run: Run) -> list[Values]:
    """The parameters of a run at first, and after each of its first updates: every key asks for them."""
    if (known := _FIRST.get(run)) is not None:
        return known
    point = run.start
    found = [point.parameters]
    for _ in range(min(_PATH, len(run.losses) - 1)):
        point = trained(run.setup, point, 1)
        found.append(point.parameters)
    _FIRST[run] = found
    return found


def runs_printed(
    found: SideBySide[AnyRun],
    title: str,
    names: tuple[str, ...],
    cells: Callable[[str, AnyRun], tuple[str, ...]],
    more: tuple[int, str],
    logarithmic: bool | None,
) -> Printed:
    """A row for each run, given its letter; what each did; and the curves.

    more: how many there are, of which these are the first, and what they are called.
    """
    # One alone needs no letter.
    letters = LETTERS[:MOST_PRINTED] if len(found.runs) > 1 else ("",)
    return Printed(
        title,
        [names, *(cells(letter, run) for letter, run in zip(letters, found.runs, strict=False))],
        left_out(*more),
        [f"{letter} {_words(run)}".lstrip() for letter, run in zip(letters, found.runs, strict=False)],
        [LossChart([run.curve for run in found.runs[:MOST_PRINTED]], logarithmic)],
    )


def _words(run: VariedRun[Any]) -> str:
    return " ".join((run.words, *end_sentences(run.run, run.losses, run.verdict)))


def left_out(runs: int, what: str) -> list[str]:
    """A line that says how many of some runs have no row in what is printed, if any."""
    more = runs - MOST_PRINTED
    return [f"… and {more:,} more {what}, which --format csv prints."] if more > 0 else []


def loss_columns(
    found: SideBySide[AnyRun], names: tuple[str, ...], cells: Callable[[AnyRun], tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    """A row for each loss, one run after another."""
    yield "update", *names, "loss"
    for run in found.runs:
        yield from ((update, *cells(run), loss) for update, loss in enumerate(run.losses))


def loss_heading(title: str, updates: int, first: float) -> str:
    """The line above what is printed of some runs from one start."""
    return f"{title}: {updates_text(updates)}; the loss before is {shown(first, 6)}"


def varied_printed(
    found: SideBySide[VariedRun[Value]], title: str, values: int, varied: Noun, logarithmic: bool | None
) -> Printed:
    """A row for each value of what is varied.

    values: how many there are, of which these are the first.
    """

    def cells(letter: str, run: VariedRun[Value]) -> tuple[str, ...]:
        last, lowest = shown(run.losses[-1], 6), shown(lowest_of(run.losses), 6)
        return letter, run.name, last, lowest, f"{run.rises:,}", run.brief

    heading = loss_heading(title, found.updates, found.runs[0].losses[0])
    names = ("", varied.one, "loss", "lowest", "rises", "what it did")
    return runs_printed(found, heading, names, cells, (values, varied.many), logarithmic)


def varied_objects(found: SideBySide[VariedRun[Value]], varied: str) -> Iterator[dict[str, object]]:
    """An object for each run; the value of what is varied stands under the name of that."""
    for run in found.runs:
        fields = fields_of(run)
        fields.pop("run")
        yield {varied: fields.pop("value"), **fields}


def varied_experiment(
    name: str,
    title: str,
    short_title: str,
    topic: Topic,
    option: Option[tuple[Value, ...]],
    runs: Callable[[Setup, Sequence[Value], int, Watch], Sequence[VariedRun[Value]]],
    has_own_rate: bool,
    scale: Scale,
    opens: Callable[[SideBySide[VariedRun[Value]], At], tuple[float, int]] | None,
    hints: str,
    key: str,
    sign: str,
    varied: Noun,
) -> Experiment[SideBySide[VariedRun[Value]]]:
    """The row of an experiment with a run for each value of an option.

    key: what is varied, as data call it; sign: the same above the names of the runs.
    """
    return Experiment(
        name=name,
        title=title,
        short_title=short_title,
        topic=topic,
        asked_by=None,
        options=(option, UPDATES),
        computes_choice=False,
        compute=lambda inputs, watch: side_by_side(
            runs(inputs.setup, inputs[option], inputs[UPDATES], watch)
        ),
        settings=lambda inputs: [updates_text(inputs[UPDATES])],
        has_own_rate=has_own_rate,
        cursor=CURSOR,
        scale=scale,
        hints=hints,
        page=lambda found, at: runs_page(found, at, sign, varied.one),
        printed=lambda found, title, log: varied_printed(found, title, len(found.runs), varied, log),
        columns=lambda found: loss_columns(found, (key,), lambda run: (run.value,)),
        objects=lambda found: varied_objects(found, key),
        special=replace(NOTHING_SPECIAL, opens=opens),
    )
