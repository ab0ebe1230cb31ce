"""A page to read a text on that is longer than the room that it has elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, wrap
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import BY_NAME, key_of, key_sign
from tinynet_tui.tui.lists import WIDEST, draw_keys, draw_title
from tinynet_tui.tui.page import EVERYWHERE_KEYS, Page

_AROUND = 4
"""Rows for the title and the keys, with an empty one beside each."""
_LEAVE = ("escape", "enter", *BY_NAME["read"].keys, *BY_NAME["quit"].keys)
"""Keys that lead back to the step."""


def rows_of_text(height: int) -> int:
    """How many lines of a text a screen of some height has room for."""
    return max(1, height - _AROUND)


def text_lines(paragraphs: Sequence[str], width: int, look: Look) -> list[str]:
    """Paragraphs in lines for a screen of some width, an empty one between them."""
    room = min(width, WIDEST) - 4
    lines = [line for text in paragraphs for line in ("", *wrap(look.say(text), room))]
    return lines[1:]


def reading_picture(
    title: str, lines: Sequence[str], top: int, width: int, height: int, look: Look
) -> Picture:
    """The whole screen: the lines from one on, and how much of them is in view."""
    canvas = look.canvas(width, height)
    rows = rows_of_text(height)
    last = min(top + rows, len(lines))
    part = "" if len(lines) <= rows else look.say(f"lines {top + 1} to {last} of {len(lines)}")
    left, _ = draw_title(canvas, look.say(title), part)
    for row, line in enumerate(lines[top:last]):
        canvas.text(left + 2, 2 + row, line)
    arrows = " ".join(key_sign(key, look.ascii) for key in ("up", "down"))
    scroll = ((arrows, "line"), ("PgUp PgDn", "page")) if part else ()
    draw_keys(canvas, left, (*scroll, (f"Esc {key_of('read')}", "back to the step")))
    return canvas.picture()


class ReadingPage(Page[None]):
    """Covers the screen with a text."""

    def __init__(self, title: str, paragraphs: Sequence[str], theme: Theme, look: Look) -> None:
        super().__init__(theme, look)
        self._title, self._paragraphs = title, paragraphs
        self._top = 0
        """The first line in view."""

    def picture(self, width: int, height: int) -> Picture:
        """The text from a line on, with no more room below it than it takes."""
        lines = text_lines(self._paragraphs, width, self.look)
        self._top = max(0, min(self._top, len(lines) - rows_of_text(height)))
        return reading_picture(self._title, lines, self._top, width, height, self.look)

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
