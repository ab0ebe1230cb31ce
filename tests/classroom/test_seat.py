"""Connections that send what no follower would, and what becomes of them."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import pyte
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.classroom.test_following import Class, rows
from tests.pseudo_terminal import SAFETY, Emulator
from tinynet_tui.classroom.message_contents import VERSION, Hello
from tinynet_tui.classroom.messages import (
    END,
    FRAME,
    HELLO,
    KEYS,
    OWN_APP,
    PLACE,
    SIZE,
    TERMINAL,
    Messages,
    message,
)
from tinynet_tui.session.commands import COMMANDS
from tinynet_tui.session.saved_session import decoded


def hello(name: str = "Ada", version: int = VERSION, is_desk: bool = False) -> bytes:
    """What a follower says first."""
    said = Hello(version, name, "truecolor", ascii=False, palette="dark", is_desk=is_desk)
    return message(HELLO, msgspec.json.encode(said))


@pytest.fixture(scope="module")
def lesson(short_folder: Path) -> Iterator[Class]:
    """A class that has begun."""
    begun = Class(short_folder)
    yield begun
    begun.end()
    for follower in begun.followers:
        follower.close()


def connected(lesson: Class) -> socket.socket:
    """A connection to the leader."""
    root = Path(lesson.environ["TINYNET_TUI_ROOMS"])
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(SAFETY)
    connection.connect(str(root / f"tinynet-tui-rooms-{os.getuid()}" / "class"))
    return connection


def received(connection: socket.socket, until: bytes) -> list[tuple[bytes, bytes]]:
    """What arrives up to a message of a kind."""
    reader, found = Messages(), list[tuple[bytes, bytes]]()
    while not any(kind == until for kind, _ in found):
        arrived = connection.recv(65_536)
        assert arrived, f"the connection ended after {found[-1:]}"
        found += reader.feed(arrived)
    return found


def last_words(connection: socket.socket) -> str:
    """What the leader says before it ends a connection."""
    *_, (kind, words) = received(connection, END)
    assert kind == END
    assert connection.recv(1) == b""
    connection.close()
    return words.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (message(KEYS, b"l"), "it did not say who it is"),
        (message(HELLO, b"{"), "not understood"),
        (message(HELLO, b'{"version":1}'), "not understood"),
        (hello(version=99), "it is of version 99, and this class of 1"),
        (hello() + message(b"?", b""), "a message of an unknown kind"),
        (hello() + message(SIZE, b"80"), "not understood"),
        (hello() + message(SIZE, b"80 x\x1b[2J"), "not understood"),
        (b"K\xff\xff\xff", "16,777,215 bytes"),
        (message(HELLO, b"[" * 4_000), "not understood"),
        (message(TERMINAL, b""), "not understood"),
        (message(TERMINAL, b"/dev/pts/1 2"), "not understood"),
        (message(TERMINAL, b"/dev/pts/1 a b c"), "not understood"),
        (message(TERMINAL, b"/dev/pts/1 2 3 " + b"9" * 4_000), "not understood"),
        (message(TERMINAL, b"\xff\x1b[2J 1 2 3"), "not understood"),
        (hello() + message(KEYS, b"1" * 5_000), "a message of 5,000 bytes"),
        (hello() + message(PLACE, b"{}"), "a message of an unknown kind"),
        (hello() + b"P\x3f\xff\xff", "at most 4,096 are taken"),
        (b"", "it did not say who it is"),
    ],
)
def test_what_makes_no_sense_ends_that_connection(lesson: Class, sent: bytes, words: str) -> None:
    """With the reason, which steers no terminal; the class goes on."""
    connection = connected(lesson)
    connection.sendall(sent)
    told = last_words(connection)
    assert words in told
    assert told.removesuffix("\r\n").isprintable()
    lesson.do("next")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_leave_the_class_as_it_is(lesson: Class, sent: bytes, has_said_hello: bool) -> None:
    """It answers the next one who asks."""
    connection = connected(lesson)
    connection.sendall((hello() + message(SIZE, b"80 24") if has_said_hello else b"") + sent)
    connection.close()
    other = connected(lesson)
    other.sendall(hello("Alan") + message(SIZE, b"80 24"))
    received(other, FRAME)
    other.close()


@pytest.mark.parametrize("size", [b"65000 65000", b"1 1", b"0 0", b"-5 7"])
def test_any_size_is_drawn_for(lesson: Class, size: bytes) -> None:
    """As far as pictures go."""
    connection = connected(lesson)
    connection.sendall(hello() + message(SIZE, size))
    received(connection, FRAME)
    connection.close()


def test_a_step_leads_away_with_the_place(lesson: Class) -> None:
    """All that an app of one's own needs."""
    connection = connected(lesson)
    connection.sendall(hello() + message(SIZE, b"80 24"))
    received(connection, FRAME)
    connection.sendall(message(KEYS, b"2l"))
    found = dict(received(connection, OWN_APP))
    assert found[OWN_APP] == b"next"
    place = decoded(found[PLACE])
    assert (place.update, place.step, place.panel) == (lesson.session.update, lesson.session.step, "table")
    connection.close()


