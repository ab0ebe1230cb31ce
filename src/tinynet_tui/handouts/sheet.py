"""What is asked for: a lesson's first updates, whole or with results left out, for somebody by name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tinynet_tui.lessons.schema import Lesson

_JOINERS = "\u200c\u200d"
"""Without a width of their own, but part of how Persian, Hindi and emoji are written."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lesson's first updates on paper."""

    lesson: Lesson
    updates: int = 1
    blank_every: int | None = None
    """Every n-th result is blank: 1 leaves out all, None none."""
    student: str = ""
    """Whose sheet it is."""

    @property
    def is_worksheet(self) -> bool:
        """Whether results are left out of it."""
        return self.blank_every is not None


def one_line(text: str) -> str:
    """A text as one line, without the characters that steer a terminal, a reader's direction or a parser.

    Example:
        >>> one_line("Ada\\n\\x1b[31m  Lovelace ")
        'Ada [31m Lovelace'
    """
    return "".join(character for character in " ".join(text.split()) if _is_written(character))


def _is_written(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in ("Cc", "Cf", "Cn", "Co", "Cs")
