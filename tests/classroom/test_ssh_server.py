"""The SSH server, tried by clients of AsyncSSH's: watching, and all that cannot be done there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import asyncssh
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.classroom.ssh_class import CODE, LEADER_CODE, SshClass, eventually
from tinynet_tui.classroom.admission import Admission
from tinynet_tui.classroom.ssh_server import Connection, SshServer


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshClass]:
    """A class over SSH that has begun."""
    with SshClass(tmp_path_factory.mktemp("ssh")) as begun:
        yield begun


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
        connection = await lesson.connect(agent_path=str(lesson.folder / "no-agent"), agent_forwarding=True)
        process = await connection.create_process(term_type="xterm", term_size=(80, 24), encoding=None)
        await process.stdout.readuntil(b"following")
        connection.close()
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


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Ada <script>", "Ada script"),
        ("Ada;rm -rf ~", "Adarm -rf"),
        ("x" * 200, "x" * 24),
        ("Teacher", "Teacher 1"),
        ("everyone", "everyone 1"),
        ("../../etc/passwd", "....etcpasswd"),
        ("%s%n", "sn"),
        ("Ωmega", "Ωmega"),
        ("$$$", "guest"),
    ],
)
def test_names_are_harmless(lesson: SshClass, told: str, shown: str) -> None:
    """As all others see them."""

    async def ask() -> None:
        ada = await lesson.watch(told)
        assert lesson.people[shown] == "following"
        ada.connection.close()
        await eventually(lambda: lesson.people[shown] == "away")

    lesson.run(ask())


@pytest.mark.parametrize("name", ["Ada\x1b[31m", "Ada\r\n", "\u202eAda", "Ada\x9b2J"])
def test_a_name_that_steers_is_sent_away(
    lesson: SshClass, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any code is asked for; nobody is told of it."""
    monkeypatch.setattr(asyncssh.connection, "saslprep", lambda text: text)

    async def ask() -> None:
        before = lesson.people
        with pytest.raises((asyncssh.Error, OSError)):
            await lesson.connect(name)
        assert lesson.people == before

    lesson.run(ask())


def test_a_name_in_use_gets_a_number(lesson: SshClass) -> None:
    """As long as whoever has it answers."""

    async def ask() -> None:
        first, second = await lesson.watch("Emmy"), await lesson.watch("Emmy")
        assert {"Emmy": "following", "Emmy 2": "following"}.items() <= lesson.people.items()
        for one in (first, second):
            one.connection.close()

    lesson.run(ask())


@pytest.mark.parametrize(
    "offered",
    [
        {"encryption_algs": ["aes256-cbc", "3des-cbc", "aes128-ctr"]},
        {"kex_algs": ["diffie-hellman-group14-sha1", "diffie-hellman-group14-sha256"]},
        {"server_host_key_algs": ["ssh-rsa"]},
    ],
)
def test_old_algorithms_are_not_spoken(lesson: SshClass, offered: dict[str, Any]) -> None:
    """There is nothing in common, then."""

    async def ask() -> None:
        with pytest.raises((asyncssh.KeyExchangeFailed, asyncssh.ConnectionLost)):
            await lesson.connect(**offered)

    lesson.run(ask())


def test_nothing_is_compressed(lesson: SshClass) -> None:
    """However much a client would like it."""

    async def ask() -> None:
        with pytest.raises((asyncssh.KeyExchangeFailed, asyncssh.ConnectionLost)):
            await lesson.connect(compression_algs=["zlib", "zlib@openssh.com"])
        async with await lesson.connect(compression_algs=["zlib", "none"]) as connection:
            assert connection.get_extra_info("send_compression") == "none"

    lesson.run(ask())


def test_the_fingerprint_that_is_printed(lesson: SshClass) -> None:
    """Is that of the key that clients see."""

    async def ask() -> None:
        async with await lesson.connect() as connection:
            key = connection.get_server_host_key()
            assert key is not None
            assert key.get_fingerprint() == lesson.fingerprint

    lesson.run(ask())


# Who is let in


@pytest.mark.parametrize("code", ["bluekite", " BLUE-KITE ", "blue kite"])
def test_the_code_as_people_type_it(lesson: SshClass, code: str) -> None:
    """Case, blanks and hyphens are nobody's fault."""

    async def ask() -> None:
        (await lesson.connect(code=code)).close()

    lesson.run(ask())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ada", ""),
        ("Ada", "abc"),
        ("Ada", CODE + "h"),
        ("Ada", LEADER_CODE),
        ("lead", CODE),
        ("desk", CODE),
        ("Ada", "a" * 20_000),
    ],
)
def test_no_other_code(lesson: SshClass, name: str, code: str) -> None:
    """The class's is not the leader's, nor the other way round."""

    async def ask() -> None:
        with pytest.raises((asyncssh.PermissionDenied, asyncssh.ConnectionLost)):
            await lesson.connect(name, code)

    lesson.run(ask())


