"""The leader's side of a class on one machine: the room, and the seats of those who follow."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import msgspec

from tinynet_tui.classroom.directory import Claimed, give_up
from tinynet_tui.classroom.messages import (
    END,
    FRAME,
    HELLO,
    KEYS,
    OWN_APP,
    PLACE,
    SIZE,
    WORD,
    Messages,
    TooLong,
    message,
)
from tinynet_tui.classroom.names import free_name, shown_name
from tinynet_tui.classroom.room import (
    BrokeAway,
    Ended,
    Event,
    HandMoved,
    Joined,
    Lost,
    Moved,
    Room,
    WindowChanged,
    after,
)
from tinynet_tui.classroom.shared_screens import Kind, Own, SharedScreen
from tinynet_tui.drawing.picture import Picture, within_reach
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH
from tinynet_tui.drawing.theme import Colours, Palette
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session import commands
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import encoded
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Key

LONGEST_MESSAGE = 65_536
"""Bytes of the longest message that is taken from a follower."""
_MOST_UNSENT = 16_384
"""Bytes that may wait for a follower: a slow one gets a newer picture instead of more of them."""
_MOST_PLANNED = 8
"""Kinds of screens whose next picture is drawn before it is asked for."""
_IDLE = 0.03
"""Seconds after a step or a join in which nothing is drawn ahead."""
_SETTLED = 1.0
"""Seconds after a step until the place itself is sent to everyone who watches."""


class Hello(msgspec.Struct, frozen=True):
    """What a follower says first."""

    version: int
    name: str
    colours: Colours
    ascii: bool
    palette: Palette


VERSION = 1
"""Of what is said between a leader and followers."""


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a follower's own app says to the room."""

    at: str | None = None
    """Where its user is: "2.18"."""
    hand: bool | None = None


class Hub:
    """A room, what everyone in it sees, and the ways in which it changes."""

    def __init__(self, room: Room, session: Session, changed: Callable[[Room], None]) -> None:
        self.room = room
        self.session = session
        self._changed = changed
        """Called whenever somebody comes, goes, or does something."""
        self.seats: dict[str, Seat] = {}
        """By the name of who sits there."""
        self._screens: dict[Kind, SharedScreen] = {}
        self._server: asyncio.Server | None = None
        self._claimed: Claimed | None = None
        self._later: list[asyncio.TimerHandle] = []

    async def open(self, claimed: Claimed) -> None:
        """Let followers in, from now on."""
        self._claimed = claimed
        claimed.listening.setblocking(False)
        self._server = await asyncio.get_running_loop().create_unix_server(
            lambda: Seat(self), sock=claimed.listening
        )

    def close(self, words: str) -> None:
        """End the class, with a sentence to everyone."""
        self.happen(Ended())
        for seat in list(self.seats.values()):
            seat.end(words)
        if self._server is not None:
            self._server.close()
        if self._claimed is not None:
            give_up(self._claimed)
            self._claimed = None

    def happen(self, event: Event) -> None:
        """Have something happen in the room."""
        before, self.room = self.room, after(self.room, event)
        if self.room == before:
            return
        self._changed(self.room)
        for seat in self.seats.values():
            seat.refresh_row()

    def show(self, session: Session) -> None:
        """Take everyone who watches to where the leader is now."""
        if session.bare == self.session.bare and session.variant == self.session.variant:
            return
        self.session = session
        self.happen(Moved(self.room.leader, place_of(session)))
        watched = {seat.kind for seat in self.seats.values() if seat.watches}
        self._screens = {kind: screen for kind, screen in self._screens.items() if kind in watched}
        for kind, screen in self._screens.items():
            before, frame = screen.picture, screen.show(session)
            for seat in self.seats.values():
                if seat.kind == kind and seat.watches:
                    seat.take(frame, before)
        self._do_later()

    def screen_of(self, kind: Kind) -> SharedScreen:
        """What everyone of a kind sees."""
        if kind not in self._screens:
            self._screens[kind] = SharedScreen(kind, self.session)
            self._do_later()
        return self._screens[kind]

    def _do_later(self) -> None:
        """Draw ahead, and send the place, once nothing has happened for a while."""
        for handle in self._later:
            handle.cancel()
        loop = asyncio.get_running_loop()
        self._later = [loop.call_later(_IDLE, self._plan, 0), loop.call_later(_SETTLED, self._send_place)]

    def _plan(self, number: int) -> None:
        """Draw the next step for the kind of a number, then for the others: one in each turn of the loop."""
        kinds = list(self._screens.values())[:_MOST_PLANNED]
        if number >= len(kinds):
            return
        kinds[number].plan(commands.after(self.session, commands.Command("next")))
        self._later.append(asyncio.get_running_loop().call_later(0, self._plan, number + 1))

    def _send_place(self) -> None:
        """Give everyone who watches the place itself, to go on from when the leader is lost."""
        place = message(PLACE, place_of(self.session))
        for seat in self.seats.values():
            if seat.watches:
                seat.send(place)


