"""The shipped lessons: each says something, and starts from the numbers that were published."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

import tinynet_tui
from tests import reference
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.lessons.reading import open_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import model_of, setup_of
from tinynet_tui.lessons.shipped import (
    SHIPPED_NAMES,
    ShippedLesson,
    shipped_lesson,
    shipped_lessons,
    shipped_text,
)
from tinynet_tui.networks.dense import dense_network
from tinynet_tui.networks.layers import nested_parameters

FOLDER = Path(tinynet_tui.__file__).parent / "lessons" / "builtin"


@pytest.mark.parametrize("item", shipped_lessons(), ids=lambda item: item.name)
def test_it_has_words_at_steps_that_there_are(item: ShippedLesson) -> None:
    """A short title, an about of some sentences, and notes at phases or steps of its own program."""
    lesson = item.lesson
    assert 1 <= len(lesson.title) <= 40
    assert len(lesson.about) > 100
    assert lesson.notes
    names = {step.name for step in Program(model_of(lesson), (1,)).steps()} | set(PHASES)
    assert {note.at for note in lesson.notes} <= names
    assert all(len(note.text) <= 150 for note in lesson.notes)


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_it_is_what_a_person_would_have_of_its_file(name: str) -> None:
    """There it has no fault: none is looked for when it is opened by its name."""
    assert open_lesson(str(FOLDER / f"{name}.toml")) == shipped_lesson(name)


def test_there_is_no_lesson_of_another_name() -> None:
    """The list is the only source of names."""
    assert tuple(item.name for item in shipped_lessons()) == SHIPPED_NAMES
    with pytest.raises(KeyError):
        shipped_text("../schema")


def _losses(name: str, updates: int) -> list[float]:
    """The losses of a lesson before update 1, 2, …, by the textbook reference."""
    lesson = shipped_lesson(name)
    setup = setup_of(lesson)
    weights, biases = nested_parameters(setup.model, setup.parameters)
    model = reference.Model(
        [[list(row) for row in layer] for layer in weights],
        [list(row) for row in biases],
        dense_network(setup.model).activations,
        dense_network(setup.model).loss,
    )
    losses = []
    for _ in range(updates + 1):
        losses.append(reference.batch_loss(model, setup.inputs, setup.targets))
        slopes, offsets = reference.batch_gradients(model, setup.inputs, setup.targets)
        for layer, rows in enumerate(slopes):
            for neuron, row in enumerate(rows):
                for source, slope in enumerate(row):
                    model.weights[layer][neuron][source] -= setup.hyperparameters.learning_rate * slope
                if dense_network(setup.model).train_biases:
                    change = setup.hyperparameters.learning_rate * offsets[layer][neuron]
                    model.biases[layer][neuron] -= change
    return losses


@pytest.mark.parametrize(
    ("name", "losses"),
    [
        ("first", (1.0, 0.6240115231)),
        ("lecture", (0.25, 0.18096516)),
        ("lecture-row-2", (2.25, 0.50893956)),
        ("mazur", (0.298371109, 0.291027774)),
        ("dead-relu", (1.0, 0.87347716)),
        ("dead-output", (4.0, 4.0, 4.0)),
        ("twins", (0.25, 0.17147881)),
        ("large-weights", (55225.0, 4.0, 4.0)),
    ],
)
def test_the_losses_are_the_published_ones(name: str, losses: tuple[float, ...]) -> None:
    """Sources: the lecture's notebook, Mazur 2015, and curves computed with PyTorch in float64."""
    assert _losses(name, len(losses) - 1) == pytest.approx(losses, abs=5e-9)


def test_what_the_lesson_xor_says_is_so() -> None:
    """0.749 at the start, 0.131 after 100 updates, 0.015 after 500."""
    losses = _losses("xor", 500)
    assert (round(losses[0], 3), round(losses[100], 3), round(losses[500], 3)) == (0.749, 0.131, 0.015)


def test_what_the_lesson_deep_sigmoid_says_is_so() -> None:
    """The mean size of ∂L/∂z by layer, and the factor between the last and the first."""
    setup = setup_of(shipped_lesson("deep-sigmoid"))
    weights, biases = nested_parameters(setup.model, setup.parameters)
    model = reference.Model(
        [[list(row) for row in layer] for layer in weights],
        [list(row) for row in biases],
        dense_network(setup.model).activations,
        dense_network(setup.model).loss,
    )
    deltas = reference.passed(model, setup.inputs[0], setup.targets[0]).deltas
    sizes = [sum(map(abs, layer)) / len(layer) for layer in deltas]
    assert [float(f"{size:.2g}") for size in reversed(sizes)] == [0.087, 0.014, 0.002, 0.0005]
    assert round(sizes[-1] / sizes[0]) == 173


def test_the_gradients_of_the_lesson_first_can_be_told_apart() -> None:
    """By hand: error −1, ∂L/∂ŷ −2, back over −1 to node 1 and over 2 to node 2; x = (3, 2), h = (5, 3)."""
    setup = setup_of(shipped_lesson("first"))
    update = trace(setup, first_point(setup))
    assert [update.gradient(f"w{number}") for number in range(1, 7)] == [6, 4, -12, -8, -10, -6]
    assert [update.gradient(f"b{number}") for number in range(1, 4)] == [2, -4, -2]


def test_twins_stay_twins() -> None:
    """After 100 updates the two hidden neurons are still one and the same."""
    setup = setup_of(shipped_lesson("twins"))
    values = trained(setup, first_point(setup), 100).parameters
    w1, w2, w3, w4, w5, w6, b1, b2, _ = values
    assert (w1, w3, w5, b1) == (w2, w4, w6, b2)
    assert values != setup.parameters


def test_setup_has_the_lessons_own_numbers() -> None:
    """The lecture: w1 to w6, then b1 to b3; Mazur's w1 to w8 are counted by the neuron they enter."""
    lecture = setup_of(shipped_lesson("lecture"))
    assert lecture.parameters == (1.0, 0.5, 1.0, -0.5, 1.0, 1.0, 0.5, 0.0, 0.5)
    assert (lecture.inputs, lecture.targets, lecture.batch) == (((1.0, 0.0),), ((2.0,),), 1)
    mazur = setup_of(shipped_lesson("mazur"))
    assert mazur.parameters[:8] == (0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55)
    assert not dense_network(mazur.model).train_biases


def test_a_full_batch_is_every_sample_and_l2_is_seen() -> None:
    """batch "full" becomes a number; l2 above 0 makes the network regularized."""
    lesson: Lesson = shipped_lesson("xor")
    assert setup_of(lesson).batch == 4
    assert not dense_network(setup_of(lesson).model).regularized
    assert dense_network(
        setup_of(replace(lesson, training=replace(lesson.training, l2=0.1))).model
    ).regularized


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_a_question_says_what_leads_to_its_answer(name: str) -> None:
    """Behind it, in a sentence: whoever is asked is not left alone."""
    for note in shipped_lesson(name).notes:
        if note.kind == "question":
            assert re.search(r"\? [^?]+\.$", note.text), note.text
