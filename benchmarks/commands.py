"""What the shell verbs cost as whole processes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence

from benchmarks.figures import PYTHON, Figure, at_most, environment, seconds, side_by_side

TRACE = (PYTHON, "-m", "tinynet_tui", "trace")
IMPORTS = (PYTHON, "-c", "import argparse, json, tomllib, dataclasses, msgspec")
TRAIN = (PYTHON, "-m", "tinynet_tui", "train")
_ROUNDS = 25
_FEW_ROUNDS = 7
_ROWS = 100_000
_UPDATES = 400_000


def command_figures() -> Iterator[Figure]:
    """The figures of the shell verbs, as they are measured."""
    yield _against(
        "tinynet-tui trace, whole process", TRACE, IMPORTS, 1.6, _ROUNDS, "python and its imports alone"
    )
    train = (*TRAIN, "lecture", "--updates", f"{_UPDATES}")
    loop = (PYTHON, "-m", "benchmarks.peers.by_hand", f"{_UPDATES}")
    beside = "the loop by hand, which goes on where the lecture's network rests"
    yield _against(f"train lecture, {_UPDATES:,} updates", train, loop, 1.4, _FEW_ROUNDS, beside)
    by_hand = (PYTHON, "-m", "benchmarks.peers.table_by_hand", f"{_ROWS}")
    for form, limit in (("csv", 1.5), ("json", 2.0)):
        table = (*TRAIN, "lecture", "--updates", f"{_ROWS}", "--format", form)
        what = f"train --format {form}, {_ROWS:,} rows"
        yield _against(what, table, by_hand, limit, _FEW_ROUNDS, "the loop by hand with csv.writer")


def _against(
    what: str, ours: Sequence[str], peer: Sequence[str], limit: float, rounds: int, beside: str
) -> Figure:
    """A command's time to that of another, both as whole processes."""
    _run(ours)
    ratio, here, there = side_by_side(
        lambda: seconds(lambda: _run(ours)), lambda: seconds(lambda: _run(peer)), rounds
    )
    return at_most(what, ratio, limit, "×", f"{beside}: {here * 1e3:.0f} ms to {there * 1e3:.0f} ms")


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment(), check=True)
