"""The graph of a program: every number is the trace's, and what is lit is what the step joins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.drawing.cells import cell_of
from tests.drawing.test_sheet import SIZES, known, sessions, written
from tests.engine.programs import PROGRAMS
from tests.session.opened_programs import Opened
from tinynet_tui.drawing.graph import _GraphPen, fits_whole, graph, names_on_graph
from tinynet_tui.drawing.graph_layout import Edge, graph_of
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, StyledRun
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.screen import screen, shown_view
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PANELS
from tinynet_tui.teaching.chain import chain

NAMES = [name for name in PROGRAMS if PROGRAMS[name][0].assignments]


def is_braille(sign: str) -> bool:
    """Whether a sign is made of dots."""
    return 0x2800 <= ord(sign) < 0x2900


def regions(picture: Picture) -> Iterator[tuple[str, list[str]]]:
    """The rows of each marked region, by its name."""
    rows = ["".join(run.text for run in row) for row in picture.rows]
    for name, x, y, width, height in picture.marks:
        yield name, [row[x : x + width] for row in rows[y : y + height]]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("samples", [1, 2])
@pytest.mark.parametrize("size", [(200, 30), (120, 24)])
def test_every_number_is_the_traces(name: str, samples: int, size: tuple[int, int], opened: Opened) -> None:
    """Value and gradient of each quantity, beside their name, which stands once."""
    for session in list(sessions(name, opened, samples))[::samples]:
        now = moment(session)
        shown = {found: " ".join(rows) for found, rows in regions(graph(Scene(now, Look()), *size))}
        quantities = [line.name for line in now.model.forward.assignments]
        assert sorted(found for found in shown if found in quantities) == sorted(quantities)
        for quantity in quantities:
            numbers = [written(known(now, quantity)), written(known(now, f"dL/d{quantity}"))]
            parts = shown[quantity].translate(dict.fromkeys(map(ord, "•▸▏∂"), " ")).split()
            assert parts == [symbol(quantity), *numbers]
        assert written(known(now, "L")) in shown["L"]
        for parameter in now.model.parameter_names:
            assert symbol(parameter) in shown[parameter]


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_that_are_lit(name: str, opened: Opened) -> None:
    """One is written, that of the step; all that it reads and that stand on the graph are underlined."""
    for session in sessions(name, opened):
        now = moment(session)
        picture = graph(Scene(now, Look()), 200, 30)
        lit = [run.text.strip() for row in picture.rows for run in row if "written" in run.style]
        underlined = sorted(run.text.strip() for row in picture.rows for run in row if "read" in run.style)
        if now.step is None or now.step.role in ("check", "local"):
            assert lit == []
            continue
        assert lit == [written(now.trace.value(session.step))]
        local = {n for n in now.reads if n.startswith("d") and not n.startswith("dL/") and "/" in n}
        read = sorted(now.reads - local - {now.step.name} - {"eta"})
        assert underlined == sorted(written(now.displayed(found)) for found in read)


LIT = {
    ("recurrent", 3): "h1 z2, u z2, w z2, x2 z2, b z2",
    ("recurrent", 19): "h2 z3",
    ("attention", 10): "e1 S, e2 S",
}
"""By hand: what the step reads of other lines and given numbers, or in the backward pass who reads it."""


@pytest.mark.parametrize(("name", "step"), LIT)
def test_the_edges_of_a_step_are_lit(name: str, step: int, opened: Opened) -> None:
    """Exactly these, and each is seen where it leaves what is read and where it arrives."""
    session = next(s for s in sessions(name, opened) if s.step == step)
    scene = Scene(moment(session), Look())
    pen, picture = _GraphPen(scene, 200, 30), graph(scene, 200, 30)
    lit = {edge for style, _, edges in pen._edges() if style == "edge.lit" for edge in edges}
    assert lit == {Edge(*pair.split()) for pair in LIT[name, step].split(", ")}
    for source, reader in lit:
        target, row = pen.graph.place[reader]
        ends = [(pen._x(target) - 1, row - pen.top)]
        if source in pen.graph.place:
            box, row = pen.graph.place[source]
            ends.append((pen._x(box) + box.width, row - pen.top))
        else:
            ends.append((pen.graph.given, pen.given.row_of(source) or 0))
        for x, y in ends:
            cell = cell_of(picture, x, y)
            assert is_braille(cell.text), (source, reader)
            assert "edge.lit" in cell.style, (source, reader)
    cells = {cell.style for row in picture.rows for cell in row if is_braille(cell.text[0])}
    assert "edge.lit" in cells
    before = graph(Scene(moment(replace(session, step=0)), Look()), 200, 30)
    assert not any("edge.lit" in run.style for row in before.rows for run in row)


def test_an_attention_head_is_whole_at_160_by_48(opened: Opened) -> None:
    """And so it is what opens there; at 80 by 24 the sheet does, at 120 by 36 a recurrent network's graph."""
    scene = Scene(moment(next(sessions("attention", opened))), Look())
    assert shown_view(scene.moment, 160, 48, Look()) == "diagram"
    assert shown_view(scene.moment, 80, 24, Look()) == "sheet"
    text = screen(scene.moment, 160, 48, Look()).text()
    for line in scene.moment.model.forward.assignments:
        assert f"{symbol(line.name)} " in text
    recurrent = moment(next(sessions("recurrent", opened)))
    assert shown_view(recurrent, 120, 36, Look()) == "diagram"
    assert shown_view(recurrent, 80, 24, Look()) == "sheet"


