"""What is selected is always in sight: ↓ changes the picture, and a name and its value are in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from tinynet_tui.drawing.diagram import diagram
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH, diagram_rows, screen
from tinynet_tui.lessons.schema import DataTable, Lesson, NetworkTable, TrainingTable
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import Numbering
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import editable_names, program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.numbers import CELL, cell_width

SIZES = ((60, 20), (80, 24), (120, 36), (200, 60))
LARGEST = (16,) * 6


def session_of(layers: tuple[int, ...], samples: int = 1, numbering: Numbering = "source") -> Session:
    """The start of a network of some shape."""
    return start(
        Lesson(
            "any shape",
            NetworkTable(layers, tuple("tanh" for _ in layers[1:]), init="he", seed=2, numbering=numbering),
            DataTable(
                tuple(tuple((i + s) / 8 for i in range(layers[0])) for s in range(samples)),
                tuple(tuple(i / 4 - s for i in range(layers[-1])) for s in range(samples)),
            ),
            TrainingTable(0.01, "mean_squared_error"),
        )
    )


def drawn(now: Moment, size: tuple[int, int], look: Look) -> Picture:
    """The diagram of a screen of some size."""
    scene = Scene(now, look)
    return diagram(scene, size[0], diagram_rows(scene, *size))


def is_readable(now: Moment, picture: Picture, look: Look) -> bool:
    """Whether the name of what is selected stands before its value, or an input's above it on its frame."""
    name = now.session.selected
    value = now.value(name)
    widths = range(CELL, cell_width(now.session.digits) + 1)
    numbers = {look.number(value, width, now.session.digits).strip() for width in widths}
    number = "|".join(map(re.escape, numbers))
    symbol = re.escape(look.symbol(name))
    rows = picture.text().splitlines()
    if any(re.search(rf"(?<!\w){symbol} *(\([^)]*\))? *({number})(?!\d)", row) for row in rows):
        return True
    frames = ((row, x.start()) for row, text in enumerate(rows) for x in re.finditer(rf" {symbol} ", text))
    return name[0] == "x" and any(
        re.search(number, rows[row + 1][max(x - 3, 0) : x + 8]) for row, x in frames
    )


layers = st.one_of(
    st.lists(st.integers(1, 4), min_size=2, max_size=6), st.lists(st.integers(1, 16), min_size=2, max_size=6)
).map(tuple)
sizes = st.one_of(
    st.sampled_from(SIZES), st.tuples(st.integers(LEAST_WIDTH, 240), st.integers(LEAST_HEIGHT, 80))
)


@given(
    layers,
    sizes,
    st.booleans(),
    st.integers(0, 10**6),
    st.integers(0, 60),
    st.integers(1, 3),
    st.sampled_from((4, 3)),
)
@example((2, 3, 2), (80, 24), False, 3, 0, 1, 4)
@example((2, 3, 2), (120, 36), True, 3, 0, 1, 4)
@example(LARGEST, (60, 20), False, 700, 0, 1, 4)
@example(LARGEST, (60, 20), True, 1279, 9, 1, 4)
@example((1, 1), (60, 20), False, 1, 0, 1, 4)
@examples(40)
def test_down_changes_the_picture_and_shows_name_and_value(
    shape: tuple[int, ...],
    size: tuple[int, int],
    ascii: bool,
    place: int,
    step: int,
    samples: int,
    digits: int,
) -> None:
    """In any network at any size, whether its edges have labels or not, in sight or not."""
    look = Look(ascii)
    session = session_of(shape, samples)
    fresh = replace(session, step=min(step, len(program_of(session))), digits=digits)
    names = editable_names(moment(fresh).model)
    before = replace(fresh, selected=names[place % len(names)])
    now = moment(after(before, Command("select-next")))
    picture = drawn(now, size, look)
    assert picture != drawn(moment(before), size, look)
    assert is_readable(now, picture, look), picture.text()


@pytest.mark.parametrize("size", SIZES)
def test_the_characters_of_a_network_without_labels_change_too(size: tuple[int, int]) -> None:
    """So that nothing hangs on a style: a terminal may show none."""
    session = session_of((2, 3, 2))
    texts = [drawn(moment(replace(session, selected=f"w{k}")), size, Look()).text() for k in range(1, 13)]
    assert len(set(texts)) == 12


def test_the_selected_edge_has_a_label_on_its_course() -> None:
    """By hand: w₄ of a 2-3-2 network is the first weight that leaves x₂."""
    now = moment(replace(session_of((2, 3, 2)), selected="w4"))
    picture = drawn(now, (80, 24), Look())
    label = next(mark for mark in picture.marks if mark.name == "w4")
    source, target = (next(mark for mark in picture.marks if mark.name == name) for name in ("x2", "h1"))
    assert source.x + source.width < label.x < label.x + label.width < target.x
    assert target.y < label.y < source.y
    assert "w₄ (x₂ → node 1, numbered by source)" in picture.text()


def test_the_edges_of_the_neuron_at_work_have_labels_where_there_is_room() -> None:
    """The two weights of node 2 while its sum is computed; of sixteen there is no room for all."""
    now = moment(replace(session_of((2, 3, 2)), step=3, selected="b1"))
    marks = {mark.name for mark in drawn(now, (80, 24), Look()).marks}
    assert marks & {f"w{k}" for k in range(1, 13)} == {"w2", "w5"}
    crowded = moment(replace(session_of((16, 3, 2)), step=1, selected="b1"))
    assert not any(mark.name[0] == "w" for mark in drawn(crowded, (60, 20), Look()).marks)


@pytest.mark.parametrize(
    ("numbering", "name", "words"),
    [
        ("source", "w2", "w₂: x₁ → node 2, by source"),
        ("target", "w2", "w₂: x₂ → node 1, by target"),
        ("source", "w6", "w₆: node 2 → out, by source"),
        ("source", "b2", "b₂: bias of node 2"),
        ("source", "x1", "x₁: an input"),
        ("source", "y", "y: a target"),
    ],
)
def test_the_numbering_is_said_where_a_weight_is_selected(
    numbering: Numbering, name: str, words: str
) -> None:
    """Beside what it joins; where there is more room, in more words."""
    session = replace(session_of((2, 2, 1), numbering=numbering), selected=name)
    usual, wide = (drawn(moment(session), size, Look()).text() for size in ((80, 24), (120, 36)))
    assert f"\n{words} " in usual
    assert (f"numbered by {numbering}" in wide) == (name[0] == "w")


def test_in_a_framed_network_an_inputs_name_stands_out() -> None:
    """It is on the frame, as it has no label inside."""
    session = replace(start(shipped_lesson("lecture")), selected="x2")
    runs = [run for row in screen(moment(session), 80, 24, Look()).rows for run in row]
    assert [run.text.strip() for run in runs if run.style == "selected" and "x₂" in run.text] == ["x₂"]


def test_crossing_edges_stay_in_sight_beside_their_labels() -> None:
    """Mazur's at 80×24: in each gap two edges cross, and few rows of them are hidden from side to side."""
    rows = drawn(moment(start(shipped_lesson("mazur"))), (80, 24), Look()).text().splitlines()
    hidden = {
        gap: [y for y in range(2, 11) if not re.search("[⠁-⣿]", rows[y][first:last])]
        for gap, (first, last) in {"inputs": (9, 25), "hidden": (45, 60)}.items()
    }
    assert all(len(gone) <= 2 for gone in hidden.values()), hidden