KEYS_OF_ALL = sorted({key for entry in COMMANDS for key in entry.keys if len(key) == 1} - {"q"})


@pytest.mark.parametrize("key", KEYS_OF_ALL)
def test_every_key_is_done_or_passed_over(lesson: Class, key: str) -> None:
    """What is one's own stays, what goes on alone leads away; no key ends the connection."""
    connection = connected(lesson)
    connection.sendall(hello() + message(SIZE, b"80 24"))
    received(connection, FRAME)
    connection.sendall(message(KEYS, key.encode()) + message(KEYS, b"!"))
    found = received(connection, FRAME if key in OWN_KEYS else OWN_APP)
    assert (OWN_APP in dict(found)) == (key not in OWN_KEYS)
    connection.close()


OWN_KEYS = {"1", "2", "3", "4", "5", "6", ".", "j", "k", "i", "d", "V", "?", "M", "U", "z", "Z"}
"""Those that change what is seen, and those of which the last row says that they do nothing here."""


def test_a_large_lesson_leads_away_too(short_folder: Path) -> None:
    """Its place is more than waits for a slow follower."""
    rows = [[number / 7, number / 9] for number in range(250)]
    lesson = "\n".join(
        (
            'title = "Large"',
            "[network]",
            "layers = [2, 8, 1]",
            'activations = ["tanh", "linear"]',
            'init = "uniform"',
            "[data]",
            f"inputs = {rows}",
            f"targets = {[[row[0]] for row in rows]}",
            "[training]",
            "learning_rate = 0.01",
            'loss = "mean_squared_error"',
            f"# {'x' * 20_000}",
        )
    )
    root = Path(mkdtemp(dir=short_folder))
    file = root / "large.toml"
    file.write_text(lesson)
    begun = Class(root, str(file))
    connection = connected(begun)
    connection.sendall(hello() + message(SIZE, b"80 24"))
    received(connection, FRAME)
    connection.sendall(message(KEYS, b"l"))
    found = dict(received(connection, OWN_APP))
    assert decoded(found[PLACE]).lesson.title == "Large"
    connection.close()
    begun.end()


def test_one_who_does_not_read_is_sent_little_and_then_the_newest_picture(lesson: Class) -> None:
    """What is held back meanwhile is never sent; the leader goes on, and so does everyone else."""
    prompt, slow = connected(lesson), connected(lesson)
    for name, connection in (("Prompt", prompt), ("Slow", slow)):
        connection.sendall(hello(name) + message(SIZE, b"200 60"))
    reader, sent_to_prompt = Messages(), 0
    for command in (*("last-step", "first-step") * 12, "next-update"):  # ends where nobody has been
        lesson.do(command)
        pictures = list[bytes]()
        while not pictures:
            arrived = prompt.recv(1 << 20)
            sent_to_prompt += len(arrived)
            pictures = [content for kind, content in reader.feed(arrived) if kind == FRAME]
    screen, reader, sent_to_slow = Emulator(200, 60), Messages(), 0
    stream, wanted = pyte.ByteStream(screen), rows(lesson.session, 200, 60)
    while [row.rstrip() for row in screen.display][:-1] != wanted:
        arrived = slow.recv(1 << 20)
        sent_to_slow += len(arrived)
        for kind, content in reader.feed(arrived):
            if kind == FRAME:
                stream.feed(content)
    assert sent_to_slow < sent_to_prompt / 2, (sent_to_slow, sent_to_prompt)
    prompt.close()
    slow.close()


def test_two_of_one_name_are_two(lesson: Class) -> None:
    """The second has a number."""
    first, second = connected(lesson), connected(lesson)
    for connection in (first, second):
        connection.sendall(hello("Twin") + message(SIZE, b"80 24"))
        received(connection, FRAME)
    desk = connected(lesson)
    desk.sendall(hello(is_desk=True) + message(SIZE, b"80 24"))
    shown = b"".join(content for kind, content in received(desk, FRAME))
    while b"Twin 2" not in shown:
        shown += desk.recv(65_536)
    for connection in (first, second, desk):
        connection.close()
