"""The SSH server, tried with OpenSSH's own clients, and the verb `serve` with terminals at both ends."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.app.test_disk_faults import fill_disk
from tests.classroom.ssh_class import CODE, LEADER_CODE, SshClass
from tests.held_port import held_port
from tests.programs import program
from tests.pseudo_terminal import COMMAND, ENVIRON, SAFETY, Terminal, until
from tinynet_tui.classroom.directory import ROOT
from tinynet_tui.cli.serve import LEADER_CODE as LEADER_CODE_SETTING


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshClass]:
    """A class over SSH that has begun."""
    with SshClass(tmp_path_factory.mktemp("ssh"), session=1.0) as begun:
        yield begun


def ran(command: list[str], sent: str = "") -> subprocess.CompletedProcess[str]:
    """What a client comes to that has no terminal."""
    return subprocess.run(command, input=sent, capture_output=True, text=True, timeout=SAFETY, check=False)


def test_watching_stepping_and_leaving(lesson: SshClass) -> None:
    """At the size of the terminal, which is as it was afterwards."""
    at = lesson.do("first-step")["step"]
    ada = lesson.ssh_terminal("-tt")
    before = ada.line_modes
    ada.wait_for("following Grace")
    lesson.do("next")
    ada.wait_for(f"step {at + 1:>2} of")
    ada.press("l")
    ada.wait_for("Grace is 1 step behind")
    ada.resize(100, 30)
    ada.wait_until(lambda: "F follows" in ada.screen.display[29])
    ada.press("F")
    ada.wait_for("following Grace")
    ada.press("q")
    assert ada.ended() == 0
    assert "You have left the class." in ada.screen.text
    assert not ada.screen.cursor.hidden
    assert before is not None


@pytest.mark.parametrize("command", [("ls",), ("sh", "-c", "id"), ("cat", "/etc/passwd")])
def test_no_command_is_run(lesson: SshClass, command: tuple[str, ...]) -> None:
    """Exit status 1, and nothing on standard output."""
    done = ran(lesson.ssh(command=command))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Only the class is here" in done.stderr


def test_without_a_terminal(lesson: SshClass) -> None:
    """A sentence, and exit status 1."""
    done = ran(lesson.ssh("-T"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "connect with `ssh -t`" in done.stderr


def test_no_file_is_had_or_brought(lesson: SshClass) -> None:
    """By sftp and scp, old and new."""
    target = lesson.folder / "had"
    assert ran(lesson.ssh(tool="sftp"), "get /etc/passwd\n").returncode != 0
    at = "Ada@127.0.0.1"
    for old in ((), ("-O",)):
        assert ran(lesson.ssh(*old, tool="scp", command=(f"{at}:/etc/passwd", str(target)))).returncode != 0
        assert (
            ran(lesson.ssh(*old, tool="scp", command=(str(lesson.folder / "key"), f"{at}:x"))).returncode != 0
        )
    assert not target.exists()


@pytest.mark.parametrize("way", ["-L", "-D", "-W"])
def test_nothing_is_forwarded_from_the_client(lesson: SshClass, way: str) -> None:
    """Not even to the server itself: what connects at the other end hears nothing."""
    held, port = held_port()
    options = {
        "-L": ("-N", "-L", f"127.0.0.1:{port}:127.0.0.1:{lesson.port}"),
        "-D": ("-N", "-D", f"127.0.0.1:{port}"),
        "-W": ("-W", f"127.0.0.1:{lesson.port}"),
    }[way]
    client = subprocess.Popen(lesson.ssh(*options), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert client.stdout is not None
    try:
        if way != "-W":
            ends: list[socket.socket] = []

            def is_there() -> bool:
                try:
                    ends.append(socket.create_connection(("127.0.0.1", port)))
                except OSError:
                    return client.poll() is not None
                return True

            until(is_there)
            for end in ends:
                end.settimeout(SAFETY)
                end.sendall(b"\x05\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01" + lesson.port.to_bytes(2, "big"))
                heard = b""
                try:
                    while part := end.recv(4_096):
                        heard += part
                except ConnectionError:
                    pass
                assert b"SSH-2.0" not in heard
                end.close()
        assert b"SSH-2.0" not in client.stdout.read()
        assert client.wait(SAFETY) != 0
    finally:
        client.kill()
        client.wait()
        client.stdout.close()
        held.close()


def test_nothing_is_forwarded_from_the_server(lesson: SshClass) -> None:
    """-R fails, and nobody listens; nor is there a tunnel."""
    held, port = held_port()
    with held:
        done = ran(lesson.ssh("-o", "ExitOnForwardFailure=yes", "-N", "-R", f"{port}:127.0.0.1:1"))
        assert done.returncode != 0
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", port))
    done = ran(lesson.ssh("-o", "ExitOnForwardFailure=yes", "-N", "-w", "any:any"))
    assert "tunnel" in done.stderr.lower(), "refused by the server, or already by a system that has none"


def test_agent_and_x11_stay_at_home(lesson: SshClass) -> None:
    """The class is seen without them."""
    ada = lesson.ssh_terminal("-tt", "-A", "-Y")
    ada.wait_for("following Grace")
    ada.press("q")
    assert ada.ended() == 0


def test_a_second_session_on_one_connection(lesson: SshClass, tmp_path: Path) -> None:
    """As a shared connection would have it: refused."""
    with TemporaryDirectory(prefix="t", dir="/tmp") as folder:
        shared = ("-o", f"ControlPath={folder}/c")
        ada = lesson.ssh_terminal("-tt", "-o", "ControlMaster=yes", *shared)
        ada.wait_for("following Grace")
        done = ran([*lesson.ssh("-T", "-o", "ProxyCommand=false", *shared)])
        assert "Session open refused by peer" in done.stderr
        ada.press("q")
        assert ada.ended() == 0


@pytest.fixture
def rooms() -> Iterator[dict[str, str]]:
    """An environment with rooms and a state of its own."""
    with TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield {**ENVIRON, ROOT: folder, "XDG_STATE_HOME": f"{folder}/state"}


class Served:
    """The verb on a terminal, and students."""

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ
        words = [*COMMAND, "serve", "--port", "0", "--code", CODE]
        self.leader = Terminal(sys.executable, words, environ, (100, 30))
        self.leader.wait_for("leading class")
        sent = self.leader.sent.decode()
        (self.port,) = re.findall(r"ssh -p (\d+) NAME@127\.0\.0\.1", sent)
        self.said = sent

    def student(self, name: str = "Ada") -> Terminal:
        """Somebody who types the line and the code."""
        return self.client(name, CODE)

    def client(self, name: str, code: str) -> Terminal:
        """Somebody who types the line and a code."""
        asks = Path(self._environ[ROOT]) / f"asks {name}"
        asks.write_text(f"#!/bin/sh\necho '{code}'\n")
        asks.chmod(0o700)
        settings = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        options = [word for setting in settings for word in ("-o", setting)]
        asking = {"SSH_ASKPASS": str(asks), "SSH_ASKPASS_REQUIRE": "force"}
        words = ["-F", "none", *options, "-p", self.port, f"{name}@127.0.0.1"]
        return Terminal(program("ssh"), words, {**self._environ, **asking})


def test_what_students_need_is_printed_before_the_screen_opens(rooms: dict[str, str]) -> None:
    """The line, the code and the fingerprint, which J shows again; then every key is the stepper's."""
    served = Served(rooms)
    before = served.said.partition("\x1b[?1049h")[0]
    key = Path(rooms["XDG_STATE_HOME"]) / "tinynet-tui" / "ssh_host_ed25519_key"
    assert key.stat().st_mode & 0o777 == 0o600
    shown = ran([program("ssh-keygen"), "-lf", str(key)]).stdout.split()[1]
    for words in (f"ssh -p {served.port} NAME@127.0.0.1", CODE, shown):
        assert words in before
    served.leader.press("l")
    served.leader.wait_for("step  1 of")
    served.leader.press("J")
    served.leader.wait_for(shown)
    served.leader.press("\x1b")
    served.leader.press("\x03")
    assert served.leader.ended() == 0


