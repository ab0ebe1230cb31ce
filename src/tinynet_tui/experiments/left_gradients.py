"""What a framework's .grad holds, and what it would hold had nobody set it to 0 before this update."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from tinynet_tui.engine.expressions import Name
from tinynet_tui.engine.trace import Trace
from tinynet_tui.engine.walks import value


@dataclass(frozen=True, slots=True)
class LeftGradient:
    """A parameter in an update in which the gradient of the update before was left in .grad."""

    left: float
    """What the update before left there."""
    own: float
    """This update's gradient."""
    parameter: float | None
    """What the parameter becomes with both; None for one that is frozen."""

    @property
    def held(self) -> float:
        """What .grad holds then."""
        return self.left + self.own


def left_gradient(before: Trace, now: Trace, name: str) -> LeftGradient:
    """A parameter's update, had zero_grad() been left out between two updates."""
    left, own = before.gradient(name), now.gradient(name)
    changed = {f"dL/d{name}": left + own}

    def read(at: int, quantity: Name) -> float:
        return changed[quantity.name] if quantity.name in changed else now.value_of(at, quantity)

    for step in now.program.closing_steps:
        if step.name in (name, f"m_{name}", f"v_{name}"):
            at = now.program.number(step.name)
            assert at is not None, "a step has a number"
            changed[step.name] = value(step.expression, partial(read, at))
    return LeftGradient(left, own, changed.get(name))
