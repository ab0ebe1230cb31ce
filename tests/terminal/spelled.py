"""A theme for tests, whose roles are parameters of SGR."""

from __future__ import annotations

from tinynet_tui.drawing.theme import Style, Theme


class Spelled(Theme):
    """Gives "1 31" bold and red."""

    def __init__(self) -> None:
        super().__init__("truecolor", "dark")

    def style(self, name: str) -> Style:
        """The attributes that are named, the foreground and the background."""
        codes = name.split()
        return Style(
            next((code for code in codes if code.startswith("3")), ""),
            next((code for code in codes if code.startswith("4") and len(code) > 1), ""),
            frozenset(code for code in codes if len(code) == 1),
        )
