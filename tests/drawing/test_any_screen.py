"""Screens of any lesson at any size: exact, legible, and never of another number than the session's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.drawing.networks import WIDE
from tests.examples import examples
from tests.session.random_lessons import LECTURE, NETWORKS, places
from tinynet_tui.drawing.above_panels import drawing_of
from tinynet_tui.drawing.diagram import diagram
from tinynet_tui.drawing.experiment_page import experiments_page
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import ClickArea, Picture
from tinynet_tui.drawing.scene import Scene, highlights
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH, diagram_rows, screen
from tinynet_tui.experiments.page_of_session import opened_page
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import editable_names, program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import PANELS, PRECISIONS, VARIANTS, VIEWS, Session, View
from tinynet_tui.teaching.numbers import CELL, cell_width
from tinynet_tui.tui.clipboard import words_of_tmux

FORMULAS = tuple(name for name in SHIPPED_NAMES if name not in NETWORKS)
WIDTHS, HEIGHTS = st.integers(1, 260), st.integers(1, 90)
WIDE_ENOUGH = st.one_of(st.just(LEAST_WIDTH), st.integers(LEAST_WIDTH, 100), st.integers(LEAST_WIDTH, 260))
HIGH_ENOUGH = st.one_of(st.just(LEAST_HEIGHT), st.integers(LEAST_HEIGHT, 90))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Any place in any lesson, with any panel, number of digits and selection."""
    session = draw(places())
    if draw(st.integers(0, 9)) == 9:
        session = start(WIDE)
        session = replace(session, step=draw(st.integers(0, len(program_of(session)))))
    names = editable_names(moment(session).model)
    return replace(
        session,
        panel=draw(st.sampled_from(list(PANELS))),
        variant=draw(st.sampled_from((None, None, *VARIANTS))),
        view=draw(st.sampled_from((None, None, *VIEWS))),
        digits=draw(st.sampled_from(PRECISIONS)),
        selected=draw(st.sampled_from(names)),
        notice=draw(st.sampled_from(("", "", "Something — was said: ∂L/∂w₁."))),
    )


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 60)])
@pytest.mark.parametrize("ascii", [False, True])
def test_the_longest_words_are_shown_whole(size: tuple[int, int], ascii: bool) -> None:
    """What the app says of a copied step in tmux, with what to set: in the stepper and on the other page."""
    words = f"Written as text to tinynet-1000000.46.txt. {words_of_tmux([])}"
    session, look = replace(start(LECTURE), notice=words), Look(ascii)
    page = replace(opened_page(session, None).state, notice=words)
    for picture in (screen(moment(session), *size, look), experiments_page(page, None, *size, look)):
        assert " ".join(words.split()) in " ".join(picture.text().split())


def rows_of(picture: Picture) -> list[str]:
    """The characters of each row."""
    return ["".join(run.text for run in row) for row in picture.rows]


def assert_exact(picture: Picture, width: int, height: int, look: Look) -> None:
    """So many rows of so many cells, and in ASCII nothing else."""
    rows = rows_of(picture)
    assert (picture.width, picture.height, len(rows)) == (width, height, height)
    assert {len(row) for row in rows} <= {width}
    if look.ascii:
        assert "".join(rows).isascii()
    assert "".join(rows).isprintable()


@given(sessions(), WIDTHS, HEIGHTS, st.booleans())
@examples(30)
def test_a_screen_has_exactly_its_size(session: Session, width: int, height: int, ascii: bool) -> None:
    """Whatever the lesson, the step and the panel."""
    look = Look(ascii)
    picture = screen(moment(session), width, height, look)
    assert_exact(picture, width, height, look)
    again = screen(moment(session), width, height, look)
    assert again == picture


