"""A sentence or more in the rows that are left of a panel."""

from __future__ import annotations

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Canvas, shorten, wrap


def draw_paragraph(canvas: Canvas, y: int, text: str, look: Look) -> int:
    """Write a text from a row on, as many lines of it as there is room for; returns the row after it."""
    width, rows = canvas.width - 2, max(canvas.height - y, 0)
    lines = wrap(look.say(text), width)
    for row, line in enumerate(lines[:rows], start=1):
        cut = row == rows < len(lines)
        canvas.text(1, y + row - 1, shorten(line + " " * width, width, look.ascii) if cut else line)
    return y + min(len(lines), rows)
