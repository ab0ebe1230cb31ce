"""A class behind the system's own sshd, with the lines that docs/ssh.md has for it."""

from __future__ import annotations

import os
import pwd
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.classroom.ssh_class import SshClass
from tests.held_port import held_port
from tests.programs import program
from tests.pseudo_terminal import ENVIRON, SAFETY, Terminal, until
from tinynet_tui.classroom.directory import ROOT

DOCS = Path(__file__).parents[2] / "docs" / "ssh.md"


def recipe() -> str:
    """The lines for sshd_config as they are printed."""
    (lines,) = re.findall(r"```\n(Match User class\n.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    return str(lines)


class Sshd:
    """The system's sshd on the loopback, with an account of this user's."""

    def __init__(self, folder: Path, rules: str) -> None:
        self.folder = folder
        user = pwd.getpwuid(os.getuid()).pw_name
        for name in ("host", "student"):
            subprocess.run(
                [program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
            )
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        wrapper = folder / "tinynet-tui"
        kept = {ROOT: str(folder), "XDG_STATE_HOME": str(folder), "LC_ALL": "C.UTF-8"}
        exports = "".join(f"export {name}={value}\n" for name, value in kept.items())
        wrapper.write_text(f'#!/bin/sh\n{exports}exec {sys.executable} -m tinynet_tui "$@"\n')
        wrapper.chmod(0o755)
        rules = rules.replace("Match User class", f"Match User {user}")
        rules = rules.replace("/opt/tinynet/bin/tinynet-tui", str(wrapper))
        (folder / "config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
            f"AuthorizedKeysFile {folder}/student.pub\nStrictModes no\nUsePAM no\nPermitRootLogin yes\n"
            f"PasswordAuthentication no\nSubsystem sftp internal-sftp\n{rules}"
        )
        self.user = user
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # which the system makes when it starts its own
        self.process = subprocess.Popen(
            [program("sshd"), "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr is not None
        while "Server listening" not in (line := self.process.stderr.readline()):
            assert line, "sshd did not start"

    def client(self, *options: str, tool: str = "ssh") -> list[str]:
        """The command line of a client."""
        settings = (
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
            "BatchMode=yes",
        )
        own = [word for setting in settings for word in ("-o", setting)]
        port = ("-p" if tool == "ssh" else "-P", str(self.port))
        key = str(self.folder / "student")
        return [program(tool), "-F", "none", *own, "-i", key, *port, *options, f"{self.user}@127.0.0.1"]

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture(scope="module")
def sshd() -> Iterator[Sshd]:
    """A server that lets in who runs the tests."""
    with TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = Sshd(Path(folder), recipe())
        yield server
        server.close()


def leader(sshd: Sshd) -> Terminal:
    """Who leads on that machine."""
    environ = {**ENVIRON, ROOT: str(sshd.folder), "XDG_STATE_HOME": str(sshd.folder)}
    terminal = Terminal(str(sshd.folder / "tinynet-tui"), ["lead", "class", "--as", "Grace"], environ)
    terminal.wait_for("leading class")
    return terminal


def test_the_class_is_all_that_is_there(sshd: Sshd) -> None:
    """Watching, stepping alone, back; no command, no shell by Ctrl+Z, no file, no forwarding."""
    grace = leader(sshd)
    command, *arguments = sshd.client("-tt")
    ada = Terminal(command, arguments, ENVIRON)
    ada.wait_for("following Grace")
    grace.press("l")
    ada.wait_for("step  1 of")
    ada.press("\x1a")
    ada.press("l")
    ada.wait_for("F follows")
    ada.press("w")
    ada.wait_for("this is a kiosk")
    ada.press("F")
    ada.wait_for("following Grace")
    done = subprocess.run(
        [*sshd.client(), "id"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SAFETY,
        check=False,
    )
    assert "uid=" not in done.stdout
    got = sshd.folder / "got"
    sftp = subprocess.run(
        sshd.client(tool="sftp"), input=f"get {sshd.folder}/config {got}\n", capture_output=True, text=True,
        timeout=SAFETY, check=False,
    )  # fmt: skip
    assert sftp.returncode != 0
    assert not got.exists()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    failed = ("-N", "-o", "ExitOnForwardFailure=yes", "-R", f"{port}:127.0.0.1:1")
    assert (
        subprocess.run(sshd.client(*failed), capture_output=True, timeout=SAFETY, check=False).returncode != 0
    )
    ada.press("q")
    assert ada.ended() == 0
    grace.close()


def is_open(port: int) -> bool:
    """Whether somebody listens at a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_through_another_machine(tmp_path: Path) -> None:
    """A class that nobody can reach, by a port of one that all reach; and by a jump through that one."""
    middle = Sshd(tmp_path, "GatewayPorts clientspecified\n")
    held, at_middle = held_port()
    with held, SshClass(tmp_path / "class") as lesson:
        config = tmp_path / "client"
        config.write_text(
            "Host *\nStrictHostKeyChecking no\nUserKnownHostsFile /dev/null\nLogLevel ERROR\nBatchMode yes\n"
            f"IdentitiesOnly yes\nIdentityFile {tmp_path}/student\nIdentityFile {lesson.folder}/student\n"
        )
        ssh = [program("ssh"), "-F", str(config)]
        way = f"127.0.0.1:{at_middle}:127.0.0.1:{lesson.port}"
        to_middle = [*ssh, "-N", "-R", way, "-p", str(middle.port), f"{middle.user}@127.0.0.1"]
        backwards = subprocess.Popen(to_middle)
        try:
            until(lambda: is_open(at_middle))
            for words in (
                ("-p", str(at_middle), "Ada@127.0.0.1"),
                ("-J", f"{middle.user}@127.0.0.1:{middle.port}", "-p", str(lesson.port), "Alan@127.0.0.1"),
            ):
                student = Terminal(ssh[0], [*ssh[1:], *words], ENVIRON)
                student.wait_for("following Grace")
                student.press("q")
                assert student.ended() == 0
            assert set(lesson.people) == {"Ada", "Alan"}
        finally:
            backwards.kill()
            backwards.wait()
            middle.close()


def test_the_service_of_systemd(tmp_path: Path) -> None:
    """Its unit is one, and leaves it little."""
    (unit,) = re.findall(r"```ini\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "tinynet.service"
    path.write_text(unit.replace("/opt/tinynet/bin/tinynet-tui", sys.executable))
    analyze = program("systemd-analyze")
    done = subprocess.run([analyze, "verify", str(path)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if path.name in line] == []
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    (exposure,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout) or [done.stderr]
    assert float(exposure) <= 2.0
