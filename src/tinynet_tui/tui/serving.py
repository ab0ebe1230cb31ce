"""The leader's app of a class over SSH: ends with the server, and takes leave of everyone."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import Entry, command_table
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.leading import Leader, LeaderPage

if TYPE_CHECKING:
    from tinynet_tui.classroom.ssh_server import SshServer

_END: tuple[Entry[Session], ...] = tuple(
    command_table(
        Entry("end-class", ("ctrl+c",), "end the class", "End the class at once, and let everyone know.")
    ).values()
)


class ServingPage(LeaderPage):
    """The leader's page, on which Ctrl+C asks nothing."""

    TABLE = (
        *(entry._replace(keys=("q",)) if entry.name == "quit" else entry for entry in LeaderPage.TABLE),
        *_END,
    )

    def __init__(self, leader: Stepper) -> None:
        super().__init__(leader)
        self.own |= {"end-class": self._end}


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
        **leader: Any,
    ) -> None:
        super().__init__(session, look, theme, state, **leader)
        self._server, self._listening = server, listening

    def action_end_class(self) -> None:
        """End the class, whatever is open."""
        self.leave(ends=True)

    def suspended(self) -> str:
        """Give the terminal to no shell: everyone who is connected would wait; returns the notice."""
        return "The server cannot be stopped for a while: students are connected to it."

    @on(events.Load)
    async def let_in(self) -> None:
        """Let students in."""
        await self._server.open(self.hub, self._listening, str(self._claimed.apps), self._claimed.written)

    @on(events.Unmount)
    async def take_leave(self) -> None:
        """Take leave of everyone who is still there, however the app ends."""
        await self._server.close("The server has stopped; the class goes on when it is there again.")
