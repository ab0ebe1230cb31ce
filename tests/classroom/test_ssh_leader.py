"""A class over SSH whose leader comes by SSH too: a server without a terminal."""

from __future__ import annotations

import asyncio
import os
import pwd
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncssh
import pytest

from tests import programs
from tests.classroom.ssh_class import CODE, LEADER_CODE, SshClass, Watcher, eventually
from tests.classroom.test_other_users import ADA, becoming, runnable_by
from tests.pseudo_terminal import COMMAND, ENVIRON, SAFETY, child_processes, until
from tinynet_tui.classroom.directory import ROOT
from tinynet_tui.classroom.kept_room import kept_room
from tinynet_tui.classroom.recording import recorded
from tinynet_tui.cli.serve import LEADER_CODE as SETTING


class Unattended(SshClass):
    """The verb without a terminal, as a service has it."""

    def __init__(self, folder: Path, *words: str, user: str = "", cwd: str | Path = "/") -> None:
        super().__init__(folder)
        self._user, self._cwd = user, cwd
        self._words = [*COMMAND, "serve", "--port", "0", "--code", CODE, *words]

    def __enter__(self) -> Unattended:
        self._rooms = TemporaryDirectory(prefix="t", dir="/tmp", ignore_cleanup_errors=True)
        own = {ROOT: self._rooms.name, "XDG_STATE_HOME": f"{self._rooms.name}/state", SETTING: LEADER_CODE}
        python, become = sys.executable, None
        if self._user:
            python, own["PYTHONPATH"] = runnable_by(self._user)
            become = becoming(self._user)
            os.chown(self._rooms.name, pwd.getpwnam(self._user).pw_uid, -1)
        with (self.folder / "log").open("wb") as log:
            self.server = subprocess.Popen(
                [python, *self._words],
                cwd=self._cwd,
                preexec_fn=become,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env={**ENVIRON, **own},
            )
        try:
            self.tells("NAME@")
        except BaseException:
            self.__exit__()
            raise
        (port,) = re.findall(r"ssh -p (\d+) NAME@", self.log)
        self.port = int(port)
        return self

    def __exit__(self, *_: object) -> None:
        self.server.kill()
        self.server.wait(SAFETY)
        self._rooms.cleanup()

    @property
    def log(self) -> str:
        """What it has written at standard error."""
        return (self.folder / "log").read_text()

    def tells(self, words: str) -> None:
        """Wait until its log has some words."""
        until(lambda: words in self.log or self.server.poll() is not None)
        assert words in self.log


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Unattended]:
    """A class that nobody leads yet."""
    with Unattended(tmp_path / "keys", "--record", str(tmp_path / "recorded")) as begun:
        yield begun


async def leader(lesson: Unattended) -> Watcher:
    """Who leads."""
    watcher = Watcher(await lesson.connect("lead", LEADER_CODE), (100, 30))
    watcher.process = await watcher.connection.create_process(
        term_type="xterm-256color", term_size=(100, 30), encoding=None
    )
    await watcher.shows("leading class")
    return watcher


def test_the_teacher_leads_from_anywhere(lesson: Unattended, tmp_path: Path) -> None:
    """Goes, and comes back to where the class is; files of the server's stay closed; all is recorded."""

    async def lead() -> None:
        ada = await lesson.watch()
        assert "is not there · class " in ada.screen.text
        grace = await leader(lesson)
        await ada.shows("following")
        grace.type(b"ll")
        for one in (grace, ada):
            await one.at_step(2)
        grace.type(b"w")
        await grace.shows("No lesson file is saved here: you lead from another computer.")
        grace.resize(120, 36)
        grace.type(b"l")
        await grace.until(lambda: "G gathers" in grace.screen.display[35])
        grace.type(b"q")
        await grace.shows("leave it waiting")
        grace.type(b"\r")
        assert b"The class goes on" in await grace.ended()
        again = await leader(lesson)
        again.type(b"l")
        for one in (again, ada):
            await one.at_step(4)
        again.type(b"\x03")
        assert b"The class goes on" in await again.ended()
        third = await leader(lesson)
        third.type(b"l")
        await ada.at_step(5)

    lesson.run(lead())
    lines = (tmp_path / "recorded").read_bytes().splitlines(keepends=True)
    assert [place.session.step for place in recorded(lines)] == [0, 1, 2, 3, 4, 5]
    assert (tmp_path / "recorded").stat().st_mode & 0o777 == 0o600, "nobody else's, as all files of a class"


