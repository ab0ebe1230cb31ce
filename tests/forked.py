"""Programs under test, forked from a process that has everything loaded: there in a tenth of the time.

Such a program has a session, a terminal, a folder, an environment and standard streams of its own, and runs
as `python -m tinynet_tui` does. Only what Python and the imported modules do before its first line is done
already; a program for which that would differ has to be started in the usual way.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import pty
import runpy
import select
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from pexpect.fdpexpect import fdspawn  # type: ignore[import-untyped]

PACKAGE = "tinynet_tui"
"""What is loaded and run."""
_READ_EARLY = ("ESCDELAY", "LANG", "LC_", "PYTHON", "TERM_PROGRAM", "TEXTUAL", "TZ")
"""How the names of the variables begin that are read before a program begins."""
_LARGEST_REQUEST = 1 << 18
_NUMBER = struct.Struct("i")


class Forked(fdspawn):  # type: ignore[misc]
    """A program on a pseudo-terminal: as much of pexpect's own child as tests use."""

    def __init__(self, own_end: int, status: int, timeout: int) -> None:
        super().__init__(own_end, timeout=timeout)
        self.pid = _read_number(status)
        self.exitstatus: int | None = None
        self._status = status
        self._result: int | None = None

    def setwinsize(self, rows: int, columns: int) -> None:
        """Give the terminal a size."""
        _set_size(self.child_fd, rows, columns)

    def kill(self, number: int) -> None:
        """Send the program a signal, if it has not ended."""
        if self.isalive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def isalive(self) -> bool:
        """Whether it has not ended."""
        if self._result is None and select.select([self._status], [], [], 0)[0]:
            self.wait()
        return self._result is None

    def wait(self) -> int:
        """Wait for its end; its exit status, or the number of the signal that ended it, below zero."""
        if self._result is None:
            self._result = os.waitstatus_to_exitcode(_read_number(self._status))
            self.exitstatus = None if self._result < 0 else self._result
            os.close(self._status)
        return self._result


class Loaded:
    """The process that has all loaded, and forks itself."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._early = _read_early(environ)
        self._requests, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._own_end, terminal = pty.openpty()  # its standard streams are those of a terminal
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(its.fileno())],
            env=environ,
            cwd=Path(__file__).parents[1],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            pass_fds=[its.fileno()],
            start_new_session=True,
        )
        its.close()
        os.close(terminal)
        atexit.register(self._end)

    def can_fork(self, environ: Mapping[str, str]) -> bool:
        """Whether a program that is started in the usual way would find nothing else before it begins."""
        return _read_early(environ) == self._early

    def fork(
        self, words: Sequence[str], environ: Mapping[str, str], size: tuple[int, int], cwd: str, timeout: int
    ) -> Forked:
        """The command with some words, on a terminal of its own."""
        columns, rows = size
        own_end, terminal = pty.openpty()
        _set_size(own_end, rows, columns)
        read, write = os.pipe()
        request = json.dumps([list(words), dict(environ), os.path.abspath(cwd)]).encode()
        socket.send_fds(self._requests, [request], [terminal, write])
        os.close(terminal)
        os.close(write)
        return Forked(own_end, read, timeout)

    def _end(self) -> None:
        self._requests.close()
        self._process.wait()
        os.close(self._own_end)


def _read_early(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name.startswith(_READ_EARLY)}


def _read_number(pipe: int) -> int:
    number: int = _NUMBER.unpack(os.read(pipe, _NUMBER.size))[0]
    return number


def _set_size(terminal: int, rows: int, columns: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _load() -> None:
    for module in walk_packages(import_module(PACKAGE).__path__, f"{PACKAGE}."):
        if not module.name.endswith("__main__"):
            import_module(module.name)


def _answer(requests: socket.socket) -> None:
    """Fork for each request; returns in the fork that is to be the program."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, _LARGEST_REQUEST, 2)
        _bury()
        if not request:
            sys.exit()
        terminal, status = descriptors
        if os.fork() == 0:
            requests.close()
            if _is_the_program(status):
                return _become(terminal, *json.loads(request))
        os.close(terminal)
        os.close(status)


def _bury() -> None:
    """Have the system forget forks that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _is_the_program(status: int) -> bool:
    """Fork once more: the parent tells how it has gone, since only a parent is told."""
    number = os.fork()
    if number == 0:
        os.close(status)
        return True
    for descriptor in range(status + 1):
        if descriptor != status:
            with contextlib.suppress(OSError):
                os.close(descriptor)
    os.write(status, _NUMBER.pack(number))
    os.write(status, _NUMBER.pack(os.waitpid(number, 0)[1]))
    os._exit(0)


def _become(terminal: int, words: list[str], environ: dict[str, str], folder: str) -> None:
    """Take on the terminal, the environment, the folder and the words of a program."""
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(terminal, number)
    os.close(terminal)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.path[0] = folder
    sys.argv[1:] = words


if __name__ == "__main__":
    _load()
    _answer(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module(PACKAGE, run_name="__main__", alter_sys=True)
