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
import signal
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
"""What is loaded, and the command."""
_READ_EARLY = ("ESCDELAY", "LANG", "LC_", "PYTHON", "TERM_PROGRAM", "TEXTUAL", "TZ")
"""Beginnings of the names of those variables that Python and Textual read before a program's first line."""
_LARGEST_REQUEST = 1 << 18
_NUMBER = struct.Struct("i")


class _Running:
    """A program that runs, as whoever started it knows it."""

    def __init__(self, status: int) -> None:
        self.pid = _read_number(status)
        self.exitstatus: int | None = None
        self._status = status
        self._result: int | None = None

    def kill(self, number: int = signal.SIGKILL) -> None:
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


class OnTerminal(_Running, fdspawn):  # type: ignore[misc]
    """A program on a pseudo-terminal: as much of pexpect's own child as tests use."""

    def __init__(self, own_end: int, status: int, timeout: int) -> None:
        fdspawn.__init__(self, own_end, timeout=timeout)
        _Running.__init__(self, status)

    def setwinsize(self, rows: int, columns: int) -> None:
        """Give the terminal a size."""
        _set_size(self.child_fd, rows, columns)


class OnPipes(_Running):
    """A program that takes and gives lines of text."""

    def __init__(self, told: int, tells: int, status: int) -> None:
        super().__init__(status)
        self.stdin, self.stdout = os.fdopen(told, "w"), os.fdopen(tells)


class Loaded:
    """The process that has everything loaded, and forks itself."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._early = _read_early(environ)
        self._requests, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._own_end, terminal = pty.openpty()  # Python sets its streams up for a terminal when it starts
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(its.fileno())],
            env=environ,
            cwd=Path(__file__).parents[1],
            stdin=terminal,
            stdout=terminal,  # stderr stays where it is: a module that cannot be loaded says why
            pass_fds=[its.fileno()],
            start_new_session=True,
        )
        its.close()
        os.close(terminal)
        atexit.register(self._end)

    def can_fork(self, environ: Mapping[str, str]) -> bool:
        """Whether what is read before a program's first line is the same in this environment."""
        return _read_early(environ) == self._early

    def on_terminal(
        self, words: Sequence[str], environ: Mapping[str, str], size: tuple[int, int], cwd: str, timeout: int
    ) -> OnTerminal:
        """The command with some words, on a terminal of its own."""
        columns, rows = size
        own_end, terminal = pty.openpty()
        _set_size(own_end, rows, columns)
        status = self._fork(PACKAGE, words, environ, cwd, [terminal] * 3)
        os.close(terminal)
        return OnTerminal(own_end, status, timeout)

    def on_pipes(self, module: str, words: Sequence[str], environ: Mapping[str, str]) -> OnPipes:
        """A module that is run with some words, with pipes to and from it."""
        (its_input, told), (tells, its_output) = os.pipe(), os.pipe()
        status = self._fork(module, words, environ, ".", [its_input, its_output, 2])
        os.close(its_input)
        os.close(its_output)
        return OnPipes(told, tells, status)

    def _fork(
        self, module: str, words: Sequence[str], environ: Mapping[str, str], cwd: str, standard: list[int]
    ) -> int:
        """Have a program run; returns a pipe that reports its process number, then its exit status."""
        read, write = os.pipe()
        request = json.dumps([module, list(words), dict(environ), os.path.abspath(cwd)]).encode()
        socket.send_fds(self._requests, [request], [write, *standard])
        os.close(write)
        return read

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


def _answer(requests: socket.socket) -> str:
    """Fork for each request; returns in the fork that is to be the program, and what that is."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, _LARGEST_REQUEST, 4)
        _bury()
        if not request:
            sys.exit()
        status, *standard = descriptors
        if os.fork() == 0:
            requests.close()
            if _is_the_program(status, standard):
                return _become(standard, *json.loads(request))
        for descriptor in (status, *standard):
            os.close(descriptor)


def _bury() -> None:
    """Have the system forget forks that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _is_the_program(status: int, standard: list[int]) -> bool:
    """Fork once more: the parent waits, and reports the exit status, which only a parent can."""
    number = os.fork()
    if number == 0:
        os.close(status)
        return True
    for descriptor in standard:  # so that the program alone has them
        os.close(descriptor)
    os.write(status, _NUMBER.pack(number))
    os.write(status, _NUMBER.pack(os.waitpid(number, 0)[1]))
    os._exit(0)


def _become(standard: list[int], module: str, words: list[str], environ: dict[str, str], folder: str) -> str:
    """Take on the streams, the words, the environment and the folder of a program; returns its module."""
    os.setsid()
    for number, descriptor in enumerate(standard):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.path[0] = folder
    sys.argv[1:] = words
    return module


if __name__ == "__main__":
    _load()
    runpy.run_module(_answer(socket.socket(fileno=int(sys.argv[1]))), run_name="__main__", alter_sys=True)
