"""The update as a Python script: what it computes, prints and looks like."""

from __future__ import annotations

import ast
import contextlib
import io
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import programs
from tests.engine.bits import bits
from tests.engine.programs import PROGRAMS
from tests.engine.setups import LECTURE, networks, setup_of, setups
from tests.examples import examples
from tests.goldens import assert_golden
from tinynet_tui.engine.model import Hyperparameters, Setup
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.steps import Step
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import Point, first_point, trained
from tinynet_tui.handouts.python import line_of, lines, script
from tinynet_tui.handouts.script_parts import WIDTH
from tinynet_tui.handouts.updates import traces
from tinynet_tui.lessons.setup import setup_of as lesson_setup
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson
from tinynet_tui.networks.dense import Network, dense_model, dense_network, parameters_of
from tinynet_tui.rules.optimisers import OPTIMISERS

SHIPPED = {name: lesson_setup(shipped_lesson(name)) for name in SHIPPED_NAMES}
EVERYTHING = replace(
    setup_of(
        Network(
            (2, 2, 2), ("leaky_relu", "sigmoid"), "binary_cross_entropy", "mean", "adam", regularized=True
        ),
        (0.5, -0.25, 0.75, 1.0, -1.5, 0.25, 0.5, 0.125, 0.1, -0.2, 0.3, 0.0),
        3,
        batch=2,
    ),
    hyperparameters=Hyperparameters(learning_rate=0.1, l2=0.01),
)
"""Functions, optimiser state, L2, and batches of which the last is short."""


def run(source: str) -> tuple[dict[str, Any], list[tuple[str, float]]]:
    """What a script leaves under its names, and the (name, value) pairs that it prints."""
    scope: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(source, "<handout>", "exec"), scope)
    pairs = re.findall(r"(\w+) = (\S+)", printed.getvalue())
    return scope, [(name, float(value)) for name, value in pairs]


def source_of(setup: Setup, updates: int) -> str:
    """The whole script."""
    return "\n".join(lines(setup, updates))


def parameters_in(scope: dict[str, Any], setup: Setup) -> tuple[bytes, ...]:
    """The bits of the parameters that a script leaves."""
    return bits(scope[identifier(name)] for name in setup.model.parameter_names)


def name_in_script(step: Step) -> str:
    """What a step assigns; the check must not be taken for the loss before the update."""
    return "new_L" if step.role == "check" else identifier(step.name)


def traced(setup: Setup, updates: int) -> Iterator[tuple[str, float]]:
    """(name, value) of every step in order; a loop over batches joins those of one sample too."""
    in_batches = updates > 1 and setup.batch > 1 and len(setup.inputs) > 1
    for update in traces(setup, updates):
        program = update.program
        values = [(name_in_script(program.step(n)), update.value(n)) for n in range(1, len(program) + 1)]
        count = len(program.sample_steps) * len(program.samples)
        yield from values[:count]
        joined = dict(pair for pair in values[count:] if pair[0].startswith("dL_d"))
        if in_batches and len(program.samples) == 1:
            of_sample = dict(values[:count])
            names = [identifier(f"dL/d{name}") for name in setup.model.parameter_names]
            yield from ((name, joined.get(name, of_sample[name])) for name in names)
        else:
            yield from joined.items()
        yield from values[count + len(joined) :]


def assert_agrees(setup: Setup, updates: int) -> None:
    """Fail unless a script prints the values of the trace and ends with its parameters, to the last bit."""
    scope, printed = run(source_of(setup, updates))
    after = trained(setup, first_point(setup), updates).parameters
    assert parameters_in(scope, setup) == bits(after)
    given = set(map(identifier, (*setup.model.inputs, *setup.model.targets)))
    steps = [(name, value) for name, value in printed if name not in given]
    expected = list(traced(setup, updates))
    assert [name for name, _ in steps] == [name for name, _ in expected]
    assert bits(value for _, value in steps) == bits(value for _, value in expected)


@pytest.mark.parametrize("updates", [1, 5])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_lesson_s_script_does_what_the_steps_do(name: str, updates: int) -> None:
    """It prints every value of the trace, and ends with its parameters, to the last bit."""
    assert_agrees(SHIPPED[name], updates)


@given(setups(), st.integers(1, 4))
@examples(25)
def test_any_script_does_what_the_steps_do(setup: Setup, updates: int) -> None:
    """Whatever the layers, losses, batches and optimisers are."""
    assert_agrees(setup, updates)


@pytest.mark.parametrize("updates", [1, 3])
@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_no_network_has_its_script(name: str, samples: int, updates: int) -> None:
    """Softmax, a recurrent weight, an attention head, a function of its parameters alone."""
    model = programs.model_of(name, "adam", l2=True)
    count = samples if model.inputs else 1
    assert_agrees(programs.setup_of(model, name, count, min(count, 2)), updates)


