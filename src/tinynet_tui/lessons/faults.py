"""What is said about a lesson that cannot be used: clear lines, in which nothing but text is left."""

from __future__ import annotations

from collections.abc import Iterable

from tinynet_tui.lessons.schema import LIMITS
from tinynet_tui.safety.foreign_text import LONGEST_QUOTE, printable
from tinynet_tui.safety.refusal import Refusal

LONGEST_NAME = 250
"""Characters of a file's name, of which the last are told."""


class LessonFault(Refusal):
    """A lesson that cannot be used; `lines` say why: file, place, and what would be right."""

    is_whole = True
    lines: tuple[str, ...]
    """One for each fault; beyond `LIMITS.faults`, one that says how many more there are."""

    def __init__(self, source: str, faults: Iterable[str]) -> None:
        """Join the name of a file with its faults, each "place: words" or words alone."""
        name = source if len(source) <= LONGEST_NAME else f"…{source[-LONGEST_NAME:]}"
        every = tuple(faults)
        told = (f"{printable(name)}: {fault}" for fault in every[: LIMITS.faults])
        more = len(every) - LIMITS.faults
        super().__init__(*told, *([f"… and {more} more"] if more > 0 else []))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of some names that a misspelt one is likely to mean, or None."""
    from difflib import get_close_matches  # only faults need it

    return next(iter(get_close_matches(name[: 2 * LONGEST_QUOTE], list(names), n=1)), None)
