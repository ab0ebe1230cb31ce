"""The screens of everyone who watches: each kind is drawn once, and the same bytes go to all of that kind."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tinynet_tui.classroom.watcher_commands import Over
from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import Colours, OwnPaints, Palette, theme_of
from tinynet_tui.engine.expression_reading import ALL_DIGITS
from tinynet_tui.session import commands
from tinynet_tui.session.history import editable_names, initial_setup
from tinynet_tui.session.keys import OwnKeys
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import PANELS, VIEWS, Session, View
from tinynet_tui.terminal.painter import Painter

if TYPE_CHECKING:
    from tinynet_tui.frameworks.costs import Costs

CLEAR = b"\x1b[m\x1b[2J"
"""What leaves a terminal blank: one that others have written to, or that is larger than its picture."""


class Own(NamedTuple):
    """What a follower chooses without leaving the class; None: as the leader has it."""

    panel: str | None = None
    view: View | None = None
    digits: int | None = None
    selected: str | None = None
    over: Over | None = None
    """What covers the screen."""

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Own:
        """What was chosen before, as another program says it: without what nobody can have chosen."""
        able: Mapping[str, Container[Any]] = {
            "panel": PANELS,
            "view": VIEWS,
            "digits": range(1, ALL_DIGITS + 1),
        }
        return cls(
            **{
                name: choice
                for name, choice in chosen.items()
                if name in CHOSEN and choice in able.get(name, (choice,))
            }
        )

    @property
    def chosen(self) -> dict[str, Any]:
        """What lasts of it, by name, where something was chosen."""
        return {name: getattr(self, name) for name in CHOSEN if getattr(self, name) is not None}

    def applied(self, session: Session) -> Session:
        """The leader's session as this follower sees it."""
        chosen = self.chosen
        if chosen.get("selected") and self.selected not in editable_names(initial_setup(session).model):
            del chosen["selected"]  # the class has gone to another lesson
        if "panel" in chosen:
            chosen["variant"] = None
        return replace(session, **chosen)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the leader's screen has that everyone may see."""

    session: Session
    """As it is seen: without past, future and notice."""
    costs: Costs | None = None
    """Of an update, where the leader has measured them."""
    cover: Cover | None = None
    """What covers the step."""

    def after(self, command: str) -> Shown:
        """The same after a command of the session."""
        there = commands.after(self.session, commands.Command(command)).seen
        return replace(self, session=there)


_RESTS_BY_THE_CLOCK = 3
"""Times as long as a drawing takes by the clock until the next, however little the processor did of it."""
Seen = Shown | Cover
"""What is on a screen: the leader's, with a follower's own choices, or what covers it."""
CHOSEN = ("panel", "view", "digits", "selected")
"""What of a session is each follower's own."""


class Kind(NamedTuple):
    """All that decides what a screen looks like, beside the place: those of one kind are drawn once."""

    columns: int
    rows: int
    ascii: bool
    colours: Colours
    palette: Palette
    own: Own = Own()
    keys: OwnKeys = ()
    paints: OwnPaints = ()

    @property
    def look(self) -> Look:
        """How it is written for whoever has it."""
        return Look(self.ascii, watched=True, own_keys=self.keys)

    def seen(self, shown: Shown) -> Seen:
        """What is on screens of this kind while the leader shows something."""
        if (cover := self.own.over or shown.cover) is not None:
            return cover
        return replace(shown, session=self.own.applied(shown.session)) if self.own.chosen else shown

    def picture(self, seen: Seen) -> Picture:
        """Its picture; the last row is the follower's own, and is not sent.

        A fault of the program at one size is told to those who have it: it does not end the class of all.
        """
        look = self.look
        try:
            if isinstance(seen, Shown):
                return screen(moment(seen.session), self.columns, self.rows, look, seen.costs)
            return seen.picture(self.columns, self.rows, look)
        except Exception as fault:
            canvas = look.canvas(self.columns, self.rows)
            lines = (
                "This cannot be drawn here, by a fault of the program.",
                f"Its name is {type(fault).__name__}.",
                "The next step may be, or a window of another size.",
            )
            for row, line in enumerate(lines, start=1):
                canvas.text(1, row, line)
            return canvas.picture()

    def painter(self) -> Painter:
        """A new painter for this kind."""
        return Painter(self.columns, self.rows - 1, theme_of(self.colours, self.palette, self.paints))


