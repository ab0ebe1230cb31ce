"""Who is let in over SSH, by which name and in which way, tried by clients of AsyncSSH's."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import asyncssh
import pytest

from tests.classroom.ssh_class import CODE, LEADER_CODE, SshClass, eventually
from tinynet_tui.classroom.admission import Admission
from tinynet_tui.classroom.ssh_server import Connection, SshServer


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
        ("Ada", "a" * 8_000),
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
    ("user", "admission", "told"),
    [
        ("Desk", Admission("blue-kite"), "students put their own name before the @"),
        ("lead", Admission("blue-kite", leader_keys=[b"key"]), "students put their own name before the @"),
        ("lead", Admission("blue-kite", leader_code="blue-kite-7777"), ""),
        ("Leda", Admission("blue-kite"), ""),
        ("Leda", Admission(None, [b"key"]), "it lets in those whose key the teacher has added"),
    ],
)
def test_what_is_told_where_no_code_is_asked_for(user: str, admission: Admission, told: str) -> None:
    """Before any key is offered: whoever comes with the right one sees it, too, and it is true of them."""
    said = list[str]()
    connection = Connection.__new__(Connection)
    connection._names_told = 0
    connection._server = cast("SshServer", SimpleNamespace(admission=admission))
    connection._ssh = cast(
        "asyncssh.SSHServerConnection", SimpleNamespace(send_auth_banner=lambda words: said.append(words))
    )
    assert connection.begin_auth(user)
    assert len(said) == bool(told)
    assert told in "".join(said)


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


def test_no_code_is_a_text_of_many_pages(lesson: SshClass) -> None:
    """It would be normalised sign by sign, with the whole class waiting: the packet is not even taken."""

    async def guess() -> None:
        with pytest.raises(asyncssh.ProtocolError, match="Max packet size exceeded"):
            await lesson.connect(password="a" + "\u0345\u0334" * 4_000)

    lesson.run(guess())
