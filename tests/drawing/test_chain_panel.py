"""The chain of what is no parameter."""

from __future__ import annotations

from dataclasses import replace

from tests.prediction.asked import lesson
from tinynet_tui.session.moment import moment
from tinynet_tui.tui.drawing.chain_panel import chain_panel
from tinynet_tui.tui.drawing.look import Look


def test_the_keys_that_select_a_parameter_are_named_in_ascii() -> None:
    """As everywhere where an arrow cannot be shown."""
    at_input = moment(replace(lesson("lecture"), selected="x1"))
    assert "Select a parameter with ↑ and ↓." in chain_panel(at_input, 80, 6, Look()).text()
    assert "Select a parameter with Up and Down." in chain_panel(at_input, 80, 6, Look(ascii=True)).text()
