"""Which kinds of screens those who watch have: which is sent first, and what is drawn ahead."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tinynet_tui.classroom.shared_screens import Kind, SharedScreen, Shown
from tinynet_tui.session.history import is_large
from tinynet_tui.session.session import PANELS, Session

if TYPE_CHECKING:
    from tinynet_tui.classroom.seat import Seat

_LIKELY: tuple[tuple[tuple[str, ...], int], ...] = (
    (("next",), 8),
    (("back", "next-phase", "previous-phase", "next-update", *PANELS), 3),
    (("next",), 40),
)
"""Commands whose pictures are drawn before they are asked for, and for how many kinds of screens: a tenth of
a second without the last, which is for classes where each window has a size of its own; so a teacher's next
key finds it done, and an earlier one waits for one picture."""
_DRAWN_AT_ONCE = 8
"""Kinds of screens that are drawn for a step before a key is heard again: those that most have."""
_DRAW_AHEAD_AFTER = 0.03
"""Seconds after a step, or after the first of several new kinds, in which nothing is drawn ahead."""
_MOST_BEFORE_OWN = 40
"""Followers who are sent a step before the leader's own screen has it."""


class Screens:
    """What the seats of a hub see: all of one kind see the same."""

    def __init__(self, seats: Mapping[str, Seat], shown: Shown) -> None:
        self.shown = shown
        self.foresee: Callable[[], None] = lambda: None
        """Called before others' screens are drawn ahead: the leader's own can be, too."""
        self._seats = seats
        self._of_kind: dict[Kind, SharedScreen] = {}
        self._drawings: Iterator[object] = iter(())
        """What is drawn ahead, one at a time."""
        self._drawing: asyncio.TimerHandle | None = None
        self._late: list[Kind] = []
        """Those for which the last step is still to be drawn: they wait for all others, and for no key."""

    def show(self, shown: Shown) -> None:
        """Have everyone see this from now on."""
        self.shown = shown
        watchers = self._watchers()
        # What is drawn already goes first, then what most see, and small before large: nobody waits for sizes
        # that few have.
        ready = {kind: shared.has_foreseen(shown) for kind, shared in self._of_kind.items()}
        kinds = sorted(ready, key=lambda kind: (not ready[kind], -watchers[kind], kind.columns * kind.rows))
        first = sum(ready.values()) + _DRAWN_AT_ONCE
        self._late = kinds[first:]
        self._send(kinds[:first])
        self.stop_drawing_ahead()
        self._draw_ahead_soon()

    def stop_drawing_ahead(self) -> None:
        """Draw nothing ahead any more."""
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None

    def _watchers(self) -> Counter[Kind | None]:
        return Counter(seat.kind for seat in self._seats.values())

    def _send(self, kinds: Sequence[Kind]) -> None:
        """Have those of some kinds see what is shown."""
        watching: dict[Kind | None, list[Seat]] = defaultdict(list)
        for seat in self._seats.values():
            watching[seat.kind].append(seat)
        for kind in kinds:
            shared = self._of_kind[kind]
            before, frame = shared.now, shared.show(self.shown)
            for seat in watching[kind]:
                seat.take(frame, before, shared.now)

    def is_prompt(self, session: Session) -> bool:
        """Whether everyone can be shown a place in no time, before the leader's own screen is drawn."""
        shown = Shown(session.seen)
        return len(self._seats) <= _MOST_BEFORE_OWN and all(
            shared.has_foreseen(shown) for shared in self._of_kind.values()
        )

    def screen_of(self, kind: Kind) -> SharedScreen:
        """What everyone of a kind sees."""
        if kind not in self._of_kind:
            self._of_kind[kind] = SharedScreen(kind, self.shown)
            self._draw_ahead_soon()
        return self._of_kind[kind]

    def drop_unseen(self, kind: Kind | None) -> None:
        """Draw for a kind no more, if nobody is left who sees it."""
        if kind is not None and all(seat.kind != kind for seat in self._seats.values()):
            self._of_kind.pop(kind, None)

    def _draw_ahead_soon(self) -> None:
        """Draw ahead for all kinds that there are now; whoever keeps making new ones does not put it off."""
        self._drawings = self._drawings_ahead()
        if self._drawing is None:
            wait = 0 if self._late else _DRAW_AHEAD_AFTER
            self._drawing = asyncio.get_running_loop().call_later(wait, self._draw_ahead)

    def _draw_ahead(self) -> None:
        """Draw what is late, and then what is likely to come: one picture in each turn of the loop."""
        self._drawing = None
        if next(self._drawings, None) is not None:
            self._drawing = asyncio.get_running_loop().call_later(0, self._draw_ahead)

    def _drawings_ahead(self) -> Iterator[object]:
        """Make, one after the other, what is sent if the leader does what is likely."""
        while self._late:
            kind = self._late.pop(0)
            if kind in self._of_kind:
                self._send([kind])
                yield kind
        if self.shown.cover is not None:
            return
        self.foresee()
        yield self
        watchers = self._watchers()
        screens = sorted(self._of_kind.values(), key=lambda shared: -watchers[shared.kind])
        for names, kinds in _LIKELY:
            for name in names:
                coming = self.shown.after(name)
                if coming.session.update != self.shown.session.update and is_large(coming.session):
                    continue
                for shared in screens[:kinds]:
                    if shared.foresee(coming):
                        yield shared
