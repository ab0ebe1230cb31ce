"""A process that forks an app for each who asks."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pseudo_terminal import SAFETY
from tinynet_tui.classroom import preloaded
from tinynet_tui.classroom.messages import APP, END, REST, Messages
from tinynet_tui.classroom.preloaded import asked

MAKER = """
import fcntl, os, signal, socket, sys
from tinynet_tui.classroom.messages import REST, message
from tinynet_tui.classroom.preloaded import preload

def run(words, asker):
    if words[0] == "wait":
        signal.signal(signal.SIGHUP, lambda *_: (os.write(1, b"hung up"), os._exit(0)))
        asker.say(message(REST, b"waits"))
        while True:
            signal.pause()
    if words[0] == "fail":
        raise ValueError(words)
    os.write(1, f"{words[:-1]} {os.environb} {os.getcwd()} {loaded}".encode())
    os.write(int(words[-1]), b"further")
    assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL
    return 7

def load():
    global loaded
    loaded = "ready"

lock = os.open("lock", os.O_CREAT | os.O_RDWR)
fcntl.flock(lock, fcntl.LOCK_EX)
listening = socket.socket(socket.AF_UNIX)
listening.bind("apps")
listening.listen()
loaded = ""
preload(listening, run, load)
print("made", loaded, flush=True)
sys.stdin.read()
"""


class Asking:
    """Who makes such a process, and what asks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.maker = subprocess.Popen(
            [sys.executable, "-c", MAKER], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.maker.stdout is not None
        assert self.maker.stdout.readline() == b"made \n", "it loads nothing itself"
        self.output, writes = os.pipe()
        self.further, writes_further = os.pipe()
        self._writes = writes, writes_further

    def ask(self, *words: str) -> socket.socket:
        """An app that writes to `output`."""
        place = os.open(self.folder, os.O_RDONLY)
        output, further = self._writes
        descriptors = [0, output, output, place, further]
        connection = asked(str(self.folder / "apps"), descriptors, {"NAME": "é=1"}, words)
        connection.settimeout(SAFETY)
        os.close(place)
        return connection

    def close(self) -> None:
        """End the maker."""
        assert self.maker.stdin is not None
        assert self.maker.stdout is not None
        self.maker.stdin.close()
        self.maker.wait()
        self.maker.stdout.close()
        for number in (self.output, self.further, *self._writes):
            os.close(number)


@pytest.fixture
def asking(short_folder: Path, tmp_path: Path) -> Iterator[Asking]:
    """Such a process, and nobody who has asked."""
    with contextlib.chdir(short_folder):
        folder = short_folder / tmp_path.name
        folder.mkdir()
        asking = Asking(folder)
        yield asking
        asking.close()


def told(connection: socket.socket) -> list[tuple[bytes, bytes]]:
    """All that an app says until it ends."""
    messages, found = Messages(), list[tuple[bytes, bytes]]()
    while arrived := connection.recv(4096):
        found += messages.feed(arrived)
    connection.close()
    return found


def test_an_app_has_all_of_who_asks(asking: Asking) -> None:
    """Words, descriptors, folder, environment and no more; what was loaded; its status is told."""
    (first, number), last = told(asking.ask("word", "wörter"))
    assert first == APP
    assert int(number) not in (os.getpid(), asking.maker.pid)
    assert last == (END, b"7")
    said = os.read(asking.output, 4096).decode()
    assert said.startswith("['word', 'wörter'] environ({b'NAME': b'\\xc3\\xa9=1'})")
    assert said.endswith(f"{asking.folder} ready")
    assert os.read(asking.further, 100) == b"further"


def test_a_fault_is_told_by_silence(asking: Asking) -> None:
    """Nobody sees a traceback; the next one who asks is served."""
    ((kind, _),) = told(asking.ask("fail"))
    assert kind == APP
    assert told(asking.ask("word"))[-1] == (END, b"7")


def test_one_that_takes_nothing_is_not_waited_for(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks has others to hear."""
    monkeypatch.setattr(preloaded, "_ANSWERS_WITHIN", 0.02)
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(short_folder / "deaf"))
        deaf.listen()
        with pytest.raises(TimeoutError):
            asked(str(short_folder / "deaf"), [0], {"NAME": "x" * (8 << 20)}, ["word"])


def waiting(asking: Asking) -> tuple[socket.socket, int]:
    """(connection of an app that waits, its number)."""
    connection, messages = asking.ask("wait"), Messages()
    found = list[tuple[bytes, bytes]]()
    while len(found) < 2:
        found += messages.feed(connection.recv(4096))
    (_, number), last = found
    assert last == (REST, b"waits")
    return connection, int(number)


def test_a_killed_app_is_told_by_silence(asking: Asking) -> None:
    """The connection closes, without a status."""
    connection, number = waiting(asking)
    os.kill(number, signal.SIGKILL)
    assert connection.recv(1) == b""
    connection.close()


def test_an_app_hears_that_who_asked_is_gone(asking: Asking) -> None:
    """As it would of a terminal."""
    connection, _ = waiting(asking)
    connection.close()
    assert os.read(asking.output, 100) == b"hung up"


def test_it_ends_with_its_maker_and_keeps_nothing_of_it(asking: Asking) -> None:
    """However that ends; an app goes on."""
    connection, number = waiting(asking)
    asking.maker.kill()
    asking.maker.wait()
    lock = os.open(asking.folder / "lock", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)  # waits for ever where it is kept
    os.close(lock)
    os.kill(number, 0)
    connection.close()
    assert os.read(asking.output, 100) == b"hung up"
    while True:  # until nobody answers
        try:
            asking.ask("fail").close()
        except OSError:
            break


def test_a_message_of_an_app_is_its_own(asking: Asking) -> None:
    """Two at once do not get each other's."""
    first, second = waiting(asking), waiting(asking)
    assert first[1] != second[1]
    for connection, _ in (first, second):
        connection.close()
