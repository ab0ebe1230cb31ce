"""What a follower's program does by itself while its leader is gone, or may be: asked step by step."""

from __future__ import annotations

import errno
import os
import pty
import select
import signal
import socket
import subprocess
import termios
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tinynet_tui.classroom import thin_client
from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.handing_over import Handed, handed_at
from tinynet_tui.classroom.message_contents import VERSION, Hello, lost_rows
from tinynet_tui.classroom.messages import HELLO, KEYS, MODES, PLACE, Messages, message
from tinynet_tui.cli.follow import thin_command, thin_terminal
from tinynet_tui.terminal.job import read_modes, take_line


def follower(**own: Any) -> thin_client.Follower:
    """A follower without a terminal of its own, whose leader is gone unless there is a connection."""
    asked = thin_client.Follower.__new__(thin_client.Follower)
    plain = {
        "connection": None, "leader": 0, "place": b"2.18", "steps": (b"l", b"0"), "quits": (b"q",),
        "path": "nowhere", "arrived": b"", "unwritten": b"", "typed": b"", "over": "", "gone": "",
        "lost": "the leader is gone", "types_until": 0.0, "kept_until": 0.0,
        "leaves_at": None, "then": None, "wake": -1,
    }  # fmt: skip
    for name, value in (plain | own).items():
        setattr(asked, name, value)
    return asked


def test_the_rest_of_an_answer_is_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """To a leader who has just gone, while it is typed."""
    asked = follower(connection=socket.socket(), typed=b"1 mark\t12")
    done: list[str] = []
    monkeypatch.setattr(asked, "become", lambda: done.append(asked.first))
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    asked.disconnect()
    for later, typed in ((0.0, b"0"), (1.5, b"."), (3.0, b"5\r"), (3.5, b"l"), (8.0, b"0")):
        now = 100.0 + later
        monkeypatch.setattr(os, "read", lambda *_, typed=typed: typed)
        asked.take_typed()
    assert done == ["typed 6c", "typed 30"]
    assert asked.typed == b"1 mark\t120.5\r"


def test_only_steps_lead_away_while_the_leader_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hand, a panel, the help, a value to change and what is no key wait for the leader."""
    hello = Hello(VERSION, "Ada", "none", False, "dark", keys=(("next", ("right", "ö")),))
    command = thin_command(Address("class", "Grace", Path(__file__)), msgspec.json.encode(hello), "", False)
    asked = follower(steps=tuple(map(bytes.fromhex, command[command.index(__file__) + 5].split())))
    done: list[str] = []
    monkeypatch.setattr(asked, "become", lambda: done.append(asked.first))
    waiting = (b"!", b"9", b"2", b"?", b"e", b"\x1b", b"\x1b[A", b"l", b"z", b"v", b"R")
    for typed in (*waiting, b"!\xc3\xb6", b"\x1b[C", b"\x1bOC"):
        monkeypatch.setattr(os, "read", lambda *_, typed=typed: typed)
        asked.take_typed()
    assert done == ["typed c3b6", "typed 1b5b43", "typed 1b4f43"]


def test_only_keys_of_ones_own_leave_while_the_leader_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are those that the last row tells; q steps for whoever has chosen it for that."""
    own = (("next", ("q",)), ("quit", ("ö", "f4")))
    hello = Hello(VERSION, "Ada", "none", False, "dark", keys=own)
    command = thin_command(Address("class", "Grace", Path(__file__)), msgspec.json.encode(hello), "", False)
    place = command.index(__file__)
    steps, quits = (tuple(map(bytes.fromhex, command[place + part].split())) for part in (5, 6))
    asked = follower(steps=steps, quits=quits)
    assert "\tq steps by yourself\t · ö leaves\n" in command[place + 3]
    monkeypatch.setattr(asked, "become", lambda: None)
    monkeypatch.setattr(asked, "left", lambda status: status)
    for typed, status in ((b"q", None), (b"\xc3\xb6", 0), (b"\x1bOS", 0), (b"\x03", 0), (b"Q", None)):
        monkeypatch.setattr(os, "read", lambda *_, typed=typed: typed)
        assert asked.take_typed() == status
        assert asked.first == ("typed 71" if b"q" in steps else "")


def test_a_key_that_cannot_be_shown_is_not_told_while_the_leader_is_gone() -> None:
    """Nor a command of the palette, which nobody has there."""
    hello = Hello(VERSION, "Ada", "none", True, "dark", keys=(("next", ("é",)), ("quit", ("ö",))))
    said = lost_rows("Grace", "class", hello)
    assert said.isascii()
    assert "steps" not in said
    assert said.count(" | Ctrl+C leaves") == 4


