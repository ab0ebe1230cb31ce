"""The cells of a picture, one by one."""

from __future__ import annotations

from tinynet_tui.drawing.picture import Picture, StyledRun


def cell_of(picture: Picture, x: int, y: int) -> StyledRun:
    """The character and the style of one cell."""
    return [StyledRun(character, style) for text, style in picture.rows[y] for character in text][x]
