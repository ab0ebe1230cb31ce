"""The glossary: found by signs and words, its numbers those of the moment; no word is missing in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given

from tests import reference
from tests.engine.programs import PROGRAMS
from tests.examples import examples
from tests.session.random_lessons import LECTURE, places
from tests.teaching.sentences_said import with_network
from tests.teaching.test_any_program import first_update, moments
from tinynet_tui.drawing.listing import Choice, Listing
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.practice.course import SHIPPED_COURSES, shipped_course
from tinynet_tui.prediction.kinds import KINDS, rule_of
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.losses import compared_pairs
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import Edit, Session
from tinynet_tui.session.touring import shipped_tour
from tinynet_tui.teaching.card import what_next
from tinynet_tui.teaching.glossary import glossary
from tinynet_tui.teaching.nudge import nudge_lines
from tinynet_tui.teaching.numbers import sign_and_number
from tinynet_tui.teaching.sentences import explanation

_ORDINARY = frozenset((Path(__file__).parent / "ordinary_words.txt").read_text(encoding="utf-8").split())
"""Words of everyday English and of school algebra; one that is neither belongs into the glossary."""
_PROPER = frozenset(
    (
        *("pytorch", "keras", "tensorflow", "bceloss", "bcewithlogitsloss"),
        *("adam", "huber", "rosenbrock", "andrej", "karpathy", "micrograd", "matt", "mazur"),
        *("postnetwork", "academy", "co", "xor", "csv"),
    )
)
"""Proper names."""
_SUBJECTS = frozenset(("queries", "models"))
"""What courses and lessons are about, as their sentences say."""
_WORD = re.compile(r"(?<![^\W\d_])[A-Za-z]{2,}(?:['’-][A-Za-z]+)*(?![^\W\d_])")
_COMMAND = re.compile(r"`[^`]*`")
_ENDINGS = ("", "s", "es", "ed", "d", "'s")
_VALUE = re.compile(r"(\S+) (?:=|≈) (−?\d+(?:\.\d+)?(?:e[−-]?\d+)?)\b")


def at(lesson: str, step: str) -> Moment:
    """The moment of a shipped lesson's step."""
    session = start(shipped_lesson(lesson))
    number = program_of(session).number(step)
    assert number is not None
    return moment(replace(session, step=number))


def meaning(now: Moment, word: str) -> str:
    """What the glossary says of a word."""
    return next(entry.meaning for entry in glossary(now) if word in entry.word.split(", "))


def test_the_numbers_of_the_first_lesson() -> None:
    """By hand: ŷ = 2 against 3; −2 · 1 · (−1) · 1 · 3 = 6; and L(−0.99) − L(−1) = 1.03² − 1."""
    now = at("first", "dL/dw4")
    assert "2 − 3 = −1." in meaning(now, "error")
    assert "∂L/∂w₁ = −2 · 1 · (−1) · 1 · 3 = 6." in meaning(now, "chain rule")
    assert "w₁ changed by 0.01 changes L by 0.0609." in meaning(now, "nudge")
    assert "∂L/∂w₁ = 6." in meaning(now, "gradient")
    assert "∂L/∂z₁ = 2." in meaning(now, "delta")
    assert "η = 0.001" in meaning(now, "learning rate")
    assert "0 of 3" in meaning(now, "dead")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("∂", "derivative"),
        ("eta", "learning rate"),
        ("η", "learning rate"),
        ("gate", "gate"),
        ("delta", "delta"),
        ("δ", "delta"),
        ("error", "error"),
        ("chain rule", "chain rule"),
        ("backprop", "backward, backpropagation"),
        ("yhat", "prediction, output"),
        ("y hat", "prediction, output"),
        ("slope", "slope"),
        ("nudge", "nudge"),
        ("epoch", "epoch"),
        ("MSE", "squared error, MSE"),
        ("mlp", "MLP"),
        ("numerical gradient", "numerical gradient"),
        ("cross-entropy", "cross-entropy"),
        ("graph", "graph, diagram"),
        ("→4", "graph, diagram"),
        ("v7", "graph, diagram"),
        ("hidden", "hidden"),
        ("network", "network, neural network"),
        ("worksheet", "handout, worksheet"),
        ("ln", "ln"),
    ],
)
def test_a_word_is_found_by_what_people_type(typed: str, word: str) -> None:
    """In the list that ? opens."""
    choices = tuple(
        Choice(entry.signs, entry.word, entry.meaning, "") for entry in glossary(at("first", "check"))
    )
    found = Listing("", choices).searched(Field.holding(typed)).matches
    assert word in [choice.title for choice in found]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        # By hand, of the lesson's own numbers: scores 1.96 and 0.28, so shares of 1 / (1 + e^−1.68).
        ("softmax", "p₁ ≈ 0.8429"),
        ("head", "p₁ ≈ 0.8429"),
        ("causal", "p₂ ≈ 0.1571"),
        ("token", "t₁,₁ = 1"),
        ("normed", "is 1 then"),
        ("MLP", "h₁ "),
        ("cross-entropy", "−ln of the probability"),
        ("MSE", "of the errors 1 and 3 it is 5"),
        ("graph", "41 formulas"),
    ],
)
def test_the_words_of_a_language_model(word: str, value: str) -> None:
    """Those that the lesson of one uses, with its numbers."""
    assert value in meaning(at("gpt-block", "L"), word)


