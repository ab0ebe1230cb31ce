"""What is asked for: a lesson's first updates, whole or with results left out, for somebody by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinynet_tui.engine.trace import Trace
from tinynet_tui.experiments.watch import Watch, unwatched
from tinynet_tui.handouts.step_filter import EVERY_STEP, StepFilter
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session.session import DIGITS

_TOLD_EVERY = 100
"""Steps between two calls of the watch: some milliseconds."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lesson's first updates on paper."""

    lesson: Lesson
    updates: int = 1
    blank_every: int | None = None
    """The result of every n-th step is left out: 1 leaves out all, None none."""
    student: str = ""
    """Whose sheet it is."""
    shown: StepFilter = EVERY_STEP
    """The steps that are on it; their numbers, and what is left out, are those of the whole."""
    digits: int = DIGITS
    """Significant digits of its numbers."""
    watch: Watch = unwatched
    """Who is told how much of it is written."""

    def watched(self, trace: Trace, numbers: Sequence[int]) -> Iterator[int]:
        """The numbers of an update's steps, each when it is written: so it is known how far that is."""
        for index, number in enumerate(numbers):
            if index % _TOLD_EVERY == 0:
                self.watch((trace.start.update - 1 + index / len(numbers)) / self.updates)
            yield number

    @property
    def is_worksheet(self) -> bool:
        """Whether results are left out of it."""
        return self.blank_every is not None
