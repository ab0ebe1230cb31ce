"""Lines of CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable


class _Line:
    """Gives back what is written to it."""

    @staticmethod
    def write(text: str) -> str:
        return text


_WRITER = csv.writer(_Line, lineterminator="")


def csv_line(cells: Iterable[object]) -> str:
    """One line, without its end: numbers in full precision, −0 as 0, None as an empty cell."""
    # Adding 0 takes the sign from −0, and nothing from any other number.
    return str(_WRITER.writerow(cell + 0.0 if isinstance(cell, float) else cell for cell in cells))
