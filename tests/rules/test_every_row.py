"""Each activation, loss and optimiser goes through all that a lesson goes through."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from tests.engine.notation import evaluated
from tests.engine.setups import last_activation, targets_allowed
from tests.networks.own_names import undefined
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.signs import to_ascii
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.variant_words import why
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.experiments.wrong_updates import judgement, wrong_update
from tinynet_tui.frameworks.installed import FRAMEWORKS
from tinynet_tui.handouts.formats import FORMATS
from tinynet_tui.handouts.request import Request
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.reading import LessonFault
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.prediction.mistakes import mistakes
from tinynet_tui.rules.activation_rows import Activation
from tinynet_tui.rules.activations import ACTIVATIONS
from tinynet_tui.rules.hyperparameters import Rule
from tinynet_tui.rules.losses import LOSSES
from tinynet_tui.rules.optimisers import OPTIMISERS
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.session.session import PANELS, VARIANTS
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.teaching.step_in_moment import StepInMoment

LESSON = """
title = "1-1-1 with {activation}, {loss} and {optimizer}"
[network]
layers = [1, 1, {outputs}]
activations = ["{activation}", "{last}"]
weights = [[[0.8]], {weights}]
biases = [[-0.25], {biases}]
[data]
inputs = [[{x}]]
targets = [{targets}]
[training]
learning_rate = 0.1
loss = "{loss}"
optimizer = "{optimizer}"
"""
ACTIVATION_LESSONS = [
    (name, "squared_error", "gradient_descent")
    for name, row in ACTIVATIONS.items()
    if isinstance(row, Activation)
]
LOSS_LESSONS = [("linear", name, "gradient_descent") for name in LOSSES]
OPTIMISER_LESSONS = [("linear", "squared_error", name) for name in OPTIMISERS]
NAMED = list(dict.fromkeys((*ACTIVATION_LESSONS, *LOSS_LESSONS, *OPTIMISER_LESSONS)))
EACH = pytest.mark.parametrize("named", NAMED, ids="-".join)


@cache
def lesson_with(activation: str, loss: str, optimizer: str, x: float = 1.5, outputs: int = 1) -> Lesson:
    """A lesson of a network with an activation, a loss and an optimiser, as from a file."""
    needs = LOSSES[loss].needs
    outputs = max(outputs, needs.outputs if needs else 1)
    text = LESSON.format(
        activation=activation,
        last=last_activation(loss, activation),
        loss=loss,
        optimizer=optimizer,
        x=x,
        outputs=outputs,
        weights=[[1.1 - k] for k in range(outputs)],
        biases=[0.3] * outputs,
        targets=list(targets_allowed(loss, tuple(0.5 + k / 4 for k in range(outputs)))),
    )
    return parse_lesson(text, "x")


def moments(lesson: Lesson, update: int = 1) -> list[Moment]:
    """Every place of an update."""
    session = replace(start(lesson), update=update)
    return [moment(replace(session, step=step)) for step in range(len(program_of(session)) + 1)]


@EACH
def test_a_file_that_is_written_reads_back(named: tuple[str, str, str]) -> None:
    """With its own numbers, whatever they are; a number of its own that is out of range is a fault."""
    lesson = lesson_with(*named)
    assert parse_lesson(lesson_text(lesson), "x") == lesson
    rules: tuple[tuple[str, Rule], ...] = (
        ("network", ACTIVATIONS[named[0]]),
        ("training", LOSSES[named[1]]),
        ("training", OPTIMISERS[named[2]]),
    )
    for table, own in ((table, own) for table, rule in rules for own in rule.hyperparameters):
        text = lesson_text(lesson).replace(f"[{table}]\n", f"[{table}]\n{own.key} = 0.125\n")
        assert dict(setup_of(parse_lesson(text, "x")).hyperparameters.of_rules)[own.name] == 0.125
        with pytest.raises(LessonFault, match=own.key):
            parse_lesson(text.replace("0.125", "inf"), "x")


@EACH
def test_formulas_read_back_as_their_values(named: tuple[str, str, str]) -> None:
    """With numbers, at every step of two updates."""
    for update in (1, 2):
        for place in moments(lesson_with(*named, outputs=2), update)[1:]:
            number = place.session.step
            text = place.trace.numbers(number)
            assert evaluated(text) == pytest.approx(place.trace.value(number), rel=1e-12), text


@EACH
@pytest.mark.parametrize("x", [1.5, -4.0])
def test_every_step_has_its_words(named: tuple[str, str, str], x: float) -> None:
    """A title and whole sentences, no brace of which is left over."""
    for place in moments(lesson_with(*named, x=x), update=2)[1:]:
        told = explanation(place)
        assert re.fullmatch(r"[^{}]+", told.title)
        for sentence in told.sentences:
            assert re.fullmatch(r"[^{}]+[.?:]", sentence), sentence


@EACH
def test_every_screen_draws_it(named: tuple[str, str, str]) -> None:
    """In every panel, in Unicode and in ASCII, at the size of the design."""
    last = moments(lesson_with(*named), update=2)[-1].session
    session = replace(last, step=2 * last.step // 3)
    shown = [replace(last, panel=panel) for panel in PANELS] + [
        replace(session, variant=variant) for variant in VARIANTS
    ]
    for place in shown:
        plain = screen(moment(place), 80, 24, Look(ascii=True)).text()
        assert plain.isascii()
        assert "□" not in screen(moment(place), 120, 40, Look(ascii=False)).text()


@EACH
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_it(named: tuple[str, str, str], name: str) -> None:
    """Two updates; no place of a template is left unfilled, and a script reads no name that nobody gave."""
    lines = list(FORMATS[name].lines(Request(lesson_with(*named), 2), to_ascii))
    assert all(line.isascii() for line in lines)
    assert not re.search(
        r"(?<!\^)\{(z|alpha|a|delta|omega|eta|mu|rho|beta\d|epsilon|parameters)\}", "\n".join(lines)
    )
    if FORMATS[name].kind == "script":
        assert not undefined("\n".join(lines))


@EACH
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda framework: framework.name)
def test_every_framework_is_asked_in_python(named: tuple[str, str, str], framework: object) -> None:
    """A script that knows all that it reads; what the framework says of it is told in tests/frameworks."""
    (asked,) = (each for each in FRAMEWORKS if each is framework)
    assert not undefined("\n".join(asked.lines(setup_of(lesson_with(*named)), 1)))


@EACH
def test_mistakes_and_wrong_ways_are_known(named: tuple[str, str, str]) -> None:
    """At every step the mistakes that can be made; each wrong way with its title and its reason."""
    lesson = lesson_with(*named, outputs=2)
    places = moments(lesson)
    found = [
        mistake.words
        for place in places[1:]
        if place.step is not None
        for mistake in mistakes(StepInMoment(place, place.step), 4)
    ]
    assert found
    assert all(words.endswith(".") for words in found)
    setup = setup_of(lesson)
    for variant in VARIANTS:
        wrong = wrong_update(setup, first_point(setup), variant)
        judged = judgement(setup, first_point(setup), variant, "w1")
        assert WRONG_WAYS[variant].title(setup.model)
        assert why(wrong, judged).endswith(".")