@given(sessions(), WIDE_ENOUGH, HIGH_ENOUGH, st.booleans())
@examples(30)
def test_where_one_is_and_in_which_phase(session: Session, width: int, height: int, ascii: bool) -> None:
    """The numbers of update and step are in the header, the phase before the title, all at every size."""
    now = moment(session)
    picture = screen(now, width, height, Look(ascii))
    rows = rows_of(picture)
    assert re.search(rf"\b{session.update}\b.*step +{session.step}(?: of |/){len(now.program)}\b", rows[0])
    badge = next(run for row in picture.rows for run in row if run.style.startswith("badge"))
    assert (badge.text, badge.style) == (f" {now.phase} ", f"badge phase.{now.phase}")
    if session.notice:
        assert "Something" in rows[-1]
    else:
        assert "q quit" in rows[-1]
    for phase in ("given", "forward", "loss", "backward", "update", "check"):
        assert phase in rows[-2]


def number_marks(now: Moment, picture: Picture, below: int) -> Iterator[tuple[ClickArea, list[str]]]:
    """The regions of the diagram that show quantities, with the text of each of their rows."""
    rows = rows_of(picture)
    for mark in picture.marks:
        if ":" not in mark.name and mark.y + mark.height <= below:
            yield mark, [row[mark.x : mark.x + mark.width] for row in rows[mark.y : mark.y + mark.height]]


@given(sessions(), WIDE_ENOUGH, HIGH_ENOUGH, st.booleans())
@examples(40)
def test_every_number_of_the_diagram_is_the_sessions(
    session: Session, width: int, height: int, ascii: bool
) -> None:
    """Each mark shows its name and the value known now, or the sign for none; a gradient what it is of.

    Where the chain is shown, factors take the place of some gradients: test_lit_path.py is about these.
    """
    session = replace(session, panel="step" if session.panel == "chain" else session.panel)
    assume(session.lesson.program is None)
    now, look = moment(session), Look(ascii)
    rows = diagram_rows(Scene(now, look), width, height)
    picture = diagram(Scene(now, look), width, rows)
    compared = 0
    for mark, lines in number_marks(now, picture, rows):
        if mark.x < 0 or mark.x + mark.width > width or mark.y < 0:
            continue  # in a column out of sight
        symbol, number, *gradient = _read(lines[0])
        assert _named(symbol, now, look, mark.name) in (mark.name, ""), lines
        assert number in cells(now, look, mark.name), lines
        for line in lines[1:]:
            gradient += _read(line)[:2]
        if gradient:
            of, number = gradient
            assert number in cells(now, look, _named(of, now, look, f"dL/d{mark.name}")), lines
        compared += 1
    assert compared


_NUMBER = r"[+−-](?:\d[\d.]*(?:e[+-]\d+)?|inf)|nan|[·.]"
_LINE = re.compile(
    rf"[^\w∂]*(?:\S+?)\s*(?:= .*?\s)?[▸>]?\s*(?P<value>{_NUMBER})"
    rf"\s*(?:(?:∂|d)\s*(?P<gradient>{_NUMBER}))?\s*(?:in .*|[|│┃])?"
)
"""A line of a sheet, or what a box or the list of what is given has of a quantity: h = f(z) +1.5 ∂ +0.25."""


