"""Stepping by oneself over SSH: an app of one's own, confined, and back."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.classroom.serving import PAGES
from tests.classroom.ssh_class import CODE, SshClass, Watcher, eventually
from tests.pseudo_terminal import SAFETY, child_processes, until
from tinynet_tui.classroom.confined import confine
from tinynet_tui.classroom.messages import APP, CLASS, END, GATHER, HELLO, READY, SUCCESSOR, message
from tinynet_tui.classroom.ssh_app import Apps, SshApp, _connect, _Connection, _Process
from tinynet_tui.classroom.ssh_limits import DESCRIPTORS
from tinynet_tui.session.commands import COMMANDS

SOON = {PAGES: "0"}
"""With it another process goes on in place of an app after its first key, and each time it is asked to."""
ESCAPE = b"\x1b[27u"
"""As terminals send it that tell it from the beginning of another key."""


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshClass]:
    """A class over SSH that has begun."""
    with SshClass(tmp_path_factory.mktemp("ssh")) as begun:
        yield begun


def apps(lesson: SshClass) -> list[int]:
    """The processes of those who step alone."""
    (preloaded,) = child_processes(lesson.process.pid)
    return child_processes(preloaded)


async def alone(lesson: SshClass, name: str = "Ada", **options: Any) -> Watcher:
    """Somebody who has just gone on alone."""
    watcher = await lesson.watch(name, **options)
    watcher.type(b"l")
    await watcher.until(lambda: any(row.startswith(" by yourself") for row in watcher.screen.display))
    return watcher


async def follow_at_another_size(lesson: SshClass, watcher: Watcher) -> None:
    """See the class catch up, have another size, and follow again."""
    lesson.do("next")
    await watcher.shows("Grace is 2 steps behind")
    watcher.resize(100, 30)
    await watcher.until(lambda: "F follows" in watcher.screen.display[29])
    watcher.type(b"F")
    await watcher.shows("following Grace")


def test_a_step_leads_away_and_f_back(lesson: SshClass) -> None:
    """With that step done; what was typed on the way there is for the app."""

    async def step() -> None:
        at = lesson.do("first-step")["step"]
        ada = await lesson.watch()
        ada.type(b"l")
        ada.type(b"ll")
        await ada.at_step(at + 3)
        await ada.shows("by yourself · Grace is 3 steps behind · F follows")
        assert lesson.people["Ada"] == "by themselves"
        await follow_at_another_size(lesson, ada)
        await ada.at_step(at + 1)
        assert lesson.people["Ada"] == "following"
        lesson.do("next")
        await ada.at_step(at + 2)
        await eventually(lambda: not apps(lesson))

    lesson.run(step())


def test_whoever_steps_alone_practises(lesson: SshClass) -> None:
    """Where nothing can be read from the disk any more; and follows from there."""

    async def step() -> None:
        lesson.do("first-step")
        ada = await alone(lesson)
        ada.type(b"?")
        await ada.shows("Help: every key")
        ada.type(b"practice\r")
        await ada.shows("Practice, Attention by hand")
        ada.type(b"\r")
        await ada.shows("0 of 25 right")
        await ada.shows("by yourself · F follows")
        ada.type(b"F")
        await ada.shows("following Grace")

    lesson.run(step())


def test_what_was_tried_is_gone_back_to(lesson: SshClass) -> None:
    """From the class, and by whoever has left and comes back under the same name; nobody else's is."""

    async def step() -> None:
        at = lesson.do("first-step")["step"]
        eve = await alone(lesson, "Eve")
        eve.type(b"ll")
        await eve.at_step(at + 3)
        eve.type(b"F")
        await eve.shows("following Grace")
        await eve.shows("B ")
        eve.type(b"B")
        await eve.shows("by yourself")
        await eve.at_step(at + 3)
        eve.type(b"l")
        await eve.at_step(at + 4)
        eve.type(b"q")
        await eventually(lambda: lesson.people["Eve"] == "away")
        eve = await lesson.watch("Eve")
        await eve.shows("following Grace")
        eve.type(b"B")
        await eve.shows("What you tried")
        await eve.shows(f"step {at + 4}")
        eve.type(ESCAPE + b"q")
        await eventually(lambda: lesson.people["Eve"] == "away")
        lesson.do("forget")
        eve = await lesson.watch("Eve", (120, 36))
        await eve.shows("q leaves")
        assert "you tried" not in eve.screen.text
        bea = await lesson.watch("Bea")
        bea.type(b"B")
        await bea.shows("You have tried nothing else by yourself yet.")

    lesson.run(step())


