"""The parts of a handout, before a format marks them up."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.engine import programs
from tests.engine.programs import PROGRAMS
from tests.examples import examples
from tests.lessons.made import lessons
from tinynet_tui.engine.expression_reading import ALL_DIGITS
from tinynet_tui.handouts.conventions import facts_of
from tinynet_tui.handouts.document import Head, Item, Section, Summary, Update, parts
from tinynet_tui.handouts.request import Request
from tinynet_tui.handouts.updates import traces
from tinynet_tui.lessons.schema import DataTable, Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.networks.dense import dense_network, parameters_of
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.notation import PLAIN
from tinynet_tui.teaching.nudge import APART
from tinynet_tui.teaching.sentences import explanation, said
from tinynet_tui.teaching.step_line import step_line

LECTURE = shipped_lesson("lecture")
BLANK, GAP = PLAIN.blank, PLAIN.gap


def items(request: Request) -> list[Item]:
    """Every step of a handout, in plain text."""
    return [item for part in parts(request, PLAIN) if isinstance(part, Section) for item in part.items]


def _summaries(request: Request) -> list[Summary]:
    return [part for part in parts(request, PLAIN) if isinstance(part, Summary)]


def _read(text: str) -> float:
    """A number as it stands in plain text, after its sign of equality or without one."""
    return float(text.removeprefix("= ").replace("−", "-"))


@given(lessons(), st.integers(1, 2))
@examples(10)
def test_every_number_is_the_traces(lesson: Lesson, updates: int) -> None:
    """Each step is there once, in its order, with its own value; −0 is written as 0."""
    steps = iter(items(Request(lesson, updates, digits=ALL_DIGITS)))
    summaries = iter(_summaries(Request(lesson, updates, digits=ALL_DIGITS)))
    for trace in traces(setup_of(lesson), updates):
        for number in range(1, len(trace.program) + 1):
            item = next(steps)
            assert item.place == f"{trace.start.update}.{number}"
            assert repr(_read(item.line.value)) == repr(trace.value(number) + 0.0)
        summary = next(summaries)
        assert [repr(_read(old)) for _, old, *_ in summary.rows] == _reprs(trace.start.parameters)
        assert len(summary.rows) == len(parameters_of(dense_network(trace.setup.model)))
        news = [old if new == "frozen" else new for _, old, _, _, new in summary.rows]
        assert [repr(_read(new)) for new in news] == _reprs(trace.parameters_after)
        losses = [repr(_read(result)) for _, result in summary.totals[:2]]
        assert losses == _reprs((trace.loss_before, trace.loss_after))
    assert not [*steps, *summaries]


def _reprs(numbers: tuple[float, ...]) -> list[str]:
    return [repr(number + 0.0) for number in numbers]


def test_published_numbers_of_the_summary() -> None:
    """Of the lecture's notebook (T. Valtanen, nn_math_experiment1), and what −η‖∇L‖² is for them."""
    (summary,) = _summaries(Request(LECTURE))
    by_name = {name: numbers for name, *numbers in summary.rows}
    assert summary.columns == ("old value", "∂L/∂p", "change", "new value")
    assert {name: by_name[name][1] for name in ("w₅", "w₆", "b₃")} == {"w₅": "1.5", "w₆": "0.5", "b₃": "1"}
    assert by_name["w₅"] == ["1", "1.5", "−0.015", "0.985"]
    # Seven gradients are 1, 1.5, 0.5 and the others 1 or 0: 1 + 1 + 1.5² + 0.5² + 1 + 1 + 1 = 7.5.
    assert [result for _, result in summary.totals] == ["= 0.25", "≈ 0.1810", "= −0.075"]


@given(lessons(), st.integers(1, 7), st.integers(1, 2))
@examples(10)
def test_a_worksheet_has_the_numbering_and_the_letters_of_its_solution(
    lesson: Lesson, every: int, updates: int
) -> None:
    """And the titles; every n-th result is left out of it."""
    solution, worksheet = items(Request(lesson, updates)), items(Request(lesson, updates, every))
    for whole, blank in zip(solution, worksheet, strict=True):
        assert (blank.place, blank.title) == (whole.place, whole.title)
        assert (blank.line.name, blank.line.letters) == (whole.line.name, whole.line.letters)
        assert blank.line.value in (BLANK, whole.line.value)
        assert _number(blank) % every or blank.line.value == BLANK
        assert not whole.notes or not blank.notes


