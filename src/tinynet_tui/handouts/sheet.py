"""What is asked for: a lesson's first updates, whole or with results left out, for somebody by name."""

from __future__ import annotations

from dataclasses import dataclass

from tinynet_tui.handouts.step_filter import EVERY_STEP, StepFilter
from tinynet_tui.lessons.schema import Lesson
from tinynet_tui.session.session import DIGITS


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

    @property
    def is_worksheet(self) -> bool:
        """Whether results are left out of it."""
        return self.blank_every is not None
