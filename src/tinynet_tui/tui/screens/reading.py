"""A screen to read a text on that is longer than the room that it has elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from tinynet_tui.drawing.look import Look
from tinynet_tui.drawing.picture import Picture, shorten, wrap
from tinynet_tui.drawing.theme import Theme
from tinynet_tui.session.commands import BY_NAME, key_sign
from tinynet_tui.tui.board import Board, BoardScreen
from tinynet_tui.tui.prompt import LEFT_TO_THE_APP
from tinynet_tui.tui.screens.choice import WIDEST

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
    inner, rows = min(width, WIDEST), rows_of_text(height)
    left = (width - inner) // 2
    last = min(top + rows, len(lines))
    part = "" if len(lines) <= rows else look.say(f"lines {top + 1} to {last} of {len(lines)}")
    canvas.fill(0, 0, width, 1, style="title")
    canvas.text(left + 1, 0, shorten(look.say(title), inner - len(part) - 4, look.ascii), "title")
    canvas.text(left + inner - len(part) - 1, 0, part, "title")
    for row, line in enumerate(lines[top:last]):
        canvas.text(left + 2, 2 + row, line)
    up, down = (key_sign(key, look.ascii) for key in ("up", "down"))
    scroll = () if not part else ((f"{up} {down}", "line"), ("PgUp PgDn", "page"))
    x = left + 1
    for key, does in (*scroll, (f"Esc {_LEAVE[2]}", "back to the step")):
        x = canvas.text(canvas.text(x, height - 1, key, "key") + 1, height - 1, does, "dim") + 2
    return canvas.picture()


class ReadingScreen(BoardScreen[None]):
    """Covers the screen with a text."""

    def __init__(self, title: str, paragraphs: Sequence[str], theme: Theme, look: Look) -> None:
        super().__init__()
        self._title, self._paragraphs, self._look = title, paragraphs, look
        self._board = Board(theme)
        self._top = 0
        """The first line in view."""
        self._left = False

    def compose(self) -> ComposeResult:
        """The board, and nothing else."""
        yield self._board

    def _scroll(self, rows: int) -> None:
        width, height = self.app.size
        lines = text_lines(self._paragraphs, width, self._look)
        self._top = max(0, min(self._top + rows, len(lines) - rows_of_text(height)))
        self._board.show(reading_picture(self._title, lines, self._top, width, height, self._look))

    def _leave(self) -> None:
        """End. A second key of the same moment comes too late, and is dropped."""
        if self.is_current and not self._left:
            self._left = True
            self.dismiss(None)

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._scroll(0)

    def on_key(self, event: events.Key) -> None:
        """Scroll or leave; no key goes on to the screen below."""
        if event.key in LEFT_TO_THE_APP:
            return
        event.stop()
        page = rows_of_text(self.app.size.height)
        rows = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "space": page}
        if event.key in _LEAVE:
            self._leave()
        elif event.key in rows:
            self._scroll(rows[event.key])

    def on_board_clicked(self, message: Board.Clicked) -> None:
        """Nothing here can be clicked."""
        message.stop()

    def on_board_scrolled(self, message: Board.Scrolled) -> None:
        """Scroll with the wheel."""
        message.stop()
        self._scroll(message.rows)
