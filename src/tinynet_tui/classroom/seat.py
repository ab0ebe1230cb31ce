"""The connection of one who follows: what it is sent, and what is done with what it sends."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import TYPE_CHECKING, Any

import msgspec

from tinynet_tui.classroom.asking import judged
from tinynet_tui.classroom.desk import desk
from tinynet_tui.classroom.directory import peer_of
from tinynet_tui.classroom.last_row import answering, fitting, following
from tinynet_tui.classroom.message_contents import VERSION, ClassNow, Hello, OwnAppNews
from tinynet_tui.classroom.messages import (
    CLASS,
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
    Answered,
    Asking,
    BrokeAway,
    GivenBack,
    HandMoved,
    Joined,
    Lost,
    WindowChanged,
)
from tinynet_tui.classroom.shared_screens import CLEAR, Kind, Own
from tinynet_tui.drawing.field import Field
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, within_reach
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.safety.foreign_text import one_line
from tinynet_tui.session import commands
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import StateFault, decoded, encoded
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Key
from tinynet_tui.terminal.painter import Painter

if TYPE_CHECKING:
    from tinynet_tui.classroom.hub import Hub

LONGEST_MESSAGE = 4 << 20
"""Bytes of the longest message that is taken from a follower: a place with a lesson of any size."""
MOST_CONNECTIONS = 500
"""Connections to one room at once."""
_KEYS_A_SECOND = 60
"""Keys of one follower that are done in a second, twice what a held key sends; others are passed over."""
_LONGEST_ANSWER = 40
"""Characters of an answer that are kept."""
_MOST_UNSENT = 16_384
"""Bytes that may wait for a follower: a slow one gets a newer picture instead of more of them."""


class Seat(asyncio.Protocol):
    """Somebody who watches, steps by themselves, or is the teacher at the desk."""

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
        """The last picture that it was sent completely; None: nothing is known of its screen."""
        self._is_full = False
        """Whether so much waits for it that no more is sent."""
        self._row = ""
        self._keys_left, self._pressed_at = float(_KEYS_A_SECOND), 0.0
        self._left_at: Session | None = None
        """Where the class was when its user went on alone."""
        self._field = Field()
        """What is typed as an answer."""
        self._complaint = ""
        self._desk: tuple[Painter, int, int] | None = None
        """What draws the class for the teacher, and its columns and rows."""

    # What asyncio calls

    def connection_made(self, transport: Any) -> None:
        """Let somebody in."""
        self.transport = transport
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_UNSENT)
        transport.set_write_buffer_limits(high=0)
        self._hub.connections += 1
        if self._hub.connections > MOST_CONNECTIONS:
            self.end("This room is full.")

    def data_received(self, data: bytes) -> None:
        """Do what a follower sends; who sends what makes no sense is told so, and is out."""
        try:
            for kind, content in self._messages.feed(data):
                self._take_message(kind, content)
        except (TooLong, ValueError, msgspec.MsgspecError, StateFault) as fault:
            self.end(f"This was not understood: {one_line(str(fault))[:200]}.")

    def connection_lost(self, _error: Exception | None) -> None:
        """Take note that a follower is gone."""
        self._hub.connections -= 1
        self._hub.desks.discard(self)
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
        self.room_changed()

    # What it is sent

    def send(self, text: bytes) -> None:
        """Send a message, if there is room for one."""
        if not self._is_full and not self.transport.is_closing():
            self.transport.write(text)

    def take(self, frame: bytes, before: Picture) -> None:
        """Take the bytes that lead from one picture of its kind to the next."""
        if self._is_full or self.kind is None:
            return
        if self._has is not before:
            self._catch_up()
            return
        self._has = self._hub.screen_of(self.kind).picture
        if frame:
            self.send(message(FRAME, frame))

    def room_changed(self) -> None:
        """Show what has changed in the class beside the place."""
        if self._desk is not None:
            self._draw_desk()
        elif self.kind is not None:
            self._refresh_row()
        elif self._left_at is not None:
            self._tell_class()

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
            self._hub.settle()
        elif self._has is not screen.picture:
            self.send(message(FRAME, screen.since(self._has)))
        self._has = screen.picture

    def _refresh_row(self) -> None:
        words = self._row_words()
        if words != self._row and not self._is_full:
            self._row = words
            self.send(message(FRAME, self._row_bytes()))

    def _row_words(self) -> str:
        assert self.kind is not None
        asking = self._hub.room.asking
        if asking is not None:
            parts = answering(asking, self.name, self._field.text, self._complaint)
        else:
            parts = following(self._hub.room, self.name, asyncio.get_running_loop().time())
        return fitting(parts, self.kind.columns, Look(self.kind.ascii))

    def _row_bytes(self) -> bytes:
        """Its last row: erased, and written in the terminal's own style."""
        assert self.kind is not None
        return f"\x1b[{self.kind.rows};1H\x1b[m\x1b[K{self._row}".encode()

    def _tell_class(self) -> None:
        """Tell its own app where the class is."""
        there, room = self._hub.session, self._hub.room
        assert self._left_at is not None
        is_same = (there.lesson, there.edits, there.seed) == (
            self._left_at.lesson, self._left_at.edits, self._left_at.seed
        )  # fmt: skip
        person = room.person(self.name)
        hand = person is not None and person.hand is not None
        leads = room.leader == self.name
        now = ClassNow(
            room.leader,
            there.update,
            there.step,
            len(room.here),
            is_same,
            leads,
            hand,
            room.asking is not None,
        )
        self.send(message(CLASS, msgspec.json.encode(now)))

    def _draw_desk(self) -> None:
        assert self._desk is not None
        assert self._hello is not None
        painter, columns, rows = self._desk
        now = asyncio.get_running_loop().time()
        picture = desk(self._hub.room, columns, rows, Look(self._hello.ascii), now)
        if not self._is_full:
            self.send(message(FRAME, painter.paint(picture)))

    # What it sends

    def _take_message(self, kind: bytes, content: bytes) -> None:
        if kind == HELLO:
            self._greet(msgspec.json.decode(content, type=Hello))
        elif self._hello is None:
            raise ValueError("it did not say who it is")
        elif kind == SIZE:
            columns, rows = (int(number) for number in content.split())
            self._resize(self._hello, columns, rows)
        elif kind == KEYS:
            for event in self._input.feed(content):
                if isinstance(event, Key) and self._may_press():
                    self._press(event)
        elif kind == PLACE and self.name == self._hub.room.leader:
            self._hub.show(decoded(content))
        elif kind == WORD:
            self._take_word(msgspec.json.decode(content, type=OwnAppNews))
        else:
            raise ValueError("a message of an unknown kind")

    def _greet(self, hello: Hello) -> None:
        if hello.version != VERSION:
            raise ValueError(f"it is of version {hello.version}, and this class of {VERSION}")
        self._hello, self.kind, self._has, self._left_at = hello, None, None, None
        if hello.is_desk:
            if peer_of(self.transport.get_extra_info("socket")) != os.getuid():
                raise ValueError("the desk is the teacher's alone")
            self._hub.desks.add(self)
            return
        if not self.name:
            self.name = free_name(shown_name(hello.name), {self._hub.room.teacher, *self._hub.seats})
            self._hub.seats[self.name] = self
        self._hub.happen(GivenBack(self.name))
        self._hub.happen(Joined(self.name))

    def _resize(self, hello: Hello, columns: int, rows: int) -> None:
        size = within_reach(columns, rows)
        if hello.is_desk:
            self._desk = Painter(*size, theme_of(hello.colours, hello.palette)), *size
            self._desk[0].cleared()
            self.send(message(FRAME, CLEAR))
            self._draw_desk()
            return
        self.kind = Kind(*size, hello.ascii, hello.colours, hello.palette, self._own)
        self._has = None
        self._catch_up()
        self._hub.happen(WindowChanged(self.name, columns < LEAST_WIDTH or rows < LEAST_HEIGHT))

    def _may_press(self) -> bool:
        """Whether one more key is done now: a flood of them must not hold up the class."""
        now = asyncio.get_running_loop().time()
        since, self._pressed_at = now - self._pressed_at, now
        self._keys_left = min(max(self._keys_left, 0.0) + since * _KEYS_A_SECOND, float(_KEYS_A_SECOND)) - 1
        return self._keys_left >= 0

    def _press(self, key: Key) -> None:
        """Do what a key does for who watches: choose for oneself, ask for help, step alone, or leave."""
        entry = commands.BY_KEY.get(key.name) or commands.BY_KEY.get(key.character or "")
        if self._answers(key):
            return
        if entry is not None and entry.name == "quit":
            self.end("You have left the class.")
        elif self.kind is None:
            return
        elif key.character == "!":
            person = self._hub.room.person(self.name)
            self._hub.happen(HandMoved(self.name, person is None or person.hand is None))
        elif entry is not None and entry.change is None:
            self._break_away(entry.name)
        elif entry is not None:
            self._choose(entry.name)

    def _answers(self, key: Key) -> bool:
        """Do what a key does to the answer that is being typed, while one is asked for; whether it did."""
        asking = self._hub.room.asking
        if self.kind is None or asking is None or asking.stage != "open":
            return False
        if key.name == "enter":
            self._answer(asking)
        elif (field := self._field.after_key(key.name, key.character)) is not None:
            self._field, self._complaint = field, ""
        else:
            return False
        self._refresh_row()
        return True

    def _answer(self, asking: Asking) -> None:
        text = self._field.text.strip()
        try:
            found = judged(asking.round.place, text)
        except ValueError as fault:
            self._complaint = str(fault)
            return
        self._field = Field()
        self._hub.happen(Answered(self.name, len(asking.rounds) - 1, text[:_LONGEST_ANSWER], found))

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
        self._catch_up()

    def _break_away(self, command: str) -> None:
        """Have it become an app of its own, in which a command is done first."""
        if self._hub.room.seconds_pinned(self.name, asyncio.get_running_loop().time()):
            self._refresh_row()
            return
        self.go_alone(command)
        self._hub.happen(BrokeAway(self.name, f"{self._hub.session.update}.{self._hub.session.step}"))

    def go_alone(self, command: str = "") -> None:
        """Have it become an app of its own at the place, if it is none; a command is done in it first."""
        place = message(PLACE, encoded(self._own.applied(self._hub.session).bare))
        self.send(place)
        if self._left_at is None:
            self.send(message(OWN_APP, command.encode()))
        self.kind, self._left_at = None, self._hub.session

    def _take_word(self, word: OwnAppNews) -> None:
        if word.at is not None:
            self._hub.happen(BrokeAway(self.name, one_line(word.at)[:20]))
        if word.hand is not None:
            self._hub.happen(HandMoved(self.name, word.hand))
