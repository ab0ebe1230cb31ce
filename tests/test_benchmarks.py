"""The benchmark's own arithmetic: what it holds the program against is what it says it is."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__ as command
from benchmarks.figures import PYTHON, Figure, at_least, at_most, environment, percentile, side_by_side, table
from benchmarks.least_bytes import Rows, least_bytes
from benchmarks.peers import table_by_hand
from benchmarks.peers.by_hand import trained_by_hand
from benchmarks.screen import shown_at
from benchmarks.terminal import Piece, Silent, Terminal
from benchmarks.training import NETWORKS, Library, against_library, network_of, trains_the_same, weights_of
from tests.examples import examples
from tests.terminal.spelled import Spelled
from tinynet_tui.drawing.picture import Canvas
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.handouts.training_table import csv_lines
from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.terminal.painter import Painter

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
        ("abcdefgh", "ab\x1b[1;1HABC\x1b[K", 3 + 3),
        ("a b c d e f", "\x1b[2K", 3),  # erased at once, what was blank between as well
        ("", "\x1b[1;5Hx\x1b[2;6Hy", 2 + 3),  # straight down
        ("", "\x1b[1;5Hx\x1b[2;6Hy\x1b[4;7Hz", 3 + 3 + 4),
        ("", "\x1b[2;5Hx\x1b[2;9Hy", 2 + 3),  # over three cells, printed again
        ("", "\x1b[2;5Hx\x1b[2;15Hy", 2 + 4),
    ],
)
def test_the_least_bytes_are_those_counted_by_hand(before: str, after: str, least: int) -> None:
    """Characters, moves and styles, the longest way left out."""
    drawn = f"\x1b[1;1H{before}"
    assert least_bytes(_screen(drawn), _screen(drawn, f"\x1b[1;1H{after}")) == least


_styles = st.sampled_from(["", "", "1", "7", "4", "31", "44", "1 38;2;1;2;3"])
_texts = st.sampled_from(["a b a b a b", "b a  a·", " " * 20, "ab"])
_pictures = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3), _texts, _styles), min_size=1, max_size=5)


@examples(150)
@given(_pictures, _pictures)
def test_our_encoder_never_beats_the_least(
    first: list[tuple[int, int, str, str]], second: list[tuple[int, int, str, str]]
) -> None:
    """Between any two pictures."""
    painter, canvas = Painter(20, 4, Spelled()), Canvas(20, 4)
    painter.cleared()
    sent = ["\x1b[?25l\x1b[?7l\x1b[m\x1b[2J"]
    for pieces in (first, second):
        for piece in pieces:
            canvas.text(*piece)
        sent.append(painter.paint(canvas.picture()).decode())
    assert least_bytes(_screen(*sent[:2]), _screen(*sent)) <= len(sent[2].encode()), sent


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


def test_a_program_is_open_when_it_first_shows_what_it_goes_on_to_show() -> None:
    """Not with its first piece, nor with what changes no text."""
    pieces = [Piece(1.0, b"\x1b[?1049h"), Piece(2.0, b"tit"), Piece(3.0, b"le"), Piece(4.0, b"\x1b[?25l")]
    assert shown_at(pieces) == 3.0


def test_a_text_is_waited_for() -> None:
    """However many pieces come before it; what never shows it is silent."""
    with Terminal((PYTHON, "-c", "print('a'); print('b'); input(); print('c')")) as terminal:
        terminal.wait_for("b")
        terminal.press("\r")
        terminal.wait_for("c")
        with pytest.raises(Silent, match="does not show “d”"):
            terminal.wait_for("d")


def test_the_time_of_a_processor_is_the_systems() -> None:
    """What a program has used by its own account, and no more than has passed."""
    code = "import time\nwhile time.process_time() < 0.2: pass\nprint('done'); input()"
    with Terminal((PYTHON, "-c", code)) as terminal:
        terminal.wait_for("done")
        assert 0.2 <= terminal.cpu_seconds() <= perf_counter() - terminal.started


def test_a_peer_that_trains_something_else_is_not_measured() -> None:
    """Nothing is faster than to train nothing."""
    setup = setup_of(shipped_lesson("lecture"))
    losses = array("d")
    trained(setup, first_point(setup), 50, losses)
    assert trains_the_same(setup, lambda updates: [*losses][:updates])
    assert not trains_the_same(setup, lambda updates: [losses[0]] * updates)
    assert not trains_the_same(setup, lambda _: [])


def test_networks_of_more_and_more_weights() -> None:
    """Each weight joins two neurons of neighbouring layers; the largest network is the schema's."""
    assert [weights_of(network_of(layers)) for layers in NETWORKS] == [80, 512, 768, 1280]
    assert NETWORKS[-1] == (LIMITS.width,) * LIMITS.most_layers


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


def test_the_table_by_hand_is_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """To the last digit: else the times would be of two different things."""
    table_by_hand.main(50)
    ours = csv_lines([setup_of(shipped_lesson("lecture"))], 50, 1)
    assert capsys.readouterr().out.splitlines() == list(ours)
