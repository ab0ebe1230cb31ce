"""A follower's terminal, with a leader that is nothing but a socket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.pseudo_terminal import ENVIRON, SAFETY, Terminal
from tinynet_tui.classroom import thin_client
from tinynet_tui.classroom.messages import (
    END,
    FRAME,
    HELLO,
    KEYS,
    OVER,
    OWN_APP,
    PLACE,
    SIZE,
    TERMINAL,
    TYPED,
    Messages,
    message,
)

TELL = "import sys; print('alone', open(int(sys.argv[1]), 'rb').read()[-19:])"
"""An app of one's own that tells the end of what it is handed."""
LOST = "the leader is gone"
STEPS = "6c 30 1b5b43"
"""What l, 0 and → send."""
QUITS = "51 1b4f53 03"
"""What Q, F4 and Ctrl+C send."""


class Leader:
    """A room's socket, and what has arrived there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.settimeout(SAFETY)
        self.listening.bind(str(path))
        self.listening.listen()
        self.connection: socket.socket | None = None

    def accept(self) -> None:
        """Let a follower in."""
        self.connection = self.listening.accept()[0]
        self.connection.settimeout(SAFETY)
        self._messages = Messages()
        self._found: list[tuple[bytes, bytes]] = []

    def next(self) -> tuple[bytes, bytes]:
        """The next message; where the terminal is matters to no test here."""
        assert self.connection is not None
        while not self._found:
            arrived = self.connection.recv(4096)
            assert arrived, "the follower has gone"
            self._found += [one for one in self._messages.feed(arrived) if one[0] != TERMINAL]
        return self._found.pop(0)

    def send(self, kind: bytes, content: bytes) -> None:
        """Send a message."""
        assert self.connection is not None
        self.connection.sendall(message(kind, content))

    def vanish(self) -> None:
        """Be gone."""
        if self.connection is not None:
            self.connection.close()
        self.listening.close()
        self.path.unlink(missing_ok=True)


@pytest.fixture
def leader(short_folder: Path) -> Iterator[Leader]:
    """A leader, and nothing but their socket."""
    leader = Leader(short_folder / "room")
    yield leader
    leader.vanish()


@pytest.fixture
def terminal(leader: Leader) -> Iterator[Terminal]:
    """A follower who has joined."""
    arguments = [
        "-I",
        "-S",
        thin_client.__file__,
        str(leader.path),
        str(os.getuid()),
        "hello",
        LOST,
        "",
        STEPS,
        QUITS,
    ]
    terminal = Terminal(sys.executable, [*arguments, sys.executable, "-c", TELL], ENVIRON)
    leader.accept()
    assert leader.next() == (HELLO, b"hello")
    assert leader.next() == (SIZE, b"80 24")
    yield terminal
    terminal.close()


def test_it_writes_what_is_sent_and_sends_what_is_typed(leader: Leader, terminal: Terminal) -> None:
    """On a screen of its own, without a cursor; keys as the bytes that they are, one by one."""
    leader.send(FRAME, b"\x1b[Hw1 = 0.99")
    terminal.wait_for("w1 = 0.99")
    assert terminal.screen.cursor.hidden
    terminal.press("\x1b[Cé")
    typed = b""
    while len(typed) < 5:
        kind, content = leader.next()
        assert kind == KEYS
        typed += content
    assert typed == "\x1b[Cé".encode()


def test_another_size_is_told(leader: Leader, terminal: Terminal) -> None:
    """So that the leader draws for it."""
    terminal.resize(100, 30)
    assert leader.next() == (SIZE, b"100 30")


def test_the_end_gives_the_terminal_back(leader: Leader, terminal: Terminal) -> None:
    """With the leader's last words, in the modes that it had."""
    leader.send(FRAME, b"\x1b[Hw1 = 0.99")
    terminal.wait_for("w1 = 0.99")
    leader.send(END, b"The class is over.\r\n")
    assert terminal.ended() == 0
    assert terminal.screen.text.strip() == "The class is over."
    assert not terminal.screen.cursor.hidden
    assert terminal.sent.count(b"?1049h") == terminal.sent.count(b"?1049l") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2, signal.SIGALRM])
def test_a_signal_gives_the_terminal_back(leader: Leader, terminal: Terminal, number: int) -> None:
    """With the status that a shell gives such an end."""
    terminal.wait_until(lambda: b"?1049h" in terminal.sent)
    terminal.child.kill(number)
    assert terminal.ended() == 128 + number
    assert not terminal.screen.cursor.hidden
    assert terminal.sent.count(b"?1049l") == 1


