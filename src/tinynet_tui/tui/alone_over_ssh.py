"""The app of somebody who steps alone over SSH: now and then another process goes on in its place.

The process that apps are forked from has all of their code, and they share it until they look at it: Python
counts references within objects. So the memory of an app's own grows with each thing that is done in it.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import resource
import socket
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import msgspec
from textual import events

from tinynet_tui.classroom.confined import let_go_of_terminal, take_terminal
from tinynet_tui.classroom.directory import Address
from tinynet_tui.classroom.handing_over import Handed
from tinynet_tui.classroom.message_contents import Hello, sent_place
from tinynet_tui.classroom.messages import OWN_APP, READY, STATE, TRIED, message
from tinynet_tui.classroom.preloaded import Asker
from tinynet_tui.classroom.thin_client import FOLLOWS
from tinynet_tui.drawing.theme import theme_of
from tinynet_tui.session.history import is_large
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.abilities import WIDE_SIGNS, mouse_wanted
from tinynet_tui.terminal.display import TakenOver
from tinynet_tui.terminal.job import read_modes
from tinynet_tui.tui.alone import TRAINED_BEFORE, Alone, begun
from tinynet_tui.tui.later import later
from tinynet_tui.tui.permissions import OVER_SSH

_PAGES, _MORE = 3_550, 100
"""Another process is asked for once this one has as many pages of memory of its own as the first number says,
and as many more than at its first key as the second says."""
_SETTLED = 0.1
"""Seconds between two looks whether an app has drawn what it begins with."""
_STILL = 0.3
"""Seconds without a key before that."""
_AGAIN, _LONGEST_AGAIN = 0.2, 3.0
"""Seconds until it is asked again where there was none, each time twice as long."""
_LARGEST = 1 << 20
"""Bytes of the largest state that is handed on."""
_OF_APP = (
    *("_hello", "_last", "_leader", "_is_over", "_class_now", "_numbers", "_lesson", "_begun"),
    *("_hand_moved_at", "_is_too_small", "_looks_at", "offers_practice", "last_words"),
)
_OF_PAGE = ("_escaped", "_predicted", "_experiments", "_judgement")
_OF_TRIED = ("places", "_told")


class State(NamedTuple):
    """All that an app has while nothing is open in it."""

    session: Session
    terminal: TakenOver
    """With what it shows."""
    pause: float
    """Of autoplay."""
    app: dict[str, Any]
    page: dict[str, Any]
    tried: dict[str, Any]

    @classmethod
    def read(cls, pickled: bytes) -> State:
        """What another app has written, which is as confined as whoever reads it."""
        state = pickle.loads(pickled)
        assert isinstance(state, State)
        return state


class AloneOverSsh(Alone):
    """Walks one follower through training in a process that is replaced where nobody feels it."""

    def __init__(self, session: Session, hello: Hello) -> None:
        """Wait at a place, as one who says hello would see it, for whoever comes."""
        super().__init__(
            *(session, hello.look, theme_of(hello.colours, hello.palette), None),
            connection=None,
            address=Address("", "", Path()),
            handed=Handed(b"", msgspec.json.encode(hello), sent_place(session)),
            first="",
            hand_back=self._end,
            painter=None,
            permissions=OVER_SSH,
        )
        self.handed = None
        self._asker: Asker | None = None
        """Who has asked for it; nobody yet."""
        self._most_pages = 0
        """Those with which another process is asked for; 0 before the first key."""
        self._key_at = 0.0
        self._again = _AGAIN
        self._resting: asyncio.TimerHandle | None = None
        """Looks whether no key comes any more."""

    def begin(self) -> None:
        """Listen to the class, once somebody has come."""
        if self._asker is not None:
            super().begin()

    async def stand_still(self) -> None:
        """Give the terminal back once all is drawn, and do nothing from then on."""
        while (driver := self.own_driver) is None or not self.board.picture.rows:
            await asyncio.sleep(_SETTLED)
        await asyncio.sleep(_SETTLED)  # for what follows the first picture
        driver.display.expect_no_answer()
        driver.suspend_application_mode()

    def sit_down(
        self, handed: Handed, connection: socket.socket | None, address: Address, asker: Asker
    ) -> None:
        """Be the app of somebody, who is at the terminal of standard input and output now."""
        hello = msgspec.json.decode(handed.hello, type=Hello)
        # It is unpickled: a confined process has it from one that was as confined.
        state = State.read(handed.state) if handed.state else None
        session, first = (state.session, "") if state else begun(handed, hello.look.keys)
        if hello.ascii and hello.letters and state is None:  # ASCII for its signs alone
            session = replace(session, notice=WIDE_SIGNS)
        self._open_at(session, hello.look, None)
        self._come(session, connection, address, handed, first)
        self.handed = TakenOver(read_modes(handed.modes))
        self._asker = asker
        self.cell_theme = self.page.colours = theme_of(hello.colours, hello.palette)
        self.page.look = hello.look
        if state is not None:
            self.tried.wait()
            for owner, values in ((self, state.app), (self.page, state.page), (self.tried, state.tried)):
                vars(owner).update(values)
            self.session, self.handed = state.session, state.terminal
            self.page.autoplay.pause = state.pause
            take_terminal()
        if self.own_driver is not None:
            self.own_driver.display.hand(self.cell_theme, mouse_wanted(os.environ), self.handed)
            self.own_driver.resume_application_mode()
        self.begin()
        if self.own_driver is None or self.own_driver.display.size == self.size:  # else once it is resized
            self.draw_pages()
        if state is not None:
            self._forget_soon()
            self.call_later(asker.say, message(READY))

    def _hand_on_tried(self, tried: bytes) -> None:
        """Have the server keep what was tried."""
        super()._hand_on_tried(tried)
        if self._asker is not None:
            self._asker.say(message(TRIED, tried))

    def _end(self, _app: Alone) -> None:
        """Let the server have the terminal."""
        assert self._asker is not None, "somebody follows again"
        self._asker.say(self.handed_on.messages)
        self._asker.end(FOLLOWS)

    async def on_event(self, event: events.Event) -> None:
        """Where much memory is its own, have another process asked for as soon as no more keys come."""
        if isinstance(event, events.Key):
            self._key_at, self._again, pages = monotonic(), _AGAIN, _pages()
            self._most_pages = self._most_pages or max(_PAGES, pages + _MORE)
            if pages >= self._most_pages and self._resting is None:
                self._resting = later(self, _STILL, self._look_whether_still)
        await super().on_event(event)

    async def _look_whether_still(self) -> None:
        self._resting = None
        still = monotonic() - self._key_at
        if still < _STILL:
            self._resting = later(self, _STILL - still, self._look_whether_still)
        elif self._is_at_rest and self.own_driver is not None:
            terminal = await self.own_driver.pause()
            if terminal is not None and self._is_at_rest and self._has_asked(terminal):
                self._resting = later(self, self._again, self._look_whether_still)
                self._again = min(2 * self._again, _LONGEST_AGAIN)
            self.own_driver.go_on()

    @property
    def _is_at_rest(self) -> bool:
        """Whether no page and no prompt is open, and nothing goes on by itself."""
        return (
            len(self.screen_stack) == 1
            and self.page.prompt is None
            and not self.page.autoplay.is_on
            and self._opening is None
            and not is_large(self.session)
            and self.session.update <= TRAINED_BEFORE
            and self._fading is None
            and not any(worker.is_running for worker in self.workers)
            and self.to_leader.socket is not None
            and self._class_now is not None
            and not self._class_now.leads
        )

    def _has_asked(self, terminal: TakenOver) -> bool:
        """Have another process go on; returns where none does: whether one was asked for."""
        try:
            pickled = self.state(terminal)
        except (pickle.PicklingError, AttributeError, TypeError, ValueError, RecursionError):
            return False
        if len(pickled) > _LARGEST:
            return False
        handed = self._handed._replace(rest=self.to_leader.rest).messages
        let_go_of_terminal()
        assert self._asker is not None, "somebody has pressed keys"
        self._asker.wait_for_successor(handed + message(OWN_APP) + message(STATE, pickled))
        with suppress(OSError):  # it has hung up meanwhile, which is noticed
            take_terminal()
        return True

    def state(self, terminal: TakenOver) -> bytes:
        """All that it has, for another process; terminal: as it is."""
        parts = ((self, _OF_APP), (self.page, _OF_PAGE), (self.tried, _OF_TRIED))
        of_parts = ({name: getattr(owner, name) for name in names} for owner, names in parts)
        return pickle.dumps(State(self.session, terminal, self.page.autoplay.pause, *of_parts))


def _pages() -> int:
    """How often this process has got a page of memory: nearly all are copies of those that it has shared."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
