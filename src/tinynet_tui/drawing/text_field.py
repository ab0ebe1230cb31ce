"""A line of text that is being typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tinynet_tui.drawing.picture import Canvas, clean
from tinynet_tui.drawing.signs import typable

_LONGEST = 1000


class Field(NamedTuple):
    """Text and the place in it where the next character goes."""

    text: str = ""
    """As it was typed: each of its characters has a cell, whatever can be shown of it there."""
    cursor: int = 0
    """Characters before the cursor."""

    @staticmethod
    def holding(text: str) -> Field:
        """A field with a text and the cursor at its end."""
        text = typable(text)[:_LONGEST]
        return Field(text, len(text))

    def typed(self, text: str) -> Field:
        """The field after text has been typed or pasted at the cursor; of several lines, the first."""
        lines = text.splitlines()
        added = typable(lines[0])[: _LONGEST - len(self.text)] if lines else ""
        return Field(self.text[: self.cursor] + added + self.text[self.cursor :], self.cursor + len(added))

    def after_key(self, key: str, character: str | None) -> Field | None:
        """The field after a key, or None if the key is none of a field's.

        `key` is the name of the key, `character` what it types, if it is one that types.
        """
        if key in _EDITS:
            return _EDITS[key](self)
        if character is not None and character.isprintable():
            return self.typed(character)
        return None

    def draw(self, canvas: Canvas, x: int, y: int, width: int) -> None:
        """Draw the part of the text around the cursor, and the cursor, in `width` cells."""
        if width < 1:
            return
        first = max(0, self.cursor - width + 1)
        # Each for itself: one that would fill two cells is shown in one, and meant all the same.
        shown = "".join(map(clean, self.text[first : first + width])).ljust(width)
        if canvas.ascii:
            # One sign for one, so that the cursor stays where it is.
            shown = shown.encode("ascii", "replace").decode()
        canvas.text(x, y, shown, "field")
        canvas.restyle(x + self.cursor - first, y, "cursor")

    def _moved(self, cursor: int) -> Field:
        return self._replace(cursor=min(max(cursor, 0), len(self.text)))

    def _without(self, start: int, end: int) -> Field:
        """The field without the characters from start to end."""
        start, end = max(start, 0), min(end, len(self.text))
        return Field(self.text[:start] + self.text[end:], start)

    def _word_start(self) -> int:
        """Where the word before the cursor begins."""
        return self.text[: self.cursor].rstrip().rfind(" ") + 1


_EDITS: dict[str, Callable[[Field], Field]] = {
    "left": lambda field: field._moved(field.cursor - 1),
    "right": lambda field: field._moved(field.cursor + 1),
    "home": lambda field: field._moved(0),
    "ctrl+a": lambda field: field._moved(0),
    "end": lambda field: field._moved(len(field.text)),
    "ctrl+e": lambda field: field._moved(len(field.text)),
    "backspace": lambda field: field._without(field.cursor - 1, field.cursor),
    "ctrl+h": lambda field: field._without(field.cursor - 1, field.cursor),
    "delete": lambda field: field._without(field.cursor, field.cursor + 1),
    "ctrl+d": lambda field: field._without(field.cursor, field.cursor + 1),
    "ctrl+u": lambda field: field._without(0, field.cursor),
    "ctrl+k": lambda field: field._without(field.cursor, len(field.text)),
    "ctrl+w": lambda field: field._without(field._word_start(), field.cursor),
}
"""What each editing key does, by Textual's names of keys."""
