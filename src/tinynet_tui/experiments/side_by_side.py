"""Runs side by side: what several experiments that differ in what they vary have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from tinynet_tui.experiments.experiment import MOST_PRINTED, At, Cursor, Page, Printed, RunRow, RunTable
from tinynet_tui.experiments.options import UPDATES
from tinynet_tui.teaching.charts import LETTERS, Curve, LossChart, thinned
from tinynet_tui.teaching.numbers import updates_text


class Told(Protocol):
    """A run that says what it did."""

    @property
    def words(self) -> str:
        """In sentences."""


Run = TypeVar("Run", bound=Told)

_STRETCHES = 1000
"""More than any screen has columns of dots."""


@dataclass(frozen=True, slots=True)
class SideBySide(Generic[Run]):
    """Runs that differ in one thing, as they are shown, and their curves in few points."""

    runs: tuple[Run, ...]
    rows: tuple[RunRow, ...]
    curves: tuple[Curve, ...]

    @property
    def updates(self) -> int:
        """How many each of them has."""
        return len(self.rows[0].losses) - 1


def side_by_side(runs: Sequence[Run], row: Callable[[Run], RunRow]) -> SideBySide[Run]:
    """Some runs, and how each is shown."""
    rows = tuple(map(row, runs))
    return SideBySide(tuple(runs), rows, tuple(thinned(_curve(row), _STRETCHES) for row in rows))


def _curve(row: RunRow) -> Curve:
    return Curve(row.name, range(len(row.losses)), row.losses)


CURSOR: Cursor[SideBySide[Any]] = Cursor(
    places=lambda found: found.updates + 1, first=lambda found: found.updates, over=UPDATES
)


def runs_page(found: SideBySide[Run], at: At, differ_in: str, what: str) -> Page:
    """The curves with the cursor, and below each run its loss there and what it did."""
    heading = f"Loss over all samples after each update; a letter for each {what}"
    chart = LossChart(found.curves, at.logarithmic, heading, at.cursor)
    return Page([chart], RunTable(differ_in, found.rows, at.choice, at.cursor))


def runs_printed(
    found: SideBySide[Run],
    title: str,
    names: tuple[str, ...],
    cells: Callable[[str, Run], tuple[str, ...]],
    more_of: str,
    logarithmic: bool | None,
) -> Printed:
    """A row for each run, given its letter; what each did; and the curves."""
    # One alone needs no letter.
    letters = LETTERS[:MOST_PRINTED] if len(found.runs) > 1 else ("",)
    more = len(found.runs) - MOST_PRINTED
    return Printed(
        title,
        [names, *(cells(letter, run) for letter, run in zip(letters, found.runs, strict=False))],
        [f"… and {more:,} more {more_of}, which --format csv prints."] if more > 0 else [],
        [f"{letter} {run.words}".lstrip() for letter, run in zip(letters, found.runs, strict=False)],
        [LossChart([_curve(row) for row in found.rows[:MOST_PRINTED]], logarithmic)],
    )


def runs_title(found: SideBySide[Run], title: str, more: str) -> str:
    """What is printed above the runs."""
    return f"{title}: {updates_text(found.updates)}{more}"


def loss_columns(
    found: SideBySide[Run], names: tuple[str, ...], cells: Callable[[Run], tuple[object, ...]]
) -> Iterator[tuple[object, ...]]:
    """A row for each loss, one run after another."""
    yield "update", *names, "loss"
    for run, row in zip(found.runs, found.rows, strict=True):
        yield from ((update, *cells(run), loss) for update, loss in enumerate(row.losses))
