"""The SSH server, tried by clients of AsyncSSH's: watching, and all that cannot be done there."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncssh
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.classroom.ssh_class import LEADER_CODE, SshClass, eventually


def test_who_comes_sees_the_class_and_every_step(lesson: SshClass) -> None:
    """At the size of each window; the last row is theirs."""

    async def watch() -> None:
        at = lesson.do("first-step")["step"]
        ada, alan = await lesson.watch("Ada"), await lesson.watch("Alan", (120, 36))
        lesson.do("next")
        await ada.at_step(at + 1)
        await alan.at_step(at + 1)
        await ada.shows("following Grace · 2 here")
        ada.type(b"2")
        await ada.shows("2 table")
        ada.type(b"!")
        await ada.shows("your hand is up")
        ada.type(b"q")
        assert b"You have left the class." in await ada.ended()
        assert ada.process.exit_status == 0
        alan.connection.close()
        await eventually(lambda: set(lesson.people.values()) == {"away"})

    lesson.run(watch())


async def refused(lesson: SshClass, what: str, connection: asyncssh.SSHClientConnection) -> str:
    """Why something that a client asks for is not done."""
    try:
        match what:
            case "sftp":
                await connection.start_sftp_client()
            case "subsystem":
                await connection.create_process(subsystem="netconf")
            case "local":
                await connection.open_connection("127.0.0.1", lesson.port)
            case "local path":
                await connection.open_unix_connection("/etc/passwd")
            case "remote":
                await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1)
            case "remote path":
                await connection.forward_remote_path(str(lesson.folder / "socket"), "/tmp/none")
            case "tunnel":
                await connection.create_tun(lambda: asyncssh.SSHTunTapSession())
            case "tap":
                await connection.create_tap(lambda: asyncssh.SSHTunTapSession())
    except (asyncssh.Error, asyncssh.ChannelListenError, OSError) as fault:
        return str(fault) or "refused"
    return ""


@pytest.mark.parametrize(
    "what", ["sftp", "subsystem", "local", "local path", "remote", "remote path", "tunnel", "tap"]
)
def test_nothing_else_is_there(lesson: SshClass, what: str) -> None:
    """Each is refused; nothing is opened on the server's side."""

    async def ask() -> None:
        async with await lesson.connect() as connection:
            assert await refused(lesson, what, connection)
        assert not (lesson.folder / "socket").exists()

    lesson.run(ask())


@pytest.mark.parametrize("has_terminal", [False, True])
@pytest.mark.parametrize("command", ["ls", "sh -c id", "scp -t /tmp", "tinynet-tui trace", "x" * 3_000])
def test_no_command_is_run(lesson: SshClass, command: str, has_terminal: bool) -> None:
    """A sentence and exit status 1, with a terminal or without one."""

    async def ask() -> None:
        async with await lesson.connect() as connection:
            term: dict[str, Any] = {"term_type": "xterm"} if has_terminal else {}
            done = await connection.run(command, **term)
            assert (done.exit_status, done.stdout) == (1, "")
            assert done.stderr == "Only the class is here: connect without a command.\r\n"

    lesson.run(ask())


def test_without_a_terminal(lesson: SshClass) -> None:
    """What to do, and exit status 1."""

    async def ask() -> None:
        async with await lesson.connect() as connection:
            done = await connection.run()
            assert (done.exit_status, done.stdout) == (1, "")
            assert done.stderr == "The class needs a terminal: connect with `ssh -t`.\r\n"

    lesson.run(ask())


def test_one_channel_is_all(lesson: SshClass) -> None:
    """A second one is refused, beside the first one and after it."""

    async def ask() -> None:
        ada = await lesson.watch()
        with pytest.raises(asyncssh.ChannelOpenError):
            await ada.connection.create_process(term_type="xterm")
        lesson.do("next")
        await ada.until(lambda: "following" in ada.screen.text)
        ada.type(b"q")
        await ada.ended()
        with pytest.raises((asyncssh.Error, OSError)):
            await ada.connection.create_process(term_type="xterm")

    lesson.run(ask())


def test_agent_and_x11_are_not_forwarded(lesson: SshClass) -> None:
    """The class is seen all the same."""

    async def ask() -> None:
        ada = await lesson.watch()
        assert not await ada.process.channel._make_request(b"auth-agent-req@openssh.com")
        await ada.at_step(lesson.do("next")["step"])
        async with await lesson.connect() as other:
            with pytest.raises(asyncssh.ChannelOpenError):
                await other.create_process(term_type="xterm", x11_forwarding=True, x11_display=":99")

    lesson.run(ask())


def test_the_environment_that_counts(lesson: SshClass) -> None:
    """Colours and signs follow it; what is no name of a locale, or would steer, does nothing."""

    async def ask() -> None:
        many = {f"LC_X{chr(65 + number)}": "x" for number in range(26)} | {
            "COLORTERM": "truecolor", "LANG": "en_GB.UTF-8", "LD_PRELOAD": "/tmp/x.so", "PYTHONPATH": "/tmp",
            "TEXTUAL_DRIVER": "x:Y", "NO_COLOR": "1", "PATH": "/tmp", "LC_ALL": "\x1b[2J",
        }  # fmt: skip
        assert len(many) > 33
        ada = await lesson.watch(env=many)
        assert b"38;2;" in ada.received
        alan = await lesson.watch("Alan", env={"LANG": "C"})
        assert ada.screen.text != ada.screen.text.encode("ascii", "replace").decode()
        assert alan.screen.text == alan.screen.text.encode("ascii", "replace").decode()
        dumb = await lesson.watch("Kurt", term="vt100")
        assert b"38;" not in dumb.received
        for one in (ada, alan, dumb):
            one.connection.close()

    lesson.run(ask())


