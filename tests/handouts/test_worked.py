"""The parts of a handout, before a format marks them up."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.lessons.made import lessons
from tinynet_tui.handouts.heading import Heading
from tinynet_tui.handouts.rows import PLAIN
from tinynet_tui.handouts.sheet import Sheet
from tinynet_tui.handouts.traces import traces
from tinynet_tui.handouts.worked import Item, Section, Summary, Update, parts
from tinynet_tui.lessons.foreign_text import one_line
from tinynet_tui.lessons.schema import DataTable, Lesson, setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import parameters_of
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import ALL_DIGITS, Session
from tinynet_tui.teaching.numbers import shown
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.teaching.step_line import step_line

LECTURE = shipped_lesson("lecture")


def items(sheet: Sheet) -> list[Item]:
    """Every step of a sheet."""
    return [item for part in parts(sheet) if isinstance(part, Section) for item in part.items]


def _summaries(sheet: Sheet) -> list[Summary]:
    return [part for part in parts(sheet) if isinstance(part, Summary)]


@given(lessons(), st.integers(1, 2))
@settings(max_examples=40)
def test_every_number_is_the_traces(lesson: Lesson, updates: int) -> None:
    """Each step is there once, in its order, with its own value and with what it reads."""
    rows = iter([item.row for item in items(Sheet(lesson, updates))])
    summaries = iter(_summaries(Sheet(lesson, updates)))
    for trace in traces(setup_of(lesson), updates):
        for number in range(1, len(trace.program) + 1):
            row = next(rows)
            assert (row.update, row.number, row.step) == (
                trace.start.update,
                number,
                trace.program.step(number),
            )
            assert repr(row.value) == repr(trace.value(number))
            assert [repr(value) for _, value in row.reads] == [
                repr(trace.value_of(number, name)) for name, _ in row.reads
            ]
        summary = next(summaries)
        assert repr([change.old for change in summary.changes]) == repr([*trace.start.parameters])
        assert len(summary.changes) == len(parameters_of(trace.setup.network))
        news = [change.old if change.is_frozen else change.new for change in summary.changes]
        assert repr(news) == repr([*trace.parameters_after])
        assert repr((summary.loss_before, summary.loss_after)) == repr((trace.loss_before, trace.loss_after))
    assert not [*rows, *summaries]


def test_published_numbers_of_the_summary() -> None:
    """Of the lecture's notebook (T. Valtanen, nn_math_experiment1), and what −η‖∇L‖² is for them."""
    (summary,) = _summaries(Sheet(LECTURE))
    by_name = {change.name: change for change in summary.changes}
    assert {name: by_name[name].gradient for name in ("w5", "w6", "b3")} == {"w5": 1.5, "w6": 0.5, "b3": 1.0}
    assert by_name["w5"].new == pytest.approx(0.985)
    assert by_name["w5"].change == pytest.approx(-0.015)
    assert (summary.loss_before, summary.loss_after) == pytest.approx((0.25, 0.18096516))
    # Seven gradients are 1, 1.5, 0.5 and the others 1 or 0: 1 + 1 + 1.5² + 0.5² + 1 + 1 + 1 = 7.5.
    assert summary.promised == pytest.approx(-0.01 * 7.5)


@given(lessons(), st.integers(1, 7), st.integers(1, 2))
@settings(max_examples=40)
def test_a_worksheet_has_the_numbering_and_the_letters_of_its_solution(
    lesson: Lesson, every: int, updates: int
) -> None:
    """And the titles; every so manyth result is left out of it."""
    solution, worksheet = items(Sheet(lesson, updates)), items(Sheet(lesson, updates, every))
    for whole, blank in zip(solution, worksheet, strict=True):
        assert blank.row.place == whole.row.place
        assert blank.row.quantity(PLAIN) == whole.row.quantity(PLAIN)
        assert blank.row.letters(PLAIN) == whole.row.letters(PLAIN)
        assert blank.title == whole.title
        assert blank.row.value is None or repr(blank.row.value) == repr(whole.row.value)
        assert blank.row.number % every or blank.row.value is None
        assert not whole.notes or not blank.notes


@given(lessons(), st.integers(1, 2))
@settings(max_examples=20)
def test_a_worksheet_without_results_tells_none(lesson: Lesson, updates: int) -> None:
    """Neither a value nor a sentence is left; the summary has what is given at the start, and no more."""
    sheet = Sheet(lesson, updates, 1)
    for item in items(sheet):
        assert (item.row.value, item.sentences, item.notes) == (None, (), ())
    for update, summary in enumerate(_summaries(sheet), start=1):
        assert (summary.loss_before, summary.loss_after, summary.promised) == (None, None, None)
        for change in summary.changes:
            assert (change.gradient, change.change, change.new) == (None, None, None)
            assert change.old is None or update == 1 or change.is_frozen


@pytest.mark.parametrize("every", range(1, 16))
def test_what_is_left_out_is_told_nowhere_after(every: int) -> None:
    """Not in a later step's value, numbers or words: with these inputs every value is one of its own."""
    lesson = shipped_lesson("deep-sigmoid")
    lesson = replace(
        lesson,
        data=DataTable(((0.71, 0.37),), ((0.13,),)),
        training=replace(lesson.training, learning_rate=0.43),
    )
    results = [shown(item.row.value or 0.0, 8) for item in items(Sheet(lesson))]
    told, hidden = "", set[str]()
    for item, result in zip(items(Sheet(lesson, 1, every, digits=8)), results, strict=True):
        text = " ".join((*item.row.sides(PLAIN.with_digits(8)), *item.sentences))
        assert not {blank for blank in hidden if blank in text}, item.row.place
        told += f" {text} {' '.join(shown(value, 8) for _, value in item.row.reads if value is not None)}"
        if item.row.value is None and len(result) >= 10 and result not in told:
            hidden.add(result[:-1])  # a formula may have it with more digits
    assert hidden