@pytest.mark.parametrize("end", [None, signal.SIGTERM, signal.SIGUSR1])
def test_the_server_says_goodbye(rooms: dict[str, str], end: signal.Signals | None) -> None:
    """To whoever watches and to whoever steps alone; their terminals are as they were."""
    served = Served(rooms)
    ada, alan = served.student(), served.student("Alan")
    states = [one.screen.state for one in (ada, alan)]
    for one in (ada, alan):
        one.wait_for("following")
    alan.press("l")
    alan.wait_for("F follows")
    farewell = "The class is over." if end is None else "The server has stopped"
    if end is None:
        served.leader.press("\x03")
        assert served.leader.ended() == 0
    else:
        os.kill(served.leader.child.pid, end)
        assert served.leader.ended() == 128 + end
        assert "The class waits: tinynet-tui serve --port " in served.leader.screen.text
    for one, (_, modes, (_, _, hidden)) in zip((ada, alan), states, strict=True):
        one.ended()
        assert one.screen.mode == set(modes)
        assert one.screen.cursor.hidden == hidden
        assert farewell in one.screen.text


def test_the_lead_goes_to_ssh_and_comes_back(rooms: dict[str, str]) -> None:
    """One leads at a time; each terminal says who, and files stay closed to whoever leads from elsewhere."""
    served = Served({**rooms, LEADER_CODE_SETTING: LEADER_CODE})
    grace = served.client("LEAD", LEADER_CODE)
    grace.wait_for("leading class")
    served.leader.wait_for("Enter leads it here again, Ctrl+C ends it.")
    served.leader.press("l")  # is nobody's
    grace.press("w")
    grace.wait_for("No lesson file is saved here: you lead from another computer.")
    grace.press("l")
    grace.wait_for("step  1 of")
    served.leader.press("\r")
    served.leader.wait_for("You lead here again.")
    grace.ended()
    assert "The class is led at the server's own terminal again." in grace.screen.text
    served.leader.press("l")
    served.leader.wait_for("step  2 of")
    again = served.client("lead", LEADER_CODE)
    again.wait_for("step  2 of")
    served.leader.press("\x03")
    again.ended()
    assert served.leader.ended() == 0
    assert "The class is over." in again.screen.text


