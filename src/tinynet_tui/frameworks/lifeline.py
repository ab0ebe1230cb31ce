"""The line by which the process of a framework hears that its parent is gone, however that ended."""

from __future__ import annotations

import os
import signal
from threading import Thread


def hold_on_to(lifeline: int) -> None:
    """End this process with all that it has started when the other end of a pipe is closed.

    The parent never writes to it, and the system closes it even for a parent that was killed.
    """
    os.set_inheritable(lifeline, False)
    Thread(target=_end_without, args=(lifeline,), name="lifeline", daemon=True).start()


def _end_without(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)
