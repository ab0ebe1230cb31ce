"""The app of somebody who steps alone over SSH: now and then another process goes on in its place.

The process that apps are forked from has all of their code, and they share it until they look at it: Python
counts references within objects. So the memory of an app's own grows with each thing that is done in it.
"""

from __future__ import annotations

import pickle
import resource
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple

from textual import events
from textual.timer import Timer

from tinynet_tui.classroom.confined import let_go_of_terminal, take_terminal
from tinynet_tui.classroom.handing_over import Handed
from tinynet_tui.classroom.messages import OWN_APP, READY, STATE, TRIED, message
from tinynet_tui.classroom.preloaded import Asker
from tinynet_tui.session.history import is_large
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.display import TakenOver
from tinynet_tui.tui.alone import TRAINED_BEFORE, Alone

_PAGES, _MORE = 4_200, 150
"""Another process is asked for once this one has as many pages of memory of its own as the first number says,
and as many more than at its first key as the second says."""
_STILL = 0.4
"""Seconds without a key before that."""
_AGAIN, _LONGEST_AGAIN = 1.0, 3.0
"""Seconds until it is asked again where there was none, each time twice as long."""
_LARGEST = 1 << 20
"""Bytes of the largest state that is handed on."""
_OF_APP = (
    *("_hello", "_last", "_leader", "_is_over", "_class_now", "_numbers", "_lesson", "_begun"),
    *("_hand_moved_at", "_is_too_small", "_looks_at", "offers_practice", "last_words"),
)
_OF_PAGE = ("_escaped", "_predicted", "_experiments")
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

    def __init__(
        self, *places: Any, handed: Handed, asker: Asker, state_before: State | None, **options: Any
    ) -> None:
        """Go on from a place; asker: who has asked for the app; state_before: of the process before."""
        recorded: Callable[[bytes], None] = lambda tried: asker.say(message(TRIED, tried))  # noqa: E731
        super().__init__(*places, handed=handed, recorded=recorded, **options)
        self._asker = asker
        self._before = state_before
        self._most_pages = 0
        """Those with which another process is asked for; 0 before the first key."""
        self._key_at = 0.0
        self._again = _AGAIN
        self._resting: Timer | None = None
        """Looks whether no key comes any more."""
        if (state := state_before) is not None:
            self.tried.wait()
            for owner, values in ((self, state.app), (self.page, state.page), (self.tried, state.tried)):
                vars(owner).update(values)
            self.session, self.handed = state.session, state.terminal
            take_terminal()

    def on_mount(self) -> None:
        """Tell whoever made this process that it can go on."""
        if self._before is not None:
            self.page.autoplay.pause = self._before.pause
            self._forget_soon()
            self.call_later(self._asker.say, message(READY))

    async def on_event(self, event: events.Event) -> None:
        """Where much memory is its own, have another process asked for as soon as no more keys come."""
        if isinstance(event, events.Key):
            self._key_at, pages = monotonic(), _pages()
            self._most_pages = self._most_pages or max(_PAGES, pages + _MORE)
            if pages >= self._most_pages and self._resting is None:
                self._resting = self.set_timer(_STILL, self._look_whether_still)
        await super().on_event(event)

    async def _look_whether_still(self) -> None:
        self._resting = None
        still = monotonic() - self._key_at
        if still < _STILL:
            self._resting = self.set_timer(_STILL - still, self._look_whether_still)
        elif self._is_at_rest and self.own_driver is not None:
            terminal = await self.own_driver.pause()
            if terminal is not None and self._is_at_rest and self._has_asked(terminal):
                self._resting = self.set_timer(self._again, self._look_whether_still)
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
