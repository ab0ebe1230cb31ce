"""A page that is there to be looked at: any key leaves it."""

from __future__ import annotations

from textual import events

from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import EVERYWHERE_KEYS
from tinynet_tui.tui.page import Page


class CoverPage(Page[str]):
    """Covers the step; ends with the sign of the key that has left it."""

    def __init__(self, covered: Cover, theme: Theme, look: Look, aside: str = "") -> None:
        """Show something; aside: what others are told, who do not see it; "": they do."""
        super().__init__(theme, look, aside)
        self._covered, self.cover = covered, None if aside else covered

    def picture(self, width: int, height: int) -> Picture:
        """What covers the step."""
        return self._covered.picture(width, height, self.look)

    def takes(self, event: events.Key) -> bool:
        """Leave by any key but those that work everywhere."""
        if event.key in EVERYWHERE_KEYS:
            return False
        self.leave(event.character or "")
        return True
