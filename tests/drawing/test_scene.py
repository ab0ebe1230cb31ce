"""What lights up at a step, in the diagram, the formula, the table and the code together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.session.random_lessons import LECTURE
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import StyledRun
from tinynet_tui.drawing.scene import highlights
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import start
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session

OUT, NODE_1, NODE_2 = (2, 1), (1, 1), (1, 2)


@pytest.mark.parametrize(
    ("step", "written", "read", "edges", "neuron"),
    [
        (1, "z1", "w1 x1 w3 x2 b1", "w1 w3", NODE_1),
        (2, "h1", "z1", "", NODE_1),
        (5, "z3", "w5 h1 w6 h2 b3", "w5 w6", OUT),
        (7, "L", "yhat y", "", None),
        (8, "dL/dyhat", "yhat y", "", OUT),
        (11, "dz3/dw5", "h1", "w5", OUT),
        (12, "dL/dw5", "dL/dz3 dz3/dw5", "w5", OUT),
        (16, "dL/db3", "dL/dz3 dz3/db3", "", OUT),
        (17, "dz3/dh1", "w5", "w5", NODE_1),
        (18, "dL/dh1", "dL/dz3 dz3/dh1", "w5", NODE_1),
        (20, "dL/dz1", "dL/dh1 dh1/dz1", "", NODE_1),
        (34, "dL/dw4", "dL/dz2 dz2/dw4", "w4", NODE_2),
        (41, "w5", "w5 eta dL/dw5", "w5", OUT),
        (43, "b1", "b1 eta dL/db1", "", NODE_1),
        (46, "check", "yhat y", "", None),
    ],
)
def test_of_the_lecture(
    step: int, written: str, read: str, edges: str, neuron: tuple[int, int] | None
) -> None:
    """By hand: the edge that carried a value forward carries the error back."""
    lights = highlights(moment(replace(start(LECTURE), step=step)))
    assert (lights.written, lights.neuron) == (written, neuron)
    assert lights.read == set(read.split())
    assert lights.edges == set(edges.split())


def test_nothing_is_lit_before_the_first_step() -> None:
    """No edge, no neuron, no number."""
    lights = highlights(moment(start(LECTURE)))
    assert (lights.written, lights.read, lights.edges, lights.neuron) == (
        None,
        frozenset(),
        frozenset(),
        None,
    )


def test_of_two_outputs_both_edges_carry_the_error_back() -> None:
    """Mazur's h₁ is in the way of w₅ and w₇."""
    session = start(shipped_lesson("mazur"))
    number = program_of(session).number("dL/dh1")
    assert number is not None
    assert highlights(moment(replace(session, step=number))).edges == {"w5", "w7"}


def runs(session: Session, role: str, size: tuple[int, int] = (80, 24)) -> list[str]:
    """The texts on the screen that have a role."""
    rows = screen(moment(session), *size, Look()).rows
    return [run.text for row in rows for run in row if role in run.style.split()]


def test_diagram_and_formula_light_up_together() -> None:
    """At ∂L/∂h₁: its number in node 1 and as the result; what it reads in the output and in the formula."""
    session = replace(start(LECTURE), step=18)
    assert [text.strip() for text in runs(session, "written")] == ["+1.0000", "1"]
    assert [text.strip() for text in runs(session, "read")] == ["+1.0000", "1", "1"]


@pytest.mark.parametrize("panel", ["table", "chain", "code"])
def test_panels_light_up_with_the_diagram(panel: str) -> None:
    """The gradient of w₅ at its step, of the chain its last factor: in the diagram, and in the panel."""
    is_chain = panel == "chain"
    session = replace(start(LECTURE), step=11 if is_chain else 12, panel=panel, selected="w5")
    assert runs(session, "written")[0].strip() == ("3:1.5" if is_chain else "+1.5000")
    assert len(runs(session, "written")) == 2 + is_chain  # the chain names the factor, too


def test_the_neuron_at_work_has_a_heavy_frame() -> None:
    """So that it stands out without any colour, in ASCII too."""
    for step, name in ((18, "node 1"), (28, "node 2"), (12, "out")):
        for ascii, sign in ((False, "┏"), (True, "#")):
            text = screen(moment(replace(start(LECTURE), step=step)), 80, 24, Look(ascii)).text()
            framed = [line for line in text.splitlines() if sign in line and "━ " * (not ascii) in line]
            assert any(name in line[line.index(sign) :] for line in framed)


def test_signs_and_sizes_of_edges_differ_in_more_than_colour() -> None:
    """The lit edge is thicker; a blocked one is dotted: both other characters, and other roles."""

    def edges(session: Session) -> list[StyledRun]:
        rows = screen(moment(session), 80, 24, Look()).rows[1:15]
        return [run for row in rows for run in row if any("⠀" < sign <= "⣿" for sign in run.text)]

    plain, lit_up = edges(start(LECTURE)), edges(replace(start(LECTURE), step=18))
    assert any("edge.lit" in run.style for run in lit_up)
    assert {run.text for run in plain} != {run.text for run in lit_up}
    dead = edges(replace(start(shipped_lesson("dead-relu")), step=20))
    assert any(run.style == "dim" and "⠄⠄" in run.text for run in dead)
    assert {"edge.positive", "edge.negative"} <= {role for run in plain for role in run.style.split()}