def test_a_worksheet_tells_what_is_given() -> None:
    """h₀ = 0 is a number of the lesson: nobody could fill it in, and ∂L/∂u needs it."""
    for every in (1, 2, 3):
        sheet = items(Request(shipped_lesson("recurrent"), 1, every))
        assert [item.line.text for item in sheet if item.line.name == "h₀"] == ["h₀ = 0"]


@given(lessons(), st.integers(1, 2))
@examples(10)
def test_a_worksheet_without_results_tells_none(lesson: Lesson, updates: int) -> None:
    """Neither a value nor a sentence is left; the summary has what is given at the start, and no more."""
    request = Request(lesson, updates, 1)
    for item in items(request):
        assert (item.line.value, item.sentences, item.notes) == (BLANK, (), ())
    for update, summary in enumerate(_summaries(request), start=1):
        assert [result for _, result in summary.totals] == [f"= {BLANK}"] * 3
        for _, old, *others in summary.rows:
            is_frozen = others == [GAP, "frozen", "frozen"]
            assert is_frozen or others == [GAP] * 3
            assert old == GAP or update == 1 or is_frozen


@pytest.mark.parametrize("every", range(1, 16))
def test_what_is_left_out_is_told_nowhere_after(every: int) -> None:
    """Not in a later step's value, numbers or words: with these inputs every value is one of its own."""
    lesson = shipped_lesson("deep-sigmoid")
    lesson = replace(
        lesson,
        data=DataTable(((0.71, 0.37),), ((0.13,),)),
        training=replace(lesson.training, learning_rate=0.43),
    )
    results = [item.line.value for item in items(Request(lesson, digits=8))]
    told, hidden = "", set[str]()
    for item, result in zip(items(Request(lesson, 1, every, digits=8)), results, strict=True):
        text = " ".join((item.line.text, *item.sentences))
        assert not {blank for blank in hidden if blank in text}, item.place
        told += f" {text}"
        if item.line.value == BLANK and len(result) >= 10 and result[:-1] not in told:
            hidden.add(result[:-1])  # a formula may have it with more digits
    assert hidden


def test_a_check_that_is_left_out_shows_no_new_prediction() -> None:
    """Step 46 computes ŷ anew, which is 2.4254: with it the loss could be worked out."""
    check, told = (items(Request(LECTURE, 1, every))[-1].line.numbers for every in (46, None))
    assert told == "(2.4254 − 2)²"
    assert check == f"({GAP} − 2)²"


def test_a_change_does_not_tell_the_gradient_that_was_left_out() -> None:
    """∂L/∂w₅ is the result of step 12: the change is missing with it, the values before and after are not."""
    (summary,) = _summaries(Request(LECTURE, 1, 12))
    (row,) = (row for row in summary.rows if row[0] == "w₅")
    assert row[1:] == ("1", GAP, GAP, "0.985")


def test_what_was_said_of_a_sample_is_not_said_of_the_next() -> None:
    """XOR has four: a sentence that the sample before has had is left out; a later one may have it again."""
    sections = [part for part in parts(Request(shipped_lesson("xor")), PLAIN) if isinstance(part, Section)]
    said: dict[str, set[str]] = {}
    for section in sections:
        if section.title.startswith("Sample"):
            sentences = {sentence for item in section.items for sentence in item.sentences}
            said.setdefault(section.title.split(":")[0], set()).update(sentences)
    assert list(said) == [f"Sample {number}" for number in range(1, 5)]
    assert said["Sample 1"]
    assert not said["Sample 1"] & said["Sample 2"]
    assert said["Sample 1"] & said["Sample 3"]


def test_a_parameter_that_was_left_out_stays_so_in_the_next_update() -> None:
    """w₁ is the result of step 37: where update 2 reads it there is a gap, and no other is there."""
    second = [item for item in items(Request(LECTURE, 2, 37)) if item.place.startswith("2.")]
    gaps = [(item.place, item.line.letters) for item in second if GAP in (item.line.numbers or "")]
    assert gaps == [("2.1", "w₁ · x₁ + w₃ · x₂ + b₁"), ("2.37", "w₁ − η · ∂L/∂w₁")]
    _, summary = _summaries(Request(LECTURE, 2, 37))
    assert [name for name, old, *_ in summary.rows if old == GAP] == ["w₁"]


