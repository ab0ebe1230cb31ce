"""The command: measures everything, or the groups that it is given, and prints one table."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from itertools import chain

from benchmarks.commands import command_figures
from benchmarks.figures import table
from benchmarks.screen import screen_figures
from benchmarks.training import training_figures

GROUPS = {"screen": screen_figures, "training": training_figures, "commands": command_figures}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}; none: all")
    groups = parser.parse_args().groups or list(GROUPS)
    if unknown := set(groups) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(unknown))}: {', '.join(GROUPS)}")
    print(table(chain.from_iterable(GROUPS[group]() for group in groups)))
    print(
        f"\nPython {platform.python_version()}, Textual {version('textual')}, {os.cpu_count()} processors; "
        "ratios are medians of pairs measured in turns."
    )


if __name__ == "__main__":
    main()
