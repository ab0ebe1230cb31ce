"""A process that a process of ours has started and that never ends by itself: it has to be ended with it."""

from __future__ import annotations

import os
import select
import signal
from pathlib import Path

from tests.pseudo_terminal import SAFETY


class Grandchild:
    """Holds a named pipe open for as long as it lives, even where nobody is left to bury it."""

    def __init__(self, directory: Path) -> None:
        path = directory / "alive"
        os.mkfifo(path)
        self._pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        program = (
            "import os, signal\n"
            f"alive = open({str(path)!r}, 'w')\n"
            "print(os.getpid(), file=alive, flush=True)\n"
            "print('it runs', flush=True)\n"
            "while True:\n"
            "    signal.pause()"
        )
        self.start = (
            "import subprocess, sys",
            f"grandchild = subprocess.Popen([sys.executable, '-c', {program!r}], stdout=subprocess.PIPE)",
            "grandchild.stdout.readline()",
        )
        """The lines of Python that start it and wait until it runs."""

    def wait_for_it(self) -> None:
        """Wait until it runs."""
        assert select.select([self._pipe], [], [], SAFETY)[0], "it was never started"

    def is_gone(self) -> bool:
        """Whether it ran and has ended, or does so now; it is gone afterwards in either case."""
        number = int(os.read(self._pipe, 100))
        if select.select([self._pipe], [], [], SAFETY)[0]:
            return os.read(self._pipe, 1) == b""
        os.kill(number, signal.SIGKILL)
        return False