@pytest.mark.parametrize(("address", "hosts"), [("::1", ["::1"]), ("::", ["::1", "127.0.0.1"])])
def test_a_server_that_is_not_root_and_the_newer_addresses(
    tmp_path: Path, address: str, hosts: list[str]
) -> None:
    """Students watch and step alone, in apps of the server's user that can get no other rights."""
    programs.root()

    async def step(begun: Unattended) -> None:
        for host in hosts:
            begun.host = host
            ada = await begun.watch(f"Ada {host}")
            ada.type(b"l")
            await ada.shows("F follows")
            (preloaded,) = child_processes(begun.server.pid)
            for app in child_processes(preloaded):
                status = Path(f"/proc/{app}/status").read_text()
                assert f"Uid:\t{pwd.getpwnam(ADA).pw_uid}\t" in status
                assert "NoNewPrivs:\t1" in status
            ada.type(b"F")
            await ada.shows("is not there · class ")
            ada.type(b"q")
            assert b"You have left the class." in await ada.ended()

    with Unattended(tmp_path / "keys", "--host", address, user=ADA) as begun:
        begun.run(step(begun))


def test_who_ends_the_class_from_elsewhere_is_told_where_the_answers_are(tmp_path: Path) -> None:
    """In a file on the server that nobody else there reads."""
    file = tmp_path / "class-answers.csv"

    async def lead(begun: Unattended) -> None:
        grace, ada = await leader(begun), await begun.watch()
        grace.type(b"A")
        await ada.shows("your answer")
        ada.type(b"1.5\r")
        await grace.shows("1 of 1 have answered")
        grace.type(b"q")
        await grace.shows("write the answers")
        grace.type(b"write\r")
        said = (await grace.ended()).decode().strip()
        assert said.endswith(f"The class is over. The answers are on the server, in {file}.")

    with Unattended(tmp_path / "keys", cwd=tmp_path) as begun:
        begun.run(lead(begun))
    assert "Ada,1.5,right" in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_leaves_the_class_waiting_from_elsewhere_is_told_what_goes_on_with_it(
    lesson: Unattended,
) -> None:
    """As at the server's own terminal."""

    async def lead() -> None:
        grace = await leader(lesson)
        grace.type(b"q")
        await grace.shows("leave it waiting")
        grace.type(b"waiting\r")
        said = (await grace.ended()).rpartition(b"\x1b[?1049l")[2].decode()
        assert f"The class waits: tinynet-tui serve --port {lesson.port} goes on with it." in said

    lesson.run(lead())


def test_who_ends_the_class_is_told_that_it_is_over(lesson: Unattended) -> None:
    """And not that it goes on."""

    async def lead() -> None:
        grace = await leader(lesson)
        grace.type(b"q")
        await grace.shows("leave it waiting")
        grace.type(b"\x1b[B\r")
        said = await grace.ended()
        assert b"The class is over." in said
        assert b"goes on" not in said.rpartition(b"\x1b[?1049l")[2]

    lesson.run(lead())


def test_a_list_that_is_open_does_not_go_to_the_next_leader(lesson: Unattended) -> None:
    """It may have other choices than theirs."""

    async def lead() -> None:
        grace = await leader(lesson)
        grace.type(b"q")
        await grace.shows("leave it waiting")
        grace.connection.abort()
        again = await leader(lesson)
        await again.until(lambda: "leave it waiting" not in again.screen.text)
        again.type(b"l")
        await again.at_step(1)

    lesson.run(lead())


