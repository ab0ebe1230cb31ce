"""Formulas where a slope changes at once: the nudge promises no limit, and the convention is said.

What PyTorch takes there: 0 of relu and abs at 0, half of each of max and min where both are equal.
"""

from __future__ import annotations

import dataclasses

import pytest

from tinynet_tui.drawing.chain_panel import chain_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.lessons.reading import parse_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import Moment, moment
from tinynet_tui.teaching.nudge import nudge
from tinynet_tui.teaching.sentences import said
from tinynet_tui.teaching.step_line import step_line


def at(forward: str, loss: str, step: str, **parameters: float) -> Moment:
    """The moment of a step of a lesson of formulas."""
    numbers = "\n".join(f"{name} = {value}" for name, value in parameters.items())
    text = (
        f'title = "Edges"\nabout = "."\n[program]\nforward = "{forward}"\nloss = "{loss}"\n'
        f"[program.parameters]\n{numbers}\n[training]\nlearning_rate = 0.1\n"
    )
    session = start(parse_lesson(text, "edges"))
    number = program_of(session).number(step)
    assert number is not None
    return moment(dataclasses.replace(session, step=number))


@pytest.mark.parametrize(
    ("forward", "w", "by", "words"),
    [
        ("z = relu(w-1)", 1, 0.01, "w − 1 is exactly 0, where the slope of ReLU changes"),
        ("z = abs(w-1)", 1, -0.01, "w − 1 is exactly 0, where the slope of the absolute value changes"),
        ("z = max(1, w)", 1, 0.01, "w is exactly 1, where max goes over from one to the other"),
        ("z = relu(w-1)", 0.995, 0.01, "w − 1 gets to the other side of 0, where the slope of ReLU changes"),
        ("z = min(w, 1)", 0.995, 0.01, "w gets to the other side of 1, where min goes over"),
        ("z = leaky_relu(w)", 0.005, -0.01, "w gets to the other side of 0, where the slope of leaky ReLU"),
    ],
)
def test_an_edge_on_the_way_is_said_and_no_limit(forward: str, w: float, by: float, words: str) -> None:
    """At w = 1 ReLU(w − 1) − 2 squared changes by −4 on one side, and the gradient says 0."""
    now = at(forward, "(z-2)^2", "dL/dw", w=w)
    assert nudge(now, "w", False, by).bend.startswith(words)
    session = dataclasses.replace(now.session, selected="w", knob=by)
    panel = chain_panel(Scene(moment(session), Look()), 200, 9).text()
    assert words in panel
    assert "the smaller the nudge" not in panel


def test_where_the_slope_holds_the_limit_is_told() -> None:
    """On ReLU's flat side, away from both, and where both of max move alike."""
    for forward, w, by in (("z = relu(w-1)", 1, -0.01), ("z = max(w, 1)", 3, 0.01), ("z = abs(w)", 3, -0.01)):
        assert not nudge(at(forward, "(z-2)^2", "dL/dw", w=w), "w", False, by).bend


def test_of_two_that_are_equal_max_takes_half_of_each() -> None:
    """The equation holds as it stands, and nothing is foretold of a change."""
    now = at("z = max(u, v)", "(z-2)^2", "dz/du", u=1, v=1)
    assert step_line(now).text == "∂z/∂u = (1 + sign(u − v)) / 2 = (1 + sign(1 − 1)) / 2 = 0.5"
    assert said(now) == (
        "u is exactly v, where max goes over from one to the other: there is no one slope there. "
        "It is taken as 0.5, as PyTorch does.",
    )
    away = at("z = max(u, v)", "(z-2)^2", "dz/du", u=3, v=-1)
    assert step_line(away).text.endswith("(1 + sign(3 − (−1))) / 2 = 1")
    assert said(away) == (
        "If u grows a little, z changes by the same amount.",
        "max is the larger of the two: it changes as much as that one, and not with the other.",
    )


def test_a_gradient_of_0_at_an_edge_is_a_convention() -> None:
    """It changes with |w − 1| either way."""
    for forward, loss in (("z = abs(w-1)", "z + 1"), ("z = 1", "abs(w-1) + z")):
        told = " ".join(said(at(forward, loss, "dL/dw", w=1)))
        assert "0 by convention: w − 1 is exactly 0" in told
        assert "no effect" not in told
        assert "does not change" not in told


def test_an_edge_of_any_sample_counts_for_the_gradient_of_the_batch() -> None:
    """The second sample's w·x − 1 is 0; and L1 has an edge where its weight is 0."""
    text = (
        'title = "Edges"\nabout = "."\n[program]\nforward = "yhat = relu(w*x - 1)"\nloss = "(yhat - y)^2"\n'
        '[program.parameters]\nw = 1\n[data]\ncolumns = ["x", "y"]\nrows = [[3, 1], [1, 2]]\n'
        "[training]\nlearning_rate = 0.1\nbatch = 2\n"
    )
    for added, w, words in (("", 1, "w · x⁽²⁾ − 1 is exactly 0"), ("l1 = 0.1\n", 0, "w is exactly 0")):
        session = start(parse_lesson(text.replace("w = 1", f"w = {w}") + added, "edges"))
        number = program_of(session).number("dL/dw")
        assert number is not None
        found = nudge(moment(dataclasses.replace(session, step=number)), "w", True)
        assert found.bend.startswith(words)
