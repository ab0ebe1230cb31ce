"""What PyTorch's own .grad holds where zero_grad() was left out, beside what the framework panel says."""

from __future__ import annotations

import json

import pytest

from tests.frameworks.one_process import installed, replies
from tests.frameworks.test_frameworks import MADE, SHIPPED
from tinynet_tui.engine.model import Setup
from tinynet_tui.engine.trace import trace
from tinynet_tui.engine.training import first_point, trained
from tinynet_tui.experiments.wrong_updates import accumulated_gradient
from tinynet_tui.handouts import pytorch
from tinynet_tui.handouts.framework import Framework


def task(framework: Framework, setup: Setup) -> dict[str, object]:
    """Two updates by the handed out script, the second without zero_grad()."""
    script = "\n".join(pytorch.lines(setup, 2))
    call = pytorch.zeroing(setup.model)
    assert script.count(f"    {call}") == 1
    names = list(setup.model.parameter_names)
    wanted = [framework.attribute(setup.model, f"{d}{name}") for d in ("dL/d", "") for name in names]
    return {"script": script.replace(call, f"if t == 1: {call}"), "wanted": wanted}


def test_gradients_add_up_as_the_panel_says() -> None:
    """.grad, and what becomes of the parameter, in update 2 of every lesson and with every optimizer."""
    framework = installed("PyTorch")
    setups = [*SHIPPED.values(), *MADE]
    for setup, reply in zip(setups, replies(task(framework, setup) for setup in setups), strict=True):
        first = first_point(setup)
        before, now = trace(setup, first), trace(setup, trained(setup, first, 1))
        found = [accumulated_gradient(before, now, name) for name in setup.model.parameter_names]
        values = json.loads(reply)["values"]
        assert values[: len(found)] == pytest.approx([f.held for f in found], rel=1e-9, abs=1e-12), setup
        for left, value in zip(found, values[len(found) :], strict=True):
            if left.parameter is not None:
                assert left.parameter == pytest.approx(value, rel=1e-9, abs=1e-12), setup
