"""A follower's terminal, with a leader that is nothing but a socket."""

from __future__ import annotations

import errno
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.pseudo_terminal import ENVIRON, SAFETY, Terminal
from tinynet_tui.classroom import thin_client
from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.handing_over import Handed, handed_at
from tinynet_tui.classroom.message_contents import VERSION, Hello
from tinynet_tui.classroom.messages import (
    END,
    FRAME,
    HELLO,
    KEYS,
    MODES,
    OVER,
    OWN_APP,
    PLACE,
    SIZE,
    TERMINAL,
    TYPED,
    Messages,
    message,
)
from tinynet_tui.classroom.thin_client import Follower
from tinynet_tui.cli.follow import _thin, thin_terminal
from tinynet_tui.terminal.job import read_modes, take_line

TELL = "import sys; print('alone', open(int(sys.argv[1]), 'rb').read()[-19:])"
"""An app of one's own that tells the end of what it is handed."""
LOST = "the leader is gone"
STEPS = "6c 30 1b5b43"
"""What l, 0 and → send."""


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
    follow = [thin_client.__file__, str(leader.path), str(os.getuid()), "hello", LOST, "", "", *becomes]
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
    terminal.press("q")
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


def test_the_rest_of_an_answer_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """To a leader who has just gone, while it is typed."""
    follower = thin_client.Follower.__new__(thin_client.Follower)
    follower.connection, follower.leader, follower.place = socket.socket(), 0, b"2.18"
    follower.steps, follower.kept_until, follower.typed = (b"l", b"0"), 0.0, b"1 mark\t12"
    done: list[str] = []
    monkeypatch.setattr(follower, "become", lambda: done.append(follower.first))
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    follower.disconnect()
    for later, typed in ((0.0, b"0"), (1.5, b"."), (3.0, b"5\r"), (3.5, b"l"), (8.0, b"0")):
        now = 100.0 + later
        monkeypatch.setattr(os, "read", lambda *_, typed=typed: typed)
        follower.take_typed()
    assert done == ["typed 6c", "typed 30"]
    assert follower.typed == b"1 mark\t120.5\r"


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


def test_only_steps_lead_away_while_the_leader_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hand, a panel, the help, a value to change and what is no key wait for the leader."""
    follower = thin_client.Follower.__new__(thin_client.Follower)
    follower.connection, follower.leader, follower.place, follower.types_until = None, 0, b"2.18", 0.0
    follower.kept_until = 0.0
    hello = Hello(VERSION, "Ada", "none", False, "dark", keys=(("next", ("right", "ö")),))
    command = _thin(Address("class", "Grace", Path(__file__)), msgspec.json.encode(hello), "", False)
    follower.steps = tuple(map(bytes.fromhex, command[command.index(__file__) + 5].split()))
    done: list[str] = []
    monkeypatch.setattr(follower, "become", lambda: done.append(follower.first))
    for typed in (
        b"!",
        b"9",
        b"2",
        b"?",
        b"e",
        b"\x1b",
        b"\x1b[A",
        b"l",
        b"z",
        b"v",
        b"R",
        b"!\xc3\xb6",
        b"\x1b[C",
        b"\x1bOC",
    ):
        monkeypatch.setattr(os, "read", lambda *_, typed=typed: typed)
        follower.take_typed()
    assert done == ["typed c3b6", "typed 1b5b43", "typed 1b4f43"]


def test_who_is_kept_steps_nowhere_while_the_leader_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as the leader has said; the row says so in place of the key that steps."""
    follower = thin_client.Follower.__new__(thin_client.Follower)
    follower.connection, follower.leader, follower.place, follower.types_until = None, 0, b"2.18", 0.0
    follower.steps, follower.over, follower.gone, follower.path = (b"l",), "", "gone", "-"
    follower.lost = "\v | \tl steps\t | q"
    follower.kept_until, done = 272.0, list[str]()
    monkeypatch.setattr(follower, "become", lambda: done.append(follower.first))
    monkeypatch.setattr(os, "read", lambda *_: b"l")
    monkeypatch.setattr(os, "get_terminal_size", lambda _: (80, 24))
    for now, row in ((0.5, b"gone | kept 4:31 | q"), (272.5, b"gone | l steps | q")):
        monkeypatch.setattr(time, "monotonic", lambda now=now: now)
        follower.unwritten = b""
        follower.connect()
        assert follower.unwritten.endswith(row)
        follower.take_typed()
    assert done == ["typed 6c"]


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
    arguments = [thin_client.__file__, str(leader.path), str(os.getuid()), "hello", LOST, "", "", "-"]
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
    ]
    terminal = Terminal(sys.executable, [*arguments, sys.executable, "-c", TELL], ENVIRON)
    terminal.wait_for(LOST)
    leader.accept()
    assert leader.connection is not None
    assert leader.connection.recv(10) == b""
    terminal.close()


def test_a_q_that_was_heard_leaves_nobody() -> None:
    """It was typed into an answer: whatever the leader says then, it is not the end."""
    follower = thin_client.Follower.__new__(thin_client.Follower)
    ours, theirs = socket.socketpair()
    follower.connection, follower.arrived, follower.leaves_at = ours, b"", 100.0
    theirs.sendall(message(HELLO, b"hello"))
    assert follower.take_sent() is None
    assert follower.leaves_at is None
    for end in (ours, theirs):
        end.close()


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


