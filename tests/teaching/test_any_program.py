"""Words, chain and panels for programs that are no dense networks: nothing in them needs layers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec.structs import replace as struct_with

from tests.engine.programs import PROGRAMS, model_of, setup_of
from tests.session.random_lessons import LECTURE
from tests.shown_equations import far_off, faults, numeric_rows
from tinynet_tui.drawing.chain_panel import chain_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import step_panel
from tinynet_tui.drawing.table_panel import table_panel
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import first_point
from tinynet_tui.experiments.variant_words import why
from tinynet_tui.experiments.variants import WRONG_WAYS
from tinynet_tui.experiments.wrong_updates import judgement, wrong_update
from tinynet_tui.handouts.conventions import facts_of
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of as setup_of_lesson
from tinynet_tui.lessons.shipped import shipped_lessons
from tinynet_tui.prediction.judgement import result
from tinynet_tui.prediction.kinds import rule_of
from tinynet_tui.prediction.mistakes import mistake, mistakes
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.keys import OF_TABLE
from tinynet_tui.session.moment import Moment, moment, moment_in
from tinynet_tui.session.session import VARIANTS
from tinynet_tui.teaching.card import what_next
from tinynet_tui.teaching.chain import chain
from tinynet_tui.teaching.glossary import glossary
from tinynet_tui.teaching.notation import PLAIN
from tinynet_tui.teaching.sentences import explanation
from tinynet_tui.teaching.step_in_moment import StepInMoment
from tinynet_tui.teaching.step_line import step_line


def first_update(name: str, samples: int = 1, optimizer: str = "gradient_descent", l2: bool = False) -> Trace:
    """The first update of a program."""
    setup = setup_of(model_of(name, optimizer, l2=l2), name, samples, samples)
    return trace(setup, first_point(setup))


def moments(update: Trace) -> list[Moment]:
    """The moment after each step; the lesson that a session has to have is not looked at."""
    first = update.setup.model.parameter_names[0]
    session = replace(start(LECTURE), selected=first)
    return [moment_in(replace(session, step=step), update) for step in range(1, len(update.program) + 1)]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize(
    ("samples", "optimizer", "l2"), [(1, "gradient_descent", False), (1, "adam", True), (3, "momentum", True)]
)
def test_every_step_has_words_and_true_equations(name: str, samples: int, optimizer: str, l2: bool) -> None:
    """Title, sentences, line and panels, each number in its digits."""
    if not PROGRAMS[name][0].assignments:
        samples = 1
    for now in moments(first_update(name, samples, optimizer, l2)):
        words, scene = explanation(now), Scene(now, Look())
        assert words.title
        assert words.sentences
        drawn = [step_panel(scene, 200, 60), chain_panel(scene, 200, 40)]
        lines = [
            step_line(now).text,
            *words.sentences,
            *(row for p in drawn for row in numeric_rows(p.text())),
        ]
        assert faults(lines, 4) + far_off(lines, 4) == [], now.step
        assert table_panel(scene, 200, 60).text().splitlines()[1].split()[0] == scene.look.symbol(
            now.session.selected
        )


def test_a_copy_in_formulas_is_no_linear_neuron() -> None:
    """A quantity that is another, or a parameter: that is what is said, and no slope of an activation."""
    copies = parse_lesson(
        '[program]\nforward = """\n# shares\nS[1] = w*x\nS[2] = S[1]\n"""\nloss = "(S[2] - y)^2"\n'
        '[program.parameters]\nw = 0.5\n[data]\ncolumns = ["x", "y"]\nrows = [[2, 1]]\n'
        "[training]\nlearning_rate = 0.1\n",
        "x.toml",
    )
    told = [explanation(moment(replace(start(copies), step=step))) for step in range(1, 9)]
    assert (told[1].title, told[1].sentences[0]) == ("S₂ is S₁", "S₂ is S₁, and nothing else.")
    words = " ".join(text for each in told for text in (each.title, *each.sentences))
    assert "neuron" not in words
    assert "passes its sum" not in words


GATED = '''
title = "A gated recurrence"
[program]
forward = """
h[0] = 0
a[t] = sigmoid(w*x[t] + u*h[t-1])    for t in 1..2
g[t] = relu(p*x[t] + q*h[t-1] + b)   for t in 1..2
h[t] = a[t]*g[t] + (1 - a[t])*h[t-1] for t in 1..2
yhat = v*h[2]
"""
loss = "(yhat - y)^2"
[program.parameters]
w = 0.5
u = 0.8
p = 0.4
q = -0.3
b = 0.1
v = 1.5
[data]
columns = ["x[1]", "x[2]", "y"]
rows = [[1, 0.5, 0.5], [0.2, -1, 1]]
[training]
learning_rate = 0.1
l1 = 0.001
l2 = 0.01
'''
OF_FORMULAS = {
    **{item.name: item.lesson for item in shipped_lessons() if item.lesson.program is not None},
    "gated": parse_lesson(GATED, "gated.toml"),
}


def told(lesson: Lesson) -> Iterator[str]:
    """All that is said of the first update of a lesson, but for what it says itself."""
    session = start(struct_with(lesson, notes=(), about=""))
    setup = setup_of_lesson(lesson)
    yield from (fact.words for fact in facts_of(setup, 4, PLAIN))
    for step in range(len(program_of(session)) + 1):
        now = moment(replace(session, step=step))
        yield from explanation(now)[1]
        yield what_next(now, OF_TABLE)
        # These two words themselves are explained as what stands beside another number, or alone.
        yield from (entry.meaning for entry in glossary(now) if entry.word in ("sample", "L2"))
        if now.step is not None:
            yield rule_of(now.program, now.step)
            yield from (found.words for found in mistakes(StepInMoment(now, now.step), 4))
    for variant in VARIANTS:
        point = first_point(setup)
        yield WRONG_WAYS[variant].title(setup.model)
        yield why(wrong_update(setup, point, variant), judgement(setup, point, variant, session.selected))


@pytest.mark.parametrize("name", OF_FORMULAS)
def test_formulas_are_told_of_parameters(name: str) -> None:
    """Nobody knows which of theirs are weights, and which biases."""
    words = " ".join(told(OF_FORMULAS[name]))
    assert not re.search(r"\b(weights?|bias(es)?)\b", words)
    if name == "gated":
        assert "L2 adds ½ · λ · Σp² to the loss, over all parameters p." in words
        assert "L2 adds λ times the parameter itself, which pulls every parameter towards 0." in words
        assert "whose parameters are those of all." in words
        assert "Multiply each number by its parameter" in words


def test_the_paths_to_a_recurrent_weight_are_told_apart() -> None:
    """By hand: w is read at three times, and each way back goes through the times after it."""
    now = moments(first_update("recurrent"))[-1]
    assert [path.through for path in chain(now, "dL/dw").paths] == [
        ("h1", "h2", "h3", "yhat"),
        ("h2", "h3", "yhat"),
        ("h3", "yhat"),
    ]


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_prediction_of_every_step_is_judged(name: str) -> None:
    """Its own value is right; its negative is wrong, and told to have the wrong sign."""
    for now in moments(first_update(name)):
        value = now.trace.value(now.session.step)
        assert result(now, "number", repr(value)) == "right"
        if abs(value) > 1e-3:
            assert result(now, "number", repr(-value)) == "wrong"
            assert mistake(now, "number", repr(-value)) == "The number is right, but its sign is wrong."
