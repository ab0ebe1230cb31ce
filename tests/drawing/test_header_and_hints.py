"""The lines around the drawing: header, timeline, hints, and what stands where there is no room for them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.session.random_lessons import LECTURE, places
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import panel_slots, screen
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import BY_NAME, Command, after, key_sign, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PANELS, Session


def row(session: Session, number: int, size: tuple[int, int] = (80, 24), ascii: bool = False) -> str:
    """One row of a screen, from the top or, where negative, from the bottom."""
    picture = screen(moment(session), *size, Look(ascii))
    return "".join(run.text for run in picture.rows[number])


def bars(session: Session, width: int) -> dict[str, tuple[int, int]]:
    """Of each phase in the timeline: (filled cells, cells)."""
    text = row(session, -2, (width, 24))
    found = re.findall(r"(given|forward|loss|backward|update|check) (━*)(╌*)", text + " ")
    return {phase: (len(filled), len(filled) + len(rest)) for phase, filled, rest in found}


@pytest.mark.parametrize("name", ["lecture", "xor", "mazur", "deep-sigmoid"])
@pytest.mark.parametrize("width", [60, 80, 160])
def test_the_timeline_is_filled_as_far_as_steps_are_done(name: str, width: int) -> None:
    """Of several samples, the one at hand and what closes the batch: each phase fills with its own steps."""
    session = start(shipped_lesson(name))
    program = moment(session).program
    for number in range(0, len(program) + 1, 5):
        now = moment(replace(session, step=number))
        own = [
            (step.phase, place <= number)
            for place, step in enumerate(program.steps(), start=1)
            if step.sample in (None, now.sample)
        ]
        for phase, (filled, cells) in bars(now.session, width).items():
            steps = [done for of, done in own if of == phase]
            if steps:
                assert filled == -(-sum(steps) * cells // len(steps)), (number, phase)


@given(places(), st.integers(60, 240))
@examples(30)
def test_the_timeline_names_every_phase_within_its_row(session: Session, width: int) -> None:
    """Each with a cell at least, and none over the edge."""
    timeline = bars(session, width)
    assert tuple(timeline) == PHASES
    assert all(cells >= 1 for phase, (_, cells) in timeline.items() if phase != "given")
    before = {phase: cells for phase, (_, cells) in bars(replace(session, step=0), width).items()}
    assert {phase: cells for phase, (_, cells) in timeline.items()} == before


def test_the_header() -> None:
    """Lesson and network, place, learning rate and loss."""
    text = row(replace(start(LECTURE), update=3, step=18), 0)
    assert text.startswith(f" {LECTURE.title}")
    assert re.search(r"2-2-1 ReLU +update 3 · step 18 of 46 +η 0\.01   L 0\.1\d+ $", text)
    assert "L " not in row(start(LECTURE), 0)
    sample = row(replace(start(shipped_lesson("xor")), step=40), 0, (120, 30))
    assert "update 1 · sample 2 of 4 · step  40 of 163" in sample
    assert "seed 2" in row(replace(start(LECTURE), seed=2), 0, (100, 30))


def test_hints_show_the_first_key_of_commands_that_matter() -> None:
    """Every key in them does what they say, and the most needed are there at the least width."""
    for width, needed in ((60, ("next", "back", "help", "quit")), (200, ("open", "edit", "rate", "goto"))):
        picture = screen(moment(start(LECTURE)), width, 24, Look())
        marks = (mark for mark in picture.marks if mark.y == picture.height - 1)
        hints = [mark.name.removeprefix("command:") for mark in marks]
        assert set(needed) <= set(hints)
        text = row(start(LECTURE), -1, (width, 24))
        for name in hints:
            entry = BY_NAME[name]
            assert f"{key_sign(entry.keys[0])} {entry.title}" in text


def test_hints_in_ascii_name_no_arrow_like_a_letter() -> None:
    """A v for ↓ would be read as the key v, which shows the wrong ways."""
    text = row(start(LECTURE), -1, (200, 24), ascii=True)
    hints = [hint.strip() for hint in text.split("  ")]
    assert "Down select" in hints
    assert [hint for hint in hints if hint.startswith(("v ", "^ "))] == ["v wrong ways"]


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize(("width", "step"), [(120, 18), (200, 0), (80, 46)])
def test_experiments_and_wrong_ways_are_hinted_at_where_there_is_room(
    width: int, step: int, ascii: bool
) -> None:
    """On wide screens at every step; at the design size at the check, when it is time for something else."""
    text = row(replace(start(LECTURE), step=step), -1, (width, 36), ascii)
    assert "x experiments" in text
    assert "v wrong ways" in text or (ascii and width == 80)


def test_a_notice_takes_the_place_of_the_hints() -> None:
    """Over a few rows where it is long, and cut short where it is longer than these."""
    assert row(replace(start(LECTURE), notice="word " * 20), -1, (60, 20)).startswith(" word word")
    session = replace(start(LECTURE), notice="word " * 90)
    assert row(session, -1, (60, 20)).startswith(" word word")
    assert row(session, -1, (60, 20)).rstrip().endswith("…")
    assert row(session, -1, (60, 20), ascii=True).rstrip().endswith("...")


@pytest.mark.parametrize("size", [(59, 20), (60, 19), (30, 10), (260, 19), (59, 90)])
@pytest.mark.parametrize("ascii", [False, True])
def test_too_small(size: tuple[int, int], ascii: bool) -> None:
    """Says how large it is, how large it has to be, and how to leave."""
    text = screen(moment(start(LECTURE)), *size, Look(ascii)).text()
    times = "x" if ascii else "×"
    assert f"{size[0]}{times}{size[1]} is too small:" in text
    assert f"60{times}20 needed." in text
    assert "q quits" in text
    assert "update" not in text


def test_the_least_size_is_large_enough() -> None:
    """There the step is."""
    assert "too small" not in screen(moment(start(LECTURE)), 60, 20, Look()).text()


@given(st.sampled_from(list(PANELS)), st.integers(60, 240), st.integers(10, 60), st.integers(16, 80))
def test_panels_stand_beside_each_other(chosen: str, width: int, top: int, rows: int) -> None:
    """The chosen one is always there, none twice, none over another, all within their rows."""
    slots = panel_slots(chosen, width, top, top + rows)
    names = [slot.panel for slot in slots]
    assert chosen in names
    assert len(names) == len(set(names))
    cells = [
        (x, y)
        for slot in slots
        for x in range(slot.x, slot.x + slot.width)
        for y in range(slot.y, slot.y + slot.height)
    ]
    assert len(cells) == len(set(cells))
    assert all(0 <= x < width and top <= y < top + rows for x, y in cells)
    assert all(slot.height >= 2 for slot in slots)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_can_be_reached_from_what_is_on_screen(size: tuple[int, int], panel: str) -> None:
    """It is shown, or its digit is, to be pressed or clicked."""
    for open_now in PANELS:
        session = after(start(LECTURE), Command(open_now))
        marks = {mark.name for mark in screen(moment(session), *size, Look()).marks}
        slots = {slot.panel for slot in panel_slots(open_now, size[0], 20, size[1] - 2)}
        assert f"command:{panel}" in marks or panel in slots


@pytest.mark.parametrize(("digits", "loss"), [(2, "0.30"), (4, "0.2984"), (9, "0.298371109")])
def test_the_loss_in_the_title_has_the_digits_asked_for(digits: int, loss: str) -> None:
    """Mazur's first loss is 0.298371109."""
    last = replace(start(shipped_lesson("mazur")), step=57, digits=digits)
    assert f" L {loss} " in row(last, 0)


def test_the_cells_of_diagram_and_table_follow_the_digits_as_far_as_there_is_room() -> None:
    """Mazur's ∂L/∂w₅ is 0.082167041: whole in the table at any size, and in the diagram where it fits."""
    session = start(shipped_lesson("mazur"))
    at = after(replace(session, selected="w5"), Command("run-to"))
    table = replace(at, digits=8, panel="table")
    small, large = (screen(moment(table), *size, Look()).text() for size in ((80, 24), (200, 60)))
    assert small.count("+0.08216704") == 1
    assert large.count("+0.08216704") == 2
