"""A page to read a text on that is longer than the room that it has elsewhere."""

from __future__ import annotations

from textual import events

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.text_page import Reading
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import EVERYWHERE_KEYS
from tinynet_tui.tui.page import Page


class ReadingPage(Page[None]):
    """Covers the screen with a text."""

    def __init__(self, text: Reading, theme: Theme, look: Look) -> None:
        super().__init__(theme, look)
        self.cover = self._text = text

    def picture(self, width: int, height: int) -> Picture:
        """The text from a line on."""
        return self._text.picture(width, height, self.look)

    def _go_to(self, text: Reading) -> None:
        self.cover = self._text = text
        self.draw()

    def scrolled(self, rows: int) -> None:
        """Move by some lines."""
        self._go_to(self._text.scrolled(rows, *self.app.size, self.look))

    def takes(self, event: events.Key) -> bool:
        """Scroll or leave."""
        if event.key in EVERYWHERE_KEYS:
            return False
        text = self._text.after_key(event.key, *self.app.size, self.look)
        if text is None:
            self.leave()
        else:
            self._go_to(text)
        return True
