"""What followers have set for themselves holds on their screens, and what the leader has set on no other."""

from __future__ import annotations

from collections.abc import Callable

import pyte
import pytest

from tests.campaigns.random_classes import run_in_own_time
from tests.classroom.seats import Line, press, resize, say_hello
from tests.session.random_lessons import LECTURE
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.last_row import fitting, leading
from tinynet_tui.classroom.messages import FRAME
from tinynet_tui.classroom.room import Room
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import OwnPaints
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.keys import OwnKeys


class Follower:
    """A follower with settings of their own."""

    def __init__(self, hub: Hub, keys: OwnKeys = (), paints: OwnPaints = ()) -> None:
        self.line = Line()
        self.seat = Seat(hub, self.line)
        say_hello(self.seat, "Ada", keys=keys, paints=paints)
        resize(self.seat, 80)

    def press(self, keys: bytes) -> None:
        """Type something."""
        press(self.seat, keys)

    @property
    def frames(self) -> bytes:
        """All that its terminal was sent."""
        return b"".join(content for kind, content in self.line.said if kind == FRAME)

    @property
    def screen(self) -> str:
        """What its terminal shows."""
        screen = pyte.Screen(80, 24)
        pyte.ByteStream(screen).feed(self.frames)
        return "\n".join(screen.display)


def in_class(check: Callable[[Hub], None]) -> None:
    """Do something in a class that has begun."""

    async def begun() -> None:
        session = after(start(LECTURE), Command("next"))
        check(Hub(Room("class", "Grace"), session, lambda _room: None))

    run_in_own_time(begun())


def test_the_keys_of_a_leader_are_theirs_alone() -> None:
    """Followers have those of the table on their rows, in their help and under their fingers."""
    of_leader = Look(own_keys=(("next", ("n",)), ("table", ("Q",)), ("hand", ("2",)), ("help", ("H",))))

    def check(hub: Hub) -> None:
        row = fitting(leading(hub.room, 0.0), 80, of_leader)
        assert row.endswith("H keys")
        follower = Follower(hub)
        assert "→ steps by yourself" in follower.screen
        assert "! asks for help" in follower.screen
        follower.press(b"2")
        assert "2 table" in follower.screen
        assert hub.room.hands() == ()
        follower.press(b"?next step")
        assert "→ l Space" in follower.screen

    in_class(check)


def test_followers_have_their_own() -> None:
    """Each theirs, at the same time."""

    def check(hub: Hub) -> None:
        follower = Follower(hub, keys=(("table", ("T",)), ("hand", ("x",)), ("next", ("é",))))
        assert "é steps by yourself" in follower.screen
        assert "x asks for help" in follower.screen
        follower.press(b"T")
        assert "T table" in follower.screen
        follower.press(b"x")
        assert [person.name for person in hub.room.hands()] == ["Ada"]
        assert not follower.seat.has_app
        follower.press("é".encode())
        assert follower.seat.has_app

    in_class(check)


def test_own_colours() -> None:
    """Those of whoever has set them, and of nobody beside them."""

    def check(hub: Hub) -> None:
        own = b"38;2;1;2;3"
        assert own in Follower(hub, paints=(("positive", "#010203"),)).frames
        assert own not in Follower(hub).frames

    in_class(check)


@pytest.mark.parametrize(
    "keys", [(("nobody", ("x",)),), (("next", ("x",)), ("back", ("x",))), (("next", ("\x1b[3J",)),)]
)
def test_what_cannot_be_used_is_passed_over(keys: OwnKeys) -> None:
    """A program that is not ours may say anything."""

    def check(hub: Hub) -> None:
        follower = Follower(hub, keys, (("positive", "\x1b[3J"), ("nothing", "#ff0000")))
        assert "→ steps by yourself" in follower.screen
        assert b"\x1b[3J" not in follower.frames

    in_class(check)
