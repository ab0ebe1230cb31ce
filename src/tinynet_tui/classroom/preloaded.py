"""A process that has the whole app loaded, and forks itself for each follower: there in a tenth of the time.

It is forked before there is an event loop, has no descriptor but the socket at which it is asked, runs no app
itself, and ends with whoever made it, however that ends. Apps that it has forked go on.

Whoever asks connects to the socket, sends one byte with the descriptors of standard input, output, error and
of a folder to work in, and any further ones; then a message `ENVIRON` and a message `COMMAND_LINE`. The fork
takes these as its own, and `run` gets the words, with the numbers of the further descriptors after them. It
answers with its number (`APP`), whatever `run` has to say, and its exit status (`END`), at the end or before:
then it has let go of the terminal. A connection that closes without that: the fork was killed. Where whoever
asked is gone before that, the fork hears SIGHUP, as from a terminal.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NoReturn

from tinynet_tui.classroom.directory import peer_of, process_of
from tinynet_tui.classroom.messages import APP, COMMAND_LINE, END, ENVIRON, SUCCESSOR, Messages, message

_STANDARD = 3
"""Descriptors of the terminal; the folder follows them."""
_MOST_DESCRIPTORS = 16
_HEARD = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP)
"""What a fork hears as a new program would."""
_PATIENCE = 5.0
"""Seconds for whoever asks to say what for."""
_SUCCEEDS_WITHIN = 10.0
"""Seconds for an app to be told that there is no successor; whoever makes one gives it up before that."""
_ANSWERS_WITHIN = 1.0
"""Seconds for such a process to be asked: whoever asks has others to hear."""


class Asker:
    """Who has asked for an app, as the app knows it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._is_free = False
        self._said: SimpleQueue[bytes] = SimpleQueue()
        """What whoever has asked says, who says nothing but that there is no successor."""
        self.process = process_of(connection)
        """Its number."""

    def say(self, messages: bytes) -> None:
        """Say something; nothing where nobody listens any more."""
        with contextlib.suppress(OSError):
            self._connection.sendall(messages)

    def end(self, status: int) -> None:
        """Say how the app has ended, once: the terminal is the other's from now on."""
        if not self._is_free:
            self._is_free = True
            self.say(message(END, b"%d" % status))

    def wait_for_successor(self, handed: bytes) -> None:
        """Have another process go on in place of this one, which is ended then; returns where it cannot."""
        while not self._said.empty():
            self._said.get()
        self.say(message(SUCCESSOR, handed))
        with contextlib.suppress(Empty):
            self._said.get(timeout=_SUCCEEDS_WITHIN)

    def watch(self) -> None:
        """Tell the app, when whoever asked for it is gone, what a terminal that hangs up would tell."""
        with contextlib.suppress(OSError):
            while said := self._connection.recv(64):
                self._said.put(said)
        self._said.put(b"")
        if not self._is_free:
            os.kill(os.getpid(), signal.SIGHUP)


Run = Callable[[Sequence[str], Asker], int]
"""Runs an app by the words of a command line, for whoever has asked; returns its exit status."""


def preload(listening: socket.socket, run: Run, load: Callable[[], object]) -> int:
    """Have such a process answer at a socket until this one ends; returns its number.

    load: loads what its forks need, in that process.
    """
    ends_with, _ = os.pipe()
    if process := os.fork():
        os.close(ends_with)
        return process
    answer(listening, ends_with, run, load)


def answer(listening: socket.socket, ends_with: int, run: Run, load: Callable[[], object]) -> NoReturn:
    """Be such a process, until nobody has the other end of a pipe any more."""
    try:
        os.setsid()  # no key and no hang-up of this terminal is meant for it
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(_STANDARD):
            os.dup2(null, number)
        _close_all_but(listening.fileno(), ends_with)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets forks that have ended
        load()
        gc.freeze()  # what is shared with forks is not to be touched by any collector of theirs
        _answer(listening, ends_with, run)
    finally:
        os._exit(1)


def _close_all_but(*kept: int) -> None:
    """Close every descriptor but the standard ones and some: no lock of another is to live on."""
    for before, after in zip((_STANDARD - 1, *sorted(kept)), (*sorted(kept), 1 << 16), strict=True):
        os.closerange(before + 1, after)


def _answer(listening: socket.socket, ends_with: int, run: Run) -> NoReturn:
    listening.setblocking(True)
    while True:
        if ends_with in select.select([listening.fileno(), ends_with], [], [])[0]:
            os._exit(0)
        with contextlib.suppress(OSError):  # who asked is gone again, or no more processes can be made
            connection, _ = listening.accept()
            with connection:
                if peer_of(connection) == os.getuid() and os.fork() == 0:
                    _close_all_but(connection.fileno())
                    _become(connection, run)


def _become(connection: socket.socket, run: Run) -> NoReturn:
    """Be the app of whoever asks."""
    status = 1
    try:
        os.setsid()
        for number in _HEARD:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        words = _taken_on(connection)
        asker = Asker(connection)
        asker.say(message(APP, b"%d" % os.getpid()))
        Thread(target=asker.watch, name="asker", daemon=True).start()
        status = run(words, asker)
        asker.end(status)
    finally:  # a fault of its own is told by the missing status, and its locals to nobody
        os._exit(status)


def _taken_on(connection: socket.socket) -> list[str]:
    """Take on the terminal, folder and environment that were sent; returns the words."""
    connection.settimeout(_PATIENCE)
    _, descriptors, _, _ = socket.recv_fds(connection, 1, _MOST_DESCRIPTORS)
    terminal, (folder, *others) = descriptors[:_STANDARD], descriptors[_STANDARD:]
    for number, descriptor in enumerate(terminal):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.fchdir(folder)
    os.close(folder)
    messages, found = Messages(), dict[bytes, bytes]()
    while COMMAND_LINE not in found:
        if not (arrived := connection.recv(65_536)):
            raise EOFError
        found |= messages.feed(arrived)
    connection.settimeout(None)
    os.environ.clear()
    for variable in found[ENVIRON].split(b"\0"):
        name, _, value = variable.partition(b"=")
        if name:
            os.environb[name] = value
    return [*map(os.fsdecode, found[COMMAND_LINE].split(b"\0")), *map(str, others)]


def asked(
    path: str, descriptors: Sequence[int], environ: Mapping[str, str], words: Sequence[str]
) -> socket.socket:
    """A connection to a new app: it answers there, and lives no longer than this is open.

    descriptors: standard input, output and error, a folder, and any further ones.

    Raises: OSError when nobody answers at that path, or not within a second.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_ANSWERS_WITHIN)
    try:
        connection.connect(path)
        socket.send_fds(connection, [b"\0"], list(descriptors))
        variables = b"\0".join(os.fsencode(f"{name}={value}") for name, value in environ.items())
        wanted = b"\0".join(map(os.fsencode, words))
        connection.sendall(message(ENVIRON, variables) + message(COMMAND_LINE, wanted))
        connection.settimeout(None)
    except OSError:
        connection.close()
        raise
    return connection
