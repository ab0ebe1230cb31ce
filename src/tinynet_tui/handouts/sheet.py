"""What is asked for: a lesson's first updates, whole or with results left out, for somebody by name."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.handouts.step_filter import EVERY_STEP, StepFilter
from tinynet_tui.lessons.schema import Lesson


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lesson's first updates on paper."""

    lesson: Lesson
    updates: int = 1
    blank_every: int | None = None
    """Every n-th result is blank: 1 leaves out all, None none."""
    student: str = ""
    """Whose sheet it is."""
    shown: StepFilter = EVERY_STEP
    """The steps that are on it; their numbers, and what is left out, are those of the whole."""

    @property
    def is_worksheet(self) -> bool:
        """Whether results are left out of it."""
        return self.blank_every is not None
