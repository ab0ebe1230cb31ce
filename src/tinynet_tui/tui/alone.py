"""The app of a follower who steps by themselves: the stepper, and the class to come back to."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import msgspec

from tinynet_tui.classroom.handed import Handed
from tinynet_tui.classroom.last_row import by_oneself, with_last_row
from tinynet_tui.classroom.message_contents import ClassNow, OwnAppNews, sent_place
from tinynet_tui.classroom.messages import CLASS, END, GATHER, KEYS, PLACE, WORD, Messages, message
from tinynet_tui.classroom.thin_client import FOLLOWS
from tinynet_tui.classroom.watching import HAND
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import COMMANDS, Entry, command_of_key, command_table
from tinynet_tui.session.history import program_of
from tinynet_tui.session.session import Session
from tinynet_tui.session.state_file import decoded
from tinynet_tui.terminal.input import Input
from tinynet_tui.terminal.input_events import Key
from tinynet_tui.terminal.job import read_modes
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.page import bindings
from tinynet_tui.tui.stepper import StepperPage

FOLLOWER_COMMANDS: tuple[Entry[Session], ...] = tuple(
    command_table(
        Entry("follow", ("F",), "follow", "Follow the class again."),
        HAND,
    ).values()
)
"""What who steps alone in a class has keys for, beside all else."""


class AlonePage(StepperPage):
    """The stepper's page for a follower who steps by themselves."""

    BINDINGS = bindings(FOLLOWER_COMMANDS)
    TABLE = (*COMMANDS, *FOLLOWER_COMMANDS)

    def __init__(self, alone: Stepper) -> None:
        assert isinstance(alone, Alone)
        super().__init__(alone)
        self.own |= {"follow": alone.follow, "hand": alone.raise_hand}


class Alone(Stepper):
    """Walks one follower through training, apart from the class."""

    PAGE = AlonePage

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        *,
        connection: socket.socket | None,
        handed: Handed,
        first: str,
        **stepper: Any,
    ) -> None:
        self._connection = connection
        self._handed = handed
        self._first = first
        self._messages = Messages()
        self._class_now: ClassNow | None = None
        super().__init__(session, look, theme, state, **stepper)
        self.handed = read_modes(handed.modes)

    def on_load(self) -> None:
        """Listen to the class."""
        if self._connection is not None:
            self._connection.setblocking(False)
            asyncio.get_running_loop().add_reader(self._connection, self._take_sent)

    def on_mount(self) -> None:
        """Do what the follower has pressed to go on alone."""
        if self._opening is None:  # else on arrival
            self._tell_place()
            self._do_first()
        for kind, content in self._messages.feed(self._handed.rest):
            self._take_message(kind, content)

    def _do_first(self) -> None:
        first, self._first = self._first, ""
        if first:
            self.page.action_do(first)

    def _arrive(self, session: Session) -> None:
        super()._arrive(session)
        self._do_first()
        self._tell_place()

    def _tell_place(self) -> None:
        """Tell the class where its follower, or its leader for now, is."""
        session = self.session
        if self._class_now is not None and self._class_now.leads:
            self._send(PLACE, sent_place(session))
        else:
            self._send(WORD, msgspec.json.encode(OwnAppNews(at=f"{session.update}.{session.step}")))

    def picture(self, width: int, height: int) -> Picture:
        """The session, with the class in the last row, where nothing else is to be said."""
        drawn = super().picture(width, height)
        if self.session.notice or self.session.stage != "off":
            return drawn
        steps = len(program_of(self.session))
        is_connected = self._connection is not None
        words = by_oneself(self._class_now, self.session.update, self.session.step, steps, is_connected)
        return with_last_row(drawn, words, self.look)

    def follow(self) -> None:
        """Follow the class again."""
        if self.own_driver is not None:
            self.own_driver.display.hands_on = True
        self.exit(return_code=FOLLOWS)

    @property
    def connection(self) -> socket.socket | None:
        """To the class, if that is there."""
        return self._connection

    @property
    def handed_on(self) -> Handed:
        """What the program that follows the class goes on with."""
        return self._handed._replace(rest=self._messages.rest)

    def raise_hand(self) -> None:
        """Ask for help, or no more."""
        if self._class_now is not None:
            raised = not self._class_now.hand
            self._send(WORD, msgspec.json.encode(OwnAppNews(hand=raised)))
            self.say("Your hand is up: ! takes it down." if raised else "Your hand is down.")

    def _send(self, kind: bytes, content: bytes) -> None:
        if self._connection is not None:
            try:
                self._connection.sendall(message(kind, content))
            except OSError:
                self._lose_class()

    def _take_sent(self) -> None:
        """Take what the leader has sent."""
        assert self._connection is not None
        try:
            sent = self._connection.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            sent = b""
        if not sent:
            self._lose_class()
        for kind, content in self._messages.feed(sent):
            self._take_message(kind, content)
        self.page.draw()

    def _take_message(self, kind: bytes, content: bytes) -> None:
        if kind == CLASS:
            self._class_now = msgspec.json.decode(content, type=ClassNow)
        elif kind == KEYS:
            for event in Input().feed(content):
                entry = command_of_key(event.name, event.character) if isinstance(event, Key) else None
                if entry is not None:
                    self.page.action_do(entry.name)
        elif kind == PLACE:
            self.show(decoded(content), by_itself=True)
        elif kind == GATHER:
            self.follow()
        elif kind == END:
            self._lose_class()
            self.say(f"{content.decode('utf-8', 'replace').strip()} You go on by yourself; q leaves.")

    def _lose_class(self) -> None:
        """Go on without the class."""
        if self._connection is not None:
            asyncio.get_running_loop().remove_reader(self._connection)
            self._connection.close()
        self._connection = self._class_now = None
