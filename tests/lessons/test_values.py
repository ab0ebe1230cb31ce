"""Fractions in quotes, everywhere a lesson takes a number."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynet_tui.lessons.reading import LessonFault, parse_lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_text
from tinynet_tui.lessons.values import fraction
from tinynet_tui.lessons.writing import lesson_text

LESSON = """
title = "1/3"
about = "1/2"
[network]
layers = [2, 1]
activations = ["leaky_relu"]
leaky_slope = "1/8"
weights = [[["1/3", "-1/2"]]]
biases = [["+7/ 4"]]
[data]
inputs = [["2/3", 1]]
targets = [["22 / 7"]]
[training]
learning_rate = "1/10"
loss = "squared_error"
optimizer = "adam"
beta1 = "1/2"
beta2 = "3/4"
epsilon = "1/1000"
l2 = "0/5"
[[notes]]
at = "z1"
text = "1/4"
"""


def test_a_fraction_is_a_number_wherever_one_is_wanted() -> None:
    """The double nearest to it; texts stay texts. It is written as that number."""
    lesson = parse_lesson(LESSON, "x")
    assert lesson.network.weights == (((0.3333333333333333, -0.5),),)
    assert lesson.network.biases == ((1.75,),)
    assert lesson.data.inputs == ((0.6666666666666666, 1.0),)
    assert lesson.data.targets == ((3.142857142857143,),)
    training = lesson.training
    assert (training.learning_rate, training.l2) == (0.1, 0.0)
    own = {"alpha": 0.125, "beta1": 0.5, "beta2": 0.75, "epsilon": 0.001}
    assert own.items() <= dict(setup_of(lesson).hyperparameters.of_rules).items()
    assert (lesson.title, lesson.about, lesson.notes[0].text) == ("1/3", "1/2", "1/4")
    assert parse_lesson(lesson_text(lesson), "x") == lesson


def test_a_fraction_with_an_initial_value() -> None:
    """The one number that stands beside init."""
    start = 'init = "same"\nvalue = "-2/3"'
    text = LESSON.replace('weights = [[["1/3", "-1/2"]]]', start).replace('biases = [["+7/ 4"]]\n', "")
    assert parse_lesson(text, "x").network.value == -0.6666666666666666


@given(st.integers(), st.integers(1))
def test_it_is_rounded_once(above: int, below: int) -> None:
    """As exact arithmetic has it; too large a one is none."""
    try:
        right = float(Fraction(above, below))
    except OverflowError:
        assert fraction(f"{above}/{below}") is None
    else:
        assert fraction(f"{above}/{below}") == right


def test_it_is_rounded_once_where_two_roundings_differ() -> None:
    """10³⁰⁰ times 1/3: above and below are far beyond what a double holds."""
    assert fraction(f"{10**400}/{3 * 10**400}") == 1 / 3
    assert (
        fraction(f"{2**53 + 1}/{2**53 + 3}") == float(Fraction(2**53 + 1, 2**53 + 3)) != (2**53) / (2**53 + 4)
    )


@pytest.mark.parametrize(
    "text",
    ["0.01", "1", "", "/", "1/", "/3", "1/0", "-1/0", "0/0", "1/-2", "1.5/2", "1e2/3", "1/2/3", "½", "1_0/3",
     "one/two", " 1/3", "1/3 ", "1//3", "inf/1", "٣/٤", "1/3\n", "nan", f"{'9' * 5000}/7", f"{10**400}/3"],
)  # fmt: skip
def test_any_other_text_stays_a_fault(text: str) -> None:
    """At its place, on one line, with what is wanted."""
    assert fraction(text) is None
    wrong = shipped_text("lecture").replace("learning_rate = 0.01", f"learning_rate = {_quoted(text)}")
    assert wrong != shipped_text("lecture")
    with pytest.raises(LessonFault) as raised:
        parse_lesson(wrong, "x")
    (line,) = raised.value.lines
    assert line.startswith("x: training.learning_rate: must be a finite number above 0, not the text ")


def _quoted(text: str) -> str:
    return '"' + text.replace("\n", "\\n") + '"'


@pytest.mark.parametrize(
    ("sound", "wrong", "said"),
    [
        ('weights = [[["1/3", "-1/2"]]]', 'weights = ["1/3"]',
         'network.weights[0]: must be a list of lists of numbers, not "1/3"'),
        ('biases = [["+7/ 4"]]', 'biases = ["1/3"]',
         'network.biases[0]: must be a list of numbers, not "1/3"'),
        ('learning_rate = "1/10"', 'learning_rate = "-1/3"',
         'training.learning_rate: must be a finite number above 0, not "-1/3"'),
        ('beta1 = "1/2"', 'beta1 = "4 / 3"',
         'training.beta1: must be a number from 0 to below 1, not "4 / 3"'),
        ("layers = [2, 1]", 'layers = ["4/2", 1]',
         'network.layers[0]: must be a whole number from 1 to 16, not "4/2"'),
    ],
)  # fmt: skip
def test_a_fault_quotes_a_fraction_as_it_was_written(sound: str, wrong: str, said: str) -> None:
    """Nobody wrote 0.3333333333333333."""
    with pytest.raises(LessonFault) as fault:
        parse_lesson(LESSON.replace(sound, wrong), "x")
    assert f"x: {said}" in fault.value.lines


def test_so_does_a_fault_between_keys() -> None:
    """A target that cross-entropy cannot have."""
    text = LESSON.replace('"leaky_relu"', '"sigmoid"').replace('leaky_slope = "1/8"\n', "")
    with pytest.raises(LessonFault) as fault:
        parse_lesson(text.replace('"squared_error"', '"binary_cross_entropy"'), "x")
    words = 'must be from 0 to 1 for the loss binary_cross_entropy, not "22 / 7"'
    assert fault.value.lines == (f"x: data.targets[0][0]: {words}",)
