"""What the shell verbs cost as whole processes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence

from benchmarks.figures import PYTHON, Figure, at_most, environment, seconds, side_by_side

TRACE = (PYTHON, "-m", "tinynet_tui", "trace")
IMPORTS = (PYTHON, "-c", "import argparse, json, tomllib, dataclasses, msgspec")
_ROUNDS = 25


def command_figures() -> Iterator[Figure]:
    """The figures of the shell verbs, as they are measured."""
    _run(TRACE)
    ratio, ours, imports = side_by_side(
        lambda: seconds(lambda: _run(TRACE)), lambda: seconds(lambda: _run(IMPORTS)), _ROUNDS
    )
    beside = f"python and its imports alone: {ours * 1e3:.0f} ms to {imports * 1e3:.0f} ms"
    yield at_most("tinynet-tui trace, whole process", ratio, 2, "×", beside)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment(), check=True)