def test_q_leaves_for_good(lesson: SshClass) -> None:
    """With the terminal given back."""

    async def leave() -> None:
        ada = await alone(lesson)
        ada.type(b"q")
        rest = await ada.ended()
        assert b"\x1b[?1049l" in ada.received + rest
        assert b"You have left the class." in rest
        assert ada.process.exit_status == 0
        await eventually(lambda: not apps(lesson))

    lesson.run(leave())


def test_what_an_app_can_reach(lesson: SshClass) -> None:
    """No rights, no environment, no file, no descriptor of the server's; memory and time are bounded."""

    async def look() -> None:
        ada = await alone(lesson)
        ada.type(b"w")  # what is shown before an answer may be the class's, of an app that has not begun
        await ada.shows("No lesson file is saved here: the app runs on the teacher's computer.")
        (app,) = apps(lesson)
        proc = Path(f"/proc/{app}")
        status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        assert status["NoNewPrivs"].strip() == "1"
        if os.getuid() == 0:
            assert status["Uid"].split() == ["65534"] * 4
            assert status["Gid"].split() == ["65534"] * 4
            assert status["Groups"].split() == []
        limits = (proc / "limits").read_text()
        for name, most in (("cpu time", 600), ("data size", 256 << 20), ("file size", 0), ("open files", 32)):
            (line,) = [line for line in limits.splitlines() if line.startswith(f"Max {name}")]
            assert line.split()[3:5] == [str(most)] * 2
        assert os.readlink(proc / "cwd") == "/"
        ends = {os.readlink(link) for link in (proc / "fd").iterdir()}
        assert not [end for end in ends if end.startswith("/") and not end.startswith("/dev/pts/")]
        ada.type(b"s")
        await ada.shows("No picture is saved here")

    lesson.run(look())


def test_nothing_is_measured_and_y_copies_for_the_seat(lesson: SshClass) -> None:
    """With the reason; the clipboard is that of whoever sits there."""

    async def press() -> None:
        ada = await alone(lesson)
        ada.type(b"m")
        await ada.shows("Nothing is measured here: the app runs on the teacher's computer.")
        ada.type(b"y")
        await ada.shows("clipboard, if there is one.")  # after why there is no file, across two rows
        (sent,) = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\a", ada.received)
        assert b"z" in b64decode(sent)

    lesson.run(press())


def test_an_app_imports_nothing_once_it_is_confined(lesson: SshClass) -> None:
    """Whatever key is pressed: its user may not be able to read where the modules are."""
    opening = "tgpeLdTo?"  # these are left by Escape; nothing else is, or the app would end by it
    keys = [key for entry in COMMANDS if entry.name != "quit" for key in entry.keys if len(key) == 1]

    async def press() -> None:
        ada = await alone(lesson)
        for key in keys:
            if key != "x" and key not in opening:
                ada.type(key.encode())
        ada.type(b"c0")
        for key in opening:
            ada.type(key.encode() + ESCAPE)
        ada.type(b"x")
        await ada.shows("Experiments")
        ada.type(ESCAPE + b"F")
        await ada.shows("following Grace")
        await eventually(lambda: not apps(lesson))

    lesson.run(press())
    assert "an app: " not in (lesson.folder / "log").read_text()


def test_an_app_that_is_killed_is_one_sentence(lesson: SshClass) -> None:
    """And watching goes on, for others as if nothing had been."""

    async def crash() -> None:
        ada, alan = await alone(lesson), await lesson.watch("Alan")
        (app,) = apps(lesson)
        os.kill(app, signal.SIGKILL)
        await ada.shows("Your app has stopped because of a fault in it: you follow again.")
        assert "Traceback" not in ada.received.decode(errors="replace")
        step = lesson.do("next")["step"]
        for one in (ada, alan):
            await one.at_step(step)
        ada.type(b"2")
        await ada.shows("following Grace")

    lesson.run(crash())