@pytest.mark.parametrize("view", [None, "diagram", "sheet"])
@pytest.mark.parametrize("name", FORMULAS)
def test_every_number_of_formulas_is_the_sessions(name: str, view: View | None) -> None:
    """On sheets and in graphs: value and gradient of each quantity, given, computed or learned."""
    lesson = start(shipped_lesson(name))
    steps, compared = len(program_of(lesson)), 0
    for turn, step in enumerate([*range(0, steps, max(1, steps // 12)), steps]):
        width, height = ((60, 20), (80, 24), (120, 36), (200, 60))[turn % 4]
        look, now = Look(turn % 3 == 2), moment(replace(lesson, step=step, view=view, update=1 + turn % 2))
        rows = diagram_rows(Scene(now, look), width, height)
        picture = drawing_of(Scene(now, look), width, rows).draw(Scene(now, look), width, rows)
        for mark, lines in number_marks(now, picture, rows):
            if mark.x < 0 or mark.x + mark.width > width or mark.y < 0:
                continue  # out of sight
            text = " ".join(line.strip() for line in lines)
            found = _LINE.fullmatch(text)
            assert found is not None, text
            assert found["value"] in cells(now, look, mark.name), (step, text)
            if found["gradient"] is not None:
                assert found["gradient"] in cells(now, look, f"dL/d{mark.name}"), (step, text)
            compared += 1
    assert compared > 20


def cells(now: Moment, look: Look, name: str) -> list[str]:
    """The texts that a quantity may have, without spaces: of seven cells up to as many as its digits want.

    A gradient after a d has one cell less.
    """
    widths = range(CELL - (look.ascii and name.startswith("dL/d")), cell_width(now.session.digits) + 1)
    return [look.number(belonging(now, name), width, now.session.digits).strip() for width in widths]


def belonging(now: Moment, name: str) -> float | None:
    """The value of a quantity where it belongs to the same point and the same batch as all the others."""
    program, step = now.program, now.session.step
    if not name.startswith("dL/d"):
        return now.value(name)
    if now.phase == "check":
        return None
    closing = program.number(name) if program.closing_position(name) is not None else None
    if closing is None or step <= len(program.samples) * len(program.sample_steps):
        return now.value(name)
    return now.trace.value(closing) if closing <= step else None


def _named(symbol: str, now: Moment, look: Look, meant: str) -> str:
    """The quantity that a symbol stands for: ∂ alone is of what it is beside, ∂z₁ is ∂L/∂z₁."""
    sign = look.say("∂")
    if symbol == sign:
        return meant
    names = {step.name for step in now.program.sample_steps} | set(editable_names(now.model))
    shown = {look.symbol(name): name for name in names if not name.startswith("d")}
    if symbol == sign + "z":
        # In a box of two lines, that of its own neuron.
        return meant if meant.startswith("dL/dz") else ""
    return shown.get(symbol) or (f"dL/d{shown[symbol.removeprefix(sign)]}" if symbol else "")


def _read(line: str) -> list[str]:
    """The symbols and the numbers of a line, each symbol before its number: w₁+1.0000 ∂   ·."""
    number = r"([+−-][0-9.]+(?:e[+-]\d+)?|[+−-]?inf|nan|[·.])"
    found = re.fullmatch(rf"\s*(\S*?)\s*{number}\s*(?:([∂d]\S*?)\s*{number})?\s*", line)
    if found is None:
        raise AssertionError(f"not a name and its numbers: {line!r}")
    return [text for text in found.groups() if text is not None]


@given(sessions(), WIDE_ENOUGH, HIGH_ENOUGH, st.booleans())
@examples(30)
def test_nothing_of_the_diagram_is_cut_off(session: Session, width: int, height: int, ascii: bool) -> None:
    """No number begins or ends at the edge in the middle of its digits."""
    assume(session.lesson.program is None)
    now, look = moment(session), Look(ascii)
    rows = diagram_rows(Scene(now, look), width, height)
    picture = diagram(Scene(now, look), width, rows)
    text = rows_of(picture)
    for mark in picture.marks:
        if 0 <= mark.y < rows and (mark.x < 0 or mark.x + mark.width > width):
            in_sight = text[mark.y][max(mark.x, 0) : max(mark.x + mark.width, 0)]
            assert not re.search(r"\d", in_sight), (mark, in_sight)


@given(sessions(), WIDE_ENOUGH, HIGH_ENOUGH, st.booleans())
@examples(40)
def test_the_neuron_at_work_is_always_in_sight(
    session: Session, width: int, height: int, ascii: bool
) -> None:
    """However many there are."""
    now, look = moment(session), Look(ascii)
    at_work = highlights(now).neuron
    if at_work is None:
        return
    rows = diagram_rows(Scene(now, look), width, height)
    picture = diagram(Scene(now, look), width, rows)
    names = {
        step.name
        for step in now.program.sample_steps
        if step.role == "value" and (step.of.layer, step.of.neuron) == at_work
    }
    in_sight = [
        mark
        for mark in picture.marks
        if mark.name in names and 0 <= mark.x <= width - mark.width and 0 <= mark.y < rows
    ]
    assert in_sight, names
