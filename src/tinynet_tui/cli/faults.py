"""What ends the command early: said in words on standard error, with an exit status."""

from __future__ import annotations

PROGRAM = "tinynet-tui"

BAD_USE = 2
FAILED = 1
INTERRUPTED = 130
"""As shells have it: 128 and the number of the signal."""


class Fault(Exception):
    """Something the command cannot go on with."""

    def __init__(self, *lines: str, status: int = BAD_USE) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        """What is said."""
        self.status = status


class OutputClosed(Exception):
    """Nobody reads standard output any more, which is no fault: `tinynet-tui trace | head -1`."""
