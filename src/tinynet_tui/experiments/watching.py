"""Long work can be watched, and ended by who watches it."""

from __future__ import annotations

from collections.abc import Callable

Watch = Callable[[float], object]
"""Called now and then with the share of the work that is done, from 0 to 1; what it raises ends the work."""


class Stopped(Exception):
    """Raised by a watch that wants no more of the work."""


def unwatched(_share: float) -> None:
    """The watch of work that nobody watches."""


def part(watch: Watch, index: int, parts: int) -> Watch:
    """The watch of one of so many equal parts (from 0) of a work."""
    return lambda share: watch((index + share) / parts)
