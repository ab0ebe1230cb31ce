"""What one client, or many, may do to an SSH server: each limit reached, with the class going on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import asyncssh
import pytest

from tests.classroom.seats import in_own_time
from tests.classroom.ssh_class import LEADER_CODE, SshClass, Watcher, eventually
from tests.pseudo_terminal import LOOK_AGAIN
from tinynet_tui.classroom.ssh_limits import Meter


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshClass]:
    """A class with the limits that it has anywhere."""
    with SshClass(tmp_path_factory.mktemp("ssh")) as begun:
        yield begun


async def closed(end: socket.socket) -> None:
    """Wait until the server has closed a connection."""
    loop = asyncio.get_running_loop()
    end.setblocking(False)
    try:
        while await loop.sock_recv(end, 4_096):
            pass
    except ConnectionError:
        pass


async def come_in(lesson: SshClass) -> None:
    """Somebody comes in, at the second or third attempt where a busy machine takes longer than the limit."""
    while True:
        with contextlib.suppress(asyncssh.Error):
            await lesson.watch()
            return


def dialled(lesson: SshClass) -> socket.socket:
    """A bare connection."""
    return socket.create_connection(("127.0.0.1", lesson.port))


def test_who_says_nothing_is_closed(tmp_path: Path) -> None:
    """Whether they know what SSH is or not; so is who shows nothing."""
    with SshClass(tmp_path, login=0.3) as lesson:

        async def wait() -> None:
            silent, slow = dialled(lesson), dialled(lesson)
            slow.sendall(b"SSH-2.0-slow\r\n")
            await closed(silent)
            await closed(slow)
            for end in (silent, slow):
                end.close()
            await come_in(lesson)

        lesson.run(wait())


def test_many_who_say_nothing_lock_nobody_out(tmp_path: Path) -> None:
    """The oldest of them gives way."""
    with SshClass(tmp_path, students=2, more_unknown=3) as lesson:

        async def crowd() -> None:
            ends = [dialled(lesson) for _ in range(12)]
            ada = await lesson.watch()
            for end in ends[:6]:
                await closed(end)
            ada.type(b"2")
            await ada.shows("2 table")
            for end in ends:
                end.close()

        lesson.run(crowd())


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.0\r\n\r\n", b"\0" * 100_000, b"SSH-1.5-old\r\n", b"SSH-2.0-\xff\r\n"]
)
def test_what_is_no_ssh_is_closed(unlimited: SshClass, sent: bytes) -> None:
    """At once."""

    async def say() -> None:
        end = dialled(unlimited)
        end.setblocking(False)
        sending = asyncio.ensure_future(asyncio.get_running_loop().sock_sendall(end, sent))
        await closed(end)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        end.close()
        await unlimited.watch()

    unlimited.run(say())


def test_who_asks_for_no_terminal_is_sent_away(tmp_path: Path) -> None:
    """As with ssh -N."""
    with SshClass(tmp_path, session=0.3) as lesson:

        async def wait() -> None:
            connection = await lesson.connect()
            await connection.wait_closed()

        lesson.run(wait())


@pytest.mark.parametrize(
    ("limit", "words"), [("idle", b"No key was pressed here"), ("total", b"This has lasted for hours")]
)
def test_nothing_lasts_for_ever(tmp_path: Path, limit: str, words: bytes) -> None:
    """Without a key, or at all; the last words say so, and the terminal is given back."""
    limits: dict[str, Any] = {limit: 0.5}
    with SshClass(tmp_path, **limits) as lesson:

        async def wait() -> None:
            ada = await lesson.watch()
            rest = await ada.ended()
            assert words in rest
            assert b"\x1b[?1049l" in rest
            assert ada.process.exit_status == 0

        lesson.run(wait())


def test_the_class_is_full(tmp_path: Path) -> None:
    """Said in words; there is room again when one leaves, and for the teacher in any case."""
    with SshClass(tmp_path, students=1) as lesson:

        async def come() -> None:
            ada = await lesson.watch()
            alan = await lesson.connect("Alan")
            done = await alan.run(term_type="xterm")
            assert (done.exit_status, done.stderr) == (1, "The class is full.\r\n")
            desk = await lesson.connect("desk", LEADER_CODE)
            process = await desk.create_process(term_type="xterm", term_size=(80, 24))
            await process.stdout.readuntil("Ada")
            ada.type(b"q")
            await ada.ended()
            await lesson.watch("Alan")

        lesson.run(come())


def falls_silent(watcher: Watcher) -> None:
    """Have a client read and answer nothing any more, as one does whose laptop sleeps."""
    transport = watcher.connection._transport
    assert transport is not None
    transport.pause_reading()


def test_who_vanishes_is_forgotten(tmp_path: Path) -> None:
    """Within the keepalive time."""
    with SshClass(tmp_path, keepalive=0.3) as lesson:

        async def vanish() -> None:
            ada = await lesson.watch()
            falls_silent(ada)
            await eventually(lambda: lesson.people["Ada"] == "away")

        lesson.run(vanish())


def test_a_name_is_taken_over_from_who_answers_no_more(tmp_path: Path) -> None:
    """And from nobody else."""
    with SshClass(tmp_path, answer=0.5) as lesson:

        async def come_back() -> None:
            old = await lesson.watch()
            falls_silent(old)
            await lesson.watch()
            assert lesson.people == {"Ada": "following"}
            second = await lesson.watch()
            assert b"Others know you as Ada 2 here." in second.received  # for a moment, before it follows
            assert lesson.people == {"Ada": "following", "Ada 2": "following"}

        lesson.run(come_back())


@pytest.mark.parametrize("paste", [b"\x1b[200~" + b"12! " * 250_000 + b"\x1b[201~", b"!" * 100_000])
def test_a_megabyte_of_paste_holds_nobody_up(tmp_path: Path, paste: bytes) -> None:
    """Others see steps meanwhile; who pasted is heard again when it is through."""
    with SshClass(tmp_path, bytes_a_second=1_000_000) as lesson:

        async def flood() -> None:
            ada, alan = await lesson.watch(), await lesson.watch("Alan")
            ada.type(paste)
            for step in range(1, 6):
                lesson.do("next")
                await alan.at_step(step)
            await ada.process.stdin.drain()
            typing = asyncio.ensure_future(type_on(ada, b"2"))  # the first may still be of the flood
            await ada.shows("2 table")
            typing.cancel()

        lesson.run(flood())


async def type_on(watcher: Watcher, key: bytes) -> None:
    """Press a key again and again, no faster than a person."""
    while True:
        watcher.type(key)
        await asyncio.sleep(10 * LOOK_AGAIN)


def test_a_flood_of_packets_is_held_back(unlimited: SshClass) -> None:
    """Of those that carry nothing, too: nobody waits for them."""

    async def flood() -> None:
        ada, alan = await unlimited.watch(), await unlimited.watch("Alan")
        for _ in range(20_000):
            ada.connection.send_packet(2, b"\0\0\0\0")
        ada.type(b"q")
        for step in range(1, 11):
            unlimited.do("next")
            await alan.at_step(step)
        assert unlimited.people["Ada"] == "following"  # it has been heard by then where nothing is held back

    unlimited.run(flood())


def descriptors(lesson: SshClass) -> int:
    """How many the server has open."""
    return len(os.listdir(f"/proc/{lesson.process.pid}/fd"))


def test_coming_and_going_leaves_nothing_behind(tmp_path: Path) -> None:
    """No descriptor, no person more, no objects: a connection has hundreds of them, however it ends."""
    with SshClass(tmp_path) as lesson:

        def objects() -> int:
            kept: int = lesson.do("objects")["objects"]
            return kept

        async def come_and_go(times: int) -> None:
            for number in range(times):
                if number % 3 == 0:
                    ada = await lesson.watch()
                    (ada.connection.abort if number % 2 else ada.connection.close)()
                    await eventually(lambda: lesson.people["Ada"] == "away")
                elif number % 3 == 1:
                    (await lesson.connect()).abort()
                else:
                    dialled(lesson).close()
            await eventually(lambda: descriptors(lesson) == before)
            assert lesson.people == {"Ada": "away"}

        async def again_and_again() -> None:
            await come_and_go(12)
            counts = [objects()]
            # The last few may still be on their way out, and a screen that is drawn ahead is kept, once.
            while len(counts) == 1 or counts[-1] - counts[-2] >= 48 * 10:
                assert len(counts) < 5, counts
                await come_and_go(48)
                counts.append(objects())

        before = descriptors(lesson)
        lesson.run(again_and_again())


def test_a_new_exchange_of_keys_that_does_not_end(tmp_path: Path) -> None:
    """What waits for it is bounded: who begins one and says no more is sent away."""
    with SshClass(tmp_path, session=1.0) as lesson:

        async def stall() -> None:
            ada = await lesson.watch()
            ada.connection._send_kexinit()
            falls_silent(ada)
            while lesson.people["Ada"] == "following":
                for _ in range(50):
                    lesson.do("next")
                await asyncio.sleep(0.01)

        lesson.run(stall())


def test_a_code_is_asked_of_everybody(tmp_path: Path) -> None:
    """Where there are only keys, no code opens it, not even an empty one."""
    with SshClass(tmp_path, code="") as lesson:

        async def come() -> None:
            for code in ("", "None", LEADER_CODE):
                with pytest.raises(asyncssh.PermissionDenied):
                    await lesson.connect(code=code)
            await lesson.watch(login={"client_keys": [str(tmp_path / "student")], "password": None})

        lesson.run(come())


def test_a_name_belongs_to_the_key_that_it_came_in_with(tmp_path: Path) -> None:
    """As long as the class is kept: another key, or the code, is told so; its owner comes back."""
    begun = SshClass(tmp_path)
    with (tmp_path / "student.pub").open("a") as keys:
        keys.write((tmp_path / "stranger.pub").read_text())
    with begun as lesson:

        def shows(key: str) -> dict[str, Any]:
            return {"client_keys": [str(tmp_path / key)], "preferred_auth": "publickey"}

        async def refused(name: str, **login: Any) -> None:
            done = await (await lesson.connect(name, **login)).run(term_type="xterm")
            assert "This name belongs to another key in this class" in str(done.stderr)

        async def come() -> None:
            ada = await lesson.watch(login=shows("student"))
            for there in (True, False):
                await refused("Ada", **shows("stranger"))
                await refused("ada", **shows("stranger"))
                await refused("Ada")
                assert lesson.people == {"Ada": "following" if there else "away"}
                if there:
                    ada.connection.close()
                    await eventually(lambda: lesson.people == {"Ada": "away"})
            await lesson.watch(login=shows("student"))
            await lesson.watch("Alan", login=shows("stranger"))
            await lesson.watch("Joan")
            assert lesson.people == dict.fromkeys(("Ada", "Alan", "Joan"), "following")

        lesson.run(come())


def test_no_more_are_let_in_than_there_is_room_for(tmp_path: Path) -> None:
    """Who has the code cannot fill the server with connections that ask for nothing: the oldest gives way."""
    with SshClass(tmp_path, students=1, teachers=1, more_unknown=1, session=60) as lesson:

        async def crowd() -> None:
            first = [await lesson.connect(f"Student {number}") for number in range(3)]
            teacher = await lesson.connect("desk", LEADER_CODE)
            await first[0].wait_closed()
            late = await lesson.connect("Student 3")
            await first[1].wait_closed()
            assert not any(connection.is_closed() for connection in (first[2], teacher, late))

        lesson.run(crowd())


def test_many_who_answer_no_more_keep_no_name_long(tmp_path: Path) -> None:
    """Who comes under the same one waits for all of them together, not for one after the other."""
    with SshClass(tmp_path, answer=1.0, session=3.0) as lesson:

        async def come_back() -> None:
            for watcher in [await lesson.watch() for _ in range(5)]:
                falls_silent(watcher)
            await lesson.watch()
            assert list(lesson.people.values()).count("following") == 1

        lesson.run(come_back())


class Answering(asyncio.Protocol):
    """Says much for each little that it hears."""

    heard = 0.0
    is_known = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Have a meter before it."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_protocol(Meter(self, transport, self, 1 << 20))

    def data_received(self, data: bytes) -> None:
        """Say a hundred times as much."""
        self.transport.write(bytes(100 * len(data)))

    def wait_for(self, what: str, waits: bool) -> None:
        """Nothing is done about it here."""


def test_who_asks_and_takes_no_answer_is_heard_no_more() -> None:
    """Answers would fill the memory; once they are taken, it is heard again."""

    async def ask() -> None:
        here, there = socket.socketpair()
        there.setblocking(False)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(Answering, sock=here)
        for _ in range(100):
            there.send(bytes(100))
            await asyncio.sleep(0)
        assert 65_536 < transport.get_write_buffer_size() < 200_000
        while not transport.is_reading():
            await loop.sock_recv(there, 65_536)
        transport.abort()
        there.close()

    asyncio.run(ask())


@pytest.mark.parametrize(("is_known", "waits"), [(True, 0.25), (False, 2.0)])
def test_less_is_read_from_who_is_not_known(is_known: bool, waits: float) -> None:
    """Each packet costs: hundreds who show no code, and send nothing but such, take no processor."""

    @in_own_time
    async def read() -> None:
        door, transport = Mock(is_known=is_known), Mock()
        transport.get_write_buffer_size.return_value = 0
        meter = Meter(door, transport, Mock(), 4_000)
        for _ in range(5):
            transport.pause_reading.assert_not_called()
            meter.buffer_updated(1_000)
        transport.pause_reading.assert_called_once()
        assert meter._waiting is not None
        assert meter._waiting.when() - door.heard == pytest.approx(waits)

    read()
