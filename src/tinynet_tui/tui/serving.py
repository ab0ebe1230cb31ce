"""The leader's app of a class over SSH: ends with the server, and takes leave of everyone."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType

from tinynet_tui.drawing.listing import Choice
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import Entry, command_table
from tinynet_tui.session.session import Session
from tinynet_tui.tui.app import Stepper
from tinynet_tui.tui.leading import Leader, LeaderPage

if TYPE_CHECKING:
    from tinynet_tui.classroom.ssh_server import SshServer
    from tinynet_tui.classroom.stage import Stage

_GOES_ON = "The class goes on: lead it again when you like."
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
    ABOUT_END = "Everyone is told; who is here over SSH is sent away."

    def __init__(self, leader: Stepper) -> None:
        super().__init__(leader)
        assert isinstance(leader, Serving)
        self._serving = leader
        self.own |= {"end-class": leader.action_end_class}

    def ask_end(self) -> None:
        """Leave; who leads from elsewhere can go without the class ending."""
        stage = self._serving.stage
        if stage is None:
            super().ask_end()
            return
        choices: tuple[Choice[Callable[[], None]], ...] = (
            Choice(
                "", "go", "The class goes on: lead it again when you like.", lambda: stage.dismiss(_GOES_ON)
            ),
            Choice("", "end the class, and the server", "Everyone is told, and sent away.", super().ask_end),
        )
        self.choose("Leave", choices, lambda chosen: chosen())


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
        stage: Stage | None,
        **leader: Any,
    ) -> None:
        super().__init__(session, look, theme, state, **leader)
        self._server, self._listening = server, listening
        self.stage = stage
        """Where this app is seen, if it has no terminal of its own."""

    def action_end_class(self) -> None:
        """End the class, whatever is open; who leads from elsewhere only goes."""
        if self.stage is not None:
            self.stage.dismiss(_GOES_ON)
        else:
            self.leave(ends=True)

    def suspended(self) -> str:
        """Give the terminal to no shell: everyone who is connected would wait; returns the notice."""
        return "The server cannot be stopped for a while: students are connected to it."

    @on(events.Load)
    async def let_in(self) -> None:
        """Let students in."""
        if self.stage is not None:
            self.stage.open()
        room = self._claimed
        await self._server.open(self.hub, self._listening, str(room.apps), room.written, self.stage)

    @on(events.Unmount)
    async def take_leave(self) -> None:
        """Take leave of everyone who is still there, however the app ends."""
        await self._server.close("The server has stopped; the class goes on when it is there again.")