def test_a_terminal_that_does_not_wait_is_told_to(leader: Leader) -> None:
    """A program before may have left it so: of what is written at once a part would be lost."""
    becomes = [sys.executable, "-c", TELL]
    follow = [
        thin_client.__file__,
        str(leader.path),
        str(os.getuid()),
        "hello",
        LOST,
        "",
        "",
        QUITS,
        *becomes,
    ]
    program = [sys.executable, "-I", "-S", *follow]
    begin = f"import os; os.set_blocking(1, False); os.execv({sys.executable!r}, {program!r})"
    terminal = Terminal(sys.executable, ["-c", begin], ENVIRON)
    leader.accept()
    assert leader.next() == (HELLO, b"hello")
    flags = Path(f"/proc/{terminal.child.pid}/fdinfo/1").read_text().split("flags:")[1].split()[0]
    assert not int(flags, 8) & os.O_NONBLOCK
    terminal.close()


def test_it_follows_on_where_no_shell_could_bring_it_back(leader: Leader, terminal: Terminal) -> None:
    """With Ctrl+Z in a window that has no shell."""
    terminal.press("\x1a")
    assert leader.connection is not None
    while leader.connection.recv(4096):
        pass
    leader.connection.close()
    leader.accept()
    assert leader.next() == (HELLO, b"hello")
    leader.send(FRAME, b"\x1b[Hw1 = 0.99")
    terminal.wait_for("w1 = 0.99")
    assert terminal.screen.cursor.hidden
    assert not terminal.line_modes[3] & termios.ICANON


def test_a_lost_leader_is_told_and_found_again(leader: Leader, terminal: Terminal) -> None:
    """What was shown stays; the follower says who it is to the one who comes back."""
    leader.send(FRAME, b"\x1b[Hw1 = 0.99")
    terminal.wait_for("w1 = 0.99")
    leader.vanish()
    terminal.wait_for(LOST)
    assert "w1 = 0.99" in terminal.screen.text
    leader.__init__(leader.path)  # type: ignore[misc]
    leader.accept()
    assert leader.next() == (HELLO, b"hello")
    assert leader.next() == (SIZE, b"80 24")


@pytest.mark.parametrize(("columns", "row"), [(80, LOST), (18, "leader gone · q"), (10, "leader gon")])
def test_a_lost_leader_is_told_in_as_many_words_as_fit(leader: Leader, columns: int, row: str) -> None:
    """How to leave is never cut off while any wording has it; the first row says it where it is wanted."""
    wordings = f"{LOST}\nleader gone · q\n\nclass, without a leader"
    arguments = [
        "-I",
        "-S",
        thin_client.__file__,
        str(leader.path),
        str(os.getuid()),
        "hello",
        wordings,
        "",
        STEPS,
        QUITS,
    ]
    terminal = Terminal(sys.executable, [*arguments, sys.executable, "-c", TELL], ENVIRON, size=(columns, 20))
    leader.accept()
    leader.send(FRAME, b"\x1b[HGrace leads")
    terminal.wait_for("Grace")
    leader.vanish()
    terminal.wait_until(lambda: terminal.screen.display[-1].strip() == row)
    assert terminal.screen.display[0].strip() == "class, without a leader"[:columns].strip()
    terminal.close()


def test_who_leaves_while_the_leader_is_gone(leader: Leader, terminal: Terminal) -> None:
    """Does not have to wait for one."""
    leader.vanish()
    terminal.wait_for(LOST)
    terminal.press("Q")
    assert terminal.ended() == 0
    leader.__init__(leader.path)  # type: ignore[misc]


def test_it_becomes_an_app_at_the_place(leader: Leader, terminal: Terminal) -> None:
    """On the same terminal, with what is to be done first."""
    leader.send(PLACE, b"2.18")
    leader.send(OWN_APP, b"next")
    terminal.wait_for("2.18A\\x00\\x00\\x04nextR")


def test_alone_after_the_leader_is_lost(leader: Leader, terminal: Terminal) -> None:
    """A step is done from the last place on."""
    leader.send(PLACE, b"2.18")
    leader.send(FRAME, b"x")
    terminal.wait_for("x")
    leader.vanish()
    terminal.wait_for(LOST)
    terminal.press("l")
    terminal.wait_for("A\\x00\\x00\\x08typed 6cR")
    leader.__init__(leader.path)  # type: ignore[misc]