def test_who_vanishes_leaves_no_app(lesson: SshClass) -> None:
    """Whatever it does: one that is stopped ends too."""

    async def vanish() -> None:
        ada = await alone(lesson)
        (app,) = apps(lesson)
        os.kill(app, signal.SIGSTOP)
        ada.connection.abort()
        await eventually(lambda: not apps(lesson))

    lesson.run(vanish())


def test_breaking_away_again_and_again_is_held_back(tmp_path: Path) -> None:
    """At most one start a second for each; there are never more apps than may be."""
    with SshClass(tmp_path, apps=3) as lesson:

        async def hammer(name: str) -> None:
            watcher = await lesson.watch(name)
            for _ in range(40):
                watcher.type(b"lF")
                await asyncio.sleep(0.02)

        async def bomb() -> None:
            bombs = [asyncio.ensure_future(hammer(f"Student {number}")) for number in range(8)]
            grace = await lesson.watch("Emmy")
            most = 0
            while not all(bomb.done() for bomb in bombs):
                step = lesson.do("next")["step"]
                await grace.at_step(step)
                most = max(most, len(apps(lesson)))
            await asyncio.gather(*bombs)
            assert most <= 3

        lesson.run(bomb())


def test_another_process_goes_on_while_its_user_rests(lesson: SshClass) -> None:
    """With nothing written; keys that are typed meanwhile are done, and the class is there as it was."""

    async def rest() -> None:
        at = lesson.do("first-step")["step"]
        ada = await alone(lesson, env=SOON)
        (app,) = apps(lesson)
        ada.type(b"5")  # another process goes on after the first key
        await eventually(lambda: apps(lesson) != [app])
        ada.type(b"ll1")
        await eventually(lambda: len(apps(lesson)) == 1 and app not in apps(lesson))
        await ada.at_step(at + 3)
        await ada.shows("Grace is 3 steps behind")
        assert b"\x1b[2J" not in ada.received.partition(b"by yourself")[2]
        await follow_at_another_size(lesson, ada)
        await eventually(lambda: not apps(lesson))

    lesson.run(rest())


def test_another_process_goes_on_at_a_terminal_of_openssh_s(lesson: SshClass) -> None:
    """Nothing of it is seen there: it hears keys and sizes, and gives the terminal back as it was."""
    at = lesson.do("first-step")["step"]
    ada = lesson.ssh_terminal("-tt", "-o", f"SetEnv={PAGES}=0")
    before = ada.line_modes
    ada.wait_for("following Grace")
    ada.press("l")
    ada.wait_for("by yourself")
    (app,) = apps(lesson)
    ada.press("l")
    ada.wait_for(f"step {at + 2:>2} of")
    shown = ada.screen.text
    until(lambda: len(apps(lesson)) == 1 and app not in apps(lesson))
    assert ada.screen.text == shown
    ada.press("l")
    ada.wait_for(f"step {at + 3:>2} of")
    ada.resize(100, 30)
    ada.wait_until(lambda: "F follows" in ada.screen.display[29])
    ada.press("q")
    assert ada.ended() == 0
    assert ada.line_modes == before
    assert "You have left the class." in ada.screen.text
    assert not ada.screen.cursor.hidden


def test_where_no_other_process_can_be_had_the_same_goes_on(tmp_path: Path) -> None:
    """At its terminal, in its class."""
    with SshClass(tmp_path) as lesson:

        async def rest() -> None:
            ada = await alone(lesson, env=SOON)
            (preloaded,) = child_processes(lesson.process.pid)
            os.kill(preloaded, signal.SIGKILL)
            await eventually(lambda: not apps_can_be_had(lesson))
            ada.type(b"5")
            await eventually(
                lambda: "apps go on in the same processes" in (lesson.folder / "log").read_text()
            )
            ada.type(b"l")
            await ada.at_step(2)
            ada.resize(100, 30)
            await ada.until(lambda: "F follows" in ada.screen.display[29])
            lesson.do("next")
            await ada.shows("Grace is 1 step behind")
            ada.type(b"F")
            await ada.shows("following Grace")

        lesson.run(rest())


