"""Screens of programs that are no dense networks, at four sizes, in Unicode and in ASCII, byte for byte."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.drawing.test_golden_screens import SIZES, framed
from tests.engine.programs import model_of, setup_of
from tests.goldens import assert_golden
from tests.session.opened_programs import Opened
from tinynet_tui.drawing.look import Look
from tinynet_tui.session.session import View

STEPS = {"attention": (38, 70), "recurrent": (15,), "softmax": (7,), "plain function": (3,)}
"""Where gradients come together, in the update, at a gradient, at a sum, and where the loss is all."""


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("view", ["sheet", "diagram"])
@pytest.mark.parametrize("ascii", [False, True], ids=["unicode", "ascii"])
def test_programs(name: str, view: View, ascii: bool, opened: Opened) -> None:
    """As a sheet and as a graph."""
    session = replace(opened(setup_of(model_of(name), name)), view=view)
    sizes = (*SIZES, (160, 48)) if name == "attention" and view == "diagram" else SIZES
    lines = [line for step in STEPS[name] for line in framed(replace(session, step=step), sizes, Look(ascii))]
    suffix = "-ascii" if ascii else ""
    assert_golden(f"screens/program-{name.replace(' ', '-')}-{view}{suffix}.txt", "\n".join(lines) + "\n")
