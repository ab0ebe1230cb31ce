"""The canvas and the pictures drawn on it."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.drawing.cells import cell_of
from tinynet_tui.drawing.picture import Canvas, Picture, StyledRun

_places = st.integers(-30, 60)
_far = st.floats(allow_nan=True, allow_infinity=True) | _places
_styles = st.sampled_from(["", "positive", "negative read"])
_acts = st.one_of(
    st.tuples(st.just("text"), st.tuples(_places, _places, st.text(max_size=50), _styles)),
    st.tuples(st.just("fill"), st.tuples(_places, _places, _places, _places)),
    st.tuples(st.just("box"), st.tuples(_places, _places, _places, _places, st.text(max_size=9), _styles)),
    st.tuples(st.just("line"), st.tuples(_far, _far, _far, _far, _styles, st.integers(-1, 4))),
    st.tuples(st.just("restyle"), st.tuples(_places, _places, _styles)),
    st.tuples(st.just("mark"), st.tuples(st.just("name"), _places, _places, _places, _places)),
)


@given(
    st.integers(-1, 40), st.integers(-1, 20), st.booleans(), st.lists(st.deferred(lambda: _acts), max_size=8)
)
def test_anything_can_be_drawn_anywhere(
    width: int, height: int, ascii: bool, acts: list[tuple[str, tuple[object, ...]]]
) -> None:
    """Nothing raises, every row is as wide as the picture, and neighbouring runs differ in style."""
    canvas = Canvas(width, height, ascii)
    for name, arguments in acts:
        getattr(canvas, name)(*arguments)
    picture = canvas.picture()
    assert len(picture.rows) == picture.height == max(height, 0)
    for row in picture.rows:
        assert sum(len(run.text) for run in row) == picture.width
        assert all(one.style != next_one.style for one, next_one in pairwise(row))
    assert not ascii or picture.text().isascii()
    assert hash(picture) == hash(canvas.picture())


def _drawn(canvas: Canvas) -> str:
    return canvas.picture().text()


def test_a_box_has_its_title_in_the_top_edge() -> None:
    """Round, heavy and ASCII frames."""
    for ascii, heavy, expected in (
        (False, False, "╭─ node 1 ─╮\n│          │\n╰──────────╯"),
        (False, True, "┏━ node 1 ━┓\n┃          ┃\n┗━━━━━━━━━━┛"),
        (True, False, "+- node 1 -+\n|          |\n+----------+"),
        (True, True, "#= node 1 =#\n#          #\n#==========#"),
    ):
        canvas = Canvas(12, 3, ascii)
        canvas.box(0, 0, 12, 3, "node 1", heavy=heavy)
        assert _drawn(canvas) == expected


def test_a_box_cut_by_the_edge_keeps_its_shape() -> None:
    """What is outside is clipped on every side."""
    canvas = Canvas(3, 2)
    canvas.box(-2, -1, 4, 3, "title")
    assert _drawn(canvas) == " │\n─╯"


def test_lines_that_cross_in_a_cell_join_their_dots() -> None:
    """A level and an upright line: both sets of dots, in the style of the later one."""
    canvas = Canvas(3, 1)
    canvas.line(0, 0, 2, 0, "first")
    canvas.line(1, 0, 1, 0, "second")
    picture = canvas.picture()
    assert cell_of(picture, 1, 0) == StyledRun(chr(ord("⠤") | ord("⡇")), "second")
    assert cell_of(picture, 0, 0) == StyledRun("⠤", "first")


def test_text_wins_over_dots_whichever_comes_first() -> None:
    """A label on an edge is never crossed out, its spaces included."""
    for text_first in (True, False):
        canvas = Canvas(7, 1)
        acts = [lambda canvas=canvas: canvas.text(2, 0, "w 1"), lambda canvas=canvas: canvas.line(0, 0, 6, 0)]
        for act in acts if text_first else reversed(acts):
            act()
        assert _drawn(canvas) == "⠤⠤w 1⠤⠤"


def test_the_weight_of_a_line_shows() -> None:
    """Dotted, thin, and two and three dots thick."""
    canvas = Canvas(2, 4)
    for weight in range(4):
        canvas.line(0, weight, 1, weight, weight=weight)
    assert _drawn(canvas) == "⠄⠄\n⠤⠤\n⣤⣤\n⣶⣶"


def test_a_line_is_the_same_from_either_end() -> None:
    """Level and upright lines; slanting ones meet their ends from both sides."""
    for ends in ((0, 1, 9, 1), (4, 0, 4, 3)):
        x0, y0, x1, y1 = ends
        there, back = Canvas(10, 4), Canvas(10, 4)
        there.line(x0, y0, x1, y1)
        back.line(x1, y1, x0, y0)
        assert _drawn(there) == _drawn(back)


def test_ascii_lines_look_their_slope() -> None:
    """Steep lines are slashes, a crossing is a +, and flat ones step down within each row, ' to - to ."""
    canvas = Canvas(12, 5, ascii=True)
    canvas.line(0, 0, 4, 4)
    canvas.line(4, 0, 0, 4)
    canvas.line(6, 0, 6, 4)
    canvas.line(8, 0, 11, 0, weight=2)
    canvas.line(8, 2, 11, 2, weight=0)
    assert _drawn(canvas) == "\\   / | ====\n \\ /  |\n  +   | - -\n / \\  |\n/   \\ |"
    for length in range(4, 30):
        canvas = Canvas(length, 3, ascii=True)
        canvas.line(0, 0, length - 1, 1.5)
        rows = _drawn(canvas).splitlines()
        assert all(re.fullmatch(r" *'*-*\.*", row) for row in rows)
        assert [sum(row[x : x + 1].strip() != "" for row in rows) for x in range(length)] == [1] * length


