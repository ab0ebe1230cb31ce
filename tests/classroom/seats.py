"""Seats of a class without a connection: what they send, and what they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

import msgspec

from tests.campaigns.random_classes import run_in_own_time
from tinynet_tui.classroom.class_question import kind_at, question_at
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.message_contents import VERSION, ClassNow, Hello, OwnAppNews, sent_place
from tinynet_tui.classroom.messages import CLASS, FRAME, GATHER, HELLO, KEYS, NEWS, SIZE, TYPED
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.room_events import Asked
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.lessons.shipped import shipped_lesson
from tinynet_tui.session.commands import Command, after, start

NOT_TRAINED = after(start(shipped_lesson("lecture")), Command("rate", 0.001234))
"""With a rate of no other test, so that nobody has trained it yet."""
Given = ParamSpec("Given")
Test = Callable[Given, Coroutine[Any, Any, None]]


def in_a_loop(test: Test[Given]) -> Callable[Given, None]:
    """A test that does its work in a loop of asyncio."""

    @wraps(test)
    def run(*given: Given.args, **named: Given.kwargs) -> None:
        asyncio.run(test(*given, **named))

    return run


def in_own_time(test: Test[Given]) -> Callable[Given, None]:
    """A test in a loop where nothing takes time, however slow the machine is."""

    @wraps(test)
    def run(*given: Given.args, **named: Given.kwargs) -> None:
        run_in_own_time(test(*given, **named))

    return run


def graces_class() -> Hub:
    """A class that has begun, and that Grace leads."""
    return Hub(Room("class", "Grace"), NOT_TRAINED, lambda _room: None)


def asked_now() -> Asked:
    """That the class is asked for its coming step."""
    place = sent_place(NOT_TRAINED)
    return Asked(place, question_at(place), kind_at(place))


class Line:
    """The line of a seat that leads nowhere, and keeps what is sent."""

    def __init__(self) -> None:
        self.said = list[tuple[bytes, bytes]]()
        self.is_closing = False

    def send(self, kind: bytes, content: bytes) -> None:
        """Keep it."""
        self.said.append((kind, content))

    def close(self) -> None:
        """Be at the end."""
        self.is_closing = True


class Watched(Line):
    """One whose frames are kept, and what its own app is told."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = list[bytes]()
        self.is_called = False
        """Whether its own app was told to follow again."""
        self.class_now: ClassNow | None = None
        """What its own app was told last."""
        self.typed = b""
        """What it was told last that is typed of an answer."""

    def send(self, kind: bytes, content: bytes) -> None:
        """Keep what is sent."""
        super().send(kind, content)
        if kind == FRAME:
            self.frames.append(content)
        self.is_called |= kind == GATHER
        if kind == CLASS:
            self.class_now = msgspec.json.decode(content, type=ClassNow)
        if kind == TYPED:
            self.typed = content


def watching(hub: Hub, name: str, columns: int = 80) -> tuple[Seat, Watched]:
    """Somebody who watches in 24 rows, and what they are sent."""
    line = Watched()
    seat = Seat(hub, line)
    say_hello(seat, name)
    resize(seat, columns)
    return seat, line


def say_hello(seat: Seat, name: str, **more: Any) -> None:
    """Have a follower say who they are."""
    hello = Hello(VERSION, name, "truecolor", ascii=False, palette="dark", **more)
    seat.take_message(HELLO, msgspec.json.encode(hello), is_teacher=False)


def resize(seat: Seat, columns: int, rows: int = 24) -> None:
    """Have a follower say how large their screen is."""
    seat.take_message(SIZE, b"%d %d" % (columns, rows), is_teacher=False)


def press(seat: Seat, keys: bytes) -> None:
    """Have a follower type something."""
    seat.take_message(KEYS, keys, is_teacher=False)


def tell(seat: Seat, **news: Any) -> None:
    """Have a follower's own app say something."""
    seat.take_message(NEWS, msgspec.json.encode(OwnAppNews(**news)), is_teacher=False)
