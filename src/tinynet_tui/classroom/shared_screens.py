"""The screens of everyone who watches: each kind is drawn once, and the same bytes go to all of that kind."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tinynet_tui.classroom.watching import Over
from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import Colours, OwnPaints, Palette, theme_of
from tinynet_tui.session import commands
from tinynet_tui.session.history import editable_names, initial_setup
from tinynet_tui.session.keys_chosen import OwnKeys, keys_of_another
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import ALL_DIGITS, PANELS, VIEWS, Session, View
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

    def picture(self, shown: Shown) -> Picture:
        """What the leader shows; the last row is the follower's own, and is not sent.

        A fault of the program at one size is told to those who have it: it does not end the class of all.
        """
        try:
            with keys_of_another(self.keys):
                return self._drawn(shown)
        except Exception as fault:
            canvas = Look(self.ascii).canvas(self.columns, self.rows)
            lines = (
                "This cannot be drawn here, by a fault of the program.",
                f"Its name is {type(fault).__name__}.",
                "The next step may be, or a window of another size.",
            )
            for row, line in enumerate(lines, start=1):
                canvas.text(1, row, line)
            return canvas.picture()

    def _drawn(self, shown: Shown) -> Picture:
        look, cover = Look(self.ascii), self.own.over or shown.cover
        if cover is not None:
            return cover.picture(self.columns, self.rows, look)
        there = moment(self.own.applied(shown.session))
        return screen(there, self.columns, self.rows, look, shown.costs)

    def painter(self) -> Painter:
        """A new painter for this kind."""
        return Painter(self.columns, self.rows - 1, theme_of(self.colours, self.palette, self.paints))


@dataclass(slots=True)
class _Planned:
    """A step that may come next, drawn already."""

    shown: Shown
    picture: Picture
    painter: Painter
    frame: bytes


class SharedScreen:
    """The screen of every follower of one kind who is up to date."""

    def __init__(self, kind: Kind, shown: Shown) -> None:
        self.kind = kind
        self.picture = kind.picture(shown)
        self._painter = kind.painter()
        self._painter.paint_and_lift(self.picture)
        self._repaints: dict[bool, bytes] = {}
        self._planned: _Planned | None = None

    def show(self, shown: Shown) -> bytes:
        """What to send to a terminal that has all before it."""
        planned, self._planned, self._repaints = self._planned, None, {}
        if planned is not None and planned.shown == shown:
            self.picture, self._painter = planned.picture, planned.painter
            return planned.frame
        self.picture = self.kind.picture(shown)
        return self._painter.paint_and_lift(self.picture)

    def has_planned(self, shown: Shown) -> bool:
        """Whether a place is drawn already."""
        return self._planned is not None and self._planned.shown == shown

    def plan(self, shown: Shown) -> None:
        """Draw a place that is likely to be the next, so that it need only be sent."""
        if self._planned is not None and self._planned.shown == shown:
            return
        painter, picture = self._painter.copy(), self.kind.picture(shown)
        self._planned = _Planned(shown, picture, painter, painter.paint_and_lift(picture))

    def repaint(self, clears: bool) -> bytes:
        """What to send to a terminal of which nothing is known.

        clears: whether it is cleared first, which takes fewer bytes; else what it shows is painted over.
        """
        if clears not in self._repaints:
            painter = self.kind.painter()
            if clears:
                painter.cleared()
            painted = painter.paint_and_lift(self.picture)
            self._repaints[clears] = CLEAR + painted if clears else painted
        return self._repaints[clears]

    def since(self, picture: Picture) -> bytes:
        """What to send to a terminal that shows an earlier picture."""
        painter = self.kind.painter()
        painter.paint_and_lift(picture)
        return painter.paint_and_lift(self.picture)