def test_a_step_that_only_repeats_a_blank_is_blank() -> None:
    """Without h₂ there is no ∂z₃/∂w₆ = h₂, and without ∂L/∂z₃ no ∂L/∂b₃ = ∂L/∂z₃ · 1."""
    repeating_of = {4: {"∂z₃/∂w₆", "∂L/∂b₁"}, 10: {"∂L/∂b₃", "∂L/∂b₁", "∂L/∂b₂"}}
    for every, repeating in repeating_of.items():
        steps = items(Request(LECTURE, 1, every))
        blank = {item.line.name for item in steps if item.line.value == BLANK and _number(item) % every}
        assert blank == repeating


def _number(item: Item) -> int:
    """The number of a step in its update."""
    return int(item.place.split(".")[1])


def test_the_words_are_those_of_the_app() -> None:
    """Each step's title, and its sentences where they have not just been said, are those on its screen."""
    session = start(LECTURE)
    for item in items(Request(LECTURE)):
        session = after(session, Command("next"))
        here = moment(session)
        assert item.title == explanation(here).title
        words = {text.replace(APART, "; ") for text in said(here)}
        assert {text if text in words else text.removesuffix(".") for text in item.sentences} <= words
        assert item.sentences or _number(item) in (3, 5, 38, 39, 40, 41, 42, 43, 44, 45)


def test_a_zero_is_not_explained_on_a_worksheet() -> None:
    """Why a gradient is 0 is told from other steps, which may be those to be filled in."""
    silent = [item for item in items(Request(shipped_lesson("dead-relu"), 1, 50)) if item.line.value == "0"]
    assert silent
    assert not any(item.sentences for item in silent)
    assert any(
        item.sentences for item in items(Request(shipped_lesson("dead-relu"))) if item.line.value == "0"
    )


def test_the_lessons_own_words_are_left_out_of_a_worksheet() -> None:
    """Mazur's tell results; a solution has them."""
    lesson = shipped_lesson("mazur")
    for request, has_words in ((Request(lesson), True), (Request(lesson, blank_every=60), False)):
        head, update, *_ = parts(request, PLAIN)
        assert isinstance(head, Head)
        assert isinstance(update, Update)
        assert bool(head.about) is has_words
        assert any(item.notes for item in items(request)) is has_words


def test_a_handout_is_frozen_all_through() -> None:
    """Every part of it can be hashed."""
    assert all(isinstance(hash(part), int) for part in parts(Request(shipped_lesson("xor"), 1, 3), PLAIN))


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
        document = parts(Request(lesson, 2, blank_every=every), PLAIN)
        updates = [part for part in document if isinstance(part, Update)]
        assert len(updates) == 2
        for update in updates:
            is_told = lesson is DEAD and update.number == 1 and every is None
            assert (dead in update.sentences) == is_told
            assert not any("dot" in text for text in update.sentences)
            assert update.sentences


@given(lessons(), st.integers(1, ALL_DIGITS), st.randoms(use_true_random=False))
@examples(10)
def test_a_step_is_on_paper_as_it_is_on_screen(lesson: Lesson, digits: int, chance: Random) -> None:
    """The same letters, numbers and signs, whatever is rounded, where the screen shows all samples, too.

    Of an update of one sample among several the screen names it in its title, and paper beside every letter.
    """
    lesson = replace(lesson, training=replace(lesson.training, batch="full"))
    steps = items(Request(lesson, digits=digits))
    for item in chance.sample(steps, min(len(steps), 20)):
        here = moment(Session(lesson, step=_number(item), digits=digits))
        assert item.line == step_line(here)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_head_of_a_program_that_is_no_network(name: str) -> None:
    """Its title and its loss, the rule of its update, its data and its parameters; no layers."""
    model = programs.model_of(name, l2=True)
    setup = programs.setup_of(model, name)
    facts = {fact.label: fact for fact in facts_of(setup, 4, PLAIN)}
    assert facts["Program"].words == name
    assert facts["Loss"].formulas[0].startswith("L = ")
    assert len(facts["Parameters"].formulas) == len(model.parameters)
    given = facts["Sample"].formulas if "Sample" in facts else ()
    assert len(given) == len(model.inputs) + len(model.targets)
    assert all(fact.words or fact.formulas for fact in facts.values())
    assert any(formula.startswith("η = ") for formula in facts["Update"].formulas)
    assert facts["Update"].words.endswith("so for every parameter that is not frozen.")
    assert not facts.keys() & {"Network", "Weights", "Biases"}
