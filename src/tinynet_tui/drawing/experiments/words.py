"""The words below a chart: whole sentences, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, wrap

LEAST_CHART = 8
"""Rows that a chart has, whatever there is to say below it."""


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph below a chart."""

    text: str
    style: str = ""
    indent: int = 1
    """Cells before it; its later lines are as far from the edge."""


def words_picture(paragraphs: Sequence[Words], width: int, most: int, look: Look) -> Picture:
    """The paragraphs in order, each whole; the last ones are left out where there are too few rows."""
    lines: list[tuple[int, str, str]] = []
    for words in paragraphs:
        wrapped = wrap(look.say(words.text), width - words.indent - 1)
        if len(lines) + len(wrapped) <= most:
            lines += [(words.indent, line, words.style) for line in wrapped]
    canvas = look.canvas(width, len(lines))
    for row, (indent, line, style) in enumerate(lines):
        canvas.text(indent, row, line, style)
    return canvas.picture()


def stacked(upper: Picture, lower: Picture, height: int, look: Look) -> Picture:
    """One picture above another, the lower one at the bottom."""
    canvas = look.canvas(upper.width, height)
    canvas.blit(upper, 0, 0)
    canvas.blit(lower, 0, height - lower.height)
    return canvas.picture()