class Played:
    """An app whose processes are played by sockets."""

    def __init__(self, folder: Path) -> None:
        path = folder / "apps"
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(path))
        self._listening.listen()
        self._listening.setblocking(False)
        self.owner, self.apps = Nobody(), Apps(str(path), "", 1)
        self.complains = list[int]()
        """Where its processes would complain."""

    async def start(self) -> socket.socket:
        """Its first process."""
        self.app = SshApp(self.owner, self.apps)
        await self.app.start({}, lambda _terminal: b"begun", (80, 24))
        return await self.asked(b"begun")

    async def asked(self, expected: bytes) -> socket.socket:
        """The next one, with what it is to go on with."""
        process, _ = await asyncio.get_running_loop().sock_accept(self._listening)
        _, descriptors, _, _ = socket.recv_fds(process, 1, 16)
        with os.fdopen(descriptors.pop(4), "rb") as handed:
            assert handed.read() == expected
        self.complains.append(descriptors.pop(2))
        for descriptor in descriptors:
            os.close(descriptor)
        return process

    async def succeeded(self, first: socket.socket) -> socket.socket:
        """One that is to go on in place of the first."""
        first.sendall(message(SUCCESSOR, b"all that it has"))
        return await self.asked(b"all that it has")

    async def end(self) -> None:
        """Have none of them any more."""
        self.app.end()
        self._listening.close()
        for number in self.complains:
            os.close(number)
        await eventually(lambda: self.apps.running <= 0)


@contextmanager
def other_process() -> Iterator[subprocess.Popen[bytes]]:
    """One that waits, and is ended if it has not been."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("is_ready", [False, True])
def test_a_process_that_is_not_ready_leaves_the_one_before(short_folder: Path, is_ready: bool) -> None:
    """That is told, and lives; by one that is ready it is ended, and the app has not."""

    async def change() -> None:
        played = Played(short_folder)
        with other_process() as before, await played.start() as first:
            first.sendall(message(APP, b"%d" % before.pid))
            with await played.succeeded(first) as second:
                if is_ready:
                    second.sendall(message(READY))
                    await eventually(lambda: before.poll() == -signal.SIGKILL)
                else:
                    second.close()
                    await told_that_none_goes_on(first)
                    assert before.poll() is None
                    before.kill()
                assert not played.owner.has_ended
                (second if is_ready else first).close()
                await eventually(lambda: played.owner.has_ended)
        await played.end()

    asyncio.run(change())


async def told_that_none_goes_on(process: socket.socket) -> None:
    """Read until a process is to go on itself."""
    said = b""
    while not said.endswith(b"-"):
        said += await asyncio.get_running_loop().sock_recv(process, 1_024)


def test_the_terminal_is_free_when_the_one_before_goes_on(
    short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that may have taken it is dead by then: else it could not be taken back, and no size be heard."""
    killed = list[int]()

    async def change() -> None:
        played = Played(short_folder)
        with await played.start() as first, other_process() as successor:
            with await played.succeeded(first) as second:
                second.sendall(message(APP, b"%d" % successor.pid))
                second.shutdown(socket.SHUT_WR)
                await eventually(lambda: bool(killed))
            for _ in range(3):  # turns of the loop, in which it would be told
                await asyncio.sleep(0)
            while first.recv(1_024, socket.MSG_DONTWAIT).endswith(b"-"):
                pytest.fail("it is told while another has the terminal")
            successor.kill()
            await told_that_none_goes_on(first)
        await played.end()

    with monkeypatch.context() as patched:
        patched.setattr(signal, "pidfd_send_signal", lambda number, _signal: killed.append(number))
        asyncio.run(change())


def test_an_app_is_counted_once(short_folder: Path) -> None:
    """A process that is ready when the app has ended does not go on."""

    async def change() -> None:
        played = Played(short_folder)
        with await played.start() as first, await played.succeeded(first) as second:
            first.close()
            await eventually(lambda: played.owner.has_ended)
            with suppress(BrokenPipeError):
                second.sendall(message(READY))
            second.close()
            await eventually(lambda: not played.apps.changing)
        await played.end()
        assert (played.apps.running, played.apps.changing) == (0, 0)

    asyncio.run(change())


