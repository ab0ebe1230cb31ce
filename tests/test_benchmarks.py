"""The benchmark's own arithmetic: what it holds the program against is what it says it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyte
import pytest

from benchmarks import __main__ as command
from benchmarks.figures import PYTHON, Figure, at_least, at_most, environment, percentile, side_by_side, table
from benchmarks.least_bytes import Rows, least_bytes
from benchmarks.peers.by_hand import trained_by_hand
from benchmarks.terminal import Silent, Terminal
from benchmarks.training import Library, against_library
from tinynet_tui.lessons.schema import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
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


@pytest.mark.parametrize("name", ["PYTHONUNBUFFERED", "NO_COLOR", "TMUX_PANE", "STY", "WT_SESSION"])
def test_the_terminal_of_who_measures_does_not_show(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would change the program's output is left out of its environment, and nothing else is."""
    before = environment()
    monkeypatch.setenv(name, "1")
    assert environment() == before


def test_a_library_that_is_not_installed_has_its_row() -> None:
    """The table says so, beside what was asked; nothing is missed by it."""
    figure = against_library(Library("Nothing", "no_such_package", 30.0), setup_of(shipped_lesson("lecture")))
    assert figure == ("training, speed", "not installed", "≥ 30 ×", "Nothing", None)


def test_a_program_that_ends_has_no_further_frame() -> None:
    """What it had sent is one; after that its end is told, without an error of the system's."""
    with Terminal((PYTHON, "-c", "print('done')")) as terminal:
        assert b"".join(piece.sent for piece in terminal.frame()).rstrip() == b"done"
        with pytest.raises(Silent, match=r"print\('done'\): it has ended"):
            terminal.frame()
        assert terminal.bytes_in(1.0) == 0


def _reached() -> Iterator[Figure]:
    yield at_most("time", 1, 2, "s")
    yield Figure("other", "not installed", "≥ 2 ×")


def _missed() -> Iterator[Figure]:
    yield at_most("time", 3, 2, "s")


def _broken_off() -> Iterator[Figure]:
    yield at_most("time", 1, 2, "s")
    raise Silent("it has ended")


@pytest.mark.parametrize(("group", "status"), [(_reached, 0), (_missed, 1), (_broken_off, 1)])
def test_the_exit_status(
    group: Any, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tells whether a figure was missed or could not be measured; the table is printed all the same."""
    monkeypatch.setattr(command, "GROUPS", {"group": group})
    assert command.main([]) == status
    printed = capsys.readouterr().out
    assert "time" in printed
    assert ("not measured" in printed) == (group is _broken_off)
