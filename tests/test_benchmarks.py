"""The benchmark's own arithmetic: what it holds the program against is what it says it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyte
import pytest

from benchmarks.figures import at_least, at_most, percentile, side_by_side, table
from benchmarks.least_bytes import Rows, least_bytes
from benchmarks.peers.by_hand import trained_by_hand
from tinynet_tui.tui.difference import Difference

CURVES = Path(__file__).parent / "published" / "lecture_curves.json"
PUBLISHED_RUNS = json.loads(CURVES.read_text(encoding="utf-8"))["runs"]


def _screen(*drawn: str) -> Rows:
    screen = pyte.Screen(20, 4)
    stream = pyte.Stream(screen)
    for text in drawn:
        stream.feed(text)
    return [[screen.buffer[y][x] for x in range(20)] for y in range(4)]


@pytest.mark.parametrize(
    ("before", "after", "least"),
    [
        ("ab", "ab", 0),
        ("ab", "Ab", 1),  # one character, where the cursor may be already
        ("abcdefgh", "AbcdefgH", 2 + 1),  # the H where the cursor is, and a return
        ("ab", "Ab\x1b[3;1HC", 2 + 3),  # two line feeds and a return
        ("ab", "\x1b[31mAb\x1b[1;1H", 2 + 5 - 5),
        ("abcdefgh", "\x1b[2K", 3),
    ],
)
def test_the_least_bytes_are_those_counted_by_hand(before: str, after: str, least: int) -> None:
    """Characters, moves and styles, the longest way left out."""
    drawn = f"\x1b[1;1H{before}"
    assert least_bytes(_screen(drawn), _screen(drawn, f"\x1b[1;1H{after}")) == least


def test_no_encoder_beats_the_least() -> None:
    """Ours does not, on frames of every kind."""
    frames = [
        "\x1b[1;1Hab\x1b[31mcd\x1b[m",
        "\x1b[2;3H\x1b[1mxy\x1b[m",
        "\x1b[1;2Hq\x1b[4;9Hz",
        "\x1b[1;1H  ",
    ]
    difference = Difference(20, 4)
    difference.encode("\x1b[?25l\x1b[m\x1b[2J")
    for number, frame in enumerate(frames):
        least = least_bytes(_screen(*frames[:number]), _screen(*frames[: number + 1]))
        assert 0 < least <= len(difference.encode(frame))


@pytest.mark.parametrize("run", PUBLISHED_RUNS, ids=lambda run: run["name"])
def test_the_loop_by_hand_is_the_published_one(run: dict[str, Any]) -> None:
    """The losses of an independent implementation, at several learning rates over 25 updates."""
    x1, x2 = run["input"]
    losses = run["losses"]
    arguments = (float(run["target"]), run["learning_rate"], len(losses))
    _, recorded = trained_by_hand(tuple(map(float, run["parameters"])), float(x1), float(x2), *arguments)
    assert recorded == pytest.approx(losses, rel=1e-12, abs=1e-300)


def test_the_table_says_what_is_reached() -> None:
    """A small figure may be as large as asked, a large one as small."""
    figures = [
        at_most("time", 1.25, 1.25, "×"),
        at_most("bytes", 601, 600, "bytes"),
        at_least("speed", 0.9, 0.9, "×"),
    ]
    assert [figure.reached for figure in figures] == [True, False, True]
    assert [line.split()[0] for line in table(figures).splitlines()] == ["figure", "time", "bytes", "speed"]


def test_medians_and_percentiles() -> None:
    """Of pairs the median of their ratios, not the ratio of their medians."""
    ones, others = iter([1.0, 8.0, 9.0]), iter([1.0, 2.0, 3.0])
    assert side_by_side(lambda: next(ones), lambda: next(others), 3) == (3.0, 8.0, 2.0)
    assert percentile(range(1, 101), 99) == 99
    assert percentile([1.0], 99) == 1.0
