"""Every formula that is written, read back: letters, numbers and Python give the value of their step."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given

from tests.engine.bits import bits
from tests.engine.notation import evaluated
from tests.engine.setups import LECTURE, setups
from tests.examples import examples
from tinynet_tui.engine.expression_reading import (
    in_python,
    letters,
    number_text,
    numbers,
    pieces,
    value,
    written,
)
from tinynet_tui.engine.expressions import Apply, Expr, Name, Number, apply, names_in
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.names import latex
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.python_code import python_line
from tinynet_tui.engine.trace import Trace, trace
from tinynet_tui.engine.training import first_point, trained

PYTHON = {name: row.value for name, row in OPERATIONS.items()}
IDENTIFIER = re.compile(r"(?<![\w.])[A-Za-z_]\w*\b(?!\()")
"""A name in Python that is not called."""


def _in_latex(expression: Expr) -> str:
    return written(expression, "latex", lambda name: latex(name.name, name.sample))


def _some_traces(setup: Setup) -> tuple[Trace, ...]:
    start = first_point(setup)
    return trace(setup, start), trace(setup, trained(setup, start, 2))


def _read_numbers(run: Trace, number: int) -> dict[Name, float]:
    expression = run.step(number).expression
    return {name: run.value_of(number, name) for name in names_in(expression)}


@given(setups())
@examples(30)
def test_trees_give_the_compiled_values(setup: Setup) -> None:
    """Walking the tree of a step gives what the compiled block gave, to the last bit."""
    for run in _some_traces(setup):
        for number in range(1, len(run.program) + 1):
            step = run.step(number)
            walked = value(step.expression, _read_numbers(run, number).__getitem__)
            assert bits([walked]) == bits([run.value(number)]), step


@given(setups())
@examples(15)
def test_formulas_read_back(setup: Setup) -> None:
    """A formula in letters, its letters replaced by their values, and one in numbers give the value."""
    for run in _some_traces(setup):
        for number in range(1, len(run.program) + 1):
            read = _read_numbers(run, number)
            symbols = {letters(name): x for name, x in read.items()}
            assert len(symbols) == len(read), "two names that are written alike"
            expected = bits([run.value(number)])
            assert bits([evaluated(run.formula(number), symbols)]) == expected, run.formula(number)
            # + 0.0: a 0 may be written without its sign.
            in_numbers = evaluated(run.numbers(number)) + 0.0
            assert bits([in_numbers]) == bits([run.value(number) + 0.0]), run.numbers(number)


@given(setups())
@examples(15)
def test_python_lines_read_back(setup: Setup) -> None:
    """A step's line of Python, run where its names have their values, gives the value."""
    for run in _some_traces(setup):
        for number in range(1, len(run.program) + 1):
            step = run.step(number)
            read = {name: run.value_of(number, name) for name in names_in(step.expression)}
            target, _, line = python_line(step).partition(" = ")
            written = list(dict.fromkeys(IDENTIFIER.findall(line)))
            assert len(written) == len(read), f"two names that are written alike: {python_line(step)}"
            scope = dict(zip(written, read.values(), strict=True))
            exec(python_line(step), PYTHON, scope)
            assert bits([scope[target]]) == bits([run.value(number)]), python_line(step)


@given(setups())
@examples(14)
def test_pieces_match_in_letters_and_numbers(setup: Setup) -> None:
    """Each name is a part of its own; apart from brackets for signs, both writings have the same parts."""
    run = trace(setup, first_point(setup))
    for number in range(1, len(run.program) + 1):
        step = run.step(number)
        read = _read_numbers(run, number)
        parts = pieces(step.expression, "plain", lambda name: letters(name))
        in_numbers = pieces(step.expression, "plain", lambda name, read=read: number_text(read[name]))  # type: ignore[misc]
        assert "".join(p.text for p in parts) == run.formula(number)
        assert "".join(p.text for p in in_numbers) == run.numbers(number)
        assert [p.name for p in parts] == [p.name for p in in_numbers]
        assert [p.text for p in parts if not p.name] == [p.text for p in in_numbers if not p.name]


