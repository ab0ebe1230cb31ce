"""What a server is started with: codes, and as many as the system has room for."""

from __future__ import annotations

import os
import re
import resource
import signal
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncssh
import pytest

from tests.pseudo_terminal import stop
from tinynet_tui.classroom.directory import ROOT, audience, claim, give_up
from tinynet_tui.cli import serve
from tinynet_tui.safety.refusal import Refusal


def test_students_do_not_know_the_leaders_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is written: each of them would lead."""
    monkeypatch.setenv(serve.LEADER_CODE, "Blue-Kite-7777")
    with pytest.raises(Refusal, match="must be another than the class code"):
        serve._admission(serve.parser().read(["--code", "bluekite 7777"]))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o602])
def test_a_leaders_code_that_others_can_read_is_none(tmp_path: Path, mode: int) -> None:
    """What helps is said, and helps."""
    path = tmp_path / "code"
    path.write_text("blue-kite-7777")
    path.chmod(mode)
    words = serve.parser().read(["--leader-code-file", str(path)])
    with pytest.raises(Refusal, match="others can read or change it; chmod 600 it"):
        serve._admission(words)
    path.chmod(0o600)
    assert serve._admission(words).leader_code == "blue-kite-7777"


@pytest.mark.parametrize(
    ("soft", "hard", "students", "apps"),
    [
        (1_024, resource.RLIM_INFINITY, 200, 100),
        (256, 4_096, 200, 100),
        (1_024, 1_024, 200, 70),
        (300, 300, 28, 7),
    ],
)
def test_there_are_descriptors_for_everyone_and_their_apps(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, students: int, apps: int
) -> None:
    """Two connections for each student, one of which has shown nothing, and six for each app."""
    allowed = [(soft, hard)]
    monkeypatch.setattr(resource, "getrlimit", lambda _what: allowed[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _what, pair: allowed.append(pair))
    limits = serve._limits(students)
    assert (limits.students, limits.apps) == (students, apps)
    assert allowed[-1][0] >= 2 * students + 6 * apps


def test_where_there_are_too_few_the_server_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the number that there would have to be."""
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (256, 256))
    monkeypatch.setattr(resource, "setrlimit", lambda _what, _pair: None)
    with pytest.raises(Refusal, match=r"--max-students 28: takes 262 open files; 256 are allowed"):
        serve._limits(28)


def opened(*words: str, kept: str | None = None) -> str | None:
    """The code that lets students in, of a command line and the class that goes on."""
    return serve._admission(serve.parser().read([*words]), kept).code


def test_a_class_that_goes_on_keeps_its_code(tmp_path: Path) -> None:
    """It stands on the board; one that is given wins, and keys beside it stay so."""
    keys = tmp_path / "students"
    keys.write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_public_key())
    with_keys = ("--authorized-keys", str(keys))
    assert opened() != opened()
    assert opened(kept="kvs-aqy-myd") == opened(*with_keys, kept="kvs-aqy-myd") == "kvs-aqy-myd"
    assert opened("--code", "blue-kite", kept="kvs-aqy-myd") == "blue-kite"
    assert opened(*with_keys) is None
    assert opened(*with_keys, kept="") is None
    with pytest.raises(Refusal, match="class lets in keys only: give --authorized-keys FILE"):
        opened(kept="")


def test_what_goes_on_with_a_class_is_told_whole() -> None:
    """All but what is kept with the room, and the code, which `ps` would show."""
    own = serve.parser()
    words = (
        "--room s13 --host ::1 --port 0 --shown-as middle:22 --authorized-keys s.keys --leader-keys /l.pub"
    )
    options = vars(
        own.read(
            [*words.split(), "--max-students", "9", "--code", "blue-kite", "--as", "Grace", "--record", "r"]
        )
    )
    assert serve._going_on(own, options | {"port": 4022}) == (
        "serve --room s13 --host ::1 --port 4022 --shown-as middle:22 "
        f"--authorized-keys {os.path.abspath('s.keys')} --leader-keys /l.pub --max-students 9"
    )
    assert serve._going_on(own, vars(own.read(["mazur"]))) == "serve"


def test_what_forks_apps_knows_nothing_of_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app reads its own memory without any right: no code and no secret may ever have been there."""
    rooms = TemporaryDirectory(prefix="t", dir="/tmp")  # a socket's path has room for 107 bytes
    monkeypatch.setenv(ROOT, rooms.name)
    monkeypatch.setenv(serve.LEADER_CODE, "kite-of-the-leader")
    monkeypatch.setenv("SECRET", "kite-of-the-shell")
    room = claim("class", audience("me"))
    ends_with, holds = os.pipe()
    descriptors = os.listdir("/proc/self/fd")
    process = serve._preload(room, b"", ends_with)
    assert os.listdir("/proc/self/fd") == descriptors, "one after another is made as long as a class goes on"
    try:
        stop(process)
        memory = Path(f"/proc/{process}")
        regions = re.findall(r"(?m)^(\w+)-(\w+) rw.*", (memory / "maps").read_text())
        assert regions
        with (memory / "mem").open("rb") as file:
            for first, end in ((int(at, 16) for at in region) for region in regions):
                file.seek(first)
                assert b"kite-of-the" not in file.read(end - first)
        assert b"PATH=" in (memory / "environ").read_bytes()
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        give_up(room)
        rooms.cleanup()
        for number in (ends_with, holds):
            os.close(number)
