"""What ends the command early: said in words on standard error, with an exit status."""

from __future__ import annotations

from tinynet_tui.safety.refusal import Refusal

PROGRAM = "tinynet-tui"

FAILED = 1
INTERRUPTED = 130
"""As shells have it: 128 and the number of the signal."""


class Fault(Refusal):
    """Something the command cannot go on with, in lines that are said as they are."""

    is_whole = True

    def __init__(self, *lines: str, status: int = Refusal.status) -> None:
        super().__init__(*lines)
        self.status = status


class OutputClosed(Exception):
    """Nobody reads standard output any more, which is no fault: `tinynet-tui trace | head -1`."""
