"""The way that a step takes through a program: which lines it joins, and what it is about in them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tinynet_tui.drawing.program_lines import lines_of
from tinynet_tui.drawing.scene import Scene
from tinynet_tui.engine.names import of_derivative


class Way(NamedTuple):
    """Where a step arrives, and where it comes from; both as names of quantities, or L."""

    to: str | None = None
    """The line whose value or gradient it gives; None where that is a given number's."""
    come_from: frozenset[str] = frozenset()
    underlined: Mapping[str, frozenset[str]] = MappingProxyType({})
    """For the name of a line, the names in its formula that the step is about."""

    @property
    def focus(self) -> tuple[str, ...]:
        """The lines to have in sight, the one that is needed most first."""
        return ((self.to,) if self.to else ()) + tuple(sorted(self.come_from))


def way_of(scene: Scene) -> Way:
    """The way of a step, or of the one that is asked for; nothing of what is for the learner to find."""
    moment = scene.asked.answer if scene.asked else scene.moment
    sheet = lines_of(moment.model, scene.look)
    step = moment.step
    if step is None or step.phase not in ("forward", "loss", "backward"):
        return Way()
    if scene.asked is not None and scene.asked.level == "diagram":
        return Way(step.name if step.name in sheet.row_of else None)
    derivative = of_derivative(step.name)
    if derivative is None:
        return Way(step.name, moment.reads & sheet.row_of.keys(), {step.name: moment.reads})
    top, bottom = derivative
    joins_samples = step.sample is None
    readers = (top,) if step.role == "local" else () if joins_samples else sheet.readers.get(bottom, ())
    # A given number has no line: its way begins at those that read it.
    to = bottom if bottom in sheet.row_of else None
    return Way(to, frozenset(readers), dict.fromkeys(readers, frozenset((bottom,))))