def test_one_leads(lesson: Unattended) -> None:
    """A second one is told so, while the first answers."""

    async def lead() -> None:
        await leader(lesson)
        other = await lesson.connect("lead", LEADER_CODE)
        done = await other.run(term_type="xterm", encoding=None)
        assert (done.exit_status, done.stderr) == (1, b"Somebody leads the class over SSH already.\r\n")

    lesson.run(lead())


def test_who_is_no_leader_leads_nothing(lesson: Unattended) -> None:
    """Whatever they type."""

    async def lead() -> None:
        grace, ada = await leader(lesson), await lesson.watch()
        with pytest.raises(asyncssh.PermissionDenied):
            await lesson.connect("lead", CODE)
        ada.type(b"G")
        ada.type(b"A")
        grace.type(b"l")
        await ada.at_step(1)

    lesson.run(lead())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order(lesson: Unattended, number: signal.Signals) -> None:
    """As a service does: with exit status 0, and a goodbye to everyone; its code is kept with the room."""

    async def end() -> None:
        ada, grace = await lesson.watch(), await leader(lesson)
        lesson.server.send_signal(number)
        for one in (ada, grace):
            assert b"\x1b[?1049l" in await one.ended()

    lesson.run(end())
    assert lesson.server.wait(SAFETY) == 0
    (path,) = Path(lesson._rooms.name).glob("*/class.kept")
    kept = kept_room(path)
    assert kept is not None
    assert (kept[0].code, path.stat().st_mode & 0o777) == (CODE, 0o600)


def test_a_preloaded_process_that_is_killed_is_made_again(lesson: Unattended) -> None:
    """Twice; nothing is left of those before, and none has the leader's code."""

    async def step() -> None:
        before = list[int]()
        for name in ("Ada", "Alan", "Joan"):
            student = await lesson.watch(name)
            student.type(b"l")
            await student.shows("F follows")
            student.connection.abort()
            (preloaded,) = child_processes(lesson.server.pid)
            os.kill(preloaded, signal.SIGKILL)
            before.append(preloaded)
            await eventually(lambda: not {*child_processes(lesson.server.pid)} <= {*before})
        (preloaded,) = child_processes(lesson.server.pid)
        # It has those of the server until it has become another program.
        environment = Path(f"/proc/{preloaded}/environ")
        await eventually(lambda: LEADER_CODE.encode() not in environment.read_bytes())

    lesson.run(step())


def test_without_a_leader_there_is_no_class(tmp_path: Path) -> None:
    """A server that nobody could lead does not start; a code that is short neither."""
    environ: dict[str, Any] = {**ENVIRON, ROOT: str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    for own, words in (({}, "--leader-keys or --leader-code-file says who may"), ({SETTING: "short"}, "12")):
        done = subprocess.run(
            [sys.executable, *COMMAND, "serve", "--port", "0"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environ | own,
            check=False,
        )
        assert done.returncode == 2
        assert words in done.stderr


def test_a_leader_who_vanishes_can_come_back(lesson: Unattended) -> None:
    """The older connection gives way once it has not answered for a while."""

    async def lead() -> None:
        lost = await leader(lesson)
        transport = lost.connection._transport
        assert transport is not None
        transport.pause_reading()
        await asyncio.sleep(0)
        again = await leader(lesson)
        again.type(b"l")
        await again.at_step(1)

    lesson.run(lead())


def test_how_to_lead_is_printed_where_there_is_no_terminal(lesson: Unattended) -> None:
    """Nobody leads the class otherwise."""
    lesson.tells(f"You lead: ssh -p {lesson.port} lead@127.0.0.1\n")


def test_the_log_tells_that_a_class_cannot_be_saved(lesson: Unattended) -> None:
    """Where there is no terminal and nobody leads, there is nowhere else to read it."""

    async def come() -> None:
        await lesson.watch("Ada")
        (kept,) = Path(lesson._rooms.name).glob("*/class.kept")
        kept.with_name("class.kept.new").symlink_to("/dev/full")  # where nothing can be written
        await lesson.watch("Alan")

    lesson.run(come())
    lesson.tells("you could not come back to this class")
