"""What a class costs: a leader's step until the last follower has it, beside tmux; bytes and memory."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.figures import PYTHON, Figure, at_most, environment, percentile
from benchmarks.terminal import Silent, proportional_megabytes

_SERVER = ("tmux", "-L", "class", "-f", os.devnull)
_STATUS_OFF = ("start-server", ";", "set-option", "-g", "status", "off", ";")
OURS = (PYTHON, "-m", "tinynet_tui", "lead", "class"), (PYTHON, "-m", "tinynet_tui", "follow", "class")
TMUX = (
    (*_SERVER, *_STATUS_OFF, "new-session", "-s", "class", PYTHON, "-m", "tinynet_tui"),
    (*_SERVER, "attach", "-r", "-t", "class"),
)
"""What leads and what follows."""
_END = (*_SERVER, "kill-server")
SIZES = ((80, 24), (100, 30), (120, 36))
_STEPS = 40
_SETTLED = 0.25
"""Seconds between two steps: a teacher's, in which the next one is drawn ahead."""
_PATIENCE = 30.0


def class_figures() -> Iterator[Figure]:
    """The figures of a class, as they are measured."""
    for watchers, limit in ((20, 0.8), (100, 1.0)):
        with Class(watchers, *OURS) as ours:
            times, sent = ours.steps()
            if watchers == 20:
                first = median(ours.first_bytes)
                yield at_most("bytes a follower gets on joining", first, 3_072, "bytes", "at three sizes")
                yield at_most("bytes a step to a follower", sent, 900, "bytes", "at three sizes")
                yield at_most("memory of a follower's terminal", ours.megabytes(), 5, "MB")
        with Class(watchers, *TMUX) as peer:
            others, _ = peer.steps()
        for name, share in (("median", 50), ("90th percentile", 90)):
            here, there = percentile(times, share), percentile(others, share)
            beside = f"tmux attach -r: {here * 1e3:.1f} ms to its {there * 1e3:.1f} ms"
            what = f"a step until the last of {watchers} has it, {name}"
            yield at_most(what, here / there, limit, "×", beside)


class Class:
    """A leader and many who watch, each on a pseudo-terminal of their own, until the block ends."""

    def __init__(self, watchers: int, lead: Sequence[str], follow: Sequence[str]) -> None:
        self._watchers, self._lead, self._follow = watchers, lead, follow
        self.first_bytes: list[int] = []
        """What each follower got before the first step."""
        self._open = ExitStack()

    def __enter__(self) -> Class:
        folder = self._open.enter_context(TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True))
        own = {"TINYNET_TUI_ROOMS": folder, "XDG_STATE_HOME": folder, "TMUX_TMPDIR": folder}
        looks = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        self._environ = {**environment(), **own, **looks}
        self._open.callback(subprocess.run, _END, env=self._environ, stderr=subprocess.DEVNULL)
        self._leader = self._start(self._lead, (80, 24))
        self._wait_for(self._leader, b"update 1")
        self._ends = []
        for number in range(self._watchers):
            self._ends.append(self._start(self._follow, SIZES[number % len(SIZES)]))
        self.first_bytes = list(self._drained(3.0 + self._watchers / 20).values())
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def steps(self) -> tuple[list[float], float]:
        """(seconds until the last follower has something of a step, for each; bytes of one to a follower)."""
        times, sent = [], 0
        for _ in range(_STEPS):
            self._drained(_SETTLED)
            begun, waiting = perf_counter(), set(self._ends)
            os.write(self._leader, b"l")
            while waiting:
                ready, _, _ = select.select([*waiting, self._leader], [], [], _PATIENCE)
                if not ready:
                    raise Silent("a follower got nothing of a step")
                for end in ready:
                    arrived = os.read(end, 65_536)
                    sent += len(arrived) if end != self._leader else 0
                    waiting.discard(end)
            times.append(perf_counter() - begun)
        return times, sent / _STEPS / self._watchers

    def megabytes(self) -> float:
        """Of memory, of the follower that was started last."""
        return proportional_megabytes(self._last)

    def _start(self, command: Sequence[str], size: tuple[int, int]) -> int:
        end, other = pty.openpty()
        columns, rows = size
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        process = subprocess.Popen(
            command,
            stdin=other,
            stdout=other,
            stderr=other,
            env=self._environ,
            start_new_session=True,
        )
        os.close(other)
        self._last = process.pid
        self._open.callback(os.close, end)
        self._open.callback(process.wait)
        self._open.callback(process.kill)
        return end

    def _wait_for(self, end: int, words: bytes) -> None:
        seen = b""
        while words not in seen:
            if not select.select([end], [], [], _PATIENCE)[0]:
                raise Silent("the leader shows nothing")
            seen += os.read(end, 65_536)

    def _drained(self, seconds: float) -> dict[int, int]:
        """Bytes that each follower gets within some seconds."""
        counts, last = dict.fromkeys(self._ends, 0), perf_counter() + seconds
        while (left := last - perf_counter()) > 0:
            for end in select.select([*self._ends, self._leader], [], [], left)[0]:
                sent = os.read(end, 65_536)
                if end != self._leader:
                    counts[end] += len(sent)
        return counts
