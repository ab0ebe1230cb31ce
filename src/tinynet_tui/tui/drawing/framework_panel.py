"""The framework panel: the step in the words of PyTorch and Keras."""

from __future__ import annotations

from tinynet_tui.session.moment import Moment
from tinynet_tui.tui.drawing.look import Look
from tinynet_tui.tui.picture import Picture


def framework_panel(moment: Moment, width: int, height: int, look: Look) -> Picture:
    """The step in the words of PyTorch and Keras."""
    return look.canvas(width, height).picture()