@pytest.mark.parametrize(
    "word",
    ["ln", "e", "exp", "quotient rule", "off-diagonal", "overflow", "framework", "by target", "linear"],
)
def test_the_words_of_softmax_are_found(word: str) -> None:
    """Those that learners looked for in vain."""
    assert meaning(at("softmax-3", "dL/dz1"), word)


FORMULAS = {
    "relu": "above 0 stays as it is, any other becomes 0", "leaky_relu": "any other becomes α times as much",
    "sigmoid": "1 / (1 + e⁻ᶻ)", "tanh": "(eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)", "softplus": "ln(1 + eᶻ)",
    "elu": "any other becomes a · (eᶻ − 1)", "swish": "z · σ(z)", "sine": "sin(z)",
    "gelu": "½z · (1 + tanh(√(2/π) · (z + 0.044715 · z³)))", "step": "1 where the sum is above 0, else 0",
}  # fmt: skip
"""As the authors of each activation have it; the linear one needs no words."""


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name not in ("linear", "softmax")])
def test_each_activation_is_told_with_its_formula(name: str) -> None:
    """And with what it makes of a sum here: of 1.5 in node 1."""
    session = replace(start(with_network(LECTURE, activations=(name, "linear"))), step=2)
    told = meaning(moment(session), ACTIVATIONS[name].title)
    assert FORMULAS[name] in told
    came = sign_and_number(reference.activate(name, 1.5, slope=0.01))
    assert told.endswith(f": of z₁ = 1.5 it makes h₁ {came}.")


@pytest.mark.parametrize("word", ["softmax", "logit", "unrolled", "recurrence", "kernel", "block", "rms"])
def test_words_of_titles_are_found_in_every_lesson(word: str) -> None:
    """With the lesson that shows it, which is one."""
    [found] = [e for e in glossary(at("first", "L")) if word in f"{e.signs} {e.word}".lower()]
    [lesson] = re.findall("`tinynet-tui (.*)` shows it", found.meaning)
    assert lesson in SHIPPED_NAMES


def test_the_squares_of_two_outputs_are_no_mean() -> None:
    """Added up they are another loss than MSE, which has an entry of its own then."""
    now = at("two-outputs", "L")
    titles = {entry.word: entry.signs for entry in glossary(now)}
    assert titles["squared error"] == "sum (ŷ−y)²"
    assert "of the errors 1 and 3 it is 5" in meaning(now, "MSE")
    assert "squared error, MSE" in {entry.word for entry in glossary(at("first", "L"))}


