"""What a class costs: a leader's step until the last follower has it, beside tmux; bytes and memory."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from math import ceil
from operator import truediv
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import msgspec

from benchmarks.figures import PYTHON, Figure, at_most, environment, percentile, side_by_side
from benchmarks.terminal import Silent, proportional_megabytes
from tinynet_tui.classroom.directory import Address, own_user
from tinynet_tui.classroom.message_contents import VERSION, Hello
from tinynet_tui.cli.follow import thin_command

_SERVER = ("tmux", "-L", "class", "-f", os.devnull)
_STATUS_OFF = ("start-server", ";", "set-option", "-g", "status", "off", ";")
APP = (PYTHON, "-m", "tinynet_tui")
OURS = (*APP, "lead", "class"), (*APP, "follow", "class")
TMUX = (
    (*_SERVER, *_STATUS_OFF, "new-session", "-s", "class", *APP),
    (*_SERVER, "attach", "-r", "-t", "class"),
)
"""What leads and what follows."""
_END = (*_SERVER, "kill-server")
SIZES = ((80, 24), (100, 30), (120, 36), (60, 20), (200, 60), (132, 43), (90, 28), (110, 32))
"""Of followers' terminals, in turn: as many of these as there are to be kinds."""
_STEPS = 20
_ON_THE_WAY = "--at", "1.20"
"""A place where more is on the screen than at the start."""
_SETTLED = 0.25
"""Seconds between two steps: a teacher's, in which the next one is drawn ahead."""
_QUIET = 0.4
"""Seconds without a byte after which programs that have started have nothing more to send."""
_STAYS = 8
"""How often a follower steps alone and comes back."""
_PATIENCE = 30.0


def class_figures() -> Iterator[Figure]:
    """The figures of a class, as they are measured."""
    with Class(0, 3, APP, OURS[1]) as alone:
        own_alone = median(alone.own_steps())
    with Class(0, 3, (*OURS[0], *_ON_THE_WAY), OURS[1]) as empty:
        yield from _joins(empty)
    for watchers, kinds, limit in ((20, 3, 0.8), (100, 5, 1.0), (100, 8, 1.2)):
        with Class(watchers, kinds, *OURS) as ours:
            if watchers == 20:
                yield from _small_class(ours)
            elif kinds == 5:
                yield from _large_class(ours, own_alone)
            with Class(watchers, kinds, *TMUX) as peer:
                before = ours.sent
                times = [(ours.step(), peer.step()) for _ in range(_STEPS)]
        if watchers == 20:
            sent = (ours.sent - before) / _STEPS / watchers
            yield at_most("bytes a step to a follower", sent, 900, "bytes", f"at {kinds} sizes")
        for name, share in (("median", 50), ("90th percentile", 90)):
            here, there = (percentile(each, share) for each in zip(*times, strict=True))
            beside = f"tmux attach -r: {here * 1e3:.1f} ms to its {there * 1e3:.1f} ms"
            what = f"a step until the last of {watchers} of {kinds} sizes has it, {name}"
            yield at_most(what, here / there, limit, "×", beside)


def _joins(empty: Class) -> Iterator[Figure]:
    """What who joins is sent: at the design size, and at others beside the first screen of an app there.

    The app opens where the class is: what is drawn is the same.
    """
    alone = [empty.first_bytes(OURS[1], size) for size in SIZES]
    own = [empty.first_bytes((*APP, *_ON_THE_WAY), size) for size in SIZES]
    yield at_most("bytes a follower gets on joining at 80×24", alone[0], 3_072, "bytes")
    most = max(map(truediv, alone, own))
    yield at_most("the same at other sizes, at the most", most, 1.0, "×", "an app's own first screen there")


