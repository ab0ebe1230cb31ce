"""The leader's app of a class over SSH: ends with the server, and takes leave of everyone."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from functools import partial
from operator import call
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.constants import DRIVER

from tinynet_tui.classroom.leader_terminal import LeaderTerminal, LeftTerminal
from tinynet_tui.classroom.room_events import Lost, TeacherBack
from tinynet_tui.drawing.listing import Choice
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import Entry, command_table, page_row
from tinynet_tui.session.session import Session
from tinynet_tui.tui.leader_page import LeaderPage
from tinynet_tui.tui.leading import Leader
from tinynet_tui.tui.lists import ListPage
from tinynet_tui.tui.permissions import LED_OVER_SSH

if TYPE_CHECKING:
    from tinynet_tui.classroom.ssh_server import SshServer

_LOG = logging.getLogger(__name__)

_ELSEWHERE = {"TERM": "xterm-256color"}
"""What is taken for the terminal of whoever leads over SSH; nothing of the server's own is theirs."""
_GOES_ON = "The class goes on: lead it again when you like."
_END: tuple[Entry[Session], ...] = tuple(
    command_table(
        page_row("end-class", ("ctrl+c",), "end the class", "End the class at once, and let everyone know.")
    ).values()
)


class ServingPage(LeaderPage):
    """The leader's page, on which Ctrl+C asks nothing."""

    TABLE = (
        *(entry._replace(keys=("q",)) if entry.name == "quit" else entry for entry in LeaderPage.TABLE),
        *_END,
    )
    ABOUT_END = "The server stops; everyone is told, and sent away."
    WHO_WAITS = "The server stops, and sends all away"

    def __init__(self, leader: Leader) -> None:
        super().__init__(leader)
        assert isinstance(leader, Serving)
        self._serving = leader
        self.own |= {"end-class": leader.action_end_class}

    def ask_end(self) -> None:
        """Leave; whoever leads from elsewhere can go without the class ending."""
        terminal = self._serving.leader_terminal
        if self._serving.is_here:
            super().ask_end()
            return
        leave: Choice[Callable[[], None]] = Choice("", "leave", _GOES_ON, lambda: terminal.dismiss(_GOES_ON))
        self.choose("Leave", (leave, *self.ways_to_leave()), call)


class Serving(Leader):
    """Walks a class through training that is there over SSH."""

    PAGE = ServingPage
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, "end_class", show=False, priority=True) for entry in _END for key in entry.keys
    ]

    def __init__(
        self,
        session: Session,
        look: Look,
        theme: Theme,
        state: Path | None,
        *,
        server: SshServer,
        listening: socket.socket,
        going_on: str,
        terminal: LeaderTerminal,
        has_terminal: bool,
        preloaded: int | None,
        preload_again: Callable[[], int],
        **leader: Any,
    ) -> None:
        super().__init__(session, look, theme, state, **leader)
        self._server, self._listening, self._going_on = server, listening, going_on
        self.leader_terminal = terminal
        """Where this app is seen over SSH."""
        self._has_terminal = has_terminal
        self._preloaded, self._preload_again = preloaded, preload_again
        self._left: LeftTerminal | None = None
        """Its own terminal, while the class is led over SSH."""
        self._own_permissions = self.permissions
        self.hub.say = self._log_and_tell

    @property
    def is_here(self) -> bool:
        """Whether it is seen at its own terminal, and not over SSH."""
        return self._has_terminal and self._left is None

    @property
    def going_on(self) -> str:
        """What goes on with the class, as it is typed."""
        return self._going_on

    @property
    def here(self) -> str:
        """Where the machine is that files are written on, for whoever leads."""
        return "here" if self.is_here else "on the server"

    def leave(self, ends: bool) -> None:
        """Quit; whoever leads from elsewhere is told what is said at the terminal here."""
        super().leave(ends)
        self.leader_terminal.dismiss(self.last_words)

    def _log_and_tell(self, words: str) -> None:
        """Have a line be known, also where nobody leads."""
        _LOG.warning(words)
        self._tell(words)

    def action_end_class(self) -> None:
        """End the class, whatever is open; whoever leads from elsewhere only goes."""
        if self.is_here:
            self.leave(ends=True)
        else:
            self.leader_terminal.dismiss(_GOES_ON)

    def _pass_lead(self) -> None:
        """Let somebody else lead. An open list is closed first: its choices may not be theirs."""
        for page in self.screen_stack[-1:]:  # there is none when all ends
            if isinstance(page, ListPage):
                page.leave()
        self._leader_changed()

    def _leader_changed(self) -> None:
        """Go to whoever leads over SSH, or back to the terminal here; where there is none, nobody leads."""
        leader, left = self.leader_terminal.leader, self._left
        if not self._has_terminal:
            self.hub.happen(Lost(self.hub.room.teacher) if leader is None else TeacherBack())
        elif self.own_driver is None:
            return
        elif leader is None and left is not None:
            self._left, self.permissions, self.terminal_environ = None, self._own_permissions, os.environ
            self.own_driver.move(left.come_back, is_there=False)
            self.say("You lead here again.")
        elif leader is not None and left is None:
            self.permissions, self.terminal_environ = LED_OVER_SSH, _ELSEWHERE
            self.own_driver.move(partial(self._leave_terminal, leader.address), is_there=True)

    def _leave_terminal(self, address: str) -> None:
        words = f"The class is led over SSH, from {address}.\r\nEnter leads it here again, Ctrl+C ends it."
        self._left = LeftTerminal(words, self._typed_here)
        self.leader_terminal.take_place()

    def _typed_here(self, typed: bytes) -> None:
        """Do what is typed at the terminal here, while the class is led over SSH."""
        if b"\x03" in typed:
            self.leave(ends=True)
        elif b"\r" in typed or b"\n" in typed:
            self.leader_terminal.dismiss("The class is led at the server's own terminal again.")

    def suspended(self) -> str:
        """Give the terminal to no shell: everyone who is connected would wait; returns the notice."""
        return "The server cannot be stopped for a while: students are connected to it."

    @on(events.Load)
    async def let_in(self) -> None:
        """Let students in."""
        self.leader_terminal.open(self._pass_lead)
        room = self._claimed
        # What others draw cannot move.
        terminal = None if self._has_terminal and DRIVER else self.leader_terminal
        await self._server.open(self.hub, self._listening, str(room.apps), room.written, terminal)
        if self._preloaded is not None:
            self._server.apps.keep(self._preloaded, self._preload_again)
        self._leader_changed()

    @on(events.Unmount)
    async def take_leave(self) -> None:
        """Take leave of everyone who is still there, however the app ends."""
        stopped = "The server has stopped; the class goes on when it is there again."
        await self._server.close("The class is over." if self.hub.room.has_ended else stopped)