@pytest.mark.parametrize(
    ("name", "key", "is_let_in"),
    [
        ("Ada", "student", True),
        ("Ada", "leader", False),
        ("Ada", "stranger", False),
        ("desk", "leader", True),
        ("desk", "student", False),
        ("lead", "student", False),
    ],
)
def test_keys(lesson: SshClass, name: str, key: str, is_let_in: bool) -> None:
    """Each for what it is for."""

    async def ask() -> None:
        own: dict[str, Any] = {"client_keys": [str(lesson.folder / key)], "preferred_auth": "publickey"}
        try:
            (await lesson.connect(name, **own)).close()
        except asyncssh.PermissionDenied:
            assert not is_let_in
        else:
            assert is_let_in

    lesson.run(ask())


def test_a_key_without_its_owner_opens_nothing(lesson: SshClass) -> None:
    """That it is known is not enough: what is signed with another is refused."""

    async def ask() -> None:
        known = asyncssh.read_public_key(lesson.folder / "student.pub")
        other = asyncssh.read_private_key(lesson.folder / "stranger")
        pair = asyncssh.load_keypairs([other])[0]
        pair.public_data = known.public_data
        with pytest.raises((asyncssh.Error, OSError)):
            await lesson.connect(client_keys=[pair], preferred_auth="publickey")

    lesson.run(ask())


class Guesser(asyncssh.SSHClient):
    """Answers with one wrong code after another."""

    def __init__(self, right_at: int = 0) -> None:
        self.asked = 0
        self._right_at = right_at

    def kbdint_auth_requested(self) -> str:
        """Be asked."""
        return ""

    def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> Any:
        """Answer."""
        told = "That is not the class code. " if self.asked else ""
        assert [prompt for prompt, _ in prompts] == [f"{told}Class code: "]
        self.asked += 1
        return [CODE if self.asked == self._right_at else f"guess {self.asked}"]


def test_wrong_codes_end_the_connection(tmp_path: Path) -> None:
    """After six, each of which has waited longer than the one before."""
    first, guesser = 0.02, Guesser()
    with SshClass(tmp_path, wrong=first) as lesson:

        async def guess() -> None:
            begun = asyncio.get_running_loop().time()
            with pytest.raises((asyncssh.PermissionDenied, asyncssh.ConnectionLost)):
                await lesson.connect(client_factory=lambda: guesser, password=None)
            assert guesser.asked == 6
            assert asyncio.get_running_loop().time() - begun >= first * (1 + 2 + 4 + 8 + 16 + 32)

        async def come() -> None:
            """A right code from the same address meanwhile, and one after a wrong one."""
            await eventually(lambda: guesser.asked > 0)
            (await lesson.connect("Alan")).close()
            (await lesson.connect(client_factory=lambda: Guesser(2), password=None)).close()

        async def both() -> None:
            await asyncio.gather(guess(), come())

        lesson.run(both())


@pytest.mark.parametrize(
    ("user", "admission", "is_told"),
    [
        ("Desk", Admission("blue-kite"), True),
        ("lead", Admission("blue-kite", leader_keys=[b"key"]), True),
        ("lead", Admission("blue-kite", leader_code="blue-kite-7777"), False),
        ("Leda", Admission("blue-kite"), False),
    ],
)
def test_a_student_of_the_teachers_name_is_told_so(user: str, admission: Admission, is_told: bool) -> None:
    """Where no code is asked for under it; a teacher who comes with a key sees it, too, and is no student."""
    said = list[str]()
    connection = Connection.__new__(Connection)
    connection._names_told = 0
    connection._server = cast("SshServer", SimpleNamespace(admission=admission))
    connection._ssh = cast(
        "asyncssh.SSHServerConnection", SimpleNamespace(send_auth_banner=lambda words: said.append(words))
    )
    assert connection.begin_auth(user)
    assert ["students put their own name before the @" in words for words in said] == [True][:is_told]


class Impatient(Guesser):
    """Sends many answers without waiting for what becomes of the first."""

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Know the connection."""
        self._conn = conn

    def kbdint_challenge_received(self, name: str, instructions: str, lang: str, prompts: Any) -> Any:
        """Answer, and answer again and again."""

        def again() -> None:
            auth: Any = self._conn.auth
            for number in range(50):
                if auth is not None:
                    auth.send_packet(61, (1).to_bytes(4, "big"), b"\0\0\0\x05" + b"%05d" % number)

        asyncio.get_running_loop().call_soon(again)
        return super().kbdint_challenge_received(name, instructions, lang, prompts)


def test_answers_that_do_not_wait_end_the_connection(lesson: SshClass) -> None:
    """There is no other way to guess than one after another."""

    async def guess() -> None:
        with pytest.raises((asyncssh.Error, OSError)):
            await lesson.connect(client_factory=Impatient, password=None)

    lesson.run(guess())


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
