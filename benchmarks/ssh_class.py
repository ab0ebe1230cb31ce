"""What a class over SSH costs: a step until the last of many has it, memory, own apps, bad clients."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from time import perf_counter, sleep
from typing import Any

from benchmarks.figures import PYTHON, Figure, at_most, environment, percentile
from benchmarks.peers.plain_sshd import PATH as SSHD_PATH
from benchmarks.ssh_clients import SIZES
from benchmarks.terminal import Silent, proportional_megabytes

_CODE = "measured"
_STEPS, _PAIRS = 30, 40
_AT_ONCE = 10
"""Steps that come at once to fill what waits for a client."""
_MOST_FILLINGS = 200
"""How often such steps come until that must be full."""
_SETTLED = 0.15
"""Seconds without a byte after which all have a step, and in which the next one is drawn ahead."""
_STUDENTS, _SECONDS = 30, 10
_SESSION = (
    *"lllllllllllllllllllllllllllllll", *"123456", *"n]uhhhUN[", "?", "\x1b", "x", *"jj", "\x1b",
    *"pl", "1", "\r", *"l", "2", "\r", "\x1b", "\x1b", *"iVV.d", "\x1b", *"123456", *"l" * 120,
)  # fmt: skip
"""Keys of a session: steps, panels, jumps, the help, experiments, predictions, and more steps."""
_BETWEEN_KEYS = 1.0
"""Seconds between two of them."""
_CHANGING = 0.1
"""Seconds until processes are counted again: one may just take the place of another."""
_STARTED = 2
"""Seconds without a byte after which as many whole apps have started as there are students."""


def ssh_figures() -> Iterator[Figure]:
    """The figures of a class over SSH, as they are measured."""
    for watchers, limit in ((20, 15), (100, 30), (500, 60), (2_000, 190)):
        with SshClass(watchers) as lesson:
            times = [lesson.step()[0] for _ in range(_STEPS)]
            what = f"a step until the last of {watchers:,} over SSH has it, median"
            yield at_most(
                what, median(times) * 1e3, limit, "ms", f"{percentile(times, 90) * 1e3:.1f} ms at 90 %"
            )
            if watchers == 2_000:
                with BareClass(watchers) as bare:
                    beside = f"{bare.connected:.1f} s to a server with nothing but AsyncSSH, in the same run"
                yield at_most("until 2,000 have connected", lesson.connected, 10, "s", beside)
                each = (lesson.megabytes() - lesson.before) / watchers
                yield at_most("memory of a watcher in the server", each, 0.05, "MB")
    yield from _bytes_of_steps()
    with SshClass(_STUDENTS) as lesson:
        yield from _stepping(lesson)
    for how in ("stall", "flood", "resize"):
        yield _beside_a_bad_client(how)
    with SshClass(1) as lesson:
        lesson.ask("cycles 100")
        sleep(2)
        more = _more_after_thousand(lesson)
        with BareClass(1) as bare:
            bare.ask("cycles 100")
            sleep(2)
            beside = f"a server with nothing but AsyncSSH: {_more_after_thousand(bare):.1f} MB"
        yield at_most("memory more after 1,000 connections", more, 2, "MB", beside)


def _beside_a_bad_client(how: str) -> Figure:
    """A step for others while one client does something, to a step in a class where none does.

    Each of two classes has that client by turns: of two equal programs one can be a fifth faster.
    """
    troubled, quiet = [], []
    with SshClass(19, one_apart=True) as one, SshClass(19, one_apart=True) as other:
        for bad, good in ((one, other), (other, one)) * 2:
            port = bad.apart.ask(f"misbehave {how}")
            if how == "stall":
                _step_until_full(bad, good, port)
            for _ in range(_PAIRS):
                troubled.append(bad.step()[0])
                quiet.append(good.step()[0])
            bad.apart.ask("rest")
    then, without = median(troubled), median(quiet)
    what = f"a step for 19 others where one client does {how}"
    beside = (
        f"medians of {len(quiet)}: {then * 1e3:.2f} ms, {without * 1e3:.2f} ms in a class where none does"
    )
    return at_most(what, then / without, 1.1, "×", beside)


def _step_until_full(stalled: SshClass, other: SshClass, port: int) -> None:
    """Go on in two classes until the system holds for a client who reads nothing all that it may.

    Raises: Silent where it goes on for ever, or nothing is ever held: then nobody stalls.
    """
    held = 0
    for _ in range(_MOST_FILLINGS):
        for lesson in (stalled, other):
            lesson.step(_AT_ONCE)
        before, held = held, stalled.unsent_to(port)
        if held == before != 0:
            return
    raise Silent(f"the system holds {held} bytes for a client who reads nothing")


def _bytes_of_steps() -> Iterator[Figure]:
    """What a step comes to on the wire, encrypted, for each size."""
    with SshClass(len(SIZES)) as lesson:
        watched = lesson.bytes_of_steps()
    if which("sshd", path=SSHD_PATH) is None:
        what = "bytes a step to a watcher over SSH"
        yield Figure(what, "not measured", beside="no sshd is installed beside it")
        return
    with PlainSshd(len(SIZES)) as plain:
        plain.ask(f"since 0 {_STARTED}")
        own = plain.bytes_of_steps()
    for (columns, rows), here, there in zip(SIZES, watched, own, strict=True):
        what = f"bytes a step to a watcher over SSH at {columns}×{rows}"
        beside = f"{here:,.0f} to {there:,.0f} of an app of one's own through the system's sshd"
        yield at_most(what, here / there, 1.2, "×", beside)


def _more_after_thousand(lesson: SshClass) -> float:
    """Megabytes that a server has more once a thousand have come and gone."""
    before = lesson.megabytes()
    lesson.ask("cycles 1000")
    sleep(2)
    return lesson.megabytes() - before


def _stepping(lesson: SshClass) -> Iterator[Figure]:
    """Thirty who step by themselves."""
    firsts: list[float] = lesson.ask("key l 0")
    sleep(3)
    yield at_most("first bytes of an app over SSH, of 30 at once, the last", max(firsts), 1.5, "s")
    yield _figure(_memory(lesson), "after 3 s")
    waited = _waited_for_keys(lesson)
    yield _figure(_memory(lesson), f"after {_SECONDS + 1} keys")
    beside = f"median {median(waited) * 1e3:.0f} ms"
    if which("sshd", path=SSHD_PATH) is None:
        beside += "; no sshd is installed beside it"
    else:
        with PlainSshd(_STUDENTS) as plain:
            plain.ask(f"since 0 {_STARTED}")
            peers = _waited_for_keys(plain)
        beside += f"; plain sshd with an app each: {percentile(peers, 99) * 1e3:.0f} ms"
        beside += f", median {median(peers) * 1e3:.0f} ms"
    yield at_most("own key of 30 who step, 99th percentile", percentile(waited, 99) * 1e3, 61, "ms", beside)
    each = []
    for key in _SESSION:
        lesson.ask(f"type {key.encode().hex()} {_BETWEEN_KEYS}")
        each.append(_memory(lesson))
    yield _figure(each[-1], f"after {len(_SESSION) + _SECONDS + 1} keys")
    yield _figure(max(each, key=median), "at its most, a page of experiments being open")
    lesson.ask("key F 1")
    sleep(2)
    one = median(lesson.ask("key l 30"))
    yield at_most("first bytes of an app over SSH, one at a time", one, 0.15, "s", f"median of {_STUDENTS}")


def _memory(lesson: SshClass) -> list[float]:
    """What each app has of memory."""
    while True:
        with suppress(FileNotFoundError, ProcessLookupError):
            apps = lesson.apps()
            if len(apps) == _STUDENTS:
                return [proportional_megabytes(app) for app in apps]
        sleep(_CHANGING)


def _figure(each: list[float], when: str) -> Figure:
    """What apps have of memory as a figure."""
    what = f"memory of each of {len(each)} apps {when}, median"
    return at_most(what, median(each), 18, "MB", f"the largest {max(each):.1f} MB")


def _waited_for_keys(lesson: SshClass) -> list[float]:
    """How long each of those who step waits for each of their keys, one a second."""
    return [wait for _ in range(_SECONDS) for wait in lesson.ask("key l 1")]


class Clients:
    """A process of clients."""

    def __init__(self, port: int, first: int, most: int, *key: str) -> None:
        """Connect some, whose numbers begin at one; key: the file of a key that they have, if it is one."""
        where = (str(port), _CODE, str(first), str(most), *key)
        self._process = subprocess.Popen(
            [PYTHON, "-m", "benchmarks.ssh_clients", *where],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.connected = float(self._process.stdout.readline() or "inf")
        """Seconds until all were."""

    def ask(self, words: str) -> Any:
        """What they answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline() or "null")

    def end(self) -> None:
        """End them."""
        self._process.kill()
        self._process.wait()


