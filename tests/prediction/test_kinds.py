"""The kinds of steps: what a path is, what a slope, and what a product."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.practice.generated import generated_lesson
from tinynet_tui.prediction.kinds import kind_of, rule_of
from tinynet_tui.rules.optimisers import OPTIMISERS
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of

OF_LECTURE = {
    "z1": "sum",
    "h1": "activation",
    "L": None,
    "dL/dyhat": "slope",
    "dyhat/dz3": "slope",
    "dL/dz3": "product",
    "dz3/dw5": "slope",
    "dL/dw5": "product",
    "dz3/db3": "slope",
    "dz3/dh1": "slope",
    "dL/dh1": "path",
    "dL/dz1": "product",
    "dL/dw1": "product",
    "w1": "update",
    "check": None,
}


@pytest.mark.parametrize("name", OF_LECTURE)
def test_a_path_is_judged_by_what_comes_back_along_it(name: str) -> None:
    """Not by its single factors, which are read off."""
    program = program_of(start(shipped_lesson("lecture")))
    number = program.number(name) or program.number(name, 1)
    assert number is not None
    assert kind_of(program, program.step(number)) == OF_LECTURE[name]


@pytest.mark.parametrize(
    ("lesson", "paths"),
    [
        ("two-outputs", {"dL/dh1", "dL/dh2"}),
        # The weights of a recurrent network are read three times, its states by the next one alone.
        ("recurrent", {"dL/dw", "dL/du", "dL/dh[0]", "dL/dh[1]", "dL/dh[2]", "dL/dh[3]"}),
    ],
)
def test_several_paths_are_one_sum(lesson: str, paths: set[str]) -> None:
    """To what two outputs read, and to a weight that is read again and again."""
    own = generated_lesson(lesson, 1) if lesson == "two-outputs" else shipped_lesson(lesson)
    program = program_of(start(own))
    assert {step.name for step in program.steps() if kind_of(program, step) == "path"} == paths


@pytest.mark.parametrize(
    ("name", "step", "words"),
    [
        ("first", "h1", "ReLU hands it on as it is. If not, ReLU gives 0."),
        ("first", "dyhat/dz3", "ReLU hands it on, with slope 1. If not, ReLU gives 0, with slope 0."),
        ("first", "dL/dyhat", "A square u² has the slope 2 · u"),
        ("first", "dz3/dw5", "As many as the number beside it in a product"),
        ("first", "dL/dw1", "Changes along a path multiply"),
        ("linear", "dyhat/dz1", "the slope of z is 1, whatever z is."),
        ("mazur", "dh1/dz1", "the formula for the slope of the sigmoid"),
        ("first", "L", "the formula of the loss"),
    ],
)
def test_the_first_hint_says_how_in_school_algebra(name: str, step: str, words: str) -> None:
    """By the function that the step is about; no word that has to be known of derivatives."""
    program = program_of(start(shipped_lesson(name)))
    number = program.number(step, program.samples[0])
    assert number is not None
    said = rule_of(program, program.step(number))
    assert words in said
    assert "derivative" not in said


_MEAN, _MEAN_SQUARE = "a running mean of the gradients", "a running mean of the squared gradients"
AT_UPDATES = {
    "gradient_descent": ["gradient"],
    "momentum": ["velocity", "a part μ of the velocity stays"],
    "nesterov": ["velocity, seen one step ahead", "a part μ of the velocity stays"],
    "adagrad": ["scaled gradient", "adds up all squared gradients"],
    "rmsprop": ["scaled gradient", _MEAN_SQUARE],
    "adam": ["scaled mean gradient", _MEAN, _MEAN_SQUARE],
    "adamw": ["sum of the scaled mean gradient and a part ω of the parameter", _MEAN, _MEAN_SQUARE],
}
"""What stands behind η in the rule of each optimiser, as its authors have it; and what it keeps."""


@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_a_hint_at_an_update_is_the_rule_of_its_optimiser(optimizer: str) -> None:
    """The gradient itself is what plain descent alone subtracts."""
    lesson = shipped_lesson("first")
    own = replace(lesson, training=replace(lesson.training, optimizer=optimizer))
    program = program_of(start(own))
    updates, states = (
        {rule_of(program, step) for step in program.steps() if step.role == role}
        for role in ("update", "state")
    )
    subtracted, *kept = AT_UPDATES[optimizer]
    assert updates == {f"New value = old value − learning rate · {subtracted}."}
    assert len(states) == len(kept)
    assert all(any(words in rule for rule in states) for words in kept)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        # By hand: the derivatives by ŷ₁ of (u² + v²), ½ (u² + v²), (u² + v²) / 2 and |u| + |v|, u = ŷ₁ − y₁.
        ("squared_error", "A square u² has the slope 2 · u: u is the error ŷ − y here."),
        ("half_squared_error", "the ½ before it makes that u: u is"),
        ("mean_squared_error", "the slope 2 · u, and the mean over the outputs divides that by their number"),
        ("absolute_error", "the formula for the slope of the loss"),
    ],
)
def test_a_hint_at_two_outputs_is_the_rule_of_the_loss_that_is_meant(loss: str, words: str) -> None:
    """The mean of two squares has half the slope of their sum."""
    lesson = shipped_lesson("two-outputs")
    own = replace(lesson, training=replace(lesson.training, loss=loss))
    program = program_of(start(own))
    number = program.number("dL/dyhat1", 1)
    assert number is not None
    assert words in rule_of(program, program.step(number))


@pytest.mark.parametrize(
    ("lesson", "step", "words"),
    [
        ("softmax-3", "z1", "Multiply each input by its weight"),
        ("softmax-3", "m", "Take the largest of them."),
        ("softmax-3", "e1", "Take the power of e"),
        ("softmax-3", "yhat3", "The first number divided by the second."),
        ("softmax-3", "S", "Put the present numbers into the formula."),
        ("softmax-3", "de1/dz1", "A power of e is its own slope"),
        ("softmax-3", "dyhat2/dS", "−u / v² times as far as v"),
        ("gpt-block", "dL/dyhat[3]", "the formula for the slope of the loss"),
    ],
)
def test_a_hint_is_the_rule_of_its_own_formula(lesson: str, step: str, words: str) -> None:
    """Not that of a weighted sum, where there is none."""
    program = program_of(start(shipped_lesson(lesson)))
    number = program.number(step, 1) or program.number(step)
    assert number is not None
    assert words in rule_of(program, program.step(number))
