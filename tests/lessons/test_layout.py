"""Matrices of weights the other way round, as numpy's x @ W has them; and lessons without a title."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinynet_tui.lessons.reading import LessonFault, open_lesson, parse_lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import shipped_text
from tinynet_tui.lessons.writing import lesson_text
from tinynet_tui.session.commands import start
from tinynet_tui.session.moment import lesson_now, moment

BY_NEURON = """
title = "x"
[network]
layers = [2, 3, 1]
activations = ["tanh", "linear"]
weights = [[[1, 4], [2, 5], [3, 6]], [[7, 8, 9]]]
biases = [[0, 0, 0], [0]]
[data]
inputs = [[1, 2]]
targets = [[1]]
[training]
learning_rate = 0.1
loss = "squared_error"
"""
BY_INPUT = BY_NEURON.replace(
    "[[[1, 4], [2, 5], [3, 6]], [[7, 8, 9]]]",
    '[[[1, 2, 3], [4, 5, 6]], [[7], [8], [9]]]\nweights_layout = "inputs_by_neurons"',
)


def test_the_layout_turns_the_matrices() -> None:
    """x @ W of the one is W @ x of the other: the same numbers to train from."""
    assert setup_of(parse_lesson(BY_INPUT, "x")) == setup_of(parse_lesson(BY_NEURON, "x"))
    assert setup_of(parse_lesson(BY_INPUT, "x")).parameters[:6] == (1, 4, 2, 5, 3, 6)  # w1, w2 enter node 1


def test_the_hint_is_true() -> None:
    """What looks turned is right with the key that the fault names, and the other way round."""
    turned = BY_INPUT.replace('weights_layout = "inputs_by_neurons"\n', "")
    with pytest.raises(LessonFault) as raised:
        parse_lesson(turned, "x")
    assert raised.value.lines == (
        'x: network.weights: this looks like inputs × neurons; weights_layout = "inputs_by_neurons" turns it',
    )
    straight = BY_NEURON.replace("biases", 'weights_layout = "inputs_by_neurons"\nbiases')
    with pytest.raises(
        LessonFault, match="this looks like neurons × inputs; weights_layout must be left out"
    ):
        parse_lesson(straight, "x")


def test_a_saved_lesson_keeps_its_layout() -> None:
    """As it was given, and after the session has put its own numbers in."""
    lesson = parse_lesson(BY_INPUT, "x")
    assert parse_lesson(lesson_text(lesson), "x") == lesson
    now = lesson_now(moment(start(lesson)))
    assert now.network == lesson.network
    assert parse_lesson(lesson_text(now), "x") == now


def _without_title(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("title ="))


@pytest.mark.parametrize(
    ("file", "title"),
    [("my lesson.toml", "my lesson"), ("a.b.toml", "a.b"), ("plain", "plain"), (".toml", ".toml"),
     ("red\x1b[31m.toml", "red\\x1b[31m"), ("not\udcff utf-8.toml", "not\\udcff utf-8")],
)  # fmt: skip
def test_the_name_of_the_file_serves_for_a_title(tmp_path: Path, file: str, title: str) -> None:
    """Its last part, without the ending and without anything that a terminal would obey."""
    path = tmp_path / file
    path.write_text(_without_title(shipped_text("lecture")), encoding="utf-8")
    lesson = open_lesson(str(path))
    assert lesson.title == title
    assert parse_lesson(lesson_text(lesson), "another").title == title


def test_standard_input_has_a_plain_title() -> None:
    """There is no file to be named after."""
    from io import BytesIO

    lesson = open_lesson("-", BytesIO(_without_title(shipped_text("lecture")).encode()))
    assert lesson.title == "standard input"


def test_an_empty_title_is_still_a_fault() -> None:
    """It is given, and says nothing."""
    with pytest.raises(LessonFault, match="title: must be a text of one character or more"):
        parse_lesson('title = ""\n' + _without_title(shipped_text("lecture")), "x")