def place_of(session: Session) -> bytes:
    """Where a session is, as it is sent: all that another program needs to be at the same place."""
    return encoded(session.bare)


class Seat(asyncio.Protocol):
    """The connection of one follower, who watches or steps by themselves."""

    transport: asyncio.Transport

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._messages = Messages(LONGEST_MESSAGE)
        self._input = Input()
        self.name = ""
        self._hello: Hello | None = None
        self.kind: Kind | None = None
        """What is drawn for it; None where its size is not known yet, and while it has an app of its own."""
        self._own = Own()
        self._has: Picture | None = None
        """The last picture that it was given whole; None: nothing is known of its screen."""
        self._is_full = False
        """Whether so much waits for it that no more is sent."""
        self._row = ""

    @property
    def watches(self) -> bool:
        """Whether it shows what the leader shows."""
        return self.kind is not None

    # What asyncio calls

    def connection_made(self, transport: Any) -> None:
        """Let somebody in."""
        self.transport = transport
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_UNSENT)
        transport.set_write_buffer_limits(high=0)

    def data_received(self, data: bytes) -> None:
        """Do what a follower sends; who sends what makes no sense is told so, and is out."""
        try:
            for kind, content in self._messages.feed(data):
                self._take_message(kind, content)
        except (TooLong, ValueError, msgspec.MsgspecError) as fault:
            self.end(f"This was not understood: {one_line(str(fault))[:200]}.")

    def connection_lost(self, _error: Exception | None) -> None:
        """Take note that a follower is gone."""
        if self._hub.seats.get(self.name) is self:
            del self._hub.seats[self.name]
            self._hub.happen(Lost(self.name))

    def pause_writing(self) -> None:
        """Give it nothing more for now."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Give it the newest picture, if it has missed that."""
        self._is_full = False
        self._catch_up()

    # What it is sent

    def send(self, text: bytes) -> None:
        """Send a message, if there is room for one."""
        if not self._is_full and not self.transport.is_closing():
            self.transport.write(text)

    def take(self, frame: bytes, before: Picture) -> None:
        """Take the bytes that lead from one picture to the next, if it has that one."""
        if self._is_full or self.kind is None:
            return
        if self._has is not before:
            self._catch_up()
        elif frame:
            self._has = self._hub.screen_of(self.kind).picture
            self.send(message(FRAME, frame))
        else:
            self._has = self._hub.screen_of(self.kind).picture

    def refresh_row(self) -> None:
        """Show the words of its last row, if they have changed."""
        words = self._row_words()
        if self.watches and words != self._row and not self._is_full:
            self._row = words
            self.send(message(FRAME, self._row_bytes()))

    def end(self, words: str) -> None:
        """Say something, and close the connection."""
        if not self.transport.is_closing():
            self.transport.write(message(END, f"{words}\r\n".encode()))
            self.transport.close()

    def _catch_up(self) -> None:
        """Have it show the newest picture, whatever it shows."""
        if self.kind is None or self._is_full:
            return
        screen = self._hub.screen_of(self.kind)
        if self._has is None:
            self._row = self._row_words()
            self.send(message(FRAME, screen.repaint() + self._row_bytes()))
        elif self._has is not screen.picture:
            self.send(message(FRAME, screen.since(self._has)))
        self._has = screen.picture

    def _row_words(self) -> str:
        room = self._hub.room
        following = f"following {room.teacher if room.leader == self.name else room.leader}"
        return f" {following} · {len(room.here)} here · → steps by yourself  ! asks for help  q leaves"

    def _row_bytes(self) -> bytes:
        """Its last row: erased, and written in the terminal's own style."""
        assert self.kind is not None
        words = self._row[: self.kind.columns]
        if self.kind.ascii:
            words = words.replace("·", "|").replace("→", "->")
        return f"\x1b[{self.kind.rows};1H\x1b[m\x1b[K{words}".encode()

    # What it sends

    def _take_message(self, kind: bytes, content: bytes) -> None:
        if kind == HELLO:
            self._greet(msgspec.json.decode(content, type=Hello))
        elif self._hello is None:
            raise ValueError("it did not say who it is")
        elif kind == SIZE:
            self._resize(content)
        elif kind == KEYS:
            for event in self._input.feed(content):
                if isinstance(event, Key) and self.watches:
                    self._press(event)
        elif kind == WORD:
            self._take_word(msgspec.json.decode(content, type=Word))
        else:
            raise ValueError("a message of an unknown kind")

    def _greet(self, hello: Hello) -> None:
        if hello.version != VERSION:
            raise ValueError(f"it is of version {hello.version}, and this class of {VERSION}")
        if not self.name:
            taken = {self._hub.room.teacher, *self._hub.seats}
            self.name = free_name(shown_name(hello.name), taken)
            self._hub.seats[self.name] = self
        self._hello, self.kind, self._has = hello, None, None
        self._hub.happen(Joined(self.name))

    def _resize(self, content: bytes) -> None:
        assert self._hello is not None
        columns, rows = (int(number) for number in content.split())
        size = within_reach(columns, rows)
        self.kind = Kind(*size, self._hello.ascii, self._hello.colours, self._hello.palette, self._own)
        self._has = None
        self._hub.happen(WindowChanged(self.name, columns < LEAST_WIDTH or rows < LEAST_HEIGHT))
        self._catch_up()

    def _press(self, key: Key) -> None:
        """Do what a key does for who watches: choose for oneself, ask for help, step alone, or leave."""
        entry = commands.BY_KEY.get(key.name) or commands.BY_KEY.get(key.character or "")
        if key.character == "!":
            person = self._hub.room.person(self.name)
            self._hub.happen(HandMoved(self.name, person is None or person.hand is None))
        elif entry is None:
            return
        elif entry.name == "quit":
            self.end("You have left the class.")
        elif entry.change is None:
            self._break_away(entry.name)
        else:
            self._choose(entry.name)

    def _choose(self, command: str) -> None:
        """Do a command of the session: what changes the place breaks away, what is one's own does not."""
        assert self.kind is not None
        seen = self._own.applied(self._hub.session)
        chosen = commands.after(seen, commands.Command(command))
        if (chosen.update, chosen.step, chosen.edits, chosen.seed, chosen.variant) != (
            seen.update, seen.step, seen.edits, seen.seed, seen.variant
        ):  # fmt: skip
            self._break_away(command)
            return
        changes = {
            name: getattr(chosen, name)
            for name in Own._fields
            if getattr(chosen, name) != getattr(seen, name)
        }
        self._own = self._own._replace(**changes)
        self.kind = self.kind._replace(own=self._own)
        self._change_kind()

    def _change_kind(self) -> None:
        """Go on from the picture that it has to that of another kind, of the same size."""
        assert self.kind is not None
        screen, before = self._hub.screen_of(self.kind), self._has
        if before is not None and before is not screen.picture:
            self.send(message(FRAME, screen.since(before)))
        self._has = screen.picture

    def _break_away(self, command: str) -> None:
        """Have it become an app of its own, in which a command is done first."""
        if self._hub.room.is_pinned(self.name, asyncio.get_running_loop().time()):
            return
        own = self._own.applied(self._hub.session)
        self.send(message(PLACE, place_of(own)))
        self.send(message(OWN_APP, command.encode()))
        self.kind = None
        self._hub.happen(BrokeAway(self.name, f"{own.update}.{own.step}"))

    def _take_word(self, word: Word) -> None:
        if word.at is not None:
            self._hub.happen(BrokeAway(self.name, one_line(word.at)[:20]))
        if word.hand is not None:
            self._hub.happen(HandMoved(self.name, word.hand))
