"""How long the largest lesson of formulas takes to open and to step."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import process_time

from benchmarks.figures import Figure, at_most
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.screen import screen
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.networks.formula_reading import MOST_ASSIGNMENTS
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session

_TEXT = f"""
[program]
forward = \"\"\"
h[0] = 0
h[t] = tanh(w*x + u*h[t-1] + b)    for t in 1..{MOST_ASSIGNMENTS - 2}
yhat = v*h[{MOST_ASSIGNMENTS - 2}]
\"\"\"
loss = "(yhat - y)^2"
[program.parameters]
w = 0.5
u = 0.3
b = 0.1
v = 1
[data]
columns = ["x", "y"]
rows = [[1, 2]]
[training]
learning_rate = 0.01
"""
_OPENS, _STEPS = 2.0, 30.0
"""Seconds, and milliseconds, of the processor."""
_EACH = 50


def formula_figures() -> Iterator[Figure]:
    """The first screen of a program of 2,000 assignments, and a step forwards and backwards in it."""
    before = process_time()
    session = start(parse_lesson(_TEXT, "a lesson"))
    screen(moment(session), 80, 24, Look())
    yield at_most("opening 2,000 assignments", process_time() - before, _OPENS, "s", "read, traced, drawn")
    for phase, step in (("forward", 100), ("backward", 3 * MOST_ASSIGNMENTS)):
        middle = median(_times(Session(session.lesson, selected="w", step=step)))
        yield at_most(f"a {phase} step among them", 1000 * middle, _STEPS, "ms", f"median of {_EACH}")


def _times(session: Session) -> Iterator[float]:
    for _ in range(_EACH):
        before = process_time()
        session = after(session, Command("next"))
        screen(moment(session), 80, 24, Look())
        yield process_time() - before
