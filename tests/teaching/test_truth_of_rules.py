"""What the sentences claim is so with every loss, optimiser and setting, too: each case is made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.teaching.sentences_said import said
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.glossary import glossary
from tinynet_tui.teaching.sentences import explanation

_ONE = {
    "layers": "[1, 1, 1]",
    "activations": '["linear", "linear"]',
    "weights": "[[[3]], [[-1]]]",
    "biases": "[[0], [8]]",
}
"""x = 1: h = 3, ŷ = 5."""


def opened(training: str, target: str = "0", **network: str) -> Session:
    """A network of one neuron after the other, with other keys in its file; "" leaves one out."""
    keys = "\n".join(f"{name} = {value}" for name, value in {**_ONE, **network}.items() if value)
    data = f"[data]\ninputs = [[1]]\ntargets = [[{target}]]"
    text = f'title = "made"\n[network]\n{keys}\n{data}\n[training]\nlearning_rate = 0.01\n{training}\n'
    return start(parse_lesson(text, "made.toml"))


_SQUARE = 'loss = "half_squared_error"'
_HINGE = 'loss = "hinge"\noptimizer = "adamw"\nweight_decay = 0.5'


def test_the_gradient_of_a_frozen_parameter_is_that_of_its_sample() -> None:
    """ŷ − y is −1 for the first sample and 3 for the second: the mean goes the other way than the first."""
    text = """
        [network]
        layers = [1, 1]
        activations = ["linear"]
        weights = [[[1]]]
        biases = [[0]]
        frozen = ["w1"]
        [data]
        inputs = [[1], [2]]
        targets = [[2], [-1]]
        [training]
        learning_rate = 0.1
        loss = "half_squared_error"
    """
    session = start(parse_lesson(text, "made.toml"))
    assert "Negative: a larger w₁ would lower the loss of this sample." in said(session, "dL/dw1", 1)


def test_the_largest_gradient_is_that_of_what_learns() -> None:
    """ŷ − y = 5, so b₂ has 5, w₂ 5 · 3, w₁ and b₁ 5 · (−1)."""
    assert "w₂ had the largest gradient in size, 15" in said(opened(_SQUARE), "check")
    words = said(opened(_SQUARE, frozen='["w2"]'), "check")
    assert "Among the trained parameters, w₁, b₁ and b₂ had the largest gradients in size, 5" in words
    assert "Their gradients by size: w₁ −5, b₁ −5, b₂ 5." in words


def test_where_the_loss_is_flat_nothing_is_stuck() -> None:
    """The hinge is 0 from y · ŷ = 1 on: no gradient is missing there, and none is too small."""
    session = opened(_HINGE, target="1")
    for name in ("dL/dw2", "dL/db2", "dL/dw1", "dL/db1"):
        assert said(session, name).startswith("0, because the loss is flat here: it asks for no change."), (
            name
        )
        assert "Stuck" not in said(session, name), name
    assert "this output asks for no change" in said(session, "dL/dyhat")


def test_the_hinge_is_no_distance_from_the_target() -> None:
    """With y = 1 it is 0 for ŷ = 5, which is 4 off: what it measures is how far y · ŷ is below 1."""
    words = said(opened(_HINGE, target="1"), "L")
    assert "target" not in words
    assert "0 once ŷ is on the side of y by 1 or more" in words
    assert "5 above the target" in said(opened(_SQUARE), "L")
    session = opened(_HINGE, target="1")
    there = moment(replace(session, step=program_of(session).number("L", 1) or 0))
    assert explanation(there).title == "how far y · ŷ is below 1"
    assert not any("how far the prediction is" in entry.meaning for entry in glossary(there))


def test_where_every_gradient_is_0_none_is_the_largest() -> None:
    """AdamW's parameters decay by themselves: b₂ by 0.01 · 0.5 · 8."""
    words = said(opened(_HINGE, target="1"), "check")
    assert "Every gradient is 0; b₂ moved most, by −0.04." in words
    assert "largest" not in words


def test_the_sign_of_what_adamw_subtracts_is_that_of_the_sum() -> None:
    """w₁ = −3 has a positive gradient, which its first step scales to 1; a part 0.5 of it is −1.5."""
    session = opened(
        f'{_SQUARE}\noptimizer = "adamw"\nweight_decay = 0.5', weights="[[[-3]], [[1]]]", biases="[[0], [8]]"
    )
    assert "Positive" in said(session, "dL/dw1")
    words = said(session, "w1")
    assert words.startswith("A negative sum of the scaled mean gradient and a part ω of the parameter is sub")


def test_no_bias_is_spoken_of_where_a_layer_has_none() -> None:
    """The first layer alone has one; or none has."""
    session = opened(_SQUARE, bias="[true, false]", biases="[[0], []]")
    assert "Every weight into node 1, and its bias, will use this number." in said(session, "dL/dz1")
    assert "Every weight into out will use this number." in said(session, "dL/dz2")
    dead = {"activations": '["relu", "linear"]', "weights": "[[[-3]], [[1]]]"}
    assert ": its weights and its bias cannot learn." in said(opened(_SQUARE, **dead), "dh1/dz1")
    shut = opened(_SQUARE, target="1", bias="false", biases="", **dead)
    assert ": its weights cannot learn." in said(shut, "dh1/dz1")


@pytest.mark.parametrize("slope", [-0.5, 0.0, 2.0])
def test_leaky_relu_may_have_any_slope(slope: float) -> None:
    """It may shut, and pass on more than comes in."""
    session = opened(
        _SQUARE, activations='["leaky_relu", "linear"]', weights="[[[-3]], [[1]]]", leaky_slope=str(slope)
    )
    assert said(session, "h1") == "z₁ = −3 is negative: leaky ReLU passes on α times as much."
    assert "so it does not shut unless α is 0." in said(session, "dh1/dz1")


@pytest.mark.parametrize("function", ["relu", "tanh", "sigmoid"])
def test_what_a_formula_gives_a_function_need_not_be_a_sum(function: str) -> None:
    """Here it is a product; a neuron has a sum."""
    text = f"""
        [program]
        forward = '''
        z = w * x
        yhat = {function}(z)
        '''
        loss = "(yhat - y)^2"
        [program.parameters]
        w = 0.5
        [data]
        columns = ["x", "y"]
        rows = [[1, 0]]
        [training]
        learning_rate = 0.1
    """
    words = said(start(parse_lesson(text, "made.toml")), "yhat")
    assert " number " in words
    assert " sum " not in words