def test_an_app_takes_as_many_descriptors_as_are_kept_for_it(short_folder: Path) -> None:
    """And gives all of them back."""

    async def count(number: int) -> None:
        played = Played(short_folder)
        before = len(os.listdir("/proc/self/fd"))
        with await played.start() as first:
            first.sendall(message(APP, b"%d" % number) + message(HELLO, b""))
            await eventually(lambda: played.owner.has_chosen)
            assert len(os.listdir("/proc/self/fd")) == before + DESCRIPTORS + len((first, *played.complains))
        await played.end()
        await eventually(lambda: len(os.listdir("/proc/self/fd")) == before - 1)

    with other_process() as process:
        asyncio.run(count(process.pid))


def test_a_start_that_fails_keeps_no_descriptor() -> None:
    """However many there are left: that is when they are needed."""

    async def start(most: int) -> None:
        before = os.listdir("/proc/self/fd")
        free = [os.dup(0) for _ in range(most + 1)]
        for number in free:
            os.close(number)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free[-1], hard))
        try:
            with pytest.raises(OSError):  # noqa: PT011 - too many files, or nobody there
                await SshApp(Nobody(), Apps("/nobody", "", 1)).start({}, lambda _: b"", (80, 24))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert os.listdir("/proc/self/fd") == before

    for most in range(12):
        asyncio.run(start(most))


def test_no_more_than_there_is_room_for(tmp_path: Path) -> None:
    """Whoever comes too late watches on, and is told why."""
    with SshClass(tmp_path, apps=1) as lesson:

        async def step() -> None:
            ada, alan = await alone(lesson), await lesson.watch("Alan")
            alan.type(b"l")
            await alan.shows("Too many step by themselves now: try again later.")
            ada.type(b"F")
            await ada.shows("following")
            alan.type(b"l")
            await alan.shows("Grace is 1 step behind")

        lesson.run(step())


def test_where_no_app_can_be_had_that_is_said(tmp_path: Path) -> None:
    """And not that there are too many."""
    with SshClass(tmp_path) as lesson:

        async def step() -> None:
            ada = await lesson.watch()
            (preloaded,) = child_processes(lesson.process.pid)
            os.kill(preloaded, signal.SIGKILL)
            await eventually(lambda: not apps_can_be_had(lesson))
            ada.type(b"l")
            await ada.shows("Nobody can step by themselves now: tell your teacher.")

        lesson.run(step())


def apps_can_be_had(lesson: SshClass) -> bool:
    """Whether a preloaded process answers; one that is killed may be there for a moment more."""
    (path,) = Path(lesson.rooms).glob("*/class~apps")
    with socket.socket(socket.AF_UNIX) as asking:
        return asking.connect_ex(str(path)) == 0


class Nobody:
    """The owner of an app that is told of nothing but its end."""

    has_ended = has_chosen = False

    def draw(self, frame: bytes) -> None:
        """See nothing."""

    def take_keys(self, takes: bool) -> None:
        """Type nothing."""

    def take_news(self, kind: bytes, content: bytes) -> None:
        """Hear nothing."""

    def take_tried(self, content: bytes) -> None:
        """Keep nothing."""

    def take_hello(self, content: bytes) -> None:
        """Take note."""
        self.has_chosen = True

    def app_ended(self, status: int | None) -> None:
        """Take note."""
        self.has_ended = True


def test_what_an_app_is_told_while_it_starts_arrives(short_folder: Path) -> None:
    """As soon as it is there: that it is to follow again, say."""

    async def tell() -> None:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(short_folder / "early"))
            listening.listen()
            app = SshApp(Nobody(), Apps(str(short_folder / "early"), "", 1))
            app.tell(CLASS, b"early")
            await app.start({}, lambda _terminal: b"", (80, 24))
            app.tell(GATHER, b"")
            with listening.accept()[0] as connection:
                _, descriptors, _, _ = socket.recv_fds(connection, 1, 16)
                with socket.socket(fileno=descriptors.pop()) as room:
                    expected = message(CLASS, b"early") + message(GATHER, b"")
                    await eventually(lambda: room.recv(1_024, socket.MSG_PEEK) == expected)
                app.end()
            for descriptor in descriptors:
                os.close(descriptor)

    asyncio.run(tell())