@pytest.mark.parametrize("size", [(65_000, 65_000), (1, 1), (0, 0), (4_294_967_295, 1)])
def test_any_size_is_drawn_for(lesson: SshClass, size: tuple[int, int]) -> None:
    """As far as pictures go."""

    async def ask() -> None:
        async with await lesson.connect() as connection:
            process = await connection.create_process(term_type="xterm", term_size=size, encoding=None)
            assert len(await process.stdout.read(65_536)) > 20
            process.stdin.write(b"q")
            await process.stdout.read()

    lesson.run(ask())


def test_a_storm_of_sizes(lesson: SshClass) -> None:
    """The last one is drawn; others see the steps meanwhile."""

    async def storm() -> None:
        ada, alan = await lesson.watch(), await lesson.watch("Alan")
        lesson.do("first-step")
        for number in range(2_000):
            ada.process.change_terminal_size(60 + number % 140, 20 + number % 50)
            if number == 1_000:
                lesson.do("next")
                await alan.at_step(1)
        ada.screen.reset()
        ada.resize(100, 30)
        await ada.until(lambda: ada.screen.display[29].startswith(" following"))
        for one in (ada, alan):
            one.connection.close()

    lesson.run(storm())


def test_who_does_not_read_is_caught_up_with(lesson: SshClass) -> None:
    """Nobody else waits; what is on their screen in the end is what is on everyone's."""

    async def stall() -> None:
        lesson.do("first-step")
        ada, alan = await lesson.watch("Slow Ada"), await lesson.watch("Quick Alan")  # with no hand up
        transport = ada.connection._transport
        assert transport is not None
        transport.pause_reading()
        for _ in range(200):
            lesson.do("next")
        step = lesson.do("next-update")["step"]
        await alan.at_step(step)
        transport.resume_reading()

        def is_same() -> bool:
            return ada.screen.display == alan.screen.display

        reading = [asyncio.ensure_future(one.until(is_same)) for one in (ada, alan)]
        done, others = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
        assert all(one.exception() is None for one in done)
        for task in others:
            task.cancel()
        for one in (ada, alan):
            one.connection.close()

    lesson.run(stall())


KILLED_ONCE = (
    b"\x1b[200~\xff\xfe\x1b[201~",
    b"\x1b[<0;999999999999999999999999;1M",
    b"\x1b[M\xff\xff\xff",
    b"\x1b]52;c;" + b"A" * 3_000,
    b"\x1bP" + b"x" * 3_000 + b"\x1b\\",
    b"\x1b[" + b"1;" * 500 + b"u",
    b"\xf0\x9f",
    b"\xc3\x28\x80\xff",
    b"\x00\x1b\x1b\x1b[",
    b"\x1b[9999999999999999999u\x1b[1;99999999999999A",
)
"""What has once ended the reading of keys somewhere, or is of no encoding."""


@pytest.mark.parametrize("typed", KILLED_ONCE)
def test_no_bytes_end_the_keyboard(lesson: SshClass, typed: bytes) -> None:
    """A key is heard afterwards."""

    async def ask() -> None:
        ada = await lesson.watch()
        ada.type(typed)
        ada.type(b"\x1b\\\x1b[201~")  # the end of whatever it may have begun
        await asyncio.sleep(0)
        for _ in range(3):
            ada.type(b"3")
        await ada.shows("3 ")
        ada.connection.close()

    lesson.run(ask())


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_leave_the_class_as_it_is(lesson: SshClass, typed: bytes) -> None:
    """It is there for the next one."""

    async def ask() -> None:
        ada = await lesson.watch()
        ada.type(typed)
        ada.connection.close()
        alan = await lesson.watch("Alan")
        alan.connection.close()

    lesson.run(ask())


def test_the_desk_is_the_teachers(lesson: SshClass) -> None:
    """With names."""

    async def ask() -> None:
        ada = await lesson.watch("Ada")
        connection = await lesson.connect("desk", LEADER_CODE)
        process = await connection.create_process(term_type="xterm", term_size=(80, 24), encoding=None)
        await process.stdout.readuntil(b"Ada")
        assert lesson.do()["desks"] == 1
        for one in (ada.connection, connection):
            one.close()
        await eventually(lambda: lesson.do()["desks"] == 0)

    lesson.run(ask())


def test_there_is_no_shell_to_be_had(lesson: SshClass) -> None:
    """Who asks for one is told so, while watching too."""

    async def ask() -> None:
        ada = await lesson.watch()
        ada.type(b"\x1a")
        await ada.shows("There is no shell to go back to here.")
        ada.type(b"1")
        await ada.shows("following Grace")

    lesson.run(ask())


def test_those_of_one_size_are_drawn_once(lesson: SshClass) -> None:
    """Whoever they are: twenty who watch cost one drawing."""

    async def watch() -> None:
        for number in range(3):
            await lesson.watch(f"Pupil {number}", size=(97, 31))
        assert lesson.do("who")["sizes"].count([97, 31]) == 1

    lesson.run(watch())