def test_what_is_typed_of_an_answer_is_told_to_a_leader_who_is_back(
    leader: Leader, terminal: Terminal
) -> None:
    """With what came when nobody heard it; where nothing was asked, it is forgotten."""
    leader.send(TYPED, b"1 mark\t0")
    leader.send(FRAME, b"asked")
    terminal.wait_for("asked")
    leader.vanish()
    terminal.wait_for(LOST)
    terminal.press(".5")
    leader.__init__(leader.path)  # type: ignore[misc]
    leader.accept()
    assert [leader.next()[0] for _ in range(2)] == [HELLO, SIZE]
    assert leader.next() == (TYPED, b"1 mark\t0.5")


def test_a_full_terminal_is_not_waited_for(leader: Leader) -> None:
    """The leader who is found is told of it once all has been written."""
    follower = thin_client.Follower.__new__(thin_client.Follower)
    follower.path, follower.owner, follower.leader = str(leader.path), os.getuid(), 0
    follower.connection, follower.unwritten = None, b"a frame"
    follower.connect()
    leader.accept()
    assert follower.unwritten == b"a frame"
    assert follower.then == follower.greet
    assert leader.connection is not None
    leader.connection.setblocking(False)
    with pytest.raises(BlockingIOError):
        leader.connection.recv(1)
    follower.disconnect()


def test_it_ends_at_a_terminal_that_takes_nothing(leader: Leader) -> None:
    """Whose window is gone, or has stopped: with the status of the signal."""
    front, back = os.openpty()
    arguments = [thin_client.__file__, str(leader.path), str(os.getuid()), "hello", LOST, "", "", QUITS, "-"]
    program = [sys.executable, "-I", "-S", *arguments]
    follower = subprocess.Popen(program, stdin=back, stdout=back)
    leader.accept()
    assert leader.next() == (HELLO, b"hello")
    os.set_blocking(back, False)
    with suppress(BlockingIOError):
        while True:
            os.write(back, b"x" * 1024)
    follower.terminate()
    assert follower.wait(SAFETY) == 128 + signal.SIGTERM
    for number in (front, back):
        os.close(number)


def test_a_room_that_is_not_its_owners_is_not_joined(leader: Leader) -> None:
    """Who listens there is asked of the system."""
    arguments = [
        "-I",
        "-S",
        thin_client.__file__,
        str(leader.path),
        str(os.getuid() + 1),
        "hello",
        LOST,
        "",
        STEPS,
        QUITS,
    ]
    terminal = Terminal(sys.executable, [*arguments, sys.executable, "-c", TELL], ENVIRON)
    terminal.wait_for(LOST)
    leader.accept()
    assert leader.connection is not None
    assert leader.connection.recv(10) == b""
    terminal.close()


def test_a_class_that_is_over_is_not_the_next_one(leader: Leader, terminal: Terminal) -> None:
    """Whoever stays and follows that one is told of its leader as everybody is."""
    leader.listening.close()
    leader.path.unlink()
    leader.send(OVER, b" The class is over")
    terminal.wait_for("The class is over")
    leader.vanish()
    leader.__init__(leader.path)  # type: ignore[misc]
    leader.accept()
    assert leader.next() == (HELLO, b"hello")
    leader.send(PLACE, b"2.18")
    leader.vanish()
    terminal.wait_for(LOST)
    assert "The class is over" not in terminal.screen.text
    leader.__init__(leader.path)  # type: ignore[misc]


@pytest.mark.parametrize("key", ["Q", "\x1bOS", "\x03"])
def test_who_leaves_needs_no_leader_who_answers(leader: Leader, terminal: Terminal, key: str) -> None:
    """One that is stopped says nothing."""
    leader.send(FRAME, b"\x1b[Hw1 = 0.99")
    terminal.wait_for("w1 = 0.99")
    terminal.press(key)
    assert terminal.ended() == 0
    assert terminal.sent.count(b"?1049l") == 1


def test_last_words_come_after_the_last_frame(leader: Leader, terminal: Terminal) -> None:
    """On the screen of the shell there is nothing else."""
    assert leader.connection is not None
    leader.connection.sendall(message(FRAME, b"\x1b[Hw1 = 0.99") + message(END, b"over\r\n"))
    assert terminal.ended() == 0
    assert terminal.screen.text.strip() == "over"
