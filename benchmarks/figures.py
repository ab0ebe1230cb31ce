"""Figures, and the table that they are printed in."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from statistics import median
from time import perf_counter
from typing import NamedTuple

PYTHON = sys.executable


class Figure(NamedTuple):
    """One row of the table."""

    what: str
    """What was measured."""
    value: str
    """With its unit; a ratio ends in ×."""
    asked: str = ""
    """The figure to reach; empty where none is asked."""
    beside: str = ""
    """What it was measured against, and in absolute figures."""
    reached: bool | None = None
    """Whether `value` is what is asked; None where nothing is."""


def at_most(what: str, value: float, limit: float, unit: str, beside: str = "") -> Figure:
    """A figure that has to be small."""
    return Figure(what, _text(value, unit), f"≤ {_text(limit, unit)}", beside, value <= limit)


def at_least(what: str, value: float, limit: float, unit: str, beside: str = "") -> Figure:
    """A figure that has to be large."""
    return Figure(what, _text(value, unit), f"≥ {_text(limit, unit)}", beside, value >= limit)


def missing_peer(what: str, limit: float, unit: str, peer: str) -> Figure:
    """The row of a figure whose peer is not installed."""
    return Figure(what, "not installed", f"≥ {_text(limit, unit)}", peer)


def another_training(what: str, peer: str) -> Figure:
    """The row of a figure whose peer does something else than is measured here."""
    return Figure(what, "not measured", beside=f"{peer}: its losses are others", reached=False)


def _text(value: float, unit: str) -> str:
    return f"{value:,.{0 if value >= 100 or value == int(value) else 2}f} {unit}"


def table(figures: Iterable[Figure]) -> str:
    """All figures, one to a line, with what is asked of each and whether it is reached."""
    header = Figure("figure", "here", "asked", "measured against")
    rows = [header, *figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]  # type: ignore[arg-type]
    signs = {None: " ", True: "✓", False: "✗"}
    return "\n".join(
        f"{row.what:<{widths[0]}}  {row.value:>{widths[1]}}  {row.asked:>{widths[2]}} {signs[row.reached]}"
        f"  {row.beside}".rstrip()
        for row in rows
    )


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes, once."""
    start = perf_counter()
    work()
    return perf_counter() - start


def side_by_side(
    one: Callable[[], float], other: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    """(median of the ratios one to other, median of one, median of other), measured in turns.

    Both run within each round, so that a machine whose speed drifts changes no ratio.
    """
    return medians([(one(), other()) for _ in range(rounds)])


def medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """(median of the ratios first to second, median of the first, median of the second)."""
    ones, others = zip(*pairs, strict=True)
    return median(a / b for a, b in pairs), median(ones), median(others)


def environment() -> dict[str, str]:
    """The environment as a person's shell has it: no switch of Python's or of another program's."""
    switches = ("PYTHON", "NO_COLOR", "TMUX", "STY", "WT_SESSION")
    return {name: value for name, value in os.environ.items() if not name.startswith(switches)}


def percentile(values: Iterable[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * percent / 100) - 1, 0)]