def test_a_far_off_end_costs_nothing() -> None:
    """The part in view is drawn, however long the line is: the count of dots visited is bounded."""
    canvas = Canvas(4, 1)
    canvas.line(0, 0, 1e300, 0)
    canvas.dot_line(-(10**12), 2, 10**12, 2)
    assert _drawn(canvas) == "⠤⠤⠤⠤"


def test_a_blit_carries_styles_and_marks() -> None:
    """A picture laid on another: blanks cover, regions move along."""
    small = Canvas(3, 1)
    small.text(0, 0, "a b", "key")
    small.mark("small", 0, 0, 3)
    canvas = Canvas(6, 2)
    canvas.text(0, 1, "xxxxxx")
    canvas.mark("under", 0, 0, 6, 2)
    canvas.blit(small.picture(), 2, 1)
    picture = canvas.picture()
    assert picture.text() == "\nxxa bx"
    assert picture.rows[1] == (StyledRun("xx", ""), StyledRun("a b", "key"), StyledRun("x", ""))
    assert [picture.at(x, 1) for x in (1, 2, 4, 5, 6)] == ["under", "small", "small", "under", None]


def test_restyle_adds_roles_to_text_alone() -> None:
    """The character stays; cells without text keep the terminal's own look, and none is beyond an edge."""
    canvas = Canvas(4, 1)
    canvas.text(0, 0, "ab", "positive")
    for x, y in ((1, 0), (2, 0), (4, 0), (-1, 0), (1, 1)):
        canvas.restyle(x, y, "read")
    assert canvas.picture().rows[0] == (
        StyledRun("a", "positive"),
        StyledRun("b", "positive read"),
        StyledRun("  ", ""),
    )


def test_a_canvas_goes_on_after_a_picture() -> None:
    """A finished picture does not change with the canvas."""
    canvas = Canvas(2, 1)
    before = canvas.picture()
    canvas.text(0, 0, "ab")
    assert before == Picture(2, 1, ((StyledRun("  ", ""),),))


def test_ascii_text_is_translated() -> None:
    """Text drawn in ASCII mode returns the column after what was written."""
    canvas = Canvas(12, 1, ascii=True)
    assert canvas.text(0, 0, "ŷ = −1") == 9
    assert _drawn(canvas) == "yhat = -1"
