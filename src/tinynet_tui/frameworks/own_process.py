"""A process of its own for a framework, which may do there what it wants."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from subprocess import DEVNULL, PIPE, Popen

_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
"""On the processor, where results are the same each time, and without talk about it."""


def environment() -> dict[str, str]:
    """The environment of the process."""
    return {**os.environ, **_QUIET}


@contextlib.contextmanager
def own_process(command: Sequence[str]) -> Iterator[Popen[str]]:
    """A process with pipes for its input and its output, ended with all that it has started.

    The command gets one more argument, for `hold_on_to`: it ends even where this process is killed.
    """
    with (
        _lifeline() as lifelines,
        Popen(
            (*command, *map(str, lifelines)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment(),
            start_new_session=True,
            pass_fds=lifelines,
        ) as process,
    ):
        try:
            yield process
        finally:
            _end(process)


@contextlib.contextmanager
def _lifeline() -> Iterator[tuple[int, ...]]:
    """The end of a pipe that a process is to hold on to; none on Windows, where it cannot be handed over."""
    if sys.platform == "win32":
        yield ()
        return
    held, let_go = os.pipe()
    try:
        yield (held,)
    finally:
        os.close(held)
        os.close(let_go)


def _end(process: Popen[str]) -> None:
    """End a process with all that it has started; on Windows, which has no groups of processes, it alone."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
