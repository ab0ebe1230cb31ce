"""The widget that shows a picture, and the screen that is nothing but that."""

from __future__ import annotations

from functools import lru_cache

import rich.style
from rich.color import Color
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Region
from textual.screen import ScreenResultType
from textual.strip import Strip
from textual.widget import Widget

from tinynet_tui.drawing.picture import Picture
from tinynet_tui.drawing.signs import narrow
from tinynet_tui.drawing.theme import BOLD, DIM, REVERSE, UNDERLINE, Style, Theme
from tinynet_tui.tui.terminal_app import TerminalApp
from tinynet_tui.tui.textual_private import PlainScreen

_EMPTY = Picture(0, 0, ())


class BoardScreen(PlainScreen[ScreenResultType], inherit_bindings=False, inherit_css=False):
    """A screen that is one board."""

    DEFAULT_CSS = """
    BoardScreen {
        background: ansi_default;
        color: ansi_default;
        overflow: hidden;
    }
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.board = Board(theme, id="board")

    def compose(self) -> ComposeResult:
        """The board, and nothing else."""
        yield self.board

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing: the board covers it. Textual's own way would keep each screen that was left in a cache."""
        return [Strip.blank(crop.width)] * crop.height

    @property
    def is_on_top(self) -> bool:
        """Whether no screen covers it. For Textual, those below one without a colour are current, too."""
        return self.app.screen_stack[-1:] == [self]

    def paint(self) -> None:
        """Have the terminal show the screen, if it is the one on top, and the driver is ours."""
        assert isinstance(self.app, TerminalApp)
        driver = self.app.own_driver
        # Not before Textual knows where the board is: a click on what is shown would not find it.
        if driver is not None and self.is_on_top and self.board.size:
            driver.display.show(self.board.picture)

    def on_screen_resume(self) -> None:
        """Show what a screen over this one has covered."""
        self.paint()


class Board(Widget, inherit_css=False):
    """Shows one picture, cell for cell, in the styles of a theme.

    On a terminal of our own the picture is sent as it is. Elsewhere Textual draws it, without any code for a
    cell that has no style, so that it has the terminal's own colours.
    """

    DEFAULT_CSS = """
    Board {
        width: 100%;
        height: 100%;
        background: ansi_default;
        color: ansi_default;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, theme: Theme, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._theme = theme
        self.picture = _EMPTY
        """What is shown; only `show` takes another."""

    def show(self, picture: Picture) -> None:
        """Show another picture."""
        before, self.picture = self.picture, picture
        if self._is_painted:
            self._board_screen.paint()
        elif (before.width, before.height) != (picture.width, picture.height):
            self.refresh()
        elif regions := changed_rows(before, picture):
            self.refresh(*regions)

    @property
    def _board_screen(self) -> BoardScreen[object]:
        assert isinstance(self.screen, BoardScreen)
        return self.screen

    @property
    def _is_painted(self) -> bool:
        """Whether the picture is sent to the terminal by our driver, and Textual draws nothing."""
        return isinstance(self.app, TerminalApp) and self.app.own_driver is not None

    def on_resize(self, event: events.Resize) -> None:
        """Be shown where Textual has laid it out."""
        self._board_screen.paint()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the picture, without the styling and filtering that a widget's lines usually pass."""
        if self._is_painted:
            return [Strip.blank(crop.width)] * crop.height
        start, end = crop.column_span
        return [self._strip(y).crop(start, end) for y in crop.line_range]

    def _strip(self, y: int) -> Strip:
        """A row in the form that the compositor takes; blank outside the picture."""
        row = self.picture.rows[y] if 0 <= y < self.picture.height else ()
        segments = [Segment(narrow(run.text), _rich_style(self._theme.style(run.style))) for run in row]
        width = self.picture.width if row else 0  # every character fills one cell
        return Strip(segments, width).extend_cell_length(self.size.width)


def changed_rows(before: Picture, after: Picture) -> list[Region]:
    """The rows in which two pictures of one size differ."""
    return [
        Region(0, y, after.width, 1)
        for y, (old, new) in enumerate(zip(before.rows, after.rows, strict=True))
        if old != new
    ]


@lru_cache(maxsize=256)
def _rich_style(style: Style) -> rich.style.Style | None:
    """A style as Rich has it; None for the terminal's own look, so that no code is sent for it."""
    if style == Style():
        return None
    return rich.style.Style(
        color=_rich_colour(style.foreground),
        bgcolor=_rich_colour(style.background),
        bold=BOLD in style.attributes or None,
        dim=DIM in style.attributes or None,
        underline=UNDERLINE in style.attributes or None,
        reverse=REVERSE in style.attributes or None,
    )


def _rich_colour(colour: str) -> Color | None:
    """A foreground or a background as Rich has it."""
    code, *values = map(int, colour.split(";")) if colour else (None,)
    if code is None:
        return None
    if not values:
        return Color.from_ansi(code % 10 + (8 if code >= 90 else 0))
    return Color.from_ansi(values[1]) if values[0] == 5 else Color.from_rgb(*values[1:])