def test_what_is_divided_by_a_number_is_not_normed() -> None:
    """√2 is the size of nothing: the squares of scaled scores may have any mean."""
    text = (
        '[program]\nforward = "s = q*k/sqrt(2)"\nloss = "s^2"\n[program.parameters]\nq = 3\nk = 4\n'
        "[training]\nlearning_rate = 0.1\n"
    )
    words = {entry.word for entry in glossary(moment(start(parse_lesson(text, "scaled"))))}
    assert "normed" not in words


@given(places())
@examples(40)
def test_every_value_is_that_of_the_moment(session: Session) -> None:
    """And one that is not computed yet is said to be unknown."""
    now = moment(session)
    names = {symbol(name): name for name in (*now.given, *(step.name for step in now.program.sample_steps))}
    for entry in glossary(now):
        # A rule in letters, or a product, is no value of a quantity.
        if " · " in entry.meaning or entry.word == "nudge":
            continue
        for shown, number in _VALUE.findall(entry.meaning):
            known = now.value(names[shown]) if shown in names else None
            if known is not None and shown != "η":
                assert isclose(float(number.replace("−", "-")), known, rel_tol=0.06, abs_tol=1e-12), entry


COUNTED = frozenset(
    (
        *("path", "dead", "linear", "layer", "forward", "backward, backpropagation", "update, training"),
        *("sample", "batch", "epoch", "graph, diagram", "frozen", "parameter", "nudge", "note"),
        *("network, neural network", "handout, worksheet", "bias", "check"),
    )
)
"""Entries whose number counts something that is on the screen, or may be 0 whatever the weights are."""
WITHOUT = {
    "cross-entropy": "in a lesson with another loss: no probability of a right class is on the screen",
    "MSE, mean squared error": "where the loss compares no prediction with a target: there is no error",
}
"""Entries without a number from the screen, and why they can have none."""
ELSEWHERE = {"softmax", "recurrent, recurrence", "convolution", "GPT, block", "RMS"}
"""Entries that say which lesson shows it, since the open one may have nothing of it."""


@pytest.mark.parametrize("name", SHIPPED_NAMES)
@pytest.mark.parametrize("step", ["backward", "check"])
def test_every_entry_has_a_number_from_the_screen(name: str, step: str) -> None:
    """Where other numbers stand there, another one; only of what there is no number nothing is told."""
    session = start(shipped_lesson(name))
    others = [Edit(1, each, 1.25 + 0.5 * n) for n, each in enumerate(moment(session).model.parameter_names)]
    changed = replace(session, edits=(*others, Edit(1, "eta", 0.007)))
    meanings = []
    for there in (session, changed):
        number = len(program_of(there)) - (step == "backward") * (1 + len(others))
        found = glossary(moment(replace(there, step=number)))
        meanings.append({entry.word: entry.meaning for entry in found})
    # A slope may be 1 there, too: that of a quantity that is named with its number is from the screen.
    same = {
        w for w, meaning in meanings[0].items() if meanings[1][w] == meaning and not _VALUE.search(meaning)
    }
    for word in same & COUNTED:
        assert re.search(r"\d", meanings[0][word]), word
    no_pairs = not compared_pairs(moment(session).model)
    without = {"cross-entropy", *(["MSE, mean squared error"] if no_pairs else []), *ELSEWHERE}
    assert same - COUNTED <= without
    assert without <= {*WITHOUT, *ELSEWHERE}


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_what_is_not_known_yet_stays_a_sentence(name: str) -> None:
    """At the start of an update."""
    for entry in glossary(moment(start(shipped_lesson(name)))):
        assert not re.search(r"\b(At|Of|at|of|with) \S+ is not known yet", entry.meaning), entry.meaning


@pytest.mark.parametrize("name", PROGRAMS)
def test_any_program_has_one(name: str) -> None:
    """Nothing in it needs layers."""
    for now in moments(first_update(name)):
        found = glossary(now)
        assert len(found) >= 14
        assert all(any(sign.isdigit() for sign in e.meaning) or "not known" in e.meaning for e in found)


