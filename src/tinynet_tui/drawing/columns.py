"""A table as lines of text."""

from __future__ import annotations

from collections.abc import Sequence


def columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows of a name, numbers, and words: numbers are flush right, the others flush left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join((name.ljust(widths[0]), *map(str.rjust, numbers, widths[1:]), words))
        for name, *numbers, words in rows
    ]
