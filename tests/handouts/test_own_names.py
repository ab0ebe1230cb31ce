"""Quantities that are called as printed code calls things of its own: nothing that is worked out changes."""

from __future__ import annotations

import ast

import pytest

from tests.handouts.test_python import assert_agrees
from tests.networks.own_names import OWN_NAMES, REFUSED, SCRIPTS, TRAININGS, module_names, setup_with
from tinynet_tui.engine.names import identifier
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.lessons.faults import LessonFault


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
