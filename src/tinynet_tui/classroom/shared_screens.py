"""The screens of everyone who watches: each kind is drawn once, and the same bytes go to all of that kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.screen import screen
from tinynet_tui.drawing.theme import Colours, Palette, theme_of
from tinynet_tui.session.moment import moment
from tinynet_tui.session.session import Session
from tinynet_tui.terminal.painter import Painter

CLEAR = b"\x1b[m\x1b[2J"
"""What leaves a terminal blank."""


class Own(NamedTuple):
    """What a follower chooses without leaving the class; None: as the leader has it."""

    panel: str | None = None
    digits: int | None = None
    selected: str | None = None

    def applied(self, session: Session) -> Session:
        """The leader's session as this follower sees it."""
        chosen = {name: choice for name, choice in self._asdict().items() if choice is not None}
        if "panel" in chosen:
            chosen["variant"] = None
        return replace(session, **chosen)


class Kind(NamedTuple):
    """All that decides what a screen looks like, beside the place: those of one kind are drawn once."""

    columns: int
    rows: int
    ascii: bool
    colours: Colours
    palette: Palette
    own: Own = Own()

    def picture(self, session: Session) -> Picture:
        """The screen of the leader's session; its last row is the follower's own, and is not sent."""
        return screen(moment(self.own.applied(session)), self.columns, self.rows, Look(self.ascii))

    def painter(self) -> Painter:
        """A new painter for this kind."""
        return Painter(self.columns, self.rows - 1, theme_of(self.colours, self.palette))


@dataclass(slots=True)
class _Planned:
    """A step that may come next, drawn already."""

    session: Session
    picture: Picture
    painter: Painter
    frame: bytes


class SharedScreen:
    """The screen of every follower of one kind who is up to date."""

    def __init__(self, kind: Kind, session: Session) -> None:
        self.kind = kind
        self.picture = kind.picture(session)
        self._painter = kind.painter()
        self._paint_from_blank(self._painter, self.picture)
        self._repaint: bytes | None = None
        self._planned: _Planned | None = None

    def show(self, session: Session) -> bytes:
        """What to send to a terminal that has all before it."""
        planned, self._planned, self._repaint = self._planned, None, None
        if planned is not None and planned.session == session:
            self.picture, self._painter = planned.picture, planned.painter
            return planned.frame
        self.picture = self.kind.picture(session)
        return self._painter.paint_and_lift(self.picture)

    def plan(self, session: Session) -> None:
        """Draw a place that is likely to be the next, so that it need only be sent."""
        if self._planned is not None and self._planned.session == session:
            return
        painter, picture = self._painter.copy(), self.kind.picture(session)
        self._planned = _Planned(session, picture, painter, painter.paint_and_lift(picture))

    def repaint(self) -> bytes:
        """What to send to a terminal of which nothing is known."""
        if self._repaint is None:
            self._repaint = self._paint_from_blank(self.kind.painter(), self.picture)
        return self._repaint

    def since(self, picture: Picture) -> bytes:
        """What to send to a terminal that shows an earlier picture."""
        painter = self.kind.painter()
        self._paint_from_blank(painter, picture)
        return painter.paint_and_lift(self.picture)

    def _paint_from_blank(self, painter: Painter, picture: Picture) -> bytes:
        painter.cleared()
        return CLEAR + painter.paint_and_lift(picture)