@dataclass(eq=False)
class Sent:
    """What a terminal of a kind shows once it has been sent that completely."""

    kind: Kind
    seen: Seen
    frame: bytes = b""
    """What leads there from what was shown before."""

    @cached_property
    def picture(self) -> Picture:
        """What it looks like; drawn again where it was let go of."""
        return self.kind.picture(self.seen)


class SharedScreen:
    """The screen of every follower of one kind who is up to date."""

    def __init__(self, kind: Kind, shown: Shown) -> None:
        self.kind = kind
        self.now = Sent(kind, kind.seen(shown))
        self._painter = kind.painter()
        self._repaints: dict[bool, bytes] = {}
        self._foreseen: list[Sent] = []

    def show(self, shown: Shown) -> bytes:
        """What to send to a terminal that has all before it."""
        seen = self.kind.seen(shown)
        if seen == self.now.seen:
            return b""
        self.now = self._drawn_already(seen) or self._drawn(seen)
        self._foreseen, self._repaints = [], {}
        return self.now.frame

    def has_foreseen(self, shown: Shown) -> bool:
        """Whether what is shown need only be sent."""
        seen = self.kind.seen(shown)
        return seen == self.now.seen or self._drawn_already(seen) is not None

    def foresee(self, shown: Shown) -> bool:
        """Draw what may be shown next, the likeliest first, so that it need only be sent.

        Returns whether that was still to be done.
        """
        if self.has_foreseen(shown):
            return False
        coming = self._drawn(self.kind.seen(shown))
        if self._foreseen:  # the bytes are enough: pictures of all would take a megabyte at large sizes
            del coming.picture
        self._foreseen.append(coming)
        return True

    def _drawn_already(self, seen: Seen) -> Sent | None:
        return next((one for one in self._foreseen if one.seen == seen), None)

    def _drawn(self, seen: Seen) -> Sent:
        self._painter.paint_and_lift(self.now.picture)
        coming = Sent(self.kind, seen)
        coming.frame = self._painter.copy().paint_and_lift(coming.picture)
        return coming

    def repaint(self, clears: bool) -> bytes:
        """What to send to a terminal of which nothing is known.

        clears: whether it is cleared first, which takes fewer bytes; else what it shows is painted over.
        """
        if clears not in self._repaints:
            painter = self.kind.painter()
            if clears:
                painter.cleared()
            painted = painter.paint_and_lift(self.now.picture)
            self._repaints[clears] = CLEAR + painted if clears else painted
        return self._repaints[clears]

    def since(self, before: Sent) -> bytes:
        """What to send to a terminal that shows what was sent earlier."""
        painter = self.kind.painter()
        painter.paint_and_lift(before.picture)
        return painter.paint_and_lift(self.now.picture)


class Share:
    """A part of the time for drawing what followers choose; some of what was not used of it is saved."""

    def __init__(self, rests: float, saved: float) -> None:
        """rests: times as long as a drawing takes the processor until the next; saved: seconds of rest that
        need not be kept.
        """
        self._rests, self._saved = rests, saved
        self.rests_until = float("-inf")
        """Until then nothing more is drawn."""

    def take(self, worked: float, passed: float) -> None:
        """Take note of something that was drawn; worked: seconds that the processor took for it.

        passed: seconds by the clock, most of which are others' on a busy machine. One who chooses something
        there is not to wait for that; but all together would draw all the time that the class has.
        """
        now = asyncio.get_running_loop().time()
        rest = max(self._rests * worked, _RESTS_BY_THE_CLOCK * passed)
        self.rests_until = max(self.rests_until, now - self._saved) + rest
