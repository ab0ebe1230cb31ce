"""Words for every step there can be: never an exception, never an empty or a broken sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from math import exp, tanh

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as replaced

from tests.engine.setups import dense_setup
from tests.examples import examples
from tests.session.random_lessons import LECTURE, edits, lesson_of, places
from tinynet_tui.engine.model import Hyperparameters
from tinynet_tui.engine.names import symbol
from tinynet_tui.lessons.schema import Note
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PRECISIONS, Session
from tinynet_tui.teaching.numbers import shown, signed
from tinynet_tui.teaching.sentences import explanation, notes

_LONGEST_TITLE = 50
"""Cells: the title stands beside the phase and the tabs in 80."""
_BROKEN = re.compile(r"None|  |\{|\}| [.,:]|\.\.|\w>|<\w|dL/|__")
"""What a sentence has where its making went wrong."""

_LOWER_START = re.compile(r"[a-zŷσ]{1,2}[0-9]?[₀-₉,]*[ ′]|tanh|ln\(|sin\(|cos\(|e\^|max |min |for |mean L ")
"""A quantity or a function may begin a sentence."""


def assert_sound(session: Session) -> None:
    """A title that fits, and sentences that are sentences."""
    words = explanation(moment(session))
    assert 0 < len(words.title) <= _LONGEST_TITLE, words.title
    assert not _BROKEN.search(words.title)
    assert words.sentences
    for sentence in words.sentences:
        assert sentence.endswith((".", "?")), sentence
        assert not _BROKEN.search(sentence[:-1]), sentence
        assert not sentence[0].islower() or _LOWER_START.match(sentence), sentence
    assert len(set(words.sentences)) == len(words.sentences)


@pytest.mark.parametrize("name", SHIPPED_NAMES)
@pytest.mark.parametrize("update", [1, 2, 40])
def test_every_step_of_every_shipped_lesson(name: str, update: int) -> None:
    """Early and late in training."""
    session = replace(start(shipped_lesson(name)), update=update)
    for step in range(len(program_of(session)) + 1):
        assert_sound(replace(session, step=step))


@given(places(), st.sampled_from(PRECISIONS))
@examples(50)
def test_steps_of_any_lesson(session: Session, digits: int) -> None:
    """Of every activation, loss and optimiser, with every number of digits."""
    assert_sound(replace(session, digits=digits))


@given(st.data())
@examples(35)
def test_steps_after_edits(data: st.DataObject) -> None:
    """Zeros and other numbers where a learner puts them."""
    session = data.draw(places())
    for _ in range(3):
        session = after(session, Command("edit", data.draw(edits(session))))
    assert_sound(session)


@pytest.mark.parametrize("rate", [1e3, 1e30, 1e200])
@pytest.mark.parametrize("name", ["mazur", "xor", "deep-sigmoid", "lecture", "twins"])
def test_steps_of_trainings_that_diverge(name: str, rate: float) -> None:
    """With inf and nan in them."""
    session = after(start(shipped_lesson(name)), Command("rate", rate))
    for update in (2, 3, 9):
        session = replace(session, update=update)
        for step in range(len(program_of(session)) + 1):
            assert_sound(replace(session, step=step))


def test_linear_trainings_that_diverge() -> None:
    """Here nothing squeezes or shuts, so every number is nan in the end, and nothing false is said of it."""
    linear = replaced(LECTURE, network=replaced(LECTURE.network, activations=("linear", "linear")))
    session = after(start(linear), Command("rate", 1e100))
    for update in (2, 3, 4, 9):
        session = replace(session, update=update)
        for step in range(len(program_of(session)) + 1):
            assert_sound(replace(session, step=step))


def test_notes_stand_at_their_step_and_at_the_start_of_their_phase() -> None:
    """In the order of the lesson; the note of a phase not at each of its steps."""
    lesson = replaced(
        LECTURE,
        notes=(
            Note("backward", "a phase"),
            Note("dL/dyhat", "a step"),
            Note("w1", "one"),
            Note("given", "go"),
        ),
    )
    said = {}
    for step in range(47):
        told = notes(moment(replace(start(lesson), step=step)))
        if told:
            said[step] = told
    assert said == {0: ("go",), 8: ("a phase", "a step"), 37: ("one",)}


def test_a_note_of_one_update_stands_in_no_other() -> None:
    """softmax-3 gives its first sums 2, 1 and 0 at m; those of update 2 are others."""
    session = start(shipped_lesson("softmax-3"))
    number = program_of(session).number("m")
    assert number is not None
    first, second = (notes(moment(replace(session, update=update, step=number))) for update in (1, 2))
    assert first[0].startswith("In update 1 the sums are 2, 1 and 0.")
    assert second == ()


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_no_note_of_update_1_stands_in_update_2(name: str) -> None:
    """Its numbers would stand beside others."""
    told = shipped_lesson(name).notes
    assert all(note.update == 1 for note in told if re.search(r"\bupdate 1\b", note.text))


def test_notes_of_a_sample_come_with_each_sample() -> None:
    """XOR's note at L at all four."""
    session = start(shipped_lesson("xor"))
    steps = range(len(program_of(session)) + 1)
    told = [step for step in steps if "The loss of one" in str(notes(moment(replace(session, step=step))))]
    assert told == [7, 43, 79, 115]


