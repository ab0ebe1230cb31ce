"""Some steps of an update, picked out by phase, parameter and sample."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.handouts.test_printed import PAPER, printed
from tests.lessons.made import lessons
from tinynet_tui.engine.model import batch_samples
from tinynet_tui.engine.program import Program
from tinynet_tui.engine.steps import PHASES
from tinynet_tui.handouts.request import Request, StepFilter
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.lessons.setup import setup_of
from tinynet_tui.lessons.shipped import SHIPPED_NAMES, shipped_lesson

XOR = shipped_lesson("xor")
W5_OF_SAMPLE_2 = StepFilter(("backward",), ("w5",), (2,))


def _program(lesson: Lesson) -> Program:
    setup = setup_of(lesson)
    return Program(setup.model, tuple(n + 1 for n in batch_samples(len(setup.inputs), setup.batch, update=1)))


def _names(filter: StepFilter) -> list[tuple[str, int | None]]:
    program = _program(XOR)
    return [(step.name, step.sample) for step in map(program.step, filter.numbers(program))]


def test_the_steps_of_a_parameter() -> None:
    """Its chain from the loss to its gradient for each sample, the whole gradient, and its update."""
    chain = ("dL/dyhat", "dyhat/dz3", "dL/dz3", "dz3/dw5", "dL/dw5")
    own = [(name, sample) for sample in (1, 2, 3, 4) for name in chain]
    assert _names(StepFilter(parameters=("w5",))) == [*own, ("dL/dw5", None), ("w5", None)]
    assert _names(W5_OF_SAMPLE_2) == [(name, 2) for name in chain]


def _on_the_way(program: Program, parameters: Collection[str]) -> set[str]:
    """The derivatives by what leads to a parameter, found by names alone: dz3/dh1 leads from z3 to h1."""
    derivatives = [step.name for step in program.steps() if step.phase == "backward"]
    ways = [name.removeprefix("d").split("/d", 1) for name in derivatives]
    leading = set(parameters)
    for above, by in reversed(ways):
        if by in leading and above != "L":
            leading.add(above)
    return {name for name, (_, by) in zip(derivatives, ways, strict=True) if by in leading}


@pytest.mark.parametrize("name", SHIPPED_NAMES)
def test_the_chain_of_any_parameter(name: str) -> None:
    """On every path, by neurons or by formulas; each once for each sample, in the order of the steps."""
    program = _program(shipped_lesson(name))
    for parameter in program.model.parameters:
        numbers = StepFilter(parameters=(parameter.name,)).numbers(program)
        assert list(numbers) == sorted(set(numbers))
        steps = list(map(program.step, numbers))
        shown = {step.name for step in steps if step.phase == "backward"}
        assert shown == _on_the_way(program, [parameter.name])
        updates = {step.name for step in program.steps() if step.role == "update"}
        assert {step.name for step in steps if step.role == "update"} == {parameter.name} & updates


def test_the_steps_of_phases_and_samples() -> None:
    """Of several of a kind, each; of two kinds, those that are of both."""
    program = _program(XOR)
    two = [program.step(number) for number in StepFilter(("loss", "check")).numbers(program)]
    assert [(step.phase, step.sample) for step in two] == [
        *(("loss", n) for n in (1, 2, 3, 4)),
        ("check", None),
    ]
    assert {sample for _, sample in _names(StepFilter(samples=(2, 3)))} == {2, 3}
    assert not _names(StepFilter(("update",), samples=(2,)))


@given(
    lessons(),
    st.lists(st.sampled_from(PHASES[1:]), max_size=2),
    st.lists(st.sampled_from(("w1", "b1")), max_size=2),
    st.lists(st.integers(1, 4), max_size=2),
)
def test_any_filter(lesson: Lesson, phases: list[str], parameters: list[str], samples: list[int]) -> None:
    """What is shown is what a plain look at every step's own words picks out."""
    program = _program(lesson)
    chains = _on_the_way(program, parameters)
    shown = StepFilter(tuple(phases), tuple(parameters), tuple(samples))  # type: ignore[arg-type]
    expected = [
        number
        for number, step in enumerate(program.steps(), start=1)
        if (not phases or step.phase in phases)
        and (not parameters or step.name in chains or re.split("/d|_", step.name)[-1] in parameters)
        and (not samples or step.sample in samples)
    ]
    assert list(shown.numbers(program)) == expected
    setup = setup_of(lesson)
    assert shown.is_empty(setup, 1) == (not expected)


_PLACES = {
    "text": r"^(1\.\d+) ",
    "markdown": r"^- \*\*(1\.\d+)\*\*",
    "latex": r"\\textbf\{(1\.\d+)\}",
    "html": r'<th scope="row">(1\.\d+)</th>',
}
"""Where each format has the place of a step."""


def _formulas(text: str) -> set[tuple[str, ...]]:
    """The lines with a derivative, whatever the columns of their parts are, and what follows them."""
    lines = (line.removesuffix(r"\\*") for line in text.splitlines() if "∂" in line or "partial" in line)
    return {tuple(line.split()) for line in lines}


@pytest.mark.parametrize("format", PAPER)
@pytest.mark.parametrize("blank_every", [None, 1, 5])
def test_on_paper_they_are_as_in_the_whole(format: str, blank_every: int | None) -> None:
    """With their numbers and their blanks, and nothing of the other steps: no summary tells their results."""
    whole = printed(format, Request(XOR, 1, blank_every))
    part = printed(format, Request(XOR, 1, blank_every, shown=W5_OF_SAMPLE_2))
    assert re.findall(_PLACES[format], part, re.MULTILINE) == ["1.44", "1.45", "1.46", "1.47", "1.48"]
    assert "Summary" not in part
    assert _formulas(part) <= _formulas(whole)


def test_an_update_of_which_nothing_is_shown_is_left_out() -> None:
    """Updates of one sample each, of which the second update has the sample."""
    one_by_one = replace(XOR, training=replace(XOR.training, batch=1))
    text = printed("markdown", Request(one_by_one, 3, shown=StepFilter(samples=(2,))))
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == ["Update 2"]