def test_who_is_kept_steps_nowhere_while_the_leader_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """For as long as the leader has said; the row says so in place of the key that steps."""
    asked = follower(gone="gone", path="-", lost="\v | \tl steps\t | q", kept_until=272.0)
    done = list[str]()
    monkeypatch.setattr(asked, "become", lambda: done.append(asked.first))
    monkeypatch.setattr(os, "read", lambda *_: b"l")
    monkeypatch.setattr(os, "get_terminal_size", lambda _: (80, 24))
    for now, row in ((0.5, b"gone | kept 4:31 | q"), (272.5, b"gone | l steps | q")):
        monkeypatch.setattr(time, "monotonic", lambda now=now: now)
        asked.unwritten = b""
        asked.connect()
        assert asked.unwritten.endswith(row)
        asked.take_typed()
    assert done == ["typed 6c"]


def test_a_q_that_was_heard_leaves_nobody() -> None:
    """It was typed into an answer: whatever the leader says then, it is not the end."""
    ours, theirs = socket.socketpair()
    asked = follower(connection=ours, leaves_at=100.0)
    theirs.sendall(message(HELLO, b"hello"))
    assert asked.take_sent() is None
    assert asked.leaves_at is None
    for end in (ours, theirs):
        end.close()


def test_a_leader_who_is_stopped_is_noticed_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """By whom nothing is said any more."""
    ours, theirs = socket.socketpair()
    asked = follower(connection=ours)
    monkeypatch.setattr(select, "select", lambda *_: ([], [], []))
    monkeypatch.setattr(os, "get_terminal_size", lambda _: (80, 24))
    stopped = subprocess.Popen(["sleep", "600"])
    asked.leader = stopped.pid
    assert asked.turn() is None
    assert asked.connection is ours
    stopped.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WNOWAIT)
    assert asked.turn() is None
    assert asked.connection is None
    assert b"the leader is gone" in asked.unwritten
    stopped.kill()
    stopped.wait()
    theirs.close()


def test_a_terminal_that_a_shell_gives_back_just_now_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Being brought to the foreground interrupts what has waited for it."""
    asked, faults = follower(), [errno.EINTR, errno.EINTR]
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
    asked.enter()
    monkeypatch.undo()
    assert faults == []
    assert not termios.tcgetattr(back)[3] & termios.ICANON
    for number in (front, back):
        os.close(number)


def test_what_was_said_before_the_q_does_not_answer_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are read at once where the machine is busy: the leader may have stopped in between."""
    (ours, theirs), (keyboard, typed) = socket.socketpair(), os.pipe()
    asked = follower(connection=ours, place=b"")
    theirs.sendall(message(PLACE, b"2.18"))
    os.write(typed, b"q")
    before = os.dup(0)
    os.dup2(keyboard, 0)
    try:
        ready: list[int] = [0, ours.fileno()]
        monkeypatch.setattr(select, "select", lambda *_: (ready, [], []))
        assert asked.turn() is None
    finally:
        os.dup2(before, 0)
    assert asked.place == b"2.18"
    assert asked.leaves_at is not None
    assert list(Messages().feed(theirs.recv(4096))) == [(KEYS, b"q")]
    for end in (ours, theirs):
        end.close()
    for number in (keyboard, typed, before):
        os.close(number)


@pytest.mark.parametrize("teacher", ["root", "Grace", "Grace B Hopper"])
@pytest.mark.parametrize("is_desk", [False, True])
def test_how_to_leave_without_a_leader_has_room(teacher: str, is_desk: bool) -> None:
    """In the narrowest window that shows a class; the desk's first row names no leader any more."""
    for ascii, apart, step in ((False, " · ", "→"), (True, " | ", "Right")):
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
    asked = follower(modes=before, hello=b"{}", first="", place=b"", tried=b"")
    handed = Handed.read(asked.handed_on())
    hello = Hello(VERSION, "Ada", "none", False, "dark")
    other = dict(Messages().feed(handed_at(inside, hello, b"", b"", b"")))
    assert handed.modes == other[MODES]
    asked.take_back(MODES, handed.modes)
    for modes in (asked.modes, read_modes(handed.modes)):
        assert termios.tcgetattr(inside) != before
        termios.tcsetattr(inside, termios.TCSANOW, modes)
        assert termios.tcgetattr(inside) == before
        take_line(inside)
    os.close(outside)
    os.close(inside)