@pytest.mark.parametrize(
    ("activations", "title"),
    [
        (("relu", "relu", "relu"), "1-1-1-1 ReLU"),
        (("relu", "relu", "sigmoid"), "1-1-1-1 ReLU/sigmoid"),
        (("relu", "tanh", "sigmoid"), "1-1-1-1 mixed"),
    ],
)
def test_a_network_is_called_by_its_shape_and_its_activation_functions(
    activations: tuple[str, ...], title: str
) -> None:
    """Each once; more than two have no room in the header."""
    assert dense_model(Network((1, 1, 1, 1), activations)).title == title


def test_what_the_loss_after_a_softmax_is_with_exact_numbers() -> None:
    """Where ŷ is rounded to 0 it is 800 + ln(1 + e^−800) all the same, as fused losses have it."""
    network = Network((1, 2), ("softmax",), "cross_entropy")
    rate = Hyperparameters(learning_rate=0.1)
    setup = dense_setup(network, (800.0, 0.0, 0.0, 0.0), ((1.0,),), ((0.0, 1.0),), rate, 1)
    session = start(lesson_of(setup))
    step = next(n for n in range(1, len(program_of(session))) if program_of(session).step(n).name == "L")
    words = " ".join(explanation(moment(replace(session, step=step))).sentences)
    assert "lose its logarithm. But −ln(ŷ) is ln(S) + (m − z)." in words
    assert moment(replace(session, step=step)).trace.value(step) == 800.0


@pytest.mark.parametrize(
    ("step", "function"), [("dh1/dz1", tanh), ("dyhat/dz3", lambda z: 1 / (1 + exp(-z)))]
)
def test_a_slope_without_a_bend_can_be_tried(step: str, function: Callable[[float], float]) -> None:
    """Of tanh and the sigmoid it is told as a formula, which falls from the sky: so it is tried, too."""
    session = start(shipped_lesson("xor"))
    number = program_of(session).number(step, 1)
    assert number is not None
    now = moment(replace(session, step=number))
    top, bottom = step.replace("d", "", 1).split("/d")
    z = now.value(bottom)
    assert z is not None
    change = function(z + 0.01) - function(z)
    told = " ".join(explanation(now).sentences)
    assert f"gives {symbol(top)} {signed(change)}, {shown(change / 0.01)} times as much." in told


def test_a_gradient_of_logarithms_has_a_reason() -> None:
    """As that of a square has."""
    session = start(shipped_lesson("xor"))
    number = program_of(session).number("dL/dyhat", 1)
    assert number is not None
    told = explanation(moment(replace(session, step=number))).sentences
    assert any(sentence.startswith("The slope of ln(u) is 1 / u") for sentence in told)


@pytest.mark.parametrize(
    ("lesson", "step", "words"),
    [
        ("first", "dL/dyhat", "(u + d)² = u² + 2 · u · d + d², so for a tiny d u² changes 2 · u times"),
        ("xor", "dL/dyhat", "ln(u + d) = ln(u) + ln(1 + d / u), and for a tiny t ln(1 + t) is nearly t"),
        ("xor", "dyhat/dz3", "together e^−u / k², which is σ · (1 − σ)."),
        ("xor", "dh1/dz1", "m / m − k · k / m² times as much, which is 1 − tanh²."),
        ("mazur", "dL/dyhat1", "(u + d)² = u² + 2 · u · d + d²"),
        ("softmax-3", "de1/dz1", "for a tiny d e^d is nearly 1 + d, as e^0.001 is nearly 1.0010005"),
        ("valley", "dL/dx", "(u + d)² = u² + 2 · u · d + d²"),
        ("rms-norm", "dr/dm", "a square changes 2 · √u times as much as √u"),
    ],
)
def test_a_derivative_has_its_reason_where_it_first_comes(lesson: str, step: str, words: str) -> None:
    """In school algebra, once in an update: at no later step, neuron or sample."""
    session = start(shipped_lesson(lesson))
    program = program_of(session)
    told = [
        program.step(number).name
        for number in range(1, len(program) + 1)
        if words in " ".join(explanation(moment(replace(session, step=number))).sentences)
    ]
    assert told == [step]
