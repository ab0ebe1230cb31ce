"""Apps of those who step alone over SSH: what they do there, and what they can reach."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
from base64 import b64decode
from pathlib import Path

import asyncssh
import pytest

from tests.classroom.apps_over_ssh import ESCAPE, alone, apps, apps_can_be_had, follow_at_another_size
from tests.classroom.serving import MEMORY
from tests.classroom.ssh_class import CODE, SshClass, eventually
from tests.pseudo_terminal import child_processes, until
from tinynet_tui.classroom.confined import confine
from tinynet_tui.session.commands import COMMANDS


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
        for name, *most in (
            ("cpu time", 600, 605),
            ("data size", 256 << 20, 256 << 20),
            ("file size", 0, 0),
            ("open files", 32, 32),
        ):
            (line,) = [line for line in limits.splitlines() if line.startswith(f"Max {name}")]
            assert line.split()[3:5] == [*map(str, most)]
        here, there = (os.getpriority(os.PRIO_PROCESS, process) for process in (os.getpid(), app))
        assert there == min(here + 5, 19)
        if (share := proc / "autogroup").exists():  # else the system knows no other politeness
            assert share.read_text().split()[1:] in ([], ["nice", "5"])
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


def test_an_app_without_memory_or_time_says_so(lesson: SshClass) -> None:
    """It is no fault of its own, to its user as in the log."""

    async def use_up() -> None:
        ada = await alone(lesson, env={MEMORY: "1"})
        ada.type(b"y")
        await ada.shows("Your app's memory ran out: you follow again.")
        alan = await alone(lesson, "Alan")
        (app,) = apps(lesson)
        os.kill(app, signal.SIGXCPU)  # as the system does after ten minutes of the processor
        await alan.shows("Your app's time to compute ran out: you follow again.")

    lesson.run(use_up())
    log = (lesson.folder / "log").read_text()
    assert "an app: The app stopped because its memory ran out: MemoryError." in log
    assert "fault" not in log


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
