"""Whoever steps by themselves: what their app says of the class, and what the class is told of them."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot

from tests.app.running import bottom, press, run_app, settled, until
from tests.session.random_lessons import LECTURE
from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.handing_over import Handed
from tinynet_tui.classroom.message_contents import (
    VERSION,
    ClassNow,
    Hello,
    OwnAppNews,
    numbers_of,
    sent_place,
)
from tinynet_tui.classroom.messages import CLASS, NEWS, PLACE, Messages, message
from tinynet_tui.classroom.thin_client import FOLLOWS
from tinynet_tui.prediction.kinds import KINDS
from tinynet_tui.session.commands import start
from tinynet_tui.session.keys import Keys
from tinynet_tui.tui.alone import Alone, begun
from tinynet_tui.tui.app import Stepper

BEGUN = start(LECTURE)
NOW = ClassNow("Grace", 1, 7, 3, numbers_of(BEGUN), False, False, False, False)
"""What the class is told to be: seven steps ahead of its first place."""


class Class:
    """The class, as the app of one who steps by themselves hears of it."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)
        self._messages = Messages()
        self._heard = list[OwnAppNews]()

    async def says(self, app: Stepper, **changes: Any) -> None:
        """Have the app told how the class is now."""
        now = msgspec.structs.replace(NOW, **changes)
        self.ours.send(message(CLASS, msgspec.json.encode(now)))
        assert isinstance(app, Alone)
        await until(app, lambda: app._class_now == now)
        await settled(app)

    @property
    def heard(self) -> list[OwnAppNews]:
        """All that the app has told it."""
        try:
            sent = self.ours.recv(65_536)
        except BlockingIOError:
            sent = b""
        told = (content for kind, content in self._messages.feed(sent) if kind == NEWS)
        self._heard += [msgspec.json.decode(content, type=OwnAppNews) for content in told]
        return self._heard


def step_alone(
    check: Callable[[Stepper, Class], Awaitable[None]], size: tuple[int, int] = (80, 24), **options: Any
) -> None:
    """Check something of one who steps by themselves from the first place of a class."""
    there = Class()
    hello = msgspec.json.encode(Hello(VERSION, "Ada", "none", False, "dark"))
    kind = partial(
        Alone,
        connection=there.theirs,
        address=Address("class", "Grace", Path("class")),
        handed=Handed(b"0 0 0 0 0 0", hello, sent_place(BEGUN)),
        first="",
        hand_back=lambda _app: None,
        painter=None,
    )

    async def alone(app: Stepper, _pilot: Pilot[None]) -> None:
        await there.says(app)
        await check(app, there)

    with there.ours, there.theirs:
        run_app(alone, kind=cast("type[Stepper]", kind), session=BEGUN, size=size, **options)


def test_a_place_of_other_numbers_is_told_as_one() -> None:
    """Of a random start, and where the class has gone to others: what is seen there is no answer."""

    async def check(app: Stepper, there: Class) -> None:
        await press(app, "right", "right")
        assert there.heard[-1].at == "1.2"
        await there.says(app, numbers=7)
        assert there.heard[-1].at == "1.2*"
        await there.says(app)
        assert there.heard[-1].at == "1.2"
        await press(app, "R", "right")
        assert there.heard[-1].at == "1.1*"

    step_alone(check)


PAGES = {
    "experiments": "x",
    "help": "?",
    "a text": "d",
    "tour": "c",
    "prediction": "p",
    "practice": "?practice\r\r",
    "practice, answered": "?practice\r\rl",
    "a place": "g",
    "an experiment's field": "xL",
}
"""Keys that lead to pages of one's own."""
TEXT = {"help", "a place", "an experiment's field"}
"""Those on which letters are text."""


async def open_page(app: Stepper, name: str) -> None:
    """Open a page of one's own."""
    await press(app, *("enter" if key == "\r" else key for key in PAGES[name]))
    await until(app, lambda: not getattr(app.screen, "is_working", False))
    await settled(app)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", PAGES)
def test_the_last_row_says_of_the_class_on_every_page(name: str, width: int) -> None:
    """By oneself in one, and how to follow; at once that it is asked something, and no longer than it is."""

    async def check(app: Stepper, there: Class) -> None:
        await open_page(app, name)
        way = "Esc, then F" if name in TEXT else "F follows"
        before = bottom(app)
        assert "by yourself" in before
        assert way in before
        await there.says(app, asks=True)
        assert ("asks the class" in bottom(app)) or (width < 80 and "you are asked" in bottom(app))
        assert "F" in bottom(app)
        await there.says(app)
        assert bottom(app) == before

    step_alone(check, (width, 24))


