"""Quantities that are called as printed code calls things of its own: nothing that is worked out changes."""

from __future__ import annotations

import ast

import pytest

from tests.handouts.test_python import assert_agrees
from tests.networks.own_names import (
    OWN_NAMES,
    REFUSED,
    SCRIPTS,
    TRAININGS,
    module_names,
    setup_with,
    undefined,
)
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.operation_rows import Called
from tinynet_tui.engine.operations import OPERATIONS
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.lessons.faults import LessonFault
from tinynet_tui.lessons.parsing import parse_lesson
from tinynet_tui.lessons.setup import setup_of


@pytest.mark.parametrize("name", OWN_NAMES)
def test_they_are_kept_apart(name: str) -> None:
    """As a parameter: in the steps, the loop, the Python script, and in PyTorch's, where it is a name too."""
    for training in TRAININGS:
        try:
            setup = setup_with(name, training)
        except LessonFault:
            assert name in REFUSED
            continue
        other = setup_with("vv", training)
        point, expected = first_point(setup), first_point(other)
        assert trace(setup, point).parameters_after == trace(other, expected).parameters_after
        assert trained(setup, point, 3).parameters == trained(other, expected, 3).parameters
        for updates in (1, 3):
            assert_agrees(setup, updates)
            script = ast.parse("\n".join(SCRIPTS["PyTorch"](setup, updates)))
            assert list(module_names(script)).count(identifier(name)) == 1, training


CALLED = [row.called for row in OPERATIONS.values() if row.called is not None]


@pytest.mark.parametrize("called", CALLED, ids=[called.name for called in CALLED])
@pytest.mark.parametrize("script", SCRIPTS)
def test_what_formulas_call_is_there_in_a_script(script: str, called: Called) -> None:
    """A function that no framework's script defines would be found out by the student who runs it."""
    arguments = ["w * x", "0.5"][: max(called.arguments)]
    lesson = parse_lesson(
        f'[program]\nforward = "h = {called.name}({", ".join(arguments)})"\nloss = "(h - y)^2"\n'
        "[program.parameters]\nw = 0.5\n"
        '[data]\ncolumns = ["x", "y"]\nrows = [[2, 1]]\n[training]\nlearning_rate = 0.1\n',
        "x.toml",
    )
    assert not undefined("\n".join(SCRIPTS[script](setup_of(lesson), 1)))
