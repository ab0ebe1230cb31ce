"""Level bars, and the bar of work that goes on."""

from __future__ import annotations

from tinynet_tui.drawing.picture import Canvas


def bar_text(share: float, width: int) -> str:
    """A bar for a share (0 to 1) of `width` cells, to half a cell; one that is not 0 is always seen."""
    halves = round(min(max(share, 0.0), 1.0) * width * 2) if share == share else 0
    whole, half = divmod(max(halves, int(share > 0)), 2)
    return "█" * whole + "▌" * half


def draw_bar(canvas: Canvas, x: int, y: int, width: int, share: float, style: str) -> None:
    """Draw the bar for a share of `width` cells."""
    canvas.text(x, y, bar_text(share, width), style)