@pytest.mark.parametrize("optimizer", list(OPTIMISERS))
@pytest.mark.parametrize("target", [9.0, 1e200, -1e308])
def test_a_script_goes_on_where_numbers_overflow(optimizer: Any, target: float) -> None:
    """Through inf and nan, without an error, with the values of the trace."""
    wild = replace(
        LECTURE,
        model=dense_model(
            dense_network(LECTURE.model)._replace(optimizer=optimizer, activations=("linear", "linear"))
        ),
        hyperparameters=Hyperparameters(learning_rate=1e200),
        targets=((target,),),
    )
    assert not all(math.isfinite(value) for _, value in traced(wild, 4))
    assert_agrees(wild, 4)


def test_a_saturated_sigmoid_divides_by_zero_and_goes_on() -> None:
    """Cross-entropy of a prediction of exactly 0 is inf or nan, as in the trace."""
    network = Network((1, 1), ("sigmoid",), "binary_cross_entropy")
    assert_agrees(setup_of(network, (-1e5, 0.0), inputs=((1.0,),), targets=((0.5,),)), 3)


@pytest.mark.parametrize("setup", [LECTURE, EVERYTHING, SHIPPED["xor"]], ids=["lecture", "everything", "xor"])
def test_it_imports_math_at_most(setup: Setup) -> None:
    """And is Python 3.11, in ASCII."""
    source = source_of(setup, 2)
    tree = ast.parse(source, feature_version=(3, 11))
    imported = [
        ast.unparse(node) for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert imported in ([], ["import math"])
    assert source.isascii()


def test_it_defines_only_what_it_calls() -> None:
    """Every function and every constant is used."""
    for setup in (*SHIPPED.values(), EVERYTHING):
        source = source_of(setup, 1)
        for name in re.findall(r"^(?:def )?(\w+)(?:\(| = )", source, re.MULTILINE):
            printed = source.count(f"{{{name} = }}")
            assert len(re.findall(rf"\b{name}\b", source)) > 1 + printed or printed, name


def test_more_updates_make_it_no_longer() -> None:
    """A million updates are the loop that two are."""
    for setup in (LECTURE, EVERYTHING):
        two, million = (list(lines(setup, updates)) for updates in (2, 1_000_000))
        assert len(two) == len(million)


@given(networks())
@examples(30)
def test_long_lines_are_folded(network: Network) -> None:
    """Sums and rows of data; nothing but a line that cannot be folded stands out."""
    values = [0.1 + n for n in range(len(parameters_of(network)))]
    for line in lines(setup_of(network, values, 2), 2):
        assert len(line) <= WIDTH + 20, line


@given(setups(), st.integers(0, 3))
@examples(15)
def test_every_step_has_its_line(setup: Setup, updates: int) -> None:
    """At any update: the line found for a step assigns its name, and lines follow each other as steps do."""
    start = trained(setup, first_point(setup), updates)
    update, text = trace(setup, start), script(setup, start)
    for number in range(1, len(update.program) + 1):
        position = line_of(text, update.program, number)
        name = name_in_script(update.program.step(number))
        assert text[position].text.strip().startswith(f"{name} = ")
    assert text[line_of(text, update.program, 0) + 1].step == (True, 0)


@given(setups(), st.integers(1, 5))
@examples(20)
def test_a_later_update_has_its_own_numbers(setup: Setup, updates: int) -> None:
    """Parameters, optimiser state, samples and t of the point that it starts from."""
    start = trained(setup, first_point(setup), updates)
    scope, _ = run("\n".join(line.text for line in script(setup, start)))
    assert parameters_in(scope, setup) == bits(trained(setup, start, 1).parameters)


def test_numbers_that_are_not_finite_are_given() -> None:
    """A script of a run that diverged starts from inf and nan."""
    start = Point(3, (math.inf, -math.inf, math.nan, *LECTURE.parameters[3:]), ())
    scope, _ = run("\n".join(line.text for line in script(LECTURE, start)))
    assert parameters_in(scope, LECTURE) == bits(trained(LECTURE, start, 1).parameters)


@pytest.mark.parametrize(
    ("name", "setup", "updates"),
    [
        ("lecture", LECTURE, 1),
        ("lecture-10", LECTURE, 10),
        ("xor", SHIPPED["xor"], 1),
        ("everything", EVERYTHING, 4),
    ],
)
def test_as_printed(name: str, setup: Setup, updates: int) -> None:
    """A straight line, a loop over updates, one over samples, and all there is at once."""
    assert_golden(f"handout-python-{name}.txt", source_of(setup, updates) + "\n")