def test_a_parameter_that_was_left_out_stays_so_in_the_next_update() -> None:
    """w₁ is the result of step 37: where update 2 reads it there is a gap, and no other is there."""
    second = [item.row for item in items(Sheet(LECTURE, 2, 37)) if item.row.update == 2]
    gaps = [(row.number, name.name) for row in second for name, value in row.reads if value is None]
    assert gaps == [(1, "w1"), (37, "w1")]
    _, summary = _summaries(Sheet(LECTURE, 2, 37))
    assert [change.name for change in summary.changes if change.old is None] == ["w1"]


def test_a_step_that_only_repeats_a_blank_is_blank() -> None:
    """Without h₂ there is no ∂z₃/∂w₆ = h₂, and without ∂L/∂z₃ no ∂L/∂b₃ = ∂L/∂z₃ · 1."""
    repeating_of = {4: {"dz3/dw6", "dL/db1"}, 10: {"dL/db3", "dL/db1", "dL/db2"}}
    for every, repeating in repeating_of.items():
        rows = [item.row for item in items(Sheet(LECTURE, 1, every))]
        blank = {row.step.name for row in rows if row.value is None and row.number % every}
        assert blank == repeating


def test_the_words_are_those_of_the_app() -> None:
    """Each step's title, and its sentences where they have not just been said, are those on its screen."""
    session = start(LECTURE)
    for item in items(Sheet(LECTURE)):
        session = after(session, Command("next"))
        here = explanation(moment(session))
        assert item.title == here.title
        assert set(item.sentences) <= set(here.sentences)
        assert item.sentences or item.row.number in (3, 5, 38, 39, 40, 41, 42, 43, 44, 45)


def test_a_zero_is_not_explained_on_a_worksheet() -> None:
    """Why a gradient is 0 is told from other steps, which may be those to be filled in."""
    silent = [item for item in items(Sheet(shipped_lesson("dead-relu"), 1, 50)) if item.row.value == 0]
    assert silent
    assert not any(item.sentences for item in silent)
    assert any(item.sentences for item in items(Sheet(shipped_lesson("dead-relu"))) if item.row.value == 0)


def test_the_lessons_own_words_are_left_out_of_a_worksheet() -> None:
    """Mazur's tell results; a solution has them."""
    lesson = shipped_lesson("mazur")
    for sheet, has_words in ((Sheet(lesson), True), (Sheet(lesson, blank_every=60), False)):
        heading, update, *_ = parts(sheet)
        assert isinstance(heading, Heading)
        assert isinstance(update, Update)
        assert bool(heading.about) is has_words
        assert any(item.notes for item in items(sheet)) is has_words


def test_a_handout_is_frozen_all_through() -> None:
    """Every part of it can be hashed."""
    assert all(isinstance(hash(part), int) for part in parts(Sheet(shipped_lesson("xor"), 1, 3)))


def test_a_name_is_one_line_without_controls() -> None:
    """Accents and scripts stay; what steers a terminal or the direction of writing goes."""
    assert one_line(" Ada \n Lovelace\t") == "Ada Lovelace"
    assert one_line("\x1b[31mÅsa\u202e 王\x00\ud800") == "[31mÅsa 王"


DEAD = replace(LECTURE, network=replace(LECTURE.network, init="zeros", weights=None, biases=None), notes=())
"""Zeros with ReLU: every gradient is 0."""


@pytest.mark.parametrize("lesson", [DEAD, LECTURE, shipped_lesson("xor"), shipped_lesson("twins")])
def test_what_is_said_at_the_start_of_an_update(lesson: Lesson) -> None:
    """That a start is dead is said on paper, unless it would tell answers; of dots on a screen nothing is."""
    dead = "This start is dead: every gradient is 0, so nothing can be learned from it."
    for every in (None, 3):
        updates = [part for part in parts(Sheet(lesson, 2, blank_every=every)) if isinstance(part, Update)]
        assert len(updates) == 2
        for update in updates:
            is_told = lesson is DEAD and update.number == 1 and every is None
            assert (dead in update.sentences) == is_told
            assert not any("dot" in text for text in update.sentences)
            assert update.sentences


@given(lessons(), st.integers(1, ALL_DIGITS), st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_a_step_is_on_paper_as_it_is_on_screen(lesson: Lesson, digits: int, chance: Random) -> None:
    """The same letters, numbers and signs, whatever is rounded, where the screen shows all samples, too.

    Of an update of one sample among several the screen names it in its title, and paper beside every letter.
    """
    lesson = replace(lesson, training=replace(lesson.training, batch="full"))
    pen = PLAIN.with_digits(digits)
    steps = items(Sheet(lesson, digits=digits))
    for item in chance.sample(steps, min(len(steps), 20)):
        here = moment(Session(lesson, step=item.row.number, digits=digits))
        left, *right = item.row.sides(pen)
        line = step_line(here)
        assert [side.strip() for side in line.sides] == [f"{line.name} {right[0]}", *right[1:]]
        assert left.startswith(line.name)
