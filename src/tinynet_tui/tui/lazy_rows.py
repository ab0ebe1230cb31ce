"""Rows of a list that take time to find: they are looked for beside the keyboard, as far as there is room."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Generic, TypeVar

from tinynet_tui.tui.beside import beside

Row = TypeVar("Row")

_AT_ONCE = 0.05
"""Seconds of looking before what was found is shown."""
PATIENCE = 2.0
"""Seconds that are waited for one row: a disk or a network that hangs must not keep the others away."""


class LazyRows(Generic[Row]):
    """Finds one row after another, some at a time."""

    def __init__(
        self,
        names: Callable[[], Sequence[str]],
        row: Callable[[str], Row | None],
        late: Callable[[str], Row],
    ) -> None:
        """Know where to look.

        names: what there may be rows for; row: one of them, None where there is none; late: what stands for a
        row that does not come.
        """
        self._names = names
        self._row = row
        self._late = late
        self._left: deque[str] | None = None
        """The names whose rows are still to be found; None before they are known."""

    @property
    def is_complete(self) -> bool:
        """Whether every row has been found."""
        return self._left is not None and not self._left

    async def some(self) -> list[Row]:
        """The next rows; none where there were none among the next names."""
        if self._left is None:
            self._left = deque(await beside(self._names))
        left, found = self._left, dict[str, Row]()
        try:
            async with asyncio.timeout(PATIENCE):
                await beside(lambda: self._find(left, found))
        except TimeoutError:
            self._left = deque(left)  # the one before is in the hands of a thread that may yet wake up
        return list(found.values())

    def _find(self, left: deque[str], found: dict[str, Row]) -> None:
        until = monotonic() + _AT_ONCE
        while left:
            name = left.popleft()
            found[name] = self._late(name)
            row = self._row(name)
            if row is None:
                del found[name]
            else:
                found[name] = row
            if monotonic() >= until:
                return
