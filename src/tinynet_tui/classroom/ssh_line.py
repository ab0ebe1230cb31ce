"""The line of somebody who comes by SSH: the server draws all of their screen, and hears every key."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

import msgspec

from tinynet_tui.classroom.admission import Role
from tinynet_tui.classroom.confined import OUT_OF_MEMORY, OUT_OF_TIME
from tinynet_tui.classroom.handing_over import handed_at
from tinynet_tui.classroom.hub import Hub
from tinynet_tui.classroom.local_line import NONSENSE
from tinynet_tui.classroom.message_contents import VERSION, Hello
from tinynet_tui.classroom.messages import END, FRAME, HELLO, KEYS, OVER, OWN_APP, PLACE
from tinynet_tui.classroom.names import shown_name
from tinynet_tui.classroom.seat import Seat
from tinynet_tui.classroom.ssh_app import Apps, SshApp
from tinynet_tui.classroom.ssh_terminal import AtChannel, Channel
from tinynet_tui.classroom.thin_client import ENTER, FOLLOWS, LEAVE, NO_MOUSE, SCREEN
from tinynet_tui.drawing.picture import within_reach
from tinynet_tui.terminal.abilities import ascii_wanted, colours_wanted, palette_wanted, signs_may_be_wide

_LOG = logging.getLogger(__name__)

_TYPED_AT_ONCE = 1_024
"""Bytes of what is typed that are done together."""
_EARLY = 1_024
"""Bytes that may be typed before an app is there."""
_FULL = "Too many step by themselves now: try again later."
_NO_APPS = "Nobody can step by themselves now: tell your teacher."
_FAULTY = "Your app has stopped because of a fault in it: you follow again."
_STOPPED: Mapping[int | None, str] = {
    OUT_OF_MEMORY: "Your app's memory ran out: you follow again.",
    OUT_OF_TIME: "Your app's time to compute ran out: you follow again.",
}
_BETWEEN = 1.0
"""Seconds between two starts of one person's apps."""


