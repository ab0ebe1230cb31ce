"""Pages that are there to be looked at: what covers the step, and a text to read on."""

from __future__ import annotations

from textual import events

from tinynet_tui.drawing.cover import Cover
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.text_page import Reading
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import EVERYWHERE_KEYS
from tinynet_tui.tui.page import Page


class CoverPage(Page[str]):
    """Covers the step; any key leaves it. It ends with the sign of that key."""

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


class ReadingPage(CoverPage):
    """Covers the step with a text that is longer than the room that it has elsewhere, and scrolls."""

    def __init__(self, text: Reading, theme: Theme, look: Look) -> None:
        super().__init__(text, theme, look)
        self._text = text

    def _go_to(self, text: Reading) -> None:
        self.cover = self._covered = self._text = text
        self.draw()

    def scrolled(self, rows: int) -> None:
        """Move by some lines."""
        self._go_to(self._text.scrolled(rows, *self.app.size, self.look))

    def takes(self, event: events.Key) -> bool:
        """Scroll, or leave by a key that leads back to the step."""
        text = self._text.after_key(event.key, *self.app.size, self.look)
        if event.key in EVERYWHERE_KEYS or text is None:
            return super().takes(event)
        self._go_to(text)
        return True