class SshClass:
    """A server on a terminal, and clients in another process, until the block ends."""

    apart: Clients
    """One more client in a process of its own, if there is one: it holds nobody up there."""

    def __init__(self, watchers: int, one_apart: bool = False) -> None:
        self._watchers, self._one_apart = watchers, one_apart

    def __enter__(self) -> SshClass:
        self._folder = TemporaryDirectory(dir="/tmp", ignore_cleanup_errors=True)
        own = {"TINYNET_TUI_ROOMS": self._folder.name, "XDG_STATE_HOME": self._folder.name}
        looks = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        self._end, other = pty.openpty()
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._server = subprocess.Popen(
            [PYTHON, "-m", *self._command()],
            stdin=other, stdout=other, stderr=other, start_new_session=True,
            env={**environment(), **own, **looks},
        )  # fmt: skip
        os.close(other)
        self._said = b""
        Thread(target=self._read, daemon=True).start()
        last = perf_counter() + 30
        while b"leading class" not in self._said:
            if perf_counter() > last:
                raise Silent("the server shows nothing")
            sleep(0.05)
        self._port = int(re.findall(rb"-p (\d+) NAME", self._said)[0])
        self.before = self.megabytes()
        self._clients = Clients(self._port, 0, self._watchers, *self._key())
        self.ask, self.connected = self._clients.ask, self._clients.connected
        if self._one_apart:
            self.apart = Clients(self._port, self._watchers, 1, *self._key())
        sleep(1)  # for the rest of the first screens
        self.ask("listen")
        return self

    def _command(self) -> tuple[str, ...]:
        """The module of the server, and its words."""
        most = str(self._watchers + 100)
        return ("tinynet_tui", "serve", "--port", "0", "--code", _CODE, "--max-students", most)

    def _key(self) -> tuple[str, ...]:
        """The file of the key that clients have, if it is one."""
        return ()

    def __exit__(self, *_: object) -> None:
        self._clients.end()
        if self._one_apart:
            self.apart.end()
        os.killpg(self._server.pid, signal.SIGKILL)  # with an sshd that it has started
        self._server.wait()
        os.close(self._end)
        self._folder.cleanup()

    def _read(self) -> None:
        """Take what the server draws, as a terminal would."""
        try:
            while part := os.read(self._end, 65_536):
                self._said = (self._said + part)[-100_000:]
        except OSError:
            pass

    def bytes_of_steps(self) -> list[float]:
        """Bytes of a step to a client of each size, where there is one of each."""
        steps = [self.step()[1] for _ in range(_STEPS)]
        return [sum(sent) / _STEPS for sent in zip(*steps, strict=True)]

    def step(self, steps: int = 1) -> tuple[float, list[int]]:
        """(seconds until the last client has something of a step, bytes to all clients of each size).

        steps: how many come at once.
        """
        self.ask(f"since 0 {_SETTLED}")
        begun = perf_counter()
        for _ in range(steps):
            self._press_next()
        last, sent = self.ask(f"since {begun} {_SETTLED}")
        return last - begun, sent

    def _press_next(self) -> None:
        """Press the key that steps, where that is done."""
        os.write(self._end, b"l")

    def unsent_to(self, port: int) -> int:
        """Bytes that the system holds for the client at a port, which has not taken them."""
        ends = f":{self._port:04X} 0100007F:{port:04X} "
        (line,) = (one for one in Path("/proc/net/tcp").read_text().splitlines() if ends in one)
        return int(line.split()[4].split(":")[0], 16)

    def megabytes(self) -> float:
        """Of the server's memory."""
        return proportional_megabytes(self._server.pid)

    def apps(self) -> list[int]:
        """The processes of those who step by themselves."""
        children = [self._server.pid]
        found: list[int] = []
        while children:
            number = children.pop()
            own = Path(f"/proc/{number}/task/{number}/children").read_text().split()
            children += map(int, own)
            found += map(int, own)
        return [app for app in found if "confined" in _state(app)]


class BareClass(SshClass):
    """A server of the library's alone."""

    def _command(self) -> tuple[str, ...]:
        return ("benchmarks.peers.bare_ssh",)


class PlainSshd(SshClass):
    """The system's own sshd, with an app for each and no class."""

    def _command(self) -> tuple[str, ...]:
        return ("benchmarks.peers.plain_sshd", self._folder.name)

    def _press_next(self) -> None:
        """Each steps for themselves."""
        self.ask(f"type {b'l'.hex()} 0")

    def _key(self) -> tuple[str, ...]:
        return (f"{self._folder.name}/student",)


def _state(process: int) -> str:
    """Whether a process has given up its rights."""
    status = Path(f"/proc/{process}/status").read_text()
    return "confined" if re.search(r"NoNewPrivs:\s+1", status) else ""
