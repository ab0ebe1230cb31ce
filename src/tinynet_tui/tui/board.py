"""The widget that shows a picture, and repaints no more of it than has changed."""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tinynet_tui.tui.picture import Picture, Row, Run
from tinynet_tui.tui.theme import Theme

_EMPTY = Picture(0, 0, ())


class Board(Widget):
    """Shows one picture, cell for cell, in the styles of a theme.

    A cell without a style is sent without any code, so it has the terminal's own colours.
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

    class Clicked(Message):
        """A marked region of the picture was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name
            """The name of the mark."""

    class Scrolled(Message):
        """The wheel was turned over the board."""

        def __init__(self, rows: int, name: str | None) -> None:
            super().__init__()
            self.rows = rows
            """−1 for one notch up, +1 for one notch down."""
            self.name = name
            """The name of the marked region under the pointer, if any."""

    def __init__(self, theme: Theme, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._theme = theme
        self._picture = _EMPTY
        self._strip = lru_cache(maxsize=256)(self._strip_of)

    @property
    def picture(self) -> Picture:
        """The picture that is shown."""
        return self._picture

    def show(self, picture: Picture) -> None:
        """Show another picture: only the spans of rows that differ from the present one are repainted."""
        before, self._picture = self._picture, picture
        if (before.width, before.height) != (picture.width, picture.height):
            self.refresh()
            return
        if regions := changed_regions(before, picture):
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """One row of the picture, or an empty row below it."""
        return self._strip(self._picture.rows[y]) if 0 <= y < self._picture.height else Strip([])

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows of the picture, without the styling and filtering that a widget's lines usually pass."""
        width = self.size.width
        strips = [self.render_line(y) for y in crop.line_range]
        strips = [
            strip if strip.cell_length == width else strip.extend_cell_length(width).crop(0, width)
            for strip in strips
        ]
        if crop.column_span == (0, width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def _strip_of(self, row: Row) -> Strip:
        """One row in the form that the compositor takes."""
        style = self._theme.style
        return Strip([Segment(run.text, style(run.style) if run.style else None) for run in row])

    def on_click(self, event: events.Click) -> None:
        """Say which marked region was clicked."""
        name = self._picture.at(event.x, event.y)
        if name is not None and event.button == 1:
            self.post_message(self.Clicked(name))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Say that the wheel was turned up."""
        self._scroll(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Say that the wheel was turned down."""
        self._scroll(event, 1)

    def _scroll(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        self.post_message(self.Scrolled(rows, self._picture.at(event.x, event.y)))


def changed_regions(before: Picture, after: Picture) -> list[Region]:
    """The smallest span of each row that covers every cell in which two pictures of one size differ."""
    return [
        Region(start, y, end - start, 1)
        for y, (old, new) in enumerate(zip(before.rows, after.rows, strict=True))
        if old != new
        for start, end in [_changed_span(old, new)]
    ]


def _changed_span(old: Row, new: Row) -> tuple[int, int]:
    """The first column in which two rows differ, and the column after the last one."""
    width = sum(len(run.text) for run in new)
    backwards = (tuple(Run(run.text[::-1], run.style) for run in reversed(row)) for row in (old, new))
    return _common_cells(old, new), width - _common_cells(*backwards)


def _common_cells(old: Row, new: Row) -> int:
    """How many cells at the start of two rows that differ are the same."""
    cells = 0
    for before, after in zip(old, new, strict=False):
        if before == after:
            cells += len(before.text)
            continue
        if before.style == after.style:
            pairs = zip(before.text, after.text, strict=False)
            cells += sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        break
    return cells
