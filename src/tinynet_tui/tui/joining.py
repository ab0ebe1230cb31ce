"""The page that shows how to join a class, for those who are not here yet."""

from __future__ import annotations

from textual import events

from tinynet_tui.drawing.big_letters import BigLine
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import EVERYWHERE_KEYS
from tinynet_tui.tui.page import Page


class JoinPage(Page[None]):
    """Covers the step with the line that students type."""

    def __init__(self, line: BigLine, theme: Theme, look: Look) -> None:
        super().__init__(theme, look)
        self._line = line

    def picture(self, width: int, height: int) -> Picture:
        """The line in letters as large as there is room for."""
        return self._line.picture(width, height, self.look)

    @property
    def aside(self) -> str:
        """What those are told who have joined already."""
        return "is showing how to join"

    def takes(self, event: events.Key) -> bool:
        """Leave by any key but those that work everywhere."""
        if event.key in EVERYWHERE_KEYS:
            return False
        self.leave()
        return True