@pytest.mark.parametrize("name", PAGES)
def test_a_follower_asks_for_help_and_follows_from_every_page(name: str) -> None:
    """Where signs are text, after Esc."""

    async def check(app: Stepper, there: Class) -> None:
        await open_page(app, name)
        if name in TEXT:
            await press(app, "!", "F")
            assert there.heard[-1].hand is None
            assert app.return_code is None
            await press(app, "escape")
        await press(app, "!")
        assert there.heard[-1].hand
        await there.says(app, hand=True)
        assert "hand is up" in bottom(app)
        await press(app, "F")
        assert app.return_code == FOLLOWS

    step_alone(check)


@pytest.mark.parametrize("name", ["experiments", "practice"])
def test_a_followers_own_keys_do_so_on_every_page(name: str) -> None:
    """Those of the table do nothing there."""

    async def check(app: Stepper, there: Class) -> None:
        await open_page(app, name)
        await press(app, "!", "F")
        assert there.heard[-1].hand is None
        assert app.return_code is None
        await press(app, "Y")
        assert there.heard[-1].hand
        await press(app, "W")
        assert app.return_code == FOLLOWS

    step_alone(check, own_keys=(("hand", ("Y",)), ("follow", ("W",))))


def test_what_was_typed_without_a_leader_is_done_by_ones_own_keys() -> None:
    """A step before the app is there, all else in it."""
    keys = Keys((("next", ("q",)), ("experiments", ("ö",))))
    for typed, step, first in ((b"q", 1, ""), ("ö".encode(), 0, "experiments"), (b"l", 0, "")):
        session, command = begun(Handed(b"", b"", sent_place(BEGUN), f"typed {typed.hex()}"), keys)
        assert (session.step, command) == (step, first)


def test_a_window_that_is_too_small_is_told_as_long_as_it_is() -> None:
    """The desk says so of them, whose class sees no window of theirs."""

    async def check(app: Stepper, there: Class) -> None:
        assert there.heard[-1].is_too_small
        app.post_message(events.Resize(Size(80, 24), Size(80, 24)))
        await until(app, lambda: not there.heard[-1].is_too_small)

    step_alone(check, (50, 24))


def test_an_answer_in_practice_is_told_by_its_kind() -> None:
    """Each once, with whether it was right at once; never who gave which answer to what."""

    async def check(app: Stepper, there: Class) -> None:
        await open_page(app, "practice")
        await press(app, *"12345", "enter", "right")  # wrong, then looked up
        await until(app, lambda: any(news.practised for news in there.heard))
        [((kind, is_right),)] = [news.practised for news in there.heard if news.practised]
        assert kind in KINDS
        assert not is_right

    step_alone(check)


def test_practice_of_ones_own_ends_where_the_class_is_led() -> None:
    """Whoever is lent the lead shows the class its lesson; there are no courses for them meanwhile."""

    async def check(app: Stepper, there: Class) -> None:
        await open_page(app, "practice")
        assert app.session.lesson != BEGUN.lesson
        await there.says(app, leads=True)
        there.ours.send(message(PLACE, sent_place(BEGUN)))
        await until(app, lambda: app.session.lesson == BEGUN.lesson)
        await settled(app)
        assert app.page_before is None
        assert app.screen is app.page
        assert not app.offers_practice
        await until(app, lambda: "you lead the class" in bottom(app))

    step_alone(check)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"numbers": 7}, "Grace works with other numbers"),
        ({"numbers": 7, "lesson": 7}, "Grace has opened another lesson"),
        ({}, "Grace is 7 steps ahead"),
    ],
)
def test_what_the_class_has_now_is_told(changes: dict[str, int], words: str) -> None:
    """Other numbers, or another lesson."""

    async def check(app: Stepper, there: Class) -> None:
        await there.says(app, **changes)
        assert words in bottom(app)

    step_alone(check)


def test_no_steps_are_counted_between_two_lessons() -> None:
    """As on the tour, which has a network of its own."""

    async def check(app: Stepper, _there: Class) -> None:
        assert "by yourself · Grace is 7 steps ahead" in bottom(app)
        await press(app, "c")
        assert "by yourself · you have another lesson open" in bottom(app)

    step_alone(check)


def test_a_leader_who_was_stopped_knows_that_a_follower_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the follower's terminal holds the connection, too: nobody is there twice when they come back."""
    monkeypatch.setattr("tinynet_tui.classroom.connection_to_leader.is_stopped", lambda _connection: True)

    async def check(app: Stepper, there: Class) -> None:
        assert isinstance(app, Alone)
        with there.theirs.dup():
            app.to_leader._look()
            while there.ours.recv(65_536):
                pass

    step_alone(check)


def test_what_the_class_says_to_an_app_that_is_about_to_end_is_taken() -> None:
    """Its pages are gone then, and its connection is not."""
    ended = list[Alone]()

    async def check(app: Stepper, there: Class) -> None:
        assert isinstance(app, Alone)
        ended.append(app)

    step_alone(check)
    (app,) = ended
    assert not app.screen_stack
    app.hear(CLASS, msgspec.json.encode(msgspec.structs.replace(NOW, hand=True)))
    assert app._class_now is not None
    assert app._class_now.hand
