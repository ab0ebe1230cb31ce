"""Answers to what was asked before it was shown, as a session keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["sign", "number", "diagram"]
LEVELS: dict[Level, str] = {
    "sign": "the sign of each value",
    "number": "each value, by its formula",
    "diagram": "each value without its formula",
}
"""What is asked at each level, from the easiest on."""

Stage = Literal["off", "asking", "telling"]
"""Whether the next step is shown as it comes, is asked for now, or has just been shown and judged."""

Result = Literal["right", "wrong", "shown"]
"""What became of a question; shown: it was looked up, which is no mistake."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one step."""

    update: int
    """From 1."""
    step: int
    """The step that was asked for, from 1."""
    level: Level
    text: str
    """As it was typed; empty where the value was looked up."""
    result: Result

    @property
    def written(self) -> str:
        """What was typed, with the sign for minus that all numbers have."""
        return self.text.replace("-", "−")
