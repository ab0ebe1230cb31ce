"""A terminal somewhere that follows: what it is sent, and what is done with what it sends."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Protocol
from weakref import proxy

import msgspec

from tinynet_tui.classroom.desk import DeskScreen
from tinynet_tui.classroom.last_row import fitting
from tinynet_tui.classroom.message_contents import VERSION, Hello, OwnAppNews, sent_place, who_is_gone
from tinynet_tui.classroom.messages import (
    CLASS,
    END,
    FRAME,
    GATHER,
    HELLO,
    KEPT,
    KEYS,
    LAST,
    LOST,
    NEWS,
    OVER,
    OWN_APP,
    PLACE,
    SIZE,
    TYPED,
)
from tinynet_tui.classroom.names import free_name, shown_name
from tinynet_tui.classroom.own_app import OwnApp
from tinynet_tui.classroom.room_events import BrokeAway, GivenBack, Joined, Lost, WindowChanged
from tinynet_tui.classroom.shared_screens import Kind, Own, Sent
from tinynet_tui.classroom.watcher import Watcher
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import within_reach
from tinynet_tui.drawing.screen import LEAST_HEIGHT, LEAST_WIDTH
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.session.commands import STEPS_ALONE, key_of
from tinynet_tui.session.saved_session import decoded

if TYPE_CHECKING:
    from tinynet_tui.classroom.hub import Hub

LONGEST_WORDS = 4_096
"""Bytes of any message that is no place."""
_SIZE_AFTER = 0.05
"""Seconds in which the sizes of a window that is being dragged are taken together."""
_SIZE_AGAIN = 0.3
"""Seconds at least between two sizes of one window that are drawn."""


class Line(Protocol):
    """The way to the terminal of a seat, whichever it is."""

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""

    def send(self, letter: bytes, content: bytes, /) -> None:
        """Send a message, by its letter in `messages`."""

    def close(self) -> None:
        """Send what waits, and no more."""


class Seat:
    """Somebody who watches, steps by themselves, or is the teacher at the desk."""

    def __init__(self, hub: Hub, line: Line, key: str = "") -> None:
        """key: what whoever sits here has shown, if they have; their name is then theirs alone."""
        self.hub = hub
        self._line, self._key = line, key
        self.name = ""
        self._hello: Hello | None = None
        self.kind: Kind | None = None
        """What is drawn for it; None where its size is not known yet, and while it has an app of its own."""
        self._has: Sent | None = None
        """The last that it was sent completely; None: nothing is known of its screen."""
        self._is_new = True
        """Whether what is on its screen need not stay until it is painted over, as at first."""
        self._is_full = False
        """Whether so much waits for it that no more is sent."""
        self._row, self._typed = "", b""
        """What its last row says, and what it was told last that is typed there."""
        self.has_app = False
        """Whether its user steps by themselves, in an app of their own."""
        self._told = b""
        """What its user's own app was told last of the class."""
        self._called_because = ""
        """Why that app was told to follow again: it is said once it does."""
        self._kept_until: float | None = None
        """Until when its terminal keeps its user with the class, whatever becomes of the leader."""
        self._sizing: asyncio.TimerHandle | None = None
        self._sized_at = float("-inf")
        self.has_led = False
        """Whether the class was led from here, or is: what is on its way from there is still taken."""
        self._desk: DeskScreen | None = None
        """What draws the class, where the teacher sits here."""
        # They know the seat by a proxy: in a circle only the collector would let go of the connection.
        self._watcher = Watcher(proxy(self))
        self._app = OwnApp(proxy(self), self._watcher)

    @property
    def has_said_hello(self) -> bool:
        """Whether it is known who this is."""
        return self._hello is not None

    @property
    def look(self) -> Look:
        """How to write for its user, with their keys."""
        assert self._hello is not None, "who is sent words has said how"
        return self._hello.look

    # What its line says

    def lose(self) -> None:
        """Take note that the line is gone: nothing is done here any more, whatever is still asked for."""
        if self._sizing is not None:
            self._sizing.cancel()
        self._watcher.cancel()
        self._app.cancel()
        self.hub.desks.discard(self)
        if self.hub.seats.get(self.name) is self:
            del self.hub.seats[self.name]
            self.hub.screens.drop_unseen(self.kind)
            self.hub.happen(Lost(self.name))
        self.kind = self._desk = None
        self.has_app = False

    def pause(self) -> None:
        """Give it nothing more for now: much waits."""
        self._is_full = True

    def resume(self) -> None:
        """Give it the newest picture, if it has missed that."""
        self._is_full = False
        self._catch_up()
        self.room_changed()

    # What it is sent

    def send(self, letter: bytes, content: bytes = b"") -> None:
        """Send what has to arrive, however much is waiting."""
        if not self._line.is_closing:
            self._line.send(letter, content)

    def offer(self, letter: bytes, content: bytes) -> None:
        """Send what something newer can take the place of, if there is room for it."""
        if not self._is_full:
            self.send(letter, content)

    def take(self, frame: bytes, before: Sent, now: Sent) -> None:
        """Take the bytes that lead from one picture of its kind to the next."""
        if self._is_full:
            return
        if self._has is not before:
            self._catch_up()
            return
        self._has = now
        if frame:
            self.send(FRAME, frame)

    def room_changed(self) -> None:
        """Show what has changed in the class beside the place."""
        if self._desk is not None:
            self._draw_desk()
        elif self.kind is not None:
            self._watcher.room_changed()
            self.refresh_row()
            self._tell_kept()
        elif self.has_app and not self._is_full and (now := self._app.class_now()) != self._told:
            self._told = now  # each of a class that steps alone changes the room, and wakes nobody else
            self.send(CLASS, now)

    def _tell_kept(self) -> None:
        person = self.hub.room.person(self.name)
        until = None if person is None else person.pinned_until
        if until != self._kept_until and not self._is_full:
            self._kept_until = until
            self.send(KEPT, b"%d" % self.hub.room.seconds_pinned(self.name, self.hub.now))

    def send_place(self, place: bytes) -> None:
        """Give it the place itself, to go on from when the leader is lost."""
        self.offer(LAST if self.has_app else PLACE, place)

    def class_over(self, words: str) -> None:
        """Say that the class is over, and close the connection; whoever watches can step on by themselves."""
        if self.kind is None:
            self.end(words)
            return
        self.send(PLACE, sent_place(self._watcher.own.applied(self.hub.session)))
        self.tell_hello(is_over=True)
        parts = words.rstrip("."), STEPS_ALONE, f"{key_of('quit')} leaves"
        self.send(OVER, fitting(parts, self.kind.columns, self.look).encode())
        self._line.close()

    def notice(self, words: str) -> None:
        """Have its row say something for a moment, at most until the next key."""
        self._watcher.say(words)
        if self.kind is not None:
            self.refresh_row()

    def call_back(self, why: str) -> None:
        """Have its user's own app follow again; why: what is said then, if anything."""
        self._called_because = why
        self.send(GATHER)

    def leave(self) -> None:
        """End the connection as its user wishes."""
        self.end("You have left the class." if self._desk is None else "The class goes on.")

    def end(self, words: str) -> None:
        """Say something, and close the connection."""
        self.send(END, f"{words}\r\n".encode())
        self._line.close()

    def _catch_up(self) -> None:
        """Have it show the newest picture, whatever it shows."""
        if self.kind is None or self._is_full:
            return
        screen = self.hub.screens.screen_of(self.kind)
        if self._has is None:
            self._row = self._row_words()
            self.offer(FRAME, screen.repaint(self._is_new) + self._row_bytes())
            self._is_new = False
            self.hub.place_soon()
        elif self._has is not screen.now:
            self.offer(FRAME, screen.since(self._has))
        self._has = screen.now

    def redraw(self) -> None:
        """Draw everything anew: something else has written over it."""
        self._has, self._is_new = None, True
        self._catch_up()

    def show_own(self) -> None:
        """Draw what its user has chosen to see."""
        assert self.kind is not None
        left, self.kind = self.kind, self.kind._replace(own=self._watcher.own)
        self._catch_up()
        self.hub.screens.drop_unseen(left)

    def refresh_row(self) -> None:
        """Send its last row, where that has something else to say than before."""
        words = self._row_words()
        if words != self._row and not self._is_full:
            self._row = words
            self.offer(FRAME, self._row_bytes())
        if (typed := self._watcher.typed) != self._typed:
            self._typed = typed
            self.send(TYPED, typed)

    def _row_words(self) -> str:
        assert self.kind is not None
        return fitting(self._watcher.row_parts(), self.kind.columns, self.look)

    def _row_bytes(self) -> bytes:
        """Its last row: erased, and written in the terminal's own style."""
        assert self.kind is not None
        return f"\x1b[{self.kind.rows};1H\x1b[m\x1b[K{self._row}".encode()

    def _draw_desk(self) -> None:
        assert self._desk is not None
        if not self._is_full:
            self.offer(FRAME, self._desk.frame(self.hub.room, self.hub.now))

    # What it sends

    def take_message(self, letter: bytes, content: bytes, is_teacher: bool) -> None:
        """Do what a follower sends; is_teacher: whether it comes from the teacher's own account.

        Raises: ValueError, MsgspecError, StateFault or RecursionError for what makes no sense.
        """
        if letter == PLACE and self.has_led:
            if self.name == self.hub.room.leader:  # who has just lost the lead may still send one
                self.hub.lead_to(decoded(content))
            return
        if len(content) > LONGEST_WORDS:
            raise ValueError(f"a message of {len(content):,} bytes")
        if self.has_app and letter == KEYS:
            self.send(KEYS, content)  # typed before the app was there: it is for the app
            return
        if self.has_app and letter == SIZE:
            return  # it was on its way when its user went on alone
        if letter not in (KEYS, NEWS) and not self._watcher.may_act():
            raise ValueError("too many messages at once")
        if letter == HELLO:
            self.greet(msgspec.json.decode(content, type=Hello), is_teacher)
        elif self._hello is None:
            raise ValueError("it did not say who it is")
        elif letter == SIZE:
            columns, rows = (int(number) for number in content.split())
            self.resize(columns, rows)
        elif letter == KEYS:
            self._watcher.type(content)
        elif letter == TYPED:
            self._watcher.take_up(content)
        elif letter == NEWS:
            self._app.take_news(msgspec.json.decode(content, type=OwnAppNews))
        else:
            raise ValueError("a message of an unknown kind")

    def greet(self, hello: Hello, is_teacher: bool) -> None:
        """Let somebody in, or have them follow again.

        Raises: ValueError where they cannot be.
        """
        if hello.version != VERSION:
            raise ValueError(f"it is of version {hello.version}, and this class of {VERSION}")
        left, self.kind = self.kind, None
        self.hub.screens.drop_unseen(left)
        if self.has_app:
            self._sized_at = float("-inf")  # who comes back sees the class at once
        self._hello, self._has, self.has_app, self._told = hello, None, hello.is_alone, b""
        if hello.is_desk and not is_teacher:
            raise ValueError("the desk is the teacher's alone")
        self.send(LOST, who_is_gone(self.hub.room.teacher, hello).encode())
        if hello.is_desk:
            self.hub.desks.add(self)
            return
        forgets = not self.name and hello.forgets
        if not self.name:
            self.name = free_name(shown_name(hello.name), partial(self.hub.is_taken, key=self._key))
            self.hub.seats[self.name] = self
        self._watcher.own = Own.of(hello.own)
        self.tell_hello()
        if self.name != hello.name:
            self._watcher.say(f"Others know you as {self.name} here.")
        if self._called_because and not self.has_app:
            self._watcher.say(self._called_because)
            self._called_because = ""
        self.hub.happen(GivenBack(self.name), Joined(self.name, self._key, forgets))

    def tell_hello(self, is_over: bool = False) -> None:
        """Have it come back as who it is, with what it has chosen, also to a leader who knows nothing."""
        assert self._hello is not None
        again = msgspec.structs.replace(
            self._hello,
            name=self.name,
            own=self._watcher.own.chosen,
            is_alone=False,
            forgets=False,
            leader=self.hub.room.teacher,
            is_over=is_over,
        )
        self.send(HELLO, msgspec.json.encode(again))

    def resize(self, columns: int, rows: int) -> None:
        """Draw for a size: the first one at once, of several that follow each other the last.

        A window that is being dragged, or a storm of sizes, has a new kind drawn a few times a second; so has
        who says hello before each of them.
        """
        if self._sizing is not None:
            self._sizing.cancel()
        now = self.hub.now
        is_first = self.kind is None and self._desk is None
        at = max(now if is_first else now + _SIZE_AFTER, self._sized_at + _SIZE_AGAIN)
        if at == now:
            self._resize(columns, rows)
        else:
            self._sizing = asyncio.get_running_loop().call_at(at, self._resize, columns, rows)

    def _resize(self, columns: int, rows: int) -> None:
        hello = self._hello
        if self.has_app or self._line.is_closing or hello is None:
            return
        self._sized_at = self.hub.now
        size = within_reach(columns, rows)
        if hello.is_desk:
            theme = theme_of(hello.colours, hello.palette, hello.chosen_paints)
            self._desk = DeskScreen(*size, hello.look, theme)
            self._draw_desk()
            return
        if size != (columns, rows):
            self._is_new = True  # nor is what is outside of the picture to stay
        left = self.kind
        kind = Kind(*size, hello.ascii, hello.colours, hello.palette, self._watcher.own)
        self.kind = kind._replace(keys=hello.chosen_keys, paints=hello.chosen_paints)
        self._has = None
        self._catch_up()
        self.hub.screens.drop_unseen(left)
        self.hub.happen(WindowChanged(self.name, columns < LEAST_WIDTH or rows < LEAST_HEIGHT))

    def break_away(self, command: str) -> None:
        """Have it become an app of its own, in which a command is done first."""
        if self.hub.room.seconds_pinned(self.name, self.hub.now):
            return
        self.go_alone(command)
        self.hub.happen(BrokeAway(self.name, f"{self.hub.session.update}.{self.hub.session.step}"))

    def go_alone(self, command: str = "") -> None:
        """Have it become an app of its own at the place, if it is none; a command is done in it first."""
        self.send(PLACE, sent_place(self._watcher.own.applied(self.hub.session)))
        if not self.has_app:
            self.send(OWN_APP, command.encode())
            self._told = b""
        left, self.kind, self.has_app = self.kind, None, True
        self.hub.screens.drop_unseen(left)
