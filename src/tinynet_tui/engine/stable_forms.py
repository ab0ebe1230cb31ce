"""Where 64 bits lose the digits that a step reads, and what takes the place of its expression there."""

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.engine.arithmetic import is_precise
from tinynet_tui.engine.expression_reading import value
from tinynet_tui.engine.expressions import Expr, Name

Choices = frozenset[bool]
"""Whether steps take their stable form: each answer that some samples give."""
OWN, STABLE = Choices({False}), Choices({True})


class StableForm(NamedTuple):
    """What a quantity comes to where its own expression loses digits."""

    ratio: Expr
    """How many times its prediction a target is."""
    expression: Expr

    def is_needed(self, value_of: Callable[[Name], float]) -> bool:
        """Whether a prediction with so little of a target has lost digits."""
        return not is_precise(value(self.ratio, value_of))