@pytest.mark.parametrize("name", NAMES)
def test_no_two_boxes_touch(name: str, opened: Opened) -> None:
    """In any room, whole or not."""
    model = moment(next(sessions(name, opened))).model
    for width in range(60, 241, 20):
        for height in (8, 14, 24, 40):
            boxes = graph_of(model, Look(), width, height, 7).boxes
            cells = [
                (x, y)
                for box in boxes
                for x in range(box.x, box.x + box.width)
                for y in range(box.y, box.y + box.height)
            ]
            assert len(cells) == len(set(cells))


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii", [False, True])
def test_screens_with_the_graph(name: str, size: tuple[int, int], ascii: bool, opened: Opened) -> None:
    """With each panel in turn; the line at work is in sight, even where the graph is cut."""
    panels = list(PANELS)
    for session in list(sessions(name, opened))[::7]:
        now = moment(replace(session, view="diagram", panel=panels[session.step % len(panels)]))
        picture = screen(now, *size, Look(ascii))
        assert {sum(len(run.text) for run in row) for row in picture.rows} == {size[0]}
        assert picture.text().isascii() or not ascii
        if now.step is not None and now.step.role == "value":
            assert any(mark.name == now.step.name for mark in picture.marks)
        scene = Scene(now, Look(ascii))
        if fits_whole(scene, size[0], 14):
            quantities = {line.name for line in now.model.forward.assignments}
            assert names_on_graph(scene, size[0], 14) >= quantities


_BEYOND = re.compile(r"([←→↑↓])(?: (\d+) more(?: (column|row)s?)?|(\d+))")


@pytest.mark.parametrize("name", ["attention", "recurrent", "softmax"])
@pytest.mark.parametrize("size", [(60, 10), (60, 14), (80, 11), (80, 15), (100, 14)])
@pytest.mark.parametrize("ascii", [False, True])
def test_what_is_out_of_sight_is_told_over_no_number(
    name: str, size: tuple[int, int], ascii: bool, opened: Opened
) -> None:
    """Each box and each given number in sight stands there as it is drawn without any arrow."""
    for session in sessions(name, opened):
        scene = Scene(moment(session), Look(ascii))
        picture, pen = graph(scene, *size), _GraphPen(scene, *size)
        for box in filter(pen.in_sight, pen.graph.boxes):
            pen._box(box)
        pen.given.draw(pen.canvas)
        alone = pen.canvas.picture()
        told = [
            (x, y, run.text)
            for y, row in enumerate(picture.rows)
            for x, run in placed(row)
            if run.style == "selected" and run.text[:1] in "←→↑↓<>^v-" and any(map(str.isdigit, run.text))
        ]
        for x, y, text in told:
            assert {cell_of(alone, x + cell, y).text for cell in range(len(text))} == {" "}
        is_cut = len([*filter(pen.in_sight, pen.graph.boxes)]) < len(pen.graph.boxes)
        assert bool(told) == is_cut
        if not ascii:
            assert all(_BEYOND.fullmatch(text) for _, _, text in told), told