@pytest.mark.parametrize("last", [b"", message(END, b"no number"), b"X\xff\xff\xff"])
def test_an_app_has_nobody_killed_but_itself(last: bytes) -> None:
    """The number that is told first is its own; what makes no sense ends it, and so does hanging up."""

    async def lie() -> None:
        own, other = (
            subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) for _ in "12"
        )
        owner = Nobody()
        app = SshApp(owner, Apps("", "", 1))
        here, there = socket.socketpair()
        app._process = process = _Process(app)
        await _connect(here, _Connection(process.take, process.lost))
        for said in (b"%d" % own.pid, b"%d" % other.pid, b"no number"):
            there.sendall(message(APP, said))
        there.sendall(last)
        if not last:
            there.close()
        await eventually(lambda: owner.has_ended)
        there.close()
        assert own.wait(SAFETY) == -signal.SIGKILL
        assert other.poll() is None
        other.communicate(b"\n", SAFETY)
        assert own.stdin is not None
        own.stdin.close()

    asyncio.run(lie())


def test_confinement_that_fails_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a limit cannot be set there is no app."""
    monkeypatch.setattr(resource, "setrlimit", lambda _what, _most: os.close(-1))
    with pytest.raises(OSError):  # noqa: PT011 - whichever of them it is
        confine_elsewhere()


def confine_elsewhere() -> None:
    """In a process that may go on confined."""
    ends, other = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            confine()
        except OSError:
            os.write(other, b"refused")
        os._exit(0)
    os.close(other)
    os.waitpid(child, 0)
    with os.fdopen(ends, "rb") as said:
        if said.read() == b"refused":
            raise OSError


def test_the_log_has_names_as_the_class_has(lesson: SshClass) -> None:
    """Quoted and cut: a name cannot fill the log, nor pass for its words."""

    async def come() -> None:
        await lesson.watch("Eve is let in " + "x" * 500)

    lesson.run(come())
    assert "'Eve is let in xxxxxxxxxx' is let in, from 127.0.0.1" in (lesson.folder / "log").read_text()


def test_the_log_tells_who_was_there_and_who_was_not(lesson: SshClass) -> None:
    """Who is refused was never let in; who has come leaves."""
    log = lesson.folder / "log"

    async def come() -> None:
        await lesson.watch("Carol")
        await (await lesson.connect("Bob")).run("id")
        await lesson.connect("Dan")

    lesson.run(come())
    until(lambda: "'Carol' has left, from 127.0.0.1" in log.read_text())
    assert "'Carol' is let in, from 127.0.0.1" in log.read_text()
    assert "'Bob' is refused, from 127.0.0.1: Only the class is here: connect without a" in log.read_text()
    until(lambda: "'Dan' has shown who they are, and has gone without a word" in log.read_text())
    assert "'Bob' is let in" not in log.read_text()
    assert "'Bob' has shown" not in log.read_text()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (CODE, "wrong codes: 1, the last by 'lead', from 127.0.0.1"),
        ("", "refused without a known key: 1, the last was 'Ada', from 127.0.0.1"),
    ],
)
def test_the_log_tells_of_whoever_could_not_show_who_they_are(code: str, words: str, tmp_path: Path) -> None:
    """Under which name, since that says whether it was tried to lead; nobody who has come is among them."""
    with SshClass(tmp_path, code) as lesson:
        log = lesson.folder / "log"

        async def come() -> None:
            with pytest.raises(asyncssh.PermissionDenied):
                await lesson.connect("Ada" if not code else "lead", "a wrong one", preferred_auth="password")
            key = [str(tmp_path / "student")]
            await lesson.watch("Alan", login={"client_keys": key, "password": None})

        lesson.run(come())
        until(lambda: words in log.read_text())
        assert "'Alan', from" not in log.read_text().replace("'Alan' is let in, from", "")