class SshLine(AtChannel):
    """A terminal behind a channel, and the seat at it."""

    def __init__(
        self,
        hub: Hub,
        apps: Apps,
        channel: Channel,
        name: str,
        role: Role,
        environ: Mapping[str, str],
        key: str,
    ) -> None:
        """key: with which they have come in; "" where that was a code."""
        super().__init__(channel)
        self._apps = apps
        self._role = role
        self._environ = environ
        letters = not ascii_wanted(environ, "utf-8")
        ascii = not letters or signs_may_be_wide(environ)
        colours, palette = colours_wanted(environ), palette_wanted(environ)
        self._hello = Hello(VERSION, name, colours, ascii, palette, is_desk=role == "desk", letters=letters)
        self.seat = Seat(hub, self, key)
        self._is_full = False
        self._size = (0, 0)
        self._place = b""
        """The last place that the seat has sent."""
        self._app: SshApp | None = None
        """What its user steps in, from the key on that leads there."""
        self._is_starting = False
        self._start: asyncio.Task[None] | None = None
        self._started_at = float("-inf")
        self._early = b""
        """What was typed while the app was starting."""

    # What a seat calls

    @property
    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self._channel.is_closing()

    def send(self, kind: bytes, content: bytes) -> None:
        """Show a frame or the last words; what is for the user's own app goes there."""
        if kind == FRAME:
            if self._app is None:
                self._channel.write(content)
        elif kind == END:
            self._end_app()
            self._channel.write(NO_MOUSE + LEAVE + content)
        elif kind == OVER:
            self._channel.write(NO_MOUSE + LEAVE + b"The class is over.\r\n")
        elif kind == HELLO:
            self._hello = msgspec.json.decode(content, type=Hello)
        elif kind == OWN_APP:
            self._app, self._is_starting = SshApp(self, self._apps), True
            self._start = asyncio.get_running_loop().create_task(self._start_app(self._app, content))
        elif self._app is not None:
            self._app.tell(kind, content)
        elif kind == PLACE:
            self._place = content

    def close(self) -> None:
        """End it in order."""
        if not self._channel.is_closing():
            self._channel.exit(0)

    # What the server calls

    def begin(self, columns: int, rows: int) -> None:
        """Take the terminal over, and show the class."""
        self._size = within_reach(columns, rows)
        forgets = not self._apps.tried.of(shown_name(self._hello.name))
        self._hello = msgspec.structs.replace(self._hello, forgets=forgets)
        self._watch(SCREEN)

    def _watch(self, before: bytes, notice: str = "") -> None:
        self._channel.write(before + ENTER)
        self.seat.greet(self._hello, is_teacher=self._role != "student")
        self.seat.resize(*self._size)
        if notice:  # else what it says of the name stays
            self.seat.notice(notice)

    def take_typed(self, typed: bytes) -> None:
        """Do what is typed."""
        if self._is_starting:
            self._early = (self._early + typed)[:_EARLY]
        elif self._app is not None:
            self._app.screen.type(typed)
        else:
            for place in range(0, len(typed), _TYPED_AT_ONCE):
                part = typed[place : place + _TYPED_AT_ONCE]
                self.seat.take_message(KEYS, part, is_teacher=False)

    def resize(self, columns: int, rows: int) -> None:
        """Draw for another size."""
        self._size = within_reach(columns, rows)
        if self._app is None:
            self.seat.resize(columns, rows)
        elif not self._is_starting:
            self._app.screen.resize(*self._size)

    def hold(self, is_full: bool) -> None:
        """Hold frames back, or no longer; what was missed is then caught up with."""
        if is_full == self._is_full:
            return
        self._is_full = is_full
        if is_full:
            self.seat.pause()
        else:
            self.seat.resume()
        if self._app is not None and not self._is_starting:
            self._app.screen.hold(is_full)

    def end(self, words: str) -> None:
        """Say goodbye, and give the terminal back."""
        self.seat.end(words)

    def lose(self) -> None:
        """Take note that the terminal is gone."""
        self._end_app()
        self.seat.lose()
        del self.seat  # each knows the other, and would stay until the collector comes by

    # Stepping alone

    async def _start_app(self, app: SshApp, first: bytes) -> None:
        """Start an app; where that cannot be, its user watches on and is told why."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._started_at + _BETWEEN - loop.time())
        async with self._apps.starting:
            self._started_at = loop.time()
            if self._app is not app:
                return
            try:
                handed = lambda line: self._handed(line, first)  # noqa: E731
                await app.start(self._environ, handed, self._size)
            except OSError as error:
                self._app, self._is_starting = None, False
                is_full = isinstance(error, BlockingIOError)
                if not is_full:
                    _LOG.warning("no app can be started: %s", error)
                if not self._channel.is_closing():
                    self._watch(b"", _FULL if is_full else _NO_APPS)
                return
        self._is_starting = False
        if self._app is not app:
            app.end()
            return
        app.screen.resize(*self._size)
        app.screen.hold(self._is_full)
        early, self._early = self._early, b""
        app.screen.type(early)

    def _handed(self, terminal: int, first: bytes) -> bytes:
        """What an app goes on with, whose terminal is taken over here."""
        tried = self._apps.tried.of(self._hello.name)
        return handed_at(terminal, self._hello, self._place, tried, first)

    def _end_app(self) -> None:
        app, self._app = self._app, None
        if app is not None and not self._is_starting:
            app.end()  # one that is starting is ended when it has

    # What the app calls

    def take_news(self, kind: bytes, content: bytes) -> None:
        """Take what the app says to the room, as from any other follower's."""
        self.seat.take_message(kind, content, is_teacher=False)

    def take_hello(self, content: bytes) -> None:
        """Keep what was chosen in the app."""
        with suppress(*NONSENSE):
            own = msgspec.json.decode(content, type=Hello).own
            self._hello = msgspec.structs.replace(self._hello, own=own)

    def take_tried(self, content: bytes) -> None:
        """Keep what was tried in the app, for the name that its user has in the class."""
        self._apps.tried.keep(self._hello.name, content)

    def app_ended(self, status: int | None) -> None:
        """Watch again, or leave."""
        self._app = None
        if self._channel.is_closing():
            return
        self._channel.resume_reading()
        if status == 0:
            self.seat.end("You have left the class.")
        elif status == FOLLOWS:
            self._watch(b"")
        else:
            self._watch(NO_MOUSE + SCREEN, _STOPPED.get(status, _FAULTY))
