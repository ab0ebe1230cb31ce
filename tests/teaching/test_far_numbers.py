"""What is said where numbers are rounded to 0 or 1, or are no longer finite."""

from __future__ import annotations

import re
from dataclasses import replace
from math import isfinite

from tests.engine.setups import setup_of
from tests.session.random_lessons import LECTURE, lesson_of
from tests.teaching.sentences_said import lecture, said, with_network
from tinynet_tui.networks.dense import Network
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.teaching.chain import chain
from tinynet_tui.teaching.nudge import nudge_lines


def diverged() -> Session:
    """Linear neurons and a huge learning rate: nan from the third update on."""
    session = start(with_network(LECTURE, activations=("linear", "linear")))
    session = replace(after(session, Command("rate", 1e100)), update=5)
    assert moment(replace(session, step=46)).value("yhat") != moment(replace(session, step=46)).value("yhat")
    return session


def test_nothing_is_said_of_numbers_that_are_none() -> None:
    """nan is neither above nor below, neither too large nor too small, and no 0."""
    session = diverged()
    assert not re.search("above|below", said(session, "L"))
    assert "too small" not in said(session, "dL/dyhat")
    for name in ("dL/dw1", "dL/dw5", "dL/db3"):
        assert not said(session, name).startswith("0, because"), name
    assert "diverged" in said(session, "w1")
    assert "diverged" in said(session, "check")


def saturated(target: float) -> Session:
    """σ(40), which is rounded to 1, by cross-entropy."""
    network = Network((1, 1), ("sigmoid",), "binary_cross_entropy")
    setup = setup_of(network, (40.0, 0.0), inputs=((1.0,),), targets=((target,),))
    return start(lesson_of(setup))


def test_a_saturated_answer_that_is_right() -> None:
    """ŷ = y = 1: what was done with 0 · ln(0) and with 0 / 0 is said, and the output is called on target."""
    session = saturated(1.0)
    assert said(session, "yhat") == "σ is never exactly 1: this one is so near that 64 bits round it to 1."
    assert "The term 0 · ln(0) counts as 0" in said(session, "L")
    assert "The term 0 / 0 counts as 0" in said(session, "dL/dyhat")
    assert "z₁ = 40 is so far out that σ is rounded" in said(session, "dyhat/dz1")
    assert "this output is on target" in said(session, "dL/dz1")
    assert "on target" in said(session, "dL/dw1")


def test_a_saturated_answer_that_is_wrong() -> None:
    """ŷ = 1, y = 0: why the loss is inf, why the gradient is nan, and what it is with exact numbers."""
    session = saturated(0.0)
    assert said(session, "L").startswith("It is inf: σ is rounded to exactly 1, the target is 0.")
    assert said(session, "dL/dyhat").startswith("It is inf: σ is rounded to exactly 1, the target is 0.")
    assert said(session, "dL/dz1").startswith("It is nan: inf · 0 has no value. With exact numbers ∂L/∂z₁ is")
    assert "ŷ − y = 1" in said(session, "dL/dz1")
    assert said(session, "dL/dw1") == "It is nan, because ∂L/∂z₁ is nan."
    assert said(session, "w1") == "It is nan, because ∂L/∂w₁ is nan."
    assert said(session, "check") == "L inf → nan: w₁ is nan now, and no update makes it finite again."


def test_what_a_softmax_far_apart_loses_is_told_with_what_it_comes_to() -> None:
    """z = (1000, 0, −5), the second class: no step on the way to a parameter is nan, and each says why."""
    network = Network((1, 3), ("softmax",), "cross_entropy")
    values = (1000.0, 0.0, -5.0, 0.0, 0.0, 0.0)
    session = start(lesson_of(setup_of(network, values, inputs=((1.0,),), targets=((0.0, 1.0, 0.0),))))
    assert said(session, "e2") == "e₂ is above 0 whatever z₂ is, but 64 bits round this one to 0."
    assert "lose its logarithm. But −ln(ŷ) is ln(S) + (m − z)." in said(session, "L")
    assert said(session, "dL/dyhat2").startswith("It is −inf: softmax is rounded to exactly 0")
    assert "As ŷ is e / S, that is y / S, with no ŷ to divide by." in said(session, "dL/dS")
    assert said(session, "dL/dz2").startswith("All of it collapses to ŷ − y: ŷ₂ − y₂ = 0 − 1 = −1.")
    number = program_of(session).number("dL/dw2")
    assert number is not None
    here = moment(replace(session, step=number))
    (line,) = nudge_lines(moment(replace(session, step=number - 2)))
    assert line.endswith("L −0.01   gradient says −0.01")
    (total,) = chain(here, "dL/dw2").joins
    assert total.came is not None
    assert (total.words, total.numbers, total.came.value) == ("sum of 4 paths", "", "−1")


def test_training_has_diverged_only_where_numbers_were_no_longer_finite() -> None:
    """Not where a given number is too large; but once a parameter is inf or nan."""
    large = lecture(w1=1e200, w5=1e200)
    assert said(large, "L") == "It is inf, because ŷ is inf."
    assert said(large, "h1").startswith("ReLU")
    assert not any("diverged" in said(large, step.name) for step in program_of(large).steps())
    after_it = replace(large, update=2)
    assert not all(map(isfinite, moment(after_it).trace.start.parameters))
    assert "training has diverged" in said(after_it, "check")


def test_the_check_where_a_loss_is_not_finite_but_the_parameters_are() -> None:
    """ŷ = 1e200 has the loss inf and the gradient 2e200, finite; all other weights are 0."""
    far = lecture(w1=0, w2=0, w3=0, w4=0, b1=0, b2=0, w5=0, w6=0, b3=1e200)
    assert said(far, "check") == "L inf → inf: the loss is not finite, the parameters still are."