def _small_class(ours: Class) -> Iterator[Figure]:
    """What a class of 20 costs its followers."""
    yield at_most("memory of a follower's terminal", ours.megabytes(), 5, "MB")
    panels, jumps = (
        1e3 * median(ours.step(keys[number % 2]) for number in range(_STEPS // 2))
        for keys in ((b"2", b"1"), (b"]", b"["))
    )
    yield at_most("a panel key of the leader's until the last of 20 has it", panels, 15, "ms")
    yield at_most("a jump of the leader's until the last of 20 has it", jumps, 15, "ms")
    yield at_most("a follower's terminal until its first screen", 1e3 * median(ours.thin_starts()), 50, "ms")
    for who, away_in, back_in in (("the leader's user", 80, 30), ("another user", 600, 600)):
        if who == "another user":
            ours.be_another_user()
        away, back = (1e3 * median(times) for times in ours.stays_alone())
        yield at_most(f"a step key until one's own app shows it, {who}", away, away_in, "ms")
        yield at_most(f"F until the class is seen again, {who}", back, back_in, "ms")


def _large_class(ours: Class, own_alone: float) -> Iterator[Figure]:
    """What a class of 100 costs its leader, and what one follower who is stopped costs the others."""
    share = ours.leaders_growth() / 100
    yield at_most("memory of the leader's process for each of 100 followers", share, 0.05, "MB")
    own = median(ours.own_steps())
    beside = f"without a class: {own * 1e3:.1f} ms to {own_alone * 1e3:.1f} ms"
    yield at_most("the leader's own step with 100 followers", own / own_alone, 1.2, "×", beside)
    ratio, *_ = side_by_side(ours.step_with_one_stopped, ours.step, _STEPS)
    yield at_most("a step until the last has it, with one who is stopped", ratio, 1.1, "×")


class Class:
    """A leader and many who watch, each on a pseudo-terminal of their own, until the block ends."""

    def __init__(self, watchers: int, kinds: int, lead: Sequence[str], follow: Sequence[str]) -> None:
        self._watchers, self._lead, self._follow = watchers, lead, follow
        self._sizes = SIZES[:kinds]
        self._open = ExitStack()
        self._processes: dict[int, int] = {}
        self._stopped: set[int] = set()
        self.sent = 0
        """Bytes that followers got of steps."""

    def __enter__(self) -> Class:
        folder = self._open.enter_context(TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True))
        own = {"TINYNET_TUI_ROOMS": folder, "XDG_STATE_HOME": folder, "TMUX_TMPDIR": folder}
        looks = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        self._folder = folder
        self._environ = {**environment(), **own, **looks}
        self._open.callback(subprocess.run, _END, env=self._environ, stderr=subprocess.DEVNULL)
        self._leader = self._start(self._lead, (80, 24))
        self._leading = self._last
        self._wait_for(self._leader, b"update 1")
        self._ends: list[int] = []
        self._drained(1.0)  # it goes on to load, and to draw ahead
        self._alone = proportional_megabytes(self._leading)
        for number in range(self._watchers):
            self._ends.append(self._start(self._follow, self._sizes[number % len(self._sizes)]))
        self._until_quiet()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def step(self, key: bytes = b"l") -> float:
        """Seconds until the last follower has something of a key."""
        self._drained(_SETTLED)
        begun, waiting = perf_counter(), set(self._ends) - self._stopped
        os.write(self._leader, key)
        while waiting:
            ready, _, _ = select.select([*waiting, self._leader], [], [], _PATIENCE)
            if not ready:
                raise Silent("a follower got nothing of a step")
            for end in ready:
                arrived = os.read(end, 65_536)
                self.sent += len(arrived) if end != self._leader else 0
                waiting.discard(end)
        return perf_counter() - begun

    def step_with_one_stopped(self) -> float:
        """The same, while one follower's program is stopped: until the last of the others has it."""
        one = self._ends[0]
        os.kill(self._processes[one], signal.SIGSTOP)
        self._stopped = {one}
        taken = self.step()
        os.kill(self._processes[one], signal.SIGCONT)
        self._stopped = set()
        return taken

    def first_bytes(self, command: Sequence[str], size: tuple[int, int]) -> int:
        """Bytes of the first screen of a program at a size."""
        self._ends = [end := self._start(command, size)]
        arrived = self._until_quiet()[end]
        self._ends = []
        os.kill(self._last, signal.SIGTERM)
        return arrived

    def own_steps(self) -> list[float]:
        """Seconds until the leader's own screen has something of a step, for each."""
        times = []
        for _ in range(_STEPS):
            self._drained(_SETTLED)
            times.append(self._until(self._leader, b"l", b""))
        return times

    def stays_alone(self) -> tuple[list[float], list[float]]:
        """(seconds until a follower's own app shows a step; until they see the class again), for each."""
        away, back = [], []
        for _ in range(_STAYS):
            self._drained(_SETTLED)
            away.append(self._until(self._ends[0], b"l", b"by yourself"))
            self._drained(_SETTLED)
            back.append(self._until(self._ends[0], b"F", b"following"))
        return away, back

    def thin_starts(self) -> list[float]:
        """Seconds from the start of a follower's terminal to its first screen, for each of some."""
        (path,) = Path(self._folder).glob("*/class")
        address = Address("class", own_user(), path)
        times = []
        for number in range(_STAYS):
            # Each has a name of their own: whoever has another than they wished for is told so first.
            hello = Hello(VERSION, f"Joan {number}", "truecolor", False, "dark")
            thin = thin_command(address, msgspec.json.encode(hello), handed="", is_kiosk=False)
            begun = perf_counter()
            self._wait_for(self._start(thin, (80, 24)), b"following")
            times.append(perf_counter() - begun)
        return times

    def be_another_user(self) -> None:
        """Have nobody fork apps: as it is for followers who are not the leader's user."""
        (path,) = Path(self._folder).glob("*/class~apps")
        path.unlink()

    def leaders_growth(self) -> float:
        """Megabytes that the leader's process has more than without followers."""
        return proportional_megabytes(self._leading) - self._alone

    def _until(self, end: int, key: bytes, words: bytes) -> float:
        """Seconds from a key on a terminal until that shows some words, or anything."""
        begun = perf_counter()
        os.write(end, key)
        self._wait_for(end, words)
        return perf_counter() - begun

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
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # as a terminal's window does it
        )
        os.close(other)
        self._last = self._processes[end] = process.pid
        self._open.callback(os.close, end)
        self._open.callback(process.wait)
        self._open.callback(process.kill)
        return end

    def _wait_for(self, end: int, words: bytes) -> None:
        seen = b""
        while not seen or words not in seen:
            if not select.select([end], [], [], _PATIENCE)[0]:
                raise Silent("a terminal does not show what it should")
            seen += os.read(end, 65_536)

    def _until_quiet(self) -> dict[int, int]:
        """Bytes that each follower gets until all have something, and then nothing more arrives."""
        counts = dict.fromkeys(self._ends, 0)
        for _ in range(ceil(_PATIENCE / _QUIET)):
            arrived = self._drained(_QUIET)
            counts = {end: count + arrived[end] for end, count in counts.items()}
            if all(counts.values()) and not any(arrived.values()):
                return counts
        raise Silent("a follower shows nothing, or does not cease")

    def _drained(self, seconds: float) -> dict[int, int]:
        """Bytes that each follower gets within some seconds."""
        counts, last = dict.fromkeys(self._ends, 0), perf_counter() + seconds
        while (left := last - perf_counter()) > 0:
            for end in select.select([*self._ends, self._leader], [], [], left)[0]:
                sent = os.read(end, 65_536)
                if end != self._leader:
                    counts[end] += len(sent)
        return counts