def test_a_leader_who_is_stopped_is_noticed_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whom nothing is said any more."""
    follower = thin_client.Follower.__new__(thin_client.Follower)
    ours, theirs = socket.socketpair()
    follower.connection, follower.leaves_at, follower.then, follower.unwritten = ours, None, None, b""
    follower.wake, follower.over, follower.gone, follower.path = -1, "", "", "nowhere"
    follower.lost = LOST
    follower.kept_until = 0.0
    monkeypatch.setattr(select, "select", lambda *_: ([], [], []))
    monkeypatch.setattr(os, "get_terminal_size", lambda _: (80, 24))
    stopped = subprocess.Popen(["sleep", "600"])
    follower.leader = stopped.pid
    assert follower.turn() is None
    assert follower.connection is ours
    stopped.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WNOWAIT)
    assert follower.turn() is None
    assert follower.connection is None
    assert LOST.encode() in follower.unwritten
    stopped.kill()
    stopped.wait()
    theirs.close()


def test_a_terminal_that_a_shell_gives_back_just_now_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Being brought to the foreground interrupts what has waited for it."""
    follower, faults = thin_client.Follower.__new__(thin_client.Follower), [errno.EINTR, errno.EINTR]
    front, back = os.openpty()
    modes, set_modes = termios.tcgetattr(back), termios.tcsetattr

    def interrupted(_: int, when: int, wanted: list[Any]) -> None:
        if faults:
            raise termios.error(faults.pop(), "Interrupted system call")
        set_modes(back, when, wanted)

    monkeypatch.setattr(termios, "tcgetattr", lambda _: modes)
    monkeypatch.setattr(termios, "tcsetattr", interrupted)
    monkeypatch.setattr(os, "set_blocking", lambda *_: None)
    monkeypatch.setattr(os, "write", lambda _, written: len(written))
    follower.enter()
    monkeypatch.undo()
    assert faults == []
    assert not termios.tcgetattr(back)[3] & termios.ICANON
    for number in (front, back):
        os.close(number)


@pytest.mark.parametrize("key", ["q", "\x03"])
def test_who_leaves_needs_no_leader_who_answers(leader: Leader, terminal: Terminal, key: str) -> None:
    """One that is stopped says nothing."""
    leader.send(FRAME, b"\x1b[Hw1 = 0.99")
    terminal.wait_for("w1 = 0.99")
    terminal.press(key)
    assert terminal.ended() == 0
    assert terminal.sent.count(b"?1049l") == 1


def test_what_was_said_before_the_q_does_not_answer_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are read at once where the machine is busy: the leader may have stopped in between."""
    follower = thin_client.Follower.__new__(thin_client.Follower)
    (ours, theirs), (keyboard, typed) = socket.socketpair(), os.pipe()
    follower.connection, follower.arrived, follower.unwritten = ours, b"", b""
    follower.leaves_at, follower.then, follower.wake, follower.leader = None, None, -1, 0
    theirs.sendall(message(PLACE, b"2.18"))
    os.write(typed, b"q")
    before = os.dup(0)
    os.dup2(keyboard, 0)
    try:
        ready: list[int] = [0, ours.fileno()]
        monkeypatch.setattr(select, "select", lambda *_: (ready, [], []))
        assert follower.turn() is None
    finally:
        os.dup2(before, 0)
    assert follower.place == b"2.18"
    assert follower.leaves_at is not None
    assert list(Messages().feed(theirs.recv(4096))) == [(KEYS, b"q")]
    for end in (ours, theirs):
        end.close()
    for number in (keyboard, typed, before):
        os.close(number)


def test_last_words_come_after_the_last_frame(leader: Leader, terminal: Terminal) -> None:
    """On the screen of the shell there is nothing else."""
    assert leader.connection is not None
    leader.connection.sendall(message(FRAME, b"\x1b[Hw1 = 0.99") + message(END, b"over\r\n"))
    assert terminal.ended() == 0
    assert terminal.screen.text.strip() == "over"


@pytest.mark.parametrize("teacher", ["root", "Grace", "Grace B Hopper"])
@pytest.mark.parametrize("is_desk", [False, True])
def test_how_to_leave_without_a_leader_has_room(teacher: str, is_desk: bool) -> None:
    """In the narrowest window that shows a class; the desk's first row names no leader any more."""
    for ascii, apart, step in ((False, " · ", "→"), (True, " | ", "->")):
        arguments = Namespace(kiosk=True, ascii=ascii, palette="dark", decimals=None)
        command = thin_terminal(Address("class", teacher, Path(__file__)), arguments, "Ada", is_desk)
        gone, _, said = command[7].replace("\t", "").rpartition("\r")
        wordings, _, title = said.replace("\v", gone).partition("\n\n")
        longest, *_, shortest = wordings.split("\n")
        keys = ([] if is_desk else [f"{step} steps by yourself"]) + ["q leaves"]
        assert longest == " " + apart.join(
            [f"{teacher} is not there", "class goes on when they are back", *keys]
        )
        assert len(shortest) < 60
        assert shortest.endswith("q leaves")
        assert is_desk or f"{step} steps" in shortest
        assert title == (f" class{apart}{teacher} is not there" if is_desk else "")


def test_the_modes_of_a_line_are_written_as_others_write_and_read_them() -> None:
    """By three files, of which this program's can import nothing of the others."""
    outside, inside = pty.openpty()
    before = termios.tcgetattr(inside)
    follower = Follower.__new__(Follower)
    follower.modes, follower.hello, follower.first = before, b"{}", ""
    follower.tried = follower.place = follower.arrived = b""
    handed = Handed.read(follower.handed_on())
    hello = Hello(VERSION, "Ada", "none", False, "dark")
    other = dict(Messages().feed(handed_at(inside, hello, b"", b"", b"")))
    assert handed.modes == other[MODES]
    follower.take_back(MODES, handed.modes)
    for modes in (follower.modes, read_modes(handed.modes)):
        assert termios.tcgetattr(inside) != before
        termios.tcsetattr(inside, termios.TCSANOW, modes)
        assert termios.tcgetattr(inside) == before
        take_line(inside)
    os.close(outside)
    os.close(inside)
