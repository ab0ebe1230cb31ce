"""The panels at steps of programs that are no dense networks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.programs import PROGRAMS, model_of, setup_of
from tests.session.opened_programs import Opened
from tinynet_tui.drawing.chain_panel import chain_panel
from tinynet_tui.drawing.code_panel import code_panel
from tinynet_tui.drawing.framework_panel import framework_panel
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.loss_panel import loss_panel
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.drawing.step_panel import step_panel
from tinynet_tui.drawing.table_panel import table_panel
from tinynet_tui.drawing.variants_panel import variants_panel
from tinynet_tui.engine.names import identifier, symbol
from tinynet_tui.session.history import program_of
from tinynet_tui.session.moment import moment


@pytest.mark.parametrize("l2", [False, True])
@pytest.mark.parametrize("name", PROGRAMS)
def test_panels_at_every_step(name: str, l2: bool, opened: Opened) -> None:
    """The step's formula, its line of Python, the chain of the selected parameter, and all parameters."""
    model = model_of(name, "adam" if l2 else "gradient_descent", l2=l2)
    session = opened(setup_of(model, name, samples=3 if l2 else 1, batch=2 if l2 else 1))
    names = model.parameter_names
    for number in range(1, len(program_of(session)) + 1):
        scene = Scene(moment(replace(session, step=number)), Look())
        step = scene.moment.step
        assert step is not None
        assert symbol(step.quantity) in step_panel(scene, 100, 12).text()
        assert identifier(step.name) in code_panel(scene, 100, 12).text() or step.role == "check"
        assert f"∂L/∂{symbol(names[0])}" in chain_panel(scene, 100, 12).text()
        table = table_panel(scene, 100, len(names) + 1).text()
        assert all(symbol(parameter) in table for parameter in names)
        assert loss_panel(scene, 100, 12).text().strip()
        assert variants_panel(scene, 100, 12).text().strip()
        assert "networks of layers alone" in framework_panel(scene, 100, 12).text()
