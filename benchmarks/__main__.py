"""The command: measures everything, or the groups that it is given, and prints one table."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version

from benchmarks.broker import broker_figures
from benchmarks.classroom import class_figures
from benchmarks.commands import command_figures
from benchmarks.figures import Figure, table
from benchmarks.formulas import formula_figures
from benchmarks.reading import reading_figures
from benchmarks.screen import screen_figures
from benchmarks.ssh_class import ssh_figures
from benchmarks.terminal import Silent
from benchmarks.training import training_figures

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "screen": screen_figures,
    "training": training_figures,
    "commands": command_figures,
    "reading": reading_figures,
    "formulas": formula_figures,
    "class": class_figures,
    "ssh": ssh_figures,
    "broker": broker_figures,
}


def main(words: Sequence[str] | None = None) -> int:
    """Measure, and print; returns 1 where a figure that is asked for is missed, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; none: all")
    groups = parser.parse_args(words).groups or list(GROUPS)
    if unknown := set(groups) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(unknown))}: {', '.join(GROUPS)}")
    figures = [figure for group in groups for figure in _measured(group)]
    print(table(figures))
    print(
        f"\nPython {platform.python_version()}, Textual {version('textual')}, {os.cpu_count()} processors; "
        "ratios of times are medians of pairs measured in turns."
    )
    return int(any(figure.reached is False for figure in figures))


def _measured(group: str) -> Iterator[Figure]:
    """The figures of a group; where a program stops answering, a row says so in the place of the rest."""
    try:
        yield from GROUPS[group]()
    except Silent as fault:
        yield Figure(f"the rest of {group}", "not measured", beside=str(fault), reached=False)


if __name__ == "__main__":
    sys.exit(main())
