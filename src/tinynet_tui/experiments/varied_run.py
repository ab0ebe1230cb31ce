"""A run with one value of what is varied, and a table of such runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from tinynet_tui.engine.training import Run
from tinynet_tui.experiments.run_words import verdict_brief
from tinynet_tui.experiments.runs import Verdict
from tinynet_tui.teaching.charts import Curve
from tinynet_tui.teaching.numbers import rate_text

Value = TypeVar("Value", int, float, str)
"""Of what is varied: a number, or a name."""


@dataclass(frozen=True, slots=True)
class VariedRun(Generic[Value]):
    """A run with one value of what is varied."""

    value: Value
    losses: Sequence[float]
    """From update 0, which is before training, to the last; over all samples."""
    rises: int
    """Updates after which the loss was higher by more than a thousandth of what it was."""
    verdict: Verdict
    """How its losses went."""
    at: int | None
    """The update at which that first shows; None for slow and falls."""
    words: str
    """The verdict, in one or two short sentences."""
    run: Run = field(compare=False, repr=False)
    """Its parameters at any update."""

    @property
    def name(self) -> str:
        """Its value in words."""
        return self.value if isinstance(self.value, str) else rate_text(self.value)

    @property
    def brief(self) -> str:
        """The verdict, in a few words."""
        return verdict_brief(self.verdict, self.at)

    @property
    def told(self) -> str:
        """What is said of it on the page, in sentences: its words, if its kind has no more to say."""
        return self.words

    @property
    def curve(self) -> Curve:
        """Its losses."""
        return Curve(self.name, range(len(self.losses)), self.losses)


@dataclass(frozen=True, slots=True)
class RunTable:
    """Runs, of which one is chosen, at one update."""

    differ_in: str
    """The heading of their names."""
    runs: Sequence[VariedRun[Any]]
    chosen: int
    update: int
