"""The processes of an app over SSH: how one begins, goes on in place of another, and ends."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.classroom.apps_over_ssh import (
    Nobody,
    Played,
    alone,
    apps,
    apps_can_be_had,
    follow_at_another_size,
    other_process,
    told_that_none_goes_on,
)
from tests.classroom.serving import PAGES
from tests.classroom.ssh_class import SshClass, eventually
from tests.pseudo_terminal import SAFETY, child_processes, until
from tinynet_tui.classroom.messages import APP, CLASS, END, GATHER, HELLO, READY, message
from tinynet_tui.classroom.ssh_app import Apps, SshApp, _connect, _Connection, _Process
from tinynet_tui.classroom.ssh_limits import DESCRIPTORS

SOON = {PAGES: "0"}
"""With it another process goes on in place of an app after its first key, and each time it is asked to."""


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
        gc.collect()  # what tests before this one have dropped
        before = len(os.listdir("/proc/self/fd"))
        with await played.start() as first:
            first.sendall(message(APP, b"%d" % number) + message(HELLO, b""))
            await eventually(lambda: played.owner.has_chosen)
            kept = before + DESCRIPTORS + len((first, *played.complains))
            await eventually(lambda: len(os.listdir("/proc/self/fd")) == kept)
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
