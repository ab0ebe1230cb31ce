"""A process of its own for a framework, which may do there what it wants.

As a program it runs scripts and answers what their names stand for: it reads lines
{"script": …, "wanted": […]} from standard input and answers each with a line {"values": […]} or
{"fault": …}. What the scripts themselves print goes nowhere.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import IO, Any

_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu"}
"""On the processor, where results are the same each time, and without talk about it."""


def environment() -> dict[str, str]:
    """The environment of the process."""
    return {**os.environ, **_QUIET}


@contextlib.contextmanager
def own_process(command: Sequence[str], stdin: IO[str] | None = None) -> Iterator[Popen[str]]:
    """A process with a pipe for its output, ended with all that it has started.

    stdin: the file that it reads; without one it has a pipe for its input, too. The command gets one more
    argument, for `hold_on_to`: it ends even where this process is killed.
    """
    with (
        _lifeline() as lifelines,
        Popen(
            (*command, *map(str, lifelines)),
            stdin=stdin or PIPE,
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


def hold_on_to(lifeline: int) -> None:
    """End this process with all that it has started when the other end of a pipe is closed.

    The parent never writes to it, and the system closes it even for a parent that was killed.
    """
    os.set_inheritable(lifeline, False)
    Thread(target=_end_without, args=(lifeline,), name="lifeline", daemon=True).start()


def _end_without(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


def main() -> None:
    """FrameworkUpdate every task."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answer:
        # At the level of the system: frameworks print from C++ too.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        for line in sys.stdin:
            print(json.dumps(_answer(json.loads(line))), file=answer, flush=True)


def _answer(task: dict[str, Any]) -> dict[str, object]:
    scope: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(task["script"], "<script>", "exec"), scope)
        values = [_plain(eval(wanted, scope)) for wanted in task["wanted"]]
    except (Exception, SystemExit) as error:
        return {"fault": " ".join(f"{type(error).__name__}: {error}".split())}
    return {"values": values}


def _plain(value: Any) -> float | str:
    """A version as it is, a number of the framework's own kind as a float."""
    return value if isinstance(value, str) else float(value)


if __name__ == "__main__":
    for lifeline in sys.argv[1:]:
        hold_on_to(int(lifeline))
    main()