@given(setups())
@examples(20)
def test_latex_is_balanced(setup: Setup) -> None:
    """Braces of every LaTeX formula close, and nothing of the other notations is left in it."""
    for step in trace(setup, first_point(setup)).program.steps():
        text = _in_latex(step.expression)
        assert text.count("{") == text.count("}")
        assert text.count(r"\left(") == text.count(r"\right)")
        assert not set(text) & set("−·²√σηλ∂₁*"), text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1, "0.1"),
        (2.0, "2"),
        (-0.5, "−0.5"),
        (1e-8, "1e-8"),
        (-1e-8, "−1e-8"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
        (math.nan, "nan"),
        (1e22, "1e+22"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_numbers_in_full(number: float, text: str) -> None:
    """Whole numbers have no point; the minus is the mathematical one, the exponent's is not."""
    assert number_text(number) == text


A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("expression", "plain", "python", "in_latex"),
    [
        (
            apply("multiply", apply("add", A, B), C),
            "(a + b) · c",
            "(a + b) * c",
            r"\left(a + b\right) \cdot c",
        ),
        (
            apply("subtract", A, apply("subtract", B, C)),
            "a − (b − c)",
            "a - (b - c)",
            r"a - \left(b - c\right)",
        ),
        (apply("subtract", apply("subtract", A, B), C), "a − b − c", "a - b - c", "a - b - c"),
        (
            apply("divide", A, apply("multiply", B, C)),
            "a / (b · c)",
            "divide(a, b * c)",
            r"\frac{a}{b \cdot c}",
        ),
        (apply("multiply", A, apply("negative", B)), "a · (−b)", "a * (-b)", r"a \cdot \left(-b\right)"),
        (apply("negative", apply("add", A, B)), "−(a + b)", "-(a + b)", r"-\left(a + b\right)"),
        (
            apply("square", apply("subtract", A, B)),
            "(a − b)²",
            "(a - b) * (a - b)",
            r"\left(a - b\right)^{2}",
        ),
        (apply("square", apply("square", A)), "(a²)²", "(a * a) * (a * a)", r"\left(a^{2}\right)^{2}"),
        (apply("ln", apply("add", A, B)), "ln(a + b)", "ln(a + b)", r"\ln\left(a + b\right)"),
        (
            apply("xlogy", apply("subtract", A, B), apply("subtract", A, B)),
            "(a − b) · ln(a − b)",
            "xlogy(a - b, a - b)",
            r"\left(a - b\right) \cdot \ln\left(a - b\right)",
        ),
        (
            apply("multiply", A, apply("xlogy", B, C)),
            "a · (b · ln(c))",
            "a * xlogy(b, c)",
            r"a \cdot \left(b \cdot \ln\left(c\right)\right)",
        ),
        (
            apply("xdivy", apply("subtract", A, B), apply("multiply", B, C)),
            "(a − b) / (b · c)",
            "xdivy(a - b, b * c)",
            r"\frac{a - b}{b \cdot c}",
        ),
        (apply("square", Number(-2.0)), "(−2)²", "(-2) * (-2)", r"\left(-2\right)^{2}"),
        (apply("square", Name("dL/dw1")), "(∂L/∂w₁)²", "dL_dw1 * dL_dw1", None),
    ],
)
def test_brackets(expression: Expr, plain: str, python: str, in_latex: str | None) -> None:
    """The brackets that are needed, and no others."""
    assert (letters(expression), in_python(expression)) == (plain, python)
    if in_latex is not None:
        assert _in_latex(expression) == in_latex


def test_negative_numbers_within_a_formula() -> None:
    """A negative number is bracketed after a sign and under a power, not at the start."""
    values = {A: -0.5, B: -2.0}
    assert numbers(apply("multiply", A, B), values.__getitem__) == "−0.5 · (−2)"
    assert numbers(apply("add", apply("square", A), B), values.__getitem__) == "(−0.5)² + (−2)"
    assert numbers(apply("tanh", B), values.__getitem__) == "tanh(−2)"


def test_formulas_of_the_lecture() -> None:
    """What the lecture writes on the board."""
    run = trace(LECTURE, first_point(LECTURE))
    written = {s.name: (run.formula(n), run.numbers(n)) for n, s in enumerate(run.program.steps(), start=1)}
    assert written["z1"] == ("w₁ · x₁ + w₃ · x₂ + b₁", "1 · 1 + 1 · 0 + 0.5")
    assert written["L"] == ("(ŷ − y)²", "(2.5 − 2)²")
    assert written["dL/dyhat"] == ("2 · (ŷ − y)", "2 · (2.5 − 2)")
    assert written["dL/dw5"] == ("∂L/∂z₃ · ∂z₃/∂w₅", "1 · 1.5")
    assert written["dL/dh1"] == ("∂L/∂z₃ · ∂z₃/∂h₁", "1 · 1")
    assert written["w5"] == ("w₅ − η · ∂L/∂w₅", "1 − 0.01 · 1.5")


def test_expressions_are_values() -> None:
    """Equal trees are equal, and can be looked up."""
    tree = apply("add", A, apply("multiply", B, Number(2.0)))
    assert {tree: 1}[Apply("add", (Name("a"), Apply("multiply", (Name("b"), Number(2.0)))))] == 1