def placed(row: tuple[StyledRun, ...]) -> Iterator[tuple[int, StyledRun]]:
    """Each run of a row, with its first column."""
    x = 0
    for run in row:
        yield x, run
        x += len(run.text)


def test_what_is_out_of_sight_is_told_in_words(opened: Opened) -> None:
    """Of an attention head two columns are to the right; words are as long as there is room for."""
    session = replace(start(shipped_lesson("attention")), step=19, view="diagram")
    text = screen(moment(session), 80, 24, Look()).text()
    assert "▸o₂ +1.7311┃" in text
    assert {"→ 2 more columns", "↓ 1 more row", "← 1 more column", "↑4"} <= {
        found[0] for found in _BEYOND.finditer(text)
    }
    recurrent = replace(start(shipped_lesson("recurrent")), step=19, view="diagram")
    assert "→ 3 more columns" in screen(moment(recurrent), 80, 24, Look()).text()


_FACTOR = re.compile(r"(?<![\w.])(\d{1,2})([a-z]{0,2})[:≈~]([−-]?\d+(?:\.\d+)?)")


@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
@pytest.mark.parametrize(
    ("lesson", "size", "whole"),
    [("attention", (160, 48), "wo"), ("recurrent", (120, 36), "v"), ("recurrent", (120, 36), "w")],
)
def test_the_lit_path_has_its_factors(lesson: str, size: tuple[int, int], whole: str, ascii: bool) -> None:
    """Each mark is a place in the product of a path, with the number that stands there."""
    session = replace(start(shipped_lesson(lesson)), panel="chain", view="diagram", selected=whole)
    last = program_of(session).number(f"dL/d{whole}")
    assert last is not None
    now = moment(replace(session, step=last))
    found = chain(now, f"dL/d{whole}")
    text = screen(now, *size, Look(ascii)).text().split("─ 3 chain" if not ascii else "- 3 chain")[0]
    marks = {
        (int(order), letter): float(number.replace("−", "-"))
        for order, letters, number in _FACTOR.findall(text)
        for letter in (letters or "abcdefgh"[: len(found.paths)])
    }
    expected = {
        (order, letter): value
        for letter, path in zip("abcdefgh", found.paths, strict=False)
        for order, value in enumerate(path.values, start=1)
    }
    assert marks == {place: pytest.approx(expected[place], rel=6e-2) for place in marks}
    assert f"1 to {max(order for order, _ in expected)}: " in text
    # Beside a given number they may have room for their marks alone; the boxes have room for all.
    alone = {(int(order), letter) for order, letter in re.findall(r"(?<![\w.])(\d)([a-z])(?=[ \n])", text)}
    assert expected.keys() - marks.keys() <= alone
    assert not _FACTOR.search(
        screen(moment(replace(session, step=last, panel="table")), *size, Look(ascii)).text()
    )


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 60)])
def test_no_factor_is_left_out_where_several_stand(size: tuple[int, int]) -> None:
    """A weight that is read three times has three last factors: their marks are there, whatever has room."""
    session = replace(
        start(shipped_lesson("recurrent")), panel="chain", view="diagram", selected="u", step=32
    )
    text = screen(moment(session), *size, Look()).text()
    row = next(row for row in text.split("\n") if row.startswith(" u "))
    assert re.findall(r"\b\d[a-c](?=[ :≈⠤])", row) == ["4c", "6b", "8a"]


@pytest.mark.parametrize("name", ["recurrent", "attention", "softmax-misprint", "rms-norm"])
@pytest.mark.parametrize("size", [(120, 20), (160, 30), (200, 40)])
def test_lines_stay_in_a_picture_that_is_whole(name: str, size: tuple[int, int]) -> None:
    """Where they cross a column they go beside its boxes, in a row of the picture."""
    now = moment(replace(start(shipped_lesson(name)), step=1))
    found = graph_of(now.model, Look(), *size, 7)
    taken = {(box.column, row) for box in found.boxes for row in range(box.y, box.y + box.height)}
    assert found.fits
    for edge in found.edges:
        begin, end = found.place[edge.source][0].column, found.place[edge.reader][0].column
        for column in range(begin + 1, end):
            lane = found.lane(column, found.place[edge.source][1])
            assert 0 <= lane < size[1]
            assert (column, lane) not in taken