def test_the_same_key_the_next_time(rooms: dict[str, str]) -> None:
    """Clients know the server again; where others can read its key, it does not start."""
    served = Served(rooms)
    served.leader.press("\x03")
    assert served.leader.ended() == 0
    again = Served(rooms)
    (one,), (other,) = (re.findall(r"SHA256:\S+", said.said.partition("\x1b")[0]) for said in (served, again))
    assert one == other
    again.leader.press("\x03")
    assert again.leader.ended() == 0
    key = Path(rooms["XDG_STATE_HOME"]) / "tinynet-tui" / "ssh_host_ed25519_key"
    key.chmod(0o640)
    refused = Terminal(sys.executable, [*COMMAND, "serve", "--port", "0"], rooms, (200, 24))
    assert refused.ended() == 2
    assert "others can read the host key; chmod 600 it" in refused.screen.text


def test_a_full_disk(rooms: dict[str, str]) -> None:
    """A server that cannot be made says so in one line; one that is there goes on with the class."""
    refused = Terminal(
        sys.executable, [*COMMAND, "serve", "--port", "0"], rooms, (200, 24), preexec_fn=fill_disk
    )
    assert refused.ended() == 2
    (line,) = refused.screen.text.strip().splitlines()
    assert line.startswith("tinynet-tui serve: ")
    served = Served(rooms)
    resource.prlimit(served.leader.child.pid, resource.RLIMIT_FSIZE, (0, 0))
    ada = served.student()
    ada.wait_for("following")
    served.leader.press("l")
    ada.wait_for("step  1 of")
    served.leader.press("\x03")
    assert served.leader.ended() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--code", "abc"), "--code must have 6 letters or digits at least"),
        (("--code", "abc-\x1b[2J-def"), "--code must be a line of printable characters"),
        (("--port", "70000"), "--port"),
        (("--host", "192.0.2.1"), "cannot listen at 192.0.2.1, port 2222"),
        (("--max-students", "0"), "--max-students"),
        (("--authorized-keys", "none"), "--authorized-keys none: No such file or directory"),
        (("--authorized-keys", "empty"), "there is no key in it"),
        (("--authorized-keys", "options"), "line 2: it must be a kind of key, the key"),
        (("--leader-code-file", "short"), "--leader-code-file must have 12 letters or digits at least"),
        (("--room", "../x"), "--room must be a name"),
    ],
)
def test_bad_use_is_one_line(rooms: dict[str, str], words: tuple[str, str], said: str) -> None:
    """With the option, and what it must be; no room is left behind."""
    folder = Path(rooms[ROOT])
    (folder / "empty").write_text("# nobody\n\n")
    (folder / "options").write_text('\nrestrict,command="sh" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA\n')
    (folder / "short").write_text("short\n")
    (folder / "short").chmod(0o600)
    refused = Terminal(sys.executable, [*COMMAND, "serve", *words], rooms, (200, 24), cwd=str(folder))
    assert refused.ended() == 2
    assert said in refused.screen.text
    assert "Traceback" not in refused.screen.text
    assert [path for path in folder.rglob("*") if path.is_socket()] == []