def explained(now: Moment) -> frozenset[str]:
    """The words that a moment's glossary has, and its names."""
    entries = " ".join(f"{entry.signs} {entry.word}" for entry in glossary(now)).lower()
    titles = " ".join(now.model.forward.level_titles)
    names = {name.lower() for name in (*now.model.parameter_names, *now.given, *titles.split())}
    return frozenset({*re.split(r"[\s,:]+", entries), *names, "cross-entropy"} | _PROPER | _ORDINARY)


def unexplained(known: frozenset[str], text: str) -> list[str]:
    """The words of a text that are neither ordinary nor in the glossary."""
    words = (word.lower() for word in _WORD.findall(_COMMAND.sub("", text)))
    return [w for w in words if not any(w.endswith(e) and w.removesuffix(e) in known for e in _ENDINGS)]


def said(now: Moment) -> list[str]:
    """All that a moment says of itself."""
    told = explanation(now)
    return [told.title, *told.sentences, *nudge_lines(now)[1:], what_next(now, OF_TABLE)]


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_no_word_of_a_shipped_lesson_is_unexplained(name: str) -> None:
    """Title, sentences, card and glossary, at every step of an update."""
    session = start(shipped_lesson(name))
    known = explained(moment(session))
    for step in range(len(program_of(session)) + 1):
        for text in said(moment(replace(session, step=step))):
            assert unexplained(known, text) == [], text
    for entry in glossary(moment(session)):
        assert unexplained(known, entry.meaning) == [], entry.meaning


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_no_word_of_what_a_lesson_says_is_unexplained(name: str) -> None:
    """Its title, what it is about, and its notes."""
    lesson = shipped_lesson(name)
    known = explained(moment(start(lesson))) | _SUBJECTS
    for text in (lesson.title, lesson.about, *(note.text for note in lesson.notes)):
        assert unexplained(known, text) == [], text


@given(places())
@examples(60)
def test_no_word_of_any_lesson_is_unexplained(session: Session) -> None:
    """Of every activation, loss and optimiser of networks."""
    now = moment(session)
    known = explained(now)
    for text in (*said(now), *(entry.meaning for entry in glossary(now))):
        assert unexplained(known, text) == [], text


def said_in_the_tour() -> Iterator[str]:
    """Every question and every answer of the shipped tour, with its title."""
    tour = shipped_tour()
    yield tour.title
    for stop in tour.stops:
        yield from (
            re.sub(r"\{[^}]*\}", "", text) for text in (stop.ask, *stop.then, stop.told, stop.reason or "")
        )


def said_in_practice() -> Iterator[str]:
    """The hints, and what the shipped courses say of themselves."""
    yield from (text for kind in KINDS.values() for text in kind)
    rules = set[str]()
    for name in ("first", "xor", "mazur", "softmax-3"):
        program = program_of(start(shipped_lesson(name)))
        rules.update(rule_of(program, step) for step in program.steps())
    yield from sorted(rules.difference(kind.rule for kind in KINDS.values()))
    for name in SHIPPED_COURSES:
        course = shipped_course(name)
        yield from (course.title, course.about, *(goal.title for goal in course.goals))


@pytest.mark.parametrize("text", [*said_in_the_tour(), *said_in_practice()])
def test_no_word_of_the_tour_and_of_practice_is_unexplained(text: str) -> None:
    """By the glossary of the lessons that they are about; a course may name its subject."""
    lessons = ("first", "xor", "softmax-3", "recurrent", "attention", "gpt-block")
    known = frozenset().union(*(explained(moment(start(shipped_lesson(name)))) for name in lessons))
    assert unexplained(known | _SUBJECTS, text) == []


def test_a_sum_that_is_not_known_yet_stays_a_sentence() -> None:
    """Before the first step of the first lesson, and once all is known."""
    session = start(shipped_lesson("first"))
    before = " ".join(entry.meaning for entry in glossary(moment(session)))
    assert "it makes h₁ of z₁, but h₁ is not known yet." in before
    assert "of z₁ is not known yet" not in before
    assert "z₁ and h₁, which are not known yet" in before
