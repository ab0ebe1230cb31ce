"""A text that fills the screen, where it is longer than the room that it has elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinynet_tui.drawing.listing import WIDEST, draw_keys, draw_title
from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, wrap
from tinynet_tui.session.commands import key_of, key_sign

_AROUND = 4
"""Rows for the title and the keys, with an empty one beside each."""


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


@dataclass(frozen=True, slots=True)
class Reading:
    """A text from one of its paragraphs on: where lines break depends on the screen."""

    title: str
    paragraphs: tuple[str, ...]
    first: int = 0
    """The index of the first paragraph in view, where as much text is left as fills the screen."""

    def top(self, width: int, height: int, look: Look) -> int:
        """The first line in view, on a screen of some size."""
        before = text_lines(self.paragraphs[: self.first], width, look)
        all_lines = text_lines(self.paragraphs, width, look)
        return max(0, min(len(before) + (1 if before else 0), len(all_lines) - rows_of_text(height)))

    def picture(self, width: int, height: int, look: Look) -> Picture:
        """The whole screen."""
        lines = text_lines(self.paragraphs, width, look)
        return reading_picture(self.title, lines, self.top(width, height, look), width, height, look)
