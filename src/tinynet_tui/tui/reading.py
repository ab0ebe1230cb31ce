"""A page to read a text on that is longer than the room that it has elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.reading import Reading, reading_picture, rows_of_text, text_lines
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import BY_NAME
from tinynet_tui.tui.page import EVERYWHERE_KEYS, Page

_LEAVE = ("escape", "enter", *BY_NAME["read"].keys, *BY_NAME["quit"].keys)
"""Keys that lead back to the step."""


class ReadingPage(Page[None]):
    """Covers the screen with a text."""

    def __init__(self, title: str, paragraphs: Sequence[str], theme: Theme, look: Look) -> None:
        super().__init__(theme, look)
        self._title, self._paragraphs = title, tuple(paragraphs)
        self._top = 0
        """The first line in view."""

    def picture(self, width: int, height: int) -> Picture:
        """The text from a line on, with no more room below it than it takes."""
        lines = text_lines(self._paragraphs, width, self.look)
        self._top = max(0, min(self._top, len(lines) - rows_of_text(height)))
        return reading_picture(self._title, lines, self._top, width, height, self.look)

    @property
    def view(self) -> Reading:
        """The text from the paragraph on in which the first line in view is."""
        width = self.app.size.width
        ends = (
            len(text_lines(self._paragraphs[: count + 1], width, self.look))
            for count in range(len(self._paragraphs))
        )
        return Reading(self._title, self._paragraphs, sum(end <= self._top for end in ends))

    def scrolled(self, rows: int) -> None:
        """Move by some lines."""
        width, height = self.app.size
        lines = text_lines(self._paragraphs, width, self.look)
        self._top = max(0, min(self._top + rows, len(lines) - rows_of_text(height)))
        self.draw()

    def takes(self, event: events.Key) -> bool:
        """Scroll or leave."""
        if event.key in EVERYWHERE_KEYS:
            return False
        page = rows_of_text(self.app.size.height)
        rows = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "space": page}
        if event.key in _LEAVE:
            self.leave()
        elif event.key in rows:
            self.scrolled(rows[event.key])
        return True
